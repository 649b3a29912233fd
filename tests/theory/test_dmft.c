/* Dynamical mean-field theory: exact first steps, two routes to the plateau, simulation of
 * networks, the solvable limits, kernels. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/access.h"
#include "fixland/dmft.h"
#include "fixland/tools.h"
#include "src/kernel/combine.h"
#include "tests/support/chance.h"
#include "tests/support/tools.h"

static fl_dmft plan_of(double jd, fl_dmft_rule rule, double p) {
    return (fl_dmft){.jd = jd,
                     .rule = rule,
                     .p = p,
                     .steps = 8,
                     .trajectories = 4096,
                     .repetitions = 8,
                     .seed = test_seed(),
                     .effort = {.threads = 2}};
}

/* At t = 0 the field is a standard normal: u(0) = Phi(-J_D). */
static void start(void **state) {
    (void)state;
    double unstable[2], error[2];
    for (int k = -2; k < 6; k++) {
        fl_dmft plan = plan_of(0.25 * k, FL_DMFT_PARTIAL, 0.5);
        assert_ok(fl_dmft_forward(&plan, 1, unstable, error));
        double u = 0.5 * erfc(plan.jd * M_SQRT1_2);
        assert_z(unstable[0], u, sqrt(u * (1 - u) / (4096 * 8)));
    }
}

/* One synchronous step at J_D = 0: C(1, 0) = <s sign(eta)> = 0 for a random start, eta(1) is new
 * and independent of s(1): one half for ever. */
static void without_self_coupling(void **state) {
    (void)state;
    double unstable[31], error[31];
    fl_dmft plan = plan_of(0, FL_DMFT_PARTIAL, 1);
    assert_ok(fl_dmft_forward(&plan, 30, unstable, error));
    for (size_t t = 0; t <= 30; t++)
        assert_z(unstable[t], 0.5, fmax(error[t], 0.5 / sqrt(4096 * 8)));
    fl_dmft_state plateau;
    plan.trajectories = 16;
    assert_ok(fl_dmft_plateau(&plan, &plateau));
    assert_z(plateau.unstable, 0.5, fmax(plateau.error, 0.5 / sqrt(16 * 1024. * 40 * 8)));
}

/* u(1) of a synchronous step in closed form: after it s(1) = sign(eta + J_D s) where s flips iff
 * s eta < -J_D, and eta(1) has correlation C(1, 0) = 1 - 2 Phi(-J_D) with eta(0). With x = s
 * eta(0): not flipped x > -J_D, else s(1) = -s; unstable iff s(1) eta(1) < -J_D. */
static void second_step(void **state) {
    (void)state;
    for (int k = 1; k < 5; k++) {
        double jd = 0.2 * k, c = 1 - erfc(jd * M_SQRT1_2), sum = 0, step = 1e-3;
        double width = sqrt(1 - c * c), unstable[2], error[2];
        for (double x = -9 + step / 2; x < 9; x += step) {
            double sign = x < -jd ? -1 : 1; /* s(1) / s(0) */
            double p = 0.5 * erfc((jd + sign * c * x) / width * M_SQRT1_2);
            sum += p * exp(-x * x / 2) / sqrt(2 * M_PI) * step;
        }
        fl_dmft plan = plan_of(jd, FL_DMFT_PARTIAL, 1);
        assert_ok(fl_dmft_forward(&plan, 1, unstable, error));
        assert_z(unstable[1], sum, hypot(sqrt(sum * (1 - sum) / (4096 * 8)), 2e-4));
    }
}

/* Large J_D: nothing ever moves; the plateau is zero, and the spins stand still exactly. */
static void frozen(void **state) {
    (void)state;
    double unstable[21], error[21];
    fl_dmft plan = plan_of(6, FL_DMFT_PARTIAL, 1);
    assert_ok(fl_dmft_forward(&plan, 20, unstable, error));
    for (size_t t = 1; t <= 20; t++)
        assert_true(unstable[t] == 0);
}

