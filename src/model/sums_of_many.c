/* Sums over many neurons at eta < 0 (symmetric_sums.c), by Fourier sums.
 *
 * c(x, y) = the integral of the density of one neuron's (t, m), |m| < t, times e^(-k t + i x t + i y m), with the k
 * at which the sum of the t has its most probable value where it is wanted: no cancellation. Its g-th power is
 * transformed back along x at once (the sum of the t is fixed, or averaged over), along y for each s. c falls
 * like a power, its power soon. */
#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "src/model/symmetric_sums.h"
#include "src/model/symmetry.h"

enum { RANGE_T = 18, RANGE_M = 26 }; /* standard deviations of the sums before they repeat */

typedef struct waves {
    const fl_sums *sums;
    double tilt, log_one;      /* k; ln c(0, 0) */
    double spread_t, spread_m; /* standard deviations of t and m under c */
    size_t nodes;
    double *t, *weight, *half; /* nodes of t, weights times density over c(0, 0), half panels */
    double step_x, step_y;
    size_t count_x, count_y;
    double *wave; /* of y */
} waves;

static double centre_at(const fl_sums *sums, double tilt) {
    return sums->t - tilt * sums->sigma * sums->sigma;
}

/* ln of what the weights leave out: the exponent where it is largest, and the norm. */
static double left_out_at(const fl_sums *sums, double tilt) {
    double centre = centre_at(sums, tilt), r = sums->t / sums->sigma;
    return (centre < 0 ? -0.5 * r * r : -0.5 * tilt * (sums->t + centre)) - log(sums->sigma) -
           0.5 * log(2 * M_PI);
}

/* Nodes for t in [0, end], panels of `panel` at the most; the weights at this tilt. */
static fl_status open_nodes(waves *w, double end, double panel) {
    const fl_sums *sums = w->sums;
    size_t panels = (size_t)ceil(end / panel);
    free(w->t);
    w->nodes = panels * FL_LEGENDRE;
    w->t = malloc(3 * w->nodes * sizeof *w->t);
    if (!w->t)
        return fl_fail(FL_ENOMEM, "out of memory for the pairs at a distance");
    w->weight = w->t + w->nodes;
    w->half = w->weight + w->nodes;
    double half = 0.5 * end / (double)panels, centre = centre_at(sums, w->tilt);
    double nearest = fmax(centre, 0) - centre;
    for (size_t j = 0; j < w->nodes; j++) {
        const double *rule = fl_legendre[j % FL_LEGENDRE];
        double t = half * ((double)(2 * (j / FL_LEGENDRE) + 1) + rule[0]), away = t - centre;
        w->t[j] = t;
        w->half[j] = half;
        w->weight[j] =
            half * rule[1] *
            exp(-0.5 * (away - nearest) * (away + nearest) / (sums->sigma * sums->sigma));
    }
    return FL_OK;
}

/* Where the density of t has fallen to e^-40. */
static double end_of(const fl_sums *sums, double tilt) {
    double centre = centre_at(sums, tilt), s = sums->sigma;
    return centre > 0 ? centre + 9 * s : centre + sqrt(centre * centre + 80 * s * s);
}

/* Sums over the nodes for y = 0: c, and the means of t, t^2, m^2 under it. */
static fl_status moments_at(waves *w, double tilt, double *mean, double *square, double *square_m,
                            double *log_one) {
    const fl_sums *sums = w->sums;
    double end = end_of(sums, tilt), sum[4] = {0};
    w->tilt = tilt;
    FL_CHECK(open_nodes(w, end, fmin(0.6 * fmin(sums->sigma, sums->spread), end / 40)));
    for (size_t j = 0; j < w->nodes; j++) {
        double t = w->t[j], r = t / sums->spread, inside = erf(r * M_SQRT1_2);
        double within = inside - r * sqrt(2 / M_PI) * exp(-0.5 * r * r); /* of m^2 */
        sum[0] += w->weight[j] * inside;
        sum[1] += w->weight[j] * inside * t;
        sum[2] += w->weight[j] * inside * t * t;
        sum[3] += w->weight[j] * within;
    }
    *mean = sum[1] / sum[0];
    *square = sum[2] / sum[0];
    *square_m = sums->spread * sums->spread * sum[3] / sum[0];
    *log_one = log(sum[0]) + left_out_at(sums, tilt);
    return FL_OK;
}

