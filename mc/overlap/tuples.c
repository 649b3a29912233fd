/* Tuples of configurations at mutual overlaps: see fl_tuples_count in clusters.h.
 *
 * In the graph that links pairs within the window, ordered m-tuples are m! times the complete
 * subgraphs of m points. A row of bits for each point holds its later neighbours; triangles are the
 * bits common to the rows of the two ends of a link, four-point graphs those common to three. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/clusters.h"
#include "fixland/replicas.h"
#include "fixland/spins.h"
#include "src/kernel/popcount_distances.h"

enum { CHUNK = 2048 };

typedef struct graph {
    const uint64_t *spins;
    size_t count, n, low, high, most;
    size_t words; /* of a row */
    uint64_t *rows;
    uint64_t found[3]; /* complete subgraphs of 2, 3, 4 points */
} graph;

/* Later neighbours of point a. */
static void link_row(graph *g, size_t a) {
    uint16_t distances[CHUNK];
    size_t words = fl_spins_words(g->n);
    uint64_t *row = g->rows + a * g->words;
    fl_popcount_distances *measure = fl_popcount_distances_choose();
    for (size_t first = a + 1; first < g->count; first += CHUNK) {
        size_t some = g->count - first < CHUNK ? g->count - first : CHUNK;
        measure(g->spins + a * words, g->spins + first * words, some, words, distances);
        for (size_t k = 0; k < some; k++)
            if (distances[k] >= g->low && distances[k] <= g->high)
                row[(first + k) / 64] |= UINT64_C(1) << ((first + k) % 64);
    }
}

static uint64_t common(const uint64_t *a, const uint64_t *b, size_t from, size_t words) {
    uint64_t sum = 0;
    for (size_t w = from; w < words; w++)
        sum += (uint64_t)__builtin_popcountll(a[w] & b[w]);
    return sum;
}

/* The k-th set bit and on: calls for each set bit b of row, in order. */
#define FOR_BITS(b, row, from, words)                                                              \
    for (size_t w_##b = (from); w_##b < (words); w_##b++)                                          \
        for (uint64_t rest_##b = (row)[w_##b], b;                                                  \
             rest_##b && (b = 64 * w_##b + (uint64_t)__builtin_ctzll(rest_##b), 1);                \
             rest_##b &= rest_##b - 1)

/* Subgraphs whose first two points are a < b; `both` is scratch for their common neighbours. */
static void count_link(const graph *g, size_t a, size_t b, uint64_t *both, uint64_t *found) {
    const uint64_t *row_a = g->rows + a * g->words, *row_b = g->rows + b * g->words;
    size_t from = b / 64;
    if (g->most == 3) {
        found[1] += common(row_a, row_b, from, g->words);
        return;
    }
    for (size_t w = from; w < g->words; w++) {
        both[w] = row_a[w] & row_b[w];
        found[1] += (uint64_t)__builtin_popcountll(both[w]);
    }
    FOR_BITS(c, both, from, g->words)
    found[2] += common(both, g->rows + c * g->words, (size_t)c / 64, g->words);
}

static fl_status work_tuples(uint64_t task, void *context, fl_result *result) {
    const graph *g = context;
    uint64_t *found = calloc(3 + g->words, sizeof *found), *both = found + 3;
    if (!found)
        return fl_fail(FL_ENOMEM, "out of memory for a row of %zu configurations", g->count);
    *result = (fl_result){found, 3 * sizeof *found};
    const uint64_t *row = g->rows + task * g->words;
    FOR_BITS(b, row, task / 64, g->words) {
        found[0]++;
        if (g->most > 2)
            count_link(g, (size_t)task, (size_t)b, both, found);
    }
    return FL_OK;
}

static fl_status emit_tuples(uint64_t task, void *context, const void *data, size_t length) {
    graph *g = context;
    uint64_t found[3];
    (void)task;
    memcpy(found, data, length);
    for (size_t k = 0; k < 3; k++)
        g->found[k] += found[k];
    return FL_OK;
}

static fl_status build_and_count(graph *g, const fl_effort *effort) {
    for (size_t a = 0; a < g->count; a++) {
        if (a % 256 == 0 && fl_effort_stopped(effort))
            return fl_fail(FL_STOPPED, "stopped in the search for tuples");
        link_row(g, a);
    }
    fl_replicas loop = {.tasks = g->count,
                        .effort = fl_effort_within(effort, effort->threads),
                        .context = g,
                        .work = work_tuples,
                        .emit = emit_tuples};
    return g->count ? fl_replicas_run(&loop) : FL_OK;
}

fl_status fl_tuples_count(const uint64_t *spins, size_t count, size_t n, size_t low, size_t high,
                          size_t most, const fl_effort *effort, double *tuples) {
    static const double orders[] = {2, 6, 24};
    if (count > FL_TUPLE_POINTS)
        return fl_fail(FL_EINVAL, "tuples among %zu configurations; at most %d are possible", count,
                       FL_TUPLE_POINTS);
    if (n < 1 || n > FL_OVERLAP_NEURONS || most < 2 || most > 4)
        return fl_fail(FL_EINVAL,
                       "tuples of up to %zu configurations of %zu neurons; 2 to 4 of 1 to %d are "
                       "possible",
                       most, n, FL_OVERLAP_NEURONS);
    graph g = {.spins = spins,
               .count = count,
               .n = n,
               .low = low,
               .high = high,
               .most = most,
               .words = (count + 63) / 64};
    g.rows = calloc(count * g.words + 1, sizeof *g.rows);
    if (!g.rows)
        return fl_fail(FL_ENOMEM, "out of memory for the links of %zu configurations", count);
    fl_status status = build_and_count(&g, effort);
    for (size_t k = 0; k < 3; k++)
        tuples[k] = k + 2 <= most ? orders[k] * (double)g.found[k] : 0;
    free(g.rows);
    return status;
}

void fl_tuples_window(size_t n, double q, double width, size_t *low, size_t *high) {
    const double slack = 1e-9;
    double half = (double)n / 2;
    double first = ceil(half * (1 - q - width) - slack);
    double last = floor(half * (1 - q + width) + slack);
    *low = first > 1 ? (size_t)first : 1;
    *high = last > 0 ? (size_t)fmin(last, (double)n) : 0;
}
