/* Where the plateau vanishes: see dmft.h and doc/dynamics.md.
 *
 * Next to the threshold flips are rare. 1 - C(tau) = 2 u tau at short times, so eta moves like a
 * random walk of variance 4 u a step (p = 1), and a neuron flips when it finds eta beyond -J_D s. A
 * walk that is looked at in steps of standard deviation x overshoots like one looked at all the
 * time with the edge -zeta(1/2)/sqrt(2 pi) x farther (Chernoff 1965; Siegmund 1979; Broadie,
 * Glasserman and Kou, doi:10.1111/1467-9965.00035). In continuous time the equations have no time
 * scale, and a solution only at one J_c. So J_D = J_c - a sqrt(u) - b u - ...,     a = -2
 * zeta(1/2)/sqrt(2 pi) = 1.1652 at p = 1, and J_c is that of every p. The error adds to the
 * statistical one what one order more would change. */
#include <gsl/gsl_multifit.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "fixland/dmft.h"

typedef struct fit {
    double coefficient[4], error, chi2;
} fit;

/* jd at x by least squares: the sum of coefficient[m] x^powers[m], m < terms. */
static fl_status fit_terms(const double *at, const double *jd, const double *errors, size_t count,
                           const double *powers, size_t terms, fit *f) {
    gsl_matrix *x = gsl_matrix_alloc(count, terms), *covariance = gsl_matrix_alloc(terms, terms);
    gsl_vector *y = gsl_vector_alloc(count), *weight = gsl_vector_alloc(count);
    gsl_vector *c = gsl_vector_alloc(terms);
    gsl_multifit_linear_workspace *work = gsl_multifit_linear_alloc(count, terms);
    bool enough = x && covariance && y && weight && c && work;
    for (size_t k = 0; enough && k < count; k++) {
        for (size_t m = 0; m < terms; m++)
            gsl_matrix_set(x, k, m, pow(at[k], powers[m]));
        gsl_vector_set(y, k, jd[k]);
        gsl_vector_set(weight, k, 1 / (errors[k] * errors[k]));
    }
    bool fitted = enough && gsl_multifit_wlinear(x, weight, y, c, covariance, &f->chi2, work) == 0;
    for (size_t m = 0; fitted && m < terms; m++)
        f->coefficient[m] = gsl_vector_get(c, m);
    if (fitted)
        f->error = sqrt(gsl_matrix_get(covariance, 0, 0));
    gsl_matrix_free(x);
    gsl_matrix_free(covariance);
    gsl_vector_free(y);
    gsl_vector_free(weight);
    gsl_vector_free(c);
    if (work)
        gsl_multifit_linear_free(work);
    if (!enough)
        return fl_fail(FL_ENOMEM, "out of memory for a fit to %zu points", count);
    if (!fitted || !isfinite(f->error))
        return fl_fail(FL_EDOMAIN, "the points do not determine where the plateau vanishes");
    return FL_OK;
}

/* The fit of `terms` terms, and one of a term more: the error adds what that changes. Where the points scatter more than
 * their errors, the errors are too small, most of them those of few repetitions: they are raised to the scatter. */
static fl_status extrapolate(const double *at, const double *jd, const double *errors, size_t count,
                             const double *powers, size_t terms, fit *low, fl_dmft_threshold *t) {
    fit high;
    FL_CHECK(fit_terms(at, jd, errors, count, powers, terms, low));
    FL_CHECK(fit_terms(at, jd, errors, count, powers, terms + 1, &high));
    double change = high.coefficient[0] - low->coefficient[0];
    double freedom = (double)(count - terms), scatter = fmax(low->chi2 / freedom, 1);
    double error = sqrt(low->error * low->error * scatter + change * change);
    *t = (fl_dmft_threshold){
        .jd = low->coefficient[0],
        .error = error,
        .interval = {low->coefficient[0] - 1.96 * error, low->coefficient[0] + 1.96 * error},
        .slope = NAN,
        .curvature = -low->coefficient[terms - 1],
        .chi2 = low->chi2,
        .freedom = freedom};
    return FL_OK;
}

static fl_status check_points(const double *at, const double *jd, const double *errors,
                              size_t count, size_t least) {
    if (count < least)
        return fl_fail(FL_EDOMAIN, "%zu points; where the plateau vanishes needs at least %zu",
                       count, least);
    for (size_t k = 0; k < count; k++)
        if (!(at[k] > 0 && errors[k] > 0 && isfinite(jd[k])))
            return fl_fail(FL_EINVAL, "point %zu (u = %g, J_D = %g +- %g) is none of a plateau",
                           k + 1, at[k], jd[k], errors[k]);
    return FL_OK;
}

fl_status fl_dmft_vanishing(const double *unstable, const double *jd, const double *errors,
                            size_t count, double slope, fl_dmft_threshold *t) {
    static const double all[] = {0, 0.5, 1, 1.5}, beyond[] = {0, 1, 1.5};
    bool known = !isnan(slope);
    fit low;
    FL_CHECK(check_points(unstable, jd, errors, count, 5));
    double *raised = calloc(count, sizeof *raised);
    if (!raised)
        return fl_fail(FL_ENOMEM, "out of memory for a fit to %zu points", count);
    for (size_t k = 0; k < count; k++)
        raised[k] = jd[k] + (known ? slope * sqrt(unstable[k]) : 0);
    fl_status status =
        extrapolate(unstable, raised, errors, count, known ? beyond : all, known ? 2 : 3, &low, t);
    if (status == FL_OK)
        t->slope = known ? slope : -low.coefficient[1];
    free(raised);
    return status;
}

fl_status fl_dmft_grid_limit(const double *crossings, const double *jd, const double *errors,
                             size_t count, fl_dmft_threshold *t) {
    static const double powers[] = {0, 2, 3};
    fit low;
    FL_CHECK(check_points(crossings, jd, errors, count, 3));
    return extrapolate(crossings, jd, errors, count, powers, 2, &low, t);
}
