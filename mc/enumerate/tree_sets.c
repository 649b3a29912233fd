/* The base of the tree kernel's leaves: see tree_sets.h, and fl_tree_sets for what is in the
 * tables.
 *
 * The base are the spins whose columns have the smallest norm: the others tell more when they are
 * set, and what the base can give a condition is the less. A condition's unit is such that the base
 * gives it at most FL_TREE_TOP units and the other spins of a leaf take at most FL_TREE_FALL. */
#include "mc/enumerate/tree_sets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/core/pages.h"

enum { SETTINGS = 1 << FL_TREE_BASE, HALF = FL_TREE_BASE / 2, HALVES = 1 << HALF };

/* Slips of more units than this leave doubt about the sets of the level below. */
static const double sure_slip = 4;

bool tree_sets_possible(size_t n, size_t below) {
    return n <= FL_TREE_SETS_MAX && below > FL_TREE_BASE;
}

/* The tables while they are written. */
typedef struct sets_draft {
    fl_tree_sets *sets;
    const fl_tree_tables *t;
    int spin[FL_TREE_BASE];
    float *unit, *half, *low, *high;
    int16_t *column, *low_units, *high_units, *low_up, *high_up;
    uint64_t *set;
} sets_draft;

static void *advance(char **at, size_t bytes) {
    char *here = *at;
    *at += (bytes + 63) / 64 * 64;
    return here;
}

static fl_status allocate_sets(tree_tables *t, sets_draft *d) {
    size_t n = (size_t)t->kernel.n, stride = t->kernel.stride, vector = stride * sizeof(float);
    size_t columns = n * stride * sizeof(int16_t), parts = HALVES * vector;
    size_t halves = HALVES * stride * sizeof(int16_t);
    size_t sets = 2 * n * FL_TREE_LEVELS * FL_TREE_SET_WORDS * sizeof(uint64_t);
    size_t bytes = sizeof *d->sets + 2 * vector + columns + 2 * parts + 4 * halves + sets + 12 * 64;
    char *at = t->sets_memory = pages_new(bytes);
    if (!at)
        return fl_fail(FL_ENOMEM, "out of memory for the tables of %zu neurons", n);
    *d = (sets_draft){.t = &t->kernel, .sets = advance(&at, sizeof *d->sets)};
    d->unit = advance(&at, vector);
    d->half = advance(&at, vector);
    d->column = advance(&at, columns);
    d->low = advance(&at, parts);
    d->high = advance(&at, parts);
    int16_t **units[] = {&d->low_units, &d->low_up, &d->high_units, &d->high_up};
    for (size_t k = 0; k < 4; k++)
        *units[k] = advance(&at, halves);
    d->set = advance(&at, sets);
    *d->sets = (fl_tree_sets){.unit = d->unit,
                              .half = d->half,
                              .column = d->column,
                              .low = d->low,
                              .high = d->high,
                              .low_units = d->low_units,
                              .high_units = d->high_units,
                              .low_up = d->low_up,
                              .high_up = d->high_up,
                              .set = d->set,
                              .sure = true};
    return FL_OK;
}

static void choose_base(sets_draft *d, size_t below) {
    const fl_tree_tables *t = d->t;
    double square[FL_TREE_MAX] = {0};
    for (size_t j = 0; j < below; j++)
        for (size_t i = 0; i < t->stride; i++)
            square[j] += (double)t->column[j * t->stride + i] * t->column[j * t->stride + i];
    for (int k = 0; k < 64; k++)
        d->sets->place[k] = -1;
    for (int b = 0; b < FL_TREE_BASE; b++) {
        size_t best = below;
        for (size_t j = 0; j < below; j++)
            if (d->sets->place[j] < 0 && (best == below || square[j] < square[best]))
                best = j;
        d->sets->place[best] = b;
        d->sets->base |= UINT64_C(1) << best;
        d->spin[b] = (int)best;
    }
}

/* What six spins of the base, from bit `first` on, add to all fields. */
static void fill_half(const sets_draft *d, int first, float *to, uint64_t *spins) {
    size_t stride = d->t->stride;
    for (size_t y = 0; y < HALVES; y++) {
        spins[y] = 0;
        memset(to + y * stride, 0, stride * sizeof *to);
        for (int b = 0; b < HALF; b++) {
            size_t j = (size_t)d->spin[first + b];
            float sign = y >> b & 1 ? 1 : -1;
            spins[y] |= (uint64_t)(y >> b & 1) << j;
            for (size_t i = 0; i < stride; i++)
                to[y * stride + i] += sign * d->t->column[j * stride + i];
        }
    }
}

