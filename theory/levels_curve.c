/* The local entropy with two levels of overlap along a curve: a minimum followed by small steps.
 * See fl_levels_local_curve in fixland/levels.h. */
#include <math.h>

#include "fixland/levels.h"

/* Where the walk starts: about the minimum at J_gap of two levels, as fl_phase_levels finds it. */
static const double first_control = 0.0740535;
static const fl_hierarchy first = {
    .levels = 2, .x = {12.6048, 3.8428, 1}, .q = {0.934829, 0.997491}, .h = {0.024474, 0.761204}};

/* A minimum of F/m on the way. */
typedef struct walk {
    fl_tuples_model model; /* for which `at` is one */
    fl_hierarchy at;
    fl_levels f;
} walk;

static double distance_of(const walk *w) {
    return 0.5 * (1 - w->at.q[0]);
}

/* To (control, distance) along a straight line in J_D and ln d; a step that fails is taken in
 * halves. On failure `w` is where the last step ended. */
static fl_status walk_to(walk *w, double control, double distance) {
    double from = w->model.control, origin = distance_of(w), stretch = log(distance / origin);
    double most = fmax(fabs(stretch) / 0.14, fabs(control - from) / 0.01);
    double step = most > 1 ? 1 / most : 1, smallest = step / 8;
    for (double done = 0; done < 1;) {
        walk next = *w;
        double part = done + step < 1 - 1e-9 ? done + step : 1;
        double target = part < 1 ? origin * exp(part * stretch) : distance;
        next.model.control = from + part * (control - from);
        fl_status status = fl_levels_local_entropy(&next.model, target, &next.at, &next.f);
        if (status == FL_OK) {
            *w = next, done = part;
            continue;
        }
        step /= 2;
        if (step < smallest)
            return fl_fail(FL_UNDECIDED,
                           "the minimum with two levels of overlap was lost at distance %g",
                           distance_of(w));
    }
    return FL_OK;
}

static fl_levels_point point_of(const walk *w) {
    double m = w->at.x[0];
    return (fl_levels_point){.status = FL_OK,
                             .at = w->at,
                             .value = w->f.value / m,
                             .slope = w->f.d_q[0] / m,
                             .error = w->f.error / m};
}

/* Fills points[from], points[from + by], ... up to points[end], which is left alone. */
static void walk_side(walk w, const double *distances, ptrdiff_t from, ptrdiff_t end, ptrdiff_t by,
                      fl_levels_point *points) {
    for (ptrdiff_t i = from; i != end; i += by) {
        if (!(distances[i] < 0.5) || walk_to(&w, w.model.control, distances[i]) != FL_OK)
            return;
        points[i] = point_of(&w);
    }
}

fl_status fl_levels_local_curve(const fl_tuples_model *model, const double *distances, size_t count,
                                fl_levels_point *points) {
    if (model->kind != FL_TUPLES_FIXED_POINTS)
        return fl_fail(FL_EINVAL, "the curve of two levels is that of fixed points in one module");
    if (!(model->control >= -1 && model->control <= 20))
        return fl_fail(FL_EINVAL, "control = %.17g is not in [-1, 20]", model->control);
    size_t below = 0;
    for (size_t i = 0; i < count; i++) {
        if (!(distances[i] > (i ? distances[i - 1] : 0) && distances[i] <= 0.5))
            return fl_fail(FL_EINVAL, "distance = %.17g is not in (0, 0.5], or does not increase",
                           distances[i]);
        below += distances[i] < 0.5 * (1 - first.q[0]);
        points[i] =
            (fl_levels_point){.status = FL_UNDECIDED, .value = NAN, .slope = NAN, .error = NAN};
    }
    walk w = {.model = *model, .at = first};
    w.model.control = first_control;
    if (walk_to(&w, model->control, distance_of(&w)) != FL_OK)
        return FL_OK;
    walk_side(w, distances, (ptrdiff_t)below - 1, -1, -1, points);
    walk_side(w, distances, (ptrdiff_t)below, (ptrdiff_t)count, 1, points);
    return FL_OK;
}
