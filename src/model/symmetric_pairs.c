/* The mean number of pairs of fixed points at a distance, for partly symmetric Gaussian couplings.
 *
 * Of two configurations s, s' at distance d, let (u_i, v_i) be the aligned fields of neuron i, in
 * units of the standard deviation of a coupling. Where the two agree (A, N-d neurons) u and v have
 * covariance N-1-2d, elsewhere (D) -(N+1-2d); fields of different neurons have covariance eta, but
 * u_i with v_k has -eta when one of them is in A and the other in D. So neurons of A share a normal
 * variable X of variance eta in u + v, those of D another; and a complex normal variable, z in
 * A and its conjugate in D, E|z|^2 = eta, E z^2 = 0, enters as (u, v) += (z, -z). Given these all
 * neurons are independent, and with f(z) = E_X P_A(X + z, X - z)^(N-d), g likewise for D and d,
 *   E[M_d] = 2^N C(N,d) sum over even k of k! eta^k f_k g_k
 * from the coefficients of their power series, since E z^k conj(z)^l is k! eta^k for k = l, else 0.
 * For eta < 0 the same holds by continuation, X being imaginary. P_A(a, b) = P(U > -J-a, V > -J-b)
 * with the private variance N-1-eta and covariances less eta. theory/README.md, Eq. 30. */
#include <math.h>
#include <string.h>

#include "fixland/gaussian.h"
#include "src/model/symmetry.h"

enum { ORDER = 64, MOST_STEPS = 1200 }; /* coefficients; steps along the imaginary axis */

typedef double complex series[ORDER];

/* One of the two kinds of neurons, in units of the private standard deviation. */
typedef struct kind {
    double k, power;   /* J_D; how many */
    fl_correlation c;  /* of the private parts */
    double a, sign;    /* variance of X is sign / a */
    double rise, tilt; /* sqrt((1-r)/(1+r)) and its inverse */
} kind;

/* e^(-x z - z^2/2) times a number: the density around x. */
static void density_series(double complex x, double complex factor, double stretch, series out) {
    out[0] = factor;
    out[1] = -x * stretch * factor;
    for (int n = 2; n < ORDER; n++) /* y' = -(x + z) y, z in units of 1/stretch */
        out[n] = -(x * stretch * out[n - 1] + stretch * stretch * out[n - 2]) / n;
}

/* The series of P(U > -(x + z), V > -(x - z)) relative to its value at z = 0: even. log_phi: of
 * rise x; log_ratio: ln of phi(x)/P. Its derivative is twice the odd part of
 * phi(x + z) Phi(rise x - tilt z). */
static void pair_series(const kind *p, double complex x, double complex log_phi,
                        double complex log_density, series out) {
    series density, phi;
    double shift = creal(log_phi); /* of their product only one is ever large */
    density_series(x, cexp(log_density + shift), 1, density);
    memset(phi, 0, sizeof phi);
    phi[0] = cexp(log_phi - shift);
    if (p->tilt > 0) {
        series slope;
        double complex at = p->rise * x, d = cexp(-0.5 * at * at - 0.5 * log(2 * M_PI) - shift);
        density_series(at, d, -p->tilt, slope);
        for (int n = 1; n < ORDER; n++)
            phi[n] = -p->tilt * slope[n - 1] / n;
    }
    memset(out, 0, sizeof(series));
    out[0] = 1;
    for (int n = 2; n < ORDER; n += 2) {
        double complex sum = 0;
        for (int i = 0; i < n; i++)
            sum += density[i] * phi[n - 1 - i];
        out[n] = 2 * sum / n;
    }
}

/* out = base^power, base[0] = 1, even series. */
static void raise(const series base, double power, series out) {
    memset(out, 0, sizeof(series));
    out[0] = 1;
    for (int n = 2; n < ORDER; n += 2) {
        double complex sum = 0;
        for (int i = 2; i <= n; i += 2)
            sum += (power * i - (n - i)) * base[i] * out[n - i];
        out[n] = sum / n;
    }
}

/* Sums of series with logarithmic weights. */
typedef struct total {
    double top;
    series sum;
} total;

static void add_point(total *t, const kind *p, double complex x, double complex log_pair,
                      double complex log_phi, double complex log_weight) {
    series base, power;
    double complex exponent = p->power * log_pair + log_weight;
    if (!(creal(exponent) > t->top - 80))
        return;
    pair_series(p, x, log_phi, -0.5 * x * x - 0.5 * log(2 * M_PI) - log_pair, base);
    raise(base, p->power, power);
    if (creal(exponent) > t->top) {
        double shrink = exp(t->top - creal(exponent));
        for (int n = 0; n < ORDER; n += 2)
            t->sum[n] *= shrink;
        t->top = creal(exponent);
    }
    double complex weight = cexp(exponent - t->top);
    for (int n = 0; n < ORDER; n += 2)
        t->sum[n] += weight * power[n];
}

