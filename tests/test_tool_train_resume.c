/* fl-train as a program and in process: stopped, killed and out of time, then continued, it writes
 * what an uninterrupted run writes, table and model. */
#include "tests/support/support.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fixland/tools.h"
#include "mc/learn/model_file.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"

/* Data and network of all runs; epochs that take some milliseconds each. */
static const char *run(void) {
    return test_fast() ? "--data prototypes --features 40 --classes 4 --train 200 --test 40 "
                         "--hidden 30 --average 3 --rate-decay --preset rule-e --epochs 12 --seed 4"
                       : "--data prototypes --features 100 --classes 8 --train 800 --test 100 "
                         "--hidden 100 --average 3 --rate-decay --preset rule-e --epochs 12 "
                         "--seed 4";
}

/* In process; the exit code. */
static int train(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int train(const char *format, ...) {
    char arguments[2048], whole[3000], *out, *err;
    va_list list;
    va_start(list, format);
    vsnprintf(arguments, sizeof arguments, format, list);
    va_end(list);
    snprintf(whole, sizeof whole, "%s %s", run(), arguments);
    int code = test_run_tool(fl_tool_train, "fl-train", whole, &out, &err);
    if (code == 0 && *err)
        fail_msg("%s: %s", whole, err);
    free(out);
    free(err);
    return code;
}

/* The data lines of a file; free them. */
static char *data_of(const char *path) {
    char *text = test_slurp(path);
    assert_non_null(text);
    char *data = test_data_lines(text);
    free(text);
    return data;
}

/* Equal arrays, whatever the provenance says of dates. */
static void assert_same_models(const char *one, const char *other) {
    model a, b;
    assert_ok(model_read(&a, one));
    assert_ok(model_read(&b, other));
    assert_true(a.epoch == b.epoch && a.seed == b.seed);
    assert_int_equal(fl_learner_arrays(a.learner), fl_learner_arrays(b.learner));
    for (size_t k = 0; k < fl_learner_arrays(a.learner); k++) {
        char text[32];
        size_t rows, columns;
        assert_ok(fl_learner_array(a.learner, k, text, &rows, &columns));
        float *u = calloc(rows * columns, sizeof *u), *v = calloc(rows * columns, sizeof *v);
        fl_learner_get(a.learner, k, u);
        fl_learner_get(b.learner, k, v);
        assert_memory_equal(u, v, rows * columns * sizeof *u);
        free(u);
        free(v);
    }
    model_clear(&a);
    model_clear(&b);
}

typedef struct paths {
    char whole[300], whole_model[300], part[300], part_model[300], journal[320], state[320];
} paths;

/* The names, and an uninterrupted run. */
static paths begin(void) {
    paths p;
    snprintf(p.whole, sizeof p.whole, "%s", test_path("whole.tsv"));
    snprintf(p.whole_model, sizeof p.whole_model, "%s", test_path("whole.h5"));
    snprintf(p.part, sizeof p.part, "%s", test_path("o.tsv"));
    snprintf(p.part_model, sizeof p.part_model, "%s", test_path("o.h5"));
    snprintf(p.journal, sizeof p.journal, "%s.journal", p.part);
    snprintf(p.state, sizeof p.state, "%s.checkpoint.h5", p.part);
    assert_int_equal(train("--threads 1 --output %s --save %s", p.whole, p.whole_model), 0);
    assert_int_equal(test_scratch_count(), 2);
    return p;
}

static void assert_complete(const paths *p) {
    char *a = data_of(p->whole), *b = data_of(p->part);
    assert_string_equal(a, b);
    free(a);
    free(b);
    assert_same_models(p->whole_model, p->part_model);
    assert_false(test_exists(p->journal) || test_exists(p->state));
}

/* Out of time after every epoch; each attempt continues, on another number of threads. */
static void out_of_time_again_and_again(void **state) {
    (void)state;
    fl_rng rng = test_stream("time");
    paths p = begin();
    int code = 3, attempts = 0;
    while (code == 3 && attempts++ < 20) {
        code = train("--threads %d --output %s --save %s --resume --time-limit 0.000001",
                     test_threads(&rng), p.part, p.part_model);
        assert_true(code == 0 || (test_exists(p.journal) && test_exists(p.state)));
        assert_int_equal(test_exists(p.part), code == 0);
    }
    assert_int_equal(code, 0);
    assert_int_equal(attempts, 12);
    assert_complete(&p);
    assert_int_equal(test_scratch_count(), 4);
}

/* What else may be asked of a checkpoint. */
static void other_runs_are_refused(void **state) {
    (void)state;
    paths p = begin();
    model m;
    assert_int_equal(train("--output %s --time-limit 0.000001", p.part), 3);
    assert_int_equal(train("--output %s --time-limit 0.000001 --resume", p.part), 3);
    char words[600];
    snprintf(words, sizeof words, "%s --output %s", run(), p.part);
    test_refused(fl_tool_train, "fl-train", words, 1, "--resume continues it");
    static const char *const others[] = {"--seed 5",      "--jd 0.75",      "--epochs 13",
                                         "--flip 0.125",  "--data-seed 2",  "--update async",
                                         "--features 41", "--preset rule-h"};
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
        snprintf(words, sizeof words, "%s --output %s --resume %s", run(), p.part, others[k]);
        test_refused(fl_tool_train, "fl-train", words, 1, "other parameters");
    }
    assert_ok(model_read(&m, p.state)); /* the state is a model file */
    assert_int_equal(m.epoch, 2);
    model_clear(&m);
    snprintf(words, sizeof words, "eval %s", p.state);
    fl_frame f = test_table(fl_tool_train, "fl-train", words);
    fl_frame_clear(&f);
    /* A value that is the preset's own is the same run, however it was given. */
    assert_int_equal(
        train("--output %s --save %s --resume --batch 16 --grade 6", p.part, p.part_model), 0);
    assert_complete(&p);
}

