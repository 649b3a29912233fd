/* The local entropy with two levels of overlap along a curve: a minimum followed by small steps.
 * See fl_levels_local_curve in fixland/levels.h.
 *
 * The curve of stationary points lives in the space of u = ln(1 - q_0) and the variables of a search. A step
 * goes along its direction, and a section across it is where Newton's method finds it again: so it can be
 * followed to where it turns back in u. There a minimum has met a saddle, and the minimum has its end. At small
 * J_D it ends where its groups have shrunk to one member. */
#include <math.h>
#include <string.h>

#include "fixland/levels.h"
#include "theory/levels_search.h"

enum { SHAPE = 6 };

/* The minimum at J_gap of two levels, where the walk starts; and the distances to which it goes as J_D comes
 * to where the minimum is gone (fl_phase_levels_end), which is where it is found longest, and to 0, where it
 * is found at large ones only. */
static const double first_control = 0.0740535, last_control = 0.0777888;
static const double last_distance = 0.0414247, distance_of_none = 0.2;
static const fl_hierarchy first = {
    .levels = 2, .x = {12.6048, 3.8428, 1}, .q = {0.934829, 0.997491}, .h = {0.024474, 0.761204}};

static const double longest = 0.2, shortest = 1e-4; /* steps */
static const double least_excess = 1e-3;         /* of x_1 over 1: groups of one have one level */
static const double across[FL_SEARCH_MAX] = {1}; /* the section at a distance */

/* A point of the curve, with the direction in which it was reached. */
typedef struct walk {
    fl_search s;
    double at[FL_SEARCH_MAX], ahead[FL_SEARCH_MAX];
} walk;

/* The point of the curve in the section through `guess`. On failure `w` is as before. */
static fl_status find_again(walk *w, const double *guess, const double *normal) {
    fl_section section;
    fl_search s = w->s;
    double last;
    memcpy(section.centre, guess, sizeof section.centre);
    memcpy(section.normal, normal, sizeof section.normal);
    s.section = &section;
    fl_search_decode(&s, guess);
    FL_CHECK(fl_search_polish(&s, &last));
    s.section = NULL;
    w->s = s;
    fl_search_encode(&w->s, w->at);
    return FL_OK;
}

/* from + part (to - from) */
static void between(const double *from, const double *to, double part, double *point) {
    for (int k = 0; k < SHAPE; k++)
        point[k] = from[k] + part * (to[k] - from[k]);
}

static double cosine(const double *a, const double *b) {
    double sum = 0;
    for (int k = 0; k < SHAPE; k++)
        sum += a[k] * b[k];
    return sum;
}

/* To (control, u) along a straight line, each step with what the one before says of the next; one that fails is
 * taken in halves. On failure `w` is where the last step ended. */
static fl_status walk_to(walk *w, double control, double u) {
    double from = w->s.model.control, origin = w->at[0], before[FL_SEARCH_MAX] = {0};
    double most = fmax(fabs(u - origin) / 0.1, fabs(control - from) / 0.002);
    double step = most > 1 ? 1 / most : 1, smallest = step / 64, last = 0;
    for (double done = 0; done < 1;) {
        walk next = *w;
        double part = done + step < 1 - 1e-9 ? done + step : 1, guess[FL_SEARCH_MAX];
        memcpy(guess, w->at, sizeof guess);
        if (last > 0)
            between(before, w->at, 1 + (part - done) / last, guess);
        guess[0] = origin + part * (u - origin);
        next.s.model.control = from + part * (control - from);
        if (find_again(&next, guess, across) == FL_OK) {
            memcpy(before, w->at, sizeof before);
            *w = next, last = part - done, done = part;
            continue;
        }
        step /= 2;
        if (step < smallest)
            return fl_fail(FL_UNDECIDED,
                           "the minimum with two levels of overlap was lost at J_D = %g, "
                           "distance %g",
                           w->s.model.control, 0.5 * exp(w->at[0]));
    }
    return FL_OK;
}

/* The direction from `from` to w. */
static void look_ahead(walk *w, const double *from) {
    double size = 0;
    for (int k = 0; k < SHAPE; k++)
        w->ahead[k] = w->at[k] - from[k], size += w->ahead[k] * w->ahead[k];
    for (int k = 0; k < SHAPE; k++)
        w->ahead[k] /= sqrt(size);
}

