/* Couplings by columns in 16 bits, for the sweeps of visit.h. Internal to mc/dynamics.
 *
 * q_ij = round(2 scale J_ij), so that floor(1/2 sum_j q_ij s_j) + round(scale (diagonal_i + J_D))
 * s_i is scale f_i up to less than `error`, roundings of the couplings included: scale is any
 * double, the largest for which the couplings fit and no field leaves 29 bits. */
#ifndef FIXLAND_DYNAMICS_NARROW_H
#define FIXLAND_DYNAMICS_NARROW_H

#include <stddef.h>
#include <stdint.h>

#include "fixland/network.h"

/* Beyond so many neurons the columns leave the caches, and waiting for candidates wins. */
enum { NARROW_MOST = 1600 };

typedef struct narrow_columns {
    const fl_network *network;
    size_t n, lanes;
    size_t stride; /* from a column to the next */
    int16_t *data; /* neurons of a column in the order of fl_visit_slot */
    int32_t *base; /* floor(-1/2 sum_j q_ij): the configuration all -1 */
    double scale;
    int32_t error;
} narrow_columns;

/* *columns stays NULL where wide columns are the better choice: for many neurons, and for couplings
 * so uneven that 16 bits would leave many decisions to the doubles. `largest`: |J_D| at most. */
fl_status narrow_columns_new(narrow_columns **columns, const fl_network *network, double largest);
void narrow_columns_free(narrow_columns *columns);

#endif
