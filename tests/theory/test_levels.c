/* Tuples with several levels of overlap: sums over all columns of spins, one level as a special
 * case, differences, published and independent values, the tool. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/gaussian.h"
#include "fixland/levels.h"
#include "fixland/phase.h"
#include "fixland/tools.h"
#include "tests/support/tools.h"
#include "theory/ultrametric.h"

static double between(fl_rng *rng, double low, double high) {
    return low + (high - low) * fl_rng_uniform(rng);
}

static fl_tuples_model fixed_points(double jd) {
    return (fl_tuples_model){.kind = FL_TUPLES_FIXED_POINTS, .control = jd};
}

/* --- the sum over all 2^m columns of spins, m = groups * size --- */

/* The probability that all members of a tuple with the spins of `column` are stable: z common, one
 * further field a group, and members that are independent given both. */
typedef struct column {
    double jd, q0, q1, z;
    int groups, size, up[6]; /* + spins in each group */
} column;

/* One group at given z: integrated over its own field. */
typedef struct group {
    const column *of;
    int up;
} group;

static double group_integrand(double x, void *context) {
    const group *g = context;
    const column *c = g->of;
    double s = sqrt(1 - c->q1), y = sqrt(c->q0) * c->z + sqrt(c->q1 - c->q0) * x;
    return fl_normal_pdf(x) * exp(g->up * fl_log_normal_cdf((c->jd + y) / s) +
                                  (c->size - g->up) * fl_log_normal_cdf((c->jd - y) / s));
}

/* Trapezoidal sums, which converge exponentially for such functions. */
static double integral(double (*f)(double, void *), void *context) {
    const double step = 1.0 / 16;
    double sum = 0;
    for (int k = -160; k <= 160; k++)
        sum += f(step * k, context);
    return step * sum;
}

static double column_integrand(double z, void *context) {
    column *c = context;
    c->z = z;
    double product = fl_normal_pdf(z);
    for (int a = 0; a < c->groups; a++) {
        group g = {c, c->up[a]};
        product *= integral(group_integrand, &g);
    }
    return product;
}

/* ln sum over columns of P(column) exp(h0 sum of pairs + (h1 - h0) sum of pairs within groups),
 * where columns with equal numbers of + spins in the groups are taken together. */
static double columns_route(double jd, int groups, int size, const double *q, const double *h) {
    int m = groups * size, cases = 1;
    double sum = 0;
    for (int a = 0; a < groups; a++)
        cases *= size + 1;
    for (int k = 0; k < cases; k++) {
        column c = {.jd = jd, .q0 = q[0], .q1 = q[1], .groups = groups, .size = size};
        double ways = 1, all = 0, within = 0;
        for (int a = 0, rest = k; a < groups; a++, rest /= size + 1) {
            int up = rest % (size + 1), total = 2 * up - size;
            c.up[a] = up;
            ways *= round(exp(lgamma(size + 1) - lgamma(up + 1) - lgamma(size - up + 1)));
            all += total;
            within += 0.5 * (total * total - size);
        }
        double pairs = 0.5 * (all * all - m);
        sum += ways * exp(h[0] * pairs + (h[1] - h[0]) * within) * integral(column_integrand, &c);
    }
    double x1 = size;
    return log(sum) - 0.5 * m * ((m - x1) * q[0] * h[0] + (x1 - 1) * q[1] * h[1]);
}

static void sums_over_columns(void **state) {
    (void)state;
    fl_rng rng = test_stream("levels columns");
    const int shapes[][2] = {{2, 2}, {3, 2}, {2, 3}}; /* groups, size: (4,2), (6,2), (6,3) */
    for (int k = 0; k < 3; k++) {
        int groups = shapes[k][0], size = shapes[k][1], m = groups * size;
        double q0 = between(&rng, 0.2, 0.6), h0 = between(&rng, 0.01, 0.3) / m;
        fl_hierarchy at = {.levels = 2,
                           .x = {m, size, 1},
                           .q = {q0, q0 + between(&rng, 0.1, 0.3)},
                           .h = {h0, h0 + between(&rng, 0.1, 0.5) / size}};
        fl_tuples_model model = fixed_points(between(&rng, 0, 0.5));
        fl_levels f;
        assert_ok(fl_levels_at(&model, &at, &f));
        double sum = columns_route(model.control, groups, size, at.q, at.h);
        if (!(fabs(f.value - sum) < 1e-12 && f.error < 1e-11))
            fail_msg("(%d, %d): F %.15g, sum %.15g, error %.2g", m, size, f.value, sum, f.error);
    }
}

