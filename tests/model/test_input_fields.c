/* Networks under an input: verdicts against plain sums, the extended network, exact first and second
 * moments against every configuration of many networks, and every tool that takes an input against
 * fl-enumerate on the same networks. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/enumerate.h"
#include "fixland/gaussian.h"
#include "fixland/instances.h"
#include "fixland/moments.h"
#include "fixland/spins.h"
#include "fixland/store.h"
#include "fixland/tools.h"
#include "tests/support/brute.h"
#include "tests/support/chance.h"
#include "tests/support/tools.h"

/* Every condition by plain sums, where no verdict is near zero. */
static bool plainly_stable(const fl_network *network, const double *input, uint64_t spins,
                           double jd) {
    for (size_t i = 0; i < network->n; i++) {
        double sum = input[i], own = spins >> i & 1 ? 1 : -1;
        for (size_t j = 0; j < network->n; j++)
            sum += network->J[i * network->n + j] * (spins >> j & 1 ? 1 : -1);
        if (own * sum + jd + network->diagonal[i] < 0)
            return false;
    }
    return true;
}

static void verdicts(void **state) {
    (void)state;
    fl_rng rng = test_stream("inputs");
    for (int trial = 0; trial < (test_fast() ? 5 : 30); trial++) {
        fl_network network, copy, extended;
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        double input[9], jd = 0.4;
        assert_ok(fl_network_draw(&network, &e, 9, 5, (uint64_t)trial));
        for (size_t i = 0; i < 9; i++)
            input[i] = 2 * fl_rng_gauss(&rng);
        assert_ok(fl_network_set_input(&network, input));
        assert_ok(fl_network_copy(&copy, &network));
        assert_ok(fl_network_extended(&extended, &network));
        uint64_t count = 0;
        for (uint64_t s = 0; s < 512; s++) {
            bool plain = plainly_stable(&network, input, s, jd);
            uint64_t with = s | 512;
            assert_int_equal(plain, fl_network_is_fixed_point(&network, &s, jd));
            assert_int_equal(plain, fl_network_is_fixed_point(&copy, &s, jd));
            assert_int_equal(plain, fl_network_is_fixed_point(&extended, &with, jd));
            count += plain;
        }
        fl_enumeration plan = {.jd = &jd, .jd_count = 1, .effort = {.threads = 1}};
        uint64_t tree, gray, both;
        assert_ok(fl_enumerate_tree(&network, &plan, &tree));
        assert_ok(fl_enumerate_graycode(&network, &plan, &gray));
        assert_ok(fl_enumerate_by(FL_METHOD_CHECK, &network, &plan, &both));
        assert_true(tree == count && gray == count && both == count);
        assert_ok(fl_network_set_input(&network, NULL));
        assert_null(network.input);
        fl_network_clear(&network);
        fl_network_clear(&copy);
        fl_network_clear(&extended);
    }
    fl_network network;
    assert_ok(fl_network_new(&network, 2));
    assert_status(FL_EINVAL, fl_network_set_input(&network, (double[]){1, NAN}));
    assert_status(FL_EINVAL, fl_network_set_input(&network, (double[]){1e301, 0}));
    /* A tie is stable, and what is lost in rounding decides. */
    assert_ok(fl_network_set_input(&network, (double[]){-1, 0}));
    uint64_t up = 3;
    assert_true(fl_network_stable(&network, &up, 0, 1));
    assert_false(fl_network_stable(&network, &up, 0, nextafter(1, 0)));
    network.diagonal[0] = 0x1p-80;
    assert_true(fl_network_stable(&network, &up, 0, 1));
    network.diagonal[0] = -0x1p-80;
    assert_false(fl_network_stable(&network, &up, 0, 1));
    fl_network_clear(&network);
}

