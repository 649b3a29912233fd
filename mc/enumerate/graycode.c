/* Exhaustive search of one part: see engine.h.
 *
 * The low spins are the lanes of a block; the spins above them run through a Gray code, one flip
 * and N additions a block, in chunks that start from a freshly formed base, which bounds the
 * accumulated rounding. */
#include "mc/enumerate/engine.h"
#include "src/kernel/block_scan.h"

/* Screens the block of `config` (low bits zero) and decides the survivors. */
static fl_status search_block(const engine *e, fl_block_scan *scan, uint64_t config,
                              const double *base, hits *found) {
    const int16_t *rows[FL_GRAYCODE_MAX + 16];
    int16_t thresholds[FL_GRAYCODE_MAX + 16];
    uint32_t alive[FL_BLOCK_LANES / 32];
    size_t conditions = blocks_conditions(&e->blocks, config, base, rows, thresholds);
    if (conditions)
        scan(rows, thresholds, conditions, e->blocks.row_lanes, alive);
    for (size_t word = 0; word < e->blocks.row_lanes / 32 && !hits_full(found); word++)
        for (uint32_t mask = alive[word]; mask && !hits_full(found); mask &= mask - 1) {
            uint64_t spins[2] = {config | (32 * word + (size_t)__builtin_ctz(mask)), 0};
            size_t level = blocks_level(&e->blocks, spins[0], base);
            if (level < e->jd_count)
                FL_CHECK(hits_add(found, spins, level));
        }
    return FL_OK;
}

/* The chunk of `config`, whose low and Gray-code spins are zero: 2^bits blocks. */
static fl_status search_chunk(const engine *e, fl_block_scan *scan, uint64_t config, size_t bits,
                              hits *found) {
    double base[FL_GRAYCODE_MAX];
    blocks_base(&e->blocks, config, base);
    FL_CHECK(search_block(e, scan, config, base, found));
    for (uint64_t step = 1; step < UINT64_C(1) << bits && !hits_full(found); step++) {
        size_t j = e->blocks.low + (size_t)__builtin_ctzll(step);
        config ^= UINT64_C(1) << j;
        blocks_flip(&e->blocks, config, j, base);
        FL_CHECK(search_block(e, scan, config, base, found));
    }
    return FL_OK;
}

fl_status graycode_search(const engine *e, uint64_t part, hits *found) {
    size_t n = e->blocks.n, low = e->blocks.low, gray = n - 1 - low - e->bits;
    size_t bits = gray < BLOCKS_CHUNK_BITS ? gray : BLOCKS_CHUNK_BITS;
    fl_block_scan *scan = fl_block_scan_choose();
    uint64_t fixed = UINT64_C(1) << (n - 1) | part << (n - 1 - e->bits);
    for (uint64_t chunk = 0; chunk < UINT64_C(1) << (gray - bits) && !hits_full(found); chunk++) {
        if (fl_effort_stopped(e->effort))
            return fl_fail(FL_STOPPED, "stopped within a search of %zu neurons", n);
        FL_CHECK(search_chunk(e, scan, fixed | chunk << (low + bits), bits, found));
    }
    return FL_OK;
}
