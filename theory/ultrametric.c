/* ln G_0: the integrals of an ultrametric m-tuple, level by level (theory/README.md, Eq. 24).
 *
 * With G_s = ln B, G_l(y, w) = ln E exp( (x_l/x_{l+1}) G_{l+1}(y + dy, w + dw) ), the mean over
 * Gaussians dy, dw of variances q_l - q_{l-1} and h_l - h_{l-1}; wanted is G_0(0, 0). G_{l+1} is
 * needed on a grid of y and one of w ("layer" l+1), layer 0 being the origin. Deepest down the
 * integral over w is the function of b that cosh_table.c tabulates, so layer s has a grid of y
 * alone.
 *
 * The grids are resolved by construction. In y, points are spread evenly on every scale from the
 * standard deviation of the member's private field, near +-J, upwards, but never wider than the
 * Gaussian that they are summed with; in w they are even, as in cosh_moments.c. Trapezoidal sums
 * over analytic functions converge exponentially. Everything is summed in logarithms.
 *
 * Derivatives need averages with the weights of the sums; they are carried along, see `cell`. */
#include "theory/ultrametric.h"

#include <math.h>
#include <stdlib.h>

#include "theory/fields.h"
#include "theory/replica.h"

enum { AXIS_LIMIT = 8000 };

/* Averages over what lies below a point: the tilts t, r, j (Eq. 7), and from every finished level
 * the mean of G_{l+1} and of the squared tilts. */
enum { T, R, J, G, T2 = G + FL_LEVELS_MAX, R2 = T2 + FL_LEVELS_MAX, MEANS = R2 + FL_LEVELS_MAX };

typedef struct cell {
    double log; /* G_l */
    double mean[MEANS];
} cell;

typedef struct axis {
    size_t count;
    double *at, *log_weight; /* of the steps between points */
    double variance;         /* of the Gaussian that leads here; 0: one point, nothing to sum */
} axis;

typedef struct layer {
    axis y, w;
} layer;

static fl_status axis_new(axis *a, size_t count, double variance) {
    if (!(count < AXIS_LIMIT))
        return fl_fail(FL_UNDECIDED, "levels of overlap too close together need %zu points", count);
    *a = (axis){.count = count, .variance = variance, .at = calloc(2 * count, sizeof *a->at)};
    if (!a->at)
        return fl_fail(FL_ENOMEM, "no memory for %zu points", count);
    a->log_weight = a->at + count;
    return FL_OK;
}

/* Points even in w. The integrand is as smooth as cosh(w)^x and the Gaussian. */
static fl_status axis_even(axis *a, double variance, double reach, int fineness) {
    double step = fmin(0.8 * sqrt(variance), 0.4) * pow(0.75, fineness);
    double half = ceil(reach / step);
    FL_CHECK(axis_new(a, half < AXIS_LIMIT ? 2 * (size_t)half + 1 : AXIS_LIMIT, variance));
    for (size_t k = 0; k < a->count; k++) {
        a->at[k] = step * ((double)k - half);
        a->log_weight[k] = log(step);
    }
    return FL_OK;
}

/* The map of Eq. 13 with a bound on the step: points below y >= 0, and its slope. */
typedef struct map {
    double centre, width, fine, coarse; /* fine: of a scale; coarse: in units of y */
} map;

static double map_count(const map *p, double y, double *slope) {
    double below = (y - p->centre) / p->width, above = (y + p->centre) / p->width;
    *slope =
        0.5 * (1 / hypot(1, below) + 1 / hypot(1, above)) / (p->fine * p->width) + 1 / p->coarse;
    return 0.5 * (asinh(below) + asinh(above)) / p->fine + y / p->coarse;
}

/* Newton's method from the point before, inside (low, high) in which the count passes k. */
static double map_point(const map *p, double k, double low, double high) {
    double y = low, slope;
    for (int step = 0; step < 60; step++) {
        double miss = map_count(p, y, &slope) - k;
        *(miss < 0 ? &low : &high) = y;
        double next = y - miss / slope;
        if (!(next >= low && next <= high))
            next = 0.5 * (low + high);
        if (fabs(next - y) < 1e-15 * (p->width + fabs(y)))
            return next;
        y = next;
    }
    return y;
}

