/* The entropy of a chain of modules: see chain.h. theory/README.md, Eqs. 21 and 22. */
#include "fixland/chain.h"

#include <math.h>

#include "fixland/gaussian.h"
#include "fixland/moments.h"

/* ln Phi at jd + bonds * lambda in units of sigma. */
typedef struct site {
    double jd, lambda, sigma;
} site;

static double log_stable(const site *s, int bonds) {
    return fl_log_normal_cdf((s->jd + bonds * s->lambda) / s->sigma);
}

/* ln of the larger eigenvalue of [[a, b], [b, d]]; a is the largest entry. */
static double infinite_chain(const site *s) {
    double top = log_stable(s, 2), b = exp(log_stable(s, 0) - top);
    double d = exp(log_stable(s, -2) - top), half = 0.5 * (1 - d);
    return top + log(0.5 * (1 + d) + hypot(half, b));
}

static double open_chain(const site *s, size_t modules) {
    double excess[5], log_2p[5];
    for (int b = 0; b < 5; b++) {
        double k = (s->jd + (b - 2) * s->lambda) / s->sigma;
        excess[b] = erf(k * M_SQRT1_2);
        log_2p[b] = fl_log_normal_cdf2(k);
    }
    return fl_log_chain(excess, log_2p, modules);
}

fl_status fl_chain_entropy(double jd, double lambda, size_t modules, size_t n, double *entropy) {
    if (!(fabs(jd) <= 30))
        return fl_fail(FL_EINVAL, "self-coupling = %.17g is not in [-30, 30]", jd);
    if (!(lambda >= 0 && lambda <= 30))
        return fl_fail(FL_EINVAL, "coupling lambda = %.17g is not in [0, 30]", lambda);
    if (n == 1)
        return fl_fail(FL_EDOMAIN, "modules of one neuron have no couplings within");
    site s = {jd, lambda, n ? sqrt(1 - 1.0 / (double)n) : 1};
    *entropy = modules ? open_chain(&s, modules) / (double)modules : infinite_chain(&s);
    return FL_OK;
}
