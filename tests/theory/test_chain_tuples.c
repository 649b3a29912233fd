/* m-tuples in chains of modules: the entropies of one and two modules by their other programs, plain
 * sums over all spin columns, pairs counted in small networks, the chain without end. */
#include "tests/support/orthant.h"
#include "tests/support/support.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>

#include "fixland/chain_tuples.h"
#include "fixland/gaussian.h"
#include "fixland/network.h"
#include "fixland/tools.h"
#include "fixland/tuples.h"
#include "tests/support/tools.h"

static double between(fl_rng *rng, double low, double high) {
    return low + (high - low) * fl_rng_uniform(rng);
}

static double entropy(const fl_chain_tuples *at) {
    double value, error;
    assert_ok(fl_chain_tuples_entropy(at, &value, &error));
    assert_true(error < 1e-11);
    return value;
}

/* Real m with one integral, one module and two; and the values of an independent program. */
static void other_programs(void **state) {
    (void)state;
    fl_rng rng = test_stream("chain tuples");
    for (int k = 0; k < 12; k++) {
        bool two = k < 3;
        size_t m = 2 + fl_rng_below(&rng, two ? 3 : 7);
        double jd = between(&rng, 0, 0.3), q = 1 - 2 * pow(10, between(&rng, -2.5, -0.4));
        double lambda = between(&rng, 0, 1);
        fl_tuples_model model = {two ? FL_TUPLES_MODULES : FL_TUPLES_FIXED_POINTS, jd,
                                 two ? lambda : 0, NULL};
        fl_tuples t;
        fl_chain_tuples at = {two ? 2 : 1, m, jd, lambda, {q, q}};
        assert_ok(fl_tuples_entropy(&model, (double)m, q, &t));
        assert_true(fabs(entropy(&at) - t.value) < 2e-11);
    }
    fl_chain_tuples unequal = {2, 4, 0, 0.415, {0.9485, 0.9717}};
    assert_true(fabs(entropy(&unequal) + 0.00022) < 5.1e-6);
    unequal.overlap[0] = 0.0002, unequal.overlap[1] = 0.99878;
    assert_true(fabs(entropy(&unequal) + 0.169) < 5.1e-4);
}

/* Without coupling every module has an entropy of its own, and so has the chain without end. */
static void uncoupled(void **state) {
    (void)state;
    fl_chain_tuples at = {3, 4, 0.1, 0, {0.7, 0.9, 0.97}}, one = {1, 4, 0.1, 0, {0}};
    double sum = 0;
    for (int l = 0; l < 3; l++) {
        one.overlap[0] = at.overlap[l];
        sum += entropy(&one) / 3;
    }
    assert_true(fabs(entropy(&at) - sum) < 1e-12);
    fl_chain_tuples endless = {0, 4, 0.1, 0, {0.97}};
    assert_true(fabs(entropy(&endless) - entropy(&one)) < 1e-10);
}

/* ---- plain sums over the 2^9 columns of three replicas in three modules ---- */

enum { REPLICAS = 3, COLUMNS = 512 };

typedef struct product {
    const double *x; /* REPLICAS arguments J + lambda s b, in units of one */
    const int *s;
    double q;
} product;

static double product_at(double z, void *context) {
    const product *p = context;
    double value = fl_normal_pdf(z);
    for (int a = 0; a < REPLICAS; a++)
        value *= fl_normal_cdf((p->x[a] + p->s[a] * sqrt(p->q) * z) / sqrt(1 - p->q));
    return value;
}

/* P of a column, the spin of replica a in module l being bit 3 l + a. */
static double column_weight(int column, const fl_chain_tuples *at, double pair_sum[3]) {
    double weight = 1;
    gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(200);
    for (int l = 0; l < 3; l++) {
        double x[REPLICAS], value, error;
        int s[REPLICAS], sum = 0;
        for (int a = 0; a < REPLICAS; a++) {
            int around = 0;
            s[a] = column >> (3 * l + a) & 1 ? 1 : -1;
            for (int k = l - 1; k <= l + 1; k += 2)
                if (k >= 0 && k < 3)
                    around += column >> (3 * k + a) & 1 ? 1 : -1;
            x[a] = at->jd + at->lambda * s[a] * around;
            sum += s[a];
        }
        product p = {x, s, at->overlap[l]};
        gsl_function f = {product_at, &p};
        gsl_integration_qag(&f, -9, 9, 0, 1e-12, 200, GSL_INTEG_GAUSS61, workspace, &value, &error);
        weight *= value;
        pair_sum[l] = 0.5 * (sum * sum - REPLICAS);
    }
    gsl_integration_workspace_free(workspace);
    return weight;
}

