/* Sums over few neurons at eta < 0 (symmetric_sums.c), by convolution.
 *
 * With u = (t + m)/2 and v = (t - m)/2 the condition on a neuron is u, v >= 0, and h(u, v) is a normal density there.
 * The g-fold convolution is (P Q)^(g-1) / (g-1)!^2 times a function r_g(P, Q) that is smooth up to the edges,
 *   r_(a+b)(P, Q) = the mean of r_a(P x, Q y) r_b(P (1-x), Q (1-y)) over x, y, independent of density Beta(a, b),
 * r_1 = h: found by doubling, as polynomials through Chebyshev's points, the means by Gauss and Jacobi's rule. At
 * last the sum P + Q is fixed, or averaged over. */
#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/model/symmetric_sums.h"
#include "src/model/symmetry.h"

enum { NODES_MOST = 90 };

typedef struct quadrant {
    const fl_sums *sums;
    double length;   /* P, Q in [0, length] */
    double log_unit; /* ln h = log_unit + ln r_1 */
    size_t nodes, rule;
    double *x, *weight; /* nodes */
    double *r, *next;   /* nodes x nodes */
    double *
        scaled; /* [2][nodes][nodes][rule]: from the nodes to x_l beta_i, and to x_l (1 - beta_i) */
    double *beta, *beta_weight; /* the rule */
    double *rows, *points;      /* [2][rule][nodes], [2][rule] */
} quadrant;

/* The polynomial's weights at `at` of the values at the nodes. */
static void weights_at(const quadrant *q, double at, double *row) {
    double total = 0;
    for (size_t k = 0; k < q->nodes; k++) {
        double away = at - q->x[k];
        if (away == 0) {
            memset(row, 0, q->nodes * sizeof *row);
            row[k] = 1;
            return;
        }
        row[k] = q->weight[k] / away;
        total += row[k];
    }
    for (size_t k = 0; k < q->nodes; k++)
        row[k] /= total;
}

/* The rule of Beta(a, b), and the weights at all scaled nodes. */
static fl_status open_rule(quadrant *q, size_t a, size_t b) {
    gsl_integration_fixed_workspace *w = gsl_integration_fixed_alloc(
        gsl_integration_fixed_jacobi, q->rule, 0, 1, (double)b - 1, (double)a - 1);
    if (!w)
        return fl_fail(FL_ENOMEM, "out of memory for pairs of a small distance");
    double total = 0;
    memcpy(q->beta, gsl_integration_fixed_nodes(w), q->rule * sizeof *q->beta);
    memcpy(q->beta_weight, gsl_integration_fixed_weights(w), q->rule * sizeof *q->beta);
    gsl_integration_fixed_free(w);
    for (size_t i = 0; i < q->rule; i++)
        total += q->beta_weight[i];
    for (size_t i = 0; i < q->rule; i++)
        q->beta_weight[i] /= total;
    for (size_t part = 0; part < 2; part++)
        for (size_t l = 0; l < q->nodes; l++)
            for (size_t i = 0; i < q->rule; i++) {
                double *to = q->scaled + (part * q->nodes + l) * q->nodes * q->rule + i;
                weights_at(q, q->x[l] * (part ? 1 - q->beta[i] : q->beta[i]), q->rows);
                for (size_t k = 0; k < q->nodes; k++)
                    to[k * q->rule] = q->rows[k];
            }
    return FL_OK;
}

/* rows = weights * r: r along its first argument. */
static void along_first(const quadrant *q, const double *weights, const double *r, double *rows) {
    memset(rows, 0, q->rule * q->nodes * sizeof *rows);
    for (size_t k = 0; k < q->nodes; k++)
        for (size_t i = 0; i < q->rule; i++) {
            double weight = weights[k * q->rule + i], *row = rows + i * q->nodes;
            for (size_t j = 0; j < q->nodes; j++)
                row[j] += weight * r[k * q->nodes + j];
        }
}

/* points = row * weights: along the second. */
static void along_second(const quadrant *q, const double *weights, const double *row,
                         double *points) {
    memset(points, 0, q->rule * sizeof *points);
    for (size_t k = 0; k < q->nodes; k++) {
        const double *weight = weights + k * q->rule, value = row[k];
        for (size_t j = 0; j < q->rule; j++)
            points[j] += value * weight[j];
    }
}

/* The mean at a pair of nodes, from the rows of the first and the place of the second. */
static double mean_at(const quadrant *q, size_t second) {
    const size_t block = q->nodes * q->rule;
    double sum = 0;
    for (size_t i = 0; i < q->rule; i++) {
        double part = 0;
        for (size_t side = 0; side < 2; side++)
            along_second(q, q->scaled + (side * q->nodes + second) * block,
                         q->rows + side * block + i * q->nodes, q->points + side * q->rule);
        for (size_t j = 0; j < q->rule; j++)
            part += q->beta_weight[j] * q->points[j] * q->points[q->rule + j];
        sum += q->beta_weight[i] * part;
    }
    return sum;
}

/* r_a and r_b (at `other`) become r_(a+b), which is symmetric. */
static fl_status convolve(quadrant *q, size_t a, const double *other, size_t b) {
    const size_t block = q->rule * q->nodes;
    FL_CHECK(open_rule(q, a, b));
    for (size_t l = 0; l < q->nodes; l++) {
        along_first(q, q->scaled + l * block, q->r, q->rows);
        along_first(q, q->scaled + (q->nodes + l) * block, other, q->rows + block);
        for (size_t m = 0; m <= l; m++)
            q->next[l * q->nodes + m] = q->next[m * q->nodes + l] = mean_at(q, m);
    }
    memcpy(q->r, q->next, q->nodes * q->nodes * sizeof *q->r);
    return FL_OK;
}

