/* Pairs of fixed points of networks with nearly or wholly antisymmetric couplings, by real sums: see
 * symmetric_pairs.c for the other way, whose series converges slowly there.
 *
 * With u_i, v_i the aligned fields in the two configurations, t_i = 2 J_D + u_i + v_i has to exceed |m_i|,
 * m_i = u_i - v_i, for all i. Let g neurons be of one kind and o of the other. The t are independent of the m, and
 * those of one kind of those of the other; within a kind they have variance 4 (g-1) and covariance 4 eta. The m are
 * independent within a kind, of variance 4 o, with covariance 4 eta across: so the sums s = (sum of m) / sqrt(4 o g)
 * of the two kinds have correlation eta, and nothing else connects the kinds. With a(s), b(s) their densities
 * together with the conditions,
 *   E[M_d] = 2^N C(N,d) Int ds ds' a(s) b(s') p(s, s') / (phi(s) phi(s')),
 * p the bivariate normal density; at eta = -1 a single integral over s = -s'. Everything is positive and real.
 *   The density of the t of a kind is that of independent normals of variance sigma^2 = 4 (g-1-eta), times
 * sqrt(2 pi) sigma^2 / (2 sqrt |eta|) and a normal density of their sum about 2 g J_D, of variance
 * sigma^2 (g-1)(1+eta)/|eta|: at eta = -1 the sum is fixed. theory/README.md, section 10. */
#include "src/model/symmetric_sums.h"

#include <math.h>
#include <stdlib.h>

#include "fixland/gaussian.h"
#include "src/model/symmetry.h"

void fl_chebyshev(double low, double high, size_t count, double *x, double *weight) {
    for (size_t j = 0; j < count; j++) {
        double angle = M_PI * ((double)j + 0.5) / (double)count;
        x[j] = low + 0.5 * (high - low) * (1 - cos(angle));
        weight[j] = (j % 2 ? -1 : 1) * sin(angle);
    }
}

/* Where a(s) ends. */
static double reach_of_density(fl_sums_function *a, const void *context, double scale,
                               double most) {
    double least = 0, reach = fmin(most, 7.7); /* phi is 1e-13 there */
    for (int step = 0; step < 12; step++) {
        double middle = 0.5 * (least + reach);
        *(a(context, middle) > 1e-13 * scale ? &least : &reach) = middle;
    }
    return reach;
}

/* Panels: with the sum of the t nearly fixed, a bends or ends where the sum of the m reaches it. */
static void fill_edges(const fl_sums *sums, double reach, fl_sums_density *density) {
    double stretch = sums->spread * sqrt(sums->size), end = sums->size * sums->t / stretch;
    double blur = 8 * sums->width / stretch, at[] = {end - blur, end + 0.25 * blur};
    density->panels = 0;
    for (size_t i = 0; i < 2; i++)
        if (blur > 0 && at[i] > 0.02 * reach && at[i] < reach)
            density->edge[++density->panels] = at[i];
    density->edge[++density->panels] = reach;
    density->edge[0] = 0;
}

fl_status fl_sums_table(const fl_sums *sums, fl_sums_function *a, const void *context, double top,
                        double most, fl_sums_density *density) {
    double scale = a(context, 0);
    if (!(scale > 0))
        return fl_fail(FL_UNDECIDED, "the mean number of pairs is lost to rounding at eta near -1");
    fill_edges(sums, reach_of_density(a, context, scale, most), density);
    density->top = top + log(scale);
    density->nodes = (size_t)(48 * sums->fine);
    size_t all = density->panels * density->nodes;
    density->x = malloc(3 * all * sizeof *density->x);
    if (!density->x)
        return fl_fail(FL_ENOMEM, "out of memory for the pairs at a distance");
    density->weight = density->x + all;
    density->value = density->weight + all;
    for (size_t p = 0; p < density->panels; p++)
        fl_chebyshev(density->edge[p], density->edge[p + 1], density->nodes,
                     density->x + p * density->nodes, density->weight + p * density->nodes);
    for (size_t j = 0; j < all; j++)
        density->value[j] = fmax(a(context, density->x[j]), 0) / scale;
    return FL_OK;
}

/* One neuron: t = 2 J_D, and a is the normal density up to there. */
static double single_density(const void *context, double s) {
    (void)context;
    return fl_normal_pdf(s);
}

static fl_status density_of(double size, double other, double jd, double eta, double fine,
                            fl_sums_density *density) {
    double sigma = 2 * sqrt(size - 1 - eta), weak = fabs(eta);
    fl_sums sums = {.size = size,
                    .other = other,
                    .sigma = sigma,
                    .spread = 2 * sqrt(other),
                    .t = 2 * jd,
                    .width = sigma * sqrt(fmax((size - 1) * (1 + eta) / weak, 0)),
                    .log_front = 0.5 * log(2 * M_PI) + log(0.5 * sigma * sigma / sqrt(weak)),
                    .fine = fine};
    if (size == 1)
        return fl_sums_table(&sums, single_density, NULL, 0, jd / sqrt(other), density);
    fl_status status = size <= FL_SUMS_SEVERAL ? fl_sums_of_few(&sums, density) : FL_UNDECIDED;
    return status == FL_UNDECIDED && size > FL_SUMS_FEW ? fl_sums_of_many(&sums, density) : status;
}

