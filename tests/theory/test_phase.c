/* Thresholds and local entropies: published digits, the equations they solve, scans that bracket
 * them, and the tool. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/moments.h"
#include "fixland/phase.h"
#include "fixland/tools.h"

static const fl_tuples_model networks = {FL_TUPLES_FIXED_POINTS, 0, 0, NULL};

static fl_tuples at(fl_tuples_model model, double control, double m, double distance) {
    fl_tuples t;
    model.control = control;
    assert_ok(fl_tuples_entropy(&model, m, 1 - 2 * distance, &t));
    return t;
}

/* The least F over a fine scan in the distance. */
static double least(fl_tuples_model model, double control, double m) {
    double value = INFINITY;
    for (int k = 0; k <= 80; k++)
        value = fmin(value, at(model, control, m, 3e-4 * pow(1600, k / 80.0)).value);
    return value;
}

static void gaps_to_the_digits_known(void **state) {
    (void)state;
    const double known[][2] = {{2, 0.0427}, {3, 0.0557}, {4, 0.0596}, {5, 0.0600}};
    for (int k = 0; k < 4; k++) {
        fl_threshold gap;
        assert_ok(fl_phase_gap(&networks, known[k][0], &gap));
        assert_true(fabs(gap.control - known[k][1]) < 5e-5);
        assert_true(gap.error > 0 && gap.error < 1e-8);
        fl_tuples t = at(networks, gap.control, gap.m, gap.distance);
        assert_true(fabs(t.value) < 1e-11 && fabs(t.d_q) < 1e-7);
    }
}

/* A gap a little below, none a little above. */
static void gaps_are_bracketed_by_scans(void **state) {
    (void)state;
    fl_rng rng = test_stream("phase gaps");
    for (int k = 0; k < (test_fast() ? 1 : 2); k++) {
        double m = 1.05 + 12 * fl_rng_uniform(&rng);
        fl_threshold gap;
        assert_ok(fl_phase_gap(&networks, m, &gap));
        assert_true(least(networks, 0.99 * gap.control, m) < 0);
        assert_true(least(networks, 1.01 * gap.control, m) > 0);
        assert_true(at(networks, 0.9999 * gap.control, m, gap.distance).value < 0);
    }
}

static void the_overlap_gap(void **state) {
    (void)state;
    fl_threshold gap, beside;
    assert_ok(fl_phase_critical_gap(&networks, NULL, &gap));
    assert_true(gap.error < 1e-9 && gap.control > 0.06 && gap.control < 0.0605);
    fl_tuples t = at(networks, gap.control, gap.m, gap.distance);
    assert_true(fabs(t.value) < 1e-12 && fabs(t.d_m) < 1e-9 && fabs(t.d_q) < 1e-8);
    for (double factor = 0.9; factor < 1.15; factor += 0.2) {
        assert_ok(fl_phase_gap(&networks, factor * gap.m, &beside));
        assert_true(beside.control < gap.control);
    }
    /* The same as min over d of phi* = 0. */
    fl_tuples_model model = {FL_TUPLES_FIXED_POINTS, gap.control, 0, NULL};
    fl_local_entropy point = {0};
    assert_ok(fl_phase_local_entropy(&model, gap.distance, &point));
    assert_true(fabs(point.value) < 1e-12);
    assert_relative(point.m, gap.m, 1e-6);
}

/* Number of falls of phi* with the distance on a fine grid around the bump. */
static int falls(double jd) {
    fl_tuples_model model = {FL_TUPLES_FIXED_POINTS, jd, 0, NULL};
    fl_local_entropy point = {0};
    int count = 0;
    double before = -INFINITY;
    for (int k = 0; k <= 200; k++) {
        assert_ok(fl_phase_local_entropy(&model, 2e-3 * pow(10, k / 200.0), &point));
        count += point.value < before;
        before = point.value;
    }
    return count;
}

