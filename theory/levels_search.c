/* Searches over the shape of a hierarchy, in variables that live on the whole line: see
 * levels_search.h. */
#include "theory/levels_search.h"

#include <math.h>

#include "theory/equations.h"

enum { MOST_CLOSED = 60 };

static double private_part(const fl_hierarchy *at, size_t l) {
    return l ? 1 - at->q[l - 1] : 1;
}

size_t fl_search_encode(const fl_search *s, double *p) {
    size_t n = 0;
    if (s->free_control)
        p[n++] = s->model.control;
    if (s->free_distance)
        p[n++] = log(1 - s->at.q[0]);
    for (size_t l = 0; l < s->at.levels; l++) {
        if (s->free_x[l])
            p[n++] = log(s->at.x[l] / s->at.x[l + 1] - 1);
        if (s->free_q[l]) {
            double ratio = (1 - s->at.q[l]) / private_part(&s->at, l);
            p[n++] = log(ratio / (1 - ratio));
        }
        p[n++] = log(s->at.h[l] - (l ? s->at.h[l - 1] : 0));
    }
    return n;
}

void fl_search_decode(fl_search *s, const double *p) {
    size_t n = 0, levels = s->at.levels;
    double growth[FL_LEVELS_MAX];
    if (s->free_control)
        s->model.control = p[n++];
    if (s->free_distance)
        s->at.q[0] = 1 - exp(p[n++]);
    for (size_t l = 0; l < levels; l++) {
        if (s->free_x[l])
            growth[l] = 1 + exp(p[n++]);
        if (s->free_q[l])
            s->at.q[l] = 1 - private_part(&s->at, l) / (1 + exp(-p[n++]));
        s->at.h[l] = (l ? s->at.h[l - 1] : 0) + exp(p[n++]);
    }
    for (size_t l = levels; l-- > 0;)
        if (s->free_x[l])
            s->at.x[l] = s->at.x[l + 1] * growth[l];
}

/* The derivative along the logarithm of x_l/x_{l+1} - 1: it moves all x above, up to one that is
 * fixed. */
static double along_x(const fl_search *s, const double *d_x, size_t l) {
    double move = s->at.x[l] - s->at.x[l + 1], sum = d_x[l] * move;
    for (size_t k = l; k-- > 0 && s->free_x[k];) {
        move *= s->at.x[k] / s->at.x[k + 1];
        sum += d_x[k] * move;
    }
    return sum;
}

/* Along the logarithm of 1 - q_0: all private parts grow alike. */
static double along_distance(const fl_search *s, const double *d_q) {
    double sum = 0;
    for (size_t k = 0; k < s->at.levels; k++)
        sum -= d_q[k] * (1 - s->at.q[k]);
    return sum;
}

/* Along the logistic of level l: all private parts from l on grow with it, as long as they are
 * free. */
static double along_q(const fl_search *s, const double *d_q, size_t l) {
    double ratio = (1 - s->at.q[l]) / private_part(&s->at, l), sum = 0;
    for (size_t k = l; k < s->at.levels; k++)
        sum -= d_q[k] * (1 - s->at.q[k]) * (1 - ratio);
    return sum;
}

static double along_h(const fl_search *s, const double *d_h, size_t l) {
    double step = s->at.h[l] - (l ? s->at.h[l - 1] : 0), sum = 0;
    for (size_t k = l; k < s->at.levels; k++)
        sum += d_h[k] * step;
    return sum;
}

/* The gradient of F/m without the control parameter. */
static void gradient_of(const fl_search *s, const fl_levels *f, double *gradient) {
    double m = s->at.x[0], d_x[FL_LEVELS_MAX] = {0};
    size_t n = 0;
    for (size_t l = 0; l < s->at.levels; l++)
        d_x[l] = f->d_x[l] / m;
    d_x[0] -= f->value / (m * m);
    if (s->free_distance)
        gradient[n++] = along_distance(s, f->d_q) / m;
    for (size_t l = 0; l < s->at.levels; l++) {
        if (s->free_x[l])
            gradient[n++] = along_x(s, d_x, l);
        if (s->free_q[l])
            gradient[n++] = along_q(s, f->d_q, l) / m;
        gradient[n++] = along_h(s, f->d_h, l) / m;
    }
}

bool fl_search_closed(const fl_search *s) {
    return s->closed > MOST_CLOSED;
}

