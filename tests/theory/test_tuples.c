/* Entropies of m-tuples: against the direct pair entropy, binomial sums for whole m, finite
 * differences, finer grids, and the domain of the arguments. */
#include "tests/support/support.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

#include "fixland/gaussian.h"
#include "fixland/moments.h"
#include "fixland/potential.h"
#include "fixland/tuples.h"
#include "theory/replica.h"

static double between(fl_rng *rng, double low, double high) {
    return low + (high - low) * fl_rng_uniform(rng);
}

/* A distance between `low` and `high`, evenly in the logarithm. */
static double log_between(fl_rng *rng, double low, double high) {
    return low * pow(high / low, fl_rng_uniform(rng));
}

static fl_tuples_model fixed_points(double jd) {
    return (fl_tuples_model){.kind = FL_TUPLES_FIXED_POINTS, .control = jd};
}

/* F(2, q) is the pair entropy, which needs no conjugate overlap and no integral over u. */
static void two_replicas_are_pairs(void **state) {
    (void)state;
    fl_rng rng = test_stream("tuples pairs");
    for (int k = 0; k < (test_fast() ? 30 : 150); k++) {
        double d = log_between(&rng, 1e-6, 0.5), pair, potential;
        fl_tuples_model model = fixed_points(between(&rng, 0, k % 2 ? 0.2 : 3));
        fl_tuples t;
        assert_ok(fl_tuples_entropy(&model, 2, 1 - 2 * d, &t));
        assert_ok(fl_pair_entropy(model.control, 0.5 * (1 - t.q), &pair, &potential));
        assert_true(fabs(t.value - pair) < 1e-12);
        assert_true(fabs(t.value - pair) <= t.error + 1e-14);
    }
}

static void one_replica_is_the_entropy(void **state) {
    (void)state;
    fl_rng rng = test_stream("tuples one");
    for (int k = 0; k < 60; k++) {
        double d = log_between(&rng, 1e-5, 0.5), entropy;
        fl_tuples_model model = fixed_points(between(&rng, 0, 2));
        fl_tuples t;
        assert_ok(fl_entropy_limit(model.control, &entropy));
        assert_ok(fl_tuples_entropy(&model, 1, 1 - 2 * d, &t));
        assert_true(fabs(t.value - entropy) < 1e-12);
    }
}

/* For whole m the power of the bracket is a binomial sum, and u can be integrated by hand:
 * sum over k of C(m,k) e^(qh (m-2k)^2/2) Int Dz Phi(+)^(m-k) Phi(-)^k. */
typedef struct power {
    double jd, q, plus, minus;
} power;

static double integrand(double z, void *context) {
    const power *p = context;
    double s = sqrt(1 - p->q), y = sqrt(p->q) * z;
    return exp(-0.5 * z * z + p->plus * fl_log_normal_cdf((p->jd + y) / s) +
               p->minus * fl_log_normal_cdf((p->jd - y) / s)) /
           sqrt(2 * M_PI);
}

static double integral(gsl_function *f) {
    gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(400);
    double value, error, sum = 0;
    const double cuts[] = {-40, -3, -1, 0, 1, 3, 40};
    for (int i = 0; i < 6; i++) {
        gsl_integration_qag(f, cuts[i], cuts[i + 1], 1e-15, 1e-12, 400, GSL_INTEG_GAUSS31,
                            workspace, &value, &error);
        sum += value;
    }
    gsl_integration_workspace_free(workspace);
    return sum;
}

static double binomial_route(double jd, int m, double q, double qh) {
    double sum = 0;
    for (int k = 0; k <= m; k++) {
        power p = {jd, q, m - k, k};
        gsl_function f = {integrand, &p};
        sum += gsl_sf_choose((unsigned)m, (unsigned)k) * exp(0.5 * qh * (m - 2 * k) * (m - 2 * k)) *
               integral(&f);
    }
    return -0.5 * m * (m - 1) * q * qh - 0.5 * m * qh + log(sum);
}

static void whole_numbers_of_replicas(void **state) {
    (void)state;
    fl_rng rng = test_stream("tuples binomial");
    gsl_error_handler_t *handler = gsl_set_error_handler_off();
    for (int k = 0; k < (test_fast() ? 10 : 60); k++) {
        int m = 1 + (int)fl_rng_below(&rng, 7);
        double q = 1 - 2 * log_between(&rng, 1e-3, 0.45), qh = between(&rng, 0, 6.0 / m);
        fl_tuples_model model = fixed_points(between(&rng, -0.3, 1));
        fl_tuples t;
        assert_ok(fl_tuples_at(&model, m, q, qh, &t));
        assert_true(fabs(t.value - binomial_route(model.control, m, q, qh)) < 2e-11);
    }
    gsl_set_error_handler(handler);
}

