/* Where success is one half: maximum likelihood for a sigmoid, by Fisher scoring.
 *
 * success(J_D) = F(a + b x), x = J_D shifted and scaled to unit spread; F logistic or Phi. The
 * slope is bounded by a step from 1/2 to near 1 within a quarter of the smallest spacing: data that
 * jump from 0 to 1 do not tell more. The bootstrap is parametric: successes are drawn anew from the
 * fitted probabilities. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

#include "fixland/access.h"
#include "fixland/rng_gsl.h"

typedef struct sigmoid {
    const fl_success *data;
    size_t count;
    fl_link link;
    double shift, scale, steepest;
    double a, b;
} sigmoid;

static double value(fl_link link, double y) {
    double f = link == FL_PROBIT ? 0.5 * erfc(-y * M_SQRT1_2) : 1 / (1 + exp(-y));
    return fmin(fmax(f, 1e-15), 1 - 1e-15);
}

static double slope(fl_link link, double y) {
    double f = value(link, y);
    return link == FL_PROBIT ? exp(-y * y / 2) / sqrt(2 * M_PI) : f * (1 - f);
}

static double log_likelihood(const sigmoid *s, const fl_success *data, double a, double b) {
    double sum = 0;
    for (size_t k = 0; k < s->count; k++) {
        double f = value(s->link, a + b * (data[k].jd - s->shift) / s->scale);
        sum += data[k].successes * log(f) + (data[k].trials - data[k].successes) * log1p(-f);
    }
    return sum;
}

/* Gradient g and expected information h = (h00, h01, h11). */
static void information(const sigmoid *s, const fl_success *data, double *g, double *h) {
    g[0] = g[1] = h[0] = h[1] = h[2] = 0;
    for (size_t k = 0; k < s->count; k++) {
        double x = (data[k].jd - s->shift) / s->scale, y = s->a + s->b * x;
        double f = value(s->link, y), d = slope(s->link, y), v = f * (1 - f);
        double pull = (data[k].successes - data[k].trials * f) * d / v;
        double weight = data[k].trials * d * d / v;
        g[0] += pull;
        g[1] += pull * x;
        h[0] += weight;
        h[1] += weight * x;
        h[2] += weight * x * x;
    }
}

/* Halves the step until the likelihood rises; false when it no longer does. */
static bool improve(sigmoid *s, const fl_success *data, double da, double db) {
    double now = log_likelihood(s, data, s->a, s->b);
    for (double part = 1; part > 1e-6; part /= 2) {
        double a = s->a + part * da, b = fmin(s->b + part * db, s->steepest);
        if (log_likelihood(s, data, a, b) > now) {
            s->a = a;
            s->b = b;
            return part * (fabs(da) + fabs(db)) > 1e-10;
        }
    }
    return false;
}

static void maximise(sigmoid *s, const fl_success *data) {
    s->a = 0;
    s->b = fmin(1, s->steepest);
    for (int round = 0; round < 200; round++) {
        double g[2], h[3];
        information(s, data, g, h);
        h[0] += 1e-9;
        h[2] += 1e-9;
        double det = h[0] * h[2] - h[1] * h[1];
        double da = (h[2] * g[0] - h[1] * g[1]) / det, db = (h[0] * g[1] - h[1] * g[0]) / det;
        if (s->b >= s->steepest && db > 0) { /* along the bound */
            da = g[0] / h[0];
            db = 0;
        }
        if (!improve(s, data, da, db))
            return;
    }
}

static double threshold_of(const sigmoid *s) {
    return s->b > 0 ? s->shift - s->scale * s->a / s->b : NAN;
}

