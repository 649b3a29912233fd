/* Tools that sample networks, each of them the same way: killed and continued, in shards, continued
 * with other options. One of them does not exist: fl-toy. The tools run in child processes. */
#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fixland/store.h"
#include "fixland/tools.h"
#include "tests/support/files.h"
#include "tests/support/support.h"
#include "tests/support/tools.h"
#include "tests/support/toy_tool.h"

typedef struct sampler {
    test_tool run;
    const char *name;
    const char *words; /* a run of some tenths of a second, of many tasks */
    const char *other; /* the words of another mode */
    bool stores, shards;
} sampler;

static const sampler samplers[] = {
    {toy_main, "fl-toy", "--n 100,200 --jd 0,0.5 --samples 40 --seed 3", NULL, true, true},
    {fl_tool_enumerate, "fl-enumerate", "--n 12,16 --jd 0.3,0.5 --samples 500 --seed 4", NULL, true,
     false},
    {fl_tool_count, "fl-count", "run --n 16,20 --jd 0.5 --samples 6 --population 3000 --sweeps 4",
     "check --n 16,20 --jd 0.5 --samples 6 --population 3000 --sweeps 4", true, true},
    {fl_tool_access, "fl-access", "run --n 40,120 --jd 0.3,0.5 --samples 40 --per-sample", NULL,
     true, true},
    {fl_tool_access, "fl-access", "run --n 40,120 --jd 0.3,0.5 --samples 40", NULL, true, false},
    {fl_tool_overlap, "fl-overlap", "histogram --n 14,17 --jd 0.5 --samples 40",
     "sizes --n 14,17 --jd 0.5 --samples 40", false, false},
    {fl_tool_overlap, "fl-overlap", "clusters --n 14,17 --jd 0.5 --samples 30 --radius 2",
     "gap --n 14,17 --jd 0.5 --samples 30", false, false},
};

enum { SAMPLERS = sizeof samplers / sizeof *samplers };

/* In the child: does not come back. */
static void become(const sampler *s, const char *arguments) {
    char text[3000], *argv[80], *save = NULL;
    int argc = 0;
    snprintf(text, sizeof text, "%s %s", s->name, arguments);
    for (char *word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save))
        argv[argc++] = word;
    argv[argc] = NULL;
    if (!freopen("/dev/null", "w", stdout))
        _exit(126);
    int code = s->run(argc, argv);
    fflush(NULL);
    _exit(code);
}

/* Runs the tool in a child, with stderr in the file "err"; kills it after some milliseconds (0:
 * never). Exit code, or 128 and the signal. */
