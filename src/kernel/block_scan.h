/* Kernel: which lanes of a block meet all conditions.
 *
 * A block is `lanes` configurations (a multiple of 32, at most FL_BLOCK_LANES). Condition c holds
 * in lane l iff rows[c][l] >= thresholds[c]; rows are 64-byte aligned. Bit l % 32 of alive[l / 32]
 * tells whether lane l meets all `conditions`. Rejects most lanes after a few conditions, so put
 * them in any order but leave the selective ones in front. */
#ifndef FIXLAND_BLOCK_SCAN_H
#define FIXLAND_BLOCK_SCAN_H

#include <stddef.h>
#include <stdint.h>

enum { FL_BLOCK_LANES = 512 };

typedef void fl_block_scan(const int16_t *const *rows, const int16_t *thresholds, size_t conditions,
                           size_t lanes, uint32_t *alive);

fl_block_scan fl_block_scan_scalar, fl_block_scan_avx2, fl_block_scan_avx512;

/* The kernel of the level in use (kernel.h). */
fl_block_scan *fl_block_scan_choose(void);

#endif
