/* fl-train as a program and in process: stopped, killed and out of time, then continued, it writes
 * what an uninterrupted run writes, table and model. */
#include "tests/support/support.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fixland/dataset.h"
#include "fixland/replicas.h"
#include "fixland/tools.h"
#include "fixland/model.h"
#include "tests/support/files.h"
#include "tests/support/program.h"
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
    fl_model a, b;
    assert_ok(fl_model_read(&a, one));
    assert_ok(fl_model_read(&b, other));
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
    fl_model_clear(&a);
    fl_model_clear(&b);
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
    fl_model m;
    assert_int_equal(train("--output %s --time-limit 0.000001", p.part), 3);
    assert_int_equal(train("--output %s --time-limit 0.000001 --resume", p.part), 3);
    char words[600];
    test_refused_of(fl_tool_train, "fl-train", 1, "--resume continues it", "%s --output %s", run(),
                    p.part);
    static const char *const others[] = {"--seed 5",      "--jd 0.75",      "--epochs 13",
                                         "--flip 0.125",  "--data-seed 2",  "--update async",
                                         "--features 41", "--preset rule-h"};
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
        test_refused_of(fl_tool_train, "fl-train", 1, "other parameters",
                        "%s --output %s --resume %s", run(), p.part, others[k]);
    }
    assert_ok(fl_model_read(&m, p.state)); /* the state is a model file */
    assert_int_equal(m.epoch, 2);
    fl_model_clear(&m);
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

/* Four IDX files of drawn digits into the scratch folder. */
static void write_images(uint64_t seed) {
    for (unsigned part = 0; part < 2; part++) {
        fl_images images;
        char pixels[400], labels[400];
        snprintf(pixels, sizeof pixels, "%s/%s-images-idx3-ubyte", test_path(""),
                 part ? "t10k" : "train");
        snprintf(labels, sizeof labels, "%s/%s-labels-idx1-ubyte", test_path(""),
                 part ? "t10k" : "train");
        assert_ok(fl_digits_draw(&images, 60, 10, seed, part, 1));
        assert_ok(fl_images_write(&images, pixels, labels, 1));
        fl_images_clear(&images);
    }
}

/* A run does not go on with other images under the old name: train, sweep, baseline. */
static void exchanged_data_are_refused(void **state) {
    (void)state;
    static const char *const modes[] = {"train --epochs 3", "sweep --jd 0,0.5 --epochs 3 --seeds 2",
                                        "baseline --epochs 3 --seeds 3"};
    char words[1200], journal[400];
    snprintf(journal, sizeof journal, "%s.journal", test_path("o.tsv"));
    for (size_t k = 0; k < 3; k++) {
        snprintf(words, sizeof words,
                 "%s --data %s --train 60 --test 60 --features 20 --hidden 10 --threads 1 "
                 "--output %s --resume",
                 modes[k], test_path(""), test_path("o.tsv"));
        for (int attempt = 0; attempt < 50 && !test_exists(journal); attempt++) {
            char limited[1300], *out, *err;
            write_images(1);
            unlink(test_path("o.tsv"));
            snprintf(limited, sizeof limited, "%s --time-limit %g", words, 0.002 * (attempt + 1));
            test_run_tool(fl_tool_train, "fl-train", limited, &out, &err);
            free(out);
            free(err);
        }
        assert_true(test_exists(journal));
        write_images(2);
        test_refused(fl_tool_train, "fl-train", words, 1, "other parameters");
        write_images(1);
        fl_frame f = test_table(fl_tool_train, "fl-train", words);
        fl_frame_clear(&f);
        unlink(test_path("o.tsv"));
    }
}