static fl_status axis_mapped(axis *a, const map *p, double variance, double reach) {
    double slope, half = ceil(map_count(p, reach, &slope)), y = 0;
    FL_CHECK(axis_new(a, half < AXIS_LIMIT ? 2 * (size_t)half + 1 : AXIS_LIMIT, variance));
    size_t middle = a->count / 2;
    for (size_t k = 0; k <= middle; k++) {
        y = map_point(p, (double)k, y, reach + p->coarse);
        map_count(p, y, &slope);
        a->at[middle + k] = y, a->at[middle - k] = -y;
        a->log_weight[middle + k] = a->log_weight[middle - k] = -log(slope);
    }
    return FL_OK;
}

static fl_status axis_single(axis *a) {
    return axis_new(a, 1, 0);
}

static void layer_clear(layer *l) {
    free(l->y.at);
    free(l->w.at);
    *l = (layer){0};
}

static fl_field field_at(const fl_part *part, double y, double s) {
    switch (part->kind) {
    case FL_PART_NEURON:
        return fl_field_neuron(part->jd, y, s);
    case FL_PART_SPINS:
        return (fl_field){.c = M_LN2};
    case FL_PART_PATTERN:
        break;
    }
    fl_constraint h = fl_field_pattern(part->model, y, s);
    return (fl_field){.c = h.log_h, .j1 = h.r};
}

/* The fields beyond which nothing counts: there B is at most what it is anywhere, which exceeds its
 * value at y = 0 by e^drop at most, against the Gaussian of variance q. */
static double reach_in_y(const fl_part *part, const fl_hierarchy *at, double q) {
    double most = part->kind == FL_PART_NEURON ? M_LN2 : 0;
    double drop = most - field_at(part, 0, sqrt(1 - at->q[at->levels - 1])).c;
    return sqrt(2 * q * (FL_LOG_NEGLIGIBLE + at->x[0] * fmax(drop, 0)));
}

/* In w the weight of level k is shifted by x_k times its variance at most. */
static double reach_in_w(const fl_hierarchy *at, size_t depth) {
    double reach = 0;
    for (size_t k = 0; k < depth; k++) {
        double variance = at->h[k] - (k ? at->h[k - 1] : 0);
        reach += at->x[k] * variance + 9.5 * sqrt(variance);
    }
    return reach;
}

static fl_status y_axis(const fl_part *part, const fl_hierarchy *at, size_t depth, int fineness,
                        axis *a) {
    if (depth == 0 || part->kind == FL_PART_SPINS)
        return axis_single(a);
    double q = at->q[depth - 1], variance = q - (depth > 1 ? at->q[depth - 2] : 0);
    if (!(variance > 0))
        return axis_single(a);
    double centre = part->kind == FL_PART_NEURON ? part->jd : part->model->fixed;
    map p = {.centre = fabs(centre),
             .width = sqrt(1 - q),
             .fine = ldexp(0.25, -fineness),
             .coarse = pow(0.75, fineness) * sqrt(variance)};
    return axis_mapped(a, &p, variance, reach_in_y(part, at, q));
}

static fl_status w_axis(const fl_part *part, const fl_hierarchy *at, size_t depth, int fineness,
                        axis *a) {
    double variance = depth ? at->h[depth - 1] - (depth > 1 ? at->h[depth - 2] : 0) : 0;
    if (!(variance > 0) || depth == at->levels || part->kind == FL_PART_PATTERN)
        return axis_single(a);
    return axis_even(a, variance, reach_in_w(at, depth), fineness);
}

static fl_status layer_init(const fl_part *part, const fl_hierarchy *at, size_t depth, int fineness,
                            layer *l) {
    *l = (layer){0};
    FL_CHECK(y_axis(part, at, depth, fineness, &l->y));
    return w_axis(part, at, depth, fineness, &l->w);
}

