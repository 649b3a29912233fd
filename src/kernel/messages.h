/* Kernels: approximate message passing, its products over a matrix in single precision (shorts.h has those in
 * 16 bits).
 *
 * J is stored by rows: entry (i, j) at J[i * stride + j], stride a multiple of 16, rows 64-byte
 * aligned, zero beyond the columns. Arrays over columns have `stride` entries, those beyond the columns zero.
 *
 *   gather   dot_i = sum_j J_ij m_j,  var_i = sum_j J_ij^2 v_j
 *   scatter  B_j += sum_i J_ij g_i,   D_j += sum_i J_ij^2 gp_i
 *
 * for `rows` rows from J on; without `v` (or `gp`) only the first of the two. Sums have one shape
 * whatever the registers (those over columns are of eight, over j mod 8), and nothing is contracted: all
 * kernels give the same bits. */
#ifndef FIXLAND_MESSAGES_H
#define FIXLAND_MESSAGES_H

#include <stddef.h>

typedef struct fl_amp_matrix {
    const float *J;
    size_t stride, columns;
} fl_amp_matrix;

typedef void fl_amp_gather(const fl_amp_matrix *a, size_t rows, const float *m, const float *v,
                           float *dot, float *var);
typedef void fl_amp_scatter(const fl_amp_matrix *a, size_t rows, const float *g, const float *gp,
                            float *B, float *D);

/* gather of `gathered` rows from `next` on and scatter of `scattered` rows from `last` on, in one
 * pass: the same sums, in half of the time where memory is what one waits for. Without v (and D) only the
 * first of the two products of each. The rows differ. */
typedef struct fl_amp_exchange {
    const float *next, *last;
    size_t stride, gathered, scattered;
    const float *m, *v, *g, *gp;
    float *dot, *var, *B, *D;
} fl_amp_exchange;

typedef void fl_amp_exchanges(const fl_amp_exchange *e);

/* What the rows do, element by element (count = rows times runs): V = max(var, floor), the Onsager
 * term c <- (1 - damping) V g + damping c with the g of the step before, omega = dot - c, and
 *
 *   own = 1   x+- = (threshold +- omega) / sqrt V,  u = (ln Phi(x+) - ln Phi(x-))/2,
 *             p+- = 1/(1 + exp(-+2(H + u))),  g = (p+ R(x+) - p- R(x-)) / sqrt V,
 *             gp = -(p+ x+ R(x+) + p- x- R(x-)) / V - g^2;
 *   own = 0   the same with p+ = 1: a condition omega > -threshold without a variable of its own
 *             (u = 0, H unused). */
typedef struct fl_amp_factors {
    const float *dot, *var, *H, *threshold;
    float *g, *gp, *u, *c, *omega, *V;
    float damping, floor;
    int own;
    int brief; /* functions good to 2e-5, for solvers in 16 bits */
} fl_amp_factors;

typedef void fl_amp_factor(const fl_amp_factors *f, size_t count);

/* What the columns do: H = B - m D + e, h = H + u, m = tanh h, v = 1 - m^2, fields within +-40.
 * With damping, m and tanh H are (1 - damping) new + damping old, H that of the damped one. */
typedef struct fl_amp_columns {
    const float *B, *D, *e, *u;
    float *m, *v, *H, *h;
    float damping;
    int brief; /* as there; without damping */
} fl_amp_columns;

typedef void fl_amp_column(const fl_amp_columns *c, size_t count);

/* e = atanh(tanh g tanh((y - 1) atanh(tanh g tanh(h - e)))): the field of y - 1 other replicas that
 * hang on one centre with strength g, that of entry k at g[k % 16]. */
typedef void fl_amp_focus(const float *h, float *e, size_t count, const float *g, float y);

/* Rows of belief propagation in double: messages m_j into one factor, all of `count`, v_j = J_j^2
 * (1 - m_j^2), w and V the sums of J_j m_j and v_j over all. u_j is the answer to j, from what is
 * left without it. `own` = tanh of the own variable's cavity field. */
typedef struct fl_bp_row {
    const double *J, *m;
    double *u;
    double w, V, threshold, own, floor;
} fl_bp_row;

typedef void fl_bp_answer(const fl_bp_row *row, size_t count);

/* m_j = (1 - damping) tanh(h_j - u_j) + damping m_j. */
typedef void fl_bp_send(const double *h, const double *u, double *m, size_t count, double damping);

typedef struct fl_amp_kernel {
    fl_amp_gather *gather;
    fl_amp_scatter *scatter;
    fl_amp_exchanges *exchange;
    fl_amp_factor *factor;
    fl_amp_column *column;
    fl_amp_focus *focus;
    fl_bp_answer *answer;
    fl_bp_send *send;
} fl_amp_kernel;

extern const fl_amp_kernel fl_amp_scalar, fl_amp_avx2, fl_amp_avx512;

/* The kernels of the level in use (kernel.h). */
const fl_amp_kernel *fl_amp_choose(void);

#endif
