/* Clusters of clusters: m-tuples of solutions with several levels of mutual overlap.
 *
 * The tuples of tuples.h have one overlap for all pairs. Here m = x[0] members form groups of x[1],
 * which are made of groups of x[2], and so on, x[levels] = 1: two members whose smallest common
 * group is of level l have overlap q[l], q[0] < q[1] < ... With one level this is tuples.h.
 *   F = -(m/2) sum_l (x_l - x_{l+1}) q_l h_l - (m/2) h_{s-1} + ln G_0,
 * G_0 the nested Gaussian integrals of theory/README.md, Eq. 24. Where all x_l and all x_l/x_{l+1}
 * are whole numbers, F < 0 proves that there are no such tuples (Markov); for real x it is the
 * usual continuation, not a proof. */
#ifndef FIXLAND_LEVELS_H
#define FIXLAND_LEVELS_H

#include <stddef.h>

#include "fixland/status.h"
#include "fixland/tuples.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { FL_LEVELS_MAX = 3 };

typedef struct fl_hierarchy {
    size_t levels;                             /* 1 .. FL_LEVELS_MAX */
    double x[FL_LEVELS_MAX + 1];               /* x[0] = m >= x[1] >= ... >= x[levels] = 1 */
    double q[FL_LEVELS_MAX], h[FL_LEVELS_MAX]; /* overlaps, conjugates; both increase */
} fl_hierarchy;

typedef struct fl_levels {
    double value; /* F, in nats per neuron */
    double error; /* bound on its numerical error */
    double d_x[FL_LEVELS_MAX], d_q[FL_LEVELS_MAX], d_h[FL_LEVELS_MAX];
    double d_control;
} fl_levels;

/* F at a point that need not be stationary. Every kind of model but FL_TUPLES_MODULES.
 * FL_EINVAL outside the domain, FL_UNDECIDED when the integrals do not settle to 1e-10. */
fl_status fl_levels_at(const fl_tuples_model *model, const fl_hierarchy *at, fl_levels *result);

/* F at its minimum over the conjugates, for x and q given; at->h is the start where positive, and
 * holds the minimum afterwards. FL_EINVAL and FL_UNDECIDED as above, FL_EDOMAIN where there is
 * none. */
fl_status fl_levels_entropy(const fl_tuples_model *model, fl_hierarchy *at, fl_levels *result);

/* The local entropy with sub-clusters: the minimum of F/m over the x, the inner overlaps and the
 * conjugates, at outermost overlap 1 - 2 distance. *at holds a start; `value` is then F, and F/m
 * the local entropy. FL_EINVAL, FL_UNDECIDED, FL_EDOMAIN as above. */
fl_status fl_levels_local_entropy(const fl_tuples_model *model, double distance, fl_hierarchy *at,
                                  fl_levels *result);

/* One distance of a curve: `value` is F/m, `slope` its derivative by the outermost overlap. */
typedef struct fl_levels_point {
    fl_status status; /* FL_OK; FL_EDOMAIN: there is none; FL_UNDECIDED: the rest is nan, or 0 */
    fl_hierarchy at;
    double value, slope, error;
} fl_levels_point;

/* The same with two levels at `count` increasing distances in (0, 0.5], for fixed points of one
 * module: the minimum that touches 0 at J_gap, followed in J_D and then to both sides in distance. It ends
 * where it meets a saddle (for J_D of 0.073 and more on both sides, below at small distances only): FL_EDOMAIN beyond. It
 * is gone from fl_phase_levels_end on. Status FL_UNDECIDED where it was lost otherwise. At 0.5 the groups
 * are independent, x[0] is infinite, and the value is the local minimum of fl_phase_local_entropy. It is
 * a minimum, which another one elsewhere may undercut. FL_EINVAL, FL_ENOMEM. */
fl_status fl_levels_local_curve(const fl_tuples_model *model, const double *distances, size_t count,
                                fl_levels_point *points);

typedef struct fl_levels_threshold {
    double control; /* J_D, or alpha */
    double error;   /* quadrature and convergence */
    double spread;  /* distance to the best of the other starts; nan when there was none that
                     * converged elsewhere */
    fl_hierarchy at;
} fl_levels_threshold;

/* Where the minimum of F/m over everything that is left free reaches 0: J_gap with `levels` levels
 * of overlap (or the load, for perceptrons). `fixed` holds the x that are given, x[0], x[1], ...,
 * and 0 for those that are free; NULL: all are. FL_UNDECIDED without convergence. */
fl_status fl_phase_levels(const fl_tuples_model *model, size_t levels, const double *fixed,
                          fl_levels_threshold *threshold);

/* The largest threshold (the smallest load) with whole numbers near those of `real`, the answer of
 * fl_phase_levels with everything free: every x_l/x_{l+1} is rounded down and up, to 2 at least.
 * With whole numbers F < 0 is a proof, up to the accuracy of the integrals: below this J_D some
 * arrangement of m fixed points in groups of groups does not occur. FL_EINVAL, FL_UNDECIDED. */
fl_status fl_phase_levels_whole(const fl_tuples_model *model, const fl_levels_threshold *real,
                                fl_levels_threshold *whole);

/* On the curve of fl_levels_local_curve: J_mono of two levels, where its local entropy becomes monotone
 * in the distance (both derivatives vanish there), and the J_D at which the two ends of the curve meet, beyond
 * which it has no minimum at any distance. Annealed estimates, of two levels. FL_UNDECIDED without
 * convergence. */
fl_status fl_phase_levels_mono(fl_levels_threshold *mono);
fl_status fl_phase_levels_end(fl_levels_threshold *end);

#ifdef __cplusplus
}
#endif
#endif
