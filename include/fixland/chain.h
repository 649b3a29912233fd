/* Chains of modules coupled by lambda: the annealed entropy of fixed points per neuron
 * (theory/README.md section 5), exact at every size, from a transfer matrix over the bonds between
 * modules. */
#ifndef FIXLAND_CHAIN_H
#define FIXLAND_CHAIN_H

#include <stddef.h>

#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ln E[#] / (modules n), in nats per neuron, for an open chain. modules = 0: infinitely many; n =
 * 0: modules of infinitely many neurons; n = 1 has no couplings within a module and is FL_EDOMAIN.
 * |jd| <= 30 and 0 <= lambda <= 30, FL_EINVAL otherwise. Absolute accuracy 1e-14. */
fl_status fl_chain_entropy(double jd, double lambda, size_t modules, size_t n, double *entropy);

#ifdef __cplusplus
}
#endif
#endif