/* Shift, scale, steepest slope. FL_EDOMAIN where there is nothing to fit. */
static fl_status prepare_threshold(sigmoid *s) {
    double sum = 0, squares = 0, spacing = INFINITY;
    double successes = 0, trials = 0;
    for (size_t k = 0; k < s->count; k++) {
        sum += s->data[k].jd;
        successes += s->data[k].successes;
        trials += s->data[k].trials;
        for (size_t m = 0; m < k; m++)
            if (s->data[m].jd != s->data[k].jd)
                spacing = fmin(spacing, fabs(s->data[m].jd - s->data[k].jd));
    }
    if (s->count < 2 || !isfinite(spacing))
        return fl_fail(FL_EDOMAIN, "a threshold needs at least two self-couplings");
    if (successes == 0 || successes == trials)
        return fl_fail(FL_EDOMAIN, "%s run succeeded: the threshold lies outside the data",
                       successes == 0 ? "no" : "every");
    s->shift = sum / (double)s->count;
    for (size_t k = 0; k < s->count; k++)
        squares += (s->data[k].jd - s->shift) * (s->data[k].jd - s->shift);
    s->scale = sqrt(squares / (double)s->count);
    s->steepest = 4 * s->scale / spacing;
    return FL_OK;
}

static bool bracketed(const sigmoid *s) {
    bool below = false, above = false;
    for (size_t k = 0; k < s->count; k++) {
        below = below || 2 * s->data[k].successes <= s->data[k].trials;
        above = above || 2 * s->data[k].successes >= s->data[k].trials;
    }
    return below && above;
}

/* Where resampled data come from: of `networks` NULL, the fitted probabilities. */
typedef struct resampling {
    const fl_success_table *networks;
    size_t resamples;
    gsl_rng *r;
    const fl_effort *effort;
} resampling;

static void draw_parametric(const sigmoid *fitted, gsl_rng *r, fl_success *data) {
    for (size_t k = 0; k < fitted->count; k++) {
        const fl_success *d = &fitted->data[k];
        double p =
            value(fitted->link, fitted->a + fitted->b * (d->jd - fitted->shift) / fitted->scale);
        double drawn = gsl_ran_binomial(r, p, (unsigned)llround(d->trials));
        data[k] = (fl_success){d->jd, drawn, d->trials};
    }
}

static void draw_networks(const fl_success_table *t, gsl_rng *r, fl_success *data) {
    for (size_t k = 0; k < t->jd_count; k++)
        data[k] = (fl_success){t->jd[k], 0, 0};
    for (size_t m = 0; m < t->networks; m++) {
        size_t row = gsl_rng_uniform_int(r, t->networks) * t->jd_count;
        for (size_t k = 0; k < t->jd_count; k++) {
            data[k].successes += t->successes[row + k];
            data[k].trials += t->trials[row + k];
        }
    }
}

/* Thresholds of resampled data; those without one count as beyond either end. */
static fl_status resample(const sigmoid *fitted, const resampling *how, double *thresholds) {
    fl_success *data = calloc(fitted->count, sizeof *data);
    if (!data)
        return fl_fail(FL_ENOMEM, "out of memory for a fit to %zu points", fitted->count);
    for (size_t b = 0; b < how->resamples; b++) {
        sigmoid s = *fitted;
        double successes = 0, trials = 0;
        if (fl_effort_stopped(how->effort)) {
            free(data);
            return fl_fail(FL_STOPPED, "stopped in the bootstrap");
        }
        if (how->networks)
            draw_networks(how->networks, how->r, data);
        else
            draw_parametric(fitted, how->r, data);
        for (size_t k = 0; k < s.count; k++) {
            successes += data[k].successes;
            trials += data[k].trials;
        }
        bool some = successes > 0 && successes < trials;
        if (some)
            maximise(&s, data);
        double t = some ? threshold_of(&s) : NAN;
        thresholds[b] = isfinite(t) ? t : 2 * successes > trials ? -INFINITY : INFINITY;
    }
    free(data);
    return FL_OK;
}

static void interval(double *thresholds, size_t count, double centre, fl_success_threshold *t) {
    double squares = 0;
    size_t finite = 0;
    gsl_sort(thresholds, 1, count);
    t->interval.low = thresholds[(size_t)(0.025 * (double)(count - 1))];
    t->interval.high = thresholds[(size_t)ceil(0.975 * (double)(count - 1))];
    for (size_t k = 0; k < count; k++)
        if (isfinite(thresholds[k])) {
            squares += (thresholds[k] - centre) * (thresholds[k] - centre);
            finite++;
        }
    t->error = finite == count ? sqrt(squares / (double)finite) : INFINITY;
}

