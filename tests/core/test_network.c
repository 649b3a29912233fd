/* Networks: the ensembles have the laws they state, and are pure functions of their address. */
#include "tests/support/support.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "fixland/network.h"
#include "tests/support/chance.h"

static double entry(const fl_network *network, size_t i, size_t j) {
    return network->J[i * network->n + j];
}

static fl_network draw(fl_ensemble ensemble, size_t n, uint64_t sample) {
    fl_network network;
    assert_ok(fl_network_draw(&network, &ensemble, n, test_seed(), sample));
    assert_int_equal(network.n, n * ensemble.modules);
    for (size_t i = 0; i < network.n; i++)
        assert_true(entry(&network, i, i) == 0 && network.diagonal[i] == 0);
    return network;
}

/* Sums over the couplings of one module of many samples, in units of 1/sqrt(n) or 1/sqrt(n-1). */
typedef struct sums {
    double pairs;                          /* (i, j) with i < j */
    double value[2], square[2], fourth[2]; /* above and below the diagonal */
    double product, kept;                  /* of J_ij and J_ji; how many of both are not zero */
    double together;                       /* pairs of which both are kept */
} sums;

static void add_pair(sums *s, double x, double y) {
    double both[2] = {x, y};
    for (int side = 0; side < 2; side++) {
        s->value[side] += both[side];
        s->square[side] += both[side] * both[side];
        s->fourth[side] += pow(both[side], 4);
        s->kept += both[side] != 0;
    }
    s->product += x * y;
    s->together += x != 0 && y != 0;
    s->pairs++;
}

static sums collect(fl_ensemble ensemble, size_t n, size_t samples) {
    double unit = sqrt((double)n - (ensemble.variance == FL_VARIANCE_N_MINUS_1));
    sums s = {0};
    for (size_t k = 0; k < samples; k++) {
        fl_network network = draw(ensemble, n, k);
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++)
                add_pair(&s, unit * entry(&network, i, j), unit * entry(&network, j, i));
        fl_network_clear(&network);
    }
    return s;
}

/* Mean 0, variance 1, correlation eta and the kept fraction c of an ensemble, each within its
 * statistical error, which the fourth moments of the law give: with x = b g / sqrt c, b = 0 or 1,
 * the fourth moment is m4 / c, and that of the product E[(x y)^2]. */
static void check_law(fl_ensemble e, size_t n, size_t samples) {
    sums s = collect(e, n, samples);
    bool binary = e.distribution == FL_BINARY, bonds = e.eta != 0;
    double c = e.dilution, m4 = binary ? 1 : 3, joint = binary ? 1 : 1 + 2 * e.eta * e.eta;
    double fourth = m4 / c, product2 = bonds ? joint / c : 1;
    for (int side = 0; side < 2; side++) {
        assert_z(s.value[side], 0, sqrt(s.pairs));
        double scatter = sqrt((fourth - 1) * s.pairs);
        if (scatter > 0)
            assert_z(s.square[side], s.pairs, scatter);
        else
            assert_true(fabs(s.square[side] - s.pairs) <= 1e-9 * s.pairs);
    }
    double scatter = sqrt(fmax(0, product2 - e.eta * e.eta) * s.pairs);
    if (scatter > 0)
        assert_z(s.product, e.eta * s.pairs, scatter);
    else /* binary, eta = +-1, nothing diluted */
        assert_true(fabs(s.product - e.eta * s.pairs) <= 1e-9 * s.pairs);
    if (c >= 1) {
        assert_true(s.kept == 2 * s.pairs);
        return;
    }
    double together = bonds ? c : c * c, spread = bonds ? 4 * c * (1 - c) : 2 * c * (1 - c);
    assert_z(s.kept, 2 * c * s.pairs, sqrt(spread * s.pairs));
    assert_z(s.together, together * s.pairs, sqrt(together * (1 - together) * s.pairs));
}

static void ensembles(void **state) {
    (void)state;
    static const double etas[] = {0, 0.4, -0.7, 1, -1}, dilutions[] = {1, 0.3};
    size_t samples = test_fast() ? 20 : 120;
    for (int distribution = 0; distribution < 2; distribution++)
        for (int variance = 0; variance < 2; variance++)
            for (int k = 0; k < 10; k++) {
                fl_ensemble e = FL_ENSEMBLE_DEFAULT;
                e.distribution = (fl_distribution)distribution;
                e.variance = (fl_variance)variance;
                e.eta = etas[k % 5];
                e.dilution = dilutions[k / 5];
                check_law(e, 23, samples);
            }
}

