/* What one neuron, or one pattern, contributes at a given field: see fields.h. */
#include "theory/fields.h"

#include <math.h>

#include "fixland/gaussian.h"
#include "theory/replica.h"

fl_field fl_field_neuron(double jd, double y, double s) {
    fl_field f;
    double plus = (jd + y) / s, minus = (jd - y) / s, mills_plus, mills_minus;
    double log_plus = fl_log_phi(plus, &mills_plus), log_minus = fl_log_phi(minus, &mills_minus);
    f.c = fmax(log_plus, log_minus) + M_LN2;
    f.b = 0.5 * (log_plus - log_minus);
    f.j0 = (mills_plus + mills_minus) / (2 * s);
    f.j1 = (mills_plus - mills_minus) / (2 * s);
    f.k0 = (plus * mills_plus + minus * mills_minus) / (2 * s * s);
    f.k1 = (plus * mills_plus - minus * mills_minus) / (2 * s * s);
    return f;
}

static fl_constraint one_sided(double y, double margin, double s) {
    double x = (y - margin) / s, mills, log_h = fl_log_phi(x, &mills);
    return (fl_constraint){log_h, mills / s, -mills * (x + mills) / (s * s)};
}

/* |y + s x| < k. With a = (k - y)/s and b = (k + y)/s, H = Phi(a) - Phi(-b); the larger tail is
 * taken out so that nothing cancels far outside. */
static fl_constraint two_sided(double y, double k, double s) {
    double size = fabs(y), a = (k - size) / s, b = (k + size) / s, ignore;
    double log_a = fl_log_phi(a, &ignore), log_b = fl_log_phi(-b, &ignore);
    double log_h = log_a + log1p(-exp(log_b - log_a));
    double norm = -0.5 * log(2 * M_PI) - log_h;
    double at_a = exp(norm - 0.5 * a * a), at_b = exp(norm - 0.5 * b * b);
    double r = (at_b - at_a) / s, second = -(a * at_a + b * at_b) / (s * s);
    return (fl_constraint){log_h, copysign(1, y) * r, second - r * r};
}

fl_constraint fl_field_pattern(const fl_tuples_model *model, double y, double s) {
    return model->kind == FL_TUPLES_PERCEPTRON ? one_sided(y, model->fixed, s)
                                               : two_sided(y, model->fixed, s);
}