/* --- one level as a special case --- */

static fl_tuples_model any_model(fl_rng *rng, int kind) {
    if (kind == 0)
        return (fl_tuples_model){FL_TUPLES_PERCEPTRON, between(rng, 0.2, 1), between(rng, -1, 1),
                                 NULL};
    if (kind == 1)
        return (fl_tuples_model){FL_TUPLES_SYMMETRIC, between(rng, 0.2, 2), between(rng, 0.3, 2),
                                 NULL};
    static const fl_self_couplings kinds = {
        .count = 3, .share = {0.5, 0.3, 0.2}, .relative = {1, 0.6, 0}};
    return (fl_tuples_model){FL_TUPLES_FIXED_POINTS, between(rng, 0, 0.3), 0,
                             kind == 2 ? NULL : &kinds};
}

static fl_hierarchy any_hierarchy(fl_rng *rng, size_t levels) {
    fl_hierarchy at = {.levels = levels};
    double far = 1, h = 0;
    at.x[levels] = 1;
    for (size_t l = levels; l-- > 0;)
        at.x[l] = at.x[l + 1] * between(rng, 1.3, 3);
    for (size_t l = 0; l < levels; l++) {
        at.q[l] = 1 - (far *= between(rng, 0.1, 0.6));
        at.h[l] = h += between(rng, 0.1, 1) / at.x[l];
    }
    return at;
}

/* Groups as large as the tuple, or of one, or overlaps that do not differ: a level drops out. */
static void levels_drop_out(void **state) {
    (void)state;
    fl_rng rng = test_stream("levels drop");
    for (int k = 0; k < (test_fast() ? 4 : 16); k++) {
        fl_tuples_model model = any_model(&rng, k % 4);
        fl_hierarchy two = any_hierarchy(&rng, 2), one;
        fl_levels f;
        fl_tuples t;
        two.x[0] = two.x[1]; /* one group: the inner overlap counts */
        assert_ok(fl_levels_at(&model, &two, &f));
        assert_ok(fl_tuples_at(&model, two.x[1], two.q[1], two.h[1], &t));
        assert_true(fabs(f.value - t.value) < f.error + t.error + 1e-12);
        one = (fl_hierarchy){.levels = 1, .x = {two.x[1], 1}, .q = {two.q[0]}, .h = {two.h[0]}};
        assert_ok(fl_levels_at(&model, &one, &f));
        assert_ok(fl_tuples_at(&model, one.x[0], one.q[0], one.h[0], &t));
        assert_true(fabs(f.value - t.value) < f.error + t.error + 1e-12);
        assert_true(fabs(f.d_x[0] - t.d_m) < 1e-9 && fabs(f.d_q[0] - t.d_q) < 1e-8);
        assert_true(fabs(f.d_control - t.d_control) < 1e-8);
        fl_hierarchy three = any_hierarchy(&rng, 3);
        three.x[1] = three.x[2]; /* the middle level has no pairs */
        two = (fl_hierarchy){.levels = 2,
                             .x = {three.x[0], three.x[2], 1},
                             .q = {three.q[0], three.q[2]},
                             .h = {three.h[0], three.h[2]}};
        fl_levels g;
        assert_ok(fl_levels_at(&model, &three, &f));
        assert_ok(fl_levels_at(&model, &two, &g));
        assert_true(fabs(f.value - g.value) < f.error + g.error + 1e-12);
    }
}

/* --- derivatives --- */

static double beside(fl_tuples_model model, fl_hierarchy at, int which, size_t l, double by) {
    double *moved[] = {&at.x[l], &at.q[l], &at.h[l], &model.control};
    fl_levels f;
    *moved[which] += by;
    assert_ok(fl_levels_at(&model, &at, &f));
    return f.value;
}