static void plain_sums(void **state) {
    (void)state;
    static double weight[COLUMNS], pair_sum[COLUMNS][3];
    fl_chain_tuples at = {3, REPLICAS, 0.15, 0.45, {0.6, 0.85, 0.4}};
    double h[3] = {0.5, 0.5, 0.5}, least = INFINITY;
    gsl_set_error_handler_off();
    for (int c = 0; c < COLUMNS; c++)
        weight[c] = column_weight(c, &at, pair_sum[c]);
    for (int sweep = 0; sweep < 60; sweep++) /* one multiplier after the other, each to its zero */
        for (int l = 0; l < 3; l++) {
            double mean = 0, square = 0, sum = 0;
            least = 0;
            for (int c = 0; c < COLUMNS; c++) {
                double w = weight[c];
                for (int k = 0; k < 3; k++)
                    w *= exp(h[k] * pair_sum[c][k]);
                sum += w, mean += w * pair_sum[c][l], square += w * pow(pair_sum[c][l], 2);
            }
            for (int k = 0; k < 3; k++)
                least -= 3 * at.overlap[k] * h[k];
            least = (least + log(sum)) / 3;
            mean /= sum, square /= sum;
            h[l] -= (mean - 3 * at.overlap[l]) / (square - mean * mean);
        }
    assert_true(fabs(entropy(&at) - least) < 1e-10);
}

/* ---- pairs in three modules of n neurons, exactly ---- */

/* The weight of a neuron index where the configurations differ in the modules of `flips`: over the
 * spins of the first one. */
static double index_weight(double jd, double lambda, int n, int flips, const int d[3]) {
    double sum = 0, sigma = sqrt((n - 1.0) / n);
    for (int spins = 0; spins < 8; spins++) {
        double chance = 1;
        for (int l = 0; l < 3 && chance > 0; l++) {
            double align[2] = {jd, jd};
            int mine = flips >> l & 1;
            for (int k = l - 1; k <= l + 1; k += 2)
                if (k >= 0 && k < 3) {
                    double bond = (spins >> l & 1) == (spins >> k & 1) ? lambda : -lambda;
                    align[0] += bond;
                    align[1] += mine == (flips >> k & 1) ? bond : -bond;
                }
            double r = (n - 1.0 - 2 * (d[l] - mine)) / (n - 1.0);
            chance *= d[l] < mine || n - 1 < d[l] - mine
                          ? 0
                          : test_both_above(align[0] / sigma, align[1] / sigma, mine ? -r : r);
        }
        sum += chance;
    }
    return sum;
}

enum { DEEP = 24 };

/* ln of the mean number of ordered pairs at distances d < DEEP: the coefficient of a power. */
static double log_mean_pairs(double jd, double lambda, int n, const int d[3]) {
    static double power[DEEP][DEEP][DEEP];
    double weight[8], scale = 0;
    memset(power, 0, sizeof power);
    for (int f = 0; f < 8; f++)
        weight[f] = index_weight(jd, lambda, n, f, d);
    power[0][0][0] = 1;
    for (int i = 0; i < n; i++) {
        double most = 0;
        for (int x = d[0]; x >= 0; x--)
            for (int y = d[1]; y >= 0; y--)
                for (int z = d[2]; z >= 0; z--) {
                    double sum = 0;
                    for (int f = 0; f < 8; f++)
                        if (x >= (f & 1) && y >= (f >> 1 & 1) && z >= f >> 2)
                            sum += weight[f] * power[x - (f & 1)][y - (f >> 1 & 1)][z - (f >> 2)];
                    power[x][y][z] = sum;
                    most = fmax(most, sum);
                }
        for (int x = 0; x <= d[0]; x++)
            for (int y = 0; y <= d[1]; y++)
                for (int z = 0; z <= d[2]; z++)
                    power[x][y][z] /= most;
        scale += log(most);
    }
    return scale + log(power[d[0]][d[1]][d[2]]);
}

enum { SMALL = 3, STATES = 512 };

static void count_pairs(const fl_network *network, double jd, double count[64]) {
    unsigned fixed[STATES], found = 0;
    for (unsigned s = 0; s < STATES; s++) {
        uint64_t spins[8] = {s};
        double local[3 * SMALL];
        bool stable = true;
        fl_network_alignment(network, spins, local);
        for (int i = 0; i < 3 * SMALL; i++)
            stable = stable && local[i] + jd >= 0;
        if (stable)
            fixed[found++] = s;
    }
    for (unsigned i = 0; i < found; i++)
        for (unsigned j = 0; j < found; j++) {
            unsigned differ = fixed[i] ^ fixed[j];
            count[16 * __builtin_popcount(differ & 7) + 4 * __builtin_popcount(differ >> 3 & 7) +
                  __builtin_popcount(differ >> 6)] += 1;
        }
}