static double slope_at(double jd, double distance) {
    fl_tuples_model model = {FL_TUPLES_FIXED_POINTS, jd, 0, NULL};
    fl_local_entropy point = {0};
    assert_ok(fl_phase_local_entropy(&model, distance, &point));
    return point.slope;
}

static void the_monotone_threshold(void **state) {
    (void)state;
    fl_threshold mono;
    assert_ok(fl_phase_critical_mono(&networks, &mono));
    assert_true(mono.error < 1e-9 && mono.control > 0.07 && mono.control < 0.08);
    /* The slope of phi* touches 0 from below there, and crosses it with the self-coupling. */
    assert_true(fabs(slope_at(mono.control, mono.distance)) < 1e-9);
    assert_true(slope_at(mono.control, 0.97 * mono.distance) < 0);
    assert_true(slope_at(mono.control, 1.03 * mono.distance) < 0);
    assert_true(slope_at(mono.control - 1e-7, mono.distance) > 0);
    assert_true(slope_at(mono.control + 1e-7, mono.distance) < 0);
    assert_true(falls(mono.control - 1e-5) > 0);
    assert_int_equal(falls(mono.control + 1e-5), 0);
    fl_tuples_model modules = {FL_TUPLES_MODULES, 0, 0.1, NULL};
    assert_status(FL_EINVAL, fl_phase_critical_mono(&modules, &mono));
}

static void local_entropy_is_a_minimum_over_m(void **state) {
    (void)state;
    fl_rng rng = test_stream("phase local");
    for (int k = 0; k < (test_fast() ? 8 : 40); k++) {
        double d = 1e-4 * pow(4000, fl_rng_uniform(&rng));
        fl_tuples_model model = {FL_TUPLES_FIXED_POINTS, 0.3 * fl_rng_uniform(&rng), 0, NULL};
        fl_local_entropy point = {0}, side[2] = {point, point};
        assert_ok(fl_phase_local_entropy(&model, d, &point));
        fl_tuples edge = at(model, model.control, point.m, d);
        assert_true(fabs(edge.value / point.m - point.value) <= point.error + edge.error);
        assert_true(fabs(edge.complexity) < 1e-8 * (1 + fabs(edge.value)));
        assert_true(at(model, model.control, 0.9 * point.m, d).value / (0.9 * point.m) >
                    point.value);
        assert_true(at(model, model.control, 1.1 * point.m, d).value / (1.1 * point.m) >
                    point.value);
        for (int i = 0; i < 2; i++)
            assert_ok(fl_phase_local_entropy(&model, d * (i ? 1.0005 : 0.9995), &side[i]));
        double slope = (side[1].value - side[0].value) / (side[1].q - side[0].q);
        assert_true(fabs(slope - point.slope) < 1e-5 * (1 + fabs(point.slope)));
    }
}

static void ends_of_the_curve(void **state) {
    (void)state;
    fl_tuples_model model = {FL_TUPLES_FIXED_POINTS, 0.1, 0, NULL},
                    large = {FL_TUPLES_FIXED_POINTS, 3, 0, NULL};
    fl_local_entropy point = {0}, near = {0};
    double sigma;
    assert_ok(fl_entropy_limit(0.1, &sigma));
    assert_ok(fl_phase_local_entropy(&model, 0.5, &point));
    assert_true(fabs(point.value - sigma) < 1e-13 && isinf(point.m));
    assert_ok(fl_phase_local_entropy(&model, 0.4999, &near));
    assert_true(near.value < sigma && sigma - near.value < 1e-4);
    fl_local_entropy none = {0};
    assert_status(FL_UNDECIDED, fl_phase_local_entropy(&large, 1e-3, &none)); /* m above 1e6 */
    assert_status(FL_EINVAL, fl_phase_local_entropy(&model, 0, &none));
    assert_status(FL_EINVAL, fl_phase_local_entropy(&model, NAN, &none));
    fl_threshold gap;
    assert_status(FL_EINVAL, fl_phase_gap(&networks, 1, &gap));
    assert_status(FL_EINVAL, fl_phase_gap(&networks, NAN, &gap));
}

