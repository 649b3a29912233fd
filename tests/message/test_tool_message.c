/* fl-message: rows, summaries, shards, stores, centres, refusals. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/message.h"
#include "fixland/network.h"
#include "fixland/phase.h"
#include "fixland/potential.h"
#include "fixland/spins.h"
#include "fixland/store.h"
#include "fixland/table.h"
#include "fixland/tools.h"
#include "tests/support/tools.h"

static fl_frame table(const char *arguments) {
    return test_table(fl_tool_message, "fl-message", arguments);
}

static void refused(const char *arguments, int code, const char *word) {
    test_refused(fl_tool_message, "fl-message", arguments, code, word);
}

#define refused_of(code, word, ...)                                                                \
    test_refused_of(fl_tool_message, "fl-message", code, word, __VA_ARGS__)

/* The rows of a run, as text; free it. */
static char *lines(const char *format, int number) {
    char words[400], *out, *err;
    snprintf(words, sizeof words, format, number);
    if (test_run_tool(fl_tool_message, "fl-message", words, &out, &err) != 0)
        fail_msg("fl-message %s: %s", words, err);
    char *rows = test_data_lines(out);
    free(out);
    free(err);
    return rows;
}

/* The same rows for any number of threads; shards are the whole in pieces. */
static void threads_and_shards(void **state) {
    (void)state;
    static const char *const runs[] = {
        "solve --n 40,60 --jd 0.3,0.5 --samples 3 --rate 4e-3 --per-sample --threads %d --quiet",
        "solve --n 40 --jd 0.3 --samples 3 --rate 4e-3 --restarts 3 --engine amp --threads %d",
        "local --n 30 --jd 0.5 --samples 3 --gamma 0.4,0.8 --engine linear --threads %d",
        "entropy --n 10,14 --jd 0.3 --samples 4 --threads %d",
        "perceptron --n 60 --alpha 0.3,0.6 --samples 3 --rate 4e-3 --threads %d"};
    for (int k = 0; k < 5; k++) {
        char *one = lines(runs[k], 1), *many = lines(runs[k], 3);
        assert_true(strlen(one) > 40);
        assert_string_equal(one, many);
        free(one);
        free(many);
    }
    const char *sharded =
        "solve --n 40,60 --jd 0.3,0.5 --samples 3 --rate 4e-3 --per-sample --shard %d/4 --quiet";
    char *whole = lines(runs[0], 2), joined[4000] = "";
    for (int part = 1; part <= 4; part++) {
        char *rows = lines(sharded, part);
        strcat(joined, rows);
        free(rows);
    }
    assert_string_equal(whole, joined);
    free(whole);
}

/* The summary is that of the rows. */
static void summaries(void **state) {
    (void)state;
    const char *run = "solve --n 60 --jd 0.25 --samples 8 --rate 3e-3 --repair 200 --seed 3";
    char words[200];
    snprintf(words, sizeof words, "%s --per-sample", run);
    fl_frame rows = table(words), summary = table(run);
    double solved = 0, iterations = 0, unstable = 0, repaired = 0;
    for (size_t k = 0; k < 8; k++) {
        solved += test_cell(&rows, k, "success");
        iterations += test_cell(&rows, k, "iterations");
        unstable += test_cell(&rows, k, "unstable");
        repaired += test_cell(&rows, k, "repaired");
    }
    assert_true(test_cell(&summary, 0, "success") == solved / 8);
    assert_true(test_cell(&summary, 0, "iterations") == iterations / 8);
    assert_true(test_cell(&summary, 0, "unstable") == unstable / 8);
    assert_true(test_cell(&summary, 0, "repaired") == repaired / 8);
    assert_true(test_cell(&summary, 0, "samples") == 8);
    fl_frame_clear(&rows);
    fl_frame_clear(&summary);
}