static double normal_cdf(double x) {
    return gsl_cdf_ugaussian_P(x);
}

/* The whole law, for correlated and for diluted Gaussian couplings. */
static void gaussian_shape(void **state) {
    (void)state;
    enum { N = 40, SAMPLES = 20 };
    for (int kind = 0; kind < 3; kind++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        e.eta = kind == 1 ? 0.6 : 0;
        e.dilution = kind == 2 ? 0.5 : 1;
        double *x = malloc(SAMPLES * N * N * sizeof *x), unit = sqrt(N * e.dilution);
        size_t count = 0;
        for (size_t k = 0; k < SAMPLES; k++) {
            fl_network network = draw(e, N, k);
            for (size_t i = 0; i < N; i++)
                for (size_t j = 0; j < i; j++) /* below: the correlated ones */
                    if (entry(&network, i, j) != 0)
                        x[count++] = unit * entry(&network, i, j);
            fl_network_clear(&network);
        }
        assert_p(test_moments_normal(x, count));
        assert_p(test_kolmogorov(x, count, normal_cdf));
        free(x);
    }
}

static void binary_values(void **state) {
    (void)state;
    for (int variance = 0; variance < 2; variance++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        e.distribution = FL_BINARY;
        e.variance = (fl_variance)variance;
        e.dilution = 0.8;
        double scale = fl_ensemble_scale(&e, 17);
        assert_relative(scale, 1 / sqrt(0.8 * (17 - variance)), 1e-15);
        fl_network network = draw(e, 17, 4);
        for (size_t k = 0; k < 17 * 17; k++)
            assert_true(fabs(network.J[k]) == scale || network.J[k] == 0);
        fl_network_clear(&network);
    }
}

static void symmetric_to_the_bit(void **state) {
    (void)state;
    for (int k = 0; k < 8; k++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        e.distribution = (fl_distribution)(k & 1);
        e.eta = k & 2 ? 1 : -1;
        e.dilution = k & 4 ? 0.5 : 1;
        fl_network network = draw(e, 31, (uint64_t)k);
        for (size_t i = 0; i < 31; i++)
            for (size_t j = 0; j < 31; j++)
                assert_true(i == j || entry(&network, i, j) == e.eta * entry(&network, j, i));
        fl_network_clear(&network);
    }
}

/* Row i alone, from its address in network.h and rng.h. */
static void rows_can_be_drawn_alone(void **state) {
    (void)state;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    e.modules = 3;
    enum { N = 12 };
    fl_network network = draw(e, N, 77);
    for (uint64_t l = 0; l < 3; l++)
        for (size_t i = 0; i < N; i++) {
            fl_rng rng = fl_rng_stream(test_seed(), FL_PURPOSE_COUPLINGS, 77, l << 32 | N);
            fl_rng_sub(&rng, i);
            for (size_t j = 0; j < N; j++)
                if (j != i)
                    assert_true(entry(&network, l * N + i, l * N + j) ==
                                fl_rng_gauss(&rng) * fl_ensemble_scale(&e, N));
        }
    fl_network_clear(&network);
}

static void pure_function(void **state) {
    (void)state;
    fl_rng rng = test_stream("pure");
    for (int trial = 0; trial < 40; trial++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        e.distribution = (fl_distribution)fl_rng_below(&rng, 2);
        e.eta = fl_rng_bits(&rng) & 1 ? 0 : 0.3;
        e.dilution = fl_rng_bits(&rng) & 1 ? 1 : 0.4;
        e.modules = 1 + (size_t)fl_rng_below(&rng, 3);
        size_t n = 1 + (size_t)fl_rng_below(&rng, 20), bytes = n * e.modules * n * e.modules * 8;
        uint64_t sample = fl_rng_bits(&rng);
        fl_network a = draw(e, n, sample), other = draw(e, n, sample + 1), b = draw(e, n, sample);
        assert_memory_equal(a.J, b.J, bytes);
        if (n > 8)
            assert_memory_not_equal(a.J, other.J, bytes);
        fl_network_clear(&a);
        fl_network_clear(&b);
        fl_network_clear(&other);
    }
}