/* A journal that lost its last rows, which the state of the network still has, costs nothing. */
static void a_shorter_journal(void **state) {
    (void)state;
    paths p = begin();
    char copy[400], command[1200];
    snprintf(copy, sizeof copy, "%s", test_path("journal.copy"));
    assert_int_equal(train("--output %s --time-limit 0.000001", p.part), 3);
    assert_int_equal(train("--output %s --time-limit 0.000001 --resume", p.part), 3);
    snprintf(command, sizeof command, "cp %s %s", p.journal, copy);
    assert_int_equal(system(command), 0);
    assert_int_equal(train("--output %s --time-limit 0.000001 --resume", p.part), 3);
    assert_int_equal(rename(copy, p.journal), 0);
    fl_model m;
    assert_ok(fl_model_read(&m, p.state));
    assert_int_equal(m.epoch, 3);
    assert_true(m.rows != NULL);
    fl_model_clear(&m);
    assert_int_equal(train("--output %s --time-limit 0.000001 --resume", p.part), 3);
    assert_ok(fl_model_read(&m, p.state)); /* went on, and did not begin again */
    assert_int_equal(m.epoch, 4);
    fl_model_clear(&m);
    assert_int_equal(train("--output %s --save %s --resume", p.part, p.part_model), 0);
    assert_complete(&p);
}

