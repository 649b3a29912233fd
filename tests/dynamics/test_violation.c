/* Searches on the cost of violated conditions. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/spins.h"
#include "fixland/stats.h"
#include "fixland/violation.h"

enum { WORDS = 4 };

static const fl_violation form = {
    .jd = 0.5, .base = 0.3, .slope = 1, .hot = 0.5, .cold = 0.02, .sweeps = 1000, .seed = 1};

static void start_at_random(uint64_t *spins, size_t n, uint64_t which) {
    fl_rng rng = fl_rng_stream(test_seed(), FL_PURPOSE_TEST, which, 0);
    memset(spins, 0, WORDS * sizeof *spins);
    fl_spins_random(spins, n, &rng);
}

/* Every cost and both searches find fixed points of easy networks, exactly verified. */
static void finds(void **state) {
    (void)state;
    static const double costs[3][2] = {{1, 0}, {0, 1}, {0.3, 1}};
    const fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    for (int k = 0; k < 6; k++) {
        int solved = 0;
        for (uint64_t sample = 0; sample < 4; sample++) {
            fl_network network;
            fl_violation_columns *columns;
            fl_violation plan = form;
            fl_violation_outcome o;
            uint64_t spins[WORDS];
            plan.search = k < 3 ? FL_VIOLATION_ANNEAL : FL_VIOLATION_FOCUSED;
            plan.base = costs[k % 3][0];
            plan.slope = costs[k % 3][1];
            plan.hot = k % 3 ? 0.5 : 0.7;
            plan.cold = k % 3 ? 0.02 : 0.15;
            assert_ok(fl_network_draw(&network, &ensemble, 100, 1, sample));
            assert_ok(fl_violation_columns_new(&columns, &network));
            start_at_random(spins, 100, sample);
            plan.sample = sample;
            assert_ok(fl_violation_run(columns, &plan, spins, &o));
            size_t unstable = 0;
            for (size_t i = 0; i < 100; i++)
                unstable += !fl_network_stable(&network, spins, i, plan.jd);
            assert_int_equal(unstable, o.unstable);
            assert_int_equal(o.reached, unstable == 0);
            assert_true(o.sweeps <= plan.sweeps && o.flips > 0);
            solved += o.reached;
            fl_violation_columns_free(columns);
            fl_network_clear(&network);
        }
        assert_true(solved >= 3);
    }
}

/* At a fixed point nothing happens; next to one the cold search comes back to one. */
static void repairs(void **state) {
    (void)state;
    const fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    fl_network network;
    fl_violation_columns *columns;
    fl_violation plan = form;
    fl_violation_outcome o;
    uint64_t spins[WORDS], kept[WORDS];
    plan.jd = 0.7;
    assert_ok(fl_network_draw(&network, &ensemble, 100, 1, 0));
    assert_ok(fl_violation_columns_new(&columns, &network));
    start_at_random(spins, 100, 0);
    assert_ok(fl_violation_run(columns, &plan, spins, &o));
    assert_true(o.reached);
    memcpy(kept, spins, sizeof spins);
    assert_ok(fl_violation_run(columns, &plan, spins, &o));
    assert_true(o.reached && o.sweeps == 0 && o.flips == 0);
    assert_memory_equal(kept, spins, sizeof spins);
    fl_spins_flip(spins, 3);
    fl_spins_flip(spins, 50);
    plan.hot = 0.07;
    assert_ok(fl_violation_run(columns, &plan, spins, &o));
    assert_true(o.reached && fl_spins_distance(spins, kept, 100) < 20);
    fl_violation_columns_free(columns);
    fl_network_clear(&network);
}

/* Detailed balance: at a fixed temperature configurations come with probability exp(-E / T), here
 * for 3 neurons, by the fraction of time with each number of unstable neurons. Sweeps of one run
 * are followed by running one sweep at a time. */