/* Forward in time and stationary meet. */
static void two_routes(void **state) {
    (void)state;
    static const double p[] = {1, 0.4};
    for (int k = 0; k < (test_fast() ? 1 : 2); k++) {
        fl_dmft plan = plan_of(0.35, FL_DMFT_PARTIAL, p[k]);
        fl_dmft_state late, plateau;
        assert_ok(fl_dmft_late(&plan, 240, &late));
        plan.trajectories = 32;
        assert_ok(fl_dmft_plateau(&plan, &plateau));
        assert_true(plateau.resolved && plateau.unstable > 0.05);
        /* Errors from 8 repetitions have tails beyond the normal: half as much again. */
        assert_z(late.unstable, plateau.unstable, 1.5 * hypot(late.error, plateau.error));
    }
}

/* The inverse function leads back. */
static void inverse(void **state) {
    (void)state;
    fl_dmft plan = plan_of(0.4, FL_DMFT_PARTIAL, 1);
    fl_dmft_state plateau;
    double jd, error;
    plan.trajectories = 16;
    assert_ok(fl_dmft_plateau(&plan, &plateau));
    plan.jd = 0.2;
    assert_ok(fl_dmft_inverse(&plan, plateau.unstable, &jd, &error));
    double slope = 2 * sqrt(plateau.unstable) / FL_DMFT_SLOPE; /* du/dJ_D near enough */
    assert_z(jd, 0.4, 1.5 * hypot(error, plateau.error / slope));
}

/* What networks of 1000 neurons do, after each of a few steps. */
typedef struct sums {
    double values[6][40];
    size_t count;
} sums;

static fl_status take(void *context, const fl_access_result *result) {
    sums *s = context;
    for (size_t k = 0; k < 2; k++)
        s->values[k][s->count] = result->outcomes[k].activity;
    s->count++;
    return FL_OK;
}

static void simulation(void **state) {
    (void)state;
    enum { SAMPLES = 24, N = 1000 };
    static const fl_algorithm algorithms[] = {FL_SYNC, FL_ASYNC};
    static const fl_dmft_rule rules[] = {FL_DMFT_PARTIAL, FL_DMFT_PERMUTATION};
    const int64_t n = N;
    const double jd = 0.4;
    for (size_t t = 1; t <= 2; t++) { /* activity of 1 or 2 sweeps is that of the last */
        sums s = {.count = 0};
        fl_access_plan plan = {.networks.ensemble = FL_ENSEMBLE_DEFAULT,
                               .networks.n = &n,
                               .networks.n_count = 1,
                               .algorithms = algorithms,
                               .algorithm_count = 2,
                               .jd = &jd,
                               .jd_count = 1,
                               .dynamics = {.sweeps = t},
                               .networks.seed = test_seed(),
                               .networks.samples = SAMPLES,
                               .replicas = 1,
                               .effort = {.threads = 2}};
        assert_ok(fl_access_samples(&plan, &s, take));
        for (size_t k = 0; k < 2; k++) {
            double unstable[3], error[3];
            fl_dmft theory = plan_of(jd, rules[k], 1);
            theory.trajectories = 16384;
            assert_ok(fl_dmft_forward(&theory, t, unstable, error));
            fl_estimate mean = fl_mean(s.values[k], SAMPLES);
            assert_z(mean.mean, unstable[t], 1.5 * hypot(hypot(mean.error, error[t]), 1.0 / N));
        }
    }
}

/* Under an input: the first step in closed form, strength and list alike, forward and stationary. */
static void inputs(void **state) {
    (void)state;
    static const double list[] = {0.7, -0.7};
    double unstable[2], error[2];
    fl_dmft plan = plan_of(0.4, FL_DMFT_PARTIAL, 1);
    plan.input = 0.7;
    double u = 0.25 * (erfc((0.4 + 0.7) * M_SQRT1_2) + erfc((0.4 - 0.7) * M_SQRT1_2));
    for (int k = 0; k < 2; k++) {
        assert_ok(fl_dmft_forward(&plan, 1, unstable, error));
        assert_z(unstable[0], u, sqrt(u * (1 - u) / (4096 * 8)));
        plan.input = 0;
        plan.inputs = list;
        plan.input_count = 2;
    }
    fl_dmft_state late, plateau;
    plan = plan_of(0.3, FL_DMFT_PARTIAL, 0.5);
    plan.input = 0.4;
    plan.trajectories = 1024;
    assert_ok(fl_dmft_late(&plan, 80, &late));
    plan.trajectories = 16;
    assert_ok(fl_dmft_plateau(&plan, &plateau));
    assert_true(plateau.resolved && plateau.unstable > 0.05);
    assert_z(late.unstable, plateau.unstable, 1.5 * hypot(late.error, plateau.error));
    plan.input = -1;
    assert_status(FL_EINVAL, fl_dmft_plateau(&plan, &plateau));
}