static int run_child(const sampler *s, const char *arguments, long kill_after) {
    char err[512];
    int status;
    strcpy(err, test_path("err"));
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (!freopen(err, "w", stderr))
            _exit(126);
        become(s, arguments);
    }
    if (kill_after) {
        nanosleep(&(struct timespec){.tv_nsec = kill_after * 1000000}, NULL);
        kill(child, SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void run_well(const sampler *s, const char *arguments) {
    int code = run_child(s, arguments, 0);
    char *err = test_slurp(test_path("err"));
    if (code != 0)
        fail_msg("%s %s: exit %d: %s", s->name, arguments, code, err);
    free(err);
}

/* One sentence that holds `word`, exit code 1 (or 2). */
static void run_refused(const sampler *s, const char *arguments, const char *word) {
    int code = run_child(s, arguments, 0);
    char *err = test_slurp(test_path("err")), *newline = strchr(err, '\n');
    if ((code != 1 && code != 2) || !newline || newline[1] || !strstr(err, word))
        fail_msg("%s %s: exit %d, without '%s': %s", s->name, arguments, code, word, err);
    free(err);
}

static void assert_same_rows(const sampler *s, const char *a, const char *b) {
    char *one = test_rows_of(a), *two = test_rows_of(b);
    if (strcmp(one, two) != 0)
        fail_msg("%s %s: %s and %s differ", s->name, s->words, a, b);
    assert_true(*one);
    free(one);
    free(two);
}

static void assert_same_stores(const char *a, const char *b) {
    fl_store_reader *one, *two;
    const fl_store_set *sets, *others;
    size_t count, count2;
    assert_ok(fl_store_open(&one, test_path(a)));
    assert_ok(fl_store_open(&two, test_path(b)));
    assert_ok(fl_store_sets(one, &sets, &count));
    assert_ok(fl_store_sets(two, &others, &count2));
    assert_true(count == count2 && count > 0);
    assert_memory_equal(sets, others, count * sizeof *sets);
    for (size_t k = 0; k < count; k++) {
        uint64_t x[1 << 12], y[1 << 12], some = sets[k].count < 500 ? sets[k].count : 500;
        assert_ok(fl_store_read(one, &sets[k], 0, some, x));
        assert_ok(fl_store_read(two, &others[k], 0, some, y));
        for (uint64_t w = 0; w < some * ((sets[k].n + 63) / 64); w++)
            assert_true(x[w] == y[w]);
    }
    fl_store_reader_close(one);
    fl_store_reader_close(two);
}

/* "WORDS --output FILE EXTRA", with FILE and %s of `extra` in the scratch folder. */
static const char *line(const char *words, const char *file, const char *extra) {
    static char text[2500];
    char path[512];
    strcpy(path, test_path(file));
    snprintf(text, sizeof text, "%s --output %s %s", words, path, extra);
    return text;
}

/* "--store FILE" in the scratch folder. */
static const char *store(const char *file) {
    static char text[600];
    snprintf(text, sizeof text, "--store %s", test_path(file));
    return text;
}

/* Leaves o.tsv.journal of a run that was stopped within, whatever the speed of the machine. */
static void stop_within(const sampler *s, const char *words, const char *extra) {
    char more[700];
    double limit = 0.05;
    for (int k = 0; k < 200; k++) {
        snprintf(more, sizeof more, "%s --threads 1 --time-limit %g", extra, limit);
        int code = run_child(s, line(words, "o.tsv", more), 0);
        if (code == 3 && test_exists(test_path("o.tsv.journal")))
            return;
        assert_true(code == 3 || code == 0);
        limit *= code == 3 ? 1.3 : 0.8; /* before the first task, after the last */
        remove(test_path("o.tsv"));
        remove(test_path("late.h5"));
    }
    fail_msg("%s %s: never stopped within", s->name, words);
}

/* Killed at random moments until it is done. */
static void killed_and_continued(const sampler *s) {
    fl_rng rng = test_stream("kill");
    char with[600] = "", more[700];
    if (s->stores)
        strcpy(with, store("whole.h5"));
    run_well(s, line(s->words, "whole.tsv", with));
    if (s->stores)
        strcpy(with, store("o.h5"));
    int code = 128 + SIGKILL;
    for (int k = 0; code == 128 + SIGKILL && k < 12 && !test_exists(test_path("o.tsv")); k++) {
        snprintf(more, sizeof more, "%s --resume --threads %d", with, 1 + k % 3);
        long patience = 10 + (long)fl_rng_below(&rng, 100) * (k + 1);
        code = run_child(s, line(s->words, "o.tsv", more), patience < 900 ? patience : 900);
    }
    snprintf(more, sizeof more, "%s --resume", with);
    if (!test_exists(test_path("o.tsv")))
        run_well(s, line(s->words, "o.tsv", more));
    assert_same_rows(s, "whole.tsv", "o.tsv");
    if (s->stores)
        assert_same_stores("whole.h5", "o.h5");
}

static void kills(void **state) {
    (void)state;
    for (size_t k = 0; k < SAMPLERS; k++) {
        killed_and_continued(&samplers[k]);
        test_empty_scratch(state);
    }
}

/* "a.tsv1 a.tsv2 ..." of the parts that are kept, in the scratch folder. */
static const char *part_names(const char *stem, int shards, int left_out) {
    static char names[6000];
    *names = 0;
    for (int k = shards; k >= 1; k--) {
        char name[40];
        snprintf(name, sizeof name, "%s%d", stem, k);
        if (k != left_out)
            strcat(strcat(names, " "), test_path(name));
    }
    return names;
}

static const sampler merger = {fl_tool_merge, "fl-merge", "", NULL, false, false};

/* fl-merge makes the whole of the parts, and tells of a part that is missing. */
static void merged(const sampler *s, int shards) {
    run_well(&merger, line(part_names("part.tsv", shards, 0), "merged.tsv", ""));
    assert_same_rows(s, "whole.tsv", "merged.tsv");
    run_refused(&merger, line(part_names("part.tsv", shards, 2), "less.tsv", ""), "shard 2 of");
    run_well(&merger, line(part_names("part.tsv", shards, 2), "missing.tsv", "--missing"));
    char *missing = test_rows_of("missing.tsv"), expected[40];
    snprintf(expected, sizeof expected, "2 %d\n", shards);
    assert_string_equal(missing, expected);
    free(missing);
    run_well(&merger, line(part_names("part.h5", shards, 0), "merged.h5", ""));
    assert_same_stores("whole.h5", "merged.h5");
}

/* Rows of the parts, one after the other, are the rows of the whole; some parts may be empty. */
static void in_shards(const sampler *s, const char *words, int shards) {
    char all[1 << 16] = "", extra[700], name[40], file[40];
    run_well(s, line(words, "whole.tsv", store("whole.h5")));
    for (int k = 1; k <= shards; k++) {
        snprintf(name, sizeof name, "part.h5%d", k);
        snprintf(file, sizeof file, "part.tsv%d", k);
        snprintf(extra, sizeof extra, "--shard %d/%d %s", k, shards, store(name));
        run_well(s, line(words, file, extra));
        char *rows = test_rows_of(file);
        assert_true(strlen(all) + strlen(rows) < sizeof all);
        strcat(all, rows);
        free(rows);
    }
    char *whole = test_rows_of("whole.tsv");
    assert_string_equal(all, whole);
    free(whole);
    merged(s, shards);
}

static void shards(void **state) {
    static const char *const words[] = {
        "--n 8,20 --jd 0,0.5 --samples 4", "",
        "run --n 8,10 --jd 0.5 --samples 3 --population 600 --sweeps 2",
        "run --n 8,20 --jd 0.5 --samples 4 --per-sample"};
    for (size_t k = 0; k < SAMPLERS; k++)
        for (int parts = 2; samplers[k].shards && parts <= 10; parts += 4) {
            in_shards(&samplers[k], words[k], parts);
            test_empty_scratch(state);
        }
}

/* Shards of every tool that has them, joined: what one run writes with `whole`. */
typedef struct joint {
    sampler s;
    const char *whole, *merge; /* more words for the run and for fl-merge */
    bool resumes;
} joint;

#define DATA "--train 60 --test 30 --epochs 2 --data prototypes --features 20 --classes 3 "

static const joint joints[] = {
    {{fl_tool_enumerate, "fl-enumerate", "--n 12,14 --jd 0.3,0.5 --samples 9", NULL, false, true},
     "--summary",
     "--summary",
     true},
    {{fl_tool_count, "fl-count",
      "--n 16,20 --jd 0.3,0.5 --samples 3 --population 600 --method both", NULL, false, true},
     "--summary",
     "--summary",
     true},
    {{fl_tool_count, "fl-count",
      "--n 16 --margin 0.1 --jd 0.5 --input-strength 0.4 --samples 4 "
      "--population 600",
      NULL, false, true},
     "--summary",
     "--summary",
     true},
    {{fl_tool_access, "fl-access",
      "run --n 30,40 --jd 0.3,0.5 --samples 4 --algorithm async,sync "
      "--replicas 2",
      NULL, false, true},
     "",
     "--summary",
     true},
    {{fl_tool_message, "fl-message", "solve --n 40,50 --jd 0.3,0.5 --samples 4 --per-sample", NULL,
      false, true},
     "--per-sample=no",
     "--summary",
     true},
    {{fl_tool_message, "fl-message", "local --n 30 --jd 0.5,0.6 --samples 4 --gamma 0.4:1.2:0.2",
      NULL, false, true},
     "--summary",
     "--summary",
     true},
    {{fl_tool_message, "fl-message",
      "perceptron --n 30,40 --alpha 0.4,0.6 --samples 4 --rate 0.02", NULL, false, true},
     "",
     "",
     true},
    {{fl_tool_overlap, "fl-overlap", "histogram --n 10,12 --jd 0.3,0.5 --samples 5", NULL, false,
      true},
     "",
     "",
     true},
    {{fl_tool_overlap, "fl-overlap", "histogram --n 8 --jd 0.5 --samples 60 --test", NULL, false,
      true},
     "",
     "",
     true},
    {{fl_tool_overlap, "fl-overlap", "histogram --n 9 --jd 0.5 --samples 6 --input-strength 0.4",
      NULL, false, true},
     "",
     "",
     true},
    {{fl_tool_overlap, "fl-overlap", "clusters --n 10,12 --jd 0.3,0.5 --samples 5 --radius 1,2",
      NULL, false, true},
     "--summary",
     "--summary",
     true},
    {{fl_tool_overlap, "fl-overlap", "clusters --n 10,12 --jd 0,0.5 --samples 5", NULL, false,
      true},
     "",
     "",
     true},
    {{fl_tool_overlap, "fl-overlap", "sizes --n 10,12 --jd 0.3 --samples 5", NULL, false, true},
     "",
     "",
     true},
    {{fl_tool_overlap, "fl-overlap", "gap --n 10,12 --jd 0.3 --samples 5 --q 0,0.4 --m 2,3", NULL,
      false, true},
     "",
     "",
     true},
    {{fl_tool_train, "fl-train",
      "continual --tasks 0/1,2 --hidden 20 --seeds 3 --beside linear " DATA, NULL, false, true},
     "",
     "",
     true},
    {{fl_tool_train, "fl-train", "sweep --jd 0,0.5 --hidden 20,30 --seeds 3 " DATA, NULL, false,
      true},
     "",
     "",
     true},
    {{fl_tool_train, "fl-train",
      "capacity --hidden 16 --load 0.25,0.5 --modules 1,2 --flip 0,0.1 "
      "--seeds 2 --epochs 3",
      NULL, false, true},
     "",
     "",
     true},
    {{fl_tool_train, "fl-train", "baseline --kind linear,mlp --hidden 8 --seeds 2 " DATA, NULL,
      false, true},
     "",
     "",
     true},
    {{fl_tool_dmft, "fl-dmft",
      "trace --jd 0.3,0.5 --p 1,0.5 --time 4 --trajectories 64 "
      "--repetitions 2",
      NULL, false, true},
     "",
     "",
     true},
    {{fl_tool_dmft, "fl-dmft",
      "threshold --unstable 0.05,0.06,0.07,0.08,0.1 --trajectories 16 "
      "--repetitions 2",
      NULL, false, true},
     "",
     "",
     true},
};

/* Tables FILE1 to FILEcount, and the joined one. */
static void forget_parts(const char *stem, int count) {
    for (int k = 1; k <= count; k++) {
        char name[40];
        snprintf(name, sizeof name, "%s%d", stem, k);
        remove(test_path(name));
    }
    remove(test_path("merged.tsv"));
}

/* The middle one is killed on its way, and continued. */
static void run_parts(const joint *x, int shards) {
    for (int k = 1; k <= shards; k++) {
        char extra[60], file[40], path[512];
        snprintf(file, sizeof file, "part.tsv%d", k);
        strcpy(path, test_path(file));
        snprintf(extra, sizeof extra, "--shard %d/%d", k, shards);
        if (x->resumes && k == 1 + shards / 2) {
            run_child(&x->s, line(x->s.words, file, extra), 12);
            strcat(extra, " --resume");
        }
        if (!test_exists(path))
            run_well(&x->s, line(x->s.words, file, extra));
    }
}

static char *columns_of(const char *file) {
    char *text = test_slurp(test_path(file)), *begin = strstr(text, "# columns:");
    assert_non_null(begin);
    char *columns = strndup(begin, strcspn(begin, "\n"));
    free(text);
    return columns;
}

static void joined_is_whole(const joint *x, int shards) {
    char names[2000];
    run_parts(x, shards);
    run_well(&merger, line(part_names("part.tsv", shards, 0), "merged.tsv", x->merge));
    assert_same_rows(&x->s, "whole.tsv", "merged.tsv");
    char *a = columns_of("whole.tsv"), *b = columns_of("merged.tsv");
    assert_string_equal(a, b);
    free(a);
    free(b);
    if (shards == 1)
        return;
    run_refused(&merger, line(part_names("part.tsv", shards, 2), "less.tsv", x->merge),
                "shard 2 of");
    snprintf(names, sizeof names, "%s %s", part_names("part.tsv", shards, 0),
             test_path("part.tsv1"));
    run_refused(&merger, line(names, "less.tsv", x->merge), "both shard 1");
    run_well(&x->s, line(x->s.words, "part.tsv1", "--shard 1/3 --seed 99 --force"));
    run_refused(&merger, line(part_names("part.tsv", shards, 0), "less.tsv", x->merge), "seed");
}

/* One number of shards each; FIXLAND_LONG=1: all of them; the fast subset: those with three. */
static void shards_of_all_tools(void **state) {
    static const int numbers[] = {1, 3, 7};
    for (size_t k = 0; k < sizeof joints / sizeof *joints; k++) {
        if (test_fast() && k % 3 != 1)
            continue;
        run_well(&joints[k].s, line(joints[k].s.words, "whole.tsv", joints[k].whole));
        for (size_t i = 0; i < 3; i++) {
            if (i != k % 3 && !getenv("FIXLAND_LONG"))
                continue;
            joined_is_whole(&joints[k], numbers[i]);
            forget_parts("part.tsv", 7);
        }
        test_empty_scratch(state);
    }
}

/* What a run did not keep cannot be stored by the one that continues it; what it kept in vain does
 * no harm. */
static void stores_come_and_go(void **state) {
    for (size_t k = 0; k < SAMPLERS; k++) {
        const sampler *s = &samplers[k];
        bool keeps = s->run != toy_main; /* fl-toy keeps its configurations in any case */
        char more[700];
        if (!s->stores)
            continue;
        stop_within(s, s->words, "");
        snprintf(more, sizeof more, "%s --resume", store("late.h5"));
        if (keeps)
            run_refused(s, line(s->words, "o.tsv", more), "configurations");
        assert_false(test_exists(test_path("late.h5")) || test_exists(test_path("o.tsv")));
        run_well(s, line(s->words, "o.tsv", "--resume"));
        run_well(s, line(s->words, "whole.tsv", ""));
        assert_same_rows(s, "whole.tsv", "o.tsv");
        remove(test_path("o.tsv"));
        stop_within(s, s->words, store("late.h5"));
        assert_false(test_exists(test_path("late.h5")));
        run_well(s, line(s->words, "o.tsv", "--resume"));
        assert_same_rows(s, "whole.tsv", "o.tsv");
        test_empty_scratch(state);
    }
}

/* Another shard's checkpoint, and another mode's. */
static void checkpoints_of_others(void **state) {
    for (size_t k = 0; k < SAMPLERS; k++) {
        const sampler *s = &samplers[k];
        if (s->shards || s->stores) {
            stop_within(s, s->words, "--shard 1/2");
            run_refused(s, line(s->words, "o.tsv", "--shard 2/2 --resume"), "shard");
            run_refused(s, line(s->words, "o.tsv", "--shard 1/3 --resume"), "shard");
            run_refused(s, line(s->words, "o.tsv", "--resume"), "shard");
            test_empty_scratch(state);
        }
        if (s->other) {
            stop_within(s, s->words, "");
            run_refused(s, line(s->other, "o.tsv", "--resume"), "mode");
            test_empty_scratch(state);
        }
    }
}

/* A run killed between its store and its table: the next one replaces the store. */
static void a_store_without_its_table(void **state) {
    for (size_t k = 0; k < SAMPLERS; k++) {
        const sampler *s = &samplers[k];
        char more[700], copy[1100];
        if (!s->stores)
            continue;
        run_well(s, line(s->words, "whole.tsv", store("late.h5")));
        snprintf(copy, sizeof copy, "cp %s/late.h5 %s/kept.h5", test_path(""), test_path(""));
        assert_int_equal(test_run_shell(copy, NULL, NULL), 0);
        remove(test_path("late.h5"));
        stop_within(s, s->words, store("late.h5"));
        assert_int_equal(rename(test_path("kept.h5"), strcpy(copy, test_path("late.h5"))), 0);
        snprintf(more, sizeof more, "%s --resume", store("late.h5"));
        run_well(s, line(s->words, "o.tsv", more));
        assert_same_rows(s, "whole.tsv", "o.tsv");
        /* but not another run's store */
        remove(test_path("o.tsv"));
        remove(test_path("late.h5"));
        snprintf(more, sizeof more, "%s --seed 77", store("late.h5"));
        run_well(s, line(s->words, "other.tsv", more));
        remove(test_path("o.tsv"));
        snprintf(more, sizeof more, "%s --resume", store("late.h5"));
        run_refused(s, line(s->words, "o.tsv", more), "late.h5");
        test_empty_scratch(state);
    }
}

/* Table and store under one name; a table that cannot be written leaves no store. */
static void outputs_stay_apart(void **state) {
    for (size_t k = 0; k < SAMPLERS; k++) {
        const sampler *s = &samplers[k];
        char words[900], path[512];
        strcpy(path, test_path("one"));
        if (!s->stores)
            continue;
        run_refused(s, line(s->words, "one", store("one")), "one");
        snprintf(words, sizeof words, "%s --output /dev/full %s", s->words, store("one"));
        run_refused(s, words, "/dev/full");
        assert_false(test_exists(path));
        fl_store *old;
        assert_ok(fl_store_create(&old, path, false, NULL));
        assert_ok(fl_store_close(old));
        snprintf(words, sizeof words, "%s --output /dev/full --force %s", s->words, store("one"));
        char *before = test_slurp(path);
        run_refused(s, words, "/dev/full");
        char *after = test_slurp(path);
        assert_string_equal(before, after); /* the old one is still there */
        free(before);
        free(after);
        test_empty_scratch(state);
    }
}

static void the_toy_tells_of_itself(void **state) {
    (void)state;
    char *out, *err;
    assert_int_equal(test_run_tool(toy_main, "fl-toy", "--help", &out, &err), 0);
    static const char *const parts[] = {"\nColumns:\n",   "stable neurons of the configuration",
                                        "--shard I/K",    "--resume",
                                        "--network FILE", "default 16"};
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
        assert_non_null(strstr(out, parts[k]));
    free(out);
    free(err);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(kills, test_empty_scratch),
        cmocka_unit_test_setup(shards, test_empty_scratch),
        cmocka_unit_test_setup(shards_of_all_tools, test_empty_scratch),
        cmocka_unit_test_setup(stores_come_and_go, test_empty_scratch),
        cmocka_unit_test_setup(checkpoints_of_others, test_empty_scratch),
        cmocka_unit_test_setup(a_store_without_its_table, test_empty_scratch),
        cmocka_unit_test_setup(outputs_stay_apart, test_empty_scratch),
        cmocka_unit_test(the_toy_tells_of_itself),
    };
    return cmocka_run_group_tests_name("sampling", tests, NULL, NULL);
}
