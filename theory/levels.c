/* F of tuples with several levels of overlap, its minima, and where they reach 0: see
 * fixland/levels.h; theory/README.md, Eqs. 24 to 27. */
#include "fixland/levels.h"

#include <float.h>
#include <math.h>

#include "theory/levels_search.h"
#include "theory/replica.h"
#include "theory/ultrametric.h"

enum { PARTS_MAX = FL_SELF_MAX, FINENESS_MAX = 3 };

static size_t parts_of(const fl_tuples_model *model, fl_part parts[PARTS_MAX]) {
    if (model->kind != FL_TUPLES_FIXED_POINTS) {
        parts[0] = (fl_part){.kind = FL_PART_SPINS, .factor = 1};
        parts[1] = (fl_part){.kind = FL_PART_PATTERN, .factor = model->control, .model = model};
        return 2;
    }
    const fl_self_couplings *self = model->self;
    size_t count = self && self->count ? self->count : 1;
    for (size_t k = 0; k < count; k++) {
        double relative = count > 1 ? self->relative[k] : 1;
        parts[k] = (fl_part){.kind = FL_PART_NEURON,
                             .factor = count > 1 ? self->share[k] : 1,
                             .jd = relative * model->control,
                             .relative = relative};
    }
    return count;
}

/* The tree must grow towards its leaves. */
fl_status fl_levels_check(const fl_tuples_model *model, const fl_hierarchy *at) {
    if (model->kind == FL_TUPLES_MODULES)
        return fl_fail(FL_EINVAL, "several levels of overlap are not offered for coupled modules");
    size_t s = at->levels;
    FL_CHECK(fl_self_check(model));
    if (!(s >= 1 && s <= FL_LEVELS_MAX))
        return fl_fail(FL_EINVAL, "%zu levels of overlap; 1 to %d are possible", s, FL_LEVELS_MAX);
    if (!(at->x[0] <= 1e6 && at->x[s] == 1))
        return fl_fail(FL_EINVAL, "%g members are not between 1 and 1e6", at->x[0]);
    for (size_t l = 0; l < s; l++) {
        double q = l ? at->q[l - 1] : 0, h = l ? at->h[l - 1] : 0;
        if (!(at->x[l] >= at->x[l + 1]))
            return fl_fail(FL_EINVAL, "a group of %g has no subgroups of %g", at->x[l],
                           at->x[l + 1]);
        if (!(at->q[l] >= q && at->q[l] <= 1 - 1e-9 && at->h[l] >= h && at->h[l] <= 1e4))
            return fl_fail(FL_EINVAL, "overlap %g or conjugate %g of level %zu is out of range",
                           at->q[l], at->h[l], l + 1);
    }
    return FL_OK;
}

/* The Legendre part. */
static void start_from_conjugates(const fl_hierarchy *at, fl_levels *f, double *size) {
    double m = at->x[0], sum = 0;
    size_t s = at->levels;
    *f = (fl_levels){0};
    for (size_t l = 0; l < s; l++) {
        double group = 0.5 * m * (at->x[l] - at->x[l + 1]), product = at->q[l] * at->h[l];
        sum += group * product;
        f->d_q[l] = -group * at->h[l];
        f->d_h[l] = -group * at->q[l];
        f->d_x[l] -= 0.5 * m * (product - (l ? at->q[l - 1] * at->h[l - 1] : 0));
    }
    f->value = -sum - 0.5 * m * at->h[s - 1];
    f->d_x[0] += f->value / m;
    *size = sum + 0.5 * m * at->h[s - 1];
}

/* One part's share (Eq. 25). */
static void add_part(const fl_part *part, const fl_hierarchy *at, const fl_nested *n,
                     fl_levels *f) {
    double m = at->x[0], factor = part->factor;
    f->value += factor * n->log;
    for (size_t l = 0; l < at->levels; l++) {
        double group = 0.5 * m * (at->x[l] - at->x[l + 1]);
        double above = l ? n->g[l - 1] / at->x[l] : 0;
        f->d_x[l] += factor * m / at->x[l] * (n->g[l] / at->x[l + 1] - above);
        f->d_q[l] += factor * group * n->r2[l];
        f->d_h[l] += factor * group * n->t2[l];
    }
    if (part->kind == FL_PART_PATTERN)
        f->d_control += n->log;
    else if (part->kind == FL_PART_NEURON)
        f->d_control += part->relative * factor * m * n->j;
}

fl_status fl_levels_on_grid(const fl_tuples_model *model, const fl_hierarchy *at, int fineness,
                            fl_levels *f) {
    fl_part parts[PARTS_MAX];
    double size;
    start_from_conjugates(at, f, &size);
    for (size_t k = 0, count = parts_of(model, parts); k < count; k++) {
        fl_nested nested;
        FL_CHECK(fl_nested_integral(&parts[k], at, fineness, &nested));
        add_part(&parts[k], at, &nested, f);
        size += 1 + fabs(nested.log);
    }
    f->error = 16 * DBL_EPSILON * size;
    if (!isfinite(f->value))
        return fl_fail(FL_UNDECIDED, "the integrals overflow at m = %g", at->x[0]);
    return FL_OK;
}

/* Refines at fixed arguments until F no longer moves. */
fl_status fl_levels_refined(const fl_tuples_model *model, const fl_hierarchy *at, fl_levels *f) {
    double moved = INFINITY;
    FL_CHECK(fl_levels_on_grid(model, at, 0, f));
    for (int fineness = 1; fineness <= FINENESS_MAX && !(moved < 1e-11); fineness++) {
        double before = f->value;
        FL_CHECK(fl_levels_on_grid(model, at, fineness, f));
        moved = fabs(f->value - before);
    }
    f->error += moved;
    if (!(moved < 1e-10))
        return fl_fail(FL_UNDECIDED, "the entropy still moves by %.2g on the finest grid", moved);
    return FL_OK;
}

fl_status fl_levels_at(const fl_tuples_model *model, const fl_hierarchy *at, fl_levels *result) {
    FL_CHECK(fl_levels_check(model, at));
    return fl_levels_refined(model, at, result);
}