/* Pairs of small networks, cell by cell; and the limit of many neurons is F at m = 2. */
static void pairs_of_three_modules(void **state) {
    (void)state;
    const int samples = test_fast() ? 500 : 3000;
    const double jd = 0.3, lambda = 0.4;
    double sum[64] = {0}, square[64] = {0};
    fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    ensemble.modules = 3, ensemble.lambda = lambda;
    gsl_set_error_handler_off();
    for (int k = 0; k < samples; k++) {
        fl_network network;
        double count[64] = {0};
        assert_ok(fl_network_draw(&network, &ensemble, SMALL, test_seed() + 3, (uint64_t)k));
        count_pairs(&network, jd, count);
        fl_network_clear(&network);
        for (int x = 0; x < 64; x++)
            sum[x] += count[x], square[x] += count[x] * count[x];
    }
    int compared = 0;
    for (int x = 0; x < 64; x++) {
        const int d[3] = {x / 16, x / 4 % 4, x % 4};
        double mean = sum[x] / samples, variance = square[x] / samples - mean * mean;
        double expected = exp(log_mean_pairs(jd, lambda, SMALL, d));
        if (expected * samples < 400)
            continue;
        compared++;
        assert_true(fabs(mean - expected) < 5 * sqrt(variance / samples));
    }
    assert_true(compared > 10);
    /* E ~ C n^(-3/2) e^(3 n F) (1 + O(1/n)): slopes are off by O(1/n^2), which is taken out. */
    double slopes[2] = {0, 0}, before = 0;
    for (int k = 0; k < 3; k++) {
        const int n = 50 << k, d[3] = {3 << k, 5 << k, 4 << k};
        double here = log_mean_pairs(jd, lambda, n, d);
        if (k > 0)
            slopes[k - 1] = (here - before + 1.5 * M_LN2) / (1.5 * n);
        before = here;
    }
    fl_chain_tuples at = {3, 2, jd, lambda, {0.88, 0.8, 0.84}};
    double limit = (4 * slopes[1] - slopes[0]) / 3;
    if (!(fabs(limit - entropy(&at)) < 1e-5))
        fail_msg("limit %.8f, F = %.8f", limit, entropy(&at));
}

/* The gap of one module by the solver of all equations; of two beside that of real m; of three
 * between two and infinitely many. */
static void thresholds(void **state) {
    (void)state;
    fl_chain_tuples at = {.modules = 1, .m = 5};
    fl_tuples_model one = {.kind = FL_TUPLES_FIXED_POINTS};
    fl_threshold gap, known;
    assert_ok(fl_chain_tuples_gap(&at, false, &gap));
    assert_ok(fl_phase_gap(&one, 5, &known));
    assert_true(fabs(gap.control - known.control) < 2e-9);
    assert_true(fabs(gap.distance - known.distance) < 1e-5);
    assert_status(FL_EDOMAIN, fl_chain_tuples_gap(&at, true, &gap));
    if (test_fast())
        return;
    double last = 0.41615342; /* real m, two modules: an upper bound for whole m */
    for (size_t modules = 2; modules <= 3; modules++) {
        at = (fl_chain_tuples){.modules = modules, .m = modules == 2 ? 5 : 4};
        assert_ok(fl_chain_tuples_gap(&at, true, &gap));
        assert_true(gap.control < last && gap.control > last - 0.04);
        last = gap.control;
        fl_chain_tuples back = {.modules = modules, .m = at.m, .lambda = gap.control};
        assert_true(modules == 3 || fl_chain_tuples_gap(&back, false, &known) == FL_EDOMAIN ||
                    fabs(known.control) < 1e-7);
    }
    at = (fl_chain_tuples){.modules = 0, .m = 3};
    assert_ok(fl_chain_tuples_gap(&at, true, &gap));
    assert_true(gap.control < last && fabs(gap.control - 0.297568611) < 1e-8);
}

static void modules_mode(void **state) {
    (void)state;
    fl_frame f = test_table(fl_tool_phase, "fl-phase", "modules --modules 1 --m 4,5 --lambda 0");
    test_assert_columns(&f, "modules m lambda jd error q distance flag");
    assert_true(fabs(test_cell(&f, 0, "jd") - 0.0595992793) < 2e-9);
    assert_true(fabs(test_cell(&f, 1, "jd") - 0.0599989512) < 2e-9);
    fl_frame_clear(&f);
    f = test_table(fl_tool_phase, "fl-phase",
                   "modules --distances 0.02575,0.01415 --m 4 --jd 0 --lambda 0.415");
    test_assert_columns(&f, "jd lambda m modules distance_1 distance_2 distance_3 distance_4 "
                            "tuple_entropy error flag");
    assert_true(fabs(test_cell(&f, 0, "tuple_entropy") + 0.00022) < 5.1e-6);
    assert_true(isnan(test_cell(&f, 0, "distance_3")));
    fl_frame_clear(&f);
    test_refused(fl_tool_phase, "fl-phase", "modules --jd 0 --lambda 0.3", 2, "give one");
    test_refused(fl_tool_phase, "fl-phase", "modules --endless --m 6", 2, "at most 5");
    test_refused(fl_tool_phase, "fl-phase", "modules --modules 2 --distances 0.1", 2, "--modules");
    test_refused(fl_tool_phase, "fl-phase", "modules --modules 5", 2, "--modules");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_programs), cmocka_unit_test(uncoupled),
        cmocka_unit_test(plain_sums),     cmocka_unit_test(pairs_of_three_modules),
        cmocka_unit_test(thresholds),     cmocka_unit_test(modules_mode),
    };
    return cmocka_run_group_tests_name("chain_tuples", tests, NULL, NULL);
}
