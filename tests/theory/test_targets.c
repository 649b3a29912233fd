/* Every closed form of partly symmetric couplings, fluctuations, inputs, margins, unequal self-couplings and
 * two-cycles beside networks that are searched, one z each; the digits themselves are asked for in
 * tests/model/test_symmetry.c, test_fluctuations.c and tests/theory/test_phase.c. FIXLAND_LONG=1 takes forty
 * times as many networks and prints the table. */
#include "tests/support/support.h"

#include <math.h>
#include <stdlib.h>

#include "fixland/driven.h"
#include "fixland/enumerate.h"
#include "fixland/instances.h"
#include "fixland/moments.h"
#include "fixland/stats.h"

enum { QUICK = 100, LONG = 40 * QUICK, MOST = 6000 };

static bool in_full(void) {
    return getenv("FIXLAND_LONG") != NULL;
}

static int samples(void) {
    return test_fast() ? QUICK / 4 : in_full() ? LONG : QUICK;
}

static int searched; /* networks, of all tests */

/* One line of the table. `error` comes from the networks. */
static void beside(const char *what, double found, double error, double expected) {
    double z = (found - expected) / error;
    if (in_full())
        print_message("%-58s %14.7g +- %-10.2g %14.7g  z %+.2f\n", what, found, error, expected, z);
    if (!(fabs(z) < (in_full() ? 4.5 : 4.9)))
        fail_msg("%s: %g +- %g, expected %g", what, found, error, expected);
}

static uint64_t count_of(const fl_network *network, double jd) {
    uint64_t count = 0;
    const fl_enumeration plan = {.jd = &jd, .jd_count = 1, .effort = {.threads = 1}};
    assert_ok(fl_enumerate(network, &plan, &count));
    searched++;
    return count;
}

/* Numbers of fixed points of networks of n neurons. */
static void counts_of(const fl_instances *w, double jd, double *counts, int many) {
    for (int k = 0; k < many; k++) {
        fl_network network;
        assert_ok(fl_instances_draw(w, &(fl_instance){0, (uint64_t)k}, &network));
        counts[k] = (double)count_of(&network, jd);
        fl_network_clear(&network);
    }
}

static fl_instances networks_of(const int64_t *n, const fl_ensemble *ensemble, uint64_t shift) {
    return (fl_instances){
        .ensemble = *ensemble, .n = n, .n_count = 1, .seed = test_seed() + shift, .samples = MOST};
}

/* Mean and variance of #, at each of the couplings and sizes for which digits are known. */
static void mean_and_variance(const char *what, const fl_instances *w, double jd) {
    static double counts[MOST];
    int many = samples();
    char text[120];
    double log_mean, variance;
    counts_of(w, jd, counts, many);
    fl_estimate mean = fl_mean(counts, (size_t)many);
    assert_ok(fl_instances_log_mean(w, 0, jd, &log_mean));
    snprintf(text, sizeof text, "E #, %s", what);
    beside(text, mean.mean, mean.error, exp(log_mean));
    if (test_fast()) /* the tail of # wants more networks for an error of its square */
        return;
    /* The second moment, over the square of the exact mean: its error needs no fourth cumulant. */
    for (int k = 0; k < many; k++)
        counts[k] = counts[k] * counts[k] * exp(-2 * log_mean) - 1;
    mean = fl_mean(counts, (size_t)many);
    assert_ok(fl_instances_variance(w, 0, jd, &variance));
    snprintf(text, sizeof text, "V, %s", what);
    beside(text, mean.mean, mean.error, variance);
}

static void symmetries(void **state) {
    (void)state;
    static const double cases[][3] = {
        {1, 0, 14},     {0.5, 0, 14},           {0.25, 0, 14},           {1, 0.5, 12},
        {0.5, 0.3, 13}, {-0.5, 0.5, 13},        {-1, 0.51533368, 20},    {-0.75, 0.35099834, 13},
        {1, 0, 16},     {-0.5, 0.21920738, 14}, {-0.25, 0.10411542, 14}, {0.5, 0, 16},
        {-0.5, 0.3, 16}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        const int64_t n = (int64_t)cases[c][2];
        char what[80];
        e.eta = cases[c][0];
        snprintf(what, sizeof what, "eta %g, J %g, N %d", e.eta, cases[c][1], (int)n);
        fl_instances w = networks_of(&n, &e, c);
        mean_and_variance(what, &w, cases[c][1]);
    }
}

