/* Pair histograms of whole sets: see overlap.h. The pairs of a set fall into tiles; a tile with
 * itself is counted as it stands, a tile with all later ones twice. Sums of integers, so that the
 * order of the threads does not matter. */
#include "fixland/overlap.h"

#include <stdlib.h>
#include <string.h>

#include "fixland/replicas.h"
#include "fixland/spins.h"
#include "mc/overlap/tile.h"

/* The pairs of a with b; b == NULL: of a with itself. */
typedef struct product {
    const uint64_t *a, *b;
    size_t a_count, b_count, n;
    uint64_t *pairs;
} product;

static fl_status count_tile(const product *p, size_t tile, uint64_t *pairs) {
    size_t words = fl_spins_words(p->n), first = tile * TILE;
    size_t some = p->a_count - first < TILE ? p->a_count - first : TILE;
    const uint64_t *a = p->a + first * words;
    if (p->b)
        return tile_count(a, some, p->b, p->b_count, p->n, 1, pairs);
    FL_CHECK(tile_count(a, some, a, some, p->n, 1, pairs));
    size_t next = first + some;
    if (next == p->a_count)
        return FL_OK;
    return tile_count(a, some, p->a + next * words, p->a_count - next, p->n, 2, pairs);
}

static fl_status work_pairs(uint64_t task, void *context, fl_result *result) {
    const product *p = context;
    uint64_t *pairs = calloc(p->n + 1, sizeof *pairs);
    if (!pairs)
        return fl_fail(FL_ENOMEM, "out of memory for a histogram of %zu neurons", p->n);
    *result = (fl_result){pairs, (p->n + 1) * sizeof *pairs};
    return count_tile(p, (size_t)task, pairs);
}

static fl_status emit_pairs(uint64_t task, void *context, const void *data, size_t length) {
    const product *p = context;
    const uint64_t *pairs = data;
    (void)task;
    for (size_t d = 0; d < length / sizeof *pairs; d++)
        p->pairs[d] += pairs[d];
    return FL_OK;
}

static fl_status check_pairs(size_t n) {
    if (n < 1 || n > FL_OVERLAP_NEURONS)
        return fl_fail(FL_EINVAL, "overlaps of %zu neurons; 1 to %d are possible", n,
                       FL_OVERLAP_NEURONS);
    return FL_OK;
}

static fl_status multiply(product *p, const fl_effort *effort) {
    FL_CHECK(check_pairs(p->n));
    memset(p->pairs, 0, (p->n + 1) * sizeof *p->pairs);
    if (!p->a_count || (p->b && !p->b_count))
        return FL_OK;
    fl_replicas loop = {.tasks = (p->a_count + TILE - 1) / TILE,
                        .effort = fl_effort_within(effort, effort->threads),
                        .context = p,
                        .work = work_pairs,
                        .emit = emit_pairs};
    if (loop.tasks > 1)
        return fl_replicas_run(&loop);
    return count_tile(p, 0, p->pairs); /* small sets come in millions */
}

fl_status fl_pairs_popcount(const uint64_t *spins, size_t count, size_t n, const fl_effort *effort,
                            uint64_t *pairs) {
    product p = {.a = spins, .a_count = count, .n = n, .pairs = pairs};
    return multiply(&p, effort);
}

fl_status fl_pairs_between(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
                           size_t n, const fl_effort *effort, uint64_t *pairs) {
    product p = {.a = a, .b = b, .a_count = a_count, .b_count = b_count, .n = n, .pairs = pairs};
    return multiply(&p, effort);
}

/* Is every second configuration the negative of the one before? */
static bool mirrored(const uint64_t *spins, size_t count, size_t n) {
    size_t words = fl_spins_words(n);
    if (count % 2 || !count)
        return false;
    for (size_t k = 0; k < count; k += 2)
        if (fl_spins_distance(spins + k * words, spins + (k + 1) * words, n) != n)
            return false;
    return true;
}

/* Is the transform cheaper than the pairs? In nanoseconds, measured on one core. */
static bool walsh_pays(size_t count, size_t n) {
    double pairs = (double)count * (double)count / 2;
    if (n > FL_WALSH_NEURONS)
        return false;
    return 0.25 * ((double)n + 4) * (double)((size_t)1 << n) < 0.2 * pairs;
}

static fl_status choose_route(const uint64_t *spins, size_t count, size_t n,
                              const fl_effort *effort, uint64_t *pairs) {
    if (walsh_pays(count, n))
        return fl_pairs_walsh(spins, count, n, pairs);
    return fl_pairs_popcount(spins, count, n, effort, pairs);
}

/* d(a, -b) = n - d(a, b), and d(-a, -b) = d(a, b). */
static void add_mirrors(size_t n, uint64_t *pairs) {
    for (size_t d = 0; d <= n / 2; d++)
        pairs[d] = pairs[n - d] = 2 * (pairs[d] + pairs[n - d]);
}

static fl_status from_half(const uint64_t *spins, size_t count, size_t n, const fl_effort *effort,
                           uint64_t *pairs) {
    size_t words = fl_spins_words(n);
    uint64_t *half = malloc(count / 2 * words * sizeof *half);
    if (!half)
        return fl_fail(FL_ENOMEM, "out of memory for %zu configurations", count / 2);
    for (size_t k = 0; k < count / 2; k++)
        memcpy(half + k * words, spins + 2 * k * words, words * sizeof *half);
    fl_status status = choose_route(half, count / 2, n, effort, pairs);
    free(half);
    if (status == FL_OK)
        add_mirrors(n, pairs);
    return status;
}

fl_status fl_pairs(const uint64_t *spins, size_t count, size_t n, const fl_effort *effort,
                   uint64_t *pairs) {
    FL_CHECK(check_pairs(n));
    if (mirrored(spins, count, n))
        return from_half(spins, count, n, effort, pairs);
    return choose_route(spins, count, n, effort, pairs);
}

void fl_pair_histogram(const uint64_t *spins, size_t count, size_t n, uint64_t *pairs) {
    const fl_effort effort = {.threads = 1};
    if (n && fl_pairs(spins, count, n, &effort, pairs) == FL_OK)
        return;
    /* No memory, or no neurons: nothing needed here. */
    size_t words = fl_spins_words(n);
    memset(pairs, 0, (n + 1) * sizeof *pairs);
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < count; b++)
            pairs[fl_spins_distance(spins + a * words, spins + b * words, n)]++;
}

void fl_pairs_paired(const uint64_t *a, const uint64_t *b, size_t count, size_t n,
                     uint64_t *pairs) {
    size_t words = fl_spins_words(n);
    memset(pairs, 0, (n + 1) * sizeof *pairs);
    for (size_t k = 0; k < count; k++)
        pairs[fl_spins_distance(a + k * words, b + k * words, n)]++;
}
