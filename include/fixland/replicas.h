/* The loop over replicas (samples of disorder, starts, temperatures, subtrees).
 *
 * Task k is computed by work(k) on any thread, and its result is handed to emit(k) in the order
 * k = 0, 1, 2, ..., one at a time: what emit sums or writes does not depend on the number of
 * threads. With a journal each emitted result is recorded; on resume the recorded ones are emitted
 * again instead of being computed. */
#ifndef FIXLAND_REPLICAS_H
#define FIXLAND_REPLICAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/effort.h"
#include "fixland/journal.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A result: bytes allocated with malloc by work, freed by the loop after emit. */
typedef struct fl_result {
    void *data;
    size_t length;
} fl_result;

/* What the records of a loop are, as the checkpoint tells in front of each. It is compared before
 * anybody reads a record: a checkpoint of other records, or of such that lack what is kept here, is
 * refused (FL_EMISMATCH). At most 31 bytes of each text count. */
typedef struct fl_record {
    const char *kind;  /* "runs of a network" */
    const char *keeps; /* what they hold only when asked to: "configurations"; NULL: nothing more */
    bool more;         /* `emit` also takes results that keep something when `keeps` is NULL */
    /* The exact length of a task's result, with or without what is kept, also of one that `work`
     * has just made; NULL: any. */
    size_t (*length)(uint64_t task, void *context, bool kept);
} fl_record;

typedef struct fl_replicas {
    uint64_t tasks;
    fl_effort effort; /* stop: asked between tasks; progress: told after each emit, in tasks */
    void *context;
    /* Thread-safe; a pure function of task and context. */
    fl_status (*work)(uint64_t task, void *context, fl_result *result);
    /* Called in order, by one thread at a time. */
    fl_status (*emit)(uint64_t task, void *context, const void *data, size_t length);
    fl_record record;
    fl_journal *journal; /* may be NULL */
    /* For runs of several processes. May be NULL: is there nothing left to compute in this task, so
     * that `work` answers at once, as things stand where results are emitted? */
    bool (*settled)(uint64_t task, void *context);
    /* So many tasks, from a multiple of it on, share what `work` prepares; 0: 1. One thread does them all as long
     * as there is such a group for every thread. */
    uint64_t group;
} fl_replicas;

/* FL_OK when all tasks were emitted; FL_STOPPED with "stopped after k of m" when asked to; else the
 * status and sentence of the failed task of smallest number. At most a few results a thread wait
 * for their turn in memory. */
fl_status fl_replicas_run(const fl_replicas *replicas);

#ifdef __cplusplus
}
#endif
#endif