/* One step along the curve; it must not bend much on the way, which would be another curve. */
static fl_status stride(const walk *w, double length, walk *next) {
    double guess[FL_SEARCH_MAX] = {0};
    *next = *w;
    for (int k = 0; k < SHAPE; k++)
        guess[k] = w->at[k] + length * w->ahead[k];
    FL_CHECK(find_again(next, guess, w->ahead));
    look_ahead(next, w->at);
    if (!(cosine(w->ahead, next->ahead) > (length > 0.02 ? 0.95 : 0.5)))
        return fl_fail(FL_UNDECIDED, "the minimum with two levels of overlap bends too sharply");
    return FL_OK;
}

/* The first step, a small one in u. */
static fl_status set_out(walk *w, double by) {
    double guess[FL_SEARCH_MAX], from[FL_SEARCH_MAX];
    memcpy(guess, w->at, sizeof guess);
    memcpy(from, w->at, sizeof from);
    guess[0] += by;
    FL_CHECK(find_again(w, guess, across));
    look_ahead(w, from);
    return FL_OK;
}

/* The same distance on a finer grid. */
static fl_status find_finely(walk *w) {
    double guess[FL_SEARCH_MAX];
    memcpy(guess, w->at, sizeof guess);
    w->s.fineness = 1;
    return find_again(w, guess, across);
}

static double apart(const double *a, const double *b) {
    double sum = 0;
    for (int k = 0; k < SHAPE; k++)
        sum += (a[k] - b[k]) * (a[k] - b[k]);
    return sqrt(sum);
}

static fl_levels_point point_of(const walk *w, double distance) {
    fl_levels f;
    fl_hierarchy at = w->s.at;
    at.q[0] = 1 - 2 * distance;
    double m = at.x[0];
    fl_status status = fl_levels_refined(&w->s.model, &at, &f);
    if (status != FL_OK)
        return (fl_levels_point){.status = status, .value = NAN, .slope = NAN, .error = NAN};
    return (fl_levels_point){.status = FL_OK,
                             .at = at,
                             .value = f.value / m,
                             .slope = f.d_q[0] / m,
                             .error = f.error / m};
}

/* Where the groups are independent, a group is the one of one level with the least F/m. */
static fl_levels_point point_of_groups(const walk *w) {
    fl_search one = {
        .model = w->s.model,
        .at = {.levels = 1, .x = {w->s.at.x[1], 1}, .q = {w->s.at.q[1]}, .h = {w->s.at.h[1]}},
        .free_x = {true},
        .free_q = {true}};
    fl_levels_point point = {.status = FL_UNDECIDED, .value = NAN, .slope = NAN, .error = NAN};
    double last;
    fl_levels f;
    if (fl_search_polish(&one, &last) != FL_OK || fabs(one.at.x[0] / w->s.at.x[1] - 1) > 0.1)
        return point;
    point.status = fl_levels_refined(&one.model, &one.at, &f);
    if (point.status != FL_OK)
        return point;
    point.at = (fl_hierarchy){
        .levels = 2, .x = {INFINITY, one.at.x[0], 1}, .q = {0, one.at.q[0]}, .h = {0, one.at.h[0]}};
    point.value = f.value / one.at.x[0];
    point.slope = 0;
    point.error = f.error / one.at.x[0];
    return point;
}

/* The points that are asked for: number, or the end, where the walk is; by is 1 upwards, -1 downwards. */
typedef struct demand {
    const double *distances;
    fl_levels_point *points;
    ptrdiff_t next, end, by;
} demand;

static double asked_u(const demand *d) {
    return log(2 * d->distances[d->next]);
}

/* The points between two steps. */
static void deliver_between(demand *d, const walk *from, const walk *to) {
    double span = to->at[0] - from->at[0];
    while (d->next != d->end && d->distances[d->next] < 0.5) {
        double u = asked_u(d), part = (u - from->at[0]) / span;
        if (part > 1)
            return;
        walk w = *from;
        double guess[FL_SEARCH_MAX] = {0};
        between(from->at, to->at, part, guess);
        guess[0] = u;
        if (find_again(&w, guess, across) == FL_OK && find_finely(&w) == FL_OK &&
            apart(w.at, guess) < 1e-3 + 0.3 * apart(from->at, to->at))
            d->points[d->next] = point_of(&w, d->distances[d->next]);
        d->next += d->by;
    }
}

