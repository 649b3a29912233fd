/* A checkpoint continues the run it is of, and no other: for every mode of every tool that has --resume,
 * another part of its --shard, another mode's checkpoint, an input file exchanged under its name, a
 * --store asked for only now or no longer. The modes and their options are those that the tools tell. */
#include "tests/support/support.h"

#include <unistd.h>

#include "fixland/tools.h"
#include "tests/support/all_tools.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"

typedef struct resumed {
    test_tool run;
    const char *name, *mode;
    const char *words; /* some hundred tasks of a fraction of a millisecond to some of them */
    const char *input, *exchanged; /* files of these words, and others like them; or NULL */
    const char *other; /* another mode with a checkpoint, and its words; NULL: there is none */
} resumed;

#define DRAWN "--data prototypes --features 20 --classes 3 --train 60 --test 20 --hidden 10 "
#define COUNTED "--n 14 --jd 0.5 --samples 40 --population 300 --sweeps 1 --input x.txt"
#define SOLVED "--trajectories 2000 --repetitions 2 --time 8 "
#define SWEPT DRAWN "--epochs 2 --jd 0,0.5 --seeds 100"

static const resumed modes[] = {
    {fl_tool_enumerate, "fl-enumerate", "", "--n 14 --jd 0.3,0.5 --samples 300 --input x.txt",
     "x.txt", "y.txt", NULL},
    {fl_tool_count, "fl-count", "run", COUNTED, "x.txt", "y.txt", "check " COUNTED},
    {fl_tool_count, "fl-count", "check", COUNTED, "x.txt", "y.txt", "run " COUNTED},
    {fl_tool_access, "fl-access", "run",
     "--n 14 --jd 0.3,0.5 --samples 400 --replicas 4 --per-sample --input x.txt", "x.txt", "y.txt",
     "basins --n 14 --jd 0.5 --samples 400 --starts 20 --input x.txt"},
    {fl_tool_access, "fl-access", "basins",
     "--n 14 --jd 0.5 --samples 400 --starts 20 --input x.txt", "x.txt", "y.txt",
     "near --start a.h5 --radius 2"},
    {fl_tool_access, "fl-access", "return", "--start a.h5 --flips 1,2,3 --trials 20", "a.h5",
     "b.h5", "near --start a.h5 --radius 2"},
    {fl_tool_access, "fl-access", "near", "--start a.h5 --radius 2,4", "a.h5", "b.h5",
     "return --start a.h5 --flips 2 --trials 20"},
    {fl_tool_dmft, "fl-dmft", "trace", SOLVED "--jd 0.3:0.8:0.1 --p 1,0.5 --input x.txt", "x.txt",
     "y.txt", "retrieval " SOLVED "--jd 0.5:0.9:0.1 --overlap 0.8"},
    {fl_tool_dmft, "fl-dmft", "retrieval", SOLVED "--jd 0.5:0.9:0.1 --overlap 0.8,0.9", NULL, NULL,
     "trace " SOLVED "--jd 0.3:0.8:0.1"},
    {fl_tool_dmft, "fl-dmft", "plateau",
     "--jd 0.3,0.4,0.5 --p 1,0.5 --trajectories 16 --repetitions 2", NULL, NULL,
     "trace " SOLVED "--jd 0.3:0.8:0.1"},
    {fl_tool_dmft, "fl-dmft", "threshold",
     "--unstable 0.11:0.17:0.01 --trajectories 16 --repetitions 2", NULL, NULL,
     "trace " SOLVED "--jd 0.3:0.8:0.1"},
    {fl_tool_overlap, "fl-overlap", "histogram", "a.h5", "a.h5", "b.h5", "sizes a.h5"},
    {fl_tool_overlap, "fl-overlap", "between", "a.h5 c.h5", "a.h5", "b.h5", "sizes a.h5"},
    {fl_tool_overlap, "fl-overlap", "clusters", "a.h5 --radius 1,2,3", "a.h5", "b.h5",
     "sizes a.h5"},
    {fl_tool_overlap, "fl-overlap", "sizes", "a.h5 --radius 1,2,3", "a.h5", "b.h5", "gap a.h5"},
    {fl_tool_overlap, "fl-overlap", "gap", "a.h5", "a.h5", "b.h5", "histogram a.h5"},
    {fl_tool_overlap, "fl-overlap", "map", "a.h5 --radius 2 --steps 20", "a.h5", "b.h5",
     "sizes a.h5"},
    {fl_tool_message, "fl-message", "solve",
     "--n 40 --jd 0.4 --samples 40 --rate 0.01 --per-sample", NULL, NULL,
     "entropy --n 10 --jd 0.4 --samples 60"},
    {fl_tool_message, "fl-message", "local",
     "--n 14 --jd 0.5 --samples 40 --gamma 0.4,0.8 --centre a.h5 --engine linear", "a.h5", "d.h5",
     "entropy --n 10 --jd 0.4 --samples 60"},
    {fl_tool_message, "fl-message", "entropy", "--n 10 --jd 0.4 --samples 60", NULL, NULL,
     "perceptron --n 60 --alpha 0.3 --samples 40 --rate 0.01"},
    {fl_tool_message, "fl-message", "perceptron", "--n 60 --alpha 0.3,0.4 --samples 40 --rate 0.01",
     NULL, NULL, "entropy --n 10 --jd 0.4 --samples 60"},
    {fl_tool_train, "fl-train", "train", "--from m.h5 --epochs 200 --checkpoint-every 0", "m.h5",
     "m2.h5", "sweep " SWEPT},
    {fl_tool_train, "fl-train", "sweep", SWEPT, NULL, NULL,
     "capacity --hidden 10 --epochs 2 --load 1,2 --seeds 100"},
    {fl_tool_train, "fl-train", "capacity", "--hidden 10 --epochs 2 --load 1,2 --seeds 100", NULL,
     NULL, "sweep " SWEPT},
    {fl_tool_train, "fl-train", "baseline", DRAWN "--epochs 2 --seeds 100", NULL, NULL,
     "sweep " SWEPT},
    {fl_tool_train, "fl-train", "continual", DRAWN "--epochs 1 --seeds 100 --tasks 0/1,2", NULL,
     NULL, "sweep " SWEPT},
};
enum { MODES = sizeof modes / sizeof *modes };

