/* J_gap with several levels of overlap: see fl_phase_levels in fixland/levels.h.
 *
 * The answer for one level less, with one of its levels split in two, is where the search starts,
 * in several ways. From there: down to the minimum of F/m at fixed control parameter; Newton's
 * method for the control parameter at which that minimum is 0 (its derivative is that of F/m); and
 * in the end all equations at once, on finer and finer grids. */
#include <math.h>

#include "fixland/phase.h"
#include "theory/levels_search.h"

enum { STARTS_MAX = 2 * FL_LEVELS_MAX, FINENESS_MAX = 3 };

/* The ways to split a level: factors for the sizes of the group and of its new subgroups, for the
 * private parts 1 - q, and for the first conjugate. */
typedef struct split {
    double x, sub_x, far, near, h;
} split;

static const split splits[] = {{2.5, 0.8, 2, 0.1, 0.1}, {1.5, 0.9, 1.3, 0.4, 0.3}};

/* `from` with its level l split in two. */
static void split_level(const fl_hierarchy *from, size_t l, const split *by, fl_hierarchy *to) {
    double before = l ? from->h[l - 1] : 0, far = l ? 1 - from->q[l - 1] : 1;
    to->levels = from->levels + 1;
    for (size_t k = 0, i = 0; k < from->levels; k++, i++) {
        to->x[i] = from->x[k], to->q[i] = from->q[k], to->h[i] = from->h[k];
        if (k != l)
            continue;
        to->x[i] = from->x[k] * by->x;
        to->q[i] = 1 - fmin((1 - from->q[k]) * by->far, 0.5 * (1 - from->q[k] + far));
        to->h[i] = before + (from->h[k] - before) * by->h;
        i++;
        to->x[i] = fmax(from->x[k] * by->sub_x, 0.5 * (from->x[k] + from->x[k + 1]));
        to->q[i] = 1 - fmax((1 - from->q[k]) * by->near, 1e-7);
        to->h[i] = from->h[k];
    }
    to->x[to->levels] = 1;
    for (size_t i = l + 1; i-- > 0;) /* what lies above has grown */
        to->x[i] = fmax(to->x[i], 1.1 * to->x[i + 1]);
}

/* Follows the minimum of F/m to where it is 0. */
static fl_status approach(fl_search *s) {
    for (int step = 0; step < 30; step++) {
        bool networks = s->model.kind == FL_TUPLES_FIXED_POINTS;
        double scale = networks ? 1 : fmin(s->model.control, 1);
        fl_levels f;
        FL_CHECK(fl_search_descend(s, 1e-5 * scale));
        if (fl_search_closed(s))
            break;
        FL_CHECK(fl_levels_on_grid(&s->model, &s->at, s->fineness, &f));
        double move = -f.value / f.d_control;
        if (!isfinite(move))
            break;
        double most = networks ? 0.05 : 0.2 * s->model.control;
        s->model.control += fmax(fmin(move, most), -most);
        if (fabs(move) < 2e-5 * most)
            return FL_OK;
    }
    return fl_fail(FL_UNDECIDED, "no minimum of the entropy was found that reaches 0");
}

/* All equations at once, until a finer grid no longer moves the answer. */
static fl_status refine_threshold(fl_search *s, fl_levels_threshold *t) {
    double last = INFINITY, moved = INFINITY;
    s->free_control = true;
    FL_CHECK(fl_search_polish(s, &last));
    while (s->fineness < FINENESS_MAX && !(moved < 1e-9)) {
        double before = s->model.control;
        s->fineness++;
        FL_CHECK(fl_search_polish(s, &last));
        moved = fabs(s->model.control - before);
    }
    if (!(moved < 1e-7))
        return fl_fail(FL_UNDECIDED, "a threshold still moves by %.2g on the finest grid", moved);
    *t = (fl_levels_threshold){s->model.control, moved + last + 1e-12, NAN, s->at};
    return FL_OK;
}

/* Moves the sizes that are free into the order that the fixed ones leave. */
static void fit_free_groups(fl_search *s) {
    double *x = s->at.x;
    for (size_t l = s->at.levels; l-- > 0;)
        if (s->free_x[l] && !(x[l] > x[l + 1]))
            x[l] = 1.5 * x[l + 1];
    for (size_t l = 1; l < s->at.levels; l++)
        if (s->free_x[l] && !(x[l] < x[l - 1]))
            x[l] = sqrt(x[l - 1] * x[l + 1]);
}

static fl_status search_from(const fl_tuples_model *model, const fl_hierarchy *start,
                             double control, const double *fixed, fl_levels_threshold *t) {
    fl_search s = {.model = *model, .at = *start};
    s.model.control = control;
    for (size_t l = 0; l < start->levels; l++) {
        s.free_x[l] = !(fixed && fixed[l] > 0);
        s.free_q[l] = true;
        if (!s.free_x[l])
            s.at.x[l] = fixed[l];
    }
    fit_free_groups(&s);
    FL_CHECK(approach(&s));
    return refine_threshold(&s, t);
}