/* The plateau under an input against networks. */
static fl_status take_one(void *context, const fl_access_result *result) {
    sums *s = context;
    s->values[0][s->count++] = result->outcomes[0].activity;
    return FL_OK;
}

static void input_beside_networks(void **state) {
    (void)state;
    enum { SAMPLES = 16 };
    const fl_algorithm algorithm = FL_SYNC;
    const int64_t n = 1000;
    const double jd = 0.3;
    sums s = {.count = 0};
    fl_access_plan plan = {.networks = {.ensemble = FL_ENSEMBLE_DEFAULT,
                                        .n = &n,
                                        .n_count = 1,
                                        .input_strength = 0.5,
                                        .seed = test_seed(),
                                        .samples = SAMPLES},
                           .algorithms = &algorithm,
                           .algorithm_count = 1,
                           .jd = &jd,
                           .jd_count = 1,
                           .dynamics = {.sweeps = 3},
                           .replicas = 1,
                           .effort = {.threads = 2}};
    assert_ok(fl_access_samples(&plan, &s, take_one));
    double unstable[4], error[4];
    fl_dmft theory = plan_of(jd, FL_DMFT_PARTIAL, 1);
    theory.input = 0.5;
    theory.trajectories = 16384;
    assert_ok(fl_dmft_forward(&theory, 3, unstable, error));
    fl_estimate mean = fl_mean(s.values[0], SAMPLES); /* of sweeps 2 and 3 */
    double both = (unstable[2] + unstable[3]) / 2;
    assert_z(mean.mean, both, 1.5 * hypot(hypot(mean.error, error[3]), 1.0 / 1000));
}

/* From the fixed point itself nothing moves; without overlap its presence is not felt; else what
 * networks do that are drawn around a fixed point. */
static void retrieval(void **state) {
    (void)state;
    enum { SAMPLES = 30, N = 800, SWEEPS = 4 };
    double m[SWEEPS + 1], me[SWEEPS + 1], u[SWEEPS + 1], ue[SWEEPS + 1], plain[SWEEPS + 1],
        pe[SWEEPS + 1];
    fl_dmft plan = plan_of(0.7, FL_DMFT_PARTIAL, 1);
    assert_ok(fl_dmft_retrieve(&plan, 1, SWEEPS, m, me, u, ue));
    for (size_t t = 0; t <= SWEEPS; t++)
        assert_true(m[t] == 1 && u[t] == 0);
    assert_ok(fl_dmft_retrieve(&plan, 0, SWEEPS, m, me, u, ue));
    assert_ok(fl_dmft_forward(&plan, SWEEPS, plain, pe));
    for (size_t t = 0; t <= SWEEPS; t++)
        assert_z(u[t], plain[t], 1.5 * hypot(hypot(ue[t], pe[t]), 1e-3));
    plan.trajectories = 16384;
    assert_ok(fl_dmft_retrieve(&plan, 0.8, SWEEPS, m, me, u, ue));
    fl_frame f = test_table(fl_tool_access, "fl-access",
                            "return --planted --n 800 --jd 0.7 --samples 30 --trials 2 "
                            "--algorithm sync --sweeps 4 --overlap 0.8");
    double ends[SAMPLES];
    assert_int_equal(f.rows, SAMPLES);
    for (size_t k = 0; k < SAMPLES; k++)
        ends[k] = test_cell(&f, k, "overlap");
    fl_estimate mean = fl_mean(ends, SAMPLES);
    assert_true(mean.mean > 0.3 && mean.mean < 0.9);
    assert_z(mean.mean, m[SWEEPS], 1.5 * hypot(hypot(mean.error, me[SWEEPS]), 2.0 / N));
    fl_frame_clear(&f);
    /* A planted fixed point is one. */
    f = test_table(fl_tool_access, "fl-access",
                   "return --planted --n 30,150 --jd 0.2,1 --samples 5 --trials 1 --flips 0");
    for (size_t k = 0; k < f.rows; k++)
        assert_true(test_cell(&f, k, "returned") == 1);
    fl_frame_clear(&f);
    assert_status(FL_EINVAL, fl_dmft_retrieve(&plan, 1.1, SWEEPS, m, me, u, ue));
    test_refused(fl_tool_access, "fl-access", "return --planted --start x.h5", 2, "--start");
    test_refused(fl_tool_access, "fl-access", "return --flips 1", 2, "--planted");
}