static void equilibrium(void **state) {
    (void)state;
    enum { N = 3, SWEEPS = 40000 };
    fl_network network;
    fl_violation_columns *columns;
    fl_violation plan = form;
    fl_violation_outcome o;
    double expected[8], sum = 0, seen[8] = {0};
    uint64_t spins[WORDS] = {0};
    assert_ok(fl_network_new(&network, N));
    /* Frustrated: no fixed point, so that the search never ends. */
    static const double J[9] = {0, 1, 0.3, -1.2, 0, 0.4, 0.2, -0.9, 0};
    memcpy(network.J, J, sizeof J);
    plan.jd = 0.05;
    plan.hot = plan.cold = 0.8;
    plan.sweeps = 1;
    assert_ok(fl_violation_columns_new(&columns, &network));
    for (uint64_t s = 0; s < 8; s++) {
        double E = 0, local[N];
        fl_network_alignment(&network, &s, local);
        for (int i = 0; i < N; i++)
            E += local[i] + plan.jd < 0 ? plan.base - plan.slope * (local[i] + plan.jd) : 0;
        assert_true(E > 0);
        sum += expected[s] = exp(-E / plan.hot);
    }
    size_t sweeps = test_fast() ? SWEEPS / 10 : SWEEPS;
    for (size_t t = 0; t < sweeps; t++) {
        plan.replica = t;
        assert_ok(fl_violation_run(columns, &plan, spins, &o));
        seen[spins[0]]++;
    }
    for (int s = 0; s < 8; s++) {
        double p = expected[s] / sum, error = sqrt(p * (1 - p) / (double)sweeps);
        /* successive sweeps are correlated: a few times the error of independent ones */
        assert_true(fabs(seen[s] / (double)sweeps - p) < 15 * error);
    }
    fl_violation_columns_free(columns);
    fl_network_clear(&network);
}

/* Focused search of FOCUSED neurons as a Markov chain, configurations by their bits. */
enum { FOCUSED = 5, STATES = 1 << FOCUSED };

typedef struct chain {
    fl_network network;
    double cost[STATES], step[STATES][STATES];
    bool unstable[STATES][FOCUSED];
} chain;

static int spin_of(size_t s, size_t i) {
    return s >> i & 1 ? 1 : -1;
}

static void weigh_states(chain *c, const fl_violation *plan) {
    for (uint64_t s = 0; s < STATES; s++) {
        double local[FOCUSED];
        fl_network_alignment(&c->network, &s, local);
        for (size_t i = 0; i < FOCUSED; i++) {
            double a = local[i] + plan->jd;
            c->unstable[s][i] = a < 0;
            c->cost[s] += a < 0 ? plan->base - plan->slope * a : 0;
        }
    }
}

/* A proposal from s for the sake of neuron i, which comes with probability `weight`. */
static void propose_for(chain *c, size_t s, size_t i, double weight, double temperature) {
    bool helps[FOCUSED];
    size_t many = 0;
    for (size_t k = 0; k < FOCUSED; k++) {
        double pull = spin_of(s, i) * spin_of(s, k) * c->network.J[i * FOCUSED + k];
        many += helps[k] = k == i || pull < 0;
    }
    for (size_t k = 0; k < FOCUSED; k++) {
        size_t to = s ^ (size_t)1 << k;
        double accepted = fmin(1, exp((c->cost[s] - c->cost[to]) / temperature));
        if (helps[k])
            c->step[s][to] += weight * accepted / (double)many;
    }
}

/* Where runs from all configurations alike end, after so many proposals that nothing moves. */
static void ends_of_chain(chain *c, double temperature, double *ends) {
    for (size_t s = 0; s < STATES; s++) {
        size_t some = 0;
        double left = 1;
        for (size_t i = 0; i < FOCUSED; i++)
            some += c->unstable[s][i];
        for (size_t i = 0; i < FOCUSED; i++)
            if (c->unstable[s][i])
                propose_for(c, s, i, 1 / (double)some, temperature);
        for (size_t to = 0; to < STATES; to++)
            left -= c->step[s][to];
        c->step[s][s] += left;
        ends[s] = 1.0 / STATES;
    }
    for (int t = 0; t < 2000; t++) {
        double next[STATES] = {0};
        for (size_t s = 0; s < STATES; s++)
            for (size_t to = 0; to < STATES; to++)
                next[to] += ends[s] * c->step[s][to];
        memcpy(ends, next, sizeof next);
    }
}