/* The state is lost, damaged, or another run's. */
static void damaged_states(void **state) {
    (void)state;
    paths p = begin();
    char words[600];
    assert_int_equal(train("--output %s --time-limit 0.000001", p.part), 3);
    snprintf(words, sizeof words, "%s --output %s --resume", run(), p.part);
    assert_int_equal(truncate(p.state, 5000), 0);
    test_refused(fl_tool_train, "fl-train", words, 1, "checkpoint.h5");
    unlink(p.state);
    assert_int_equal(link(p.whole_model, p.state), 0);
    test_refused(fl_tool_train, "fl-train", words, 1, "another run");
    unlink(p.state);
    assert_int_equal(train("--output %s --save %s --resume", p.part, p.part_model), 0);
    assert_complete(&p);
    unlink(p.part);
    unlink(p.part_model);
    assert_int_equal(train("--output %s --time-limit 0.000001", p.part), 3);
    assert_int_equal(train("--output %s --save %s --force", p.part, p.part_model), 0);
    assert_complete(&p);
}

/* Starts the program. */
static pid_t start(const char *arguments) {
    const char *bin = getenv("FIXLAND_BIN");
    char text[2048], *argv[64], *save = NULL;
    int argc = 0;
    snprintf(text, sizeof text, "%s/fl-train %s %s", bin && *bin ? bin : "build/bin", run(),
             arguments);
    for (char *word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save))
        argv[argc++] = word;
    argv[argc] = NULL;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGINT, SIG_DFL);
        if (!freopen("/dev/null", "w", stderr))
            _exit(126);
        execv(argv[0], argv);
        _exit(127);
    }
    return child;
}

