/* Roots and minima of functions of a few unknowns: see equations.h. */
#include "theory/equations.h"

#include <gsl/gsl_multimin.h>
#include <gsl/gsl_multiroots.h>
#include <math.h>
#include <stdlib.h>

typedef struct problem {
    fl_equations equations;
    fl_descent descent;
    void *context;
    size_t n;
    fl_status status; /* of the last evaluation */
} problem;

static int residuals(const gsl_vector *x, void *given, gsl_vector *r) {
    problem *p = given;
    p->status = p->equations(p->context, x->data, r->data);
    return p->status == FL_OK ? GSL_SUCCESS : GSL_EBADFUNC;
}

static fl_status not_converged(const problem *p, double residual) {
    if (p->status == FL_EINVAL)
        return fl_fail(FL_UNDECIDED, "the search for a threshold left the range of the parameters");
    FL_CHECK(p->status);
    return fl_fail(FL_UNDECIDED, "the equations of a threshold were solved to %.2g only", residual);
}

/* Iterates until the unknowns stand still. */
static fl_status iterate(gsl_multiroot_fsolver *solver, const problem *p, double *last) {
    double residual = INFINITY;
    for (int step = 0; step < 100; step++) {
        int code = gsl_multiroot_fsolver_iterate(solver);
        residual = 0;
        for (size_t i = 0; i < p->n; i++)
            residual = fmax(residual, fabs(gsl_vector_get(solver->f, i)));
        *last = fabs(gsl_vector_get(solver->dx, 0));
        /* No progress at the level of rounding is the end of the road, not a failure. */
        if (residual < 1e-13 || (residual < 1e-10 && (code || *last < 1e-12)))
            return FL_OK;
        if (code || !isfinite(residual))
            break;
    }
    return not_converged(p, residual);
}

/* From x, with new derivatives each time the updated ones lead no further. */
static fl_status solve_from(gsl_multiroot_fsolver *solver, problem *p, gsl_vector *x,
                            double *last) {
    gsl_multiroot_function function = {residuals, p->n, p};
    fl_status status = FL_UNDECIDED;
    for (int start = 0; start < 5 && status == FL_UNDECIDED; start++) {
        p->status = FL_OK;
        if (gsl_multiroot_fsolver_set(solver, &function, x) != GSL_SUCCESS)
            return not_converged(p, INFINITY);
        status = iterate(solver, p, last);
        gsl_vector_memcpy(x, solver->x);
    }
    return status;
}

/* gsl_multiroot_fsolver_alloc of GSL 2.7 but for its end: where the method finds no memory for its state, it has freed
 * what it got, and GSL's own would free that once more. */
static gsl_multiroot_fsolver *open_solver(const gsl_multiroot_fsolver_type *method, size_t n) {
    gsl_multiroot_fsolver *solver = calloc(1, sizeof *solver);
    if (!solver)
        return NULL;
    *solver = (gsl_multiroot_fsolver){.type = method,
                                      .x = gsl_vector_calloc(n),
                                      .f = gsl_vector_calloc(n),
                                      .dx = gsl_vector_calloc(n),
                                      .state = calloc(1, method->size)};
    if (solver->x && solver->f && solver->dx && solver->state &&
        method->alloc(solver->state, n) == GSL_SUCCESS)
        return solver;
    free(solver->state);
    gsl_vector_free(solver->dx);
    gsl_vector_free(solver->f);
    gsl_vector_free(solver->x);
    free(solver);
    return NULL;
}

fl_status fl_equations_solve(fl_equations equations, size_t n, void *context, double *x,
                             double *last) {
    problem p = {.equations = equations, .context = context, .n = n};
    gsl_vector *unknowns = gsl_vector_alloc(n);
    gsl_multiroot_fsolver *solver = open_solver(gsl_multiroot_fsolver_hybrids, n);
    fl_status status = FL_ENOMEM;
    if (unknowns && solver) {
        for (size_t i = 0; i < n; i++)
            gsl_vector_set(unknowns, i, x[i]);
        status = solve_from(solver, &p, unknowns, last);
        for (size_t i = 0; status == FL_OK && i < n; i++)
            x[i] = gsl_vector_get(unknowns, i);
    }
    if (solver)
        gsl_multiroot_fsolver_free(solver);
    gsl_vector_free(unknowns);
    return status == FL_ENOMEM ? fl_fail(status, "no memory for %zu equations", n) : status;
}

/* Where the function cannot be evaluated: high, and flat. */
static const double forbidden = 1e3;

static void value_and_gradient(const gsl_vector *x, void *given, double *value, gsl_vector *slope) {
    problem *p = given;
    p->status = p->descent(p->context, x->data, value, slope->data);
    if (p->status != FL_OK || !isfinite(*value)) {
        *value = forbidden;
        gsl_vector_set_zero(slope);
    }
}

static double value_alone(const gsl_vector *x, void *given) {
    problem *p = given;
    double value, slope[32];
    gsl_vector_view space = gsl_vector_view_array(slope, p->n);
    value_and_gradient(x, given, &value, &space.vector);
    return value;
}

static void gradient_alone(const gsl_vector *x, void *given, gsl_vector *slope) {
    double value;
    value_and_gradient(x, given, &value, slope);
}

fl_status fl_descend(fl_descent descent, size_t n, void *context, double tolerance, int steps,
                     double *x) {
    problem p = {.descent = descent, .context = context, .n = n};
    gsl_multimin_function_fdf function = {value_alone, gradient_alone, value_and_gradient, n, &p};
    gsl_vector *start = gsl_vector_alloc(n);
    gsl_multimin_fdfminimizer *solver =
        gsl_multimin_fdfminimizer_alloc(gsl_multimin_fdfminimizer_vector_bfgs2, n);
    fl_status status = start && solver ? FL_OK : fl_fail(FL_ENOMEM, "no memory for a minimum");
    for (size_t i = 0; status == FL_OK && i < n; i++)
        gsl_vector_set(start, i, x[i]);
    if (status == FL_OK)
        gsl_multimin_fdfminimizer_set(solver, &function, start, 0.05, 0.1);
    for (int step = 0; status == FL_OK && step < steps; step++) {
        int code = gsl_multimin_fdfminimizer_iterate(solver);
        for (size_t i = 0; i < n; i++)
            x[i] = gsl_vector_get(solver->x, i);
        if (code || gsl_multimin_test_gradient(solver->gradient, tolerance) == GSL_SUCCESS)
            break;
    }
    if (solver)
        gsl_multimin_fdfminimizer_free(solver);
    gsl_vector_free(start);
    return status;
}
