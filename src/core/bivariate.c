/* The bivariate normal orthant P2(k; r) = P(X > -k, Y > -k): see gaussian.h.
 *
 * Two exact forms, each used where it loses nothing. With a^2 = (1-r)/(1+r):
 *   (A) P2 = atan2(1, a)/pi + 2 Int_0^k phi(t) Phi(a t) dt              for |k| max(1, a) < 1,
 *   (B) P2 = max(0, erf(k/sqrt 2)) + (1/pi) Int_a^inf exp(-k^2 (1+x^2)/2) / (1+x^2) dx  elsewhere.
 * (A) integrates dP2/dk from Sheppard's value at k = 0, 1/4 + asin(r)/(2 pi); it knows the small
 * differences 2 P2 - 1 and 4 P2 - 1 near k = 0. (B) is Phi(k) - 2 T(k, a) with Owen's T
 * (doi:10.1214/aoms/1177728074) and its value T(k, inf) taken out, so that both terms are positive
 * and the tails keep their relative accuracy. */
#include "fixland/gaussian.h"

#include <math.h>
#include <pthread.h>
#include <stdbool.h>

#include "src/core/legendre.h"

/* Quadrature rules, made once: they are constants. Gauss-Legendre on (0, 1), and the trapezoidal
 * rule after t = exp(u - exp(-u)) for integrands on (0, inf) that fall exponentially (Takahasi and
 * Mori 1974), u = -3.7 .. 5.1. */
enum { HALF_LINE = 106, LEGENDRE = 20 };
static const double half_line_step = 1.0 / 12, half_line_start = -3.7;

static struct {
    double node[HALF_LINE], weight[HALF_LINE];
    double x[LEGENDRE], w[LEGENDRE];
} rule;

static pthread_once_t rule_once = PTHREAD_ONCE_INIT;

static void rule_make(void) {
    for (int i = 0; i < HALF_LINE; i++) {
        double u = half_line_start + i * half_line_step;
        rule.node[i] = exp(u - exp(-u));
        rule.weight[i] = half_line_step * (1 + exp(-u)) * rule.node[i];
    }
    fl_legendre_rule(LEGENDRE, rule.x, rule.w);
}

fl_correlation fl_correlation_of(double r) {
    return (fl_correlation){r, 1 - r, 1 + r};
}

static double ratio(fl_correlation c) {
    return sqrt(c.minus / c.plus);
}

static bool near_zero(double k, double a) {
    return fabs(k) * fmax(1, a) < 1;
}

/* P2(k) - P2(0), of (A). */
static double from_zero(double k, double a) {
    pthread_once(&rule_once, rule_make);
    double sum = 0;
    for (int i = 0; i < LEGENDRE; i++) {
        double t = k * rule.x[i];
        sum += rule.w[i] * fl_normal_pdf(t) * fl_normal_cdf(a * t);
    }
    return 2 * k * sum;
}

/* Int_a^inf exp(-k^2 (1+x^2)/2) / (1+x^2) dx of (B), without its factor exp(-k^2/(1+r)), the value
 * of the exponential at a. */
static double tail_integral(double k, double a) {
    pthread_once(&rule_once, rule_make);
    double reach = 1 / (1 / fmax(1, a) + fabs(k) + k * k * a); /* where the integrand has fallen */
    double sum = 0;
    for (int i = 0; i < HALF_LINE; i++) {
        double t = reach * rule.node[i], x = a + t;
        sum += rule.weight[i] * exp(-0.5 * k * k * t * (2 * a + t)) / (1 + x * x);
    }
    return reach * sum;
}

static double log_tail(double k, fl_correlation c) {
    double e = erf(k * M_SQRT1_2), integral = tail_integral(k, ratio(c)) / M_PI;
    if (k < 0)
        return log(integral) - k * k / c.plus;
    double joint = integral * exp(-k * k / c.plus);
    return k < 1 ? log(e + joint) : log1p(joint - 2 * fl_normal_cdf(-k));
}

/* r = -1: both signs of the same variable. */
static double log_opposite(double k) {
    if (isnan(k))
        return k;
    if (k > 1)
        return log1p(-2 * fl_normal_cdf(-k));
    return k > 0 ? log(erf(k * M_SQRT1_2)) : -INFINITY;
}

double fl_log_orthant(double k, fl_correlation c) {
    if (c.plus <= 0)
        return log_opposite(k);
    if (fabs(k) >
        1e100) /* k^2 must not overflow against zeros; what is left out is below rounding */
        return k > 0 ? 0 : -k * k / c.plus;
    double a = ratio(c);
    if (near_zero(k, a))
        return log(atan2(1, a) / M_PI + from_zero(k, a));
    return log_tail(k, c);
}

double fl_log_orthant2(double k, fl_correlation c) {
    double a = ratio(c);
    if (c.plus > 0 && c.r > 0 && near_zero(k, a))
        return log1p(2 * (from_zero(k, a) - atan(a) / M_PI));
    return M_LN2 + fl_log_orthant(k, c);
}

double fl_log_orthant4(double k, fl_correlation c) {
    double a = ratio(c);
    if (c.plus > 0 && fabs(c.r) < 0.5 && near_zero(k, a))
        return log1p(4 * from_zero(k, a) + M_2_PI * asin(c.r));
    return 2 * M_LN2 + fl_log_orthant(k, c);
}
