/* Loops over replicas shared by several processes, without MPI: children of the test, and messages
 * through sockets. Results are compared with the loop in one process. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "src/par/ranks.h"
#include "tests/support/files.h"
#include "tests/support/support.h"

enum { MOST_RANKS = 5 };

/* ---- messages: a length, then the bytes */

typedef struct wires {
    int count, end[MOST_RANKS]; /* of rank 0: one socket a rank; of the others: end[0] */
    int next;
    atomic_int stopped;
    double lingered; /* the longest that the end of tasks was waited for after a stop */
    bool kept;
} wires;

static void send_all(int socket, const void *data, size_t length) {
    for (const char *at = data; length > 0;) {
        ssize_t sent = send(socket, at, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return; /* nobody is there any more */
        at += sent;
        length -= (size_t)sent;
    }
}

static void wires_send(void *context, int to, const void *data, size_t length) {
    wires *w = context;
    send_all(w->end[to], &length, sizeof length);
    send_all(w->end[to], data, length);
}

static bool wires_receive(void *context, int *from, void **data, size_t *length) {
    wires *w = context;
    for (int k = 0; k < w->count; k++) {
        w->next = (w->next + 1) % w->count;
        int socket = w->end[w->next];
        if (socket < 0 || recv(socket, length, sizeof *length, MSG_DONTWAIT | MSG_PEEK) !=
                              (ssize_t)sizeof *length)
            continue;
        *from = w->next;
        if (recv(socket, length, sizeof *length, MSG_WAITALL) != (ssize_t)sizeof *length)
            continue;
        *data = malloc(*length + 1);
        if (recv(socket, *data, *length, MSG_WAITALL) != (ssize_t)*length) {
            free(*data);
            continue;
        }
        return true;
    }
    return false;
}

static void wires_stop(void *context) {
    atomic_store(&((wires *)context)->stopped, 1);
}

static double wires_farewell(void *context) {
    (void)context;
    return 5;
}

static void wires_linger(void *context, double seconds, bool kept) {
    wires *w = context;
    w->lingered = seconds > w->lingered ? seconds : w->lingered;
    w->kept = kept;
}

/* ---- a loop */

typedef struct job {
    uint64_t tasks, fails, emit_fails, settled_from;
    unsigned longest_us, sleeps_us; /* at most, drawn; always */
    uint64_t dies;                  /* the other ranks, at this task */
    int other_loop;                 /* they have more tasks */
    bool refuses;                   /* they do not come to the loop */
    bool writes_long;               /* rank 0, after the loop */
    uint64_t parts, part;           /* further ones, each with a task more; the present one */
    uint64_t stop_after;
    int ranks, threads;
    const char *journal;
    /* what rank 0 sees */
    _Atomic uint64_t emitted; /* stop looks at it from another thread */
    uint64_t hash;
    bool wrong, serving, kept;
    double lingered;
    wires *w;
    atomic_uint_fast64_t computed;
} job;

static job quiet(uint64_t tasks, int ranks, int threads) {
    return (job){.tasks = tasks,
                 .fails = UINT64_MAX,
                 .emit_fails = UINT64_MAX,
                 .settled_from = UINT64_MAX,
                 .dies = UINT64_MAX,
                 .stop_after = UINT64_MAX,
                 .ranks = ranks,
                 .threads = threads};
}

/* 0 to 40 words, of one task in fifty 100000. */
static size_t words_of(uint64_t task) {
    return task % 50 == 17 ? 100000 : (size_t)(task * 7 % 41);
}

static uint64_t word_of(uint64_t task, size_t k) {
    return (task + 1) * UINT64_C(0x9e3779b97f4a7c15) ^ (k * UINT64_C(0xbf58476d1ce4e5b9));
}

static fl_status job_work(uint64_t task, void *context, fl_result *result) {
    job *j = context;
    if (j->serving && task >= j->dies)
        kill(getpid(), SIGKILL);
    nanosleep(&(struct timespec){0, 1000 * (long)(task > 0 ? j->sleeps_us : 0)}, NULL);
    if (j->longest_us) {
        fl_rng rng = fl_rng_stream(test_seed(), FL_PURPOSE_TEST, 79, task);
        nanosleep(&(struct timespec){0, 1000 * (long)fl_rng_below(&rng, j->longest_us)}, NULL);
    }
    if (task == j->fails)
        return fl_fail(FL_EDOMAIN, "task %" PRIu64 " has no answer", task);
    size_t words = words_of(task);
    uint64_t *data = malloc(words * sizeof *data + 1);
    for (size_t k = 0; k < words; k++)
        data[k] = word_of(task, k);
    *result = (fl_result){data, words * sizeof *data};
    atomic_fetch_add(&j->computed, 1);
    return FL_OK;
}

static fl_status job_emit(uint64_t task, void *context, const void *data, size_t length) {
    job *j = context;
    const uint64_t *words = data;
    bool right = task == j->emitted && length == words_of(task) * sizeof *words && !j->serving;
    for (size_t k = 0; right && k < words_of(task); k++)
        right = words[k] == word_of(task, k);
    j->wrong = j->wrong || !right;
    if (task == j->emit_fails)
        return fl_fail(FL_EIO, "result %" PRIu64 " cannot be written", task);
    j->emitted++;
    return FL_OK;
}

static bool job_settled(uint64_t task, void *context) {
    return task >= ((job *)context)->settled_from;
}

static bool job_stop(void *context) {
    job *j = context;
    return (j->w && atomic_load(&j->w->stopped)) || (!j->serving && j->emitted >= j->stop_after);
}

static fl_status job_loop(job *j) {
    uint64_t part = j->serving ? fl_ranks_part_called() : j->part;
    fl_replicas r = {.tasks = j->tasks + part + (j->serving && j->other_loop ? 1 : 0),
                     .effort = {.threads = j->threads, .stop = job_stop, .context = j},
                     .context = j,
                     .work = job_work,
                     .emit = job_emit,
                     .record = {.kind = "words"},
                     .settled = j->settled_from == UINT64_MAX ? NULL : job_settled,
                     .group = 1 + j->tasks % 9};
    fl_status status = FL_OK;
    if (j->journal && !j->serving)
        status = fl_journal_open(&r.journal, j->journal, "test\n", true, false);
    if (status == FL_OK)
        status = fl_replicas_run(&r);
    fl_status closed = fl_journal_close(r.journal, status == FL_OK);
    return status == FL_OK ? closed : status;
}

/* A rank behind rank 0; never returns. */
static void child(job *j, int rank, int socket) {
    wires w = {.count = 1, .end = {socket}};
    fl_ranks ranks = {rank, j->ranks,       &w,          wires_send, wires_receive, wires_stop,
                      4,    wires_farewell, wires_linger};
    j->serving = true;
    j->w = &w;
    fl_ranks_use(&ranks);
    while (fl_ranks_await()) {
        int code = j->refuses ? fl_exit_code(fl_fail(FL_EIO, "J.txt: not on this machine"))
                              : fl_exit_code(job_loop(j));
        fl_ranks_leave(code);
    }
    _exit(0);
}

/* Long after the loop, and before rank 0 has ended: nobody else has. */
static void assert_all_stay(const pid_t *pids, int ranks) {
    nanosleep(&(struct timespec){0, 100000000}, NULL);
    for (int k = 1; k < ranks; k++)
        assert_int_equal(waitpid(pids[k], NULL, WNOHANG), 0);
}

/* Rank 0: the parts behind the first. */
static fl_status run_parts(job *j) {
    fl_status status = FL_OK;
    while (status == FL_OK && j->part < j->parts) {
        assert_int_equal(j->emitted, j->tasks + j->part);
        fl_ranks_part(++j->part);
        j->emitted = 0;
        status = job_loop(j);
    }
    return status;
}

/* The loop on ranks; its status, with the sentence. *lost: whether a rank was taken for dead. */
static fl_status run_ranks(job *j, bool *lost) {
    wires w = {.count = j->ranks, .end = {-1}};
    pid_t pids[MOST_RANKS];
    for (int k = 1; k < j->ranks; k++) {
        int pair[2];
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        pids[k] = fork();
        if (pids[k] == 0)
            child(j, k, pair[1]);
        close(pair[1]);
        w.end[k] = pair[0];
    }
    fl_ranks ranks = {0, j->ranks,       &w,          wires_send, wires_receive, wires_stop,
                      4, wires_farewell, wires_linger};
    fl_ranks_use(&ranks);
    char message[1000];
    fl_status status = job_loop(j);
    if (status == FL_OK)
        status = run_parts(j);
    snprintf(message, sizeof message, "%s", fl_message());
    if (j->writes_long)
        assert_all_stay(pids, j->ranks);
    fl_ranks_dismiss();
    *lost = fl_ranks_lost();
    fl_ranks_use(NULL);
    j->lingered = w.lingered;
    j->kept = w.kept;
    for (int k = 1; k < j->ranks; k++) {
        close(w.end[k]);
        waitpid(pids[k], NULL, 0);
    }
    assert_false(j->wrong);
    return status == FL_OK ? FL_OK : fl_fail(status, "%s", message);
}

static job random_job(fl_rng *rng, unsigned longest_us) {
    job j = quiet(fl_rng_below(rng, 300), 2 + (int)fl_rng_below(rng, MOST_RANKS - 1),
                  1 + (int)fl_rng_below(rng, 3));
    j.longest_us = longest_us;
    return j;
}

static void order_and_equality(void **state) {
    (void)state;
    fl_rng rng = test_stream("ranks");
    for (int trial = 0; trial < 20; trial++) {
        job j = random_job(&rng, trial % 3 ? 500 : 0);
        bool lost;
        assert_ok(run_ranks(&j, &lost));
        assert_int_equal(j.emitted, j.tasks);
        assert_false(lost);
    }
}

/* Others do a fair part of the work. */
static void tasks_are_shared(void **state) {
    (void)state;
    job j = quiet(200, 3, 1);
    bool lost;
    j.longest_us = 4000;
    assert_ok(run_ranks(&j, &lost));
    assert_true(atomic_load(&j.computed) < 150); /* of rank 0, in a third of the time */
}

static void failures_are_those_of_one_process(void **state) {
    (void)state;
    fl_rng rng = test_stream("failures");
    for (int trial = 0; trial < 12; trial++) {
        job j = random_job(&rng, 300);
        bool lost;
        j.tasks += 20;
        uint64_t bad = fl_rng_below(&rng, (uint32_t)j.tasks);
        *(trial % 2 ? &j.fails : &j.emit_fails) = bad;
        fl_status status = run_ranks(&j, &lost);
        char expected[60];
        snprintf(expected, sizeof expected,
                 trial % 2 ? "task %" PRIu64 " has no answer"
                           : "result %" PRIu64 " cannot be written",
                 bad);
        assert_int_equal(status, trial % 2 ? FL_EDOMAIN : FL_EIO);
        assert_string_equal(fl_message(), expected);
        assert_int_equal(j.emitted, bad);
        assert_false(lost);
    }
}

static void stops_and_goes_on(void **state) {
    (void)state;
    fl_rng rng = test_stream("stops");
    for (int trial = 0; trial < 4; trial++) {
        job j = random_job(&rng, 1000);
        bool lost;
        j.tasks += 1000;
        j.journal = test_path("loop.journal");
        for (int part = 1; part <= 3; part++) {
            j.emitted = 0;
            j.stop_after = part < 3 ? (uint64_t)part * 30 : UINT64_MAX;
            j.ranks = 2 + (int)fl_rng_below(&rng, MOST_RANKS - 1);
            fl_status status = run_ranks(&j, &lost);
            assert_int_equal(status, part < 3 ? FL_STOPPED : FL_OK);
            assert_true(j.emitted >= (part < 3 ? (uint64_t)part * 30 : j.tasks));
            assert_false(lost);
        }
        assert_false(test_exists(j.journal));
    }
}

/* Tasks of a fifth of a second do not see the stop; who has the ranks is told how long they have been waited for. */
static void long_tasks_after_a_stop(void **state) {
    (void)state;
    job j = quiet(100, 3, 1);
    bool lost;
    j.sleeps_us = 200000;
    j.stop_after = 4;
    j.journal = test_path("loop.journal");
    assert_status(FL_STOPPED, run_ranks(&j, &lost));
    assert_true(j.lingered > 0.02 && j.kept);
    assert_false(lost);
    remove(j.journal);
}

static void a_dead_rank_ends_the_run(void **state) {
    (void)state;
    job j = quiet(400, 3, 1);
    bool lost;
    j.longest_us = 2000;
    j.dies = 100;
    j.journal = test_path("loop.journal");
    assert_status(FL_EIO, run_ranks(&j, &lost));
    assert_true(lost);
    assert_non_null(strstr(fl_message(), "does not answer"));
    assert_true(j.emitted > 0 && j.emitted < 400);
    uint64_t before = j.emitted;
    j.dies = UINT64_MAX;
    j.emitted = 0;
    atomic_store(&j.computed, 0);
    assert_ok(run_ranks(&j, &lost));
    assert_int_equal(j.emitted, 400);
    assert_true(atomic_load(&j.computed) <= 400 - before);
}

static void ranks_that_do_not_belong(void **state) {
    (void)state;
    job j = quiet(3000, 2, 1);
    bool lost;
    j.longest_us = 2000;
    j.other_loop = 1;
    assert_status(FL_EMISMATCH, run_ranks(&j, &lost));
    assert_non_null(strstr(fl_message(), "3001 tasks"));
    j = quiet(3000, 3, 1);
    j.longest_us = 2000;
    j.refuses = true;
    assert_status(FL_EIO, run_ranks(&j, &lost));
    assert_non_null(strstr(fl_message(), "J.txt: not on this machine"));
    assert_false(lost);
}

static void settled_tasks_do_not_travel(void **state) {
    (void)state;
    job j = quiet(500, 3, 1);
    bool lost;
    j.settled_from = 0;
    assert_ok(run_ranks(&j, &lost));
    assert_int_equal(atomic_load(&j.computed), 500); /* all by rank 0 */
}

static void nobody_ends_before_rank_0(void **state) {
    (void)state;
    job j = quiet(50, 4, 1);
    bool lost;
    j.writes_long = true;
    assert_ok(run_ranks(&j, &lost));
    assert_int_equal(j.emitted, 50);
}

/* Each of them is shared, also when one before it had nothing to share. */
static void parts_are_shared(void **state) {
    (void)state;
    for (uint64_t tasks = 0; tasks < 90; tasks += 40) {
        job j = quiet(tasks, 3, 2);
        bool lost;
        j.sleeps_us = 500;
        j.parts = 5;
        assert_ok(run_ranks(&j, &lost));
        assert_int_equal(j.emitted, tasks + 5);
        assert_true(tasks == 0 || atomic_load(&j.computed) < 6 * tasks + 15);
    }
}

/* No loop, or loops of one task: nobody is called. */
static void without_a_loop(void **state) {
    (void)state;
    for (uint64_t tasks = 0; tasks < 2; tasks++) {
        job j = quiet(tasks, 4, 2);
        bool lost;
        j.refuses = true;
        assert_ok(run_ranks(&j, &lost));
        assert_int_equal(j.emitted, tasks);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_and_equality),
        cmocka_unit_test(tasks_are_shared),
        cmocka_unit_test(failures_are_those_of_one_process),
        cmocka_unit_test_setup(stops_and_goes_on, test_empty_scratch),
        cmocka_unit_test_setup(long_tasks_after_a_stop, test_empty_scratch),
        cmocka_unit_test_setup(a_dead_rank_ends_the_run, test_empty_scratch),
        cmocka_unit_test(ranks_that_do_not_belong),
        cmocka_unit_test(settled_tasks_do_not_travel),
        cmocka_unit_test(nobody_ends_before_rank_0),
        cmocka_unit_test(parts_are_shared),
        cmocka_unit_test(without_a_loop),
    };
    return cmocka_run_group_tests_name("ranks", tests, NULL, NULL);
}
