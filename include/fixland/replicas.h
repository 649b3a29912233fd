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

typedef struct fl_replicas {
    uint64_t tasks;
    fl_effort effort; /* stop: asked between tasks; progress: told after each emit, in tasks */
    void *context;
    /* Thread-safe; a pure function of task and context. */
    fl_status (*work)(uint64_t task, void *context, fl_result *result);
    /* Called in order, by one thread at a time. */
    fl_status (*emit)(uint64_t task, void *context, const void *data, size_t length);
    fl_journal *journal; /* may be NULL */
} fl_replicas;

/* FL_OK when all tasks were emitted; FL_STOPPED with "stopped after k of m" when asked to; else the
 * status and sentence of the failed task of smallest number. At most a few results a thread wait
 * for their turn in memory. */
fl_status fl_replicas_run(const fl_replicas *replicas);

#ifdef __cplusplus
}
#endif
#endif