/* Networks of neighbouring size, sample, seed and module have nothing in common. */
static void independent(const double *x, const double *y, size_t stride_x, size_t stride_y,
                        size_t n) {
    double sum = 0, terms = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (i != j) {
                sum += x[i * stride_x + j] * y[i * stride_y + j];
                terms++;
            }
    assert_z(sum, 0, sqrt(terms));
}

static void scaled(fl_network *network, double unit) {
    for (size_t k = 0; k < network->n * network->n; k++)
        network->J[k] *= unit;
}

static void sizes_samples_modules_are_independent(void **state) {
    (void)state;
    enum { N = 60 };
    fl_ensemble e = FL_ENSEMBLE_DEFAULT, chain = e;
    chain.modules = 2;
    for (uint64_t k = 0; k < 10; k++) {
        fl_network base = draw(e, N, k), larger = draw(e, N + 1, k), next = draw(e, N, k + 1);
        fl_network two = draw(chain, N, k), seeded;
        assert_ok(fl_network_draw(&seeded, &e, N, test_seed() + 1, k));
        assert_memory_equal(base.J + 1, two.J + 1, (N - 1) * sizeof(double)); /* module 0 */
        scaled(&base, sqrt(N));
        scaled(&larger, sqrt(N + 1));
        scaled(&next, sqrt(N));
        scaled(&two, sqrt(N));
        scaled(&seeded, sqrt(N));
        independent(base.J, larger.J, N, N + 1, N);
        independent(base.J, next.J, N, N, N);
        independent(base.J, seeded.J, N, N, N);
        independent(base.J, two.J + N * 2 * N + N, N, 2 * N, N);
        fl_network_clear(&base);
        fl_network_clear(&larger);
        fl_network_clear(&next);
        fl_network_clear(&two);
        fl_network_clear(&seeded);
    }
}

static void chains(void **state) {
    (void)state;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    e.modules = 4;
    e.lambda = 0.7;
    enum { N = 9 };
    fl_network network = draw(e, N, 3);
    for (size_t i = 0; i < 4 * N; i++)
        for (size_t j = 0; j < 4 * N; j++) {
            size_t a = i / N, b = j / N;
            if (a == b)
                assert_true(i == j || entry(&network, i, j) != 0);
            else if ((a == b + 1 || b == a + 1) && i % N == j % N)
                assert_true(entry(&network, i, j) == 0.7);
            else
                assert_true(entry(&network, i, j) == 0);
        }
    fl_network_clear(&network);
}

static void one_neuron(void **state) {
    (void)state;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    e.variance = FL_VARIANCE_N_MINUS_1; /* 1/0 */
    fl_network network = draw(e, 1, 0);
    uint64_t spins = 1;
    assert_true(fl_network_is_fixed_point(&network, &spins, 0));
    assert_true(!fl_network_is_fixed_point(&network, &spins, -DBL_TRUE_MIN));
    fl_network_clear(&network);
}

static void bad_ensembles(void **state) {
    (void)state;
    fl_network network;
    fl_ensemble bad[9];
    for (int k = 0; k < 9; k++)
        bad[k] = FL_ENSEMBLE_DEFAULT;
    bad[0].eta = 1.01;
    bad[1].eta = NAN;
    bad[2].dilution = 0;
    bad[3].dilution = 1.5;
    bad[4].dilution = NAN;
    bad[5].modules = 0;
    bad[6].modules = (size_t)1 << 40;
    bad[7].lambda = INFINITY;
    bad[8].lambda = NAN;
    for (int k = 0; k < 9; k++) {
        assert_status(FL_EINVAL, fl_ensemble_check(&bad[k]));
        assert_status(FL_EINVAL, fl_network_draw(&network, &bad[k], 4, 1, 0));
    }
    fl_ensemble good = FL_ENSEMBLE_DEFAULT;
    assert_ok(fl_ensemble_check(&good));
    assert_status(FL_EINVAL, fl_network_draw(&network, &good, 0, 1, 0));
    assert_status(FL_EINVAL, fl_network_draw(&network, &good, SIZE_MAX, 1, 0));
    good.modules = 1 << 20; /* n * modules = 2^64 + 2^20 */
    assert_status(FL_EINVAL, fl_network_draw(&network, &good, ((size_t)1 << 44) + 1, 1, 0));
}