/* Stored configurations are fixed points of the networks beside them, and centres for local. */
static void stores(void **state) {
    (void)state;
    char words[500];
    char *path = strdup(test_path("solved.h5"));
    snprintf(words, sizeof words,
             "solve --n 50 --jd 0.4 --samples 4 --rate 3e-3 --restarts 4 --store %s "
             "--store-networks --per-sample",
             path);
    fl_frame rows = table(words);
    fl_store_reader *reader;
    const fl_store_set *sets;
    size_t count, found = 0;
    assert_ok(fl_store_open(&reader, path));
    assert_ok(fl_store_sets(reader, &sets, &count));
    assert_int_equal(count, 4);
    for (size_t k = 0; k < count; k++) {
        assert_true(sets[k].count == (uint64_t)test_cell(&rows, k, "success"));
        if (sets[k].count == 0)
            continue;
        uint64_t spins[1];
        fl_network network;
        assert_ok(fl_store_read(reader, &sets[k], 0, 1, spins));
        assert_ok(fl_store_read_network(reader, 50, sets[k].sample, &network));
        assert_true(fl_network_is_fixed_point(&network, spins, 0.4));
        fl_network_clear(&network);
        found++;
    }
    fl_store_reader_close(reader);
    fl_frame_clear(&rows);
    assert_true(found > 0);
    snprintf(words, sizeof words,
             "local --n 50 --jd 0.4 --samples 4 --gamma 0.5,1 --engine bp --centre %s", path);
    rows = table(words);
    assert_int_equal(rows.rows, 8);
    size_t around = 0;
    for (size_t k = 0; k < rows.rows; k++)
        around += !isnan(test_cell(&rows, k, "entropy"));
    assert_true(around == 2 * found);
    fl_frame_clear(&rows);
    refused_of(1, "no configuration", "local --n 51 --jd 0.4 --centre %s", path);
    refused_of(1, "seed", "local --n 50 --jd 0.4 --seed 2 --centre %s", path);
    refused_of(1, "ensemble", "local --n 50 --jd 0.4 --ensemble binary --centre %s", path);
    remove(path);
    free(path);
}

/* Means at given distances are those of rows: one network, at the distance of one of its rows. */
static void profiles(void **state) {
    (void)state;
    const char *run = "local --n 100 --jd 0.5 --samples 1 --centre up --gamma 0.5,0.6,0.7 "
                      "--tolerance 3e-7 --engine amp";
    char words[300];
    fl_frame rows = table(run);
    double distance = test_cell(&rows, 1, "distance");
    snprintf(words, sizeof words, "%s --summary --distance %.17g,0.001", run, distance);
    fl_frame summary = table(words);
    assert_true(test_cell(&summary, 0, "used") == 1 && test_cell(&summary, 1, "used") == 0);
    assert_true(fabs(test_cell(&summary, 0, "entropy") - test_cell(&rows, 1, "entropy")) < 1e-9);
    fl_frame_clear(&summary);
    double between = 0.5 * (distance + test_cell(&rows, 2, "distance"));
    snprintf(words, sizeof words, "%s --summary --distance %.17g", run, between);
    summary = table(words);
    fl_frame finer = table("local --n 100 --jd 0.5 --samples 1 --centre up --gamma 0.6:0.7:0.001 "
                           "--tolerance 3e-7 --engine amp --direction up");
    size_t best = 0;
    for (size_t k = 0; k < finer.rows; k++)
        if (fabs(test_cell(&finer, k, "distance") - between) <
            fabs(test_cell(&finer, best, "distance") - between))
            best = k;
    double off = between - test_cell(&finer, best, "distance");
    double expected =
        test_cell(&finer, best, "entropy") + 2 * test_cell(&finer, best, "gamma") * off;
    assert_true(fabs(test_cell(&summary, 0, "entropy") - expected) < 2e-5);
    fl_frame_clear(&summary);
    fl_frame_clear(&finer);
    fl_frame_clear(&rows);
}

/* The potential is the closed form, the bound that of the table at the mutual distance; the entropy
 * around a solution stays between them where it is dense. */
static void beside_theory(void **state) {
    (void)state;
    char words[400], *path = strdup(test_path("curve.tsv"));
    snprintf(words, sizeof words, "curve --jd 0.3 --points 200 --from 0.01 --output %s", path);
    assert_int_equal(test_run_tool(fl_tool_phase, "fl-phase", words, NULL, NULL), 0);
    const char *run = "local --n 100 --jd 0.3 --samples 2 --centre reinforced --summary";
    snprintf(words, sizeof words, "%s --theory %s", run, path);
    fl_frame with = table(words), without = table(run);
    const fl_tuples_model model = {FL_TUPLES_FIXED_POINTS, 0.3, 0, 0};
    for (size_t k = 0; k < with.rows; k++) {
        double pairs, potential, bound = test_cell(&with, k, "bound");
        fl_local_entropy exact = {0};
        assert_ok(fl_pair_entropy(0.3, test_cell(&with, k, "distance"), &pairs, &potential));
        assert_true(fabs(test_cell(&with, k, "potential") - potential) < 1e-12);
        assert_ok(fl_phase_local_entropy(&model, test_cell(&with, k, "mutual_distance"), &exact));
        assert_true(fabs(bound - exact.value) < 1e-5);
        assert_true(test_cell(&with, k, "entropy") < bound);
        assert_true(test_cell(&with, k, "entropy") > potential);
        assert_true(isnan(test_cell(&without, k, "bound")));
        assert_true(test_cell(&without, k, "entropy") == test_cell(&with, k, "entropy"));
    }
    assert_int_equal(with.rows, 3);
    fl_frame_clear(&with);
    fl_frame_clear(&without);
    refused_of(1, "0.35", "local --jd 0.35 --summary --theory %s", path);
    refused_of(2, "--summary", "local --jd 0.3 --theory %s", path);
    remove(path);
    free(path);
}