static void derivatives_are_differences(void **state) {
    (void)state;
    fl_rng rng = test_stream("levels derivatives");
    for (int k = 0; k < (test_fast() ? 2 : 7); k++) {
        fl_tuples_model model = any_model(&rng, k % 4);
        fl_hierarchy at = any_hierarchy(&rng, k < 6 ? 2 : 3);
        fl_levels f;
        assert_ok(fl_levels_at(&model, &at, &f));
        for (size_t l = k < 6 ? 0 : 1; l < (k < 6 ? at.levels : 2);
             l++) /* of three the middle one */
            for (int which = 0; which < (l ? 3 : 4); which++) {
                double got = which == 0   ? f.d_x[l]
                             : which == 1 ? f.d_q[l]
                             : which == 2 ? f.d_h[l]
                                          : f.d_control;
                double step = which == 1   ? 1e-3 * (1 - at.q[l])
                              : which == 2 ? 1e-3 * at.h[0]
                                           : 1e-3;
                double near =
                    beside(model, at, which, l, step) - beside(model, at, which, l, -step);
                double far =
                    beside(model, at, which, l, 2 * step) - beside(model, at, which, l, -2 * step);
                double slope = (8 * near - far) / (12 * step);
                if (!(fabs(slope - got) < 1e-6 * (1 + fabs(got))))
                    fail_msg("variable %d of level %zu: %.10g, difference %.10g", which, l, got,
                             slope);
            }
    }
}

/* --- thresholds --- */

/* An independent program's numbers; the equations are checked at the answer. */
static void two_levels_exclude_more(void **state) {
    (void)state;
    fl_tuples_model model = fixed_points(0);
    fl_levels_threshold t, whole;
    if (test_fast())
        skip();
    assert_ok(fl_phase_levels(&model, 2, NULL, &t));
    assert_true(fabs(t.control - 0.0740535) < 2e-7 && t.error < 1e-9 && t.spread < 1e-8);
    assert_true(fabs(t.at.x[0] - 12.6048) < 1e-3 && fabs(t.at.x[1] - 3.8428) < 2e-4);
    assert_true(fabs(t.at.q[0] - 0.934829) < 2e-6 && fabs(t.at.q[1] - 0.997491) < 2e-6);
    assert_true(fabs(t.at.h[0] - 0.024474) < 2e-6 && fabs(t.at.h[1] - 0.761204) < 1e-5);
    fl_levels f;
    model.control = t.control;
    assert_ok(fl_levels_at(&model, &t.at, &f));
    assert_true(fabs(f.value) < 1e-9);
    for (int l = 0; l < 2; l++)
        assert_true(fabs(f.d_x[l]) < 1e-8 && fabs(f.d_q[l]) < 1e-5 && fabs(f.d_h[l]) < 1e-7);
    if (!getenv("FIXLAND_LONG")) /* the tool's test has this one alone */
        return;
    assert_ok(fl_phase_levels_whole(&model, &t, &whole));
    assert_true(whole.at.x[0] == 12 && whole.at.x[1] == 4);
    assert_true(fabs(whole.control - 0.0739209) < 1e-7 && whole.control < t.control);
}

/* At the threshold the point is a minimum: no neighbour has a smaller F/m. */
static void no_neighbour_is_lower(void **state) {
    (void)state;
    fl_rng rng = test_stream("levels neighbours");
    fl_tuples_model model = fixed_points(0.0740535403);
    fl_hierarchy best = {.levels = 2,
                         .x = {12.60496, 3.84288, 1},
                         .q = {0.9348296, 0.9974907},
                         .h = {0.024474, 0.761199}};
    for (int k = 0; k < (test_fast() ? 1 : 3); k++) {
        fl_hierarchy at = best;
        at.x[0] *= between(&rng, 0.8, 1.3), at.x[1] *= between(&rng, 0.85, 1.15);
        at.q[0] = 1 - (1 - at.q[0]) * between(&rng, 0.7, 1.5);
        at.q[1] = 1 - (1 - at.q[1]) * between(&rng, 0.7, 1.4);
        fl_levels f;
        assert_ok(fl_levels_entropy(&model, &at, &f));
        assert_true(f.value / at.x[0] > -1e-9);
        assert_true(fabs(f.d_h[0]) < 1e-8 * at.x[0] && fabs(f.d_h[1]) < 1e-8 * at.x[0]);
    }
}

/* With one level the minimum over the sizes at fixed distance is phi*, found by another method; with
 * two it is 0 at the threshold, at its own distance, and no more than with one elsewhere. */