/* Symmetric binary perceptron of half-width 1: 2- and 3-overlap gaps from loads of at most 1.71 and
 * 1.667 on (arXiv:2203.15667). */
static void symmetric_perceptron(void **state) {
    (void)state;
    fl_tuples_model model = {FL_TUPLES_SYMMETRIC, 0, 1, NULL};
    fl_threshold two, three, best;
    assert_ok(fl_phase_gap(&model, 2, &two));
    assert_ok(fl_phase_gap(&model, 3, &three));
    assert_true(two.control < 1.71 && two.control > 1.69);
    assert_true(fabs(three.control - 1.667) < 1e-3);
    assert_true(least(model, 0.99 * two.control, 2) > 0);
    assert_true(at(model, 1.01 * two.control, 2, two.distance).value < 0);
    assert_ok(fl_phase_critical_gap(&model, NULL, &best));
    assert_true(best.control < three.control);
}

static void plane_of_two_modules(void **state) {
    (void)state;
    fl_threshold one, gap, far, end;
    assert_ok(fl_phase_critical_gap(&networks, NULL, &one));
    assert_ok(fl_phase_plane(0, -1, &gap));
    assert_true(gap.control == one.control);
    assert_ok(fl_phase_plane(0.1, 0, &gap));
    assert_true(gap.control < one.control && gap.error < 1e-7);
    fl_tuples_model two = {FL_TUPLES_MODULES, 0, 0.1, NULL};
    fl_tuples t = at(two, gap.control, gap.m, gap.distance);
    assert_true(fabs(t.value) < 1e-9 && fabs(t.d_m) < 1e-7 && fabs(t.d_q) < 1e-6);
    assert_true(at(two, 0.9 * gap.control, gap.m, gap.distance).value < 0);
    if (test_fast())
        return;
    assert_ok(fl_phase_lambda_gap(0, &end));
    assert_true(end.control > 0.41 && end.control < 0.42 && end.error < 1e-7);
    /* J_D near 0 on the line, on either side of its end. */
    far = end, far.control = 0;
    assert_ok(fl_phase_plane(end.control - 1e-6, end.control - 2e-6, &far));
    assert_true(far.control > 0 && far.control < 1e-6);
    assert_status(FL_EDOMAIN, fl_phase_plane(end.control + 1e-6, end.control - 1e-6, &far));
    assert_status(FL_EDOMAIN, fl_phase_lambda_gap(0.07, &end));
    assert_status(FL_EINVAL, fl_phase_plane(-1, -1, &far));
}

static int run_phase(const char *words, char **out, char **err) {
    return test_run_tool(fl_tool_phase, "fl-phase", words, out, err);
}

static void the_tool(void **state) {
    (void)state;
    char *out, *err;
    assert_int_equal(run_phase("critical", &out, &err), 0);
    assert_non_null(strstr(out, "# columns: name jd error q distance m flag\n"));
    assert_non_null(strstr(out, "\nJ_gap 0.060099"));
    assert_non_null(strstr(out, "\nJ_mono 0.073107"));
    free(out), free(err);
    assert_int_equal(run_phase("gaps --m 3", &out, &err), 0);
    assert_non_null(strstr(out, "\n3 0.05567452"));
    free(out), free(err);
    assert_int_equal(run_phase("curve --jd 0.1 --points 3", &out, &err), 0);
    assert_non_null(strstr(out, "\n0.1 0.5 0 inf 0.0766421"));
    free(out), free(err);
    assert_int_equal(run_phase("tuples --jd 0.05 --m 1 --distance 0.1", &out, &err), 0);
    assert_non_null(strstr(out, " 0\n"));
    free(out), free(err);
    assert_int_equal(run_phase("plane --lambda 0.1,0.05", &out, &err), 2);
    assert_true(*out == 0 && strstr(err, "--lambda"));
    free(out), free(err);
}

