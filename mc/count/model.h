/* A network at one self-coupling, in the 16-bit integers of the Metropolis kernel. Internal to
 * mc/count.
 *
 * field_i = sum_j q_ij s_j + d_i s_i + h_i with q_ij = round(scale J_ij), d_i = round(scale
 * (diagonal_i + J_D)), h_i = round(scale input_i), differs from scale f_i by less than `bound`, whatever the configuration. The energy E of
 * the kernel, in units of 4 / scale, is the total violation of this rounded network: only a guide,
 * whose every step is exact for itself; what counts is asked of the network (model_is_point). */
#ifndef FIXLAND_COUNT_MODEL_H
#define FIXLAND_COUNT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/network.h"
#include "src/kernel/metropolis.h"

typedef struct model {
    const fl_network *network;
    double jd;
    size_t n, stride;
    int32_t *columns; /* as metropolis.h wants them */
    int16_t *input;   /* n, or NULL */
    double scale;
    int32_t bound;
    double unit; /* of E: the temperature at which the typical field is one */
} model;

/* FL_EINVAL for couplings that leave no room, FL_ENOMEM. The network must outlive the model. */
fl_status model_make(model *m, const fl_network *network, double jd);
void count_model_clear(model *m);

/* A block of 32 replicas: the fields of the spins in block->up. */
void model_fields(const model *m, const fl_metropolis_block *block);

/* The spins of lane l, packed. */
void model_spins(const fl_metropolis_block *block, size_t lane, uint64_t *spins);

/* Is the configuration of lane l a fixed point of the network? Exact; `spins` (scratch) holds it
 * afterwards if so. */
bool model_is_point(const model *m, const fl_metropolis_block *block, size_t lane, uint64_t *spins);

#endif
