/* How runs end: cycles against a history of all configurations, and known ones; what is refused. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/dynamics.h"
#include "fixland/spins.h"
#include "mc/dynamics/walker.h"
#include "tests/support/chance.h"
#include "tests/support/dynamics.h"

typedef struct history {
    uint64_t states[3000];
    size_t unstable[3000], count;
} history;

static fl_status remember(void *context, uint64_t sweep, const uint64_t *spins, size_t unstable,
                          uint64_t flips) {
    history *h = context;
    (void)flips;
    h->states[sweep] = spins[0];
    h->unstable[sweep] = unstable;
    h->count = sweep + 1;
    return FL_OK;
}

/* The recognised period is the distance to the last equal configuration, no earlier one is equal to
 * its neighbour by less, and the activity is that of the cycle run on. */
static void cycles(void **state) {
    (void)state;
    fl_rng rng = test_stream("cycles");
    static history h;
    int found = 0, longer = 0;
    for (int trial = 0; trial < 150; trial++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        fl_network network;
        fl_columns *columns;
        fl_outcome outcome;
        uint64_t spins[1];
        size_t n = 2 + fl_rng_below(&rng, 20);
        fl_dynamics plan = {.algorithm = trial % 3 ? FL_SYNC : FL_SEQUENTIAL,
                            .jd = 0.1,
                            .sweeps = 2900,
                            .observe = remember,
                            .context = &h};
        assert_ok(fl_network_draw(&network, &e, n, fl_rng_bits(&rng), 0));
        assert_ok(fl_columns_new(&columns, &network, 1));
        fl_spins_random(spins, n, &rng);
        assert_ok(fl_dynamics_run(columns, &plan, spins, &outcome));
        assert_int_not_equal(outcome.ending, FL_WANDERS);
        if (outcome.ending == FL_CYCLE) {
            size_t last = h.count - 1, back = 1;
            while (h.states[last - back] != h.states[last])
                back++;
            assert_int_equal(outcome.period, back);
            for (size_t t = last + 1; t <= 2900; t++)
                h.unstable[t] = h.unstable[t - back];
            double sum = 0;
            for (size_t t = 1451; t <= 2900; t++)
                sum += (double)h.unstable[t];
            assert_relative(outcome.activity, sum / 1450 / (double)n, 1e-12);
            found++;
            longer += outcome.period > 2;
        }
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
    assert_true(found > 30 && longer > 10);
}

/* With symmetric couplings synchronous dynamics end in fixed points or cycles of length 2, always.
 */
static void symmetric_couplings(void **state) {
    (void)state;
    fl_rng rng = test_stream("symmetric");
    int pairs = 0;
    for (int trial = 0; trial < 60; trial++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        e.eta = 1;
        fl_network network;
        fl_columns *columns;
        fl_outcome outcome;
        uint64_t spins[3];
        fl_dynamics plan = {.algorithm = FL_SYNC, .jd = 0.1 * (trial % 4), .sweeps = 5000};
        assert_ok(fl_network_draw(&network, &e, 2 + fl_rng_below(&rng, 150), fl_rng_bits(&rng), 0));
        assert_ok(fl_columns_new(&columns, &network, 1));
        fl_spins_random(spins, network.n, &rng);
        assert_ok(fl_dynamics_run(columns, &plan, spins, &outcome));
        assert_int_not_equal(outcome.ending, FL_WANDERS);
        assert_true(outcome.ending == FL_REACHED || outcome.period == 2);
        pairs += outcome.period == 2;
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
    assert_true(pairs > 10);
}

/* Two neurons that follow each other, from (up, up), in all neurons at once. */
static fl_outcome two_neurons(double forth, double back) {
    double matrix[] = {0, forth, back, 0};
    fl_network network;
    fl_columns *columns;
    fl_outcome outcome;
    uint64_t spins[1] = {3};
    fl_dynamics plan = {.algorithm = FL_SYNC, .sweeps = 101};
    assert_ok(fl_network_from_matrix(&network, matrix, 2));
    assert_ok(fl_columns_new(&columns, &network, 0));
    assert_ok(fl_dynamics_run(columns, &plan, spins, &outcome));
    fl_columns_free(columns);
    fl_network_clear(&network);
    return outcome;
}

/* Couplings of any size: the scale follows. A single one larger than all others together too. */
static void scales(void **state) {
    (void)state;
    static const double sizes[] = {1e-300, 1e-30, 1, 1e30, 1e290};
    for (size_t k = 0; k < 5; k++)
        assert_int_equal(two_neurons(-sizes[k], sizes[k]).period, 4);
}

/* Two neurons, each made the opposite of, or equal to, the other: a cycle of length 4. */
static void known_cycle(void **state) {
    (void)state;
    fl_outcome outcome = two_neurons(-1, 1);
    assert_int_equal(outcome.ending, FL_CYCLE);
    assert_int_equal(outcome.period, 4);
    assert_true(outcome.activity == 0.5);
}

static void refusals(void **state) {
    (void)state;
    fl_network network;
    fl_columns *columns;
    fl_outcome outcome;
    uint64_t spins[1] = {1};
    fl_algorithm algorithm;
    double matrix[] = {0, -1, 1, 0};
    assert_ok(fl_network_from_matrix(&network, matrix, 2));
    assert_ok(fl_columns_new(&columns, &network, 0.5));
    fl_dynamics plan = {.algorithm = FL_PARTIAL, .sweeps = 10, .p = 0};
    assert_status(FL_EINVAL, fl_dynamics_run(columns, &plan, spins, &outcome));
    plan.p = 0.5;
    plan.jd = 0.6;
    assert_status(FL_EINVAL, fl_dynamics_run(columns, &plan, spins, &outcome));
    plan.jd = 0.5;
    plan.sweeps = 0;
    assert_status(FL_EINVAL, fl_dynamics_run(columns, &plan, spins, &outcome));
    plan.sweeps = 10;
    assert_status(FL_EINVAL, fl_dynamics_run_shared(columns, &plan, 1, spins, &outcome));
    plan.effort.stop = test_stop_after;
    assert_status(FL_STOPPED, fl_dynamics_run(columns, &plan, spins, &outcome));
    plan.algorithm = FL_ANNEAL;
    plan.temperature = NAN;
    assert_status(FL_EINVAL, fl_dynamics_run(columns, &plan, spins, &outcome));
    assert_status(FL_EINVAL, fl_start_overlap(spins, 2, 1.1, 1, 1, 1));
    assert_status(FL_EUSAGE, fl_algorithm_parse("asynk", &algorithm));
    for (int k = 0; k < FL_ALGORITHMS; k++) {
        assert_ok(fl_algorithm_parse(fl_algorithm_name((fl_algorithm)k), &algorithm));
        assert_int_equal(algorithm, k);
    }
    fl_columns_free(columns);
    fl_network_clear(&network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cycles),   cmocka_unit_test(symmetric_couplings),
        cmocka_unit_test(scales),   cmocka_unit_test(known_cycle),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests_name("endings", tests, NULL, NULL);
}