/* The tilt k >= 0 at which size * (mean of t) = size * 2 J_D + k width^2. */
static fl_status find_tilt(waves *w) {
    const fl_sums *sums = w->sums;
    double low = 0, high = 1 / sums->sigma, mean, square, square_m;
    bool bracketed = false;
    for (int step = 0; step < 200; step++) {
        double tilt = bracketed ? 0.5 * (low + high) : high;
        FL_CHECK(moments_at(w, tilt, &mean, &square, &square_m, &w->log_one));
        double miss = sums->size * (mean - sums->t) - tilt * sums->width * sums->width;
        if (miss > 0)
            low = tilt;
        else
            high = tilt, bracketed = true;
        if (!bracketed)
            high *= 2;
        else if (high - low < 1e-6 * high)
            break;
    }
    w->spread_t = sqrt(square - mean * mean);
    w->spread_m = sqrt(square_m);
    return FL_OK;
}

/* P_l(x), l = 0 .. FL_LEGENDRE. */
static void legendre_at(double x, double *p) {
    p[0] = 1;
    p[1] = x;
    for (int l = 1; l < FL_LEGENDRE; l++)
        p[l + 1] = ((2 * l + 1) * x * p[l] - l * p[l - 1]) / (l + 1);
}

/* part[i][j]: weight of node j in the integral from -1 to node i; the last row to 1. */
typedef double part_rule[FL_LEGENDRE + 1][FL_LEGENDRE];

static void fill_part_rule(part_rule part) {
    for (int i = 0; i <= FL_LEGENDRE; i++) {
        double to = i < FL_LEGENDRE ? fl_legendre[i][0] : 1, p[FL_LEGENDRE + 1], q[FL_LEGENDRE + 1];
        legendre_at(to, p);
        for (int j = 0; j < FL_LEGENDRE; j++) {
            legendre_at(fl_legendre[j][0], q);
            double sum = 0.5 * (to + 1);
            for (int l = 1; l < FL_LEGENDRE; l++)
                sum += 0.5 * q[l] * (p[l + 1] - p[l - 1]);
            part[i][j] = fl_legendre[j][1] * sum;
        }
    }
}

/* weight * Int_-t^t of the density of m times cos(y m), at all nodes; over c(0, 0). */
static void inner_at(const waves *w, part_rule part, double y, double norm, double *inner) {
    double before = 0, spread = w->sums->spread, unit = 2 / (spread * sqrt(2 * M_PI));
    for (size_t from = 0; from < w->nodes; from += FL_LEGENDRE) {
        double value[FL_LEGENDRE], total = 0;
        for (int j = 0; j < FL_LEGENDRE; j++) {
            double m = w->t[from + (size_t)j], r = m / spread;
            value[j] = unit * w->half[from] * exp(-0.5 * r * r) * cos(y * m);
        }
        for (int i = 0; i <= FL_LEGENDRE; i++) {
            double sum = before;
            for (int j = 0; j < FL_LEGENDRE; j++)
                sum += part[i][j] * value[j];
            if (i < FL_LEGENDRE)
                inner[from + (size_t)i] = w->weight[from + (size_t)i] * sum * norm;
            else
                total = sum;
        }
        before = total;
    }
}

/* |c(x, y)| / c(0, 0), for finding how far it matters. */
static double modulus_at(const waves *w, part_rule part, double x, double y, double norm,
                         double *inner) {
    double complex sum = 0;
    inner_at(w, part, y, norm, inner);
    for (size_t j = 0; j < w->nodes; j++)
        sum += inner[j] * cexp(I * x * w->t[j]);
    return cabs(sum);
}

/* The frequency beyond which the power of c is below 1e-12, on the axes and between them. */
static double reach_of(const waves *w, part_rule part, double norm, double *inner) {
    double reach = 1 / hypot(w->spread_t, w->spread_m),
           floor = exp(-31 * w->sums->fine / w->sums->size);
    for (int step = 0; step < 40; step++, reach *= 1.2)
        if (modulus_at(w, part, reach, reach, norm, inner) < floor &&
            modulus_at(w, part, 0, reach, norm, inner) < floor &&
            modulus_at(w, part, reach, 0, norm, inner) < floor)
            break;
    return reach;
}

static double complex raised(double complex c, size_t power) {
    double complex result = 1;
    for (; power; power >>= 1, c *= c)
        if (power & 1)
            result *= c;
    return result;
}