/* The slope of ln P2(x, x). */
static double pair_mills(const kind *p, double x) {
    double log_phi = p->c.plus > 0 ? fl_log_normal_cdf(p->rise * x) : 0;
    return exp(M_LN2 - 0.5 * x * x - 0.5 * log(2 * M_PI) + log_phi - fl_log_orthant(x, p->c));
}

/* Where -sign a (x - k)^2/2 + power ln P2(x, x) is stationary, by bisection: the function
 * x - k - sign power/a slope grows through its root. */
static double centre_of(const kind *p) {
    double c = p->sign * p->power / p->a, low = p->k - 1, high = p->k + 1;
    if (p->c.plus <= 0 && low < 0)
        low = 1e-300;
    while (p->c.plus > 0 && low - p->k - c * pair_mills(p, low) > 0 && p->k - low < 1e4)
        low = p->k - 2 * (p->k - low);
    high = fmax(high, low + 1);
    while (high - p->k - c * pair_mills(p, high) < 0)
        high = p->k + 2 * (high - p->k);
    for (int step = 0; step < 200 && high - low > 1e-14 * (1 + fabs(high)); step++) {
        double x = 0.5 * (low + high);
        *(x - p->k - c * pair_mills(p, x) < 0 ? &low : &high) = x;
    }
    return 0.5 * (low + high);
}

/* Nodes of one panel of the real axis. */
static void add_panel(total *t, const kind *p, double low, double high) {
    double half = 0.5 * (high - low), middle = 0.5 * (high + low);
    for (int i = 0; i < FL_LEGENDRE; i++) {
        double x = middle + half * fl_legendre[i][0], d = x - p->k;
        double log_pair = fl_log_orthant(x, p->c);
        if (log_pair == -INFINITY)
            continue;
        double log_phi = p->c.plus > 0 ? fl_log_normal_cdf(p->rise * x) : 0;
        add_point(t, p, x, log_pair, log_phi, log(half * fl_legendre[i][1]) - 0.5 * p->a * d * d);
    }
}

/* X real: panels that grow away from x = 0, where P2 bends sharply when r is near -1, up to the
 * width of the Gaussian. */
static void integrate_real(total *t, const kind *p, double centre) {
    double width = 1 / sqrt(p->a), reach = 11 * width, low = centre - reach, high = centre + reach;
    for (double x = low; x < high;) {
        double step = fmax(fmin(fabs(x), width), 1e-7), next = x + step;
        if (x < 0 && next > -0.5e-7)
            next = 0; /* the bend is the end of a panel */
        else if (x < 0)
            next = x + fmax(fmin(0.5 * fabs(x), width), 1e-7);
        add_panel(t, p, x, fmin(next, high));
        x = next;
    }
}

/* X imaginary, along the line through `centre`: P2 by its own integral upwards. FL_UNDECIDED where
 * the tail is too long: d small and eta near -1 (symmetric_sums.c). */
static fl_status integrate_imaginary(total *t, const kind *p, double centre) {
    double d = centre - p->k, slope = pair_mills(p, centre);
    double log_slope_phi = fl_log_normal_cdf(p->rise * centre);
    double mills =
        exp(-0.5 * p->rise * p->rise * centre * centre - 0.5 * log(2 * M_PI) - log_slope_phi);
    double bend = slope * (-centre + p->rise * mills - slope);
    double width = 1 / sqrt(p->a + p->power * bend), step = width / 6, log_step = log(step);
    double complex pair = 1; /* times e^scale */
    double scale = fl_log_orthant(centre, p->c);
    for (int i = 0; i < MOST_STEPS; i++) {
        double y = i * step;
        double complex x = d + I * y, z = centre + I * y, log_pair = scale + clog(pair);
        double complex log_weight = 0.5 * p->a * x * x + log_step + (i ? M_LN2 : 0);
        double complex log_phi = fl_log_phi_complex(p->rise * centre, p->rise * y);
        /* Both sides of the axis: twice the real part, taken at the end. */
        add_point(t, p, z, log_pair, log_phi, log_weight);
        if (creal(p->power * log_pair + log_weight) < t->top - 42)
            return FL_OK;
        for (int k = 0; k < FL_LEGENDRE; k++) {
            double at = y + 0.5 * step * (1 + fl_legendre[k][0]);
            double complex s = centre + I * at;
            pair += I * step * fl_legendre[k][1] *
                    cexp(-0.5 * s * s - 0.5 * log(2 * M_PI) - scale +
                         fl_log_phi_complex(p->rise * centre, p->rise * at));
        }
        scale += log(cabs(pair));
        pair /= cabs(pair);
        if (!isfinite(creal(pair)) || !isfinite(cimag(pair)))
            break;
    }
    return fl_fail(FL_UNDECIDED, "the series for pairs is lost to rounding at eta near -1");
}