/* The mean of e^log over the axis around `from`: cells in[k * stride]. Space for the exponents. */
static cell mean_over_axis(const axis *a, double from, const cell *in, size_t stride,
                           double *exponent) {
    if (a->variance <= 0)
        return in[0];
    double top = -INFINITY, norm = -0.5 * log(2 * M_PI * a->variance), sum = 0;
    for (size_t k = 0; k < a->count; k++) {
        double d = a->at[k] - from;
        exponent[k] = norm - 0.5 * d * d / a->variance + a->log_weight[k] + in[k * stride].log;
        top = fmax(top, exponent[k]);
    }
    cell out = {0};
    for (size_t k = 0; k < a->count; k++) {
        if (exponent[k] < top - FL_LOG_NEGLIGIBLE)
            continue;
        double weight = exp(exponent[k] - top);
        sum += weight;
        for (int i = 0; i < MEANS; i++)
            out.mean[i] += weight * in[k * stride].mean[i];
    }
    for (int i = 0; i < MEANS; i++)
        out.mean[i] /= sum;
    out.log = top + log(sum);
    return out;
}

/* One member, of field f, with w integrated out from its value further up. */
static cell member(const fl_field *f, double w, const fl_cosh_table *table, size_t last) {
    double b = f->b + w, c = f->c - fabs(f->b) + fabs(b);
    fl_cosh_short u = table->coefficients ? fl_cosh_lookup(table, b) : (fl_cosh_short){0};
    cell out = {.log = table->m * c + u.log_norm};
    out.mean[T] = u.t;
    out.mean[R] = f->j1 + f->j0 * u.t;
    out.mean[J] = f->j0 + f->j1 * u.t;
    out.mean[G + last] = c + u.l;
    out.mean[T2 + last] = u.t2;
    out.mean[R2 + last] = f->j1 * f->j1 + 2 * f->j0 * f->j1 * u.t + f->j0 * f->j0 * u.t2;
    return out;
}

/* A level is finished: what its points average to becomes part of the record, and G_{l+1} is raised
 * to the power x_l/x_{l+1}. */
static void finish_level(cell *cells, size_t count, size_t l, double power) {
    for (size_t k = 0; k < count; k++) {
        double *mean = cells[k].mean;
        mean[G + l] = cells[k].log;
        mean[T2 + l] = mean[T] * mean[T];
        mean[R2 + l] = mean[R] * mean[R];
        cells[k].log *= power;
    }
}

/* From one layer to the one above: over y for every w, then over w. `middle` and `exponent` are
 * space. */
static void smooth(const layer *below, const layer *above, const cell *in, cell *middle, cell *out,
                   double *exponent) {
    size_t nw = below->w.count;
    for (size_t i = 0; i < above->y.count; i++)
        for (size_t k = 0; k < nw; k++)
            middle[i * nw + k] = mean_over_axis(&below->y, above->y.at[i], in + k, nw, exponent);
    for (size_t i = 0; i < above->y.count; i++)
        for (size_t k = 0; k < above->w.count; k++)
            out[i * above->w.count + k] =
                mean_over_axis(&below->w, above->w.at[k], middle + i * nw, 1, exponent);
}

