/* Critical control parameters as systems of equations in (control, q, qh, m).
 *
 * The unknowns are mapped to the whole line (q by a logistic, m by ln(m - 1), qh by its log), the
 * equations are analytic derivatives of F, and GSL's hybrid method solves them. The error comes
 * from solving again with every step of the quadrature halved. theory/README.md, Eqs. 16 to 18. */
#include "fixland/phase.h"

#include <math.h>
#include <stdbool.h>

#include "theory/equations.h"
#include "theory/phase_start.h"
#include "theory/replica.h"

/* Which parameter is the unknown "control": the model's own, or lambda at given J_D. */
typedef struct system {
    fl_tuples_model model;
    int level;
    bool in_lambda;
    double m; /* 0 when m is an unknown */
    bool mono;
} system_t;

enum { UNKNOWNS_MAX = 4 };

static size_t unknowns(const system_t *system) {
    return system->m > 0 ? 3 : 4;
}

static void encode(const system_t *system, const fl_threshold *t, double *x) {
    x[0] = t->control;
    x[1] = log(t->q / (1 - t->q));
    x[2] = log(t->qh);
    if (system->m <= 0)
        x[3] = log(t->m - 1);
}

static fl_threshold decode(const system_t *system, const double *x) {
    double q = 1 / (1 + exp(-x[1]));
    return (fl_threshold){.control = x[0],
                          .q = q,
                          .distance = 0.5 * (1 - q),
                          .qh = exp(x[2]),
                          .m = system->m > 0 ? system->m : 1 + exp(x[3])};
}

static fl_tuples_model model_with(const system_t *system, double control) {
    fl_tuples_model model = system->model;
    *(system->in_lambda ? &model.fixed : &model.control) = control;
    return model;
}

/* The Hessian of f = F/m by (q, qh, m) where f is stationary in (qh, m): its determinant vanishes
 * with the second derivative of phi* by q (Eq. 18). */
static double curvature(const fl_jet *jet, double m) {
    double a = jet->h[FL_AT_Q][FL_AT_Q], b = jet->h[FL_AT_Q][FL_AT_QH];
    double d = jet->h[FL_AT_QH][FL_AT_QH], f = jet->h[FL_AT_M][FL_AT_M];
    double c = jet->h[FL_AT_Q][FL_AT_M] - jet->d[FL_AT_Q] / m;
    double e = jet->h[FL_AT_QH][FL_AT_M] - jet->d[FL_AT_QH] / m;
    f += 2 * (jet->value / m - jet->d[FL_AT_M]) / m;
    double determinant = a * (d * f - e * e) - b * (b * f - c * e) + c * (b * e - c * d);
    return determinant / (d * f - e * e);
}

static fl_status residuals(void *context, const double *x, double *r) {
    const system_t *system = context;
    fl_threshold t = decode(system, x);
    fl_tuples_model model = model_with(system, t.control);
    fl_site at = {t.m, t.q, t.qh, system->level};
    fl_jet jet;
    FL_CHECK(fl_tuples_jet(&model, &at, &jet));
    double pairs = 0.5 * t.m * (t.m - 1);
    r[0] = system->mono ? (1 - t.q) * (1 - t.q) * curvature(&jet, t.m) : jet.value;
    r[1] = t.q * (1 - t.q) * jet.d[FL_AT_Q] / pairs;
    r[2] = t.qh * jet.d[FL_AT_QH] / pairs;
    if (system->m <= 0)
        r[3] = t.m * jet.d[FL_AT_M] - (system->mono ? jet.value : 0);
    return FL_OK;
}

static fl_status solve(system_t *system, fl_threshold *t, double *last) {
    double x[UNKNOWNS_MAX];
    encode(system, t, x);
    FL_CHECK(fl_equations_solve(residuals, unknowns(system), system, x, last));
    *t = decode(system, x);
    return FL_OK;
}

/* Solves on finer and finer grids until two agree. */
static fl_status solve_refined(system_t *system, fl_threshold *t) {
    double last = INFINITY, moved = INFINITY;
    system->level = 0;
    FL_CHECK(solve(system, t, &last));
    while (system->level < FL_LEVEL_MAX) {
        double before = t->control;
        system->level++;
        FL_CHECK(solve(system, t, &last));
        moved = fabs(t->control - before);
        /* A finer grid for two modules takes eight times longer; see README section 7. */
        if (moved < (system->model.kind == FL_TUPLES_MODULES ? 1e-7 : 1e-9))
            break;
    }
    if (!(moved < 1e-7))
        return fl_fail(FL_UNDECIDED, "a threshold still moves by %.2g on the finest grid", moved);
    t->error = moved + last + 1e-14;
    return FL_OK;
}

fl_status fl_phase_solve_gap(const fl_tuples_model *model, bool in_lambda, double m,
                             fl_threshold *t) {
    system_t system = {.model = *model, .in_lambda = in_lambda, .m = m};
    return solve_refined(&system, t);
}

fl_status fl_phase_solve_mono(const fl_tuples_model *model, fl_threshold *t) {
    system_t system = {.model = *model, .mono = true};
    return solve_refined(&system, t);
}
