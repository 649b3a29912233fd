/* Belief propagation with all its messages, in double. The answers of a row are sums over its
 * neighbours where these are few, else those of the central limit, or linear in the coupling. n^2
 * numbers twice. Internal to mc/message. */
#ifndef FIXLAND_MESSAGE_BP_H
#define FIXLAND_MESSAGE_BP_H

#include <stdbool.h>
#include <stdint.h>

#include "fixland/network.h"
#include "fixland/rng.h"
#include "src/kernel/messages.h"

enum { BP_FEW = 10, BP_MANY = 1000 };

typedef struct bp {
    const fl_network *network;
    const fl_amp_kernel *kernel;
    double jd, damping;
    bool linear;
    double *m, *u;         /* n x n: row i holds m_{j->i} and u_{i->j} */
    double *own_m, *own_u; /* n: m_{i->i}, u_{i->i} */
    double *w, *V, *h, *e, *before;
    double *log_z;    /* n: ln Z of rows with few neighbours */
    uint32_t *few;    /* n: number of neighbours, or BP_MANY */
    double q, change; /* mean tanh^2 h, mean |change of tanh h| */
} bp;

fl_status bp_open(bp *b, const fl_network *network, double jd, bool linear);
void bp_close(bp *b);

void bp_start_random(bp *b, fl_rng *rng);
void bp_start_at(bp *b, const uint64_t *spins, double size);
void bp_step(bp *b);

/* Answers and ln Z of a row with few neighbours, by summing over them. */
void bp_answer_exactly(bp *b, size_t i);

void bp_signs(const bp *b, uint64_t *spins);

/* Bethe free energy per neuron, as amp_free_energy. */
double bp_free_energy(const bp *b);

#endif
