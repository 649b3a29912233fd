/* Kernel: sweeps that find their next neuron while they add the last one's column.
 *
 * A sweep visits each neuron once, by ascending places, all different; a visited neuron that is
 * unstable flips. Each neuron keeps
 *
 *   field_i = floor(1/2 sum_j q_ij s_j) + self_i s_i      q_ij = column j, self as the caller made
 * it key_i   = place_i, and bit 31 set where s_i = +1
 *
 * with s_i in the last two as it was when the sweep began. self holds a margin such that the sign
 * of field_i differs from s_i for every neuron that is unstable, or may be: a candidate. Then
 *
 *   (key_i - from) ^ (field_i & 2^31)
 *
 * is below 2^30 exactly for candidates of places from `from` on, and the smallest of them tells the
 * next: so one pass over the lanes adds a column and finds whose turn it is. A neuron that has been
 * visited is not asked again, so its spin in the key and the field may wait for the sweep's end.
 *
 * Integers have no rounding: every kernel gives the same bits. Arrays are aligned to 64 bytes and
 * hold `lanes` numbers, n rounded up to a multiple of 16; fields beyond n are FL_VISIT_FAR. In a column
 * neurons stand in the order of fl_visit_slot: of sixteen, the first and the second eight in turn, so that a
 * product of pairs with (+-1, 0) or (0, +-1) widens eight, signs them and wastes nothing. */
#ifndef FIXLAND_VISIT_H
#define FIXLAND_VISIT_H

#include <stddef.h>
#include <stdint.h>

/* The order of a sweep: places are a keyed bijection of 30 bits, so no two neurons share one, and
 * the neuron of a place is had from it. */
typedef struct fl_visit_order {
    uint32_t step, add, first, mix, second;      /* place_of */
    uint32_t back_step, back_first, back_second; /* inverses modulo 2^30 */
} fl_visit_order;

#define FL_VISIT_PLACES UINT32_C(0x3FFFFFFF) /* the last place */
enum { FL_VISIT_FAR = 1 << 29, FL_VISIT_MOST = 1 << 13 };

/* Where neuron i stands in a column. */
static inline size_t fl_visit_slot(size_t i) {
    return (i & ~(size_t)15) | (i & 7) << 1 | (i >> 3 & 1);
}

/* A random order from 60 of 64 random bits; and 0, 1, 2, ... (of at most FL_VISIT_MOST neurons). */
fl_visit_order fl_visit_random(uint64_t bits);
fl_visit_order fl_visit_natural(void);

static inline uint32_t fl_visit_place(const fl_visit_order *o, uint32_t neuron) {
    uint32_t x = (neuron * o->step + o->add) & FL_VISIT_PLACES;
    x = (x ^ x >> 15) * o->first & FL_VISIT_PLACES;
    x ^= o->mix;
    x = (x ^ x >> 15) * o->second & FL_VISIT_PLACES;
    return x ^ x >> 15;
}

static inline uint32_t fl_visit_neuron(const fl_visit_order *o, uint32_t place) {
    uint32_t x = (place ^ place >> 15) * o->back_second & FL_VISIT_PLACES;
    x = (x ^ x >> 15 ^ o->mix) * o->back_first & FL_VISIT_PLACES;
    return ((x ^ x >> 15) - o->add) * o->back_step & FL_VISIT_PLACES;
}

#define FL_VISIT_OVER UINT32_MAX

/* A run on its way. */
typedef struct fl_visit {
    size_t n, lanes;
    const int16_t *columns; /* column j at j * stride */
    size_t stride;
    int32_t *field;
    uint32_t *key;
    const int32_t *self;      /* 0 beyond n */
    uint64_t *spins, *before; /* now; at the sweep's beginning, set beyond n */
    int32_t sure;             /* s_i field_i <= sure proves neuron i unstable; negative */
    int fetch;                /* columns are far enough to be asked for ahead */
    fl_visit_order order;
    uint32_t place;  /* of the next candidate, or FL_VISIT_OVER */
    uint32_t neuron; /* that candidate */
    uint64_t flips;
} fl_visit;

/* s_i field_i, for a neuron that has not flipped in this sweep. */
static inline int32_t fl_visit_aligned(const fl_visit *v, size_t i) {
    int32_t field = v->field[i];
    return v->key[i] >> 31 ? field : -field;
}

typedef struct fl_visit_kernel {
    /* Fields from the configuration: base_i = floor(-1/2 sum_j q_ij). Leaves a sweep that is over,
     * with no flips. */
    void (*start)(fl_visit *v, const int32_t *base);
    /* Ends the sweep and begins one in v->order. Returns how many neurons are certainly unstable,
     * and the other candidates in `doubtful`, a bit each. */
    size_t (*begin)(fl_visit *v, uint64_t *doubtful);
    /* Flips the next candidate, or passes it over (flip = 0). */
    void (*turn)(fl_visit *v, int flip);
    /* Takes turns, one flip a slot, from slot k on, until it meets a slot whose sweep is over or
     * whose candidate is doubtful; returns that slot. */
    size_t (*go)(fl_visit *const *slots, size_t count, size_t k);
} fl_visit_kernel;

extern const fl_visit_kernel fl_visit_scalar, fl_visit_avx2, fl_visit_avx512;

/* The kernel of the level in use (kernel.h). */
const fl_visit_kernel *fl_visit_choose(void);

#endif
