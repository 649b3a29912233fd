/* The loop over replicas: order, equal results for any number of threads, failures, stops, resume.
 * Results are compared with a plain loop over the tasks. */
#include "fixland/replicas.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "tests/support/support.h"

/* What task k yields: k % 17 + 1 words of its own random stream, 0 words when k % 17 = 16. */
static size_t result_words(uint64_t task) {
    return task % 17 == 16 ? 0 : (size_t)(task % 17) + 1;
}

static uint64_t result_word(uint64_t task, size_t i) {
    fl_rng rng = fl_rng_stream(test_seed(), FL_PURPOSE_TEST, 77, task);
    uint64_t word = 0;
    for (size_t k = 0; k <= i; k++)
        word = fl_rng_bits(&rng);
    return word;
}

/* What the callbacks share, and where they misbehave (UINT64_MAX: nowhere). */
typedef struct play {
    uint64_t work_fails[2], emit_fails, work_stops; /* tasks */
    unsigned longest_us;                            /* of the random time a task takes */
    uint64_t emitted; /* number of emits, also the task expected next */
    uint64_t hash;
    int wrong; /* calls of emit that were out of order, two at a time or with a wrong result */
    int ahead; /* tasks that may be computed before task 0 is */
    atomic_int inside, computed, most_waiting;
} play;

static play quiet_play(void) {
    return (play){.work_fails = {UINT64_MAX, UINT64_MAX},
                  .emit_fails = UINT64_MAX,
                  .work_stops = UINT64_MAX,
                  .hash = 14695981039346656037u};
}

static void dawdle(uint64_t task, unsigned longest_us) {
    if (longest_us == 0)
        return;
    fl_rng rng = fl_rng_stream(test_seed(), FL_PURPOSE_TEST, 78, task);
    struct timespec t = {0, 1000 * (long)fl_rng_below(&rng, longest_us)};
    nanosleep(&t, NULL);
}

static fl_status work(uint64_t task, void *context, fl_result *result) {
    play *p = context;
    dawdle(task, p->longest_us);
    size_t words = result_words(task);
    uint64_t *data = words ? malloc(words * sizeof *data) : NULL;
    for (size_t i = 0; i < words; i++)
        data[i] = result_word(task, i);
    *result = (fl_result){data, words * sizeof *data};
    if (task == p->work_fails[0] || task == p->work_fails[1])
        return fl_fail(FL_EDOMAIN, "task %" PRIu64 " has no answer", task);
    if (task == p->work_stops)
        return fl_fail(FL_STOPPED, "task %" PRIu64 " was told to stop", task);
    atomic_fetch_add(&p->computed, 1);
    return FL_OK;
}

static fl_status emit(uint64_t task, void *context, const void *data, size_t length) {
    play *p = context;
    /* Counted, as cmocka cannot fail in another thread. */
    p->wrong += atomic_fetch_add(&p->inside, 1) != 0 || task != p->emitted ||
                length != result_words(task) * sizeof(uint64_t);
    for (size_t i = 0; i < length; i++)
        p->hash = (p->hash ^ ((const unsigned char *)data)[i]) * 1099511628211u;
    p->hash += task;
    int waiting = atomic_load(&p->computed) - (int)p->emitted;
    if (waiting > atomic_load(&p->most_waiting))
        atomic_store(&p->most_waiting, waiting);
    atomic_fetch_sub(&p->inside, 1);
    if (task == p->emit_fails)
        return fl_fail(FL_EIO, "result %" PRIu64 " cannot be written", task);
    p->emitted++;
    return FL_OK;
}

/* The hash of a plain loop. */
static uint64_t expected_hash(uint64_t tasks) {
    uint64_t hash = 14695981039346656037u;
    for (uint64_t task = 0; task < tasks; task++) {
        for (size_t i = 0; i < result_words(task); i++) {
            uint64_t word = result_word(task, i);
            for (int byte = 0; byte < 8; byte++)
                hash = (hash ^ ((const unsigned char *)&word)[byte]) * 1099511628211u;
        }
        hash += task;
    }
    return hash;
}

static fl_replicas plan(play *p, uint64_t tasks, int threads) {
    return (fl_replicas){
        .tasks = tasks, .effort = {.threads = threads}, .context = p, .work = work, .emit = emit};
}

/* The context becomes NaN once a step was wrong. */
static void progress(void *context, double done) {
    double *last = context;
    *last = done == *last + 1 ? done : NAN;
}

