/* Where the curve of the local entropy with two levels of overlap changes its kind: see
 * fl_phase_levels_mono and fl_phase_levels_end in fixland/levels.h.
 *
 * Let G be the gradient of F/m by the variables p of a search and by u = ln(1 - q_0), and H the matrix of
 * second derivatives in all of them. On the curve G_p = 0, and its slope is G_u.
 * - J_mono: the slope vanishes together with its own derivative along the curve. The direction of the curve
 *   is (1, w) with H_pp w + H_pu = 0, so the condition is G = 0, H (1, w) = 0.
 * - The end: H_pp (0, n) = 0 where a minimum meets a saddle, and at the largest J_D of all such points
 *   n . H_pu = 0 besides. So G_p = 0, H (0, n) = 0, |n| = 1.
 * H times a direction is a central difference of G, whose step is halved to tell its error. */
#include <math.h>

#include "theory/equations.h"
#include "theory/levels_search.h"

enum {
    LEVELS = 2,
    SHAPE = 3 * LEVELS, /* u and p */
    SPACE = 2 * SHAPE,  /* J_D, u, p, and w or n */
    FINENESS_MAX = 3
};

typedef struct bend {
    fl_search at;
    bool end;
    double step; /* of the difference */
} bend;

static fl_status bend_equations(void *context, const double *x, double *residual) {
    bend *b = context;
    const double *p = x + 1, *w = x + 1 + SHAPE;
    double ahead[SHAPE], behind[SHAPE], high[SHAPE], low[SHAPE], size = 0;
    for (int k = 0; k < SHAPE; k++) {
        double direction = k ? w[k - 1] : b->end ? 0 : 1;
        ahead[k] = p[k] + b->step * direction;
        behind[k] = p[k] - b->step * direction;
        size += direction * direction;
    }
    b->at.model.control = x[0];
    FL_CHECK(fl_search_gradient(&b->at, p, residual));
    FL_CHECK(fl_search_gradient(&b->at, ahead, high));
    FL_CHECK(fl_search_gradient(&b->at, behind, low));
    for (int k = 0; k < SHAPE; k++)
        residual[SHAPE + k] = (high[k] - low[k]) / (2 * b->step);
    if (b->end)
        residual[0] = 1e-3 * (size - 1); /* about the scale of the others */
    return FL_OK;
}

/* From x to the solution; x as before on failure. */
static fl_status bend_solve(bend *b, double *x, double *moved) {
    double before = x[0], last;
    FL_CHECK(fl_equations_solve(bend_equations, SPACE, b, x, &last));
    *moved = fabs(x[0] - before) + last;
    return FL_OK;
}

/* With half the step, and on finer grids, until J_D stands still. */
static fl_status bend_threshold(bend *b, double *x, fl_levels_threshold *t) {
    double by_step, moved;
    FL_CHECK(bend_solve(b, x, &moved));
    b->step /= 2;
    FL_CHECK(bend_solve(b, x, &by_step));
    do {
        b->at.fineness++;
        FL_CHECK(bend_solve(b, x, &moved));
    } while (b->at.fineness < FINENESS_MAX && !(moved < 1e-9));
    double error = moved + by_step + 1e-12;
    if (!(error < 1e-7))
        return fl_fail(FL_UNDECIDED, "a threshold still moves by %.2g on the finest grid", error);
    fl_search_decode(&b->at, x + 1);
    *t = (fl_levels_threshold){x[0], error, NAN, b->at.at};
    return FL_OK;
}

static bend bend_of(bool end, const fl_hierarchy *at) {
    return (bend){.at = {.model = {.kind = FL_TUPLES_FIXED_POINTS},
                         .at = *at,
                         .free_x = {true, true},
                         .free_q = {false, true},
                         .free_distance = true},
                  .end = end,
                  .step = 2e-3};
}

fl_status fl_phase_levels_mono(fl_levels_threshold *mono) {
    static const fl_hierarchy near = {.levels = LEVELS,
                                      .x = {22.76, 5.934, 1},
                                      .q = {0.95213, 0.999285},
                                      .h = {0.009655, 0.56692}};
    bend b = bend_of(false, &near);
    double x[SPACE] = {0.07675, 0, 0, 0, 0, 0, 0, -0.67, 3.97, -2.27, 3.82, 1.42};
    fl_search_encode(&b.at, x + 1);
    return bend_threshold(&b, x, mono);
}

fl_status fl_phase_levels_end(fl_levels_threshold *end) {
    static const fl_hierarchy near = {
        .levels = LEVELS, .x = {22.25, 6.27, 1}, .q = {0.917, 0.9989}, .h = {0.00779, 0.504}};
    bend b = bend_of(true, &near);
    double x[SPACE] = {0.07779, 0, 0, 0, 0, 0, 0, 0.076, 0.349, -0.64, -0.642, -0.227};
    fl_search_encode(&b.at, x + 1);
    return bend_threshold(&b, x, end);
}