/* Exact counts, and what is not counted. */
static void entropies(void **state) {
    (void)state;
    fl_frame e = table("entropy --n 12,14 --jd 0.5 --samples 2 --enumerate 12 --seed 4");
    char *out;
    assert_int_equal(test_run_tool(fl_tool_enumerate, "fl-enumerate",
                                   "--n 12 --jd 0.5 --samples 2 --seed 4", &out, NULL),
                     0);
    char *rows = test_data_lines(out), *line = rows;
    for (size_t k = 0; k < 2; k++) {
        double n, jd, sample, count;
        assert_int_equal(sscanf(line, "%lf %lf %lf %lf", &n, &jd, &sample, &count), 4);
        assert_true(fabs(exp(12 * test_cell(&e, k, "exact")) - count) < 1e-9 * count);
        line = strchr(line, '\n') + 1;
    }
    assert_true(isnan(test_cell(&e, 2, "exact")));
    assert_true(fabs(test_cell(&e, 2, "bethe") - test_cell(&e, 2, "limit")) < 0.2);
    free(rows);
    free(out);
    fl_frame_clear(&e);
}

/* Killed after some networks and resumed: the same table. */
static void resumed(void **state) {
    (void)state;
    char words[400], *path = strdup(test_path("half.tsv")), *out, *err;
    const char *run = "solve --n 120 --jd 0.12 --samples 30 --repair 400 --per-sample --quiet";
    char *whole =
        lines("solve --n 120 --jd 0.12 --samples %d --repair 400 --per-sample --quiet", 30);
    int code = 3, rounds = 0;
    for (; code == 3 && rounds < 200; rounds++) {
        snprintf(words, sizeof words, "%s --output %s --resume --time-limit %g", run, path,
                 0.05 * (rounds + 1)); /* a busy machine gets there too */
        code = test_run_tool(fl_tool_message, "fl-message", words, &out, &err);
        free(out);
        free(err);
    }
    assert_int_equal(code, 0);
    char *text = test_slurp(path), *rows = test_data_lines(text);
    assert_string_equal(rows, whole);
    free(text);
    free(rows);
    free(whole);
    free(path);
    test_scratch_empty();
}

/* fl-access threshold fits the summary as it is, and the rows. */
static void thresholds(void **state) {
    (void)state;
    char words[400], *path = strdup(test_path("solve.tsv"));
    for (int single = 0; single < 2; single++) {
        snprintf(words, sizeof words,
                 "solve --n 100 --jd 0.08:0.32:0.06 --samples 30 --rate 4e-3 --output %s --force "
                 "--quiet%s",
                 path, single ? " --per-sample" : "");
        assert_int_equal(test_run_tool(fl_tool_message, "fl-message", words, NULL, NULL), 0);
        snprintf(words, sizeof words, "threshold %s --quiet --resamples 100", path);
        fl_frame fit = test_table(fl_tool_access, "fl-access", words);
        double half = test_cell(&fit, 0, "jd_half");
        assert_true(half > 0.08 && half < 0.3);
        assert_true(!single || test_cell(&fit, 0, "error") > 0); /* summaries hold no networks */
        assert_string_equal(fit.text[0], "reinforced");
        fl_frame_clear(&fit);
    }
    remove(path);
    free(path);
}

static void refusals(void **state) {
    (void)state;
    refused("solve --n 100 --samples 1 --eta 0.5 --engine amp", 1, "correlation");
    refused("solve --n 100 --samples 1 --dilution 0.1 --engine amp", 1, "dense");
    refused("solve --replicas 5", 2, "--replicas");
    refused("solve --engine bp --refresh 2", 2, "--refresh");
    refused("solve --n 20,99 --refresh 2", 2, "below 100");
    refused("solve --stop-rho 0.05", 2, "--stop-rho");
    refused("solve --shard 1/2", 2, "--per-sample");
    refused("solve --store-networks", 2, "--store");
    refused("local --distance 0.1", 2, "--summary");
    refused("local --summary --shard 1/2", 2, "--shard");
    refused("local --centre nowhere.h5", 1, "nowhere.h5");
    refused("perceptron --repair 5", 2, "repair");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_and_shards),
        cmocka_unit_test(summaries),
        cmocka_unit_test(stores),
        cmocka_unit_test(profiles),
        cmocka_unit_test(beside_theory),
        cmocka_unit_test(entropies),
        cmocka_unit_test(resumed),
        cmocka_unit_test(thresholds),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests_name("tool_message", tests, NULL, NULL);
}
