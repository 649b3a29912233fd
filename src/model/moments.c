/* Exact mean numbers of fixed points: see moments.h.
 *
 * Everything follows from p(h), the probability that a neuron with total alignment h from
 * self-coupling and neighbouring modules is stable, P(row sum + h >= 0).
 * One module: E[#] = (2 p(J_D))^N. A chain: see chain.c. */
#include "fixland/moments.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include "fixland/exact.h"
#include "fixland/gaussian.h"
#include "src/model/symmetry.h"

fl_status fl_entropy_limit(double jd, double *entropy) {
    if (!isfinite(jd))
        return fl_fail(FL_EINVAL, "the self-coupling is %g; it must be finite", jd);
    *entropy = fl_log_normal_cdf2(jd);
    return FL_OK;
}

fl_status fl_ensemble_entropy_limit(const fl_ensemble *e, double jd, double *entropy) {
    FL_CHECK(fl_ensemble_check(e));
    jd -= e->margin;
    if (e->modules == 1)
        return fl_entropy_limit_eta(jd, e->eta, entropy);
    if (e->eta != 0)
        return fl_fail(FL_EDOMAIN, "the limit of a chain of modules is known at eta = 0 only");
    if (!isfinite(jd))
        return fl_fail(FL_EINVAL, "the self-coupling is %g; it must be finite", jd);
    double excess[5], log_2p[5];
    for (int b = 0; b < 5; b++) {
        double k = jd + (b - 2) * e->lambda;
        excess[b] = erf(k * M_SQRT1_2);
        log_2p[b] = fl_log_normal_cdf2(k);
    }
    *entropy = fl_log_chain(excess, log_2p, e->modules) / (double)e->modules;
    return FL_OK;
}

/* Alignment of one neuron: jd + bonds * lambda, bonds in -2..2, kept apart because the verdict of
 * binary couplings is exact. */
typedef struct alignment {
    double jd, lambda;
    int bonds;
} alignment;

static double alignment_value(alignment h) {
    return h.jd + h.bonds * h.lambda;
}

/* True iff m * scale + alignment >= 0 as real numbers. */
static bool reaches(double m, double scale, alignment h) {
    double product = m * scale, bond = h.bonds >= 0 ? h.lambda : -h.lambda;
    double terms[5] = {product, fma(m, scale, -product), h.jd, h.bonds ? bond : 0,
                       h.bonds == 2 || h.bonds == -2 ? bond : 0};
    return fl_exact_sign(terms, 5) >= 0;
}

/* p and e = 2 p - 1, each to relative accuracy. */
typedef struct chance {
    double p, e;
} chance;

/* Given that `kept` binary couplings are there: with b of them aligned the row sum is
 * (2b - kept) scale, so p = P(b >= least) for the smallest b that reaches. */
static chance chance_binary(unsigned kept, double scale, alignment h) {
    unsigned low = 0, high = kept + 1;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (reaches(2.0 * middle - kept, scale, h))
            high = middle;
        else
            low = middle + 1;
    }
    if (low == 0)
        return (chance){1, 1};
    double below = gsl_cdf_binomial_P(low - 1, 0.5, kept);
    return (chance){gsl_cdf_binomial_Q(low - 1, 0.5, kept), 1 - 2 * below};
}

/* For `kept` couplings a row. Without any, the field is the alignment itself. */
static chance chance_kept(const fl_ensemble *ensemble, unsigned kept, double scale, alignment h) {
    if (kept == 0)
        return reaches(0, 0, h) ? (chance){1, 1} : (chance){0, -1};
    if (ensemble->distribution == FL_BINARY)
        return chance_binary(kept, scale, h);
    double k = alignment_value(h) / (scale * sqrt((double)kept));
    return (chance){fl_normal_cdf(k), erf(k * M_SQRT1_2)};
}

/* Averaged over the number of couplings that dilution keeps. */
static chance chance_of(const fl_ensemble *ensemble, size_t n, alignment h) {
    double scale = fl_ensemble_scale(ensemble, n);
    unsigned others = (unsigned)(n - 1);
    if (ensemble->dilution >= 1 || others == 0)
        return chance_kept(ensemble, others, scale, h);
    chance sum = {0, 0};
    for (unsigned kept = 0; kept <= others; kept++) {
        double weight = gsl_ran_binomial_pdf(kept, ensemble->dilution, others);
        if (weight > 0) {
            chance part = chance_kept(ensemble, kept, scale, h);
            sum.p += weight * part.p;
            sum.e += weight * part.e;
        }
    }
    return sum;
}

/* ln 2p, also where p underflows. */
static double log_chance2(const fl_ensemble *ensemble, size_t n, alignment h, chance c) {
    if (ensemble->distribution == FL_GAUSSIAN && ensemble->dilution >= 1 && n > 1) {
        double sigma = fl_ensemble_scale(ensemble, n) * sqrt((double)n - 1);
        return fl_log_normal_cdf2(alignment_value(h) / sigma);
    }
    return c.e > -0.5 ? log1p(c.e) : M_LN2 + log(c.p);
}

static double log_single(const fl_ensemble *ensemble, size_t n, double jd) {
    alignment h = {jd, 0, 0};
    return log_chance2(ensemble, n, h, chance_of(ensemble, n, h));
}

static double log_chain(const fl_ensemble *ensemble, size_t n, double jd) {
    double e[5], log_2p[5]; /* at J_D + (b - 2) lambda, b = 0..4 */
    for (int b = 0; b < 5; b++) {
        alignment h = {jd, ensemble->lambda, b - 2};
        chance c = chance_of(ensemble, n, h);
        e[b] = c.e;
        log_2p[b] = log_chance2(ensemble, n, h, c);
    }
    return fl_log_chain(e, log_2p, ensemble->modules);
}

/* The rows are no longer independent: fields have a common part. */
static fl_status partly_symmetric(const fl_ensemble *ensemble, size_t n, double jd,
                                  double *log_mean) {
    if (ensemble->distribution != FL_GAUSSIAN || ensemble->dilution < 1 || ensemble->modules > 1)
        return fl_fail(FL_EDOMAIN,
                       "for eta = %g the mean is known for Gaussian couplings without dilution in "
                       "one module only: the common part of the fields is not normal otherwise",
                       ensemble->eta);
    return fl_log_mean_count_eta(ensemble, n, jd, log_mean);
}

fl_status fl_log_mean_count(const fl_ensemble *ensemble, size_t n, double jd, double *log_mean) {
    FL_CHECK(fl_ensemble_check(ensemble));
    jd -= ensemble->margin;
    if (n == 0 || n > UINT32_MAX / 2)
        return fl_fail(FL_EINVAL, "a network of %zu neurons has no mean number of fixed points", n);
    if (!isfinite(jd))
        return fl_fail(FL_EINVAL, "the self-coupling is %g; it must be finite", jd);
    if (ensemble->eta != 0 && n > 1)
        return partly_symmetric(ensemble, n, jd, log_mean);
    double each = ensemble->modules > 1 ? log_chain(ensemble, n, jd) : log_single(ensemble, n, jd);
    *log_mean = (double)n * each;
    return FL_OK;
}