/* The deepest level: `out` on the layer above. */
static fl_status smooth_members(const fl_part *part, const fl_hierarchy *at, int fineness,
                                const layer *deepest, const layer *above, cell *out) {
    size_t last = at->levels - 1, count = deepest->y.count;
    double h = at->h[last] - (last ? at->h[last - 1] : 0), s = sqrt(1 - at->q[last]);
    fl_cosh_table table = {.m = at->x[last]};
    if (part->kind != FL_PART_PATTERN) {
        fl_cosh_grid grid;
        FL_CHECK(fl_cosh_grid_init(&grid, at->x[last], h, fineness));
        fl_status status = fl_cosh_table_init(&table, &grid, h);
        fl_cosh_grid_clear(&grid);
        FL_CHECK(status);
    }
    cell *members = malloc(count * sizeof *members);
    fl_field *fields = malloc(count * sizeof *fields);
    double *exponent = malloc(count * sizeof *exponent);
    fl_status status = members && fields && exponent ? FL_OK : FL_ENOMEM;
    for (size_t k = 0; status == FL_OK && k < count; k++)
        fields[k] = field_at(part, deepest->y.at[k], s);
    for (size_t j = 0; status == FL_OK && j < above->w.count; j++) {
        for (size_t k = 0; k < count; k++)
            members[k] = member(&fields[k], above->w.at[j], &table, last);
        for (size_t i = 0; i < above->y.count; i++)
            out[i * above->w.count + j] =
                mean_over_axis(&deepest->y, above->y.at[i], members, 1, exponent);
    }
    free(members);
    free(fields);
    free(exponent);
    fl_cosh_table_clear(&table);
    return status == FL_OK ? status : fl_fail(status, "no memory for %zu points", count);
}

/* Room for the cells of any layer above the deepest, and for those half way between two. */
static size_t largest_layer(const layer layers[], size_t levels) {
    size_t y = 1, w = 1;
    for (size_t l = 0; l < levels; l++) {
        y = layers[l].y.count > y ? layers[l].y.count : y;
        w = layers[l].w.count > w ? layers[l].w.count : w;
    }
    return y * w;
}

/* All levels; space: three times the largest layer; exponent: its size. */
static fl_status climb(const fl_part *part, const fl_hierarchy *at, int fineness,
                       const layer layers[], cell *space, double *exponent, cell *origin) {
    size_t s = at->levels, block = largest_layer(layers, s);
    cell *in = space, *out = space + block, *middle = space + 2 * block;
    FL_CHECK(smooth_members(part, at, fineness, &layers[s], &layers[s - 1], in));
    for (size_t l = s - 1; l-- > 0;) {
        const layer *below = &layers[l + 1];
        finish_level(in, below->y.count * below->w.count, l, at->x[l] / at->x[l + 1]);
        smooth(below, &layers[l], in, middle, out, exponent);
        cell *swap = in;
        in = out, out = swap;
    }
    *origin = in[0];
    return FL_OK;
}

static void deliver_nested(const cell *origin, fl_nested *nested) {
    nested->log = origin->log;
    nested->j = origin->mean[J];
    for (int l = 0; l < FL_LEVELS_MAX; l++) {
        nested->g[l] = origin->mean[G + l];
        nested->t2[l] = origin->mean[T2 + l];
        nested->r2[l] = origin->mean[R2 + l];
    }
}

static fl_status integrate(const fl_part *part, const fl_hierarchy *at, int fineness,
                           const layer layers[], fl_nested *nested) {
    size_t cells = largest_layer(layers, at->levels);
    cell *space = malloc(3 * cells * sizeof *space), origin;
    double *exponent = malloc(cells * sizeof *exponent);
    fl_status status = FL_OK;
    if (!space || !exponent)
        status = fl_fail(FL_ENOMEM, "no memory for %zu points", cells);
    if (status == FL_OK)
        status = climb(part, at, fineness, layers, space, exponent, &origin);
    if (status == FL_OK)
        deliver_nested(&origin, nested);
    free(space);
    free(exponent);
    return status;
}

fl_status fl_nested_integral(const fl_part *part, const fl_hierarchy *at, int fineness,
                             fl_nested *nested) {
    layer layers[FL_LEVELS_MAX + 1] = {0};
    fl_status status = FL_OK;
    for (size_t depth = 0; status == FL_OK && depth <= at->levels; depth++)
        status = layer_init(part, at, depth, fineness, &layers[depth]);
    if (status == FL_OK)
        status = integrate(part, at, fineness, layers, nested);
    for (size_t depth = 0; depth <= at->levels; depth++)
        layer_clear(&layers[depth]);
    return status;
}
