/* See orthant.h. */
#include "tests/support/orthant.h"

#include <gsl/gsl_integration.h>
#include <math.h>

#include "fixland/gaussian.h"

typedef struct orthant {
    double b, r;
} orthant;

static double given_x(double x, void *context) {
    const orthant *o = context;
    return fl_normal_pdf(x) * fl_normal_cdf((o->b + o->r * x) / sqrt(1 - o->r * o->r));
}

double test_both_above(double a, double b, double r) {
    if (fabs(r) >= 1)
        return r > 0 ? fl_normal_cdf(fmin(a, b)) : fmax(0, fl_normal_cdf(a) - fl_normal_cdf(-b));
    orthant o = {b, r};
    gsl_function f = {given_x, &o};
    gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(200);
    double value, error;
    gsl_integration_qag(&f, -a, 40, 0, 1e-13, 200, GSL_INTEG_GAUSS61, workspace, &value, &error);
    gsl_integration_workspace_free(workspace);
    return value;
}
