/* Fixed points under an input: neuron i also feels lambda xi_i, xi_i = +-1, the same for all its
 * configurations. Per neuron, in nats; theory/README.md section 12. */
#ifndef FIXLAND_DRIVEN_H
#define FIXLAND_DRIVEN_H

#include <stddef.h>

#include "fixland/network.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ln E[#], of the whole network, exact for independent Gaussian couplings without dilution in one
 * module: E[#] = (Phi((jd + strength)/sigma) + Phi((jd - strength)/sigma))^n. FL_EDOMAIN otherwise.
 */
fl_status fl_log_mean_driven(const fl_ensemble *ensemble, size_t n, double jd, double strength,
                             double *log_mean);

typedef struct fl_driven {
    double annealed;         /* ln(Phi(jd + strength) + Phi(jd - strength)) */
    double annealed_overlap; /* with the input, at the annealed level: difference over sum */
    double quenched;         /* replica-symmetric entropy, at most the annealed one */
    double overlap;          /* of a fixed point with the input */
    double q, qh;            /* of two fixed points, and its conjugate */
    double replicon;         /* (1 - C) - sqrt(A B), README Eq. 33: negative where the symmetric
                              * solution is unstable */
    double error;            /* of `quenched` */
} fl_driven;

/* jd in [-5, 20], 0 <= strength <= 20. FL_UNDECIDED where the replica-symmetric
 * equations have no solution or do not converge: only the annealed members are set then. */
fl_status fl_driven_entropy(double jd, double strength, fl_driven *driven);

#ifdef __cplusplus
}
#endif
#endif