/* What has no answer is a flag and nan, never a number; undecided rows end with exit code 3. */
static void rows_without_an_answer(void **state) {
    (void)state;
    char *out, *err;
    assert_int_equal(run_phase("curve --jd 3 --points 2", &out, &err), 3);
    assert_non_null(strstr(out, "\n3 0.0001 0.9998 nan nan nan nan 2\n"));
    assert_non_null(strstr(err, "1 of 2 rows"));
    free(out), free(err);
    assert_int_equal(run_phase("tuples --jd -0.8 --m 2 --distance 0.45", &out, &err), 0);
    assert_non_null(strstr(out, " nan nan nan nan nan 1\n"));
    free(out), free(err);
    assert_int_equal(run_phase("gaps --m 0.5", &out, &err), 2);
    assert_true(*out == 0 && strstr(err, "--m"));
    free(out), free(err);
    assert_int_equal(run_phase("perceptron --margin 0", &out, &err), 2);
    assert_true(*out == 0 && strstr(err, "--margin"));
    free(out), free(err);
    assert_int_equal(run_phase("curve --from 0.4 --to 0.3", &out, &err), 2);
    assert_true(*out == 0 && strstr(err, "--from"));
    free(out), free(err);
}

/* Large m: thresholds fall towards the limit, which follows the law of small margins. */
static void small_margins(void **state) {
    (void)state;
    for (int k = 0; k < (test_fast() ? 1 : 2); k++) {
        fl_tuples_model model = {FL_TUPLES_SYMMETRIC, 0, k ? 0.01 : 0.1, NULL};
        fl_threshold limit, gap, before = {.control = INFINITY};
        assert_ok(fl_phase_gap_infinite(&model, &limit));
        for (double m = 10; m < 3000; m *= test_fast() ? 216 : 6) {
            assert_ok(fl_phase_gap(&model, m, &gap));
            assert_true(gap.control < before.control && gap.control > limit.control);
            assert_true(gap.error < 1e-8);
            fl_tuples t = at(model, gap.control, m, gap.distance);
            assert_true(fabs(t.value) < 1e-7 && fabs(t.d_q) < 1e-3 * m);
            before = gap;
        }
        /* What is missing is c ln m / m, where the centre is not quite in the middle. */
        fl_threshold more;
        if (k == 0) {
            assert_ok(fl_phase_gap(&model, 10000, &more));
            double ratio = (before.control - limit.control) / (more.control - limit.control);
            assert_true(ratio > 3 && ratio < 6);
        }
    }
    /* alpha ln(e/d')/(k^2 (...)) -> 1/1.2385^2, and with -ln alpha in the place of ln(e/d') slowly.
     */
    double before = 0;
    for (double k = 1e-1; k > 1e-9; k *= 1e-2) {
        fl_tuples_model model = {FL_TUPLES_SYMMETRIC, 0, k, NULL};
        fl_threshold limit;
        assert_ok(fl_phase_gap_infinite(&model, &limit));
        double centre = limit.distance / 2, plain = k / sqrt(-limit.control / log(limit.control));
        assert_true(fabs(k / sqrt(limit.control / (1 - log(centre))) - 1.2385) <
                    0.1 / (1 - log(centre)));
        assert_true(plain > before && plain < 1.2385);
        before = plain;
    }
    assert_true(before > 1.13);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaps_to_the_digits_known),
        cmocka_unit_test(gaps_are_bracketed_by_scans),
        cmocka_unit_test(the_overlap_gap),
        cmocka_unit_test(the_monotone_threshold),
        cmocka_unit_test(local_entropy_is_a_minimum_over_m),
        cmocka_unit_test(ends_of_the_curve),
        cmocka_unit_test(symmetric_perceptron),
        cmocka_unit_test(plane_of_two_modules),
        cmocka_unit_test(the_tool),
        cmocka_unit_test(rows_without_an_answer),
        cmocka_unit_test(small_margins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