/* Runs the loop; what was emitted must be a beginning of the right results in any case. */
static fl_status run(const fl_replicas *r) {
    play *p = r->context;
    fl_status status = fl_replicas_run(r);
    assert_int_equal(p->wrong, 0);
    if (p->emit_fails == UINT64_MAX)
        assert_true(p->hash == expected_hash(p->emitted));
    return status;
}

static void test_order_and_equality(void **state) {
    (void)state;
    fl_rng rng = test_stream("order and equality");
    for (int trial = 0; trial < 60; trial++) {
        uint64_t tasks = fl_rng_below(&rng, 150);
        play p = quiet_play();
        p.longest_us = trial % 3 ? 300 : 0;
        fl_replicas r = plan(&p, tasks, test_threads(&rng));
        r.group = fl_rng_below(&rng, 12);
        double progress_done = 0;
        r.effort.progress = progress;
        r.effort.context = &progress_done;
        assert_ok(run(&r));
        assert_int_equal(p.emitted, tasks);
        assert_true(progress_done == (double)tasks);
    }
}

/* Task 0 waits until the others cannot go on without it, or for 5 s: they may not run away with the
 * memory. */
static fl_status slow_first(uint64_t task, void *context, fl_result *result) {
    play *p = context;
    for (int ms = 0; task == 0 && ms < 5000 && atomic_load(&p->computed) < p->ahead - 1; ms++)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    return work(task, context, result);
}

static void test_bounded_window(void **state) {
    (void)state;
    for (int threads = 2; threads <= 5; threads++) {
        play p = quiet_play();
        p.ahead = 8 * threads;
        fl_replicas r = plan(&p, 500, threads);
        r.work = slow_first;
        assert_ok(run(&r));
        assert_int_equal(p.emitted, 500);
        assert_int_equal(atomic_load(&p.most_waiting), p.ahead);
    }
}

static void test_failures(void **state) {
    (void)state;
    fl_rng rng = test_stream("failures");
    for (int trial = 0; trial < 80; trial++) {
        uint64_t tasks = 1 + fl_rng_below(&rng, 120);
        play p = quiet_play();
        p.longest_us = 200;
        p.work_fails[0] = fl_rng_below(&rng, tasks);
        p.work_fails[1] = fl_rng_below(&rng, tasks);
        p.emit_fails = trial % 2 ? fl_rng_below(&rng, tasks) : UINT64_MAX;
        uint64_t first = p.work_fails[0] < p.work_fails[1] ? p.work_fails[0] : p.work_fails[1];
        bool emitting = p.emit_fails < first;
        fl_replicas r = plan(&p, tasks, test_threads(&rng));
        r.group = fl_rng_below(&rng, 12);
        assert_status(emitting ? FL_EIO : FL_EDOMAIN, run(&r));
        char sentence[80];
        if (emitting)
            snprintf(sentence, sizeof sentence, "result %" PRIu64 " cannot be written",
                     p.emit_fails);
        else
            snprintf(sentence, sizeof sentence, "task %" PRIu64 " has no answer", first);
        assert_string_equal(fl_message(), sentence);
        assert_int_equal(p.emitted, emitting ? p.emit_fails : first);
    }
}

/* Who computes a task. */
typedef struct groups {
    pthread_t by[200];
    atomic_int emitted;
} groups;

static fl_status note_thread(uint64_t task, void *context, fl_result *result) {
    groups *g = context;
    g->by[task] = pthread_self();
    nanosleep(&(struct timespec){0, 100000}, NULL);
    *result = (fl_result){NULL, 0};
    return FL_OK;
}

static fl_status count_emitted(uint64_t task, void *context, const void *data, size_t length) {
    (void)task, (void)data, (void)length;
    atomic_fetch_add(&((groups *)context)->emitted, 1);
    return FL_OK;
}

/* A group is one thread's as long as there is one for each thread. */
static void test_groups(void **state) {
    (void)state;
    for (int threads = 2; threads <= 4; threads++) {
        groups g = {.emitted = 0};
        const uint64_t group = 10, tasks = 200;
        fl_replicas r = {.tasks = tasks,
                         .effort = {.threads = threads},
                         .context = &g,
                         .work = note_thread,
                         .emit = count_emitted,
                         .group = group};
        assert_ok(fl_replicas_run(&r));
        assert_int_equal(g.emitted, tasks);
        for (uint64_t k = 0; k <= tasks - group * (uint64_t)threads; k++)
            assert_true(pthread_equal(g.by[k], g.by[k - k % group]));
    }
}

static void assert_stopped_at(uint64_t emitted, uint64_t tasks) {
    char sentence[80];
    snprintf(sentence, sizeof sentence, "stopped after %" PRIu64 " of %" PRIu64 " tasks", emitted,
             tasks);
    assert_string_equal(fl_message(), sentence);
}