/* Does success level off below what the fit has at the largest J_D? By so many networks that fail, if all runs
 * of a network end alike, as come of the fit, less a hundredth, once in a thousand times. */
static bool levels_off(const sigmoid *s, double networks) {
    const fl_success *top = &s->data[0];
    for (size_t k = 1; k < s->count; k++)
        if (s->data[k].jd > top->jd)
            top = &s->data[k];
    double f = value(s->link, s->a + s->b * (top->jd - s->shift) / s->scale);
    double seen = top->successes / top->trials, failing = floor((1 - seen) * networks + 1e-9);
    return seen > 0.5 && failing >= 1 &&
           gsl_cdf_binomial_Q((unsigned)failing - 1, fmin(1.01 - f, 1), (unsigned)networks) < 1e-3;
}

static fl_status fit_with(sigmoid *s, resampling *how, double networks, fl_rng *rng,
                          fl_success_threshold *threshold) {
    FL_CHECK(prepare_threshold(s));
    maximise(s, s->data);
    if (!(s->b > 0))
        return fl_fail(FL_EDOMAIN, "success does not rise with J_D: there is no threshold");
    how->r = fl_rng_gsl(rng);
    double *thresholds = malloc((how->resamples + 1) * sizeof *thresholds);
    fl_status status = how->r && thresholds ? resample(s, how, thresholds)
                                            : fl_fail(FL_ENOMEM, "out of memory for the bootstrap");
    if (status == FL_OK) {
        threshold->jd = threshold_of(s);
        threshold->width = s->scale / s->b;
        threshold->bracketed = bracketed(s);
        threshold->coarse = s->b >= s->steepest;
        threshold->levels_off = levels_off(s, networks);
        threshold->error = threshold->interval.low = threshold->interval.high = NAN;
        if (how->resamples > 0)
            interval(thresholds, how->resamples, threshold->jd, threshold);
    }
    free(thresholds);
    if (how->r)
        gsl_rng_free(how->r);
    return status;
}

fl_status fl_threshold_fit(const fl_success *data, size_t count, fl_link link, size_t resamples,
                           fl_rng *rng, fl_success_threshold *threshold) {
    sigmoid s = {.data = data, .count = count, .link = link};
    resampling how = {.resamples = resamples};
    double most = 1;
    if (resamples == 1)
        return fl_fail(FL_EINVAL, "one resample; a bootstrap needs at least two, or 0 for none");
    for (size_t k = 0; k < count; k++)
        most = fmax(most, data[k].trials);
    return fit_with(&s, &how, most, rng, threshold);
}

fl_status fl_threshold_networks(const fl_success_table *t, fl_link link, size_t resamples,
                                const fl_effort *effort, fl_rng *rng,
                                fl_success_threshold *threshold) {
    resampling how = {.networks = t, .resamples = resamples, .effort = effort};
    if (resamples < 2 || t->networks < 2)
        return fl_fail(FL_EDOMAIN, "%zu resamples of %zu networks: at least two of each are needed",
                       resamples, t->networks);
    fl_success *data = calloc(t->jd_count + 1, sizeof *data);
    if (!data)
        return fl_fail(FL_ENOMEM, "out of memory for a fit to %zu points", t->jd_count);
    for (size_t k = 0; k < t->jd_count; k++)
        data[k].jd = t->jd[k];
    for (size_t m = 0; m < t->networks; m++)
        for (size_t k = 0; k < t->jd_count; k++) {
            data[k].successes += t->successes[m * t->jd_count + k];
            data[k].trials += t->trials[m * t->jd_count + k];
        }
    sigmoid s = {.data = data, .count = t->jd_count, .link = link};
    fl_status status = fit_with(&s, &how, (double)t->networks, rng, threshold);
    free(data);
    return status;
}
