/* fl-overlap histogram: the mean number of pairs at each distance, beside the exact mean. */
#include <math.h>
#include <stdlib.h>

#include "mc/overlap/groups.h"
#include "mc/overlap/histogram.h"
#include "mc/overlap/modes.h"
#include "mc/overlap/source.h"

typedef struct settings {
    source_settings source;
    int64_t pairs;
    double smooth;
    bool test;
} settings;

typedef struct histogram {
    const settings *s;
    uint64_t seed;
    groups groups; /* n + 1 pairs, then, when sampled, n + 1 squared errors */
} histogram;

static const fl_option options[] = {
    FL_GROUP(source_options, settings, source),
    {"pairs", FL_OPTION_INTEGER, offsetof(settings, pairs), "COUNT", .low = 1, .high = 1e15,
     .help = "draw that many pairs of each set instead of counting all"},
    {"smooth", FL_OPTION_REAL, offsetof(settings, smooth), "WIDTH", .low = 1e-4, .high = 1,
     .help =
         "the density of overlaps, smoothed with a Gaussian of this standard deviation, instead "
         "of the histogram"},
    {"test", FL_OPTION_FLAG, offsetof(settings, test),
     .help = "one row for each n and jd that tests the whole histogram against the exact mean"},
    {.name = NULL},
};

static fl_status exact(const overlap_set *set, const fl_effort *effort, double *row) {
    uint64_t *pairs = calloc(set->n + 1, sizeof *pairs);
    if (!pairs)
        return fl_fail(FL_ENOMEM, "out of memory for a histogram of %zu neurons", set->n);
    fl_status status = fl_pairs(set->spins, set->count, set->n, effort, pairs);
    for (size_t d = 0; d <= set->n; d++)
        row[d] = (double)pairs[d];
    free(pairs);
    return status;
}

/* A stream of its own for each n and sample; a set of another self-coupling draws the same pairs.
 */
static fl_status sampled(const histogram *h, const overlap_set *set, double *row) {
    fl_rng rng = fl_rng_stream(h->seed, FL_PURPOSE_BOOTSTRAP, set->sample, set->n);
    double *errors = row + set->n + 1;
    FL_CHECK(
        fl_pairs_sampled(set->spins, set->count, set->n, (uint64_t)h->s->pairs, &rng, row, errors));
    for (size_t d = 0; d <= set->n; d++)
        errors[d] *= errors[d];
    return FL_OK;
}

static fl_status analyse_histogram(void *context, const overlap_set *set, const fl_effort *effort,
                                   numbers *row) {
    const histogram *h = context;
    double *values = calloc(2 * (set->n + 1), sizeof *values);
    if (!values)
        return fl_fail(FL_ENOMEM, "out of memory for a histogram of %zu neurons", set->n);
    bool some = h->s->pairs > 0;
    fl_status status = some ? sampled(h, set, values) : exact(set, effort, values);
    const double count = (double)set->count;
    if (status == FL_OK)
        status = numbers_add(row, values, (some ? 2 : 1) * (set->n + 1));
    if (status == FL_OK)
        status = numbers_add(row, &count, 1);
    free(values);
    return status;
}

static fl_status take_histogram(void *context, const overlap_set *set, const double *row,
                                size_t count) {
    histogram *h = context;
    return groups_add(&h->groups, set->n, set->jd, 0, row, count);
}

static const fl_mode_table tables[] = {
    {NULL, histogram_columns, HISTOGRAM_COLUMNS},
    {"Columns with --smooth", density_columns, DENSITY_COLUMNS},
    {"Columns with --test", agreement_columns, AGREEMENT_COLUMNS},
    SOURCE_PARTS_TABLE,
    {.columns = NULL},
};

static fl_status write_histograms(histogram *h, source *from) {
    const settings *s = h->s;
    const fl_mode_table *written = &tables[s->test ? 2 : s->smooth > 0];
    fl_table *table;
    FL_CHECK(source_table(from, written->columns, written->count, &table));
    FL_CHECK(source_run(from, h, analyse_histogram, take_histogram));
    if (s->test)
        return histogram_write_test(table, from, &h->groups);
    if (s->smooth > 0)
        return histogram_write_density(table, from, &h->groups, s->smooth);
    return histogram_write(table, from, &h->groups, s->pairs > 0);
}

static fl_status run_histogram(fl_run *run, const void *given) {
    const settings *s = given;
    histogram h = {.s = s, .seed = run->common.seed};
    source *from;
    if (s->test && s->smooth > 0)
        return fl_fail(FL_EUSAGE, "--test and --smooth are two different tables");
    FL_CHECK(source_open(&from, run, &s->source));
    fl_status status = source_close(from, write_histograms(&h, from));
    groups_clear(&h.groups);
    return status;
}

static const char details[] =
    "Numbers of ordered pairs of fixed points at each Hamming distance, a fixed point paired with "
    "itself included, so that they sum to the square of the number of fixed points; the mean over "
    "samples. The files are stores (fl-enumerate --store, or of other origin); without files the "
    "networks are drawn and enumerated on the spot, as fl-enumerate draws them.";

const fl_mode overlap_histogram = {
    .name = "histogram",
    .summary = "mean number of pairs at each overlap",
    .details = details,
    .tables = tables,
    .example = "fl-overlap histogram --n 20 --jd 0.1 --samples 1000 --seed 1",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME | FL_WITH_LISTS,
    .run = run_histogram,
    .takes_files = true,
    .again = true,
};
