/* The entropy of pairs: against the exact mean at finite n, Sheppard's formula, symmetry, the tool.
 */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/moments.h"
#include "fixland/potential.h"
#include "fixland/tools.h"

/* ln E[M_d]/n = Sigma2 + a ln n/n + b/n + ...: differences and one extrapolation remove them. */
static void large_networks_approach_it(void **state) {
    (void)state;
    fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    fl_rng rng = test_stream("potential limit");
    for (int k = 0; k < 20; k++) {
        double jd = 2 * fl_rng_uniform(&rng) - 0.5, d = 0.05 * (1 + (double)fl_rng_below(&rng, 19));
        double total[3], entropy, potential;
        for (int i = 0; i < 3; i++) {
            size_t n = (size_t)20000 << i;
            assert_ok(
                fl_log_mean_pairs(&ensemble, n, jd, (size_t)llround(d * (double)n), &total[i]));
            total[i] += 0.5 * log((double)n); /* Stirling's root in the binomial coefficient */
        }
        assert_ok(fl_pair_entropy(jd, d, &entropy, &potential));
        /* total(n) = n Sigma2 + const + c/n: slopes miss by c/n^2, which the step to 2n tells. */
        double coarse = (total[1] - total[0]) / 20000, fine = (total[2] - total[1]) / 40000;
        double limit = fine + (fine - coarse) / 3;
        if (!(fabs(limit - entropy) < 1e-11))
            fail_msg("jd %.17g d %g: %.17g, expected %.17g", jd, d, limit, entropy);
    }
}

static void symmetric_and_anchored(void **state) {
    (void)state;
    fl_rng rng = test_stream("potential symmetry");
    for (int k = 0; k < 50; k++) {
        double jd = 4 * fl_rng_uniform(&rng) - 1, d = fl_rng_uniform(&rng), a, b, va, vb, sigma;
        assert_ok(fl_entropy_limit(jd, &sigma));
        assert_ok(fl_pair_entropy(jd, d, &a, &va));
        assert_ok(fl_pair_entropy(jd, 1 - d, &b, &vb));
        assert_true(fabs(a - b) < 1e-13 * (1 + fabs(a)));
        assert_ok(fl_pair_entropy(jd, 0, &a, &va));
        assert_true(fabs(va) < 1e-14 && fabs(a - sigma) < 1e-14);
        assert_ok(fl_pair_entropy(jd, 0.5, &a, &va)); /* independent at q = 0 */
        assert_true(fabs(a - 2 * sigma) < 1e-13);
    }
}

/* Sheppard: P2(0; r) = 1/4 + asin(r)/(2 pi). */
static void closed_form_without_self_coupling(void **state) {
    (void)state;
    for (int k = 1; k < 100; k++) {
        double d = k / 100.0, q = 1 - 2 * d, value, potential;
        assert_ok(fl_pair_entropy(0, d, &value, &potential));
        double same = 0.25 + asin(q) / (2 * M_PI), turned = 0.25 - asin(q) / (2 * M_PI);
        double direct = M_LN2 + (1 - d) * log(same / (1 - d)) + d * log(turned / d);
        assert_true(fabs(value - direct) < 1e-14);
        assert_true(value <= 0 && value == potential);
    }
}

/* Typical fixed points are isolated: the potential is negative close to them at every J_D. */
static void typical_ones_are_isolated(void **state) {
    (void)state;
    for (double jd = 0; jd < 1.05; jd += 0.1) {
        double entropy, potential;
        assert_ok(fl_pair_entropy(jd, 1e-6, &entropy, &potential));
        assert_true(potential < 0);
    }
}

static void bad_arguments(void **state) {
    (void)state;
    double a, b;
    assert_status(FL_EINVAL, fl_pair_entropy(NAN, 0.1, &a, &b));
    assert_status(FL_EINVAL, fl_pair_entropy(0, -0.1, &a, &b));
    assert_status(FL_EINVAL, fl_pair_entropy(0, NAN, &a, &b));
    assert_status(FL_EINVAL, fl_pair_entropy(11, 0.1, &a, &b));
}

static void the_mode(void **state) {
    (void)state;
    char *out, *err;
    const char *words = "potential --jd 0.2,0.5 --distance 0:0.5:0.25";
    assert_int_equal(test_run_tool(fl_tool_entropy, "fl-entropy", words, &out, &err), 0);
    assert_non_null(strstr(out, "# columns: jd q distance pair_entropy[nats] potential[nats]\n"));
    double jd, q, d, entropy, potential, expected, ignore;
    const char *last = strstr(out, "\n0.5 0 0.5 ");
    assert_non_null(last);
    assert_int_equal(sscanf(last, "%lf %lf %lf %lf %lf", &jd, &q, &d, &entropy, &potential), 5);
    assert_ok(fl_pair_entropy(0.5, 0.5, &expected, &ignore));
    assert_true(entropy == expected);
    free(out), free(err);
    assert_int_equal(
        test_run_tool(fl_tool_entropy, "fl-entropy", "potential --distance 2", &out, &err), 2);
    assert_true(*out == 0 && strstr(err, "--distance"));
    free(out), free(err);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_networks_approach_it),
        cmocka_unit_test(symmetric_and_anchored),
        cmocka_unit_test(closed_form_without_self_coupling),
        cmocka_unit_test(typical_ones_are_isolated),
        cmocka_unit_test(bad_arguments),
        cmocka_unit_test(the_mode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
