/* The normal distribution in one dimension: see gaussian.h. */
#include "fixland/gaussian.h"

#include <math.h>

double fl_normal_pdf(double x) {
    return exp(-0.5 * x * x) * (0.5 * M_SQRT1_2 * M_2_SQRTPI);
}

/* erfc(x / sqrt 2). Rounding of the argument, harmless elsewhere, is a factor 1 + x^2 2^-53 in the
 * tail: what the rounded product y has lost of x / sqrt 2 goes into exp(-y^2). */
static double erfc_root(double x) {
    static const double root_rest = -0x1.bdd3413b26456p-55; /* 1 / sqrt 2 - M_SQRT1_2 */
    double y = x * M_SQRT1_2, value = erfc(y);
    if (!(x > 1 && x < 40))
        return value;
    double lost = fma(x, M_SQRT1_2, -y) + x * root_rest;
    return value * (1 - 2 * y * lost);
}

double fl_normal_cdf(double x) {
    return 0.5 * erfc_root(-x);
}

/* ln of the Mills ratio times |x|, ln(1 - 1/x^2 + 3/x^4 - ...), for x < -25 where seven terms of
 * the asymptotic series are exact to 1e-16. */
static double log_mills(double x) {
    double y = 1 / (x * x);
    return log1p(-y * (1 - 3 * y * (1 - 5 * y * (1 - 7 * y * (1 - 9 * y * (1 - 11 * y))))));
}

double fl_log_normal_cdf(double x) {
    if (x > 0)
        return log1p(-0.5 * erfc_root(x));
    if (x > -25)
        return log(0.5 * erfc_root(-x));
    return -0.5 * x * x - log(-x) - 0.5 * log(2 * M_PI) + log_mills(x);
}

double fl_log_normal_cdf2(double x) {
    if (x > -0.5)
        return log1p(erf(x * M_SQRT1_2));
    return M_LN2 + fl_log_normal_cdf(x);
}