static void test_stop(void **state) {
    (void)state;
    fl_rng rng = test_stream("stop");
    for (int trial = 0; trial < 50; trial++) {
        int polls = (int)fl_rng_below(&rng, 100), threads = test_threads(&rng);
        play p = quiet_play();
        p.longest_us = 100;
        fl_replicas r = plan(&p, 100, threads);
        atomic_int left = polls;
        r.effort.stop = test_stop_after;
        r.effort.context = &left;
        assert_status(FL_STOPPED, run(&r));
        assert_int_equal(p.emitted, polls); /* what was begun is finished */
        assert_stopped_at(p.emitted, 100);
    }
    play p = quiet_play();
    fl_replicas r = plan(&p, 40, 3);
    atomic_int left = 40; /* too late */
    r.effort.stop = test_stop_after;
    r.effort.context = &left;
    assert_ok(run(&r));
    assert_int_equal(p.emitted, 40);
}

/* A task that gives up because it saw the stop itself. */
static void test_stop_within_a_task(void **state) {
    (void)state;
    fl_rng rng = test_stream("stop within a task");
    for (int trial = 0; trial < 20; trial++) {
        play p = quiet_play();
        p.longest_us = 100;
        p.work_stops = fl_rng_below(&rng, 60);
        fl_replicas r = plan(&p, 60, test_threads(&rng));
        assert_status(FL_STOPPED, run(&r));
        assert_int_equal(p.emitted, p.work_stops);
        assert_stopped_at(p.work_stops, 60);
    }
}

static fl_journal *open_journal(const char *path, bool resume) {
    fl_journal *journal;
    assert_ok(fl_journal_open(&journal, path, "test: replicas\n", resume, false));
    return journal;
}

/* Stopped at random and resumed, again and again, with other numbers of threads each time. */
static void test_resume(void **state) {
    (void)state;
    fl_rng rng = test_stream("resume");
    for (int trial = 0; trial < 10; trial++) {
        const char *path = test_path("run.journal");
        uint64_t before = 0;
        fl_status status = FL_STOPPED;
        for (int part = 0; status == FL_STOPPED; part++) {
            play p = quiet_play();
            fl_replicas r = plan(&p, 100, test_threads(&rng));
            r.journal = open_journal(path, part > 0);
            atomic_int left = (int)(before + fl_rng_below(&rng, 60));
            r.effort.stop = test_stop_after;
            r.effort.context = &left;
            status = run(&r);
            assert_true(status == FL_OK || status == FL_STOPPED);
            assert_true(p.emitted >= before);
            before = p.emitted;
            assert_ok(fl_journal_close(r.journal, status == FL_OK));
        }
        assert_int_equal(before, 100);
        assert_false(test_exists(path));
    }
}

static size_t length_of(uint64_t task, void *context, bool kept) {
    (void)context;
    return (result_words(task) + kept) * sizeof(uint64_t);
}

static size_t one_longer(uint64_t task, void *context, bool kept) {
    return length_of(task, context, kept) + 1;
}

/* A checkpoint of two tasks, made by a run whose records are `record`. */
static void make_checkpoint(const char *path, fl_record record) {
    play p = quiet_play();
    fl_replicas r = plan(&p, 30, 1);
    atomic_int left = 2;
    r.record = record;
    r.journal = open_journal(path, false);
    r.effort.stop = test_stop_after;
    r.effort.context = &left;
    assert_status(FL_STOPPED, run(&r));
    assert_ok(fl_journal_close(r.journal, false));
}

/* Continues it with other records: what is told, and nothing is emitted. */
static void refused_checkpoint(const char *path, fl_record record, uint64_t tasks,
                               const char *words) {
    play p = quiet_play();
    fl_replicas r = plan(&p, tasks, 1);
    r.record = record;
    r.journal = open_journal(path, true);
    assert_status(FL_EMISMATCH, run(&r));
    assert_non_null(strstr(fl_message(), words));
    assert_int_equal(p.emitted, 0);
    assert_ok(fl_journal_close(r.journal, false));
}

