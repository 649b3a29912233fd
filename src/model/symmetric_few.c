/* Pairs of fixed points that differ in few neurons, for couplings nearly or wholly antisymmetric: see
 * symmetric_pairs.c, whose integral along the imaginary axis has a long tail there.
 *
 * Of the d neurons that differ, t_i = 2 J_D + u_i + v_i has to exceed |m_i|, m_i = u_i - v_i. The m_i are
 * independent given z, which shifts them by 2 z; the sums have variance 4 (d-1) and covariance 4 eta. So their
 * density is that of independent normals of variance sigma^2 = 4 (d-1-eta), times a Gaussian of their sum S about
 * 2 d J_D, of variance sigma^2 (d-1)(1+eta)/|eta|: at eta = -1 the sum is fixed. With
 *   h(t) = exp(-(t - 2 J_D)^2/(2 sigma^2)) P(|m + 2 z| < t),   t >= 0,
 * g(z) is the d-fold convolution of h, at S or averaged over it: everything is positive. Functions are
 * polynomials through Chebyshev's points, their values series in z. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/gaussian.h"
#include "src/model/symmetry.h"

enum { EVEN = FL_PAIR_ORDER / 2, NODES_MOST = 160 };

/* Coefficients of z^0, z^2, z^4, ... */
typedef struct even {
    double at[EVEN];
} even;

/* All in units of the private standard deviation. */
typedef struct few {
    double k, s, sigma; /* J_D, standard deviations of m and of t */
    double low, length; /* t = low + x; sums are looked at for x in [0, length] */
    size_t nodes;
    double *x, *weight; /* nodes, and their barycentric weights */
} few;

/* h at low + x. */
static even factor_of(const few *f, double x) {
    double t = f->low + x, away = (t - 2 * f->k) / f->sigma, r = t / f->s, stretch = 2 / f->s;
    double gauss = exp(-0.5 * away * away), odd = 0, y = fl_normal_pdf(r) * gauss;
    even h;
    h.at[0] = erf(r * M_SQRT1_2) * gauss;
    /* y: the density of m at t - 2 z, whose odd part is the derivative by z. */
    for (int n = 1; n < EVEN; n++) {
        odd = (r * stretch * y - stretch * stretch * odd) / (2 * n - 1);
        h.at[n] = -2 * stretch * odd / (2 * n);
        y = (r * stretch * odd - stretch * stretch * y) / (2 * n);
    }
    return h;
}

static void add_product(const even *a, const even *b, double weight, even *sum) {
    for (int n = 0; n < EVEN; n++)
        for (int i = 0; i <= n; i++)
            sum->at[n] += weight * a->at[i] * b->at[n - i];
}

static even between_nodes(const few *f, const even *values, double x) {
    double total = 0;
    even sum = {{0}};
    for (size_t j = 0; j < f->nodes; j++) {
        double away = x - f->x[j];
        if (away == 0)
            return values[j];
        double w = f->weight[j] / away;
        total += w;
        for (int n = 0; n < EVEN; n++)
            sum.at[n] += w * values[j].at[n];
    }
    for (int n = 0; n < EVEN; n++)
        sum.at[n] /= total;
    return sum;
}

/* The convolution of `values` with h, at x. */
static even convolved(const few *f, const even *values, double x) {
    even sum = {{0}};
    int panels = 1 + (int)(x / (1.5 * f->sigma));
    double half = 0.5 * x / panels;
    for (int p = 0; p < panels; p++)
        for (int i = 0; i < FL_LEGENDRE; i++) {
            double at = half * (2 * p + 1 + fl_legendre[i][0]);
            even a = between_nodes(f, values, at), h = factor_of(f, x - at);
            add_product(&a, &h, half * fl_legendre[i][1], &sum);
        }
    return sum;
}

static fl_status nodes_of(few *f) {
    f->nodes = 24 + (size_t)(6 * f->length / f->sigma);
    if (f->nodes > NODES_MOST)
        return fl_fail(FL_UNDECIDED,
                       "the mean number of pairs of so small a distance is not decided "
                       "at eta near -1");
    f->x = malloc(2 * f->nodes * sizeof *f->x);
    if (!f->x)
        return fl_fail(FL_ENOMEM, "out of memory for pairs of a small distance");
    f->weight = f->x + f->nodes;
    for (size_t j = 0; j < f->nodes; j++) {
        double angle = M_PI * ((double)j + 0.5) / (double)f->nodes;
        f->x[j] = 0.5 * f->length * (1 - cos(angle));
        f->weight[j] = (j % 2 ? -1 : 1) * sin(angle);
    }
    return FL_OK;
}

/* The average over the sum, whose mean is `centre` in x; at one value where `width` is 0. */
static even averaged(const few *f, const even *values, double centre, double width) {
    if (!(width > 0))
        return convolved(f, values, centre);
    enum { PANELS = 6 };
    even sum = {{0}};
    double from = fmax(centre - 9 * width, 0), half = 0.5 * (f->length - from) / PANELS;
    for (int p = 0; p < PANELS; p++)
        for (int i = 0; i < FL_LEGENDRE; i++) {
            double x = from + half * (2 * p + 1 + fl_legendre[i][0]), away = (x - centre) / width;
            double weight = half * fl_legendre[i][1] * exp(-0.5 * away * away);
            even c = convolved(f, values, x);
            for (int n = 0; n < EVEN; n++)
                sum.at[n] += weight * c.at[n];
        }
    return sum;
}

fl_status fl_few_differing(double k, double n, double d, double eta, double *top, double *out) {
    double private = n - 1 - eta;
    few f = {.k = k, .s = 2 * sqrt((n - d) / private), .sigma = 2 * sqrt((d - 1 - eta) / private)};
    double width = f.sigma * sqrt(fmax((d - 1) * (1 + eta) / -eta, 0));
    f.low = fmax(2 * k - 9 * f.sigma, 0);
    double centre = d * (2 * k - f.low);
    f.length = centre + 9 * width;
    FL_CHECK(nodes_of(&f));
    even *values = malloc(2 * f.nodes * sizeof *values), *next = values + f.nodes;
    if (!values) {
        free(f.x);
        return fl_fail(FL_ENOMEM, "out of memory for pairs of a small distance");
    }
    for (size_t j = 0; j < f.nodes; j++)
        values[j] = factor_of(&f, f.x[j]);
    for (int times = 2; times < (int)d; times++) {
        for (size_t j = 0; j < f.nodes; j++)
            next[j] = convolved(&f, values, f.x[j]);
        memcpy(values, next, f.nodes * sizeof *values);
    }
    even g = averaged(&f, values, centre, width);
    *top = -0.5 * d * log(2 * M_PI) - (d - 1) * log(f.sigma);
    *top += width > 0 ? -0.5 * log(4 * (d - 1) * (1 + eta) / private) : 0.5 * log(2 * M_PI * d);
    for (int i = 0; i < FL_PAIR_ORDER; i++)
        out[i] = i % 2 ? 0 : g.at[i / 2];
    free(values);
    free(f.x);
    return FL_OK;
}
