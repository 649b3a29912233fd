/* Tiles of pairs: see tile.h. */
#include "mc/overlap/tile.h"

#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"
#include "src/kernel/popcount_distances.h"

/* x[i] bit j <-> x[j] bit i: blocks of 32, 16, ... bits are exchanged across the diagonal. */
static void transpose(uint64_t *x) {
    uint64_t mask = UINT64_C(0xFFFFFFFF);
    for (unsigned size = 32; size; size >>= 1, mask ^= mask << size)
        for (unsigned k = 0; k < 64; k = ((k | size) + 1) & ~size) {
            uint64_t change = (x[k] >> size ^ x[k | size]) & mask;
            x[k] ^= change << size;
            x[k | size] ^= change;
        }
}

/* The bits of up to TILE configurations as planes; valid marks which exist. */
static void slice(const uint64_t *spins, size_t count, size_t n, size_t groups, uint64_t *planes,
                  uint64_t *valid) {
    size_t words = fl_spins_words(n);
    memset(planes, 0, 8 * groups * FL_SLICE_WORDS * sizeof *planes);
    memset(valid, 0, FL_SLICE_WORDS * sizeof *valid);
    for (size_t first = 0; first < count; first += 64) {
        size_t some = count - first < 64 ? count - first : 64;
        valid[first / 64] = UINT64_MAX >> (64 - some);
        for (size_t w = 0; w < words; w++) {
            uint64_t square[64] = {0};
            for (size_t k = 0; k < some; k++)
                square[k] = spins[(first + k) * words + w];
            transpose(square);
            for (size_t i = 64 * w; i < n && i < 64 * w + 64; i++)
                planes[i * FL_SLICE_WORDS + first / 64] = square[i % 64];
        }
    }
}

/* One word a neuron: all ones or zero. */
static void spread_tile(const uint64_t *spins, size_t count, size_t n, size_t groups,
                        uint64_t *queries) {
    size_t words = fl_spins_words(n);
    memset(queries, 0, count * 8 * groups * sizeof *queries);
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < n; i++)
            queries[k * 8 * groups + i] = -(spins[k * words + i / 64] >> (i % 64) & 1);
}

static fl_status no_tile_memory(void) {
    return fl_fail(FL_ENOMEM, "out of memory for a tile of pairs");
}

static fl_status sliced(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
                        size_t n, uint64_t factor, uint64_t *pairs) {
    uint64_t histogram[SLICED_NEURONS + 1] = {0},
                                        planes[SLICED_NEURONS * FL_SLICE_WORDS]
        __attribute__((aligned(64))),
                                        valid[FL_SLICE_WORDS] __attribute__((aligned(64)));
    size_t groups = (n + 7) / 8, words = fl_spins_words(n);
    fl_popcount_pairs *count_pairs = fl_popcount_pairs_choose();
    uint64_t *queries = malloc(a_count * 8 * groups * sizeof *queries);
    if (!queries)
        return no_tile_memory();
    spread_tile(a, a_count, n, groups, queries);
    for (size_t first = 0; first < b_count; first += FL_SLICE_LANES) {
        size_t some = b_count - first < FL_SLICE_LANES ? b_count - first : FL_SLICE_LANES;
        slice(b + first * words, some, n, groups, planes, valid);
        count_pairs(planes, valid, queries, a_count, groups, histogram);
    }
    for (size_t d = 0; d <= n; d++)
        pairs[d] += factor * histogram[d];
    free(queries);
    return FL_OK;
}

/* Neighbouring increments go to different tables, so that equal distances do not wait for one
 * another. */
static fl_status plain(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
                       size_t n, uint64_t factor, uint64_t *pairs) {
    enum { CHUNK = 2048, TABLES = 4 };
    uint16_t distances[CHUNK];
    size_t words = fl_spins_words(n);
    fl_popcount_distances *measure = fl_popcount_distances_choose();
    uint64_t *tables = calloc(TABLES * (n + 1), sizeof *tables);
    if (!tables)
        return no_tile_memory();
    for (size_t first = 0; first < b_count; first += CHUNK) {
        size_t some = b_count - first < CHUNK ? b_count - first : CHUNK;
        for (size_t k = 0; k < a_count; k++) {
            measure(a + k * words, b + first * words, some, words, distances);
            for (size_t j = 0; j < some; j++)
                tables[j % TABLES * (n + 1) + distances[j]]++;
        }
    }
    for (size_t d = 0; d <= n; d++)
        for (size_t t = 0; t < TABLES; t++)
            pairs[d] += factor * tables[t * (n + 1) + d];
    free(tables);
    return FL_OK;
}

fl_status tile_count(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count, size_t n,
                     uint64_t factor, uint64_t *pairs) {
    if (n <= SLICED_NEURONS && b_count >= FL_SLICE_WORDS * FL_SLICE_WORDS)
        return sliced(a, a_count, b, b_count, n, factor, pairs);
    return plain(a, a_count, b, b_count, n, factor, pairs);
}