/* E[#], E[M_d] and Var # over networks of 7 neurons, all configurations of each. */
static void moments_by_brute(const fl_instances *w, double jd) {
    enum { N = 7 };
    size_t samples = (size_t)w->samples;
    double *values = calloc(samples * (N + 2), sizeof *values);
    assert_non_null(values);
    for (size_t k = 0; k < samples; k++) {
        fl_network network;
        const fl_instance one = {.sample = k};
        assert_ok(fl_instances_draw(w, &one, &network));
        census c = brute_census(&network, jd);
        for (size_t d = 0; d <= N; d++)
            values[k * (N + 2) + d] = c.pairs[d];
        values[k * (N + 2) + N + 1] = c.count * c.count;
        fl_network_clear(&network);
    }
    double all = 0, mean, variance, log_mean;
    for (size_t d = 0; d <= N; d++) {
        fl_estimate pairs = brute_column(values, samples, N + 2, d);
        assert_ok(fl_instances_log_mean_pairs(w, 0, jd, d, &log_mean));
        assert_z(pairs.mean, exp(log_mean), pairs.error);
        all += exp(log_mean);
    }
    fl_estimate square = brute_column(values, samples, N + 2, N + 1);
    assert_z(square.mean, all, square.error);
    assert_ok(fl_instances_log_mean(w, 0, jd, &mean));
    assert_ok(fl_instances_variance(w, 0, jd, &variance));
    assert_relative(all, exp(2 * mean) * (1 + variance), 1e-12);
    free(values);
}

static void moments(void **state) {
    (void)state;
    static const double input[] = {0.3, -1, 0, 2, 0.1, -0.5, 0.7};
    const int64_t n = 7;
    fl_instances w = {.ensemble = FL_ENSEMBLE_DEFAULT,
                      .n = &n,
                      .n_count = 1,
                      .seed = 11,
                      .samples = test_fast() ? 400 : 6000,
                      .input_strength = 0.6};
    moments_by_brute(&w, 0.3);
    w.ensemble.variance = FL_VARIANCE_N_MINUS_1;
    w.input = input;
    moments_by_brute(&w, 0.2);
}

/* Limits and identities of the pairs: no input; fields of one size as a list; huge fields, under
 * which only s = sign of the input is left; distances beyond. */
static void pairs_in_limits(void **state) {
    (void)state;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    double list[40], one, other;
    for (size_t i = 0; i < 40; i++)
        list[i] = i % 3 ? 0.4 : -0.4;
    const fl_input_field none = {NULL, 0}, strength = {NULL, 0.4}, each = {list, 0};
    for (size_t d = 0; d <= 40; d++) {
        assert_ok(fl_log_mean_pairs_input(&e, 40, 0.3, &none, d, &one));
        assert_ok(fl_log_mean_pairs(&e, 40, 0.3, d, &other));
        assert_true(fabs(one - other) < 1e-10 * (1 + fabs(other)));
        assert_ok(fl_log_mean_pairs_input(&e, 40, 0.3, &strength, d, &one));
        assert_ok(fl_log_mean_pairs_input(&e, 40, 0.3, &each, d, &other));
        assert_true(fabs(one - other) < 1e-10 * (1 + fabs(other)));
    }
    const fl_input_field huge = {NULL, 50};
    assert_ok(fl_log_mean_count_input(&e, 40, 0.3, &huge, &one));
    assert_true(fabs(one) < 1e-12);
    assert_ok(fl_log_mean_pairs_input(&e, 40, 0.3, &huge, 1, &one));
    assert_true(one < -1000);
    assert_ok(fl_log_mean_pairs_input(&e, 40, -10, &strength, 20, &one));
    assert_true(isfinite(one) && one < -1000);
    assert_status(FL_EINVAL, fl_log_mean_pairs_input(&e, 40, 0.3, &each, 41, &one));
    assert_status(FL_EINVAL, fl_log_mean_count_input(&e, 40, NAN, &none, &one));
    assert_status(FL_EDOMAIN, fl_log_mean_pairs_input(&e, 200, 0.3, &each, 4, &one));
    e.eta = 0.5;
    assert_status(FL_EDOMAIN, fl_log_mean_count_input(&e, 40, 0.3, &strength, &one));
}

/* ---- tools ---- */

/* The inputs that the tools are asked about, and the networks that these make. */
static const char *const inputs[] = {"--input-strength 0.7", "--input %s"};

