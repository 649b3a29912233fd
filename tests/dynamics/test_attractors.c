/* Basins from visits, and returns after damage. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/attractors.h"
#include "fixland/spins.h"
#include "fixland/tools.h"
#include "tests/support/brute.h"
#include "tests/support/chance.h"
#include "tests/support/tools.h"

enum { N = 10, STATES = 1 << N };

typedef struct small {
    fl_network network;
    fl_columns *columns;
    fl_dynamics plan;
    uint64_t end[STATES]; /* of the sequential dynamics from each configuration; UINT64_MAX: none */
} small;

static void small_open(small *s, uint64_t sample, double jd) {
    *s = (small){.plan = {.algorithm = FL_SEQUENTIAL, .jd = jd, .sweeps = 200, .seed = 5}};
    const fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    assert_ok(fl_network_draw(&s->network, &ensemble, N, test_seed(), sample));
    assert_ok(fl_columns_new(&s->columns, &s->network, jd));
    for (uint64_t c = 0; c < STATES; c++) {
        fl_outcome outcome;
        s->end[c] = c;
        assert_ok(fl_dynamics_run(s->columns, &s->plan, &s->end[c], &outcome));
        if (outcome.ending != FL_REACHED)
            s->end[c] = UINT64_MAX;
    }
}

static void small_clear(small *s) {
    fl_columns_free(s->columns);
    fl_network_clear(&s->network);
}

/* Weights, entropy and the number of basins against all starts, one by one. */
static void exact_basins(void **state) {
    (void)state;
    enum { STARTS = 4000 };
    for (uint64_t sample = 0; sample < 3; sample++) {
        small s;
        small_open(&s, sample, 0.6);
        double weight[STATES] = {0}, entropy = 0, arrive = 0, basins = 0;
        for (uint64_t c = 0; c < STATES; c++)
            if (s.end[c] != UINT64_MAX)
                weight[s.end[c]] += 1.0 / STATES;
        for (uint64_t c = 0; c < STATES; c++)
            arrive += weight[c], basins += weight[c] > 0;
        for (uint64_t c = 0; c < STATES; c++)
            if (weight[c] > 0)
                entropy -= weight[c] / arrive * log(weight[c] / arrive);
        uint64_t *visits, *points;
        size_t count;
        assert_ok(fl_basins_visit(s.columns, N, &s.plan, STARTS, &visits, &points, &count));
        for (size_t k = 0; k < count; k++) {
            double w = weight[points[k]];
            assert_true(w > 0 && (k == 0 || visits[k] <= visits[k - 1]));
            assert_z((double)visits[k] / STARTS, w, sqrt(w * (1 - w) / STARTS));
        }
        fl_basins b = fl_basins_of(visits, count, STARTS);
        assert_z((double)b.reached / STARTS, arrive, sqrt(arrive * (1 - arrive) / STARTS) + 1e-12);
        assert_true(b.distinct == count && b.largest == visits[0]);
        assert_true(fabs(b.entropy - entropy) < 6 * b.entropy_error);
        assert_true((double)count <= basins && (double)count + 3 * b.unseen + 3 >= basins);
        free(visits);
        free(points);
        small_clear(&s);
    }
}

/* Estimates against known counts: 64 equal basins, 100 visits. */
static void estimates(void **state) {
    (void)state;
    fl_rng rng = test_stream("estimates");
    double entropies[60], unseen[60], coverage[60];
    for (int round = 0; round < 60; round++) {
        uint64_t visits[64] = {0}, seen[64];
        size_t count = 0;
        for (int k = 0; k < 100; k++)
            visits[fl_rng_below(&rng, 64)]++;
        for (int k = 0; k < 64; k++)
            if (visits[k])
                seen[count++] = visits[k];
        fl_basins b = fl_basins_of(seen, count, 120);
        assert_true(b.starts == 120 && b.reached == 100 && b.distinct == count);
        entropies[round] = b.entropy;
        unseen[round] = (double)count + b.unseen;
        coverage[round] = b.coverage - (double)count / 64;
    }
    fl_estimate H = fl_mean(entropies, 60), D = fl_mean(unseen, 60), C = fl_mean(coverage, 60);
    assert_true(fabs(H.mean - log(64)) < 0.1);
    assert_true(fabs(D.mean - 64) < 6);
    assert_z(C.mean, 0, C.error);
    const uint64_t alone[3] = {1, 1, 1};
    assert_true(isfinite(fl_basins_of(alone, 3, 3).entropy));
    assert_true(isnan(fl_basins_of(alone, 0, 3).entropy));
}