static void provenance(void **state) {
    (void)state;
    fl_ensemble e = {FL_BINARY, FL_VARIANCE_N_MINUS_1, -0.25, 0.1, 3, 2.5};
    fl_meta meta = {0};
    assert_ok(fl_ensemble_describe(&e, &meta));
    static const char *const expected[][2] = {{"ensemble", "binary"},
                                              {"variance", "n-1"},
                                              {"eta", "-0.25"},
                                              {"modules", "3"},
                                              {"lambda", "2.5"}};
    for (int k = 0; k < 5; k++)
        assert_string_equal(fl_meta_get(&meta, expected[k][0]), expected[k][1]);
    assert_true(strtod(fl_meta_get(&meta, "dilution"), NULL) == 0.1);
    fl_ensemble back = FL_ENSEMBLE_DEFAULT, before = back;
    assert_ok(fl_ensemble_from_meta(&back, &meta));
    assert_true(back.distribution == e.distribution && back.variance == e.variance);
    assert_true(back.eta == e.eta && back.dilution == e.dilution && back.lambda == e.lambda);
    assert_int_equal(back.modules, e.modules);
    static const char *const wrong[][2] = {{"ensemble", "uniform"}, {"variance", "1/n"},
                                           {"eta", "half"},         {"eta", "0.5x"},
                                           {"modules", "many"},     {"lambda", ""}};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        fl_meta other = {0};
        assert_ok(fl_ensemble_describe(&e, &other));
        assert_ok(fl_meta_set(&other, wrong[k][0], "%s", wrong[k][1]));
        back = before;
        assert_status(FL_EMISMATCH, fl_ensemble_from_meta(&back, &other));
        assert_non_null(strstr(fl_message(), wrong[k][0]));
        assert_true(back.variance == before.variance && back.eta == before.eta);
        fl_meta_remove(&other, wrong[k][0]);
        assert_null(fl_meta_get(&other, wrong[k][0]));
        assert_status(FL_EMISMATCH, fl_ensemble_from_meta(&back, &other));
        fl_meta_clear(&other);
    }
    assert_ok(fl_meta_set(&meta, "eta", "2"));
    assert_status(FL_EINVAL, fl_ensemble_from_meta(&back, &meta));
    fl_meta_clear(&meta);
}

static void matrices(void **state) {
    (void)state;
    fl_rng rng = test_stream("matrices");
    enum { N = 11 };
    double matrix[N * N], back[N * N];
    for (int k = 0; k < N * N; k++)
        matrix[k] = fl_rng_gauss(&rng);
    fl_network network, copy;
    assert_ok(fl_network_from_matrix(&network, matrix, N));
    for (size_t i = 0; i < N; i++) {
        assert_true(network.diagonal[i] == matrix[i * N + i] && entry(&network, i, i) == 0);
        for (size_t j = 0; j < N; j++)
            assert_true(i == j || entry(&network, i, j) == matrix[i * N + j]);
    }
    assert_ok(fl_network_copy(&copy, &network));
    fl_network_clear(&network);
    assert_null(network.J);
    fl_network_to_matrix(&copy, back);
    assert_memory_equal(back, matrix, sizeof matrix);
    fl_network_clear(&copy);
}

static void bad_matrices(void **state) {
    (void)state;
    fl_network network;
    double matrix[4] = {0, 1, NAN, 0};
    assert_status(FL_EINVAL, fl_network_from_matrix(&network, matrix, 2));
    matrix[2] = -INFINITY;
    assert_status(FL_EINVAL, fl_network_from_matrix(&network, matrix, 2));
    assert_status(FL_EINVAL, fl_network_from_matrix(&network, matrix, 0));
    double huge[4] = {DBL_MAX, DBL_MAX, 1, 1}; /* the field of neuron 0 may overflow */
    assert_status(FL_EINVAL, fl_network_from_matrix(&network, huge, 2));
    assert_status(FL_EINVAL, fl_network_new(&network, 0));
    assert_status(FL_EINVAL, fl_network_new(&network, (size_t)1 << 30));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ensembles),
        cmocka_unit_test(gaussian_shape),
        cmocka_unit_test(binary_values),
        cmocka_unit_test(symmetric_to_the_bit),
        cmocka_unit_test(rows_can_be_drawn_alone),
        cmocka_unit_test(pure_function),
        cmocka_unit_test(sizes_samples_modules_are_independent),
        cmocka_unit_test(chains),
        cmocka_unit_test(one_neuron),
        cmocka_unit_test(bad_ensembles),
        cmocka_unit_test(provenance),
        cmocka_unit_test(matrices),
        cmocka_unit_test(bad_matrices),
    };
    return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
