/* What runs have written is taken together only when the runs are alike: for every tool with shards, and every way
 * to join or pool what they wrote, a part of a run with another value of any one option is refused by that
 * option's name. */
#include "tests/support/support.h"

#include <unistd.h>

#include "tests/support/all_tools.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"

typedef struct mode {
    const char *words;  /* of a run with shards; the mode in front */
    const char *others; /* options, each with another value, with bars between */
    bool store;
} mode;

#define NETWORKS                                                                                   \
    "seed 7|n 9|jd 0.25|samples 5|margin 0.05|eta 0.5|dilution 0.5|ensemble binary|variance n-1"   \
    "|modules 2"
#define DRIVEN NETWORKS "|input-strength 0.5|input x.txt"
#define DATA "seed 7|data-seed 3|features 12|classes 5|train 30|test 30|flip 0.1|epochs 1|hidden 9"

static const mode modes[] = {
    {"fl-enumerate --n 8 --jd 0.5 --samples 4", DRIVEN, true},
    {"fl-count run --n 8 --jd 0.5 --samples 4 --population 64 --sweeps 1",
     "population 600|sweeps 2|method split|" DRIVEN, true},
    {"fl-count check --n 8 --jd 0.5 --samples 4 --population 64 --sweeps 1",
     "population 600|sweeps 2|enumerate 4|" DRIVEN, false},
    {"fl-access run --n 8 --jd 0.5 --samples 4 --per-sample --algorithm partial,anneal,cool",
     "sweeps 7|replicas 3|p 0.5|temperature 2|anneal-sweeps 3|thermal metropolis|energy count|hot 2"
     "|cold 0.1|algorithm partial,anneal,focused|" DRIVEN,
     true},
    {"fl-access basins --n 8 --jd 0.5 --samples 4 --starts 4",
     "sweeps 7|starts 5|enumerate 20|algorithm sync|" DRIVEN, false},
    {"fl-access return --start a.h5 --flips 1 --trials 2",
     "flips 2|trials 3|sweeps 7|algorithm sync|seed 7|points 1|start e.h5", false},
    {"fl-access near --start a.h5 --radius 1", "radius 2|points 1|start e.h5", false},
    {"fl-overlap histogram --n 8 --jd 0.5 --samples 4", "pairs 4|" DRIVEN, false},
    {"fl-overlap sizes a.h5 --radius 1", "radius 2|n 8", false},
    {"fl-message solve --n 8 --jd 0.5 --samples 4 --per-sample --rate 0.1",
     "rate 0.2|restarts 2|engine amp|" NETWORKS, true},
    {"fl-message local --n 8 --jd 0.5 --samples 4 --gamma 0.5",
     "gamma 0.6|iterations 3|engine amp|" DRIVEN, false},
    {"fl-message perceptron --n 9 --alpha 0.5 --samples 4 --rate 0.1",
     "alpha 0.6|margin 0.1|rate 0.2|n 8|samples 5|seed 7", false},
    {"fl-train sweep --data prototypes --features 8 --classes 4 --train 8 --test 8 --hidden 8 "
     "--epochs 2 --seeds 2",
     "jd 0.3|last 1|seeds 3|" DATA, false},
    {"fl-train baseline --data prototypes --features 8 --classes 4 --train 8 --test 8 --epochs 2 "
     "--seeds 2 --kind mlp --hidden 8",
     "kind linear,mlp|layers 2|rate 0.1|" DATA, false},
    {"fl-dmft trace --jd 0.5 --p 1,0.5 --time 2 --trajectories 8 --repetitions 2",
     "jd 0.4|p 1,0.3|time 3|trajectories 65|repetitions 3|seed 7|margin 0.1|input-strength 0.5",
     false},
};
enum { MODES = sizeof modes / sizeof *modes };

static void run_part(const mode *m, const char *part, const char *option) {
    char words[1200], *err;
    const test_named_tool *tool = test_tool_of(m->words);
    snprintf(words, sizeof words, "%s %s%s --shard %s --threads 1 --output %s.tsv --force %s%s",
             m->words + strlen(tool->name), *option ? "--" : "", option,
             *part == 'a' ? "1/2" : "2/2", part, m->store ? "--store " : "", m->store ? part : "");
    if (m->store)
        strcat(words, "-store.h5");
    if (test_run_tool(tool->run, tool->name, words, NULL, &err) != 0)
        fail_msg("%s%s: %s", tool->name, words, err);
    free(err);
}

/* In this or the other order. */
static void assert_named(const char *reader, const char *file, const char *option) {
    static unsigned turn;
    const test_named_tool *tool = test_tool_of(reader);
    char wanted[80], words[300], *err;
    snprintf(wanted, sizeof wanted, "do not belong together: %.*s is ", (int)strcspn(option, " "),
             option);
    bool other = turn++ % 2;
    snprintf(words, sizeof words, "%s %c%s %c%s", reader + strlen(tool->name), other ? 'b' : 'a',
             file, other ? 'a' : 'b', file);
    int code = test_run_tool(tool->run, tool->name, words, NULL, &err);
    if (code != 1 || !strstr(err, wanted))
        fail_msg("%s%s, the second of --%s: exit %d, %s", tool->name, words, option, code, err);
    free(err);
}

static void assert_refused_by_all(const mode *m, const char *option) {
    static const char *const readers[] = {"fl-access collect", "fl-access threshold"};
    bool runs = strncmp(m->words, "fl-access run", 13) == 0,
         solved = strncmp(m->words, "fl-message solve", 16) == 0;
    assert_named("fl-merge", ".tsv", option);
    for (int k = 0; k < 2; k++)
        if (runs || (k && solved))
            assert_named(readers[k], ".tsv", option);
    if (m->store) {
        assert_named("fl-merge --output s.h5", "-store.h5", option);
        assert_named("fl-overlap histogram", "-store.h5", option);
    }
}

/* Each with one other option; in the fast subset with every eighth. */
static void one_by_one(const mode *m, size_t *count) {
    char options[1200];
    run_part(m, "a", "");
    snprintf(options, sizeof options, "%s", m->others);
    for (char *save, *option = strtok_r(options, "|", &save); option;
         option = strtok_r(NULL, "|", &save)) {
        if (test_fast() && ++*count % 8 != 0)
            continue;
        run_part(m, "b", option);
        assert_refused_by_all(m, option);
    }
}

static void prepare(void) {
    char *err;
    test_write_text("x.txt", "0.3 -0.2 0.1 0.7 -0.4 0.2 0.5 -0.1\n");
    for (int k = 0; k < 2; k++) {
        char words[200];
        snprintf(words, sizeof words,
                 "--n 8 --jd 0.5 --samples 4 --seed %d --store %c.h5 --store-networks --output "
                 "s.tsv --force",
                 k + 1, "ae"[k]);
        const test_named_tool *tool = test_tool_of("fl-enumerate");
        assert_int_equal(test_run_tool(tool->run, tool->name, words, NULL, &err), 0);
        free(err);
    }
}

static void named_by_the_option(void **state) {
    (void)state;
    char before[1024];
    size_t count = 0;
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(test_path("")), 0);
    prepare();
    for (size_t k = 0; k < MODES; k++)
        one_by_one(&modes[k], &count);
    assert_int_equal(chdir(before), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(named_by_the_option, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("foreign", tests, NULL, NULL);
}