static void local_entropies(void **state) {
    (void)state;
    fl_tuples_model model = fixed_points(0.0740535403);
    fl_hierarchy one = {.levels = 1, .x = {6, 1}, .q = {0.96}, .h = {0.3}};
    fl_hierarchy two = {
        .levels = 2, .x = {12.6, 3.84, 1}, .q = {0.93483, 0.99749}, .h = {0.024474, 0.7612}};
    fl_local_entropy known = {0};
    fl_levels f;
    if (test_fast())
        skip();
    assert_ok(fl_levels_local_entropy(&model, 0.02, &one, &f));
    assert_ok(fl_phase_local_entropy(&model, 0.02, &known));
    assert_true(fabs(f.value / one.x[0] - known.value) < 1e-10);
    assert_true(fabs(one.x[0] - known.m) < 1e-5 * known.m);
    assert_ok(fl_levels_local_entropy(&model, 0.0325852, &two, &f));
    assert_true(fabs(f.value / two.x[0]) < 1e-9);
    assert_ok(fl_levels_local_entropy(&model, 0.04, &two, &f));
    assert_ok(fl_phase_local_entropy(&model, 0.04, &known));
    assert_true(f.value / two.x[0] > 0 && f.value / two.x[0] < known.value);
    assert_true(two.q[0] == 1 - 2 * 0.04);
    assert_status(FL_EINVAL, fl_levels_local_entropy(&model, 0.5, &two, &f));
}

/* arXiv:2604.19712: 1.657807 with four solutions, 1.6218 with two levels. */
static void symmetric_perceptron(void **state) {
    (void)state;
    fl_tuples_model model = {FL_TUPLES_SYMMETRIC, 0, 1, NULL};
    fl_levels_threshold t;
    const double four[] = {4};
    assert_ok(fl_phase_levels(&model, 1, four, &t));
    assert_true(fabs(t.control - 1.657807) < 1e-6);
    if (test_fast())
        return;
    assert_ok(fl_phase_levels(&model, 2, NULL, &t));
    assert_true(fabs(t.control - 1.6218) < 1e-4);
}

/* Four members in groups of any size: one way to start runs into groups of four, where there is no minimum, and
 * must come to an end. The best size is near two, and better than two. */
static void best_groups_of_four(void **state) {
    (void)state;
    fl_tuples_model model = fixed_points(0);
    fl_levels_threshold one, two, best;
    if (test_fast())
        return;
    assert_ok(fl_phase_levels(&model, 1, (const double[]){4}, &one));
    assert_ok(fl_phase_levels(&model, 2, (const double[]){4, 2}, &two));
    assert_ok(fl_phase_levels(&model, 2, (const double[]){4, 0}, &best));
    assert_true(fabs(best.at.x[1] - 2.016221) < 1e-5);
    assert_true(one.control < two.control && two.control < best.control);
    assert_true(best.control - two.control < 1e-4);
}

/* 75 % of the neurons with a self-coupling: an independent program. */
static void unequal_self_couplings(void **state) {
    (void)state;
    const fl_self_couplings part = {.count = 2, .share = {0.75, 0.25}, .relative = {1, 0}};
    fl_tuples_model model = {.kind = FL_TUPLES_FIXED_POINTS, .self = &part};
    fl_threshold gap;
    fl_levels_threshold t;
    assert_ok(fl_phase_critical_gap(&model, NULL, &gap));
    assert_true(fabs(gap.control - 0.0786663) < 1e-7 && fabs(gap.m - 4.4026) < 1e-4);
    assert_ok(fl_phase_levels(&model, 1, NULL, &t));
    assert_true(t.control == gap.control);
    /* Several kinds: the average of each kind's own F by another route, at two levels; slopes. */
    const fl_self_couplings three = {
        .count = 3, .share = {0.5, 0.3, 0.2}, .relative = {1, 0.6, 0.1}};
    fl_hierarchy at = {.levels = 2, .x = {6, 3, 1}, .q = {0.8, 0.9}, .h = {0.2, 0.5}};
    double jd = 0.3, sum = 0;
    fl_levels f, one;
    model = (fl_tuples_model){.kind = FL_TUPLES_FIXED_POINTS, .control = jd, .self = &three};
    assert_ok(fl_levels_at(&model, &at, &f));
    for (int k = 0; k < 3; k++) {
        fl_tuples_model alike = fixed_points(three.relative[k] * jd);
        assert_ok(fl_levels_at(&alike, &at, &one));
        sum += three.share[k] * one.value;
    }
    assert_true(fabs(f.value - sum) < 1e-12);
    fl_tuples here, above, below;
    double step = 1e-4;
    assert_ok(fl_tuples_at(&model, 4, 0.9, 0.3, &here));
    model.control = jd + step;
    assert_ok(fl_tuples_at(&model, 4, 0.9, 0.3, &above));
    model.control = jd - step;
    assert_ok(fl_tuples_at(&model, 4, 0.9, 0.3, &below));
    assert_true(fabs((above.value - below.value) / (2 * step) - here.d_control) < 1e-7);
    fl_self_couplings bad = three;
    bad.share[0] = 0.6;
    model.self = &bad;
    assert_status(FL_EINVAL, fl_tuples_at(&model, 4, 0.9, 0.3, &here));
    bad = three, bad.relative[1] = 1.5;
    assert_status(FL_EINVAL, fl_levels_at(&model, &at, &f));
}