/* The limit of continuous time, at grids that are not fine yet, is near J_c. */
static void trigger(void **state) {
    (void)state;
    fl_dmft plan = plan_of(0.8, FL_DMFT_TRIGGER, 0);
    double jd, error;
    plan.trajectories = test_fast() ? 16 : 64;
    plan.repetitions = 4;
    assert_ok(fl_dmft_inverse(&plan, 0.03, &jd, &error));
    assert_true(error < 0.02);
    assert_z(jd, 0.8143, 1.5 * hypot(error, 0.003));
    fl_dmft_state s;
    assert_status(FL_EINVAL, fl_dmft_plateau(&plan, &s));
    assert_status(FL_EINVAL, fl_dmft_late(&plan, 10, &s));
    /* The limit of a fine grid: exact on a parabola, its error that of a term more elsewhere. */
    const double h[] = {0.02, 0.03, 0.05, 0.06}, errors[] = {1e-4, 1e-4, 1e-4, 1e-4};
    double points[4];
    fl_dmft_threshold t;
    for (int k = 0; k < 4; k++)
        points[k] = 0.81 - 0.7 * h[k] * h[k];
    assert_ok(fl_dmft_grid_limit(h, points, errors, 4, &t));
    assert_true(fabs(t.jd - 0.81) < 1e-12 && fabs(t.curvature - 0.7) < 1e-9 && t.freedom == 2);
    assert_true(t.error > 5e-5 && t.error < 2e-4 && t.chi2 < 1e-12);
    for (int k = 0; k < 4; k++)
        points[k] = 0.81 - 30 * h[k] * h[k] * h[k];
    assert_ok(fl_dmft_grid_limit(h, points, errors, 4, &t));
    assert_true(fabs(t.jd - 0.81) < 1.1 * t.error && t.error > 3e-4);
    assert_status(FL_EDOMAIN, fl_dmft_grid_limit(h, points, errors, 2, &t));
}

/* The default number of trajectories is that of the method, and too few are refused. */
static void trajectories(void **state) {
    (void)state;
    char *out;
    const char *call = "plateau --p 0 --order permutation --jd 0.4 --time 16 --steps 4 "
                       "--repetitions 3 --quiet";
    assert_int_equal(test_run_tool(fl_tool_dmft, "fl-dmft", call, &out, NULL), 0);
    assert_non_null(strstr(out, "# trajectories: 4096"));
    const char *row = strstr(out, "\n0.4 0 ");
    assert_non_null(row);
    double unstable, error;
    assert_int_equal(sscanf(row + 7, "%lf %lf", &unstable, &error), 2);
    assert_true(unstable > 0.05 && unstable < 0.12 && error < 0.005);
    free(out);
    test_refused(fl_tool_dmft, "fl-dmft",
                 "plateau --p 0 --order permutation --trajectories 64 --jd 0.4", 1, "trajectories");
    test_refused(fl_tool_dmft, "fl-dmft", "plateau --p 1 --order permutation", 2, "--p 0");
    test_refused(fl_tool_dmft, "fl-dmft", "threshold --method trigger --p 0.5", 2, "--p");
    test_refused(fl_tool_dmft, "fl-dmft", "threshold --crossings 0.02", 2, "--crossings");
    test_refused(fl_tool_dmft, "fl-dmft", "threshold --method trigger --crossings 0.02,0.03", 2,
                 "three");
    test_refused(fl_tool_dmft, "fl-dmft", "trace --input nowhere.txt", 1, "nowhere.txt");
}