static bool nearly_shut(const fl_search *s) {
    for (size_t l = 0; l < s->at.levels; l++)
        if (s->free_x[l] && l > 0 && s->at.x[l - 1] < 1.01 * s->at.x[l])
            return true;
    return false;
}

static fl_status evaluate(fl_search *s, const double *p, fl_levels *f) {
    fl_search_decode(s, p);
    s->closed += nearly_shut(s);
    if (fl_search_closed(s))
        return fl_fail(FL_UNDECIDED, "two levels of overlap become one");
    FL_CHECK(fl_levels_check(&s->model, &s->at));
    return fl_levels_on_grid(&s->model, &s->at, s->fineness, f);
}

static fl_status descent(void *context, const double *p, double *value, double *gradient) {
    fl_search *s = context;
    fl_levels f;
    FL_CHECK(evaluate(s, p, &f));
    *value = f.value / s->at.x[0];
    gradient_of(s, &f, gradient);
    return FL_OK;
}

static double off_section(const fl_section *section, const double *p, size_t count) {
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += section->normal[k] * (p[k] - section->centre[k]);
    return sum;
}

/* The gradient, and F where the control parameter is searched too. */
static fl_status equations(void *context, const double *p, double *residual) {
    fl_search *s = context;
    fl_levels f;
    FL_CHECK(evaluate(s, p, &f));
    if (s->free_control)
        residual[0] = f.value / s->at.x[0];
    gradient_of(s, &f, residual + (s->free_control ? 1 : 0));
    if (!s->section)
        return FL_OK;
    size_t count = 3 * s->at.levels;
    for (size_t k = 1; k < count; k++) /* on curves F/m is some 1e-4 */
        residual[k] *= 1e3;
    residual[0] = off_section(s->section, p, count);
    return FL_OK;
}

fl_status fl_search_gradient(fl_search *s, const double *p, double *gradient) {
    fl_levels f;
    FL_CHECK(evaluate(s, p, &f));
    gradient_of(s, &f, gradient);
    return FL_OK;
}

/* From the bottom of a valley to its lowest point, or to where F is 0 there. */
fl_status fl_search_polish(fl_search *s, double *last) {
    double p[FL_SEARCH_MAX];
    size_t n = fl_search_encode(s, p);
    FL_CHECK(fl_equations_solve(equations, n, s, p, last));
    fl_search_decode(s, p);
    return FL_OK;
}

fl_status fl_search_descend(fl_search *s, double tolerance) {
    double p[FL_SEARCH_MAX];
    size_t n = fl_search_encode(s, p);
    FL_CHECK(fl_descend(descent, n, s, tolerance, 200, p));
    fl_search_decode(s, p);
    return FL_OK;
}

/* A start for conjugates that are not given: without correlation from the constraints they would
 * be about q_l / x_l. */
static void guess_conjugates(fl_hierarchy *at) {
    for (size_t l = 0; l < at->levels; l++)
        if (!(at->h[l] > (l ? at->h[l - 1] : 0)))
            at->h[l] = (l ? at->h[l - 1] : 0) + fmax(at->q[l], 1e-3) / at->x[l];
}

static fl_status minimise(fl_search *s, fl_hierarchy *at, fl_levels *result) {
    double last;
    guess_conjugates(&s->at);
    FL_CHECK(fl_levels_check(&s->model, &s->at));
    FL_CHECK(fl_search_descend(s, 1e-5));
    s->fineness = 1;
    FL_CHECK(fl_search_polish(s, &last));
    FL_CHECK(fl_levels_refined(&s->model, &s->at, result));
    *at = s->at;
    return FL_OK;
}

fl_status fl_levels_entropy(const fl_tuples_model *model, fl_hierarchy *at, fl_levels *result) {
    fl_search s = {.model = *model, .at = *at};
    return minimise(&s, at, result);
}

fl_status fl_levels_local_entropy(const fl_tuples_model *model, double distance, fl_hierarchy *at,
                                  fl_levels *result) {
    if (!(distance > 0 && distance < 0.5))
        return fl_fail(FL_EINVAL, "distance = %.17g is not in (0, 0.5)", distance);
    fl_search s = {.model = *model, .at = *at};
    double shrink = 2 * distance / (1 - at->q[0]);
    for (size_t l = 0; l < at->levels; l++) {
        s.free_x[l] = true;
        s.free_q[l] = l > 0;
        s.at.q[l] = 1 - (1 - at->q[l]) * shrink;
    }
    return minimise(&s, at, result);
}
