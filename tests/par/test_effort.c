/* Several computations at once in one process: each asks and tells its own context and no other. */
#include "tests/support/support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "fixland/access.h"
#include "fixland/count.h"
#include "fixland/effort.h"
#include "fixland/enumerate.h"

/* One computation, as its callbacks see it. */
typedef struct watch {
    struct watch *other;
    fl_status (*computation)(const fl_effort *effort, uint64_t *results);
    bool stopping;     /* ask to stop once both are on their way */
    atomic_bool begun; /* has told of progress */
    bool ascending;
    double last;
    uint64_t results;
    fl_status status;
    char message[200];
} watch;

static void wait_for(const watch *w) {
    const struct timespec moment = {0, 1000000};
    for (int k = 0; k < 20000 && !atomic_load(&w->begun); k++)
        nanosleep(&moment, NULL);
}

static bool stop(void *context) {
    watch *w = context;
    return w->stopping && atomic_load(&w->begun);
}

/* At the first step each waits for the other: they do run at once. */
static void progress(void *context, double done) {
    watch *w = context;
    w->ascending = w->ascending && done > w->last;
    w->last = done;
    atomic_store(&w->begun, true);
    if (w->other)
        wait_for(w->other);
}

/* More tasks than may wait for their turn, so that a stop finds some that were not begun. */
enum { SAMPLES = 60 };
static const int64_t n = 14;
static const double jd = 0.4;

static fl_instances samples_of(uint64_t samples) {
    return (fl_instances){.ensemble = FL_ENSEMBLE_DEFAULT,
                          .n = &n,
                          .n_count = 1,
                          .seed = test_seed(),
                          .samples = samples};
}

static fl_status counted(void *context, const fl_sample_result *result) {
    *(uint64_t *)context += result->counts[0];
    return FL_OK;
}

static fl_status enumerated(const fl_effort *effort, uint64_t *results) {
    fl_sample_plan plan = {
        .networks = samples_of(SAMPLES), .jd = &jd, .jd_count = 1, .effort = *effort};
    return fl_enumerate_samples(&plan, results, counted);
}

static fl_status reached(void *context, const fl_access_result *result) {
    *(uint64_t *)context += result->outcomes[0].flips + 1;
    return FL_OK;
}

static fl_status walked(const fl_effort *effort, uint64_t *results) {
    static const fl_algorithm algorithm = FL_ASYNC;
    fl_access_plan plan = {.networks = samples_of(SAMPLES),
                           .algorithms = &algorithm,
                           .algorithm_count = 1,
                           .jd = &jd,
                           .jd_count = 1,
                           .dynamics = {.sweeps = 100},
                           .replicas = 1,
                           .effort = *effort};
    return fl_access_samples(&plan, results, reached);
}

static fl_status estimated(void *context, const fl_count_result *result) {
    *(uint64_t *)context += result->estimate->distinct;
    return FL_OK;
}

static fl_status sampled(const fl_effort *effort, uint64_t *results) {
    static const fl_count_method method = FL_COUNT_ANNEAL;
    fl_count_samples_plan plan = {.networks = samples_of(SAMPLES / 15),
                                  .jd = &jd,
                                  .jd_count = 1,
                                  .methods = &method,
                                  .method_count = 1,
                                  .count = {.population = 600, .sweeps = 2},
                                  .effort = *effort};
    return fl_count_samples(&plan, results, estimated);
}

static void *watched(void *context) {
    watch *w = context;
    fl_rng rng = test_stream(w->other ? "together" : "alone");
    const fl_effort effort = {test_threads(&rng), stop, progress, w};
    w->ascending = true;
    w->status = w->computation(&effort, &w->results);
    snprintf(w->message, sizeof w->message, "%s", fl_message());
    return NULL;
}

/* Of two that run at once, one is stopped: the other neither stops nor counts its steps. */
static void two_at_once(void **state) {
    (void)state;
    fl_status (*const all[])(const fl_effort *, uint64_t *) = {enumerated, walked, sampled};
    for (size_t pair = 0; pair < 9; pair++) {
        watch alone = {.computation = all[pair % 3]}, whole = {.computation = all[pair / 3]};
        watched(&alone);
        watched(&whole);
        assert_true(alone.status == FL_OK && whole.status == FL_OK);
        watch a = {.computation = all[pair / 3], .stopping = true};
        watch b = {.computation = all[pair % 3], .other = &a};
        pthread_t thread;
        a.other = &b;
        assert_int_equal(pthread_create(&thread, NULL, watched, &a), 0);
        watched(&b);
        pthread_join(thread, NULL);
        assert_int_equal(a.status, FL_STOPPED);
        assert_true(a.ascending && a.last < whole.last);
        assert_non_null(strstr(a.message, "stopped after"));
        assert_int_equal(b.status, FL_OK);
        assert_true(b.ascending && b.last == alone.last);
        assert_true(b.results == alone.results && alone.results > 0);
    }
}

/* Nothing given is one thing that may be handed around. */
static void none(void **state) {
    (void)state;
    const fl_effort quiet = {.threads = 3};
    assert_false(fl_effort_stopped(NULL));
    assert_false(fl_effort_stopped(&quiet));
    fl_effort_progress(NULL, 1);
    fl_effort_progress(&quiet, 1);
    watch w = {.ascending = true};
    const fl_effort full = {2, stop, progress, &w}, part = fl_effort_within(&full, 5);
    fl_effort_progress(&part, 1);
    assert_true(part.threads == 5 && part.stop == stop && w.last == 0);
    assert_true(part.context == &w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_at_once),
        cmocka_unit_test(none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
