/* Several configurations on one network, which share the reading of its columns.
 *
 * All visit in one order, in blocks of 64 neurons. Within a block each replica keeps a copy of the
 * fields of the block's own neurons up to date (by a 64 x 64 piece of the couplings), decides, and
 * notes its flips; then all fields are brought up to date, a tile of rows after the other, so that
 * a tile of the block's columns is read from memory once and used by all replicas from the cache.
 * Fields are integers, so nothing depends on the grouping. */
#include <stdlib.h>
#include <string.h>

#include "mc/dynamics/course.h"

enum { BLOCK = 64, TILE_WORDS = 32 };

typedef struct group {
    const fl_dynamics *plan;
    size_t count;
    walker *walkers;
    course *courses;
    int32_t inside[BLOCK][BLOCK]; /* [k][l]: column of the block's neuron k, row of its neuron l */
    uint64_t read;                /* which k are */
    uint32_t (*flipped)[BLOCK];   /* by replica: the neurons flipped in this block */
    size_t *flips;                /* how many */
} group;

static void draw_order(group *g, uint64_t t) {
    walker *w = &g->walkers[0];
    walker_sweep(w, t);
    if (g->plan->algorithm == FL_SEQUENTIAL)
        for (size_t i = 0; i < w->columns->n; i++)
            w->order[i] = i;
    else
        walker_order(w);
}

/* Rows of the block in the column of its neuron k, read when the first replica flips it. */
static const int32_t *inside(group *g, const uint64_t *block, size_t size, size_t k) {
    if (!(g->read >> k & 1)) {
        const int32_t *column = column_of(g->walkers[0].columns, block[k] & PLACE_NEURON);
        for (size_t l = 0; l < size; l++)
            g->inside[k][l] = column[block[l] & PLACE_NEURON];
        g->read |= UINT64_C(1) << k;
    }
    return g->inside[k];
}

/* Visits the block on a copy of its fields: all others are behind by the flips noted, and so are
 * the fields themselves but for the self-coupling, which the columns do not hold. */
static void visit(group *g, size_t replica, const uint64_t *block, size_t size) {
    walker *w = &g->walkers[replica];
    int32_t field[BLOCK] = {0};
    size_t flips = 0;
    for (size_t l = 0; l < size && !g->courses[replica].over; l++)
        field[l] = w->field[block[l] & PLACE_NEURON];
    for (size_t k = 0; k < size && !g->courses[replica].over; k++) {
        size_t i = block[k] & PLACE_NEURON;
        bool up = fl_spins_get(w->spins, i) > 0;
        if (!walker_verdict(w, i, up ? field[k] : -field[k]))
            continue;
        fl_spins_flip(w->spins, i);
        int32_t sign = up ? -1 : 1, self = sign * 2 * w->self[i];
        const int32_t *column = inside(g, block, size, k);
        for (size_t l = 0; l < BLOCK; l++)
            field[l] += sign * column[l];
        field[k] += self;
        w->field[i] += self;
        g->flipped[replica][flips++] = (uint32_t)i;
    }
    g->flips[replica] = flips;
    w->flips += flips;
}

static void add_tile(group *g, size_t replica, size_t first, size_t words) {
    walker *w = &g->walkers[replica];
    const uint32_t *flipped = g->flipped[replica];
    fl_flip_target target = {.field = w->field + 64 * first};
    for (size_t done = 0; done < g->flips[replica]; done += FL_FLIPS) {
        const int32_t *columns[FL_FLIPS];
        int32_t negate[FL_FLIPS];
        size_t left = g->flips[replica] - done, some = left < FL_FLIPS ? left : FL_FLIPS;
        for (size_t k = 0; k < some; k++) {
            columns[k] = column_of(w->columns, flipped[done + k]) + 64 * first;
            negate[k] = fl_spins_get(w->spins, flipped[done + k]) > 0 ? 0 : -1;
        }
        w->kernel(&target, words, columns, negate, some);
    }
}

static void sweep_shared(group *g, uint64_t t) {
    size_t n = g->walkers[0].columns->n, words = g->walkers[0].columns->words;
    draw_order(g, t);
    for (size_t first = 0; first < n; first += BLOCK) {
        const uint64_t *block = g->walkers[0].order + first;
        size_t size = n - first < BLOCK ? n - first : BLOCK;
        g->read = 0;
        for (size_t r = 0; r < g->count; r++)
            visit(g, r, block, size);
        for (size_t low = 0; low < words; low += TILE_WORDS)
            for (size_t r = 0; r < g->count; r++)
                add_tile(g, r, low, words - low < TILE_WORDS ? words - low : TILE_WORDS);
    }
}

/* Notes sweep t for all; *left: how many go on. */
static fl_status step(group *g, uint64_t t, size_t *left) {
    *left = 0;
    for (size_t r = 0; r < g->count; r++) {
        if (g->courses[r].over)
            continue;
        walker *w = &g->walkers[r];
        walker_mark(w);
        FL_CHECK(course_step(&g->courses[r], w->columns->network, w->spins, w->flips, t,
                             walker_unstable(w)));
        *left += !g->courses[r].over;
    }
    return FL_OK;
}

static fl_status go(group *g) {
    for (uint64_t t = 0;; t++) {
        size_t left;
        FL_CHECK(step(g, t, &left));
        if (left == 0)
            return FL_OK;
        if (fl_effort_stopped(&g->plan->effort))
            return fl_fail(FL_STOPPED, "stopped after %llu sweeps", (unsigned long long)t);
        sweep_shared(g, t);
    }
}

static fl_status open_group(group *g, const fl_columns *columns, uint64_t *spins) {
    g->walkers = calloc(g->count, sizeof *g->walkers);
    g->courses = calloc(g->count, sizeof *g->courses);
    g->flipped = calloc(g->count, sizeof *g->flipped);
    g->flips = calloc(g->count, sizeof *g->flips);
    if (!g->walkers || !g->courses || !g->flipped || !g->flips)
        return fl_fail(FL_ENOMEM, "out of memory for %zu replicas", g->count);
    for (size_t r = 0; r < g->count; r++) {
        FL_CHECK(walker_open(&g->walkers[r], columns, g->plan, spins + r * columns->words));
        FL_CHECK(course_open(&g->courses[r], g->plan, columns->n));
    }
    return FL_OK;
}

static void close_group(group *g) {
    for (size_t r = 0; g->walkers && g->courses && r < g->count; r++) {
        walker_close(&g->walkers[r]);
        course_close(&g->courses[r]);
    }
    free(g->walkers);
    free(g->courses);
    free(g->flipped);
    free(g->flips);
}

fl_status fl_dynamics_run_shared(const fl_columns *columns, const fl_dynamics *plan, size_t count,
                                 uint64_t *spins, fl_outcome *outcomes) {
    FL_CHECK(course_check(plan));
    if (count < 1 || (plan->algorithm != FL_ASYNC && plan->algorithm != FL_SEQUENTIAL))
        return fl_fail(FL_EINVAL, "%zu replicas of %s share a network; async and sequential can",
                       count, fl_algorithm_name(plan->algorithm));
    group *g = calloc(1, sizeof *g);
    if (!g)
        return fl_fail(FL_ENOMEM, "out of memory for %zu replicas", count);
    g->plan = plan;
    g->count = count;
    fl_status status = open_group(g, columns, spins);
    if (status == FL_OK)
        status = go(g);
    for (size_t r = 0; status == FL_OK && r < count; r++)
        outcomes[r] = g->courses[r].outcome;
    close_group(g);
    free(g);
    return status;
}