/* Focused search ends as often in each fixed point as its chain says. */
static void focused_chain(void **state) {
    (void)state;
    static const fl_ensemble gaussian = FL_ENSEMBLE_DEFAULT;
    chain c = {.cost = {0}};
    fl_violation_columns *columns;
    fl_violation plan = form;
    fl_violation_outcome o;
    double ends[STATES], seen[STATES] = {0}, chi2 = 0;
    size_t runs = test_fast() ? 100 : 400;
    int points = 0;
    plan.search = FL_VIOLATION_FOCUSED;
    plan.jd = 0.6;
    plan.hot = plan.cold = 0.4;
    plan.sweeps = 100000;
    assert_ok(fl_network_draw(&c.network, &gaussian, FOCUSED, 1, 0));
    weigh_states(&c, &plan);
    ends_of_chain(&c, plan.hot, ends);
    assert_ok(fl_violation_columns_new(&columns, &c.network));
    for (uint64_t k = 0; k < runs * STATES; k++) {
        uint64_t spins[WORDS] = {k % STATES};
        plan.replica = k;
        assert_ok(fl_violation_run(columns, &plan, spins, &o));
        assert_true(o.reached);
        seen[spins[0]]++;
    }
    for (size_t s = 0; s < STATES; s++) {
        double expected = ends[s] * (double)(runs * STATES);
        if (c.cost[s] > 0)
            continue;
        points++;
        chi2 += (seen[s] - expected) * (seen[s] - expected) / expected;
    }
    assert_true(points > 4);
    assert_true(fl_p_chi2(chi2, points - 1) > 1e-6);
    fl_violation_columns_free(columns);
    fl_network_clear(&c.network);
}

static void same_bits(void **state) {
    (void)state;
    const fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    fl_network network;
    fl_violation_columns *columns;
    const char *before = getenv("FIXLAND_KERNEL");
    char *kept = before ? strdup(before) : NULL;
    assert_ok(fl_network_draw(&network, &ensemble, 77, 1, 0));
    assert_ok(fl_violation_columns_new(&columns, &network));
    for (int k = 0; k < 2; k++) {
        fl_violation plan = form;
        fl_violation_outcome a, b;
        uint64_t x[WORDS], y[WORDS];
        plan.search = (fl_violation_search)k;
        plan.jd = 0.1;
        plan.sweeps = 30;
        start_at_random(x, 77, 5);
        memcpy(y, x, sizeof x);
        setenv("FIXLAND_KERNEL", "scalar", 1);
        assert_ok(fl_violation_run(columns, &plan, x, &a));
        unsetenv("FIXLAND_KERNEL");
        assert_ok(fl_violation_run(columns, &plan, y, &b));
        assert_memory_equal(x, y, sizeof x);
        assert_true(a.flips == b.flips && a.sweeps == b.sweeps && a.unstable == b.unstable);
    }
    if (kept)
        setenv("FIXLAND_KERNEL", kept, 1);
    free(kept);
    fl_violation_columns_free(columns);
    fl_network_clear(&network);
}

static void refusals(void **state) {
    (void)state;
    fl_network network;
    fl_violation_columns *columns;
    fl_violation_outcome o;
    uint64_t spins[WORDS] = {0};
    assert_ok(fl_network_new(&network, 5));
    assert_ok(fl_violation_columns_new(&columns, &network));
    fl_violation bad = form;
    bad.base = bad.slope = 0;
    assert_status(FL_EINVAL, fl_violation_run(columns, &bad, spins, &o));
    bad = form, bad.base = -1;
    assert_status(FL_EINVAL, fl_violation_run(columns, &bad, spins, &o));
    bad = form, bad.hot = 0.01;
    assert_status(FL_EINVAL, fl_violation_run(columns, &bad, spins, &o));
    bad = form, bad.cold = 0;
    assert_status(FL_EINVAL, fl_violation_run(columns, &bad, spins, &o));
    bad = form, bad.sweeps = 0;
    assert_status(FL_EINVAL, fl_violation_run(columns, &bad, spins, &o));
    bad = form, bad.jd = INFINITY;
    assert_status(FL_EINVAL, fl_violation_run(columns, &bad, spins, &o));
    fl_violation_columns_free(columns);
    fl_network_clear(&network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds),     cmocka_unit_test(repairs),  cmocka_unit_test(equilibrium),
        cmocka_unit_test(same_bits), cmocka_unit_test(refusals), cmocka_unit_test(focused_chain),
    };
    return cmocka_run_group_tests_name("violation", tests, NULL, NULL);
}