static const char *input_file(double *values, size_t n) {
    fl_rng rng = test_stream("input file");
    FILE *file = fopen(test_path("field.txt"), "w");
    assert_non_null(file);
    for (size_t i = 0; i < n; i++) {
        values[i] = fl_rng_gauss(&rng) / 2;
        fprintf(file, "%.17g\n", values[i]);
    }
    fclose(file);
    return test_path("field.txt");
}

/* fl-count check enumerates the same numbers as fl-enumerate, and its intervals hold them. */
static void counting(void **state) {
    (void)state;
    double values[14];
    const char *path = input_file(values, 14);
    int samples = test_fast() ? 2 : 5, population = test_fast() ? 512 : 2048;
    for (int k = 0; k < 2; k++) {
        char input[300], call[700];
        snprintf(input, sizeof input, inputs[k], path);
        snprintf(call, sizeof call, "--n 14 --jd 0.3,0.8 --samples %d --seed 6 %s", samples, input);
        fl_frame f = test_table(fl_tool_enumerate, "fl-enumerate", call);
        snprintf(call, sizeof call,
                 "check --n 14 --jd 0.3,0.8 --samples %d --seed 6 --population %d %s", samples,
                 population, input);
        fl_frame g = test_table(fl_tool_count, "fl-count", call);
        int covered = 0;
        assert_int_equal(f.rows, g.rows);
        for (size_t row = 0; row < f.rows; row++) {
            double count = test_cell(&f, row, "count");
            assert_true(count > 0 ? fabs(exp(test_cell(&g, row, "exact")) - count) < 1e-9 * count
                                  : isinf(test_cell(&g, row, "exact")));
            covered += (int)test_cell(&g, row, "anneal_covers");
            covered += (int)test_cell(&g, row, "split_covers");
        }
        assert_true(covered >= (test_fast() ? 5 : 17)); /* of 8 and 20 at 95 % */
        fl_frame_clear(&f);
        fl_frame_clear(&g);
    }
    fl_frame f = test_table_of(fl_tool_count, "fl-count",
                               "--n 24 --jd 0.5 --samples 12 --population %d --summary "
                               "--input-strength 1",
                               population);
    double log_mean;
    const fl_input_field field = {NULL, 1};
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    assert_ok(fl_log_mean_count_input(&e, 24, 0.5, &field, &log_mean));
    assert_relative(test_cell(&f, 0, "closed_form"), log_mean / 24, 1e-12);
    assert_true(fabs(test_cell(&f, 0, "z")) < 4.9);
    fl_frame_clear(&f);
    test_refused(fl_tool_count, "fl-count",
                 "--n 12 --input-strength 1 --store x.h5 --store-networks", 2, "--store-networks");
}

/* Every fixed point that a dynamics reaches is one under the input, by plain sums. */
static void all_are_fixed(const char *store, const char *input, const double *values) {
    fl_store_reader *reader;
    const fl_store_set *sets;
    size_t count, seen = 0;
    assert_ok(fl_store_open(&reader, store));
    assert_ok(fl_store_sets(reader, &sets, &count));
    const int64_t n = 14;
    fl_instances w = {.ensemble = FL_ENSEMBLE_DEFAULT, .n = &n, .n_count = 1, .seed = 6};
    w.samples = 6;
    w.input_strength = strstr(input, "strength") ? 0.7 : 0;
    for (size_t k = 0; k < count; k++) {
        fl_network network;
        const fl_instance one = {.sample = sets[k].sample};
        assert_ok(fl_instances_draw(&w, &one, &network));
        for (uint64_t p = 0; p < sets[k].count; p++) {
            uint64_t spins;
            assert_ok(fl_store_read(reader, &sets[k], p, 1, &spins));
            assert_true(plainly_stable(&network, network.input ? network.input : values, spins,
                                       sets[k].jd));
            seen++;
        }
        fl_network_clear(&network);
    }
    fl_store_reader_close(reader);
    assert_true(seen > 50);
}

