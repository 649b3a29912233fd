/* Speed of the m-tuple entropies: F(m, q) with all its derivatives by the library, beside the plain
 * double integral (the value alone, on the uniform grid in z and u that reaches the same accuracy),
 * and the times of the tasks built on it. One thread. */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "fixland/gaussian.h"
#include "fixland/phase.h"
#include "fixland/tuples.h"
#include "theory/replica.h"
#include "tests/bench/bench.h"

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double plain(double jd, double m, double q, double qh, double z_step, double u_step) {
    double sum = 0, s = sqrt(1 - q), reach = m * sqrt(qh) + 9;
    for (double z = -9; z < 9; z += z_step) {
        double plus = fl_normal_cdf((jd + sqrt(q) * z) / s);
        double minus = fl_normal_cdf((jd - sqrt(q) * z) / s), line = 0;
        for (double u = -reach; u < reach; u += u_step)
            line +=
                exp(-0.5 * u * u) * pow(exp(sqrt(qh) * u) * plus + exp(-sqrt(qh) * u) * minus, m);
        sum += exp(-0.5 * z * z) * line;
    }
    return -0.5 * m * (m - 1) * q * qh - 0.5 * m * qh + log(sum * z_step * u_step / (2 * M_PI));
}

/* The coarsest plain grid within 1e-11 of the library's value. */
static double plain_step(const fl_tuples_model *model, const fl_tuples *t) {
    double step = 0.2;
    while (step > 1e-4 &&
           fabs(plain(model->control, t->m, t->q, t->qh, step, 0.4) - t->value) > 1e-11)
        step *= 0.8;
    return step;
}

static fl_status one_point(double jd, double m, double distance) {
    fl_tuples_model model = {FL_TUPLES_FIXED_POINTS, jd, 0, 0};
    fl_tuples t;
    FL_CHECK(fl_tuples_entropy(&model, m, 1 - 2 * distance, &t));
    fl_site at = {t.m, t.q, t.qh, 1};
    fl_jet jet;
    double step = plain_step(&model, &t), start = now(), sum = 0;
    enum { REPEATS = 200 };
    for (int k = 0; k < REPEATS; k++)
        FL_CHECK(fl_tuples_jet(&model, &at, &jet));
    double library = (now() - start) / REPEATS;
    start = now();
    for (int k = 0; k < 5; k++)
        sum += plain(jd, m, t.q, t.qh, step, 0.4);
    double simple = (now() - start) / 5;
    printf("F(%g, q) at J_D = %g, d = %g, with gradient and Hessian: %.3f ms; plain, value only: "
           "%.3f ms "
           "(%.1f times; they differ by %.1e)\n",
           m, jd, distance, 1e3 * library, 1e3 * simple, simple / library,
           fabs(sum / 5 - jet.value));
    return FL_OK;
}

static fl_status tasks(void) {
    fl_tuples_model model = {FL_TUPLES_FIXED_POINTS, 0, 0, 0},
                    two = {FL_TUPLES_MODULES, 0.05, 0.2, 0};
    fl_threshold threshold;
    fl_tuples tuples;
    double start = now();
    FL_CHECK(fl_phase_critical_gap(&model, NULL, &threshold));
    printf("J_gap: %.3f s\n", now() - start);
    start = now();
    FL_CHECK(fl_phase_critical_mono(&model, &threshold));
    printf("J_mono: %.3f s\n", now() - start);
    start = now();
    fl_local_entropy point = {0};
    model.control = 0.1;
    for (int k = 0; k < 60; k++)
        FL_CHECK(fl_phase_local_entropy(&model, 1e-4 * pow(5000, k / 59.0), &point));
    printf("60 points of phi*(d) at J_D = 0.1: %.3f s\n", now() - start);
    start = now();
    FL_CHECK(fl_tuples_entropy(&two, 4.5, 0.96, &tuples));
    printf("F of two modules, extremum included: %.3f s\n", now() - start);
    return FL_OK;
}

int main(void) {
    fl_status status = one_point(0.06, 3.7, 0.01);
    if (status == FL_OK)
        status = one_point(0.1, 20, 0.1);
    if (status == FL_OK)
        status = one_point(0.06, 20, 1e-3);
    if (status == FL_OK)
        status = tasks();
    if (status != FL_OK)
        fprintf(stderr, "%s\n", fl_message());
    return fl_exit_code(status);
}