/* Of processors, by programs that have ended: the same however busy the machine is. */
static double seconds_spent(void) {
    struct rusage u;
    getrusage(RUSAGE_CHILDREN, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* Starts the program. */
static pid_t start(const char *arguments) {
    char words[2048];
    snprintf(words, sizeof words, "%s %s", run(), arguments);
    return test_start("fl-train", words, "/dev/null");
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
    return test_finish(child);
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

/* Within an epoch that takes longer: the end comes within two seconds of work. */
static void a_long_epoch_is_stopped(void **state) {
    (void)state;
    if (test_fast())
        skip();
    static const char *const modes[] = {"train", "capacity --preset reference-large --load 40",
                                        "baseline --kind mlp"};
    const char *bin = getenv("FIXLAND_BIN");
    for (size_t k = 0; k < 3; k++) {
        char command[1200];
        snprintf(command, sizeof command,
                 "timeout -s TERM 1 %s/fl-train %s %s --hidden 2000 --epochs 1000 --threads 1 "
                 "--quiet --output %s 2>/dev/null; test $? = 124",
                 bin && *bin ? bin : "build/bin", modes[k],
                 k == 1 ? "--seeds 1" : "--data prototypes --train 20000 --features 200",
                 test_path("o.tsv"));
        double begin = seconds_spent();
        assert_int_equal(system(command), 0);
        double took = seconds_spent() - begin;
        if (!(took < 1 + 2)) /* the signal comes after one */
            fail_msg("%s: %g s", modes[k], took);
        test_scratch_empty();
    }
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
    while (code == 3 &&
           attempts++ < 1000) { /* a little longer each time: the data are loaded first */
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
        test_refused_of(fl_tool_train, "fl-train", 1, "jd",
                        "%s --output %s --resume --force --jd 0:0.5:0.05", sweep, part);
    }
}

/* Trainings and epochs of each mode; some hundred short ones, so that a time limit falls between. */
#define SHORT_DATA "--data prototypes --features 20 --classes 3 --train 60 --test 20 "

static const char *const mode_words[] = {
    "train " SHORT_DATA "--hidden 10 --epochs 200 --checkpoint-every 0",
    "sweep " SHORT_DATA "--hidden 10 --epochs 2 --jd 0,0.5 --seeds 100",
    "capacity --hidden 10 --epochs 2 --load 1,2 --seeds 100",
    "baseline " SHORT_DATA "--hidden 10 --epochs 2 --seeds 100",
    "continual " SHORT_DATA "--hidden 10 --epochs 1 --seeds 100 --tasks 0/1,2",
};

enum { MODES = sizeof mode_words / sizeof *mode_words };

static void stop_within_mode(const char *words) {
    char limited[1200];
    snprintf(limited, sizeof limited, "%s --threads 1", words);
    test_stop_within(fl_tool_train, "fl-train", limited, test_path("o.tsv"));
}

static void checkpoints_of_other_modes(void **state) {
    for (size_t k = 0; k < MODES; k++) {
        stop_within_mode(mode_words[k]);
        for (size_t other = 0; other < MODES; other++) {
            char words[1200];
            snprintf(words, sizeof words, "%s --output %s --resume", mode_words[other],
                     test_path("o.tsv"));
            if (other != k)
                test_refused(fl_tool_train, "fl-train", words, 1, "mode");
        }
        test_empty_scratch(state);
    }
}

static fl_status work_forged(uint64_t task, void *context, fl_result *result) {
    const size_t *length = context;
    (void)task;
    *result = (fl_result){calloc(1, *length), *length};
    return result->data ? FL_OK : FL_ENOMEM;
}

static fl_status emit_forged(uint64_t task, void *context, const void *data, size_t length) {
    (void)task;
    (void)context;
    (void)data;
    (void)length;
    return FL_OK;
}

/* Puts other records into a journal, under the fingerprint that it has: a line, the length, the
 * text. */
static void forge_records(const char *path, const char *kind, uint64_t tasks, size_t length) {
    enum { LINE = sizeof "fixland journal 1\n" - 1 };
    unsigned char bytes[LINE + 4];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, sizeof bytes, file), sizeof bytes);
    size_t size = bytes[LINE] + 256u * bytes[LINE + 1];
    char *fingerprint = calloc(1, size + 1);
    assert_int_equal(fread(fingerprint, 1, size, file), size);
    fclose(file);
    fl_replicas loop = {.tasks = tasks,
                        .effort = {.threads = 1},
                        .context = &length,
                        .work = work_forged,
                        .emit = emit_forged,
                        .record = {.kind = kind}};
    assert_ok(fl_journal_open(&loop.journal, path, fingerprint, false, true));
    assert_ok(fl_replicas_run(&loop));
    assert_ok(fl_journal_close(loop.journal, false));
    free(fingerprint);
}

/* The run is the same, the records are not: of another kind, number or length. */
static void records_of_other_kinds(void **state) {
    static const char *const kinds[MODES] = {"epochs of a training", "last epochs of trainings",
                                             "recalls of trained networks", "epochs of baselines",
                                             "accuracies task by task"};
    static const uint64_t tasks[MODES] = {200, 200, 200, 300, 200};
    for (size_t k = 0; k < MODES; k++) {
        char words[1200], journal[400];
        snprintf(journal, sizeof journal, "%s", test_path("o.tsv.journal"));
        snprintf(words, sizeof words, "%s --output %s --resume", mode_words[k], test_path("o.tsv"));
        stop_within_mode(mode_words[k]);
        forge_records(journal, "other things", tasks[k], 8);
        test_refused(fl_tool_train, "fl-train", words, 1, kinds[k]);
        forge_records(journal, kinds[k], tasks[k] + 1, 8);
        test_refused(fl_tool_train, "fl-train", words, 1, "tasks");
        forge_records(journal, kinds[k], tasks[k], 8);
        test_refused(fl_tool_train, "fl-train", words, 1, "another shape");
        test_empty_scratch(state);
    }
}

/* The model may be asked for, or no longer, when a run is continued: in its middle, and after all
 * epochs, where the model could not be written (and so no table appeared, and nothing was lost). */
static void save_added_or_taken_away(void **state) {
    (void)state;
    paths p = begin();
    for (int added = 0; added < 2; added++)
        for (int late = 0; late < 2; late++) {
            const char *first = late ? "--save /dev/null" : "--time-limit 0.000001";
            char save[400];
            snprintf(save, sizeof save, "--save %s", p.part_model);
            assert_int_equal(train("--output %s %s %s", p.part, first, late || added ? "" : save),
                             late ? 1 : 3);
            assert_true(test_exists(p.journal) && !test_exists(p.part) &&
                        !test_exists(p.part_model));
            assert_int_equal(train("--output %s --resume %s", p.part, added ? save : ""), 0);
            assert_int_equal(test_exists(p.part_model), added);
            if (added)
                assert_same_models(p.whole_model, p.part_model);
            char *a = data_of(p.whole), *b = data_of(p.part);
            assert_string_equal(a, b);
            free(a);
            free(b);
            assert_false(test_exists(p.journal) || test_exists(p.state));
            unlink(p.part);
            unlink(p.part_model);
        }
}

/* A run killed between its model and its table: the next one replaces the model. A model of another
 * run stays, and so does the checkpoint. */
static void a_model_without_its_table(void **state) {
    (void)state;
    paths p = begin();
    assert_int_equal(train("--output %s --time-limit 0.000001", p.part), 3);
    assert_int_equal(rename(p.whole_model, p.part_model), 0);
    assert_int_equal(train("--output %s --save %s --resume", p.part, p.part_model), 0);
    assert_int_equal(rename(p.part_model, p.whole_model), 0);
    unlink(p.part);
    assert_int_equal(train("--output %s --save %s --jd 0.25", p.part, p.part_model), 0);
    unlink(p.part);
    assert_int_equal(train("--output %s --time-limit 0.000001", p.part), 3);
    test_refused_of(fl_tool_train, "fl-train", 1, "exists already",
                    "%s --output %s --save %s --resume", run(), p.part, p.part_model);
    unlink(p.part_model);
    assert_int_equal(train("--output %s --save %s --resume", p.part, p.part_model), 0);
    assert_complete(&p);
}

/* Neither where the table cannot be written; a model that was there stays. */
static void no_model_without_a_table(void **state) {
    (void)state;
    paths p = begin();
    test_refused_of(fl_tool_train, "fl-train", 1, "/dev/full", "%s --output /dev/full --save %s",
                    run(), p.part_model);
    assert_int_equal(train("--output %s --save %s --jd 0.25", p.part, p.part_model), 0);
    assert_int_equal(rename(p.part_model, p.part), 0);
    assert_int_equal(link(p.part, p.part_model), 0);
    test_refused_of(fl_tool_train, "fl-train", 1, "/dev/full",
                    "%s --output /dev/full --force --save %s", run(), p.part_model);
    assert_same_models(p.part, p.part_model);
}

/* Table and model in one file, also where it has two names. */
static void model_and_table_are_two_files(void **state) {
    (void)state;
    paths p = begin();
    test_refused_of(fl_tool_train, "fl-train", 2, "two different files", "%s --output %s --save %s",
                    run(), p.part, p.part);
    assert_int_equal(symlink(p.whole_model, p.part), 0);
    test_refused_of(fl_tool_train, "fl-train", 2, "two different files",
                    "%s --output %s --save %s --force", run(), p.part, p.whole_model);
    test_refused_of(fl_tool_train, "fl-train", 2, "two different files",
                    "overlaps %s --output %s --states %s", p.whole_model, p.part_model,
                    p.part_model);
    test_refused_of(fl_tool_train, "fl-train", 2, "two different files",
                    "export %s --output %s --network %s", p.whole_model, p.part_model,
                    p.part_model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(out_of_time_again_and_again, test_empty_scratch),
        cmocka_unit_test_setup(other_runs_are_refused, test_empty_scratch),
        cmocka_unit_test_setup(damaged_states, test_empty_scratch),
        cmocka_unit_test_setup(exchanged_data_are_refused, test_empty_scratch),
        cmocka_unit_test_setup(a_shorter_journal, test_empty_scratch),
        cmocka_unit_test_setup(a_long_epoch_is_stopped, test_empty_scratch),
        cmocka_unit_test_setup(by_sigint, test_empty_scratch),
        cmocka_unit_test_setup(by_sigterm, test_empty_scratch),
        cmocka_unit_test_setup(by_sigkill, test_empty_scratch),
        cmocka_unit_test_setup(a_sweep_continues, test_empty_scratch),
        cmocka_unit_test_setup(checkpoints_of_other_modes, test_empty_scratch),
        cmocka_unit_test_setup(records_of_other_kinds, test_empty_scratch),
        cmocka_unit_test_setup(save_added_or_taken_away, test_empty_scratch),
        cmocka_unit_test_setup(a_model_without_its_table, test_empty_scratch),
        cmocka_unit_test_setup(no_model_without_a_table, test_empty_scratch),
        cmocka_unit_test_setup(model_and_table_are_two_files, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("tool_train_resume", tests, NULL, NULL);
}
