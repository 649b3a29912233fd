/* The entropy of fixed points under an input: see fixland/driven.h.
 *
 * Replica-symmetric: extr over q, h of
 *   -h(1-q)/2 + Int Dz Du ln B(l + sqrt(q) z, sqrt(h) u),
 * B(y, w) = sum over s of e^(s w) Phi((J + s y)/sqrt(1-q)) as in Eq. 6, l the input's strength, s
 * counted from its sign. With the tilts t and r of Eq. 7 stationarity is q = <t^2>, h = <r^2>, the
 * means now over Dz Du alone. theory/README.md, Eqs. 31 to 33. */
#include "fixland/driven.h"

#include <math.h>

#include "fixland/gaussian.h"
#include "fixland/moments.h"
#include "theory/fields.h"

fl_status fl_log_mean_driven(const fl_ensemble *ensemble, size_t n, double jd, double strength,
                             double *log_mean) {
    const fl_input_field input = {.strength = strength};
    return fl_log_mean_count_input(ensemble, n, jd, &input, log_mean);
}

/* Of one sum. Solutions need some thousand. */
#define MOST_TERMS 1e6

/* Means over z and u. */
typedef struct means {
    double log, t, t2, r2, tt, rr, tr;
} means;

static void add_field(const fl_field *f, double x, double weight, means *a) {
    double e = exp(-2 * fabs(x)), t = copysign((1 - e) / (1 + e), x), sech2 = 1 - t * t;
    double r = f->j1 + f->j0 * t, bend = -f->k0 - f->k1 * t - r * r;
    a->log += weight * (f->c - fabs(f->b) + fabs(x) + log1p(e) - M_LN2);
    a->t += weight * t, a->t2 += weight * t * t, a->r2 += weight * r * r;
    a->tt += weight * sech2 * sech2, a->rr += weight * bend * bend;
    a->tr += weight * f->j0 * f->j0 * sech2 * sech2;
}

static double step_of_z(double q) {
    return fmin(0.25, 0.25 * sqrt(1 - q) / fmax(sqrt(q), 1e-9));
}

static double step_of_u(double h) {
    return fmin(0.5, 0.5 / fmax(sqrt(h), 1e-9));
}

/* Trapezoidal sums; `fine` divides the steps. */
static means means_at(double jd, double strength, double q, double h, double fine) {
    means a = {0};
    double s = sqrt(1 - q), root = sqrt(h), step_z = step_of_z(q) / fine,
           step_u = step_of_u(h) / fine;
    long most_z = q > 0 ? (long)ceil(9 / step_z) : 0, most_u = h > 0 ? (long)ceil(9 / step_u) : 0;
    for (long i = -most_z; i <= most_z; i++) {
        double z = step_z * (double)i, weight = most_z ? step_z * fl_normal_pdf(z) : 1;
        fl_field f = fl_field_neuron(jd, strength + sqrt(q) * z, s);
        for (long k = -most_u; k <= most_u; k++) {
            double u = step_u * (double)k, share = most_u ? step_u * fl_normal_pdf(u) : 1;
            add_field(&f, root * u + f.b, weight * share, &a);
        }
    }
    return a;
}

/* Iterates q = <t^2>, h = <r^2>. Where there is no solution (at J_D far below 0) q runs to 1 and h to
 * infinity, and each sum has more terms than the one before. */
static fl_status iterate_moments(double jd, double strength, double *q, double *h) {
    for (int step = 0; step < 4000; step++) {
        if ((1 + 18 / step_of_z(*q)) * (1 + 18 / step_of_u(*h)) > MOST_TERMS)
            return fl_fail(
                FL_UNDECIDED,
                "the replica-symmetric equations at J_D = %g, input %g have no solution: q "
                "goes to 1",
                jd, strength);
        means a = means_at(jd, strength, *q, *h, 1);
        double dq = a.t2 - *q, dh = a.r2 - *h;
        *q = fmin(*q + 0.6 * dq, 1 - 1e-6);
        *h += 0.6 * dh;
        if (fabs(dq) < 1e-14 && fabs(dh) < 1e-13 * (1 + *h))
            return FL_OK;
    }
    return fl_fail(FL_UNDECIDED,
                   "the replica-symmetric equations at J_D = %g, input %g did not settle", jd,
                   strength);
}

fl_status fl_driven_entropy(double jd, double strength, fl_driven *driven) {
    if (!(jd >= -5 && jd <= 20 && strength >= 0 && strength <= 20))
        return fl_fail(FL_EINVAL, "J_D = %g is not in [-5, 20] or an input of %g not in [0, 20]",
                       jd, strength);
    double with = fl_log_normal_cdf(jd + strength), against = fl_log_normal_cdf(jd - strength);
    double ratio = exp(against - with), m = (1 - ratio) / (1 + ratio), q = m * m;
    double h = strength > 0 ? means_at(jd, strength, q, 0, 1).r2 : 0;
    driven->annealed = with + log1p(ratio), driven->annealed_overlap = m;
    if (strength == 0)
        q = 0;
    else
        FL_CHECK(iterate_moments(jd, strength, &q, &h));
    means coarse = means_at(jd, strength, q, h, 1), a = means_at(jd, strength, q, h, 2);
    *driven = (fl_driven){.annealed = driven->annealed,
                          .annealed_overlap = m,
                          .quenched = a.log - 0.5 * h * (1 - q),
                          .overlap = a.t,
                          .q = q,
                          .qh = h,
                          .replicon = 1 - a.tr - sqrt(a.tt * a.rr),
                          .error = fabs(a.log - coarse.log) + 1e-13};
    return FL_OK;
}
