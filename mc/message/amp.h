/* Approximate message passing, one run or AMP_LANES runs over one matrix. Internal to mc/message.
 *
 * Column j of run l stands at [j * lanes + l]; so do rows. State between steps: magnetisations m,
 * own cavity fields H, total fields h, external fields e (set by the caller between steps), and of
 * the rows g, u, c. doc/message.md has the equations. */
#ifndef FIXLAND_MESSAGE_AMP_H
#define FIXLAND_MESSAGE_AMP_H

#include <stdint.h>

#include "fixland/rng.h"
#include "mc/message/couplings.h"

enum { AMP_LANES = SHORT_LANES };

typedef struct amp {
    const couplings *c;
    const fl_amp_kernel *kernel;
    const fl_short_kernel *shorts;
    size_t lanes; /* 1 or AMP_LANES; 1 where the couplings are floats */
    size_t block; /* rows that are gathered and scattered while they are in the cache */
    fl_short_vector x, y, down,
        under; /* 16 bits: what is multiplied; of columns, and of rows of a band */
    unsigned
        refresh; /* variances entry by entry at every so many steps, moved by their mean between */
    uint64_t steps;
    float damping;
    float *m, *v, *H, *h, *e; /* columns */
    float *B, *D, *shape;     /* columns; shape: D at the last refresh */
    float *g, *gp, *u, *c_, *omega, *V, *var, *threshold; /* rows */
    float *dot, *sign, *before, *scaled;
    double mean_v[AMP_LANES], mean_gp[AMP_LANES]; /* at the last refresh */
    size_t unstable[AMP_LANES]; /* of sign h before the step, when the step was told to look */
    double q[AMP_LANES];        /* mean m^2 */
    double change[AMP_LANES];   /* mean |change of m| in the last step */
} amp;

fl_status amp_open(amp *a, const couplings *c, size_t lanes);
void amp_close(amp *a);

/* The thresholds of run `lane`: those of another J_D, given what comes beside it. */
void amp_tune(amp *a, size_t lane, const double *diagonal, double jd);

/* May a run begin at the next step without a change of the others? (Variances are then refreshed.) */
bool amp_ready(const amp *a);

/* Begins again: m of run `lane` small and random from `rng`, no memory. */
void amp_start_random(amp *a, size_t lane, fl_rng *rng);

/* Begins again: m = `size` times the configuration in every run. */
void amp_start_at(amp *a, const uint64_t *spins, double size);

/* One iteration: one pass over J. `look`: counts the unstable neurons of sign h as it was. */
void amp_step(amp *a, bool look);

/* sign h of a run; and the signs that the last look was at. */
void amp_signs(const amp *a, size_t lane, uint64_t *spins);
void amp_seen(const amp *a, size_t lane, uint64_t *spins);

/* External fields of all runs for the next step: e = rho h, and of y - 1 other replicas; rho and g of each run. */
void amp_reinforce(amp *a, const double *rho);
void amp_focus(amp *a, const double *g, double y);

/* Bethe free energy per neuron, ln of the sum over solutions of exp(sum e_i s_i), at a state that
 * does not move (one run, no damping in H: it is taken from B). */
double amp_free_energy(amp *a);

/* Are the variances of all rows at their floor? Messages that stand still there solve no equations but those with the floor. */
bool amp_frozen(const amp *a);

#endif
