/* Chains of modules: the transfer matrix against the sum over all bonds, the exact mean counts of
 * the ensembles, long chains, the tool. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/chain.h"
#include "fixland/gaussian.h"
#include "fixland/moments.h"
#include "fixland/tools.h"

static double between(fl_rng *rng, double low, double high) {
    return low + (high - low) * fl_rng_uniform(rng);
}

/* The definition: a sum over 2^(L-1) bonds. */
static double all_bonds(double jd, double lambda, size_t modules) {
    double sum = 0;
    for (unsigned bonds = 0; bonds < 1u << (modules - 1); bonds++) {
        double product = 2;
        for (size_t l = 0; l < modules; l++) {
            int left = l == 0 ? 0 : bonds >> (l - 1) & 1 ? 1 : -1;
            int right = l == modules - 1 ? 0 : bonds >> l & 1 ? 1 : -1;
            product *= fl_normal_cdf(jd + lambda * (left + right));
        }
        sum += product;
    }
    return log(sum) / (double)modules;
}

static void short_chains(void **state) {
    (void)state;
    fl_rng rng = test_stream("chain bonds");
    for (int k = 0; k < 100; k++) {
        size_t modules = 1 + fl_rng_below(&rng, 9);
        double jd = between(&rng, -2, 3), lambda = between(&rng, 0, 2), entropy;
        assert_ok(fl_chain_entropy(jd, lambda, modules, 0, &entropy));
        assert_true(fabs(entropy - all_bonds(jd, lambda, modules)) < 1e-14 * (1 + fabs(entropy)));
    }
}

static void exact_mean_counts(void **state) {
    (void)state;
    fl_rng rng = test_stream("chain counts");
    for (int k = 0; k < 100; k++) {
        fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
        ensemble.modules = 1 + fl_rng_below(&rng, 12);
        ensemble.lambda = between(&rng, 0, 3);
        size_t n = 2 + fl_rng_below(&rng, 500);
        double jd = between(&rng, 0, 3), entropy, log_mean;
        assert_ok(fl_log_mean_count(&ensemble, n, jd, &log_mean));
        assert_ok(fl_chain_entropy(jd, ensemble.lambda, ensemble.modules, n, &entropy));
        double size = (double)n * (double)ensemble.modules;
        if (!(fabs(entropy - log_mean / size) < 1e-13 * (1 + fabs(entropy))))
            fail_msg("jd %.17g lambda %.17g modules %zu n %zu: %.17g, expected %.17g", jd,
                     ensemble.lambda, ensemble.modules, n, entropy, log_mean / size);
    }
}

/* The ratio of successive lengths converges to the eigenvalue. */
static void long_chains(void **state) {
    (void)state;
    fl_rng rng = test_stream("chain length");
    for (int k = 0; k < 30; k++) {
        double jd = between(&rng, -1, 2), lambda = between(&rng, 0, 2), one, two, limit;
        assert_ok(fl_chain_entropy(jd, lambda, 2000, 0, &one));
        assert_ok(fl_chain_entropy(jd, lambda, 1000, 0, &two));
        assert_ok(fl_chain_entropy(jd, lambda, 0, 0, &limit));
        assert_true(fabs(2 * one - two - limit) < 1e-11);
    }
}

static void special_values(void **state) {
    (void)state;
    double entropy, sigma;
    assert_ok(fl_chain_entropy(0.3, 0, 7, 0, &entropy)); /* uncoupled */
    assert_ok(fl_entropy_limit(0.3, &sigma));
    assert_relative(entropy, sigma, 1e-14);
    assert_ok(fl_chain_entropy(0, 0, 0, 0, &entropy));
    assert_true(fabs(entropy) < 1e-15);
    assert_ok(fl_chain_entropy(0, 0.5, 0, 0, &entropy)); /* lambda alone makes them many */
    assert_true(entropy > 0.01);
    assert_ok(fl_chain_entropy(-30, 30, 0, 0, &entropy));
    assert_true(isfinite(entropy));
    assert_status(FL_EDOMAIN, fl_chain_entropy(0, 0, 2, 1, &entropy));
    assert_status(FL_EINVAL, fl_chain_entropy(NAN, 0, 2, 0, &entropy));
    assert_status(FL_EINVAL, fl_chain_entropy(0, -1, 2, 0, &entropy));
}

static void the_mode(void **state) {
    (void)state;
    char *out, *err;
    const char *words = "chain --jd 0.1 --lambda 0.5 --modules 3 --n 20";
    assert_int_equal(test_run_tool(fl_tool_entropy, "fl-entropy", words, &out, &err), 0);
    double v[6], expected;
    const char *row = strstr(out, "\n0.1 0.5 3 20 ");
    assert_non_null(row);
    assert_int_equal(
        sscanf(row, "%lf %lf %lf %lf %lf %lf", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5]), 6);
    assert_ok(fl_chain_entropy(0.1, 0.5, 3, 20, &expected));
    assert_true(v[4] == expected && fabs(v[5] - 60 * expected) < 1e-12);
    assert_non_null(strstr(out, "\n0.1 0.5 inf 20 "));
    free(out), free(err);
    words = "chain --jd 0.75 --margin 0.25 --lambda 0.5 --modules 3 --n 20"; /* as J_D = 0.5 */
    assert_int_equal(test_run_tool(fl_tool_entropy, "fl-entropy", words, &out, &err), 0);
    assert_non_null(row = strstr(out, "\n0.75 0.5 3 20 "));
    assert_int_equal(sscanf(row, "%*f %*f %*f %*f %lf", &v[4]), 1);
    assert_ok(fl_chain_entropy(0.5, 0.5, 3, 20, &expected));
    assert_true(v[4] == expected);
    free(out), free(err);
    assert_int_equal(test_run_tool(fl_tool_entropy, "fl-entropy", "chain --n 1", &out, &err), 2);
    assert_true(*out == 0 && strstr(err, "--n"));
    free(out), free(err);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_chains), cmocka_unit_test(exact_mean_counts),
        cmocka_unit_test(long_chains),  cmocka_unit_test(special_values),
        cmocka_unit_test(the_mode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