/* r_1, at the nodes. */
static void first_of(const quadrant *q, double *r) {
    for (size_t l = 0; l < q->nodes; l++)
        for (size_t m = 0; m < q->nodes; m++) {
            double t = (q->x[l] + q->x[m] - q->sums->t) / q->sums->sigma;
            double apart = (q->x[l] - q->x[m]) / q->sums->spread;
            r[l * q->nodes + m] = exp(-0.5 * (t * t + apart * apart));
        }
}

/* r_size, bit by bit. */
static fl_status raise_to_size(quadrant *q) {
    size_t size = (size_t)q->sums->size, bit = 1, reached = 1;
    double *one = malloc(q->nodes * q->nodes * sizeof *one);
    if (!one)
        return fl_fail(FL_ENOMEM, "out of memory for pairs of a small distance");
    first_of(q, one);
    memcpy(q->r, one, q->nodes * q->nodes * sizeof *one);
    while (bit * 2 <= size)
        bit *= 2;
    fl_status status = FL_OK;
    for (bit /= 2; status == FL_OK && bit > 0; bit /= 2) {
        status = convolve(q, reached, q->r, reached);
        reached *= 2;
        if (status == FL_OK && (size & bit))
            status = convolve(q, reached++, one, 1);
    }
    free(one);
    return status;
}

/* The density of (sum t, sum m), without units. */
static double density_of_sums(const quadrant *q, double t, double m, double *row) {
    double p = 0.5 * (t + m), s = fmax(0.5 * (t - m), 0), sum = 0;
    weights_at(q, s, row);
    weights_at(q, p, row + q->nodes);
    for (size_t k = 0; k < q->nodes; k++) {
        double part = 0;
        for (size_t j = 0; j < q->nodes; j++)
            part += row[q->nodes + j] * q->r[k * q->nodes + j];
        sum += row[k] * part;
    }
    return pow(4 * p * s / (q->length * q->length), q->sums->size - 1) * sum;
}

/* a(s) in units of e^(log_unit ...): averaged over the sum of the t. */
static double averaged(const void *context, double s) {
    const quadrant *q = context;
    const fl_sums *sums = q->sums;
    double row[2 * NODES_MOST], m = s * sums->spread * sqrt(sums->size), sum = 0;
    double centre = sums->size * sums->t;
    if (!(sums->width > 0))
        return m < q->length ? density_of_sums(q, centre, m, row) : 0;
    double low = fmax(m, centre - 8.5 * sums->width);
    int panels = (int)ceil(3 * sums->fine);
    double half = 0.5 * (q->length - low) / panels;
    for (int p = 0; p < panels && half > 0; p++)
        for (int i = 0; i < FL_LEGENDRE; i++) {
            double t = low + half * (2 * p + 1 + fl_legendre[i][0]),
                   away = (t - centre) / sums->width;
            sum +=
                half * fl_legendre[i][1] * exp(-0.5 * away * away) * density_of_sums(q, t, m, row);
        }
    return sum / (sums->width * sqrt(2 * M_PI));
}

/* How far P + Q is looked at. Both Gaussians of it, times (P + Q)^(2 g - 1). */
static double length_of(const fl_sums *sums) {
    double centre = sums->size * sums->t, power = 2 * sums->size - 1;
    if (!(sums->width > 0))
        return centre;
    double precision =
        1 / (sums->size * sums->sigma * sums->sigma) + 1 / (sums->width * sums->width);
    double mode = 0.5 * (centre + sqrt(centre * centre + 4 * power / precision));
    return mode + 7.5 / sqrt(precision + power / (mode * mode));
}

static fl_status open_quadrant(quadrant *q, const fl_sums *sums) {
    q->sums = sums;
    q->length = length_of(sums);
    double scale = 1 / hypot(1 / sums->sigma, 1 / sums->spread), ratio = q->length / scale;
    q->nodes = (size_t)(sums->fine * (16 + 2.4 * ratio));
    q->rule = (size_t)(sums->fine * (12 + 1.4 * ratio));
    if (!(ratio < (sums->size > FL_SUMS_FEW ? 12 : 30) && q->nodes <= NODES_MOST))
        return fl_fail(
            FL_UNDECIDED,
            "the mean number of pairs of so small a distance is not decided at eta near -1");
    size_t square = q->nodes * q->nodes, rows = q->rule * q->nodes;
    q->x = calloc(2 * q->nodes + 2 * square + 2 * rows * q->nodes + 4 * q->rule + 2 * rows,
                  sizeof *q->x);
    if (!q->x)
        return fl_fail(FL_ENOMEM, "out of memory for pairs of a small distance");
    q->weight = q->x + q->nodes;
    q->r = q->weight + q->nodes;
    q->next = q->r + square;
    q->scaled = q->next + square;
    q->beta = q->scaled + 2 * rows * q->nodes;
    q->beta_weight = q->beta + q->rule;
    q->rows = q->beta_weight + q->rule;
    q->points = q->rows + 2 * rows;
    fl_chebyshev(0, q->length, q->nodes, q->x, q->weight);
    return FL_OK;
}

fl_status fl_sums_of_few(const fl_sums *sums, fl_sums_density *density) {
    quadrant q = {0};
    FL_CHECK(open_quadrant(&q, sums));
    fl_status status = raise_to_size(&q);
    double g = sums->size, stretch = sums->spread * sqrt(g);
    double unit = g * (M_LN2 - log(2 * M_PI * sums->sigma * sums->spread)) - M_LN2;
    double top =
        sums->log_front + log(stretch) + unit + 2 * (g - 1) * log(0.5 * q.length) - 2 * lgamma(g);
    if (status == FL_OK)
        status = fl_sums_table(sums, averaged, &q, top, q.length / stretch, density);
    free(q.x);
    return status;
}