/* Sends the signal once a state of the network is there; the exit code or 128 + signal. */
static int interrupt(const paths *p, const char *arguments, int signal_number) {
    pid_t child = start(arguments);
    int status = 0;
    for (int k = 0; k < 20000 && !test_exists(p->state); k++) {
        if (waitpid(child, &status, WNOHANG) == child)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
    }
    kill(child, signal_number);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* On a busy machine the signal may come too late: then once more. */
static void interrupted_by(int signal_number, int code, const char *every) {
    paths p = begin();
    char arguments[1000];
    snprintf(arguments, sizeof arguments, "--threads 1 --checkpoint-every %s --output %s", every,
             p.part);
    int got = 0;
    for (int attempt = 0; attempt < 20 && got == 0; attempt++) {
        got = interrupt(&p, arguments, signal_number);
        if (got == 0)
            unlink(p.part);
    }
    assert_int_equal(got, code);
    assert_true(test_exists(p.journal) && !test_exists(p.part));
    assert_int_equal(train("--output %s --save %s --resume --threads 2", p.part, p.part_model), 0);
    assert_complete(&p);
}

static void by_sigint(void **state) {
    (void)state;
    interrupted_by(SIGINT, 3, "0");
}

static void by_sigterm(void **state) {
    (void)state;
    interrupted_by(SIGTERM, 3, "0");
}

static void by_sigkill(void **state) {
    (void)state;
    for (int round = 0; round < (test_fast() ? 1 : 4); round++) {
        test_scratch_empty();
        interrupted_by(SIGKILL, 128 + SIGKILL, round % 2 ? "0.01" : "0");
    }
}

/* Sweeps go through the journal of all tools. */
static void a_sweep_continues(void **state) {
    (void)state;
    static const char sweep[] = "sweep --data prototypes --features 20 --classes 3 --train 60 "
                                "--test 20 --hidden 10 --epochs 2 --jd 0:0.5:0.1 --seeds 2";
    char words[1200], whole[300], part[300], *out, *err;
    snprintf(whole, sizeof whole, "%s", test_path("whole.tsv"));
    snprintf(part, sizeof part, "%s", test_path("o.tsv"));
    snprintf(words, sizeof words, "%s --output %s --threads 2", sweep, whole);
    assert_int_equal(test_run_tool(fl_tool_train, "fl-train", words, NULL, NULL), 0);
    int code = 3, attempts = 0;
    while (code == 3 && attempts++ < 1000) { /* a little longer each time: the data are loaded first */
        snprintf(words, sizeof words, "%s --output %s --resume --time-limit %g --threads 1", sweep,
                 part, 0.001 * attempts);
        code = test_run_tool(fl_tool_train, "fl-train", words, &out, &err);
        free(out);
        free(err);
    }
    assert_int_equal(code, 0);
    char *a = data_of(whole), *b = data_of(part);
    assert_string_equal(a, b);
    free(a);
    free(b);
    snprintf(words, sizeof words, "%s --output %s --time-limit 0.001 --threads 1 --force", sweep,
             part);
    code = test_run_tool(fl_tool_train, "fl-train", words, &out, &err);
    free(out);
    free(err);
    snprintf(words, sizeof words, "%s.journal", part);
    if (code == 3 && test_exists(words)) {
        snprintf(words, sizeof words, "%s --output %s --resume --force --jd 0:0.5:0.05", sweep,
                 part);
        test_refused(fl_tool_train, "fl-train", words, 1, "jd");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(out_of_time_again_and_again, test_empty_scratch),
        cmocka_unit_test_setup(other_runs_are_refused, test_empty_scratch),
        cmocka_unit_test_setup(damaged_states, test_empty_scratch),
        cmocka_unit_test_setup(by_sigint, test_empty_scratch),
        cmocka_unit_test_setup(by_sigterm, test_empty_scratch),
        cmocka_unit_test_setup(by_sigkill, test_empty_scratch),
        cmocka_unit_test_setup(a_sweep_continues, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("tool_train_resume", tests, NULL, NULL);
}
