/* Where solutions of different searches lie: how many fixed points are near them, exactly. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/dynamics.h"
#include "fixland/enumerate.h"
#include "fixland/message.h"
#include "fixland/phase.h"
#include "fixland/spins.h"
#include "fixland/stats.h"

enum { TYPICAL, GREEDY, ASYNC, REINFORCED, KINDS, STARTS = 8, MOST = 64 };

static const double jd = 0.3;

typedef struct found {
    uint64_t *points;
    size_t count;
} found;

static fl_status keep_all(void *context, const uint64_t *spins, const uint8_t *levels,
                          size_t count) {
    found *f = context;
    (void)levels;
    f->points = realloc(f->points, (f->count + count) * sizeof *f->points);
    assert_non_null(f->points);
    memcpy(f->points + f->count, spins, count * sizeof *spins);
    f->count += count;
    return FL_OK;
}

/* ln of the number of fixed points within two flips, per neuron. */
static double density(const fl_network *network, uint64_t centre) {
    size_t n = network->n, count = 1;
    for (size_t i = 0; i < n; i++) {
        uint64_t one = centre ^ UINT64_C(1) << i;
        count += (size_t)fl_network_is_fixed_point(network, &one, jd);
        for (size_t j = 0; j < i; j++) {
            uint64_t two = one ^ UINT64_C(1) << j;
            count += (size_t)fl_network_is_fixed_point(network, &two, jd);
        }
    }
    return log((double)count) / (double)n;
}

static bool search(const fl_network *network, const fl_columns *columns, int kind, uint64_t sample,
                   uint64_t start, uint64_t *spins) {
    if (kind == REINFORCED) {
        fl_message_plan plan = fl_message_plan_for(FL_MESSAGE_REINFORCED);
        fl_message_outcome outcome;
        plan.engine = FL_BP_LINEAR;
        plan.jd = jd;
        plan.seed = 100 + start;
        plan.sample = sample;
        assert_ok(fl_message_solve(network, &plan, spins, &outcome));
        return outcome.best.solved;
    }
    fl_dynamics plan = {.algorithm = kind == GREEDY ? FL_GREEDY : FL_ASYNC,
                        .jd = jd,
                        .sweeps = 2000,
                        .seed = 1,
                        .sample = sample,
                        .replica = start};
    fl_outcome outcome;
    fl_start_random(spins, network->n, 1, sample, start);
    assert_ok(fl_dynamics_run(columns, &plan, spins, &outcome));
    return outcome.ending == FL_REACHED;
}

/* All fixed points; free f->points. */
static void find_all(const fl_network *network, double at, found *f) {
    uint64_t count;
    *f = (found){NULL, 0};
    fl_enumeration plan = {
        .jd = &at, .jd_count = 1, .effort = {.threads = 1}, .visit = keep_all, .context = f};
    assert_ok(fl_enumerate(network, &plan, &count));
}

/* Means over a network's solutions of each kind; nan where there is none. */
static void densities(size_t n, uint64_t sample, double *mean) {
    const fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    fl_network network;
    fl_columns *columns;
    found f;
    assert_ok(fl_network_draw(&network, &ensemble, n, 1, sample));
    assert_ok(fl_columns_new(&columns, &network, jd));
    find_all(&network, jd, &f);
    double sum = 0;
    size_t step = f.count / 200 + 1, used = 0;
    for (size_t k = 0; k < f.count; k += step, used++)
        sum += density(&network, f.points[k]);
    mean[TYPICAL] = sum / (double)used;
    for (int kind = GREEDY; kind < KINDS; kind++) {
        sum = 0;
        used = 0;
        for (uint64_t start = 0; start < STARTS; start++) {
            uint64_t spins[1] = {0};
            if (!search(&network, columns, kind, sample, start, spins))
                continue;
            sum += density(&network, spins[0]);
            used++;
        }
        mean[kind] = sum / (double)used;
    }
    free(f.points);
    fl_columns_free(columns);
    fl_network_clear(&network);
}

/* How much denser it is around b than around a, in errors, over networks that have both. */
static double excess(double (*means)[KINDS], size_t networks, int a, int b) {
    double differences[MOST];
    size_t count = 0;
    for (size_t k = 0; k < networks; k++)
        if (isfinite(means[k][a]) && isfinite(means[k][b]))
            differences[count++] = means[k][b] - means[k][a];
    fl_estimate e = fl_mean(differences, count);
    print_message("excess of %d over %d: %.4f(%.4f), %zu networks\n", b, a, e.mean, e.error, count);
    return e.mean / e.error;
}

/* Reached ones lie in denser regions than typical ones, those of message passing in the densest.
 * Greedy and asynchronous ones do not differ beyond error, at n = 40 either. */
