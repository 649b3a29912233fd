/* Random networks and plans: see dynamics.h. */
#include "tests/support/support.h"

#include "tests/support/dynamics.h"

static fl_ensemble random_ensemble(fl_rng *rng) {
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    uint64_t kind = fl_rng_below(rng, 5);
    if (kind == 1)
        e.distribution = FL_BINARY;
    if (kind == 2)
        e.eta = 2 * fl_rng_uniform(rng) - 1;
    if (kind == 3)
        e.dilution = 0.3;
    if (kind == 4) {
        e.modules = 1 + fl_rng_below(rng, 4);
        e.lambda = fl_rng_uniform(rng);
    }
    return e;
}

fl_dynamics test_plan(fl_rng *rng) {
    static const double couplings[] = {0, 0.125, 0.3, 0.7, 1.5, -0.2};
    return (fl_dynamics){.algorithm =
                             (fl_algorithm)fl_rng_below(rng, FL_GREEDY) /* those that visit */,
                         .jd = couplings[fl_rng_below(rng, 6)],
                         .sweeps = 1 + fl_rng_below(rng, 40),
                         .p = 0.1 + 0.9 * fl_rng_uniform(rng),
                         .temperature = fl_rng_uniform(rng),
                         .anneal_sweeps = fl_rng_below(rng, 20),
                         .thermal = (fl_thermal)fl_rng_below(rng, 2),
                         .seed = fl_rng_bits(rng),
                         .sample = fl_rng_below(rng, 100),
                         .replica = fl_rng_below(rng, 4)};
}

fl_network test_network(fl_rng *rng, size_t most) {
    fl_ensemble e = random_ensemble(rng);
    fl_network network;
    assert_ok(fl_network_draw(&network, &e, 1 + fl_rng_below(rng, most), fl_rng_bits(rng), 0));
    if (fl_rng_below(rng, 4) == 0)
        for (size_t i = 0; i < network.n; i++)
            network.diagonal[i] = fl_rng_gauss(rng) / 4;
    if (fl_rng_below(rng, 4) == 0) {
        double size = 2 * fl_rng_uniform(rng), *input = calloc(network.n, sizeof *input);
        assert_non_null(input);
        for (size_t i = 0; i < network.n; i++)
            input[i] = size * fl_rng_gauss(rng);
        assert_ok(fl_network_set_input(&network, input));
        free(input);
    }
    return network;
}

void test_assert_outcome(const fl_outcome *a, const fl_outcome *b) {
    assert_int_equal(a->ending, b->ending);
    assert_int_equal(a->sweeps, b->sweeps);
    assert_int_equal(a->flips, b->flips);
    assert_int_equal(a->period, b->period);
    assert_true(a->activity == b->activity);
}
