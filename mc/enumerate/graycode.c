/* Exhaustive enumeration: see enumerate.h.
 *
 * s_{N-1} = +1 throughout (spin-flip symmetry). The low spins are the lanes of a block; the spins
 * above them run through a Gray code, one flip and N additions a block, in chunks that start from a
 * freshly formed base, which bounds the accumulated rounding. Chunks are tasks; their results are
 * taken in order, so neither counts nor order depend on the threads. */
#include "fixland/enumerate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/replicas.h"
#include "mc/enumerate/blocks.h"
#include "src/kernel/block_scan.h"

enum { CHUNK_BITS = 10 };

typedef struct search {
    blocks blocks;
    const fl_enumeration *plan;
    fl_block_scan *scan;
    unsigned chunk_bits; /* Gray-code spins of a chunk */
    uint64_t chunks;
    uint64_t *counts; /* by level, one of each mirror pair */
} search;

/* Fixed points of a chunk: configurations, with the level in the same place of `levels`. */
typedef struct found {
    size_t count, room;
    struct hit {
        uint64_t config;
        uint8_t level;
    } * hits;
} found;

static fl_status add_hit(found *f, uint64_t config, size_t level) {
    if (f->count == f->room) {
        size_t room = f->room ? 2 * f->room : 256;
        struct hit *hits = realloc(f->hits, room * sizeof *hits);
        if (!hits)
            return fl_fail(FL_ENOMEM, "out of memory for %zu fixed points", room);
        f->hits = hits;
        f->room = room;
    }
    f->hits[f->count++] = (struct hit){config, (uint8_t)level};
    return FL_OK;
}

/* Screens the block of `config` (low bits zero) and decides the survivors. */
static fl_status search_block(const search *s, uint64_t config, const double *base, found *f) {
    const int16_t *rows[FL_GRAYCODE_MAX + 16];
    int16_t thresholds[FL_GRAYCODE_MAX + 16];
    uint32_t alive[FL_BLOCK_LANES / 32];
    size_t conditions = blocks_conditions(&s->blocks, config, base, rows, thresholds);
    if (conditions)
        s->scan(rows, thresholds, conditions, s->blocks.row_lanes, alive);
    for (size_t word = 0; word < s->blocks.row_lanes / 32; word++)
        for (uint32_t mask = alive[word]; mask; mask &= mask - 1) {
            uint64_t candidate = config | (32 * word + (size_t)__builtin_ctz(mask));
            size_t level = blocks_level(&s->blocks, candidate, base);
            if (level < s->plan->jd_count)
                FL_CHECK(add_hit(f, candidate, level));
        }
    return FL_OK;
}

static fl_status search_chunk(const search *s, uint64_t chunk, found *f) {
    size_t low = s->blocks.low;
    double base[FL_GRAYCODE_MAX];
    uint64_t config = UINT64_C(1) << (s->blocks.n - 1) | chunk << (low + s->chunk_bits);
    blocks_base(&s->blocks, config, base);
    FL_CHECK(search_block(s, config, base, f));
    for (uint64_t step = 1; step < UINT64_C(1) << s->chunk_bits; step++) {
        size_t j = low + (size_t)__builtin_ctzll(step);
        config ^= UINT64_C(1) << j;
        blocks_flip(&s->blocks, config, j, base);
        FL_CHECK(search_block(s, config, base, f));
    }
    return FL_OK;
}

static int by_config(const void *a, const void *b) {
    uint64_t x = ((const struct hit *)a)->config, y = ((const struct hit *)b)->config;
    return (x > y) - (x < y);
}

/* A chunk's result is its list of hits in ascending order. */
static fl_status work(uint64_t chunk, void *context, fl_result *result) {
    found f = {0};
    fl_status status = search_chunk(context, chunk, &f);
    if (status != FL_OK) {
        free(f.hits);
        return status;
    }
    if (f.count)
        qsort(f.hits, f.count, sizeof *f.hits, by_config);
    *result = (fl_result){f.hits, f.count * sizeof *f.hits};
    return FL_OK;
}

static fl_status hand_over(const search *s, const struct hit *hits, size_t count) {
    uint64_t spins[256];
    uint8_t levels[256];
    for (size_t first = 0; first < count; first += 256) {
        size_t batch = count - first < 256 ? count - first : 256;
        for (size_t k = 0; k < batch; k++) {
            spins[k] = hits[first + k].config;
            levels[k] = hits[first + k].level;
        }
        FL_CHECK(s->plan->visit(s->plan->context, spins, levels, batch));
    }
    return FL_OK;
}

static fl_status emit(uint64_t chunk, void *context, const void *data, size_t length) {
    search *s = context;
    const struct hit *hits = data;
    size_t count = length / sizeof *hits;
    for (size_t k = 0; k < count; k++)
        s->counts[hits[k].level]++;
    if (s->plan->visit)
        FL_CHECK(hand_over(s, hits, count));
    if (s->plan->progress)
        s->plan->progress((double)(chunk + 1) / (double)s->chunks);
    return FL_OK;
}

static fl_status check(const fl_network *network, const fl_enumeration *plan) {
    if (network->n < 1 || network->n > FL_GRAYCODE_MAX)
        return fl_fail(FL_EINVAL,
                       "a network of %zu neurons is outside 1..%d, the reach of "
                       "exhaustive enumeration",
                       network->n, FL_GRAYCODE_MAX);
    if (plan->jd_count < 1 || plan->jd_count > 255)
        return fl_fail(FL_EINVAL, "%zu self-couplings in one pass; 1 to 255 are possible",
                       plan->jd_count);
    for (size_t k = 0; k < plan->jd_count; k++)
        if (!isfinite(plan->jd[k]) || (k && plan->jd[k] < plan->jd[k - 1]))
            return fl_fail(FL_EINVAL,
                           "self-couplings must be finite and ascending; number %zu is "
                           "%g",
                           k + 1, plan->jd[k]);
    return FL_OK;
}

static fl_status run(search *s) {
    const fl_enumeration *plan = s->plan;
    size_t gray = s->blocks.n - 1 - s->blocks.low;
    s->chunk_bits = gray < CHUNK_BITS ? (unsigned)gray : CHUNK_BITS;
    s->chunks = UINT64_C(1) << (gray - s->chunk_bits);
    fl_replicas loop = {.tasks = s->chunks,
                        .threads = plan->threads,
                        .context = s,
                        .work = work,
                        .emit = emit,
                        .stop = plan->stop};
    memset(s->counts, 0, plan->jd_count * sizeof *s->counts);
    FL_CHECK(fl_replicas_run(&loop));
    for (size_t k = 0; k < plan->jd_count; k++)
        s->counts[k] = 2 * s->counts[k] + (k ? s->counts[k - 1] : 0);
    return FL_OK;
}

fl_status fl_enumerate_graycode(const fl_network *network, const fl_enumeration *plan,
                                uint64_t *counts) {
    FL_CHECK(check(network, plan));
    search s = {.plan = plan, .scan = fl_block_scan_choose(), .counts = counts};
    FL_CHECK(blocks_make(&s.blocks, network, plan->jd, plan->jd_count, 1 << CHUNK_BITS));
    fl_status status = run(&s);
    blocks_clear(&s.blocks);
    return status;
}