/* One neuron turned, in all N ways: the fraction that returns. */
static void exact_returns(void **state) {
    (void)state;
    enum { TRIALS = 3000 };
    small s;
    small_open(&s, 0, 0.6);
    uint64_t point = UINT64_MAX;
    for (uint64_t c = 0; c < STATES && point == UINT64_MAX; c++)
        point = s.end[c] == c ? c : point;
    assert_true(point != UINT64_MAX);
    double returned = 0, reached = 0;
    for (size_t i = 0; i < N; i++) {
        uint64_t end = s.end[point ^ UINT64_C(1) << i];
        returned += end == point;
        reached += end != UINT64_MAX;
    }
    fl_returns r;
    assert_ok(fl_returns_after(s.columns, N, &s.plan, &point, 0, 1, TRIALS, &r));
    double p = returned / N, q = reached / N;
    assert_z((double)r.returned / TRIALS, p, sqrt(p * (1 - p) / TRIALS) + 1e-9);
    assert_z((double)r.reached / TRIALS, q, sqrt(q * (1 - q) / TRIALS) + 1e-9);
    assert_ok(fl_returns_after(s.columns, N, &s.plan, &point, 3, 0, 10, &r));
    assert_true(r.returned == 10 && r.reached == 10 && r.overlap == 10);
    assert_ok(fl_returns_after(s.columns, N, &s.plan, &point, 3, N, 10, &r));
    assert_true(r.returned == 0 && r.reached == 10 && r.overlap == -10); /* -s is a fixed point */
    assert_status(FL_EINVAL, fl_returns_after(s.columns, N, &s.plan, &point, 0, N + 1, 10, &r));
    small_clear(&s);
}

static char *access_rows(const char *format, const char *path, int number) {
    char words[600], *out, *err;
    snprintf(words, sizeof words, format, path, number);
    if (test_run_tool(fl_tool_access, "fl-access", words, &out, &err) != 0)
        fail_msg("fl-access %s: %s", words, err);
    char *rows = test_data_lines(out);
    free(out);
    free(err);
    return rows;
}

/* Threads; networks from the store, drawn again, or given; what is refused. */
static void tool(void **state) {
    (void)state;
    char words[600];
    char *a = access_rows("basins --n 12,14 --jd 0.4,0.7 --samples 2 --starts 200 %s --threads %d",
                          "--quiet", 1);
    char *b = access_rows("basins --n 12,14 --jd 0.4,0.7 --samples 2 --starts 200 %s --threads %d",
                          "--quiet", 3);
    assert_string_equal(a, b);
    free(a);
    free(b);
    char *bare = strdup(test_path("bare.h5")), *whole = strdup(test_path("whole.h5"));
    for (int k = 0; k < 2; k++) {
        snprintf(words, sizeof words,
                 "run --n 16 --jd 0.7 --samples 3 --replicas 5 --seed 9 --quiet --store %s %s",
                 k ? whole : bare, k ? "--store-networks" : "");
        free(access_rows("%s", words, 0));
    }
    const char *damage = "return --start %s --flips 0,2 --trials 6 --threads %d --quiet";
    a = access_rows(damage, bare, 1);
    b = access_rows(damage, whole, 3);
    assert_string_equal(a, b);
    assert_non_null(strstr(a, "16 0.7 0 0 1 5 1 0 1 1\n")); /* no flips: all return */
    free(a);
    free(b);
    snprintf(words, sizeof words, "return --start %s --flips 1 --transpose", bare);
    test_refused(fl_tool_access, "fl-access", words, 2, "--transpose");
    snprintf(words, sizeof words, "return --start %s --flips 17", bare);
    test_refused(fl_tool_access, "fl-access", words, 2, "--flips");
    snprintf(words, sizeof words, "return --start %s --flips 1 --overlap 0.5", bare);
    test_refused(fl_tool_access, "fl-access", words, 2, "--overlap");
    test_refused(fl_tool_access, "fl-access", "return", 2, "--start");
    test_refused(fl_tool_access, "fl-access", "basins --algorithm nonsense", 2, "nonsense");
    remove(bare);
    remove(whole);
    free(bare);
    free(whole);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(exact_basins), cmocka_unit_test(estimates),
                                       cmocka_unit_test(exact_returns), cmocka_unit_test(tool)};
    return cmocka_run_group_tests_name("attractors", tests, NULL, NULL);
}