static void fluctuations(void **state) {
    (void)state;
    static const double jds[] = {0.05, 0.1, 0.2, 0.3, 0.5, 1, 0};
    for (size_t c = 0; c < sizeof jds / sizeof *jds; c++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        const int64_t n = jds[c] < 1 ? 14 : 12;
        char what[80];
        snprintf(what, sizeof what, "J %g, N %d", jds[c], (int)n);
        fl_instances w = networks_of(&n, &e, 100 + c);
        mean_and_variance(what, &w, jds[c]);
    }
}

/* The conjectured law of ln #: corrections of order 1/N are left out, so not at every size. */
static void law_of_the_logarithm(void **state) {
    (void)state;
    static double counts[MOST];
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    const int64_t n = in_full() ? 28 : 20;
    int many = in_full() ? 600 : samples(), some = 0;
    fl_instances w = networks_of(&n, &e, 200);
    fl_count_law law = fl_instances_law(&w, 0, 0.5);
    counts_of(&w, 0.5, counts, many);
    for (int k = 0; k < many; k++)
        if (counts[k] > 0)
            counts[some++] = log(counts[k]);
    fl_estimate mean = fl_mean(counts, (size_t)some);
    beside("mean of ln #, J 0.5 (conjecture)", mean.mean, mean.error, law.log_mean);
    for (int k = 0; k < some; k++)
        counts[k] = (counts[k] - law.log_mean) * (counts[k] - law.log_mean);
    mean = fl_mean(counts, (size_t)some);
    beside("variance of ln #, J 0.5 (conjecture)", mean.mean, mean.error, law.log_variance);
}

/* P(#/2 = k) for #/2 Poisson around a log-normal mean of 1/2, by its own sum. */
static double poisson_law(double variance, int k) {
    double width = sqrt(log1p(variance - 2)), sum = 0, step = 0.01;
    for (double z = -9; z <= 9; z += step) {
        double mean = 0.5 * exp(width * z - 0.5 * width * width);
        sum += step * exp(-0.5 * z * z - mean + k * log(mean) - lgamma(k + 1)) / sqrt(2 * M_PI);
    }
    return sum;
}

static void few_fixed_points(void **state) {
    (void)state;
    static double counts[MOST];
    static const double known[] = {.6351, .2643, .0750, .0191};
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    const int64_t n = in_full() ? 28 : 16;
    int many = in_full() ? 3000 : samples();
    double limit, variance;
    fl_instances w = networks_of(&n, &e, 300);
    assert_ok(fl_count_variance_limit(0, &limit));
    assert_ok(fl_count_variance(&e, (size_t)n, 0, &variance));
    counts_of(&w, 0, counts, many);
    for (int k = 0; k < 4; k++) {
        char what[60];
        double found = 0, here = poisson_law(variance, k);
        for (int i = 0; i < many; i++)
            found += counts[i] == 2 * k;
        assert_true(fabs(poisson_law(limit, k) - known[k]) < 5.1e-5);
        snprintf(what, sizeof what, "P(# = %d), J 0, N %d (conjecture)", 2 * k, (int)n);
        /* Of n = 16 the law is not asked: corrections of order 1/n. */
        if (in_full())
            beside(what, found / many, sqrt(here * (1 - here) / many), here);
    }
}

static void inputs(void **state) {
    (void)state;
    static const double strengths[] = {0.5, 1, 2};
    for (size_t c = 0; c < 3; c++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        const int64_t n = 13;
        char what[80];
        snprintf(what, sizeof what, "J 0.5, input %g, N 13", strengths[c]);
        fl_instances w = networks_of(&n, &e, 400 + c);
        w.input_strength = strengths[c];
        mean_and_variance(what, &w, 0.5);
    }
}