/* Sum of the FL_TREE_SET_LEAF largest magnitudes of row i outside the base. */
static double most_taken(const sets_draft *d, size_t i) {
    double largest[FL_TREE_SET_LEAF] = {0}, sum = 0;
    for (size_t j = 0; j < (size_t)d->t->n; j++) {
        double x = d->sets->base >> j & 1 ? 0 : fabs((double)d->t->row[i * d->t->stride + j]);
        for (int k = 0; k < FL_TREE_SET_LEAF; k++)
            if (x > largest[k]) {
                double other = largest[k];
                largest[k] = x;
                x = other;
            }
    }
    for (int k = 0; k < FL_TREE_SET_LEAF; k++)
        sum += largest[k];
    return sum;
}

/* Half of the base once more, in units, and which rows' own spins it sets to +1. */
static void fill_half_in_units(const sets_draft *d, const float *given, const uint64_t *spins,
                               int16_t *units, int16_t *up) {
    size_t stride = d->t->stride;
    for (size_t y = 0; y < HALVES; y++)
        for (size_t i = 0; i < stride; i++) {
            units[y * stride + i] = (int16_t)lrintf(d->unit[i] * given[y * stride + i]);
            up[y * stride + i] = i < 64 && spins[y] >> i & 1 ? -1 : 0;
        }
}

static void fill_units_of_rows(sets_draft *d) {
    size_t n = (size_t)d->t->n, stride = d->t->stride;
    for (size_t i = 0; i < stride; i++) {
        double given = 0, taken = i < n ? 2 * most_taken(d, i) : 0;
        for (int b = 0; b < FL_TREE_BASE; b++)
            given += fabs((double)d->t->column[(size_t)d->spin[b] * stride + i]);
        double half = fmax(given, taken * FL_TREE_TOP / FL_TREE_FALL) * 1.0001;
        d->half[i] = half > 1e-6 ? (float)half : 1;
        d->unit[i] = FL_TREE_TOP / d->half[i];
        d->sets->sure &= d->t->slip[i] * d->unit[i] <= sure_slip;
    }
    fill_half_in_units(d, d->low, d->sets->low_spins, d->low_units, d->low_up);
    fill_half_in_units(d, d->high, d->sets->high_spins, d->high_units, d->high_up);
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0; i < stride; i++)
            d->column[j * stride + i] = (int16_t)lrintf(d->unit[i] * d->t->column[j * stride + i]);
}

/* The level from which on a sum meets -s b(y), for all settings y. */
static void needed_levels(const sets_draft *d, size_t i, bool up, uint8_t *level) {
    size_t stride = d->t->stride;
    double scale = (double)d->unit[i] / 128;
    int own = d->sets->place[i];
    for (size_t y = 0; y < SETTINGS; y++) {
        double given = (double)d->low[(y % HALVES) * stride + i];
        given += (double)d->high[(y / HALVES) * stride + i];
        double need = (up ? -given : given) * scale + FL_TREE_LEVELS / 2;
        double whole = floor(need - 1e-3);
        level[y] = (uint8_t)fmax(0, fmin(whole, FL_TREE_LEVELS - 1));
        if (own >= 0 && (y >> own & 1) != up)
            level[y] = 0; /* not asked */
    }
}

/* Settings in lists by level, then sets that grow from level to level. */
static void fill_sets(const sets_draft *d, size_t i, bool up) {
    uint8_t level[SETTINGS];
    int16_t head[FL_TREE_LEVELS], next[SETTINGS];
    uint64_t set[FL_TREE_SET_WORDS] = {0};
    uint64_t *to = d->set + (2 * i + up) * FL_TREE_LEVELS * FL_TREE_SET_WORDS;
    needed_levels(d, i, up, level);
    memset(head, -1, sizeof head);
    for (int y = 0; y < SETTINGS; y++) {
        next[y] = head[level[y]];
        head[level[y]] = (int16_t)y;
    }
    for (int l = 0; l < FL_TREE_LEVELS; l++, to += FL_TREE_SET_WORDS) {
        for (int y = head[l]; y >= 0; y = next[y])
            set[y / 64] |= UINT64_C(1) << (y % 64);
        memcpy(to, set, sizeof set);
    }
}

fl_status tree_sets_make(tree_tables *t, size_t below) {
    sets_draft d = {0};
    FL_CHECK(allocate_sets(t, &d));
    choose_base(&d, below);
    fill_half(&d, 0, d.low, d.sets->low_spins);
    fill_half(&d, HALF, d.high, d.sets->high_spins);
    fill_units_of_rows(&d);
    for (size_t i = 0; i < (size_t)t->kernel.n; i++)
        for (int up = 0; up < 2; up++)
            fill_sets(&d, i, up);
    t->kernel.sets = d.sets;
    return FL_OK;
}