/* wave[y] = the sum over x of c^size, with the phase and the Gaussian of the sum of the t. */
static double summed_over_x(const waves *w, const double *re, const double *im) {
    double square = w->sums->width * w->sums->width, sum = 0;
    double at = w->sums->size * w->sums->t + w->tilt * square;
    for (size_t i = 0; i < w->count_x; i++) {
        double x = (double)i * w->step_x;
        double complex c = raised(re[i] + I * im[i], (size_t)w->sums->size) * cexp(-I * x * at);
        sum += (i ? 2 : 1) * creal(c) * exp(-0.5 * x * x * square);
    }
    return sum;
}

static fl_status fill_wave(waves *w, part_rule part, double norm) {
    size_t row = w->count_x;
    double *inner = malloc((w->nodes + 2 * row * (w->nodes + 1)) * sizeof *inner);
    if (!inner)
        return fl_fail(FL_ENOMEM, "out of memory for the pairs at a distance");
    double *re = inner + w->nodes, *im = re + row, *cosine = im + row,
           *sine = cosine + row * w->nodes;
    for (size_t j = 0; j < w->nodes; j++)
        for (size_t i = 0; i < row; i++) {
            cosine[j * row + i] = cos((double)i * w->step_x * w->t[j]);
            sine[j * row + i] = sin((double)i * w->step_x * w->t[j]);
        }
    for (size_t y = 0; y < w->count_y; y++) {
        inner_at(w, part, (double)y * w->step_y, norm, inner);
        memset(re, 0, 2 * row * sizeof *re);
        for (size_t j = 0; j < w->nodes; j++)
            for (size_t i = 0; i < row; i++) {
                re[i] += inner[j] * cosine[j * row + i];
                im[i] += inner[j] * sine[j * row + i];
            }
        w->wave[y] =
            summed_over_x(w, re, im) * w->step_x * w->step_y * (y ? 2 : 1) / (4 * M_PI * M_PI);
    }
    free(inner);
    return FL_OK;
}

static double back(const void *context, double s) {
    const waves *w = context;
    double m = s * w->sums->spread * sqrt(w->sums->size), sum = 0;
    for (size_t y = 0; y < w->count_y; y++)
        sum += w->wave[y] * cos((double)y * w->step_y * m);
    return sum;
}

static fl_status lay_out(waves *w, part_rule part) {
    const fl_sums *sums = w->sums;
    double end = end_of(sums, w->tilt), g = sums->size;
    double panel = fmin(1.2 * fmin(sums->sigma, sums->spread), end / 12);
    double norm = exp(left_out_at(sums, w->tilt) - w->log_one);
    double *inner = malloc(w->nodes * sizeof *inner);
    if (!inner)
        return fl_fail(FL_ENOMEM, "out of memory for the pairs at a distance");
    double reach = reach_of(w, part, norm, inner);
    free(inner);
    FL_CHECK(open_nodes(w, end, fmin(panel, 8 / (reach * sums->fine))));
    double all_t = sqrt(g * w->spread_t * w->spread_t + sums->width * sums->width);
    w->step_x = 2 * M_PI / (RANGE_T * sums->fine * all_t);
    w->step_y = 2 * M_PI / (RANGE_M * sums->fine * sqrt(g) * w->spread_m);
    w->count_x = 1 + (size_t)(reach / w->step_x);
    w->count_y = 1 + (size_t)(reach / w->step_y);
    if ((double)w->count_x * (double)w->count_y * (double)w->nodes > 1e9)
        return fl_fail(FL_UNDECIDED,
                       "the mean number of pairs takes too many points at eta near -1");
    w->wave = malloc(w->count_y * sizeof *w->wave);
    if (!w->wave)
        return fl_fail(FL_ENOMEM, "out of memory for the pairs at a distance");
    return fill_wave(w, part, norm);
}

fl_status fl_sums_of_many(const fl_sums *sums, fl_sums_density *density) {
    waves w = {.sums = sums};
    part_rule part;
    fill_part_rule(part);
    fl_status status = find_tilt(&w);
    if (status == FL_OK)
        status = lay_out(&w, part);
    double g = sums->size, stretch = sums->spread * sqrt(g), square = sums->width * sums->width;
    double top = sums->log_front + log(stretch) + g * w.log_one + w.tilt * g * sums->t +
                 0.5 * w.tilt * w.tilt * square;
    if (status == FL_OK)
        status = fl_sums_table(sums, back, &w, top, 13 * w.spread_m / sums->spread, density);
    free(w.t);
    free(w.wave);
    return status;
}
