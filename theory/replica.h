/* Inside the m-tuple entropies: jets, grids and the integrals they are made of. Private to theory/.
 *
 * Every model gives one function, its "term": the logarithm of a Gaussian integral of a sum over
 * spins to the power m, with first and second derivatives. What is common (the Legendre part, the
 * extremum over the conjugate overlap, thresholds) is written once, in tuples.c and phase.c.
 * theory/README.md, sections 2 and 3, derives all that is used here; equation numbers below. */
#ifndef FIXLAND_THEORY_REPLICA_H
#define FIXLAND_THEORY_REPLICA_H

#include <stddef.h>

#include "fixland/status.h"
#include "fixland/tuples.h"

/* The variables of F, in the order of gradients and Hessians: number of replicas, overlap,
 * conjugate overlap, control parameter (J_D or the load alpha). */
enum { FL_AT_M, FL_AT_Q, FL_AT_QH, FL_AT_X, FL_AT_COUNT };

/* A value with its derivatives. Those in q and qh carry a factor m(m-1)/2 (Eq. 8), which vanishes
 * at m = 1, where qh is still defined; so the averages behind them are kept as well. */
typedef struct fl_jet {
    double value;
    double d[FL_AT_COUNT];
    double h[FL_AT_COUNT][FL_AT_COUNT]; /* symmetric */
    double t2, r2;                      /* <t^2>, <r^2>: means of the squared tilts, Eq. 7 */
    double t2_qh;                       /* d<t^2>/dqh */
    double size;                        /* sum of the magnitudes that cancel in `value` */
} fl_jet;

/* Steps in z halve from one level to the next, those in u shrink by a quarter. */
enum { FL_LEVEL_MAX = 5 };

/* Are the model's self-couplings in range? FL_EINVAL. */
fl_status fl_self_check(const fl_tuples_model *model);

/* The point where a term is evaluated. */
typedef struct fl_site {
    double m, q, qh;
    int level;
} fl_site;

/* A term of F: everything but -m(m-1)/2 q qh. */
typedef fl_status (*fl_term)(const fl_tuples_model *model, const fl_site *at, fl_jet *jet);
fl_status fl_term_fixed_points(const fl_tuples_model *model, const fl_site *at, fl_jet *jet);
fl_status fl_term_modules(const fl_tuples_model *model, const fl_site *at, fl_jet *jet);
fl_status fl_term_perceptron(const fl_tuples_model *model, const fl_site *at, fl_jet *jet);

/* F with its derivatives at a point that need not be stationary. FL_EINVAL outside the domain. */
fl_status fl_tuples_jet(const fl_tuples_model *model, const fl_site *at, fl_jet *jet);

/* The stationary qh for given m and q on one level; *qh is the first guess when positive. */
fl_status fl_tuples_stationary(const fl_tuples_model *model, double m, double q, int level,
                               double *qh, fl_jet *jet);

/* Moments of t = tanh(x) and l = ln cosh(x) - |b|, x = sqrt(qh) u + b, over the standard normal u
 * with the weight cosh(x)^m. |b| is taken out because it can be large, and cancels in the end. */
typedef struct fl_cosh {
    double log_norm; /* ln Int Du cosh(x)^m - m |b| */
    double t[5];     /* <t^k>; t[0] = 1 */
    double l[3];     /* <l t^k> */
    double l2;       /* <l^2> */
} fl_cosh;

/* The grid for u: trapezoidal, uniform, wide enough for every b (Eq. 12). */
typedef struct fl_cosh_grid {
    double m, step; /* step: of u */
    size_t count;
    double *x, *log_weight, *work; /* count each */
} fl_cosh_grid;

fl_status fl_cosh_grid_init(fl_cosh_grid *grid, double m, double qh, int level);
void fl_cosh_grid_clear(fl_cosh_grid *grid);
void fl_cosh_moments(const fl_cosh_grid *grid, double b, fl_cosh *moments);

/* The same log_norm, <t>, <t^2> and <l> as functions of b, interpolated to 1e-13. */
typedef struct fl_cosh_table {
    double m, qh, limit, width; /* exact asymptotics above b = limit; panels of `width` below */
    double *coefficients;
} fl_cosh_table;

typedef struct fl_cosh_short {
    double log_norm, t, t2, l;
} fl_cosh_short;

fl_status fl_cosh_table_init(fl_cosh_table *table, const fl_cosh_grid *grid, double qh);
void fl_cosh_table_clear(fl_cosh_table *table);
fl_cosh_short fl_cosh_lookup(const fl_cosh_table *table, double b);

/* Nodes for z, k = ..., -1, 0, 1, ...: the image of a uniform grid under an odd map that puts
 * points evenly on every scale from `width` to 1 around +-`centre` (Eq. 13). Sides are symmetric.
 */
typedef struct fl_z_rule {
    double width, centre, step;
} fl_z_rule;

enum { FL_Z_LIMIT = 1 << 20 };

/* `centre`: the field at q = 0 units where the integrand steepens, J_D or the margin. */
fl_z_rule fl_z_rule_for(double q, double centre, int level);
double fl_z_node(const fl_z_rule *rule, long k, double *log_weight);

/* Below this (in nats) under the largest weight nothing is added up: e^-44 = 8e-20. */
#define FL_LOG_NEGLIGIBLE 44.0

/* ln Phi(x) and the inverse Mills ratio phi(x)/Phi(x). */
double fl_log_phi(double x, double *mills);

#endif