static void refusals(void **state) {
    (void)state;
    fl_tuples_model model = fixed_points(0.1), modules = {FL_TUPLES_MODULES, 0.1, 0.1, NULL};
    fl_hierarchy good = {.levels = 2, .x = {6, 3, 1}, .q = {0.5, 0.7}, .h = {0.1, 0.2}}, at;
    fl_levels f;
    fl_levels_threshold t;
    assert_ok(fl_levels_at(&model, &good, &f));
    assert_status(FL_EINVAL, fl_levels_at(&modules, &good, &f));
    at = good, at.x[1] = 7;
    assert_status(FL_EINVAL, fl_levels_at(&model, &at, &f));
    at = good, at.q[1] = 0.4;
    assert_status(FL_EINVAL, fl_levels_at(&model, &at, &f));
    at = good, at.h[1] = 0.05;
    assert_status(FL_EINVAL, fl_levels_at(&model, &at, &f));
    at = good, at.x[0] = NAN;
    assert_status(FL_EINVAL, fl_levels_at(&model, &at, &f));
    assert_status(FL_EINVAL, fl_phase_levels(&model, 4, NULL, &t));
    at = good, at.q[1] = at.q[0] + 1e-12; /* no grid is fine enough */
    assert_status(FL_UNDECIDED, fl_levels_at(&model, &at, &f));
}

static void tool(void **state) {
    (void)state;
    if (test_fast())
        skip();
    fl_frame f = test_table(fl_tool_phase, "fl-phase", "levels --levels 2 --m 12 --x1 4");
    assert_int_equal(f.rows, 1);
    assert_true(fabs(test_cell(&f, 0, "jd_gap") - 0.0739209) < 1e-7);
    assert_true(isnan(test_cell(&f, 0, "q2")) && test_cell(&f, 0, "x1") == 4);
    assert_string_equal(f.text[11], "theorem");
    fl_frame_clear(&f);
    f = test_table(fl_tool_phase, "fl-phase", "levels --levels 1");
    assert_int_equal(f.rows, 2);
    assert_true(fabs(test_cell(&f, 0, "jd_gap") - 0.060099201883) < 1e-11);
    assert_true(fabs(test_cell(&f, 1, "jd_gap") - 0.0599989512) < 1e-10);
    assert_true(test_cell(&f, 1, "m") == 5);
    fl_frame_clear(&f);
    f = test_table(fl_tool_phase, "fl-phase", "perceptron --levels 1");
    assert_true(fabs(test_cell(&f, 0, "load_gap") - 1.6575352) < 1e-7);
    assert_true(fabs(test_cell(&f, 1, "load_gap") - 1.657807) < 1e-6);
    fl_frame_clear(&f);
    test_refused(fl_tool_phase, "fl-phase", "perceptron --levels 1 --m 2", 2, "--m");
    test_refused(fl_tool_phase, "fl-phase", "levels --x1 3", 2, "--m");
    test_refused(fl_tool_phase, "fl-phase", "levels --levels 1 --m 6 --x1 3", 2, "one level");
    test_refused(fl_tool_phase, "fl-phase", "levels --levels 2 --m 6 --x1 9", 2, "--x1");
}