static void deliver_rest(demand *d, fl_status status) {
    for (; d->next != d->end; d->next += d->by)
        d->points[d->next].status = status;
}

/* From w on in one direction, until all points are delivered or the curve turns back. */
static void walk_side(walk w, demand *d) {
    double length = longest / 2;
    const walk begin = w;
    if (d->next == d->end)
        return;
    if (set_out(&w, 0.01 * (double)d->by) != FL_OK)
        return;
    deliver_between(d, &begin, &w);
    while (d->next != d->end) {
        walk next;
        if (d->distances[d->next] == 0.5 && w.at[0] > log(0.998)) {
            d->points[d->next] = point_of_groups(&w);
            return;
        }
        if (w.s.at.x[1] < 1 + least_excess) {
            deliver_rest(d, FL_EDOMAIN);
            return;
        }
        fl_status status = stride(&w, length, &next);
        bool back = status == FL_OK && (next.at[0] - w.at[0]) * (double)d->by <= 0;
        if (status == FL_OK && !back) {
            deliver_between(d, &w, &next);
            w = next;
            length = fmin(1.4 * length, longest);
            continue;
        }
        length /= 2;
        if (length < shortest) {
            deliver_rest(d, back ? FL_EDOMAIN : FL_UNDECIDED);
            return;
        }
    }
}

static fl_status check_distances(const fl_tuples_model *model, const double *distances,
                                 size_t count) {
    if (model->kind != FL_TUPLES_FIXED_POINTS)
        return fl_fail(FL_EINVAL, "the curve of two levels is that of fixed points in one module");
    if (!(model->control >= -1 && model->control <= 20))
        return fl_fail(FL_EINVAL, "control = %.17g is not in [-1, 20]", model->control);
    for (size_t i = 0; i < count; i++)
        if (!(distances[i] > (i ? distances[i - 1] : 0) && distances[i] <= 0.5))
            return fl_fail(FL_EINVAL, "distance = %.17g is not in (0, 0.5], or does not increase",
                           distances[i]);
    return FL_OK;
}

/* To where the walk in distance begins. FL_EDOMAIN where there is no minimum at any distance. */
static fl_status walk_begin(walk *w, double control) {
    fl_levels_threshold end;
    double up = (control - first_control) / (last_control - first_control);
    double down = fmin(1 - control / first_control, 1), distance = 0.5 * (1 - first.q[0]);
    if (up > 0)
        distance += fmin(up, 1) * (last_distance - distance);
    else
        distance *= pow(distance_of_none / distance, down);
    w->s.model.control = first_control;
    fl_search_encode(&w->s, w->at);
    FL_CHECK(find_again(w, w->at, across));
    if (control < last_control - 1e-5)
        return walk_to(w, control, log(2 * distance));
    FL_CHECK(fl_phase_levels_end(&end));
    if (control >= end.control)
        return fl_fail(FL_EDOMAIN, "no minimum with two levels of overlap is left from J_D = %g on",
                       end.control);
    return walk_to(w, control, log(2 * distance));
}

fl_status fl_levels_local_curve(const fl_tuples_model *model, const double *distances, size_t count,
                                fl_levels_point *points) {
    FL_CHECK(check_distances(model, distances, count));
    for (size_t i = 0; i < count; i++)
        points[i] =
            (fl_levels_point){.status = FL_UNDECIDED, .value = NAN, .slope = NAN, .error = NAN};
    walk w = {.s = {.model = *model,
                    .at = first,
                    .free_x = {true, true},
                    .free_q = {false, true},
                    .free_distance = true}};
    fl_status status = walk_begin(&w, model->control);
    ptrdiff_t below = 0, all = (ptrdiff_t)count;
    while (below < all && log(2 * distances[below]) < w.at[0])
        below++;
    demand down = {distances, points, below - 1, -1, -1}, up = {distances, points, below, all, 1};
    if (status != FL_OK) {
        deliver_rest(&down, status == FL_EDOMAIN ? FL_EDOMAIN : FL_UNDECIDED);
        deliver_rest(&up, status == FL_EDOMAIN ? FL_EDOMAIN : FL_UNDECIDED);
        return FL_OK;
    }
    walk_side(w, &down);
    walk_side(w, &up);
    return FL_OK;
}