static double density_at(const fl_sums_density *a, double s) {
    size_t panel = 0;
    if (s > a->edge[a->panels])
        return 0;
    while (panel + 1 < a->panels && s > a->edge[panel + 1])
        panel++;
    double total = 0, sum = 0;
    for (size_t j = panel * a->nodes; j < (panel + 1) * a->nodes; j++) {
        double away = s - a->x[j];
        if (away == 0)
            return a->value[j];
        total += a->weight[j] / away;
        sum += a->weight[j] / away * a->value[j];
    }
    return fmax(sum / total, 0);
}

/* The integral over s' in [low, high] of b(|s'|) p(s' | s) / phi(s'), in panels. */
static double conditioned_part(const fl_sums_density *b, double s, double eta, double low,
                               double high) {
    double width = sqrt((1 - eta) * (1 + eta)), sum = 0;
    low = fmax(low, eta * s - 8.5 * width);
    high = fmin(high, eta * s + 8.5 * width);
    if (!(low < high))
        return 0;
    int panels = (int)ceil((high - low) / (4 * width));
    double half = 0.5 * (high - low) / panels;
    for (int p = 0; p < panels; p++)
        for (int i = 0; i < FL_LEGENDRE; i++) {
            double x = low + half * (2 * p + 1 + fl_legendre[i][0]), z = (x - eta * s) / width;
            sum += half * fl_legendre[i][1] * density_at(b, fabs(x)) * exp(0.5 * (x - z) * (x + z));
        }
    return sum / width;
}

/* The integral over s' of b(s') p(s, s') / (phi(s) phi(s')). */
static double conditioned(const fl_sums_density *b, double s, double eta) {
    double sum = 0;
    if (eta == -1)
        return density_at(b, s) * exp(0.5 * s * s) * sqrt(2 * M_PI);
    for (size_t p = 0; p < b->panels; p++)
        sum += conditioned_part(b, s, eta, -b->edge[p + 1], -b->edge[p]) +
               conditioned_part(b, s, eta, b->edge[p], b->edge[p + 1]);
    return sum;
}

enum { MOST_PLACES = 7 * (FL_SUMS_PANELS + 1) };

static int compare_places(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Where panels of the integral over s end: edges of both, those of b blurred. */
static size_t fill_places(const fl_sums_density *a, const fl_sums_density *b, double eta,
                          double *place) {
    const double blur = sqrt((1 - eta) * (1 + eta)), times[] = {0, -2.5, 2.5, -8.5, 8.5};
    size_t count = 0;
    for (size_t p = 0; p <= a->panels; p++)
        place[count++] = a->edge[p];
    for (size_t p = 0; p <= b->panels; p++)
        for (size_t i = 0; i < (blur > 0 ? 5 : 1); i++)
            place[count++] =
                fmin(fmax(b->edge[p] / fabs(eta) + times[i] * blur, 0), a->edge[a->panels]);
    qsort(place, count, sizeof *place, compare_places);
    return count;
}

static double contract(const fl_sums_density *a, const fl_sums_density *b, double eta,
                       double fine) {
    double place[MOST_PLACES], sum = 0;
    size_t count = fill_places(a, b, eta, place);
    int panels = (int)ceil(2 * fine);
    for (size_t p = 0; p + 1 < count; p++) {
        double half = 0.5 * (place[p + 1] - place[p]) / panels;
        for (int i = 0; half > 0 && i < panels * FL_LEGENDRE; i++) {
            const double *rule = fl_legendre[i % FL_LEGENDRE];
            double s = place[p] + half * (2 * (i / FL_LEGENDRE) + 1 + rule[0]);
            sum += half * rule[1] * density_at(a, s) * conditioned(b, s, eta);
        }
    }
    return log(2 * sum) + a->top + b->top;
}

static fl_status log_both(double n, double d, double jd, double eta, double fine,
                          double *log_probability) {
    fl_sums_density differing = {0}, agreeing = {0};
    fl_status status = density_of(d, n - d, jd, eta, fine, &differing);
    if (status == FL_OK)
        status = density_of(n - d, d, jd, eta, fine, &agreeing);
    if (status == FL_OK)
        *log_probability = contract(&differing, &agreeing, eta, fine);
    free(differing.x);
    free(agreeing.x);
    return status;
}

fl_status fl_log_pair_by_sums(double n, double d, double jd, double eta, double *log_probability) {
    double coarse;
    FL_CHECK(log_both(n, d, jd, eta, 0.87, &coarse));
    FL_CHECK(log_both(n, d, jd, eta, 1, log_probability));
    if (!(fabs(*log_probability - coarse) < 1e-9))
        return fl_fail(FL_UNDECIDED,
                       "the mean number of pairs at distance %g of %g is not decided at eta = %g",
                       d, n, eta);
    return FL_OK;
}
