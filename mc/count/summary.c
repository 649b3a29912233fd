/* Means over networks: see fl_count_summarise in count.h. */
#include <math.h>
#include <stdlib.h>

#include "fixland/count.h"

/* ln of the mean count, networks without fixed point included, and its error: disorder (exact where
 * known) and the errors of the counts. */
static void annealed(const fl_count_row *rows, size_t count, fl_count_summary *s) {
    double samples = (double)(count - s->undecided), most = -INFINITY, sum = 0, squares = 0;
    double noise = 0;
    for (size_t k = 0; k < count; k++)
        if (rows[k].equilibrated && rows[k].found)
            most = fmax(most, rows[k].log_count);
    for (size_t k = 0; k < count; k++)
        if (rows[k].equilibrated && rows[k].found) {
            double x = exp(rows[k].log_count - most);
            sum += x;
            squares += x * x;
            noise += x * x * rows[k].error * rows[k].error;
        }
    s->log_mean = samples > 0 ? most + log(sum / samples) : NAN;
    if (isinf(most) || samples < 1)
        s->log_mean = samples < 1 ? NAN : -INFINITY;
    double mean = sum / samples;
    double measured = (squares / samples / (mean * mean) - 1) * samples / (samples - 1);
    double disorder = isnan(s->log_ratio_variance) ? measured : expm1(s->log_ratio_variance);
    s->log_mean_error = sqrt((disorder + noise / samples / (mean * mean)) / samples);
}

fl_status fl_count_summarise(const fl_count_row *rows, size_t count, const fl_instances *networks,
                             size_t n_index, fl_count_summary *s) {
    double *logs = calloc(count + 1, sizeof *logs);
    const fl_count_law unknown = {NAN, NAN, NAN, NAN};
    double noise = 0;
    size_t some = 0;
    if (!logs)
        return fl_fail(FL_ENOMEM, "out of memory for a summary of %zu samples", count);
    *s = (fl_count_summary){
        .samples = count, .closed_form = NAN, .log_ratio_variance = NAN, .law = unknown};
    for (size_t k = 0; k < count; k++) {
        s->undecided += !rows[k].equilibrated;
        s->empty += rows[k].equilibrated && !rows[k].found;
        if (rows[k].equilibrated && rows[k].found) {
            logs[some++] = rows[k].log_count;
            noise += rows[k].error * rows[k].error;
        }
    }
    s->quenched = fl_mean(logs, some);
    s->log_variance = fl_variance_estimate(logs, some);
    s->log_variance.mean -= noise / (double)some;
    free(logs);
    if (networks && count) {
        if (fl_instances_log_mean(networks, n_index, rows[0].jd, &s->closed_form) != FL_OK)
            s->closed_form = NAN;
        s->law = fl_instances_law(networks, n_index, rows[0].jd);
        s->log_ratio_variance = isnan(s->law.variance) ? NAN : fmax(0, log1p(s->law.variance));
    }
    annealed(rows, count, s);
    s->z = s->undecided ? NAN : fl_z(s->log_mean, s->closed_form, s->log_mean_error);
    return FL_OK;
}
