/* The size of a search before it is made: see fl_enumerate_estimate in enumerate.h. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "fixland/enumerate.h"
#include "fixland/rng.h"
#include "fixland/stats.h"
#include "mc/enumerate/engine.h"

/* What the parts that were tried took: nodes, seconds, fixed points. */
typedef struct trials {
    uint32_t *order; /* parts in random order */
    double *nodes, *seconds, *count;
} trials;

static double processor_time(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static fl_status try_part(const engine *e, uint64_t k, trials *t) {
    hits found = {0};
    uint64_t nodes = 0;
    double begin = processor_time();
    fl_status status = engine_search(e, t->order[k], &found, &nodes);
    t->seconds[k] = processor_time() - begin;
    t->nodes[k] = (double)nodes;
    t->count[k] = 2 * (double)found.total;
    hits_clear(&found);
    return status;
}

/* Sum over all parts from the mean over those tried; drawn without repetition, so that the error
 * ends at zero. */
static void total(const double *values, const fl_work_estimate *w, double *sum, double *error) {
    fl_estimate mean = fl_mean(values, (size_t)w->tried);
    double parts = (double)w->parts;
    *sum = parts * mean.mean;
    *error = w->tried == w->parts ? 0 : parts * mean.error * sqrt(1 - (double)w->tried / parts);
}

static fl_status try_all(const engine *e, trials *t, fl_work_estimate *w) {
    for (uint64_t k = 0; k < w->tried; k++) {
        if (fl_effort_stopped(e->effort))
            return fl_fail(FL_STOPPED, "stopped after %" PRIu64 " of %" PRIu64 " parts", k,
                           w->tried);
        FL_CHECK(try_part(e, k, t));
    }
    total(t->nodes, w, &w->nodes, &w->nodes_error);
    total(t->seconds, w, &w->seconds, &w->seconds_error);
    total(t->count, w, &w->count, &w->count_error);
    return FL_OK;
}

static fl_status run_estimate(const engine *e, uint64_t seed, fl_work_estimate *w) {
    size_t tried = (size_t)w->tried;
    trials t = {.order = malloc(w->parts * sizeof *t.order),
                .nodes = calloc(tried, sizeof *t.nodes),
                .seconds = calloc(tried, sizeof *t.seconds),
                .count = calloc(tried, sizeof *t.count)};
    fl_status status = FL_OK;
    if (t.order && t.nodes && t.seconds && t.count) {
        fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_BOOTSTRAP, e->bits, w->parts);
        fl_rng_permutation(&rng, (size_t)w->parts, t.order);
        status = try_all(e, &t, w);
    } else
        status = fl_fail(FL_ENOMEM, "out of memory for %" PRIu64 " parts", w->parts);
    free(t.order);
    free(t.nodes);
    free(t.seconds);
    free(t.count);
    return status;
}

fl_status fl_enumerate_estimate(const fl_network *network, fl_method method, const double *jd,
                                size_t jd_count, uint64_t seed, uint64_t tries,
                                const fl_effort *effort, fl_work_estimate *estimate) {
    engine e;
    if (tries < 2)
        return fl_fail(FL_EINVAL, "%" PRIu64 " parts tried; allowed: at least 2", tries);
    FL_CHECK(engine_open(&e, method, network, jd, jd_count));
    e.effort = effort;
    uint64_t parts = UINT64_C(1) << e.bits;
    fl_work_estimate w = {.parts = parts, .tried = tries < parts ? tries : parts};
    fl_status status = run_estimate(&e, seed, &w);
    engine_close(&e);
    if (status == FL_OK)
        *estimate = w;
    return status;
}
