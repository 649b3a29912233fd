/* The mean number of fixed points of networks with partly symmetric Gaussian couplings.
 *
 * With corr(J_ij, J_ji) = eta the aligned fields s_i f_i of a configuration have variance (N-1) s^2
 * and covariance eta s^2 with one another, s^2 the variance of a coupling: a common normal variable
 * x of variance eta s^2 (imaginary for eta < 0), and private parts of variance (N-1-eta) s^2,
 *   E[#] = 2^N E_x Phi( (J_D + x) / (s sqrt(N-1-eta)) )^N.
 * In units of the private standard deviation, k = J_D / (s sqrt(N-1-eta)), X = k + x and a =
 * (N-1-eta) / |eta| the integral is sqrt(a / 2 pi) Int dX e^(-+ a (X-k)^2 / 2) Phi(X)^N: along the
 * real axis for eta > 0, where the exponent is concave; for eta < 0 along the vertical line through
 * the stationary point X0 < k, where the real exponent has its minimum in X, so that the modulus
 * has its maximum on the line. Trapezoidal sums; theory/README.md, Eqs. 28 and 29. */
#include <complex.h>
#include <math.h>

#include "fixland/gaussian.h"
#include "src/model/symmetry.h"

static double mills(double x) {
    return exp(-0.5 * x * x - 0.5 * log(2 * M_PI) - fl_log_normal_cdf(x));
}

/* The root x of x = c mu(k + x), mu = phi/Phi, which falls with a slope between -1 and 0: unique
 * for c > -1. */
double fl_shift_of(double k, double c) {
    double low = c > 0 ? 0 : -INFINITY, high = c > 0 ? c * mills(k) : 0, x = 0;
    for (int step = 0; step < 200; step++) {
        double m = mills(k + x), miss = x - c * m, slope = 1 + c * m * (k + x + m);
        *(miss < 0 ? &low : &high) = x;
        double next = x - miss / slope;
        if (!(next >= low && next <= high))
            next = isfinite(low) ? 0.5 * (low + high) : 2 * x - 1;
        if (fabs(next - x) <= 1e-16 * (1 + fabs(x)))
            return next;
        x = next;
    }
    return x;
}

fl_status fl_entropy_limit_eta(double jd, double eta, double *entropy) {
    if (!isfinite(jd))
        return fl_fail(FL_EINVAL, "the self-coupling is %g; it must be finite", jd);
    if (!(eta >= -1 && eta <= 1))
        return fl_fail(FL_EINVAL, "eta is %g; a correlation lies in [-1, 1]", eta);
    if (eta == -1 && jd <= 0) {
        *entropy = -INFINITY;
        return FL_OK;
    }
    double x = fl_shift_of(jd, eta);
    *entropy = fl_log_normal_cdf2(jd + x) - (eta != 0 ? 0.5 * x * x / eta : 0);
    return FL_OK;
}

/* Gauss-Legendre nodes and weights on [-1, 1]. */
const double fl_legendre[FL_LEGENDRE][2] = {
    {-0.0950125098376374402, 0.1894506104550684963},
    {-0.2816035507792589132, 0.1826034150449235889},
    {-0.4580167776572273863, 0.1691565193950025382},
    {-0.6178762444026437484, 0.1495959888165767321},
    {-0.7554044083550030339, 0.1246289712555338720},
    {-0.8656312023878317439, 0.0951585116824927848},
    {-0.9445750230732325761, 0.0622535239386478929},
    {-0.9894009349916499326, 0.0271524594117540949},
    {0.0950125098376374402, 0.1894506104550684963},
    {0.2816035507792589132, 0.1826034150449235889},
    {0.4580167776572273863, 0.1691565193950025382},
    {0.6178762444026437484, 0.1495959888165767321},
    {0.7554044083550030339, 0.1246289712555338720},
    {0.8656312023878317439, 0.0951585116824927848},
    {0.9445750230732325761, 0.0622535239386478929},
    {0.9894009349916499326, 0.0271524594117540949},
};

/* e^(-y^2/2) Int_0^y e^(t^2/2 - i x t) dt for 0 <= y <= 8, in panels of at most 1/2. */
static double complex scaled_integral(double x, double y) {
    int panels = (int)ceil(2 * y);
    double half = 0.5 * y / panels;
    double complex sum = 0;
    for (int p = 0; p < panels; p++)
        for (int k = 0; k < FL_LEGENDRE; k++) {
            double t = half * (2 * p + 1 + fl_legendre[k][0]);
            sum += half * fl_legendre[k][1] * cexp(0.5 * (t - y) * (t + y) - I * x * t);
        }
    return sum;
}