static void same_for_every_number_of_threads(void **state) {
    (void)state;
    fl_rng rng = test_stream("threads");
    double a[21], b[21], error[21];
    fl_dmft plan = plan_of(0.3, FL_DMFT_SITE, 0);
    fl_dmft_state x, y;
    plan.trajectories = 200;
    plan.effort.threads = 1;
    assert_ok(fl_dmft_forward(&plan, 20, a, error));
    plan.trajectories = 4;
    plan.rule = FL_DMFT_PARTIAL;
    plan.p = 1;
    assert_ok(fl_dmft_plateau(&plan, &x));
    plan.effort.threads = 1 + test_threads(&rng);
    assert_ok(fl_dmft_plateau(&plan, &y));
    assert_true(x.unstable == y.unstable && x.error == y.error);
    plan.trajectories = 200;
    plan.rule = FL_DMFT_SITE;
    assert_ok(fl_dmft_forward(&plan, 20, b, error));
    assert_memory_equal(a, b, sizeof a);
}

/* The fit finds a known threshold, and its error covers it. */
static void vanishing(void **state) {
    (void)state;
    fl_rng rng = test_stream("vanishing");
    enum { TRIALS = 200, POINTS = 7 };
    for (int known = 0; known < 2; known++) {
        size_t inside = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            double u[POINTS], jd[POINTS], errors[POINTS];
            fl_dmft_threshold t;
            for (int k = 0; k < POINTS; k++) {
                u[k] = 0.004 * pow(1.5, k);
                errors[k] = 1e-3;
                jd[k] = 0.8 - FL_DMFT_SLOPE * sqrt(u[k]) - 0.3 * u[k] + 1e-3 * fl_rng_gauss(&rng);
            }
            assert_ok(fl_dmft_vanishing(u, jd, errors, POINTS, known ? FL_DMFT_SLOPE : NAN, &t));
            inside += t.interval.low < 0.8 && 0.8 < t.interval.high;
            assert_true(fabs(t.jd - 0.8) < 0.02);
        }
        assert_true(inside >= 180); /* 95 % or more are; below 180 of 200 with probability 1e-3 */
    }
}

static void combine_kernels(void **state) {
    (void)state;
    fl_rng rng = test_stream("combine");
    for (int trial = 0; trial < 200; trial++) {
        size_t n = 16 * (1 + fl_rng_below(&rng, 80)), count = fl_rng_below(&rng, 20);
        float *rows = aligned_alloc(64, (count + 1) * n * sizeof *rows), weights[20];
        float *out = aligned_alloc(64, n * sizeof *out),
              *expected = aligned_alloc(64, n * sizeof *out);
        for (size_t k = 0; k < count * n; k++)
            rows[k] = (float)fl_rng_gauss(&rng);
        for (size_t k = 0; k < count; k++)
            weights[k] = (float)fl_rng_gauss(&rng);
        fl_combine_scalar(expected, weights, rows, n, count, n);
        for (size_t i = 0; i < n; i++) {
            double sum = 0;
            for (size_t k = 0; k < count; k++)
                sum += (double)weights[k] * rows[k * n + i];
            assert_true(fabs(sum - (double)expected[i]) < 1e-5);
        }
#ifdef __x86_64__
        if (__builtin_cpu_supports("avx2")) {
            fl_combine_avx2(out, weights, rows, n, count, n);
            assert_memory_equal(out, expected, n * sizeof *out);
        }
        if (__builtin_cpu_supports("avx512bw")) {
            fl_combine_avx512(out, weights, rows, n, count, n);
            assert_memory_equal(out, expected, n * sizeof *out);
        }
#endif
        free(rows);
        free(out);
        free(expected);
    }
}

static void refusals(void **state) {
    (void)state;
    fl_dmft plan = plan_of(0.5, FL_DMFT_PARTIAL, 0);
    fl_dmft_state s;
    fl_dmft_threshold t;
    double u[5] = {0.01, 0.02, 0.03, 0.04, 0}, jd[5] = {0}, e[5] = {1, 1, 1, 1, 1}, x, y;
    assert_status(FL_EINVAL, fl_dmft_plateau(&plan, &s));
    plan.p = 1;
    plan.repetitions = 1;
    assert_status(FL_EINVAL, fl_dmft_forward(&plan, 2, u, e));
    plan.repetitions = 2;
    plan.rule = FL_DMFT_PERMUTATION;
    assert_status(FL_EINVAL, fl_dmft_plateau(&plan, &s));
    assert_status(FL_EINVAL, fl_dmft_inverse(&plan, 0.1, &x, &y));
    plan.rule = FL_DMFT_PARTIAL;
    assert_status(FL_EINVAL, fl_dmft_inverse(&plan, 1e-9, &x, &y));
    plan.jd = NAN;
    assert_status(FL_EINVAL, fl_dmft_plateau(&plan, &s));
    plan.jd = 0.5;
    plan.trajectories = 4;
    plan.effort.stop = test_stop_after;
    assert_status(FL_STOPPED, fl_dmft_plateau(&plan, &s));
    assert_status(FL_STOPPED, fl_dmft_late(&plan, 10, &s));
    assert_status(FL_STOPPED, fl_dmft_inverse(&plan, 0.1, &x, &y));
    assert_status(FL_EDOMAIN, fl_dmft_vanishing(u, jd, e, 4, NAN, &t));
    u[4] = 0;
    assert_status(FL_EINVAL, fl_dmft_vanishing(u, jd, e, 5, NAN, &t));
}

