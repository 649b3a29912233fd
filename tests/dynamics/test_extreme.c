/* Greedy, reluctant, and searches on costs, as dynamics. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/dynamics.h"
#include "fixland/spins.h"
#include "fixland/tools.h"
#include "tests/support/dynamics.h"
#include "tests/support/tools.h"

enum { WORDS = 4 };

/* The flip of the definition, in double; false at a fixed point. */
static bool plain_flip(const fl_network *network, double jd, bool greedy, uint64_t *spins) {
    double local[64 * WORDS];
    size_t best = SIZE_MAX;
    fl_network_alignment(network, spins, local);
    for (size_t i = 0; i < network->n; i++) {
        if (local[i] + jd >= 0)
            continue;
        if (best == SIZE_MAX || (greedy ? local[i] < local[best] : local[i] > local[best]))
            best = i;
    }
    if (best != SIZE_MAX)
        fl_spins_flip(spins, best);
    return best != SIZE_MAX;
}

/* Sweep by sweep what the definition does. */
static void by_definition(void **state) {
    (void)state;
    const fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    int reached = 0;
    for (uint64_t sample = 0; sample < 12; sample++) {
        bool greedy = sample % 2 == 0;
        fl_network network;
        fl_columns *columns;
        uint64_t spins[WORDS] = {0}, plain[WORDS];
        fl_outcome outcome;
        fl_dynamics plan = {.algorithm = greedy ? FL_GREEDY : FL_RELUCTANT,
                            .jd = sample < 6 ? 0.7 : 0.2,
                            .sweeps = 20};
        assert_ok(fl_network_draw(&network, &ensemble, 90, test_seed(), sample));
        assert_ok(fl_columns_new(&columns, &network, plan.jd));
        fl_start_random(spins, 90, test_seed(), sample, 0);
        memcpy(plain, spins, sizeof plain);
        assert_ok(fl_dynamics_run(columns, &plan, spins, &outcome));
        uint64_t flips = 0;
        while (flips < outcome.flips && plain_flip(&network, plan.jd, greedy, plain))
            flips++;
        assert_memory_equal(spins, plain, sizeof plain);
        assert_true(flips == outcome.flips);
        if (outcome.ending == FL_REACHED) {
            reached++;
            assert_true(fl_network_is_fixed_point(&network, spins, plan.jd));
            assert_true(outcome.sweeps == (flips + 89) / 90);
        } else {
            assert_true(flips == 90 * outcome.sweeps);
        }
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
    assert_true(reached >= 3);
}

/* Symmetric couplings have an energy: greedy and reluctant always arrive. */
static void symmetric(void **state) {
    (void)state;
    fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    ensemble.eta = 1;
    for (uint64_t sample = 0; sample < 6; sample++) {
        fl_network network;
        fl_columns *columns;
        uint64_t spins[WORDS] = {0};
        fl_outcome outcome;
        fl_dynamics plan = {.algorithm = sample % 2 ? FL_GREEDY : FL_RELUCTANT, .sweeps = 1000};
        assert_ok(fl_network_draw(&network, &ensemble, 60, test_seed(), sample));
        assert_ok(fl_columns_new(&columns, &network, 0));
        fl_start_random(spins, 60, test_seed(), sample, 0);
        assert_ok(fl_dynamics_run(columns, &plan, spins, &outcome));
        assert_int_equal(outcome.ending, FL_REACHED);
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
}

typedef struct course_seen {
    uint64_t sweeps, flips;
    double unstable;
} course_seen;

static fl_status see(void *context, uint64_t sweep, const uint64_t *spins, size_t unstable,
                     uint64_t flips) {
    course_seen *seen = context;
    (void)spins;
    seen->sweeps = sweep;
    seen->flips += flips;
    seen->unstable += sweep > 5 ? (double)unstable : 0;
    return FL_OK;
}

/* Costs: outcomes are those of what is observed. */
static void costs(void **state) {
    (void)state;
    const fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    int reached = 0;
    for (uint64_t sample = 0; sample < 8; sample++) {
        fl_network network;
        fl_columns *columns;
        uint64_t spins[WORDS] = {0};
        fl_outcome outcome;
        course_seen seen = {0, 0, 0};
        fl_dynamics plan = {.algorithm = sample % 2 ? FL_COOL : FL_FOCUSED,
                            .jd = sample < 4 ? 0.6 : -0.5,
                            .sweeps = sample < 4 ? 300 : 10,
                            .base = 0.3,
                            .slope = 1,
                            .hot = 0.5,
                            .cold = 0.02,
                            .seed = 1,
                            .sample = sample,
                            .observe = see,
                            .context = &seen};
        assert_ok(fl_network_draw(&network, &ensemble, 80, 1, sample));
        assert_ok(fl_columns_new(&columns, &network, plan.jd));
        fl_start_random(spins, 80, 1, sample, 0);
        assert_ok(fl_dynamics_run(columns, &plan, spins, &outcome));
        assert_true(seen.sweeps == outcome.sweeps && seen.flips == outcome.flips);
        assert_int_equal(outcome.ending == FL_REACHED,
                         fl_network_is_fixed_point(&network, spins, plan.jd));
        if (sample >= 4 && outcome.sweeps == 10)
            assert_true(fabs(outcome.activity - seen.unstable / 5 / 80) < 1e-12);
        reached += outcome.ending == FL_REACHED;
        plan.cold = 1;
        assert_status(FL_EINVAL, fl_dynamics_run(columns, &plan, spins, &outcome));
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
    assert_true(reached >= 3);
}

/* The tool runs them, and refuses temperatures that rise. */
static void tool(void **state) {
    (void)state;
    fl_frame rows =
        test_table(fl_tool_access, "fl-access",
                   "run --algorithm greedy,cool --n 60 --jd 0.6 --samples 6 --sweeps 200 "
                   "--energy violation --hot 0.4 --threads 3 --quiet");
    assert_int_equal(rows.rows, 2);
    assert_true(test_cell(&rows, 0, "success") > 0.5 && test_cell(&rows, 1, "success") > 0.5);
    fl_frame_clear(&rows);
    test_refused(fl_tool_access, "fl-access", "run --algorithm cool --hot 0.1 --cold 0.2", 2,
                 "--cold");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_definition), cmocka_unit_test(symmetric),
                                       cmocka_unit_test(costs), cmocka_unit_test(tool)};
    return cmocka_run_group_tests_name("extreme", tests, NULL, NULL);
}