/* Of the modes above: what else they have. */
static bool has_shard[MODES], has_store[MODES];

static void note_mode(void *context, const test_named_tool *tool, const char *mode,
                      const char *options) {
    size_t *told = context;
    size_t k = 0;
    if (!strstr(options, " --resume "))
        return;
    while (k < MODES &&
           (strcmp(modes[k].name, tool->name) != 0 || strcmp(modes[k].mode, mode) != 0))
        k++;
    if (k == MODES)
        fail_msg("%s %s has --resume, and no row here", tool->name, mode);
    has_shard[k] = strstr(options, " --shard ");
    has_store[k] = strstr(options, " --store ");
    ++*told;
}

static void no_mode_is_left_out(void **state) {
    (void)state;
    size_t told = 0;
    test_each_mode(&told, note_mode);
    assert_int_equal(told, MODES);
}

static int run_mode(const resumed *m, const char *mode_and_words, const char *more, char **err) {
    char whole[1200];
    snprintf(whole, sizeof whole, "%s --output o.tsv --threads 1 %s", mode_and_words, more);
    return test_run_tool(m->run, m->name, whole, NULL, err);
}

/* In one sentence, without a table, and the checkpoint stays. */
static void assert_refused(const resumed *m, const char *words, const char *more,
                           const char *const *says) {
    char *err;
    int code = run_mode(m, words, more, &err);
    char *newline = strchr(err, '\n');
    bool said = false;
    for (; *says; says++)
        said = said || strstr(err, *says);
    if (code != 1 || !said || !newline || newline[1] || test_exists("o.tsv") ||
        !test_exists("o.tsv.journal"))
        fail_msg("%s %s %s: exit %d: %s", m->name, words, more, code, err);
    free(err);
}

/* To the end: the rows of a run in one piece. */
static void assert_finishes(const resumed *m, const char *words, const char *more,
                            const char *rows) {
    char *err;
    int code = run_mode(m, words, more, &err);
    if (code != 0)
        fail_msg("%s %s %s: exit %d: %s", m->name, words, more, code, err);
    free(err);
    char *found = test_rows_of("o.tsv");
    assert_string_equal(found, rows);
    free(found);
    assert_false(test_exists("o.tsv.journal"));
    remove("o.tsv");
}