/* The curve of two levels: 0 at J_gap, below one level, its slope that of its values, and F/m of
 * the tuples it tells. */
static void curve_of_groups(void **state) {
    (void)state;
    if (test_fast())
        skip();
    fl_frame f = test_table(fl_tool_phase, "fl-phase",
                            "curve --levels 2 --jd 0.07405354 --from 0.0325852 --to 0.0327 "
                            "--points 3");
    double change = 0;
    assert_int_equal(f.rows, 3);
    assert_true(fabs(test_cell(&f, 0, "local_entropy")) < 1e-9);
    for (int sign = -1; sign <= 1; sign += 2)
        change += sign * test_cell(&f, sign + 1, "local_entropy");
    change /= test_cell(&f, 2, "q0") - test_cell(&f, 0, "q0");
    assert_true(fabs(change - test_cell(&f, 1, "slope")) < 1e-7);
    char words[256];
    double distance = test_cell(&f, 1, "distance"), m = test_cell(&f, 1, "m");
    double value = test_cell(&f, 1, "local_entropy");
    snprintf(words, sizeof words,
             "tuples --levels 2 --jd 0.07405354 --m %.17g --x1 %.17g --distance %.17g --inner "
             "%.17g",
             m, test_cell(&f, 1, "x1"), distance, 0.5 * (1 - test_cell(&f, 1, "q1")) / distance);
    fl_frame_clear(&f);
    f = test_table(fl_tool_phase, "fl-phase", words);
    assert_true(fabs(test_cell(&f, 0, "tuple_entropy") - m * value) < 1e-10);
    fl_frame_clear(&f);
    f = test_table(fl_tool_phase, "fl-phase",
                   "curve --levels 2 --jd 0.17405354 --margin 0.1 "
                   "--from 0.0325852 --to 0.04 --points 2");
    assert_true(fabs(test_cell(&f, 0, "local_entropy")) < 1e-9);
    assert_true(test_cell(&f, 0, "jd") == 0.17405354);
    fl_frame_clear(&f);
    f = test_table(fl_tool_phase, "fl-phase",
                   "curve --levels 2 --jd 0.09 --from 0.01 --to 0.5 --points 2");
    for (int k = 0; k < 2; k++)
        assert_true(isnan(test_cell(&f, k, "m")) && test_cell(&f, k, "flag") == 1);
    fl_frame_clear(&f);
    test_refused(fl_tool_phase, "fl-phase", "critical --levels 2 --jd-fraction 0.5", 2, "alike");
    test_refused(fl_tool_phase, "fl-phase", "curve --jd 0.1 --margin 0.2", 2, "--margin");
    test_refused(fl_tool_phase, "fl-phase", "critical --margin 0.2", 2, "margin");
    test_refused(fl_tool_phase, "fl-phase", "tuples --x1 2", 2, "--levels 2");
    test_refused(fl_tool_phase, "fl-phase", "tuples --levels 2 --x1 2", 2, "--inner");
    test_refused(fl_tool_phase, "fl-phase", "tuples --levels 2 --m 3 --x1 3 --inner 0.1", 2,
                 "--x1");
    test_refused(fl_tool_phase, "fl-phase",
                 "tuples --levels 2 --m 3 --x1 2 --inner 0.1 --distance 0.5", 2, "0.5");
}

static void curve_at(double jd, const double *distances, size_t count, fl_levels_point *points) {
    fl_tuples_model model = fixed_points(jd);
    assert_ok(fl_levels_local_curve(&model, distances, count, points));
}

/* J_mono of two levels from the curves alone: there the slope by q0 is 0 at its distance, which is where it is
 * largest; below it is positive there, above it is positive nowhere. Its values are the integral of its slopes. */
