/* The integral over u: Int Du cosh(sqrt(qh) u + b)^m and the moments that derivatives need.
 *
 * The integrand is analytic for |Im x| < pi/2 and Gaussian at infinity, so the trapezoidal rule
 * converges exponentially: its error is e^(-2 pi^2/h^2) when the step h in u is what counts and
 * e^(-pi^2/(h sqrt(qh))) when the zeros of cosh are near. Cutting at |u| = m sqrt(qh) + 9.5 leaves
 * less than e^-45 out, since beyond m sqrt(qh) the integrand falls faster than a standard normal.
 *
 * For large m most of that range is empty. The exponent -u^2/2 + m ln cosh(x) has a second
 * derivative of at least -1, so between two points at distance D it exceeds the larger of their
 * values by D^2/8 at most: segments whose ends are negligible by that margin are skipped, without
 * loss. theory/README.md, Eq. 12. */
#include "theory/replica.h"

#include <math.h>
#include <stdlib.h>

enum { GRID_LIMIT = 1 << 22, STRIDE = 8 };

fl_status fl_cosh_grid_init(fl_cosh_grid *grid, double m, double qh, int level) {
    double root = sqrt(qh), step = fmin(0.8, 0.4 / root) * pow(0.75, level);
    double half = ceil((m * root + 9.5) / (step * STRIDE)) * STRIDE;
    if (!(half < GRID_LIMIT))
        return fl_fail(FL_UNDECIDED, "m = %g with conjugate overlap %g needs too fine a grid", m,
                       qh);
    long k = (long)half;
    size_t count = (size_t)(2 * k + 1);
    double *memory = malloc(3 * count * sizeof *memory);
    if (!memory)
        return fl_fail(FL_ENOMEM, "no memory for a grid of %zu points", count);
    *grid = (fl_cosh_grid){m, step, count, memory, memory + count, memory + 2 * count};
    for (long i = -k; i <= k; i++) {
        double u = step * (double)i;
        grid->x[i + k] = root * u;
        grid->log_weight[i + k] = -0.5 * u * u + log(step) - 0.5 * log(2 * M_PI);
    }
    return FL_OK;
}

void fl_cosh_grid_clear(fl_cosh_grid *grid) {
    free(grid->x);
    *grid = (fl_cosh_grid){0};
}

/* ln cosh(a + b) - |b|, without the rounding error of a large b; *e is exp(-2 |a + b|). */
static double log_cosh_less(double a, double b, double *e) {
    double x = a + b, sign = copysign(1, b);
    *e = exp(-2 * fmin(fabs(x), 300)); /* past that 0 costs more than it is worth */
    return (sign * x >= 0 ? sign * a : -sign * a - 2 * fabs(b)) + log1p(*e) - M_LN2;
}

/* The sums over the nodes begin .. end - 1, relative to e^top. */
typedef struct sums {
    double weight, t1, t2, t3, t4, l0, l1, l2, ll;
} sums;

static void add_segment(const fl_cosh_grid *grid, double b, double top, size_t begin, size_t end,
                        sums *s) {
    for (size_t i = begin; i < end; i++) {
        double e, l = log_cosh_less(grid->x[i], b, &e);
        double t = copysign((1 - e) / (1 + e), grid->x[i] + b);
        double w = exp(grid->log_weight[i] + grid->m * l - top), y = t * t, wl = w * l;
        s->weight += w, s->t1 += w * t, s->t2 += w * y, s->t3 += w * t * y, s->t4 += w * y * y;
        s->l0 += wl, s->l1 += wl * t, s->l2 += wl * y, s->ll += wl * l;
    }
}

/* The exponent at every STRIDE-th node into grid->work; returns the largest. */
static double survey(const fl_cosh_grid *grid, double b) {
    double top = -INFINITY;
    for (size_t i = 0, k = 0; i < grid->count; i += STRIDE, k++) {
        double e;
        grid->work[k] = grid->log_weight[i] + grid->m * log_cosh_less(grid->x[i], b, &e);
        top = fmax(top, grid->work[k]);
    }
    return top;
}

void fl_cosh_moments(const fl_cosh_grid *grid, double b, fl_cosh *moments) {
    double top = survey(grid, b), length = STRIDE * grid->step, *ends = grid->work;
    double least = top - FL_LOG_NEGLIGIBLE - 0.125 * length * length;
    sums s = {0};
    for (size_t i = 0, k = 0; i + STRIDE < grid->count; i += STRIDE, k++)
        if (ends[k] >= least || ends[k + 1] >= least)
            add_segment(grid, b, top, i, i + STRIDE, &s);
    add_segment(grid, b, top, grid->count - 1, grid->count, &s);
    double w = s.weight;
    *moments = (fl_cosh){top + log(w),
                         {1, s.t1 / w, s.t2 / w, s.t3 / w, s.t4 / w},
                         {s.l0 / w, s.l1 / w, s.l2 / w},
                         s.ll / w};
}
