/* Tables of the tree kernel: see tree_tables.h.
 *
 * Row i is divided by its Euclidean norm (any positive number leaves the condition what it is) and
 * rounded to float, u = 2^-24. With M_i = sum_j |row_ij| + |self_i| every sum that the kernel forms
 * is within slip_i = 4 (n + 8) u M_i of the true one, and the dual bound within max_i slip_i times
 * the sum of the weights: doc/numerics.md, section 6. The sum of two doubles in self_i is one
 * rounding, so nothing cancels. */
#include "mc/enumerate/tree_tables.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ARRAYS = 6 };

static double row_norm(const double *row, size_t n) {
    double largest = 0, square = 0;
    for (size_t j = 0; j < n; j++)
        largest = fmax(largest, fabs(row[j]));
    if (largest == 0)
        return 1;
    for (size_t j = 0; j < n; j++)
        square += (row[j] / largest) * (row[j] / largest);
    double norm = largest * sqrt(square);
    return isfinite(norm) ? norm : largest;
}

static int descending(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x < y) - (x > y);
}

/* The largest sum of FL_TREE_LEAF magnitudes of a row. */
static float largest_leaf_sum(const float *row, size_t n) {
    float magnitudes[FL_TREE_MAX], sum = 0;
    for (size_t j = 0; j < n; j++)
        magnitudes[j] = fabsf(row[j]);
    qsort(magnitudes, n, sizeof *magnitudes, descending);
    for (size_t j = 0; j < n && j < FL_TREE_LEAF; j++)
        sum += magnitudes[j];
    return sum;
}

/* Arrays while they are written; the kernel sees them as constants. */
typedef struct draft {
    float *row, *column, *reach, *self, *slip, *height, *bare;
    int16_t *units;
} draft;

static fl_status allocate_tree_tables(tree_tables *t, draft *d) {
    size_t n = t->network->n, stride = fl_tree_stride(n), vector = stride * sizeof(float);
    size_t bytes = (2 * n + ARRAYS) * vector + n * stride * sizeof(int16_t);
    char *at = t->memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (!at)
        return fl_fail(FL_ENOMEM, "out of memory for the tables of %zu neurons", n);
    memset(at, 0, bytes);
    *d = (draft){.row = (float *)(void *)at, .column = (float *)(void *)(at + n * vector)};
    float **arrays[] = {&d->reach, &d->self, &d->slip, &d->height, &d->bare};
    at += 2 * n * vector;
    for (size_t k = 0; k < 5; k++, at += vector)
        *arrays[k] = (float *)(void *)at;
    d->units = (int16_t *)(void *)at;
    t->kernel = (fl_tree_tables){.n = (int)n,
                                 .stride = stride,
                                 .row = d->row,
                                 .column = d->column,
                                 .reach = d->reach,
                                 .self = d->self,
                                 .slip = d->slip,
                                 .units = d->units,
                                 .height = d->height,
                                 .bare = d->bare};
    return FL_OK;
}

/* The self-coupling is clamped where it decides alone: a condition that always, or never, holds
 * stays one, and no number overflows. */
static float clamped(double self, double magnitude) {
    double most = 1.25 * magnitude + 0.1;
    return (float)fmax(-most, fmin(most, self));
}

static void fill_row(tree_tables *t, const draft *d, size_t i) {
    const fl_network *network = t->network;
    size_t n = network->n, stride = t->kernel.stride;
    const double *J = network->J + i * n;
    double norm = row_norm(J, n), magnitude = 0, most = t->jd[t->jd_count - 1];
    for (size_t j = 0; j < n; j++) {
        float x = (float)(J[j] / norm);
        d->row[i * stride + j] = d->column[j * stride + i] = x;
        magnitude += fabs((double)x);
    }
    d->self[i] = clamped((network->diagonal[i] + most) / norm, magnitude);
    double reach = magnitude + fabs((double)d->self[i]);
    double slip = 4 * ((double)n + 8) * 0x1p-24 * reach + 1e-30;
    d->reach[i] = (float)(magnitude * (1 + 0x1p-23));
    d->slip[i] = (float)slip;
    d->height[i] = (float)norm;
    d->bare[i] = (float)network->diagonal[i];
    t->kernel.bound_slip = fmaxf(t->kernel.bound_slip, d->slip[i]);
    double error = norm * slip + 0x1p-22 * fabs(network->diagonal[i]);
    bool usable = norm > 1e-20 && norm < 1e20 && error < 1e20;
    t->critical_error = fmax(t->critical_error, usable ? error : INFINITY);
}

static void fill_units(tree_tables *t, const draft *d) {
    size_t n = t->network->n, stride = t->kernel.stride;
    float most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmaxf(most, largest_leaf_sum(d->row + i * stride, n));
    t->kernel.unit = most > 0 ? 5000 / most : 1;
    for (size_t k = 0; k < n * stride; k++)
        d->units[k] = (int16_t)lrintf(t->kernel.unit * d->column[k]);
}

fl_status tree_tables_make(tree_tables *t, const fl_network *network, const double *jd,
                           size_t jd_count) {
    draft d;
    *t = (tree_tables){.network = network, .jd = jd, .jd_count = jd_count};
    FL_CHECK(allocate_tree_tables(t, &d));
    for (size_t i = 0; i < network->n; i++)
        fill_row(t, &d, i);
    for (size_t i = network->n; i < t->kernel.stride; i++) {
        d.self[i] = 1;
        d.bare[i] = INFINITY;
    }
    fill_units(t, &d);
    return FL_OK;
}

void tree_tables_clear(tree_tables *t) {
    free(t->memory);
    free(t->sets_memory);
    t->memory = t->sets_memory = NULL;
    t->kernel.sets = NULL;
}

size_t tree_tables_level(const tree_tables *t, const uint64_t spins[2], float critical) {
    size_t level = t->jd_count;
    while (level > 0) {
        double jd = t->jd[level - 1], beyond = jd - (double)critical;
        if (beyond < -t->critical_error)
            break;
        if (!(beyond > t->critical_error) && !fl_network_is_fixed_point(t->network, spins, jd))
            break;
        level--;
    }
    return level;
}
