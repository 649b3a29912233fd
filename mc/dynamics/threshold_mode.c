/* fl-access threshold: fits and extrapolations of tables of fl-access run. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/access.h"
#include "fixland/table.h"
#include "mc/dynamics/modes.h"
#include "mc/dynamics/parts.h"

typedef struct settings {
    int link, scaling;
    int64_t resamples, from;
    double reached;
} settings;

/* A row of the tables that were read. */
typedef struct entry {
    fl_algorithm algorithm;
    double n;
    fl_success success;
    double median;
} entry;

typedef struct work {
    fl_run *run;
    const settings *s;
    fl_table *table;
    entry *entries;
    size_t count;
    fl_success *data; /* of one size */
    fl_point *points; /* of one algorithm */
    table_parts parts;
} work;

enum { COLUMNS = 12 };

static const fl_column columns[COLUMNS] = {
    {"algorithm", FL_TEXT, NULL}, {"n", FL_REAL, NULL},       {"jd_half", FL_REAL, NULL},
    {"error", FL_REAL, NULL},     {"low", FL_REAL, NULL},     {"high", FL_REAL, NULL},
    {"width", FL_REAL, NULL},     {"time_jd", FL_REAL, NULL}, {"median_sweeps", FL_REAL, NULL},
    {"exponent", FL_REAL, NULL},  {"chi2", FL_REAL, NULL},    {"freedom", FL_REAL, NULL},
};

static void warn(const work *w, const char *algorithm, double n, const char *sentence) {
    if (w->run->common.quiet)
        return;
    if (isfinite(n))
        fprintf(stderr, "fl-access: warning: %s, n = %g: %s\n", algorithm, n, sentence);
    else
        fprintf(stderr, "fl-access: warning: %s: %s\n", algorithm, sentence);
}

static int by_place(const void *a, const void *b) {
    const entry *x = a, *y = b;
    if (x->algorithm != y->algorithm)
        return x->algorithm < y->algorithm ? -1 : 1;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    return (x->success.jd > y->success.jd) - (x->success.jd < y->success.jd);
}

static fl_status add_frame(work *w, const char *path, const fl_frame *f) {
    static const char *const names[] = {"algorithm", "n",       "jd",
                                        "samples",   "success", "median_sweeps"};
    size_t at[6];
    for (size_t k = 0; k < 6; k++)
        if (fl_frame_column(f, names[k], &at[k]) != FL_OK)
            return fl_fail(FL_EFORMAT, "%s: no column '%s'; it must be a summary of fl-access run",
                           path, names[k]);
    entry *more = realloc(w->entries, (w->count + f->rows + 1) * sizeof *more);
    if (!more)
        return fl_fail(FL_ENOMEM, "%s: out of memory for %zu rows", path, f->rows);
    w->entries = more;
    for (size_t k = 0; k < f->rows; k++) {
        const double *real = f->real + k * f->columns;
        entry e = {.n = real[at[1]],
                   .success = {real[at[2]], real[at[3]] * real[at[4]], real[at[3]]},
                   .median = real[at[5]]};
        FL_CHECK(fl_algorithm_parse(f->text[k * f->columns + at[0]], &e.algorithm));
        if (!(e.success.trials >= 1 && e.success.successes >= 0 &&
              e.success.successes <= e.success.trials && isfinite(e.n) && isfinite(e.success.jd)))
            return fl_fail(FL_EFORMAT, "%s: row %zu is no summary of runs", path, k + 1);
        w->entries[w->count++] = e;
    }
    return FL_OK;
}

static fl_status read_files(work *w) {
    const char *const *files;
    size_t count = fl_run_files(w->run, &files);
    if (count == 0)
        return fl_fail(FL_EUSAGE, "threshold needs tables of fl-access run");
    for (size_t k = 0; k < count; k++) {
        fl_frame frame;
        FL_CHECK(fl_frame_read(&frame, files[k]));
        fl_status status = parts_add(&w->parts, files[k], &frame.meta);
        if (status == FL_OK)
            status = add_frame(w, files[k], &frame);
        fl_frame_clear(&frame);
        FL_CHECK(status);
    }
    qsort(w->entries, w->count, sizeof *w->entries, by_place);
    w->data = calloc(w->count + 1, sizeof *w->data);
    w->points = calloc(w->count + 1, sizeof *w->points);
    if (!w->data || !w->points)
        return fl_fail(FL_ENOMEM, "out of memory for %zu rows", w->count);
    return FL_OK;
}

