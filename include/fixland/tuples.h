/* m-tuples of solutions at mutual overlap q: their annealed entropy F(m, q) per neuron, in nats.
 *
 *   F(m,q) = extr over qh of  -m(m-1)/2 q qh - m/2 qh + ln Int Dz Du [...]^m
 *
 * for fixed points (theory/README.md section 2) and, by the same solver, for two
 * coupled modules and for two binary perceptrons. m is any real number >= 1, 0 <= q < 1; the
 * distance is d = (1 - q)/2. F(1, q) is the entropy of solutions. theory/README.md derives everything used here. */
#ifndef FIXLAND_TUPLES_H
#define FIXLAND_TUPLES_H

#include <stddef.h>

#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fl_tuples_kind {
    FL_TUPLES_FIXED_POINTS, /* control J_D; fixed unused */
    FL_TUPLES_MODULES,      /* two modules; control J_D, fixed lambda; per neuron of both modules,
                             * every tuple with overlap q in module 1 and q in module 2 */
    FL_TUPLES_PERCEPTRON,   /* w.xi/sqrt(N) > kappa for alpha N patterns; control alpha, fixed kappa
                             */
    FL_TUPLES_SYMMETRIC     /* |w.xi|/sqrt(N) < k; control alpha, fixed k > 0 */
} fl_tuples_kind;

/* Neurons that differ in their self-coupling: a fraction share[k] of them has relative[k] times J_D.
 * Shares add to 1, relatives are in [0, 1]. */
enum { FL_SELF_MAX = 64 };
typedef struct fl_self_couplings {
    size_t count; /* at most FL_SELF_MAX; 0: all have J_D */
    double share[FL_SELF_MAX], relative[FL_SELF_MAX];
} fl_self_couplings;

/* A self-coupling is in [-1, 20], a coupling lambda in [0, 20], a load in [0, 1000]. */
typedef struct fl_tuples_model {
    fl_tuples_kind kind;
    double control;
    double fixed;
    const fl_self_couplings *self; /* of fixed points in one module; NULL: all neurons have J_D */
} fl_tuples_model;

typedef struct fl_tuples {
    double m, q, qh;   /* qh: conjugate overlap, >= 0 */
    double value;      /* F */
    double d_m;        /* dF/dm: internal entropy of the clusters counted by F */
    double d_q, d_qh;  /* dF/dq, dF/dqh; d_qh is 0 to rounding at the extremum */
    double d_control;  /* dF/dJ_D, or dF/dalpha */
    double complexity; /* F - m dF/dm */
    double error;      /* bound on the numerical error of `value` */
} fl_tuples;

/* F at its extremum over qh (a minimum for m > 1, see theory/README.md). FL_EINVAL for arguments
 * outside their range, FL_EDOMAIN when the extremum needs qh < 0 (possible for negative J_D only),
 * FL_UNDECIDED when the integrals do not settle to 1e-11 on the finest grid. */
fl_status fl_tuples_entropy(const fl_tuples_model *model, double m, double q, fl_tuples *tuples);

/* The function of which fl_tuples_entropy takes the extremum, at a given qh in [0, 1e4]. FL_EINVAL
 * and FL_UNDECIDED as above. */
fl_status fl_tuples_at(const fl_tuples_model *model, double m, double q, double qh,
                       fl_tuples *tuples);

/* The load of a perceptron at which F(1, q), the annealed entropy of solutions, vanishes: an upper
 * bound on the capacity (for the symmetric one the capacity itself). FL_EINVAL for other kinds. */
fl_status fl_tuples_capacity(const fl_tuples_model *model, double *load);

#ifdef __cplusplus
}
#endif
#endif
