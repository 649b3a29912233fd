/* Thresholds and local entropies from the m-tuple entropies F(m, q) of tuples.h.
 *
 * All of them are of one level of overlap and annealed: levels.h has more levels, which move J_gap
 * above J_mono. A first moment excludes (whole m: a proof); it shows nothing to exist. The estimate
 * of the internal entropy of the densest solutions at distance d is phi*(d) = min over m of
 * F(m,q)/m, q = 1 - 2d, where the complexity F - m dF/dm vanishes. Three kinds of critical control
 * parameter (J_D, or the load alpha of a perceptron):
 * - the m-overlap gap closes where min over q of F(m, q) reaches 0;
 * - the overlap gap, J_gap, where the minimum over q and m does;
 * - J_mono, where phi*(d) becomes monotone: both derivatives of phi* by q vanish.
 * Each is solved as a system for (control, q, qh, m) and says how far it can be trusted.
 * theory/README.md sections 4 and 5. */
#ifndef FIXLAND_PHASE_H
#define FIXLAND_PHASE_H

#include "fixland/status.h"
#include "fixland/tuples.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fl_threshold {
    double control;  /* J_D or alpha */
    double error;    /* of control: quadrature, rounding and convergence, in sum */
    double m, q, qh; /* where it happens */
    double distance; /* (1 - q)/2 */
} fl_threshold;

/* The control parameter at which the m-overlap gap closes, 1.001 <= m <= 1e6. model->control is
 * not used. FL_EDOMAIN when no threshold exists in the range of the control parameter, FL_UNDECIDED
 * without convergence. */
fl_status fl_phase_gap(const fl_tuples_model *model, double m, fl_threshold *gap);

/* Its limit for m -> infinity in symmetric perceptrons, where the replicas lie around a centre with
 * vanishing fields: min over d' of H(d') / -ln P(|x| < k / (2 sqrt(d'(1-d')))). For small
 * half-width k it is k ~ 1.2385 sqrt(alpha / -ln alpha) (arXiv 2310.02850), with corrections of ln
 * ln over ln. FL_EINVAL for other models. */
fl_status fl_phase_gap_infinite(const fl_tuples_model *model, fl_threshold *gap);

/* The same for the minimum over m: the largest of the thresholds in m when F grows with the control
 * parameter (J_D), the smallest when it falls (alpha). `guess`, when not NULL, is a threshold of a
 * nearby model to start from. FL_EDOMAIN and FL_UNDECIDED as above. */
fl_status fl_phase_critical_gap(const fl_tuples_model *model, const fl_threshold *guess,
                                fl_threshold *gap);

/* J_mono of fixed points; model->kind must be FL_TUPLES_FIXED_POINTS (FL_EINVAL otherwise). */
fl_status fl_phase_critical_mono(const fl_tuples_model *model, fl_threshold *mono);

/* J_gap of two modules coupled by lambda >= 0. *gap holds the solution for the coupling `from`,
 * with 0 <= from <= lambda, and is followed from there; when from < 0 it holds nothing and one
 * module's J_gap is the start. FL_EDOMAIN when no overlap gap is left at any J_D >= 0, which is so
 * above fl_phase_lambda_gap(0); *gap is then the last solution with one. */
fl_status fl_phase_plane(double lambda, double from, fl_threshold *gap);

/* The lambda (as `control` of the threshold) at which the overlap gap of two modules of
 * self-coupling jd closes, 0 <= jd. FL_EDOMAIN when it is closed at lambda = 0 already. */
fl_status fl_phase_lambda_gap(double jd, fl_threshold *gap);

typedef struct fl_local_entropy {
    double distance, q;
    double m, qh; /* m: where the complexity vanishes; infinite at distance 1/2 */
    double value; /* phi*, in nats */
    double slope; /* derivative of phi* by q */
    double error; /* of value */
} fl_local_entropy;

/* phi* at a distance in (0, 1/2]. *point holds a neighbouring solution to start from, or zeros.
 * FL_UNDECIDED when m exceeds 1e6, the largest number of replicas supported, or when the integrals
 * do not settle; FL_EDOMAIN when the complexity is negative at m = 1 already. */
fl_status fl_phase_local_entropy(const fl_tuples_model *model, double distance,
                                 fl_local_entropy *point);

#ifdef __cplusplus
}
#endif
#endif
