/* A configuration with its fields, kept up to date flip by flip. Internal to mc/dynamics.
 *
 * Fields are integers: field_i = round(scale f_i) up to less than `bound` units, rounding of the
 * couplings and of the self-coupling included, whatever the configuration. So field s_i >= bound
 * proves neuron i stable, field s_i <= -bound proves it unstable, and only what lies between is
 * asked of fl_network_stable. */
#ifndef FIXLAND_DYNAMICS_WALKER_H
#define FIXLAND_DYNAMICS_WALKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/dynamics.h"
#include "fixland/spins.h"
#include "mc/dynamics/narrow.h"
#include "mc/dynamics/queue.h"
#include "src/kernel/flip.h"
#include "src/kernel/visit.h"

typedef struct wide_columns {
    const fl_network *network;
    size_t n, words;
    size_t stride; /* integers from a column to the next */
    int32_t *data; /* column j: 2 round(scale J_ij), zero on the diagonal and beyond n */
    int32_t *base; /* fields of the configuration all -1, self-couplings left out */
    size_t bytes;
    double scale; /* a power of two */
    int32_t bound;
} wide_columns;

struct fl_columns {
    const fl_network *network;
    size_t n, words;
    double largest;         /* |J_D| */
    narrow_columns *narrow; /* or NULL */
    struct columns_later *later;
};

/* The wide columns, made at the first call. FL_ENOMEM. */
fl_status columns_wide(const fl_columns *columns, const wide_columns **wide);

static inline const int32_t *column_of(const wide_columns *c, size_t j) {
    return c->data + j * c->stride;
}

typedef struct walker {
    const wide_columns *columns;
    fl_flip *kernel;
    const fl_dynamics *plan;
    double jd;
    uint64_t *spins;       /* the caller's */
    int32_t *field, *self; /* self_i = round(scale (diagonal_i + J_D)) */
    uint64_t *candidates, *fresh;
    uint64_t flips;
    fl_rng rng;         /* of the dynamics; sub-stream t + 1 is sweep t */
    uint64_t key[2];    /* of the sweep at hand, for hashes of neurons */
    fl_rng order_words; /* the next is that of sweep `order_sweep` */
    uint64_t order_sweep;
    fl_visit_order places;
    visit_queue queue;
    uint64_t *order; /* n: places, ascending */
    uint32_t *list;  /* n: unstable neurons, or an order */
} walker;

fl_status walker_open(walker *w, const fl_columns *columns, const fl_dynamics *plan,
                      uint64_t *spins);
void walker_close(walker *w);

/* Starts sweep t: its random numbers. */
void walker_sweep(walker *w, uint64_t t);

/* 64 random bits that belong to neuron i in this sweep. */
static inline uint64_t walker_hash(const walker *w, size_t i) {
    uint64_t x = w->key[0] + (uint64_t)i * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x ^= w->key[1];
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static inline int32_t walker_aligned(const walker *w, size_t i) {
    return fl_spins_get(w->spins, i) > 0 ? w->field[i] : -w->field[i];
}

/* The exact verdict on neuron i, of aligned field s_i field_i = `aligned`: is it unstable? */
static inline bool walker_verdict(const walker *w, size_t i, int32_t aligned) {
    int32_t bound = w->columns->bound;
    if (aligned >= bound)
        return false;
    return aligned <= -bound || !fl_network_stable(w->columns->network, w->spins, i, w->jd);
}

static inline bool walker_is_unstable(const walker *w, size_t i) {
    return walker_verdict(w, i, walker_aligned(w, i));
}

/* Number of unstable neurons, and the neurons in w->list, ascending. */
size_t walker_unstable(walker *w);

/* Flips neuron i; w->fresh tells the new candidates, perhaps i among them. `next`: the neuron
 * likely to be next, whose column is fetched meanwhile, or NO_NEXT. */
#define NO_NEXT SIZE_MAX
void walker_flip(walker *w, size_t i, size_t next);

/* The same without the candidates, which walker_mark must bring up to date before they are used. */
void walker_turn(walker *w, size_t i, size_t next);

/* Flips the neurons of a list (w->list is allowed) together. */
void walker_flip_all(walker *w, const uint32_t *neurons, size_t count);

/* Fields and candidates afresh from the configuration; what incremental updates must equal. */
void walker_recompute(walker *w);

/* Replaces the fields after others have changed them: only candidates. */
void walker_mark(walker *w);

/* Random words for the orders of the sweeps from t on, one a sweep: sub-stream 0 of the run's. */
fl_rng order_words(const fl_dynamics *plan, size_t n, uint64_t t);

/* The sweeps; each counts its flips in w->flips. */
void walker_async(walker *w, bool sequential);
/* The two ways of a random sweep, which do the same; walker_async chooses. */
void walker_visit_all(walker *w);
void walker_visit_candidates(walker *w);
void walker_site(walker *w);
void walker_partial(walker *w, size_t unstable, double p); /* w->list: the unstable */
void walker_anneal(walker *w, double temperature, fl_thermal thermal);
void walker_extreme(walker *w, bool largest);

/* Place of neuron i in the order of a random sweep; all different, the neuron in the low bits. */
#define PLACE_NEURON UINT64_C(0xFFFFF)
static inline uint64_t walker_place(const walker *w, size_t i) {
    return (uint64_t)fl_visit_place(&w->places, (uint32_t)i) << 34 | i;
}

/* All places of the sweep into w->order. */
void walker_order(walker *w);

#endif
