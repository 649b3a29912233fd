/* How a long computation is run, and how it is watched: threads, a polite stop, progress. No result
 * depends on it. The two callbacks get the context of their own computation, so that several can go
 * on at once in one process. */
#ifndef FIXLAND_EFFORT_H
#define FIXLAND_EFFORT_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fl_effort {
    int threads; /* at least 1, where a computation has threads at all */
    /* Asked by any thread, several at once, some thousand times a second at most; true: the
     * computation ends soon with FL_STOPPED. May be NULL. */
    bool (*stop)(void *context);
    /* Told by one thread at a time, with ascending numbers; each computation says in what unit. May
     * be NULL. */
    void (*progress)(void *context, double done);
    void *context; /* of both */
} fl_effort;

/* Has somebody asked to stop? `effort` may be NULL. */
static inline bool fl_effort_stopped(const fl_effort *effort) {
    return effort && effort->stop && effort->stop(effort->context);
}

/* For a part of a computation, which tells nothing of its own progress. */
static inline fl_effort fl_effort_within(const fl_effort *effort, int threads) {
    fl_effort part = {threads, effort->stop, NULL, effort->context};
    return part;
}

static inline void fl_effort_progress(const fl_effort *effort, double done) {
    if (effort && effort->progress)
        effort->progress(effort->context, done);
}

#ifdef __cplusplus
}
#endif
#endif