static void exchange(const resumed *m) {
    assert_int_equal(rename(m->input, "away"), 0);
    assert_int_equal(rename(m->exchanged, m->input), 0);
    assert_int_equal(rename("away", m->exchanged), 0);
}

static char *whole_run(const resumed *m, const char *words) {
    char *err;
    int code = run_mode(m, words, "", &err);
    if (code != 0)
        fail_msg("%s %s: exit %d: %s", m->name, words, code, err);
    free(err);
    char *rows = test_rows_of("o.tsv");
    remove("o.tsv");
    return rows;
}

static void stop_within(const resumed *m, const char *words) {
    char limited[1000];
    snprintf(limited, sizeof limited, "%s --threads 1", words);
    test_stop_within(m->run, m->name, limited, "o.tsv");
}

static void only_its_own(const resumed *m) {
    static const char *const another_shard[] = {"shard", NULL},
                             *const another_mode[] = {"mode", NULL},
                             *const other_content[] = {"content of", "crc32", NULL},
                             *const not_kept[] = {"configurations", NULL};
    char words[600], part[640];
    bool shards = has_shard[m - modes], stores = has_store[m - modes];
    snprintf(words, sizeof words, "%s %s", m->mode, m->words);
    snprintf(part, sizeof part, "%s%s", words, shards ? " --shard 1/2" : "");
    print_message("%s %s\n", m->name, part);
    char *rows = whole_run(m, part);
    stop_within(m, part);
    if (shards) {
        assert_refused(m, words, "--shard 2/2 --resume", another_shard);
        assert_refused(m, words, "--resume", another_shard);
    }
    if (m->other)
        assert_refused(m, m->other, "--resume", another_mode);
    if (stores)
        assert_refused(m, part, "--store s.h5 --resume", not_kept);
    if (m->input) {
        exchange(m);
        assert_refused(m, part, "--resume", other_content);
        exchange(m);
    }
    assert_finishes(m, part, "--resume", rows);
    if (stores) {
        char kept[700];
        snprintf(kept, sizeof kept, "%s --store s.h5", part);
        stop_within(m, kept);
        assert_finishes(m, part, "--resume", rows);
        assert_false(test_exists("s.h5"));
    }
    free(rows);
}

static void prepare(test_tool run, const char *name, const char *words) {
    char *err;
    if (test_run_tool(run, name, words, NULL, &err) != 0)
        fail_msg("%s %s: %s", name, words, err);
    free(err);
}

static void write_inputs(void) {
    static const char *const fields[] = {"x.txt", "y.txt"}, *const stores[] = {"a", "b", "c"},
                             *const models[] = {"m", "m2"};
    for (int k = 0; k < 2; k++) {
        char text[300] = "";
        for (int i = 0; i < 14; i++)
            sprintf(text + strlen(text), "%g\n", (i * (37 + k) % 11 - 5) / 8.);
        test_write_text(fields[k], text);
    }
    for (int k = 0; k < 3; k++) {
        char words[300];
        snprintf(words, sizeof words,
                 "--n 14 --jd 0.5 --samples 40 --seed %d --store %s.h5 --store-networks --output "
                 "%s.tsv",
                 k == 2 ? 1 : k + 1, stores[k], stores[k]);
        prepare(fl_tool_enumerate, "fl-enumerate", words);
    }
    prepare(fl_tool_access, "fl-access", /* other configurations of the networks of a.h5 */
            "run --n 14 --jd 0.5 --samples 40 --seed 1 --store d.h5 --output d.tsv");
    for (int k = 0; k < 2; k++) {
        char words[300];
        snprintf(words, sizeof words,
                 DRAWN "--epochs 1 --data-seed 1 --seed %d --save %s.h5 --output %s.tsv", k + 1,
                 models[k], models[k]);
        prepare(fl_tool_train, "fl-train", words);
    }
}

/* The fast subset: a mode of each tool or two. */
static void checkpoints_know_their_run(void **state) {
    (void)state;
    char before[1024];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(test_path("")), 0);
    write_inputs();
    for (size_t k = 0; k < MODES; k++)
        if (!test_fast() || k % 4 == 0)
            only_its_own(&modes[k]);
    assert_int_equal(chdir(before), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_mode_is_left_out),
        cmocka_unit_test_setup(checkpoints_know_their_run, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("resume", tests, NULL, NULL);
}
