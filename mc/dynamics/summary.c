/* Summary of runs: see access.h. */
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

#include "fixland/access.h"

/* Sorts; nan for none. Of two infinite middles infinity, not nan. */
static double median(double *values, size_t count) {
    if (count == 0)
        return NAN;
    gsl_sort(values, 1, count);
    double low = values[(count - 1) / 2], high = values[count / 2];
    return low == high ? low : (low + high) / 2;
}

static double activity_of(const fl_access_row *row) {
    return row->activity;
}

static double reached_of(const fl_access_row *row) {
    return row->ending == FL_REACHED;
}

/* Means over the runs of each network, since these are not independent; runs on one given network
 * stand for themselves. */
static size_t by_network(const fl_access_row *rows, size_t count, bool given,
                         double (*value)(const fl_access_row *), double *values) {
    size_t networks = 0;
    for (size_t first = 0, next; first < count; first = next) {
        double sum = value(&rows[first]);
        for (next = first + 1; !given && next < count && rows[next].sample == rows[first].sample;
             next++)
            sum += value(&rows[next]);
        values[networks++] = sum / (double)(next - first);
    }
    return networks;
}

/* How many independent runs tell as much as these: what the variance of the networks' means says
 * (the design effect), at least as many as there are networks. Of few networks the variance tells
 * little. */
static double independent_runs(const fl_estimate *reached, size_t count) {
    double p = reached->mean, networks = (double)reached->samples;
    double worth = p * (1 - p) / (reached->error * reached->error);
    if (reached->samples < 10 || !isfinite(worth)) /* or all alike: nothing tells how alike */
        return networks;
    return fmin(fmax(worth, networks), (double)count);
}

static void fill(const fl_access_row *rows, size_t count, bool given, double *values,
                 fl_access_summary *s) {
    size_t reached = 0, cycles = 0;
    double flips = 0;
    s->samples = by_network(rows, count, given, reached_of, values);
    fl_estimate success = fl_mean(values, s->samples);
    by_network(rows, count, given, activity_of, values);
    s->activity = fl_mean(values, s->samples);
    for (size_t k = 0; k < count; k++) {
        flips += rows[k].flips_per_neuron;
        reached += rows[k].ending == FL_REACHED;
        values[k] = rows[k].ending == FL_REACHED ? rows[k].sweeps : INFINITY;
    }
    s->flips_per_neuron = flips / (double)count;
    s->median_sweeps = median(values, count);
    for (size_t k = 0; k < count; k++)
        if (rows[k].ending == FL_CYCLE)
            values[cycles++] = (double)rows[k].period;
    s->median_period = median(values, cycles);
    s->cycles = (double)cycles / (double)count;
    s->success = (double)reached / (double)count;
    double trials = independent_runs(&success, count);
    s->interval = fl_wilson_of(s->success, trials, 1.959963984540054);
}

fl_status fl_access_summarise(const fl_access_row *rows, size_t count, bool given,
                              fl_access_summary *summary) {
    double *values = malloc((count + 1) * sizeof *values);
    if (!values)
        return fl_fail(FL_ENOMEM, "out of memory for the summary of %zu runs", count);
    if (count == 0) {
        free(values);
        return fl_fail(FL_EINVAL, "a summary of no runs");
    }
    fill(rows, count, given, values, summary);
    free(values);
    return FL_OK;
}
