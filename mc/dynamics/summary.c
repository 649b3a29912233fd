/* Summary of runs: see access.h. */
#include <math.h>
#include <stdlib.h>

#include "fixland/access.h"

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts; nan for none. Of two infinite middles infinity, not nan. */
static double median(double *values, size_t count) {
    if (count == 0)
        return NAN;
    qsort(values, count, sizeof *values, ascending);
    double low = values[(count - 1) / 2], high = values[count / 2];
    return low == high ? low : (low + high) / 2;
}

/* Means over the runs of each network, since these are not independent. */
static size_t by_network(const fl_access_row *rows, size_t count, double *values) {
    size_t networks = 0;
    for (size_t first = 0, next; first < count; first = next) {
        double sum = 0;
        for (next = first; next < count && rows[next].sample == rows[first].sample; next++)
            sum += rows[next].activity;
        values[networks++] = sum / (double)(next - first);
    }
    return networks;
}

static void fill(const fl_access_row *rows, size_t count, double *values, fl_access_summary *s) {
    size_t reached = 0, cycles = 0;
    double flips = 0;
    s->samples = by_network(rows, count, values);
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
    s->interval = fl_wilson((uint64_t)llround(s->success * (double)s->samples), s->samples,
                            1.959963984540054);
}

fl_status fl_access_summarise(const fl_access_row *rows, size_t count, fl_access_summary *summary) {
    double *values = malloc((count + 1) * sizeof *values);
    if (!values)
        return fl_fail(FL_ENOMEM, "out of memory for the summary of %zu runs", count);
    if (count == 0) {
        free(values);
        return fl_fail(FL_EINVAL, "a summary of no runs");
    }
    fill(rows, count, values, summary);
    free(values);
    return FL_OK;
}