/* The head of a record is compared before anybody reads it. */
static void test_records_of_other_runs(void **state) {
    (void)state;
    const char *path = test_path("records.journal");
    const fl_record plain = {.kind = "numbers"}, keeping = {.kind = "numbers", .keeps = "squares"};
    const fl_record more = {.kind = "numbers", .more = true};
    make_checkpoint(path, plain);
    refused_checkpoint(path, (fl_record){.kind = "letters"}, 30, "holds numbers");
    refused_checkpoint(path, keeping, 30, "kept no squares");
    refused_checkpoint(path, plain, 31, "30 tasks");
    refused_checkpoint(path, (fl_record){.kind = "numbers", .length = one_longer}, 30,
                       "another shape");
    assert_int_equal(remove(path), 0);
    make_checkpoint(path, keeping);
    refused_checkpoint(path, plain, 30, "kept squares");
    refused_checkpoint(path, (fl_record){.kind = "numbers", .keeps = "cubes"}, 30, "keeps cubes");
    play p = quiet_play();
    fl_replicas r = plan(&p, 30, 2);
    r.record = more;
    r.journal = open_journal(path, true);
    assert_ok(run(&r));
    assert_int_equal(p.emitted, 30);
    assert_ok(fl_journal_close(r.journal, true));
}

/* Also what is computed now must have the length that was promised. */
static void test_results_of_another_length(void **state) {
    (void)state;
    play p = quiet_play();
    fl_replicas r = plan(&p, 30, 2);
    r.record = (fl_record){.kind = "numbers", .length = length_of};
    assert_ok(run(&r));
    p = quiet_play();
    r.record.keeps = "one more word";
    assert_status(FL_EINVAL, run(&r));
    assert_int_equal(p.emitted, 0);
}

/* What a journal holds is not computed again. */
static void test_resume_computes_the_rest(void **state) {
    (void)state;
    const char *path = test_path("rest.journal");
    play p = quiet_play();
    fl_replicas r = plan(&p, 50, 2);
    r.journal = open_journal(path, false);
    p.work_fails[0] = 30;
    assert_status(FL_EDOMAIN, run(&r));
    assert_ok(fl_journal_close(r.journal, false));
    p = quiet_play();
    r.journal = open_journal(path, true);
    assert_ok(run(&r));
    assert_int_equal(p.emitted, 50);
    assert_int_equal(p.computed, 20);
    assert_ok(fl_journal_close(r.journal, false));
    p = quiet_play();
    r.journal = open_journal(path, true);
    assert_ok(run(&r));
    assert_int_equal(p.computed, 0);
    assert_int_equal(p.emitted, 50);
    assert_ok(fl_journal_close(r.journal, true));
}

static void test_foreign_journals(void **state) {
    (void)state;
    static const uint64_t tasks[][3] = {{0, 2, 1}, {1, 2, 3}, {0, 0, 1}};
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
        const char *path = test_path("foreign.journal");
        fl_journal *journal = open_journal(path, false);
        bool found;
        const void *payload;
        size_t length;
        uint64_t task;
        assert_ok(fl_journal_next(journal, &found, &task, &payload, &length));
        assert_false(found);
        for (int k = 0; k < 3; k++) {
            uint64_t data[17];
            for (size_t w = 0; w < result_words(tasks[i][k]); w++)
                data[w] = result_word(tasks[i][k], w);
            assert_ok(fl_journal_append(journal, tasks[i][k], data,
                                        result_words(tasks[i][k]) * sizeof *data));
        }
        assert_ok(fl_journal_close(journal, false));
        play p = quiet_play();
        fl_replicas r = plan(&p, 10, 2);
        r.journal = open_journal(path, true);
        assert_status(FL_EMISMATCH, run(&r));
        assert_int_equal(p.computed, 0);
        assert_ok(fl_journal_close(r.journal, true));
    }
}

static void test_small_cases(void **state) {
    (void)state;
    play p = quiet_play();
    fl_replicas r = plan(&p, 0, 3);
    assert_ok(run(&r));
    assert_int_equal(p.emitted, 0);
    r = plan(&p, 1, 64);
    assert_ok(run(&r));
    assert_int_equal(p.emitted, 1);
    r = plan(&p, 5, 0);
    assert_status(FL_EINVAL, run(&r));
}

static void test_many_tasks(void **state) {
    (void)state;
    uint64_t tasks = test_fast() ? 3000 : 100000;
    for (int threads = 1; threads <= 5; threads += 2) {
        play p = quiet_play();
        fl_replicas r = plan(&p, tasks, threads);
        assert_ok(run(&r));
        assert_int_equal(p.emitted, tasks);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_and_equality),
        cmocka_unit_test(test_bounded_window),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_stop_within_a_task),
        cmocka_unit_test(test_resume),
        cmocka_unit_test(test_records_of_other_runs),
        cmocka_unit_test(test_results_of_another_length),
        cmocka_unit_test(test_resume_computes_the_rest),
        cmocka_unit_test(test_foreign_journals),
        cmocka_unit_test(test_small_cases),
        cmocka_unit_test(test_many_tasks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