/* The tool writes this. */
static void assert_written(const char *arguments, const char *text, const char *other) {
    char *out;
    assert_int_equal(test_run_tool(fl_tool_dmft, "fl-dmft", arguments, &out, NULL), 0);
    assert_non_null(strstr(out, text));
    assert_non_null(strstr(out, other));
    free(out);
}

/* The tool's three modes, and what it refuses. */
static void tool(void **state) {
    (void)state;
    assert_written("trace --jd 0.3 --p 1,0 --time 3 --trajectories 64 "
                   "--repetitions 2 --quiet",
                   "# columns: jd p time unstable_fraction error\n0.3 1 0 ", "\n0.3 0 3 ");
    assert_written("trace --jd 0.3 --time 3 --trajectories 100 --repetitions 2 --quiet",
                   "\n# trajectories: 128\n", "\n0.3 1 3 ");
    assert_written("plateau --jd 0.2 --p 1 --trajectories 16 --repetitions 2 "
                   "--quiet",
                   "# columns: jd p unstable_fraction error\n0.2 1 0.2", "# version");
    assert_written("threshold --unstable 0.05,0.06,0.07,0.08,0.1 --trajectories 16 "
                   "--repetitions 2 --quiet",
                   "\n1 0.8", "# version");
    /* A margin is less self-coupling; the table tells the one asked for. */
    fl_frame without = test_table(fl_tool_dmft, "fl-dmft",
                                  "trace --jd 0.5 --time 5 --trajectories 64 --repetitions 2");
    fl_frame with =
        test_table(fl_tool_dmft, "fl-dmft",
                   "trace --jd 0.75 --margin 0.25 --time 5 --trajectories 64 --repetitions 2");
    assert_int_equal(with.rows, without.rows);
    for (size_t t = 0; t < with.rows; t++) {
        assert_true(test_cell(&with, t, "jd") == 0.75);
        assert_true(test_cell(&with, t, "unstable_fraction") ==
                    test_cell(&without, t, "unstable_fraction"));
    }
    fl_frame_clear(&with);
    fl_frame_clear(&without);
    test_refused(fl_tool_dmft, "fl-dmft", "threshold --margin 0.1", 2, "margin");
    test_refused(fl_tool_dmft, "fl-dmft", "threshold --trajectories 15", 2, "at least 16");
    test_refused(fl_tool_dmft, "fl-dmft", "plateau --p 1,0 --trajectories 15", 2, "at least 16");
    assert_int_equal(test_run_tool(fl_tool_dmft, "fl-dmft", "trace --p 2", NULL, NULL), 2);
    assert_int_equal(test_run_tool(fl_tool_dmft, "fl-dmft",
                                   "threshold --unstable 0.1 --quiet "
                                   "--trajectories 2",
                                   NULL, NULL),
                     2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(start),        cmocka_unit_test(without_self_coupling),
        cmocka_unit_test(second_step),  cmocka_unit_test(frozen),
        cmocka_unit_test(two_routes),   cmocka_unit_test(inverse),
        cmocka_unit_test(simulation),   cmocka_unit_test(same_for_every_number_of_threads),
        cmocka_unit_test(vanishing),    cmocka_unit_test(combine_kernels),
        cmocka_unit_test(refusals),     cmocka_unit_test(tool),
        cmocka_unit_test(inputs),       cmocka_unit_test(input_beside_networks),
        cmocka_unit_test(retrieval),    cmocka_unit_test(trigger),
        cmocka_unit_test(trajectories),
    };
    return cmocka_run_group_tests_name("dmft", tests, NULL, NULL);
}