static void reaching(void **state) {
    (void)state;
    double values[14];
    const char *path = input_file(values, 14);
    for (int k = 0; k < 2; k++) {
        char input[300], call[900];
        snprintf(input, sizeof input, inputs[k], path);
        const char *store = test_path(k ? "reached1.h5" : "reached0.h5");
        snprintf(call, sizeof call,
                 "run --algorithm async,sequential,site,sync,partial,anneal,greedy,reluctant,cool,"
                 "focused --sweeps 200 --n 14 --jd 0.8 --samples 6 --replicas 2 --seed 6 %s "
                 "--store %s",
                 input, store);
        fl_frame f = test_table(fl_tool_access, "fl-access", call);
        fl_frame_clear(&f);
        all_are_fixed(store, input, values);
        /* Nothing is turned: all stay where they are, under the same input only. */
        snprintf(call, sizeof call, "return --start %s --flips 0 --trials 1 %s", store,
                 k ? input : "");
        f = test_table(fl_tool_access, "fl-access", call);
        for (size_t row = 0; row < f.rows; row++)
            assert_true(test_cell(&f, row, "returned") == 1);
        fl_frame_clear(&f);
    }
    test_refused_of(fl_tool_access, "fl-access", 2, "--input",
                    "return --start %s --flips 0 --trials 1", test_path("reached1.h5"));
    /* All that attracts is among all that is there. */
    fl_frame f = test_table(fl_tool_access, "fl-access",
                            "basins --n 12 --jd 0.9 --starts 400 --samples 4 --input-strength 0.5");
    for (size_t row = 0; row < f.rows; row++)
        assert_true(test_cell(&f, row, "distinct") <=
                    exp(12 * test_cell(&f, row, "log_count")) * (1 + 1e-9));
    fl_frame_clear(&f);
    /* A strong input decides alone: the run ends at its signs, whatever the couplings. */
    f = test_table(fl_tool_access, "fl-access",
                   "trace --n 200 --jd 0 --input-strength 9 --sweeps 20");
    assert_true(test_cell(&f, f.rows - 1, "unstable_fraction") == 0 && f.rows <= 4);
    fl_frame_clear(&f);
}

/* Pairs over networks, from the tool's own drawing and from a store, beside the exact mean. */
static void overlaps(void **state) {
    (void)state;
    const char *which = "--n 12 --jd 0.4 --samples 400 --seed 3 --input-strength 0.5";
    char call[600];
    snprintf(call, sizeof call, "histogram %s", which);
    fl_frame f = test_table(fl_tool_overlap, "fl-overlap", call);
    snprintf(call, sizeof call, "%s --store %s", which, test_path("pairs.h5"));
    fl_frame g = test_table(fl_tool_enumerate, "fl-enumerate", call);
    fl_frame_clear(&g);
    snprintf(call, sizeof call, "histogram %s", test_path("pairs.h5"));
    g = test_table(fl_tool_overlap, "fl-overlap", call);
    for (size_t row = 0; row < f.rows; row++) {
        assert_true(test_cell(&f, row, "exact_mean") > 0);
        assert_true(!(fabs(test_cell(&f, row, "z")) > 4.9));
        assert_true(test_cell(&f, row, "pairs_mean") == test_cell(&g, row, "pairs_mean"));
        assert_true(test_cell(&f, row, "exact_mean") == test_cell(&g, row, "exact_mean"));
    }
    fl_frame_clear(&f);
    fl_frame_clear(&g);
    snprintf(call, sizeof call, "histogram --test %s", which);
    f = test_table(fl_tool_overlap, "fl-overlap", call);
    assert_true(test_cell(&f, 0, "p") > 1e-6 && test_cell(&f, 0, "bins") >= 3);
    fl_frame_clear(&f);
    test_refused_of(fl_tool_overlap, "fl-overlap", 2, "input", "histogram --input-strength 1 %s",
                    test_path("pairs.h5"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts), cmocka_unit_test(moments),  cmocka_unit_test(pairs_in_limits),
        cmocka_unit_test(counting), cmocka_unit_test(reaching), cmocka_unit_test(overlaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
