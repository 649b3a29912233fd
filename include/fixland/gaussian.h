/* Normal distribution in one and two dimensions, in logs, good in the tails.
 *
 * Phi(x) is the standard normal distribution function. P2(k; r) = P(X > -k, Y > -k) for standard
 * normals of correlation r; by symmetry also P(X < k, Y < k). Pure functions; NaN in, NaN out. */
#ifndef FIXLAND_GAUSSIAN_H
#define FIXLAND_GAUSSIAN_H

#ifdef __cplusplus
extern "C" {
#endif

double fl_normal_pdf(double x);
double fl_normal_cdf(double x);

/* ln Phi(x), relative accuracy 2e-15 for every finite x (in both tails; never underflows). */
double fl_log_normal_cdf(double x);

/* ln(2 Phi(x)) = ln(1 + erf(x / sqrt 2)), to relative accuracy also near its zero x = 0. */
double fl_log_normal_cdf2(double x);

/* A correlation with its distances from -1 and +1, each to full relative accuracy: near |r| = 1
 * they carry what r alone has lost. */
typedef struct fl_correlation {
    double r, minus, plus; /* r, 1 - r, 1 + r */
} fl_correlation;

/* The correlation of a plain r in [-1, 1]. */
fl_correlation fl_correlation_of(double r);

/* ln P2(k; r). -infinity where P2 = 0 (r = -1 and k <= 0). Relative accuracy 5e-14 in the log (also
 * where P2 is near 1), 2e-15 in P2 where it is not small, for |k| <= 10. */
double fl_log_orthant(double k, fl_correlation c);

/* ln(2 P2) and ln(4 P2), to the same relative accuracy also near their zeros at k = 0, r = 1 and at
 * k = 0, r = 0. */
double fl_log_orthant2(double k, fl_correlation c);
double fl_log_orthant4(double k, fl_correlation c);

#ifdef __cplusplus
}
#endif
#endif
