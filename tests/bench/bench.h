/* Timing of two things side by side: run in turn, so that both meet the same weather, and reported
 * by their medians. */
#ifndef FIXLAND_BENCH_H
#define FIXLAND_BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "fixland/status.h"

enum { BENCH_RUNS_MAX = 31 };

/* Seconds on a clock that only runs forward. */
static inline double bench_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Processor seconds of this process: other work on the machine takes turns, but does not count. */
static inline double bench_cpu(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Ends the bench of that name with the sentence of a failure. */
static inline void bench_stop_on(const char *name, fl_status status) {
    if (status == FL_OK)
        return;
    fprintf(stderr, "%s: %s\n", name, fl_message());
    exit(1);
}

static inline int bench_ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static inline double bench_median(double *seconds, int runs) {
    qsort(seconds, (size_t)runs, sizeof *seconds, bench_ascending);
    return runs % 2 ? seconds[runs / 2] : 0.5 * (seconds[runs / 2 - 1] + seconds[runs / 2]);
}

static inline double bench_once(void (*task)(void *), void *context) {
    double start = bench_now();
    task(context);
    return bench_now() - start;
}

/* Median seconds of `runs` calls of each task with the context, in turn. */
static inline void bench_pair(void (*one)(void *), void (*other)(void *), void *context, int runs,
                              double *one_seconds, double *other_seconds) {
    double a[BENCH_RUNS_MAX], b[BENCH_RUNS_MAX];
    for (int r = 0; r < runs; r++) {
        a[r] = bench_once(one, context);
        b[r] = bench_once(other, context);
    }
    *one_seconds = bench_median(a, runs);
    *other_seconds = bench_median(b, runs);
}

#endif