/* Does a bound from more solutions exclude more? J_gap grows with what is allowed, loads fall. */
static bool beyond(const fl_tuples_model *model, double a, double b) {
    return model->kind == FL_TUPLES_FIXED_POINTS ? a > b : a < b;
}

static fl_levels_threshold from_gap(const fl_threshold *gap) {
    return (fl_levels_threshold){
        .control = gap->control,
        .error = gap->error,
        .spread = NAN,
        .at = {.levels = 1, .x = {gap->m, 1}, .q = {gap->q}, .h = {gap->qh}}};
}

/* The equations of phase.c; for the best m, where they do not lead to the end, the search of this
 * file from four members on. */
static fl_status one_level(const fl_tuples_model *model, const double *fixed,
                           fl_levels_threshold *t) {
    fl_threshold gap;
    if (fixed && fixed[0] > 0) {
        FL_CHECK(fl_phase_gap(model, fixed[0], &gap));
        *t = from_gap(&gap);
        return FL_OK;
    }
    fl_status status = fl_phase_critical_gap(model, NULL, &gap);
    if (status == FL_OK)
        *t = from_gap(&gap);
    if (status != FL_UNDECIDED)
        return status;
    FL_CHECK(fl_phase_gap(model, 4, &gap));
    fl_levels_threshold start = from_gap(&gap);
    return search_from(model, &start.at, start.control, NULL, t);
}

/* The best of all starts, and how far the next is from it. */
static fl_status best_split(const fl_tuples_model *model, const fl_levels_threshold *coarser,
                            const double *fixed, fl_levels_threshold *t) {
    fl_levels_threshold found[STARTS_MAX];
    size_t count = 0, best = 0;
    for (size_t l = 0; l < coarser->at.levels; l++)
        for (size_t k = 0; k < sizeof splits / sizeof *splits; k++) {
            fl_hierarchy start;
            split_level(&coarser->at, l, &splits[k], &start);
            fl_status status = search_from(model, &start, coarser->control, fixed, &found[count]);
            if (status == FL_OK)
                count++;
            else if (status != FL_UNDECIDED)
                return status;
        }
    if (count == 0)
        return fl_fail(FL_UNDECIDED, "no start led to a threshold with %zu levels of overlap",
                       coarser->at.levels + 1);
    for (size_t i = 1; i < count; i++)
        if (beyond(model, found[i].control, found[best].control))
            best = i;
    *t = found[best];
    for (size_t i = 0; i < count; i++)
        if (i != best)
            t->spread =
                fmin(isnan(t->spread) ? INFINITY : t->spread, fabs(found[i].control - t->control));
    return FL_OK;
}

fl_status fl_phase_levels(const fl_tuples_model *model, size_t levels, const double *fixed,
                          fl_levels_threshold *threshold) {
    if (!(levels >= 1 && levels <= FL_LEVELS_MAX))
        return fl_fail(FL_EINVAL, "%zu levels of overlap; 1 to %d are possible", levels,
                       FL_LEVELS_MAX);
    fl_levels_threshold t, coarser;
    FL_CHECK(one_level(model, levels == 1 ? fixed : NULL, &t));
    for (size_t s = 2; s <= levels; s++) {
        coarser = t;
        FL_CHECK(best_split(model, &coarser, s == levels ? fixed : NULL, &t));
    }
    *threshold = t;
    return FL_OK;
}

/* The whole numbers number `choice` near those of `real`: a bit a level, rounding up or down. */
static void round_groups(const fl_hierarchy *real, unsigned choice, double *x) {
    double size = 1;
    for (size_t l = real->levels; l-- > 0;) {
        double ratio = floor(real->x[l] / real->x[l + 1]) + (choice >> l & 1);
        size *= fmax(ratio, 2);
        x[l] = size;
    }
}

fl_status fl_phase_levels_whole(const fl_tuples_model *model, const fl_levels_threshold *real,
                                fl_levels_threshold *whole) {
    bool found = false;
    for (unsigned choice = 0; choice < 1U << real->at.levels; choice++) {
        double x[FL_LEVELS_MAX];
        fl_levels_threshold t;
        round_groups(&real->at, choice, x);
        fl_status status = search_from(model, &real->at, real->control, x, &t);
        if (status == FL_UNDECIDED)
            continue;
        FL_CHECK(status);
        if (!found || beyond(model, t.control, whole->control))
            *whole = t;
        found = true;
    }
    if (!found)
        return fl_fail(FL_UNDECIDED, "no threshold with whole numbers near x = %g was found",
                       real->at.x[0]);
    return FL_OK;
}