/* f or g: coefficients relative to e^*top, real. */
static fl_status kind_series(const kind *p, double *top, series out) {
    total t = {.top = -INFINITY};
    double centre = centre_of(p);
    if (p->sign > 0)
        integrate_real(&t, p, centre);
    else
        FL_CHECK(integrate_imaginary(&t, p, centre));
    *top = t.top + 0.5 * log(p->a / (2 * M_PI));
    for (int n = 0; n < ORDER; n++)
        out[n] = creal(t.sum[n]);
    return FL_OK;
}

/* g for d = 1: u = -v for the one neuron, of variance (N-1) in all: P(|u + z| < J). */
static void single_series(double k, double width, series out) {
    series density;
    memset(out, 0, sizeof(series));
    out[0] = erf(k / width * M_SQRT1_2);
    density_series(k / width, exp(-0.5 * k * k / (width * width) - 0.5 * log(2 * M_PI)), 1 / width,
                   density);
    for (int n = 2; n < ORDER; n += 2)
        out[n] = 2 * density[n - 1] / width / n;
}

/* ln of sum over k of k! ratio^k f_k g_k, up to where three terms in a row change nothing, since the last
 * coefficients can be all rounding; or all terms if the last is small. */
static fl_status log_contract(const series f, const series g, double ratio, double *log_sum) {
    double sum = 0, weight = 1, most = 0, term = INFINITY;
    int small = 0;
    for (int k = 0; k < ORDER && small < 3; k += 2) {
        term = weight * creal(f[k]) * creal(g[k]);
        sum += term;
        most = fmax(most, fabs(term));
        small = fabs(term) < 1e-11 * fabs(sum) ? small + 1 : 0;
        weight *= ratio * ratio * (k + 1) * (k + 2);
    }
    if (!((small == 3 || fabs(term) < 1e-9 * fabs(sum)) && most < 1e6 * sum))
        return fl_fail(FL_UNDECIDED, "the series for pairs does not converge at this eta and size");
    *log_sum = log(sum);
    return FL_OK;
}

static kind kind_of(double k, double power, double minus, double plus, double a, double sign) {
    kind p = {k,
              power,
              {0.5 * (plus - minus), minus, plus},
              a,
              sign,
              sqrt(minus / plus),
              sqrt(plus / minus)};
    return p;
}

/* Two neurons: both fields turn with the other configuration, |x| < J and |y| < J. */
static double log_two(double k, double eta) {
    fl_correlation c = fl_correlation_of(eta), turned = fl_correlation_of(-eta);
    double both = exp(fl_log_orthant(k, c)) + exp(fl_log_orthant(-k, c)) - 2 * fl_normal_cdf(-k) +
                  2 * exp(fl_log_orthant(-k, turned));
    return 3 * M_LN2 + log(fmax(both, 0));
}

/* ln of the probability that two configurations are fixed points, by the sum over k. */
static fl_status log_pair_by_series(double n, double d, double k, double eta,
                                    double *log_probability) {
    double private = n - 1 - eta, a = private / fabs(eta), sign = eta > 0 ? 1 : -1;
    kind agreeing = kind_of(k, n - d, 2 * d / private, 2 * (n - 1 - d - eta) / private, a, sign);
    kind other = kind_of(k, d, 2 * (n - d) / private, 2 * (d - 1 - eta) / private, a, sign);
    series f, g;
    double top_f, top_g = 0, sum = 0;
    FL_CHECK(kind_series(&agreeing, &top_f, f));
    if (d == 1)
        single_series(k, sqrt((n - 1) / private), g);
    else
        FL_CHECK(kind_series(&other, &top_g, g));
    FL_CHECK(log_contract(f, g, eta / private, &sum));
    *log_probability = top_f + top_g + sum;
    return FL_OK;
}

fl_status fl_log_mean_pairs_eta(const fl_ensemble *ensemble, size_t n, double jd, size_t distance,
                                double *log_mean) {
    double eta = ensemble->eta, scale = fl_ensemble_scale(ensemble, n), size = (double)n;
    double d = (double)(distance <= n / 2 ? distance : n - distance), both;
    double k = jd / scale / sqrt(size - 1 - eta);
    if (n == 2) {
        *log_mean = k > 0 ? log_two(jd / scale, eta) : -INFINITY;
        return FL_OK;
    }
    if ((eta == -1 || d == 1) && k <= 0) {
        *log_mean = -INFINITY;
        return FL_OK;
    }
    fl_status status = log_pair_by_series(size, d, k, eta, &both);
    if (status == FL_UNDECIDED && eta < 0)
        status = fl_log_pair_by_sums(size, d, jd / scale, eta, &both);
    FL_CHECK(status);
    *log_mean = size * M_LN2 + lgamma(size + 1) - lgamma(d + 1) - lgamma(size - d + 1) + both;
    return FL_OK;
}