/* Entries first .. last - 1 are one algorithm. The smallest J_D at which every size of it reaches
 * the fraction of successes asked for; nan for none. */
static double common_jd(const work *w, size_t first, size_t last) {
    double best = NAN;
    for (size_t k = first; k < last; k++) {
        double jd = w->entries[k].success.jd;
        size_t sizes = 0, good = 0;
        for (size_t m = first; m < last; m++) {
            const entry *e = &w->entries[m];
            sizes += m == first || e->n != w->entries[m - 1].n;
            good +=
                e->success.jd == jd && e->success.successes >= w->s->reached * e->success.trials;
        }
        if (good == sizes && !(jd >= best))
            best = jd;
    }
    return best;
}

static fl_status write_row(const work *w, const char *name, double n, const fl_success_threshold *t,
                           double time_jd, double median, const fl_extrapolation *e) {
    const fl_cell row[COLUMNS] = {
        FL_STR(name),
        FL_NUM(n),
        FL_NUM(t->jd),
        FL_NUM(t->error),
        FL_NUM(t->interval.low),
        FL_NUM(t->interval.high),
        FL_NUM(t->width),
        FL_NUM(time_jd),
        FL_NUM(median),
        FL_NUM(e ? e->exponent : NAN),
        FL_NUM(e ? e->chi2 : NAN),
        FL_NUM(e ? e->freedom : NAN),
    };
    return fl_table_row(w->table, row);
}

/* One size: its row, and its point if it has one. */
static fl_status fit_size(work *w, size_t first, size_t last, double time_jd, size_t *points) {
    const entry *e = &w->entries[first];
    const char *name = fl_algorithm_name(e->algorithm);
    fl_success_threshold t = {NAN, NAN, {NAN, NAN}, NAN, false, false};
    double median = NAN;
    fl_rng rng = fl_rng_stream(w->run->common.seed, FL_PURPOSE_BOOTSTRAP, (uint64_t)e->algorithm,
                               (uint64_t)e->n);
    for (size_t k = first; k < last; k++) {
        w->data[k - first] = w->entries[k].success;
        if (w->entries[k].success.jd == time_jd)
            median = w->entries[k].median;
    }
    fl_status status = fl_threshold_fit(w->data, last - first, (fl_link)w->s->link,
                                        (size_t)w->s->resamples, &rng, &t);
    if (status != FL_OK && status != FL_EDOMAIN)
        return status;
    if (status == FL_EDOMAIN)
        warn(w, name, e->n, fl_message());
    else if (!t.bracketed)
        warn(w, name, e->n,
             "success does not pass one half within the data; left out of the "
             "extrapolation");
    else if (t.coarse)
        warn(w, name, e->n,
             "success rises between neighbouring J_D: the error may be too small; run J_D that lie "
             "closer");
    if (status == FL_OK && t.bracketed && isfinite(t.error) && t.error > 0 &&
        e->n >= (double)w->s->from)
        w->points[(*points)++] = (fl_point){e->n, t.jd, t.error};
    return write_row(w, name, e->n, &t, time_jd, median, NULL);
}

static fl_status fit_algorithm(work *w, size_t first, size_t last) {
    const char *name = fl_algorithm_name(w->entries[first].algorithm);
    double time_jd = common_jd(w, first, last);
    size_t points = 0;
    for (size_t low = first, high; low < last; low = high) {
        for (high = low; high < last && w->entries[high].n == w->entries[low].n; high++)
            ;
        FL_CHECK(fit_size(w, low, high, time_jd, &points));
    }
    fl_extrapolation e;
    fl_status status = fl_extrapolate(w->points, points, (fl_scaling)w->s->scaling, &e);
    if (status == FL_EDOMAIN) {
        warn(w, name, INFINITY, fl_message());
        return FL_OK;
    }
    FL_CHECK(status);
    if (e.warning)
        warn(w, name, INFINITY, e.warning);
    fl_success_threshold limit = {e.limit, e.error, e.interval, NAN, false, false};
    return write_row(w, name, INFINITY, &limit, NAN, NAN, &e);
}

