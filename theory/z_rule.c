/* Nodes for the fields, and the normal distribution in logs.
 *
 * The integrand steepens at z = +-c over a width w (c = J_D/sqrt(q), w = sqrt((1-q)/q)) and is
 * Gaussian at large z. The map 2x = asinh((z-c)/w) + asinh((z+c)/w) puts points evenly on the scale
 * max(w, distance to +-c); its inverse is z = sinh(x) sqrt(w^2 + c^2/cosh(x)^2), analytic for
 * |Im x| < pi/2, and the trapezoidal rule in x converges exponentially. theory/README.md, Eq. 13.
 */
#include "theory/replica.h"

#include <math.h>

#include "fixland/gaussian.h"

fl_z_rule fl_z_rule_for(double q, double centre, int level) {
    fl_z_rule rule = {.width = 1, .centre = 0};
    if (q > 1e-8) {
        rule.width = sqrt((1 - q) / q);
        rule.centre = fmin(fabs(centre) / sqrt(q), 8);
    }
    double coarse = rule.centre > rule.width ? 0.125 : 0.25;
    rule.step = ldexp(fmin(coarse, 0.5 / fmax(rule.width, rule.centre)), -level);
    return rule;
}

double fl_z_node(const fl_z_rule *rule, long k, double *log_weight) {
    double x = rule->step * (double)k, ratio = rule->centre / cosh(x);
    double root = hypot(rule->width, ratio), shear = ratio * tanh(x);
    double slope = cosh(x) * root - shear * shear * cosh(x) / root;
    double z = sinh(x) * root;
    *log_weight = -0.5 * z * z + log(slope * rule->step) - 0.5 * log(2 * M_PI);
    return z;
}

double fl_log_phi(double x, double *mills) {
    double log_phi = fl_log_normal_cdf(x);
    *mills = exp(-0.5 * x * x - 0.5 * log(2 * M_PI) - log_phi);
    return log_phi;
}