/* A point of any model, in the range where thresholds are. */
static fl_tuples_model any_model(fl_rng *rng, int kind) {
    switch (kind) {
    case FL_TUPLES_FIXED_POINTS:
        return fixed_points(between(rng, 0, 0.5));
    case FL_TUPLES_MODULES:
        return (fl_tuples_model){FL_TUPLES_MODULES, between(rng, 0, 0.2), between(rng, 0, 0.4),
                                 NULL};
    case FL_TUPLES_PERCEPTRON:
        return (fl_tuples_model){FL_TUPLES_PERCEPTRON, between(rng, 0.2, 1), between(rng, -1, 1),
                                 0};
    default:
        return (fl_tuples_model){FL_TUPLES_SYMMETRIC, between(rng, 0.2, 2), between(rng, 0.3, 2),
                                 0};
    }
}

/* The model and site moved by `by` along one of the four variables. */
static void jet_beside(fl_tuples_model model, fl_site at, int variable, double by, fl_jet *jet) {
    double *moved[] = {&at.m, &at.q, &at.qh, &model.control};
    *moved[variable] += by;
    assert_ok(fl_tuples_jet(&model, &at, jet));
}

/* Five-point differences: error h^4. */
static void check_derivatives(const fl_tuples_model *model, const fl_site *at, bool second) {
    fl_jet jet, side[4];
    assert_ok(fl_tuples_jet(model, at, &jet));
    const double steps[] = {1e-3, 2e-3 * (1 - at->q), 1e-3 * at->qh, 1e-3};
    for (int v = 0; v < FL_AT_COUNT; v++) {
        const double at_step[] = {1, -1, 2, -2};
        for (int i = 0; i < 4; i++)
            jet_beside(*model, *at, v, at_step[i] * steps[v], &side[i]);
        double slope =
            (8 * (side[0].value - side[1].value) - side[2].value + side[3].value) / (12 * steps[v]);
        assert_true(fabs(slope - jet.d[v]) < 1e-7 * (1 + fabs(jet.d[v])));
        for (int w = 0; second && w < FL_AT_COUNT; w++) {
            double bend =
                (8 * (side[0].d[w] - side[1].d[w]) - side[2].d[w] + side[3].d[w]) / (12 * steps[v]);
            assert_true(fabs(bend - jet.h[v][w]) < 1e-6 * (1 + fabs(jet.h[v][w])));
        }
    }
}

static void derivatives_are_differences(void **state) {
    (void)state;
    fl_rng rng = test_stream("tuples derivatives");
    for (int k = 0; k < (test_fast() ? 4 : 24); k++) {
        int kind = k % 4;
        fl_tuples_model model = any_model(&rng, kind);
        double m = between(&rng, 1.2, 8), q = 1 - 2 * log_between(&rng, 0.01, 0.45);
        fl_site at = {m, q, between(&rng, 0.05, 2) / m, 1};
        check_derivatives(&model, &at, kind != FL_TUPLES_MODULES);
    }
}

/* The extremum is a minimum for m > 1, and there the derivative vanishes. */
static void extremum_is_a_minimum(void **state) {
    (void)state;
    fl_rng rng = test_stream("tuples minimum");
    for (int k = 0; k < (test_fast() ? 8 : 24); k++) {
        fl_tuples_model model = any_model(&rng, k % 4);
        double m = between(&rng, 1.1, 10), q = 1 - 2 * log_between(&rng, 0.005, 0.45);
        fl_tuples t, less, more;
        assert_ok(fl_tuples_entropy(&model, m, q, &t));
        assert_ok(fl_tuples_at(&model, m, q, 0.9 * t.qh, &less));
        assert_ok(fl_tuples_at(&model, m, q, 1.1 * t.qh, &more));
        assert_true(less.value > t.value && more.value > t.value);
        assert_true(less.d_qh < 0 && more.d_qh > 0);
        assert_true(fabs(t.d_qh) < 1e-5 * (more.d_qh - less.d_qh));
        assert_relative(t.complexity, t.value - m * t.d_m, 1e-12);
    }
}

/* The stated error covers the distance to the finest grids, also far out. */
static void errors_are_honest(void **state) {
    (void)state;
    fl_rng rng = test_stream("tuples errors");
    for (int k = 0; k < (test_fast() ? 15 : 80); k++) {
        fl_tuples_model model = fixed_points(between(&rng, 0, k % 3 ? 0.15 : 2));
        double m = log_between(&rng, 1, 1000), d = log_between(&rng, 1e-6, 0.4999);
        fl_tuples t;
        fl_jet fine;
        assert_ok(fl_tuples_entropy(&model, m, 1 - 2 * d, &t));
        fl_site at = {m, t.q, t.qh, 4};
        assert_ok(fl_tuples_jet(&model, &at, &fine));
        if (!(fabs(fine.value - t.value) <= t.error))
            fail_msg("jd %.17g m %.17g d %.17g: F %.17g, fine %.17g, stated error %.3g",
                     model.control, m, d, t.value, fine.value, t.error);
        assert_true(t.error < 1e-11 + 1e-12 * fabs(t.value) * m);
    }
}