static void order(void **state) {
    (void)state;
    bool full = getenv("FIXLAND_LONG") != NULL;
    size_t n = full ? 40 : 24, networks = test_fast() ? 2 : full ? 60 : 30;
    double means[MOST][KINDS];
    for (size_t k = 0; k < networks; k++)
        densities(n, k, means[k]);
    if (test_fast())
        return;
    assert_true(excess(means, networks, TYPICAL, GREEDY) > 4);
    assert_true(excess(means, networks, TYPICAL, ASYNC) > 4);
    assert_true(excess(means, networks, ASYNC, REINFORCED) > 1.5);
    if (full)
        assert_true(excess(means, networks, GREEDY, REINFORCED) > 4);
}

/* F around one of the fixed points, by messages minus by counting; nan where messages do not settle. */
static double bethe_error(size_t n, double at, double gamma, uint64_t sample) {
    const fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    fl_network network;
    found f;
    double sum = 0;
    assert_ok(fl_network_draw(&network, &ensemble, n, 1, sample));
    find_all(&network, at, &f);
    if (!f.count) {
        fl_network_clear(&network);
        return NAN;
    }
    uint64_t centre = f.points[f.count / 3];
    for (size_t k = 0; k < f.count; k++)
        sum += exp(-2 * gamma * (double)__builtin_popcountll(f.points[k] ^ centre));
    fl_message_local_plan plan = {.engine = FL_BP,
                                  .direction = FL_MESSAGE_BOTH,
                                  .jd = at,
                                  .gamma = &gamma,
                                  .gamma_count = 1,
                                  .damping = 0.3,
                                  .tolerance = 1e-10,
                                  .iterations = 3000};
    fl_message_point point;
    assert_ok(fl_message_local(&network, &plan, &centre, &point));
    free(f.points);
    fl_network_clear(&network);
    return point.converged ? point.free_entropy - gamma - log(sum) / (double)n : NAN;
}

/* Bethe's free energy is low around a fixed point, by a few hundredths. */
static void bias(void **state) {
    (void)state;
    static const struct {
        size_t n, networks;
        double jd, gamma;
    } cases[] = {{22, 60, 0.5, 1}, {22, 60, 0.3, 1}, {40, 40, 0.3, 1}, {40, 40, 0.3, 0.5}};
    fl_estimate e[4];
    if (!getenv("FIXLAND_LONG"))
        skip();
    for (size_t c = 0; c < 4; c++) {
        double differences[MOST];
        size_t used = 0;
        for (uint64_t sample = 0; sample < cases[c].networks; sample++) {
            double d = bethe_error(cases[c].n, cases[c].jd, cases[c].gamma, sample);
            if (isfinite(d))
                differences[used++] = d;
        }
        e[c] = fl_mean(differences, used);
        print_message("n %zu, J_D %g, gamma %g: %.4f(%.4f), %zu networks\n", cases[c].n,
                      cases[c].jd, cases[c].gamma, e[c].mean, e[c].error, used);
    }
    assert_true(e[0].mean < -4 * e[0].error && e[0].mean > -0.06);
    assert_true(e[2].mean < 0 && e[2].mean > -0.06);
}

/* The entropy around solutions stays below phi* of the mutual distance. */
static void below_bound(void **state) {
    (void)state;
    const fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    static const double gamma[] = {0.3, 0.6, 1, 1.5};
    const fl_tuples_model model = {FL_TUPLES_FIXED_POINTS, 0.35, 0, 0};
    size_t checked = 0;
    for (uint64_t sample = 0; sample < (test_fast() ? 1 : 3); sample++) {
        fl_network network;
        fl_message_plan plan = fl_message_plan_for(FL_MESSAGE_REINFORCED);
        fl_message_outcome outcome;
        fl_message_point points[4];
        uint64_t centre[4] = {0};
        plan.jd = 0.35;
        plan.seed = 1;
        plan.sample = sample;
        plan.starts = 4;
        assert_ok(fl_network_draw(&network, &ensemble, 200, 1, sample));
        assert_ok(fl_message_solve(&network, &plan, centre, &outcome));
        assert_true(outcome.best.solved);
        fl_message_local_plan local = {.engine = FL_AMP,
                                       .direction = FL_MESSAGE_BOTH,
                                       .jd = 0.35,
                                       .gamma = gamma,
                                       .gamma_count = 4,
                                       .damping = 0.3,
                                       .tolerance = 1e-6,
                                       .iterations = 2000};
        assert_ok(fl_message_local(&network, &local, centre, points));
        for (int k = 0; k < 4; k++) {
            fl_local_entropy bound = {0};
            if (!points[k].converged || points[k].mutual < 0.01)
                continue;
            assert_ok(fl_phase_local_entropy(&model, points[k].mutual, &bound));
            assert_true(points[k].entropy < bound.value);
            assert_true(points[k].entropy > 0);
            checked++;
        }
        fl_network_clear(&network);
    }
    assert_true(checked >= 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(order), cmocka_unit_test(bias),
                                       cmocka_unit_test(below_bound)};
    return cmocka_run_group_tests_name("message_order", tests, NULL, NULL);
}
