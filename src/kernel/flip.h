/* Kernel: fields of a configuration after some of its neurons flipped.
 *
 * Fields and couplings are integers (fixed point), so sums have no rounding, no drift and no order:
 * every kernel, and every grouping of flips, gives the same bits. Neurons come in words of 64; what
 * lies beyond the last neuron is padded by the caller (column 0, field far from the bound).
 *
 *   field[i] += sum_k sign_k columns[k][i],   sign_k = -1 where negate[k] = -1, +1 where it is 0;
 *   bit i of candidates: s_i field[i] < bound, the neurons that are or may be unstable;
 *   bit i of fresh: it has just become a candidate.
 *
 * At most FL_FLIPS columns a call: so many streams the prefetcher of a core follows. With
 * candidates = NULL only the fields are updated. field and columns are 64-byte aligned. */
#ifndef FIXLAND_FLIP_H
#define FIXLAND_FLIP_H

#include <stddef.h>
#include <stdint.h>

enum { FL_FLIPS = 8 };

typedef struct fl_flip_target {
    int32_t *field;               /* 64 a word */
    const uint64_t *spins;        /* 1 a word, set: s_i = +1 */
    uint64_t *candidates, *fresh; /* 1 a word, or NULL */
    int32_t bound;                /* >= 0 */
    const int32_t *next;          /* a column to fetch into the cache meanwhile, or NULL */
} fl_flip_target;

typedef void fl_flip(const fl_flip_target *target, size_t words, const int32_t *const *columns,
                     const int32_t *negate, size_t count);

fl_flip fl_flip_scalar, fl_flip_avx2, fl_flip_avx512;

/* The kernel of the level in use (kernel.h). */
fl_flip *fl_flip_choose(void);

/* The candidates of a word from the neurons with field < bound and those with field > -bound. */
static inline void fl_flip_word(const fl_flip_target *t, size_t w, uint64_t below, uint64_t above) {
    uint64_t now = (below & t->spins[w]) | (above & ~t->spins[w]);
    t->fresh[w] = now & ~t->candidates[w];
    t->candidates[w] = now;
}

/* Asks for word w of a column, or for what comes a few lines later in the one at hand: what the
 * processor's own prefetcher finds out only after a few lines, and not across pages. */
enum { FL_FLIP_AHEAD = 8 };
static inline void fl_flip_prefetch(const int32_t *column, size_t w) {
    for (size_t i = 64 * w; i < 64 * w + 64; i += 16)
        __builtin_prefetch(column + i, 0, 2);
}

/* How many of the columns are negated: -c = (c ^ -1) + 1. */
static inline int32_t fl_flip_negatives(const int32_t *negate, size_t count) {
    int32_t sum = 0;
    for (size_t k = 0; k < count; k++)
        sum -= negate[k];
    return sum;
}

#endif