/* Two replicas of a perceptron: the energetic part is an orthant probability. */
static void perceptron_pairs(void **state) {
    (void)state;
    fl_rng rng = test_stream("tuples perceptron");
    for (int k = 0; k < 60; k++) {
        double margin = between(&rng, -1.5, 1.5), load = between(&rng, 0, 2);
        double q = between(&rng, 0, 0.999), d = 0.5 * (1 - q);
        fl_tuples_model model = {FL_TUPLES_PERCEPTRON, load, margin, NULL};
        fl_tuples t;
        assert_ok(fl_tuples_entropy(&model, 2, q, &t));
        double entropy = M_LN2 - d * log(d) - (1 - d) * log1p(-d);
        double energy = fl_log_orthant(-margin, fl_correlation_of(q));
        assert_true(fabs(t.value - entropy - load * energy) < 1e-11);
    }
}

/* P(|X| < k given Y) over |Y| < k, correlation r. */
typedef struct strip {
    double k, r;
} strip;

static double within(double x, void *context) {
    const strip *p = context;
    double s = sqrt(1 - p->r * p->r);
    return fl_normal_pdf(x) *
           (fl_normal_cdf((p->k - p->r * x) / s) - fl_normal_cdf((-p->k - p->r * x) / s));
}

static void symmetric_perceptron_pairs(void **state) {
    (void)state;
    fl_rng rng = test_stream("tuples symmetric");
    gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(200);
    for (int k = 0; k < 40; k++) {
        strip p = {between(&rng, 0.2, 2), between(&rng, 0, 0.99)};
        gsl_function f = {within, &p};
        double load = between(&rng, 0, 3), d = 0.5 * (1 - p.r), value, error;
        gsl_integration_qag(&f, -p.k, p.k, 0, 1e-12, 200, GSL_INTEG_GAUSS61, workspace, &value,
                            &error);
        fl_tuples_model model = {FL_TUPLES_SYMMETRIC, load, p.k, NULL};
        fl_tuples t;
        assert_ok(fl_tuples_entropy(&model, 2, p.r, &t));
        double entropy = M_LN2 - d * log(d) - (1 - d) * log1p(-d);
        assert_true(fabs(t.value - entropy - load * log(value)) < 1e-10);
    }
    gsl_integration_workspace_free(workspace);
}

static void perceptron_capacities(void **state) {
    (void)state;
    double load;
    fl_tuples_model symmetric = {FL_TUPLES_SYMMETRIC, 0, 1, NULL};
    fl_tuples_model plain = {FL_TUPLES_PERCEPTRON, 0, 0, NULL};
    fl_tuples_model networks = {FL_TUPLES_FIXED_POINTS, 0, 0, NULL};
    assert_ok(fl_tuples_capacity(&symmetric, &load)); /* arXiv:1901.00314 */
    assert_true(fabs(load - 1.8159) < 5e-5);
    assert_relative(load, -M_LN2 / log(erf(M_SQRT1_2)), 1e-14);
    assert_ok(fl_tuples_capacity(&plain, &load));
    assert_relative(load, 1, 1e-14);
    assert_status(FL_EINVAL, fl_tuples_capacity(&networks, &load));
    fl_tuples t;
    symmetric.control = -M_LN2 / log(erf(M_SQRT1_2));
    assert_ok(fl_tuples_entropy(&symmetric, 1, 0.7, &t));
    assert_true(fabs(t.value) < 1e-13);
}

static void outside_the_domain(void **state) {
    (void)state;
    fl_tuples t;
    fl_tuples_model model = fixed_points(0.1), bad = fixed_points(NAN);
    assert_status(FL_EINVAL, fl_tuples_entropy(&model, 0.5, 0.5, &t));
    assert_status(FL_EINVAL, fl_tuples_entropy(&model, NAN, 0.5, &t));
    assert_status(FL_EINVAL, fl_tuples_entropy(&model, 2, 1, &t));
    assert_status(FL_EINVAL, fl_tuples_entropy(&model, 2, -0.1, &t));
    assert_status(FL_EINVAL, fl_tuples_entropy(&bad, 2, 0.5, &t));
    assert_status(FL_EINVAL, fl_tuples_at(&model, 2, 0.5, -1, &t));
    model.control = -0.8; /* phi/Phi exceeds 1: pairs repel less than independent ones would */
    assert_status(FL_EDOMAIN, fl_tuples_entropy(&model, 2, 0.1, &t));
    model.kind = (fl_tuples_kind)17;
    assert_status(FL_EINVAL, fl_tuples_entropy(&model, 2, 0.5, &t));
    fl_tuples_model narrow = {FL_TUPLES_SYMMETRIC, 1, 0, NULL};
    assert_status(FL_EINVAL, fl_tuples_entropy(&narrow, 2, 0.5, &t));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_replicas_are_pairs),    cmocka_unit_test(one_replica_is_the_entropy),
        cmocka_unit_test(whole_numbers_of_replicas), cmocka_unit_test(derivatives_are_differences),
        cmocka_unit_test(extremum_is_a_minimum),     cmocka_unit_test(errors_are_honest),
        cmocka_unit_test(perceptron_pairs),          cmocka_unit_test(symmetric_perceptron_pairs),
        cmocka_unit_test(perceptron_capacities),     cmocka_unit_test(outside_the_domain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