static void slopes_around_mono(void **state) {
    (void)state;
    fl_levels_threshold mono;
    fl_levels_point p[5];
    if (test_fast())
        skip();
    assert_ok(fl_phase_levels_mono(&mono));
    double d = 0.5 * (1 - mono.at.q[0]), step = 1e-4;
    const double around[] = {d - 2 * step, d - step, d, d + step, d + 2 * step};
    assert_true(mono.error < 1e-9 && fabs(mono.control - 0.07675) < 3e-5);
    curve_at(mono.control, around, 5, p);
    for (int k = 0; k < 5; k++)
        assert_int_equal(p[k].status, FL_OK);
    assert_true(fabs(p[2].slope) < 1e-9 && fabs(p[2].at.x[0] - mono.at.x[0]) < 1e-4);
    assert_true(p[1].slope < -1e-8 && p[3].slope < -1e-8);
    assert_true(p[0].slope < p[1].slope && p[4].slope < p[3].slope);
    double sum = 7 * (p[0].slope + p[4].slope) + 32 * (p[1].slope + p[3].slope) + 12 * p[2].slope;
    assert_true(fabs(p[4].value - p[0].value + 2 * step * 2 / 45 * sum) < 1e-12);
    curve_at(mono.control - 2e-5, &d, 1, p);
    assert_true(p[0].status == FL_OK && p[0].slope > 1e-5);
    curve_at(mono.control + 2e-5, around, 5, p);
    for (int k = 0; k < 5; k++)
        assert_true(p[k].status == FL_OK && p[k].slope < -1e-5);
}

/* The curve ends: in distance where it turns back (walked through by another program at J_D = .0763), in J_D
 * where both ends have met. */
static void ends_of_the_curve(void **state) {
    (void)state;
    fl_levels_threshold end;
    fl_levels_point p[3];
    if (test_fast())
        skip();
    const double low[] = {0.0205, 0.0212, 0.05};
    curve_at(0.0763, low, 3, p);
    assert_int_equal(p[0].status, FL_EDOMAIN);
    assert_true(p[1].status == FL_OK && p[2].status == FL_OK);
    assert_true(isnan(p[0].value) && p[1].slope > 0 && p[2].slope < 0);
    if (!getenv("FIXLAND_LONG")) /* the rows of the tool's test have it */
        return;
    assert_ok(fl_phase_levels_end(&end));
    double d = 0.5 * (1 - end.at.q[0]);
    const double wide[] = {0.97 * d, d, 1.03 * d};
    for (int sign = -1; sign <= 1; sign += 2) {
        curve_at(end.control + sign * 2e-6, wide, 3, p);
        assert_int_equal(p[1].status, sign < 0 ? FL_OK : FL_EDOMAIN);
    }
    curve_at(end.control - 2e-6, wide, 3, p);
    assert_true(fabs(p[1].at.x[0] - end.at.x[0]) < 0.5);
}

/* At distance 1/2 the groups know nothing of one another: each is a cluster of one level at the local minimum
 * of phi*, found by another program. */
static void groups_that_are_independent(void **state) {
    (void)state;
    const double wide[] = {0.3, 0.49, 0.5};
    fl_levels_point p[3];
    fl_tuples_model model = fixed_points(0.068);
    fl_local_entropy here = {0};
    if (test_fast())
        skip();
    curve_at(0.068, wide, 3, p);
    assert_true(p[2].status == FL_OK && isinf(p[2].at.x[0]) && p[2].value > p[1].value);
    double inner = 0.5 * (1 - p[2].at.q[1]);
    assert_ok(fl_phase_local_entropy(&model, inner, &here));
    assert_true(fabs(here.slope) < 1e-8 && fabs(here.value - p[2].value) < 1e-11);
    assert_true(fabs(here.m - p[2].at.x[1]) < 1e-5);
    assert_true(fabs(p[2].value - p[1].value) < 1e-4 && fabs(p[1].at.x[1] - here.m) < 0.05);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_over_columns),
        cmocka_unit_test(levels_drop_out),
        cmocka_unit_test(derivatives_are_differences),
        cmocka_unit_test(two_levels_exclude_more),
        cmocka_unit_test(no_neighbour_is_lower),
        cmocka_unit_test(symmetric_perceptron),
        cmocka_unit_test(best_groups_of_four),
        cmocka_unit_test(unequal_self_couplings),
        cmocka_unit_test(refusals),
        cmocka_unit_test(local_entropies),
        cmocka_unit_test(tool),
        cmocka_unit_test(curve_of_groups),
        cmocka_unit_test(slopes_around_mono),
        cmocka_unit_test(ends_of_the_curve),
        cmocka_unit_test(groups_that_are_independent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