/* ln Phi(x + i y), y >= 0: the path from x upwards; far from the axis the asymptotic series. The
 * imaginary part is determined up to 2 pi. */
double complex fl_log_phi_complex(double x, double y) {
    double log_density = -0.5 * x * x - 0.5 * log(2 * M_PI);
    double complex z = x + I * y, term = 1, sum = 0;
    if (y == 0)
        return fl_log_normal_cdf(x);
    if (y <= 8 && x > -8) {
        double complex upwards = I * exp(log_density + 0.5 * y * y) * scaled_integral(x, y);
        return clog(fl_normal_cdf(x) + upwards);
    }
    for (int k = 1; k < 32 && cabs(term) > 1e-17; k++) { /* 1 - 1/z^2 + 3/z^4 - ... */
        sum += term;
        term *= -(2 * k - 1) / (z * z);
    }
    double complex tail = -0.5 * z * z - 0.5 * log(2 * M_PI) + clog(-sum / z);
    return x > 0 ? tail + clog(1 + cexp(-tail)) : tail;
}

/* The integrand's parameters: see the top of the file. */
typedef struct shift {
    double n, k, a, centre, width; /* centre: the stationary X; width: of the peak there */
} shift;

static shift shift_of(double n, double k, double eta) {
    shift s = {.n = n, .k = k, .a = (n - 1 - eta) / fabs(eta)};
    double sign = eta > 0 ? 1 : -1;
    s.centre = k + fl_shift_of(k, sign * n / s.a);
    double m = mills(s.centre);
    s.width = 1 / sqrt(s.a + sign * n * m * (s.centre + m));
    return s;
}

/* ln of the integral over real X; the exponent is concave. */
static double log_real(const shift *s) {
    double step = 0.25, sum = 0,
           top = s->n * fl_log_normal_cdf(s->centre) -
                 0.5 * s->a * (s->centre - s->k) * (s->centre - s->k);
    for (int sign = -1; sign <= 1; sign += 2)
        for (int i = sign > 0 ? 0 : 1; i < 10000; i++) {
            double x = s->centre + sign * i * step * s->width, d = x - s->k;
            double exponent = s->n * fl_log_normal_cdf(x) - 0.5 * s->a * d * d - top;
            sum += exp(exponent);
            if (exponent < -45)
                break;
        }
    return top + log(sum * step * s->width);
}

/* ln of the integral over the imaginary part of X, at the places width sinh(t): the tail falls like
 * a power only, at eta = -1 like Y^-n. */
static double log_imaginary(const shift *s) {
    double step = 1.0 / 32, sum = 0, d = s->centre - s->k;
    double top = s->n * fl_log_normal_cdf(s->centre) + 0.5 * s->a * d * d;
    for (int i = 0; i < 1500; i++) {
        double t = step * i, y = s->width * sinh(t);
        double complex x = d + I * y;
        double complex exponent =
            0.5 * s->a * x * x + s->n * fl_log_phi_complex(s->centre, y) - top;
        double slope = s->width * cosh(t);
        sum += (i ? 2 : 1) * slope * exp(creal(exponent)) * cos(cimag(exponent));
        if (creal(exponent) + log(slope) < -42)
            break;
    }
    return top + log(sum * step);
}

fl_status fl_log_mean_count_eta(const fl_ensemble *ensemble, size_t n, double jd,
                                double *log_mean) {
    double eta = ensemble->eta, scale = fl_ensemble_scale(ensemble, n), size = (double)n;
    if (n == 1) {
        *log_mean = jd >= 0 ? M_LN2 : -INFINITY;
        return FL_OK;
    }
    if (n == 2) {
        *log_mean = 2 * M_LN2 + fl_log_orthant(jd / scale, fl_correlation_of(eta));
        return FL_OK;
    }
    double k = jd / (scale * sqrt(size - 1 - eta));
    if (eta == -1 && k <= 0) { /* the aligned fields add up to n J_D */
        *log_mean = -INFINITY;
        return FL_OK;
    }
    shift s = shift_of(size, k, eta);
    double integral = eta > 0 ? log_real(&s) : log_imaginary(&s);
    *log_mean = size * M_LN2 + 0.5 * log(s.a / (2 * M_PI)) + integral;
    if (!isfinite(*log_mean))
        return fl_fail(FL_UNDECIDED, "the mean number at eta = %g, J_D = %g is lost to rounding",
                       eta, jd);
    return FL_OK;
}