static fl_status fit_all(work *w) {
    for (size_t first = 0, last; first < w->count; first = last) {
        for (last = first;
             last < w->count && w->entries[last].algorithm == w->entries[first].algorithm; last++)
            ;
        FL_CHECK(fit_algorithm(w, first, last));
    }
    return FL_OK;
}

static fl_status run(fl_run *run, const void *given) {
    work w = {.run = run, .s = given, .parts = {.any_seed = true}};
    fl_status status = read_files(&w);
    if (status == FL_OK)
        status = parts_note(&w.parts, &run->meta);
    if (status == FL_OK)
        status = fl_run_table(run, &w.table, columns, COLUMNS);
    if (status == FL_OK) {
        status = fit_all(&w);
        if (status == FL_OK)
            status = fl_table_close(w.table);
        else
            fl_table_discard(w.table);
    }
    parts_clear(&w.parts);
    free(w.entries);
    free(w.data);
    free(w.points);
    return status;
}

static const fl_option options[] = {
    {.name = "fit",
     .type = FL_OPTION_CHOICE,
     .offset = offsetof(settings, link),
     .argument = "FORM",
     .fallback = "logistic",
     .choices = "logistic|probit",
     .help = "form of the success against J_D"},
    {.name = "scaling",
     .type = FL_OPTION_CHOICE,
     .offset = offsetof(settings, scaling),
     .argument = "FORM",
     .fallback = "power",
     .choices = "power|extinction",
     .help = "form of jd_half against n: limit - a n^-b, or limit - sqrt((a + b ln n)/n)"},
    {.name = "from",
     .type = FL_OPTION_INTEGER,
     .offset = offsetof(settings, from),
     .argument = "N",
     .fallback = "1",
     .low = 1,
     .high = 1e9,
     .help = "smallest size that takes part in the extrapolation"},
    {.name = "resamples",
     .type = FL_OPTION_INTEGER,
     .offset = offsetof(settings, resamples),
     .argument = "COUNT",
     .fallback = "1000",
     .low = 2,
     .high = 1e7,
     .help = "bootstrap resamples"},
    {.name = "reached",
     .type = FL_OPTION_REAL,
     .offset = offsetof(settings, reached),
     .argument = "FRACTION",
     .fallback = "0.75",
     .low = 0.5,
     .high = 1,
     .help = "times are given at the smallest J_D where every size succeeds at least so often"},
    {.name = NULL},
};

static const char details[] =
    "Reads summaries of `fl-access run` (one or more files) and fits, for each algorithm and size, "
    "success = F((J_D - jd_half) / width) by maximum likelihood, F logistic or the normal "
    "distribution. Intervals are 95 %, from a parametric bootstrap. A last row of each algorithm "
    "with n = inf holds the extrapolation of jd_half over the sizes (--from on) whose data pass "
    "one "
    "half. --scaling power: limit - a n^-b; the interval covers all b in [0.1, 2] that the data "
    "allow. --scaling extinction: limit - sqrt((a + b ln n)/n), what follows where activity that "
    "vanishes as the square of limit - J_D is ended by a fluctuation (doc/dynamics.md, section 6). "
    "Where the data do not support the answer a warning says why. jd_half falls as more sweeps are "
    "allowed: tables of different sweeps are refused.\n\n"
    "Columns: algorithm; n; jd_half, where success is one half, its error and interval low, high; "
    "width; time_jd, a J_D that all sizes of the algorithm solve, and median_sweeps there: the "
    "time to a solution against n; exponent, chi2, freedom of the extrapolation.";

const fl_mode access_threshold_mode = {
    .name = "threshold",
    .summary = "where success is one half, and its limit",
    .details = details,
    .example = "fl-access threshold access.tsv --scaling extinction --from 200",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED,
    .run = run,
    .takes_files = true};
