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

/* Neighbours at every distance against a look at all configurations; couplings of +-1/sqrt n have
 * fields of exactly zero, which rounding must not decide. */
static void exact_neighbours(void **state) {
    (void)state;
    for (int round = 0; round < 6; round++) {
        fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
        ensemble.distribution = round % 2 ? FL_BINARY : FL_GAUSSIAN;
        fl_network network;
        double jd = round % 3 == 0 ? 0 : 0.2 * round;
        size_t n = round % 2 ? 9 : N;
        assert_ok(fl_network_draw(&network, &ensemble, n, test_seed(), (uint64_t)round));
        network.diagonal[3] = round == 4 ? -0.3 : 0;
        for (uint64_t centre = 0; centre < UINT64_C(1) << n; centre += 37) {
            uint64_t expected[N + 1] = {0}, counts[N + 1];
            for (uint64_t c = 0; c < UINT64_C(1) << n; c++)
                expected[fl_spins_distance(&c, &centre, n)] +=
                    (uint64_t)(fl_network_is_fixed_point(&network, &c, jd) != 0);
            for (size_t radius = 0; radius <= n; radius += radius < 3 ? 1 : n - 3) {
                assert_ok(fl_fixed_points_near(&network, jd, &centre, radius, NULL, counts));
                for (size_t d = 0; d <= radius; d++)
                    assert_int_equal(counts[d], expected[d]);
            }
        }
        uint64_t counts[N + 2], centre = 0;
        assert_status(FL_EINVAL, fl_fixed_points_near(&network, jd, &centre, n + 1, NULL, counts));
        fl_network_clear(&network);
    }
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
    test_refused_of(fl_tool_access, "fl-access", 2, "--transpose",
                    "return --start %s --flips 1 --transpose", bare);
    test_refused_of(fl_tool_access, "fl-access", 2, "--flips", "return --start %s --flips 17",
                    bare);
    test_refused_of(fl_tool_access, "fl-access", 2, "--overlap",
                    "return --start %s --flips 1 --overlap 0.5", bare);
    test_refused(fl_tool_access, "fl-access", "return", 2, "--start");
    a = access_rows("near --start %s --radius 1,2 --threads %d --quiet", bare, 1);
    b = access_rows("near --start %s --radius 1,2 --threads %d --quiet", whole, 3);
    assert_string_equal(a, b);
    free(a);
    free(b);
    test_refused(fl_tool_access, "fl-access", "basins --algorithm nonsense", 2, "nonsense");
    remove(bare);
    remove(whole);
    free(bare);
    free(whole);
}

/* Means over networks are those of the rows. */
static void store_means(void **state) {
    (void)state;
    static const char *const modes[] = {"near --start %s --radius 2 --quiet",
                                        "return --start %s --flips 2 --trials 5 --quiet"};
    static const char *const value[] = {"entropy", "returned"};
    char words[600], *path = strdup(test_path("means.h5"));
    snprintf(words, sizeof words, "run --n 14 --jd 0.8 --samples 6 --replicas 5 --quiet --store %s",
             path);
    free(access_rows("%s", words, 0));
    for (int k = 0; k < 2; k++) {
        double values[6];
        snprintf(words, sizeof words, modes[k], path);
        fl_frame rows = test_table(fl_tool_access, "fl-access", words);
        assert_int_equal(rows.rows, 6);
        for (size_t r = 0; r < 6; r++)
            values[r] = test_cell(&rows, r, value[k]);
        fl_estimate e = fl_mean(values, 6);
        strcat(words, " --summary");
        fl_frame means = test_table(fl_tool_access, "fl-access", words);
        char error[40];
        snprintf(error, sizeof error, "%s_error", value[k]);
        assert_int_equal(means.rows, 1);
        assert_true(fabs(test_cell(&means, 0, value[k]) - e.mean) < 1e-12);
        assert_true(fabs(test_cell(&means, 0, error) - e.error) < 1e-9);
        assert_true(test_cell(&means, 0, "networks") == 6 && test_cell(&means, 0, "points") == 30);
        fl_frame_clear(&rows);
        fl_frame_clear(&means);
    }
    remove(path);
    free(path);
}

static void write_matrix(const char *path, double scale) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 5; j++)
            fprintf(file, "%g%c", i == j ? 1 : scale * ((i * 7 + j * 3) % 5 - 2),
                    j < 4 ? ' ' : '\n');
    fclose(file);
}

/* Configurations of a given matrix: drawn networks do not stand in for it, nor another matrix. */
static void given_matrix(void **state) {
    (void)state;
    char words[600], *store = strdup(test_path("given.h5")), *one = strdup(test_path("one.txt")),
                     *two = strdup(test_path("two.txt"));
    write_matrix(one, 0.2);
    write_matrix(two, 0.3);
    snprintf(words, sizeof words, "run --network %s --replicas 8 --quiet --store %s", one, store);
    free(access_rows("%s", words, 0));
    test_refused_of(fl_tool_access, "fl-access", 1, "--network", "return --start %s --flips 0",
                    store);
    test_refused_of(fl_tool_access, "fl-access", 1, "two.txt", "near --start %s --network %s",
                    store, two);
    snprintf(words, sizeof words, "near --start %s --network %s --radius 0 --quiet", store, one);
    fl_frame rows = test_table(fl_tool_access, "fl-access", words);
    assert_true(test_cell(&rows, 0, "fixed") == 1 && test_cell(&rows, 0, "entropy") == 0);
    fl_frame_clear(&rows);
    remove(store);
    remove(one);
    remove(two);
    free(store);
    free(one);
    free(two);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_basins),  cmocka_unit_test(estimates),
        cmocka_unit_test(exact_returns), cmocka_unit_test(exact_neighbours),
        cmocka_unit_test(tool),          cmocka_unit_test(store_means),
        cmocka_unit_test(given_matrix)};
    return cmocka_run_group_tests_name("attractors", tests, NULL, NULL);
}