/* ln # under an input of 1: below the annealed entropy, and towards the quenched one as N grows. */
static void quenched(void **state) {
    (void)state;
    static double counts[MOST];
    fl_driven d;
    double gap[2];
    if (!in_full())
        skip();
    assert_ok(fl_driven_entropy(0.5, 1, &d));
    for (int k = 0; k < 2; k++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        const int64_t n = k ? 20 : 12;
        int some = 0;
        fl_instances w = networks_of(&n, &e, 450);
        w.input_strength = 1;
        counts_of(&w, 0.5, counts, 2000);
        for (int i = 0; i < 2000; i++)
            if (counts[i] > 0)
                counts[some++] = log(counts[i]) / (double)n;
        fl_estimate mean = fl_mean(counts, (size_t)some);
        print_message(
            "<ln #>/N, J 0.5, input 1, N %d: %.5f +- %.5f, quenched limit %.5f, annealed %.5f\n",
            (int)n, mean.mean, mean.error, d.quenched, d.annealed);
        gap[k] = d.quenched - mean.mean;
        assert_true(mean.mean + 4 * mean.error < d.annealed);
    }
    assert_true(fabs(gap[1]) < fabs(gap[0]));
}

/* Three neurons of four with the self-coupling, the others without: at J_gap, and at twice as much. */
static void unequal(void **state) {
    (void)state;
    static double counts[MOST];
    const int64_t n = 12;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    for (int c = 0; c < 2; c++) {
        double jd = c ? 0.6 : 0.0786663, with, without;
        char what[80];
        fl_instances w = networks_of(&n, &e, 500);
        for (int k = 0; k < samples(); k++) {
            fl_network network;
            assert_ok(fl_instances_draw(&w, &(fl_instance){0, (uint64_t)k}, &network));
            for (size_t i = 0; i < 9; i++)
                network.diagonal[i] = jd;
            counts[k] = (double)count_of(&network, 0);
            fl_network_clear(&network);
        }
        fl_estimate mean = fl_mean(counts, (size_t)samples());
        assert_ok(fl_log_mean_count(&e, 12, jd, &with));
        assert_ok(fl_log_mean_count(&e, 12, 0, &without));
        snprintf(what, sizeof what, "E #, 75 %% of the neurons at J %g, N 12", jd);
        beside(what, mean.mean, mean.error, exp(0.75 * with + 0.25 * without));
    }
}

static void margins_beside(void **state) {
    (void)state;
    const int64_t n = 12;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    e.margin = 0.2;
    fl_instances w = networks_of(&n, &e, 600);
    mean_and_variance("J 0.6, margin 0.2, N 12", &w, 0.6);
}

/* Two-cycles of the synchronous map, from the table of successors. */
static double cycles_of(const fl_network *network, double jd) {
    static uint32_t next[1 << 10];
    double twos = 0;
    for (uint32_t s = 0; s < 1U << 10; s++) {
        next[s] = 0;
        for (size_t i = 0; i < 10; i++) {
            double sum = jd * (s >> i & 1 ? 1 : -1);
            for (size_t j = 0; j < 10; j++)
                sum += network->J[i * 10 + j] * (s >> j & 1 ? 1 : -1);
            next[s] |= (uint32_t)(sum > 0) << i;
        }
    }
    for (uint32_t s = 0; s < 1U << 10; s++)
        twos += next[s] != s && next[next[s]] == s;
    searched++;
    return twos / 2;
}

static void cycles(void **state) {
    (void)state;
    static double counts[MOST];
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    for (int c = 0; c < 2; c++) {
        double jd = c ? 0.3 : 0, expected;
        size_t mode;
        for (int k = 0; k < samples(); k++) {
            fl_network network;
            assert_ok(fl_network_draw(&network, &e, 10, test_seed() + 700, (uint64_t)k));
            counts[k] = cycles_of(&network, jd);
            fl_network_clear(&network);
        }
        fl_estimate mean = fl_mean(counts, (size_t)samples());
        assert_ok(fl_mean_two_cycles(&e, 10, jd, &expected, &mode));
        beside(c ? "two-cycles, J 0.3, N 10" : "two-cycles, J 0, N 10", mean.mean, mean.error,
               expected);
    }
}

static void enough(void **state) {
    (void)state;
    if (in_full())
        print_message("%d networks searched\n", searched);
    assert_true(searched >= (in_full() ? 20000 : test_fast() ? 400 : 2000));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symmetries),
        cmocka_unit_test(fluctuations),
        cmocka_unit_test(law_of_the_logarithm),
        cmocka_unit_test(few_fixed_points),
        cmocka_unit_test(inputs),
        cmocka_unit_test(quenched),
        cmocka_unit_test(unequal),
        cmocka_unit_test(margins_beside),
        cmocka_unit_test(cycles),
        cmocka_unit_test(enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
