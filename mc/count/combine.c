/* Several populations to one estimate: see count.h and doc/count.md. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/count.h"

/* Populations count as equilibrated while the relative variance of their estimates and what their
 * families predict of it stay below `most_variance` (beyond it the mean is ruled by few and no
 * interval can be trusted), and the variance is not larger than predicted with probability
 * `unlikely`. */
static const double most_variance = 0.3, unlikely = 1e-4;

/* ln of the mean of exp(log_of), and the relative variance of one of them. */
typedef struct moments {
    double log_mean, variance;
} moments;

static moments moments_of(const fl_count_run *runs, size_t count, bool last) {
    double most = -INFINITY, sum = 0, squares = 0, k = (double)count;
    for (size_t r = 0; r < count; r++)
        most = fmax(most, last ? runs[r].log_last : runs[r].log_count);
    if (isinf(most))
        return (moments){-INFINITY, 0};
    for (size_t r = 0; r < count; r++)
        sum += exp((last ? runs[r].log_last : runs[r].log_count) - most);
    for (size_t r = 0; r < count; r++) {
        double x = exp((last ? runs[r].log_last : runs[r].log_count) - most) * k / sum - 1;
        squares += x * x;
    }
    return (moments){most + log(sum / k), squares / (k - 1)};
}

static double mean_of(const fl_count_run *runs, size_t count, size_t offset) {
    double sum = 0;
    for (size_t r = 0; r < count; r++)
        sum += *(const double *)((const char *)&runs[r] + offset);
    return sum / (double)count;
}

static int by_mark(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Pairs of equal marks among `count`, sorted here. */
static double equal_pairs(uint64_t *marks, size_t count) {
    double pairs = 0, same = 0;
    qsort(marks, count, sizeof *marks, by_mark);
    for (size_t k = 1; k < count; k++) {
        same = marks[k] == marks[k - 1] ? same + 1 : 0;
        pairs += same;
    }
    return pairs;
}

/* Coincidences between populations: two draws from M equally likely ones are the same with
 * probability 1/M. */
static fl_status coincide(const fl_count_run *runs, size_t count, fl_count_estimate *e) {
    size_t all = 0;
    double within = 0, pairs;
    uint64_t *marks = malloc(count * FL_COUNT_MARKS * sizeof *marks);
    if (!marks)
        return fl_fail(FL_ENOMEM, "out of memory for coincidences");
    for (size_t r = 0; r < count; r++) {
        size_t m = (size_t)runs[r].marks;
        memcpy(marks + all, runs[r].mark, m * sizeof *marks);
        e->coincidences -= equal_pairs(marks + all, m);
        within += (double)m * (double)m;
        all += m;
    }
    e->coincidences += equal_pairs(marks, all);
    free(marks);
    pairs = ((double)all * (double)all - within) / 2;
    e->coincidence = e->coincidences > 0 ? log(pairs / e->coincidences) : NAN;
    return FL_OK;
}

static bool agree(const moments *m, double predicted, size_t count) {
    double freedom = (double)count - 1;
    double most = gsl_cdf_chisq_Qinv(unlikely, freedom) / freedom;
    return m->variance <= most_variance && predicted <= most_variance &&
           m->variance <= most * predicted;
}

/* With fixed points. An estimate without bias exceeds twenty times its mean once in twenty times at
 * most (Markov): a lower bound that holds whatever happens. So does what has been seen. */
static void conclude(fl_count_estimate *e, const moments *m, size_t count, bool driven) {
    double k = (double)count, least = 1 / (k * (double)e->replicas);
    double error = sqrt(m->variance / k + least * least);
    double width = gsl_cdf_tdist_Pinv(0.975, k - 1) * error;
    uint64_t one = driven ? 1 : 2;
    double seen = log((double)(e->distinct > one ? e->distinct : one));
    /* What has been seen is there, whatever the mean says. */
    e->log_count = e->equilibrated ? fmax(m->log_mean, seen) : NAN;
    e->error = e->equilibrated ? error : NAN;
    e->high = e->equilibrated ? m->log_mean + width : INFINITY;
    e->low = e->equilibrated ? m->log_mean - width : m->log_mean - log(20);
    e->low = fmax(e->low, seen);
    e->high = fmax(e->high, seen);
}

/* Without. If the last measure is sampled fairly, and families are as many independent draws of it,
 * a share 3 / draws of it would have been met with 95 %. */
static void bound(fl_count_estimate *e, const moments *last, size_t count) {
    double k = (double)count, draws = k * (double)e->replicas / e->families;
    double error = gsl_cdf_tdist_Pinv(0.95, k - 1) * sqrt(last->variance / k);
    e->log_count = e->error = NAN;
    e->low = -INFINITY;
    e->high = e->equilibrated ? last->log_mean + error + log(3 / draws) : INFINITY;
}

fl_status fl_count_combine(fl_count_method method, const fl_count_run *runs, size_t count,
                           fl_count_estimate *e) {
    if (count < 2)
        return fl_fail(FL_EINVAL, "%zu populations; an error bar takes at least 2", count);
    moments m = moments_of(runs, count, false), last = moments_of(runs, count, true);
    *e = (fl_count_estimate){.method = method,
                             .found = !isinf(m.log_mean),
                             .raw = m.log_mean,
                             .families = mean_of(runs, count, offsetof(fl_count_run, families)),
                             .acceptance = mean_of(runs, count, offsetof(fl_count_run, acceptance)),
                             .fraction = mean_of(runs, count, offsetof(fl_count_run, fraction)),
                             .replicas = runs[0].replicas,
                             .steps = runs[0].steps};
    for (size_t r = 0; r < count; r++)
        e->distinct = runs[r].distinct > e->distinct ? runs[r].distinct : e->distinct;
    const moments *decisive = e->found ? &m : &last;
    double predicted = e->families / (double)e->replicas;
    e->spread = sqrt(decisive->variance);
    e->excess = decisive->variance / predicted;
    e->equilibrated = !isinf(decisive->log_mean) && agree(decisive, predicted, count);
    FL_CHECK(coincide(runs, count, e));
    if (e->found)
        conclude(e, &m, count, runs[0].driven);
    else
        bound(e, &last, count);
    return FL_OK;
}
