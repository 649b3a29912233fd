/* fl-access threshold: fits and extrapolations of tables of fl-access run. */
#include <math.h>
#include <stdlib.h>

#include "fixland/access.h"
#include "fixland/table.h"
#include "mc/dynamics/modes.h"
#include "mc/dynamics/success.h"

typedef struct settings {
    int link, scaling;
    int64_t resamples, from;
    double reached;
} settings;

typedef struct work {
    fl_run *run;
    const settings *s;
    fl_table *table;
    success_sets sets;
    fl_point *points; /* of one algorithm */
} work;

enum { COLUMNS = 12 };

static const fl_column columns[COLUMNS] = {
    COLUMN_ALGORITHM,
    {"n", FL_REAL, NULL, "neurons (of each module); inf: the extrapolation"},
    FL_COLUMNS_ESTIMATE("jd_half", "error", NULL, "self-coupling J_D where success is one half"),
    {"low", FL_REAL, NULL, "its 95 % interval: from"},
    {"high", FL_REAL, NULL, "to"},
    {"width", FL_REAL, NULL, "in J_D, of the rise of success"},
    {"time_jd", FL_REAL, NULL, "a J_D that all sizes of the algorithm solve"},
    {"median_sweeps", FL_REAL, NULL, "there: the time to a solution against n"},
    {"exponent", FL_REAL, NULL, "of the extrapolation"},
    {"chi2", FL_REAL, NULL, "of the extrapolation"},
    {"freedom", FL_REAL, NULL, "degrees of freedom of chi2"},
};

static const fl_mode_table tables[] = {{NULL, columns, COLUMNS}, {.columns = NULL}};

static void warn(const work *w, const char *algorithm, double n, const char *sentence) {
    if (isfinite(n))
        fl_run_warn(w->run, "warning: %s, n = %g: %s", algorithm, n, sentence);
    else
        fl_run_warn(w->run, "warning: %s: %s", algorithm, sentence);
}

static fl_status read_files(work *w) {
    const char *const *files;
    size_t count = fl_run_files(w->run, &files);
    if (count == 0)
        return fl_fail(FL_EUSAGE, "threshold needs tables of fl-access run");
    FL_CHECK(success_read(&w->sets, files, count));
    w->points = calloc(w->sets.count + 1, sizeof *w->points);
    return w->points ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for %zu sizes", w->sets.count);
}

/* Does success at that self-coupling reach the fraction asked for? */
static bool is_reached(const success_set *s, double jd, double fraction) {
    for (size_t k = 0; k < s->jd_count; k++)
        if (s->totals[k].jd == jd)
            return s->totals[k].successes >= fraction * s->totals[k].trials;
    return false;
}

/* Sets first .. last - 1 are one algorithm. The smallest J_D at which every size of it reaches the
 * fraction of successes asked for; nan for none. */
static double common_jd(const work *w, size_t first, size_t last) {
    const success_set *smallest = &w->sets.all[first];
    for (size_t k = 0; k < smallest->jd_count; k++) {
        double jd = smallest->totals[k].jd;
        size_t good = first;
        while (good < last && is_reached(&w->sets.all[good], jd, w->s->reached))
            good++;
        if (good == last)
            return jd;
    }
    return NAN;
}

static fl_status write_threshold_row(const work *w, const char *name, double n,
                                     const fl_success_threshold *t, double time_jd, double median,
                                     const fl_extrapolation *e) {
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

/* What a reader of the row should know, the gravest first. */
static const char *doubt(const success_set *s, const fl_success_threshold *t) {
    if (!t->bracketed)
        return "success does not pass one half within the data; left out of the extrapolation";
    if (!s->networks)
        return "the table holds no single networks, so there is no honest error: all runs of a "
               "network share it; give the table of --per-sample";
    if (t->levels_off)
        return "success levels off below 1, to which the fit tends: jd_half is not where it is one "
               "half of its upper level, and the error does not hold that";
    if (t->coarse)
        return "success rises between neighbouring J_D: the error may be too small; run J_D that "
               "lie closer";
    if (s->networks < 20)
        return "fewer than 20 networks: the interval covers less than it says";
    return NULL;
}

static fl_status fit_set(const work *w, const success_set *s, fl_success_threshold *t) {
    fl_rng rng = fl_rng_stream(w->run->common.seed, FL_PURPOSE_BOOTSTRAP, (uint64_t)s->algorithm,
                               (uint64_t)s->n);
    fl_link link = (fl_link)w->s->link;
    if (!s->networks)
        return fl_threshold_fit(s->totals, s->jd_count, link, 0, &rng, t);
    double *jd = malloc((s->jd_count + 1) * sizeof *jd);
    if (!jd)
        return fl_fail(FL_ENOMEM, "out of memory for %zu self-couplings", s->jd_count);
    for (size_t k = 0; k < s->jd_count; k++)
        jd[k] = s->totals[k].jd;
    const fl_success_table table = {jd, s->jd_count, s->networks, s->successes, s->trials};
    const fl_effort effort = fl_run_effort(w->run);
    fl_status status =
        fl_threshold_networks(&table, link, (size_t)w->s->resamples, &effort, &rng, t);
    free(jd);
    return status;
}

/* One size: its row, and its point if it has one. */
static fl_status fit_size(work *w, const success_set *s, double time_jd, size_t *points) {
    const char *name = success_name(s->algorithm);
    fl_success_threshold t = {.jd = NAN, .error = NAN, .interval = {NAN, NAN}, .width = NAN};
    double median = NAN, n = (double)s->n;
    for (size_t k = 0; k < s->jd_count; k++)
        if (s->totals[k].jd == time_jd)
            median = s->medians[k];
    fl_status status = fit_set(w, s, &t);
    if (status != FL_OK && status != FL_EDOMAIN)
        return status;
    const char *sentence = status == FL_EDOMAIN ? fl_message() : doubt(s, &t);
    if (sentence)
        warn(w, name, n, sentence);
    if (status == FL_OK && t.bracketed && isfinite(t.error) && t.error > 0 && s->n >= w->s->from)
        w->points[(*points)++] = (fl_point){n, t.jd, t.error};
    return write_threshold_row(w, name, n, &t, time_jd, median, NULL);
}

static fl_status fit_algorithm(work *w, size_t first, size_t last) {
    const char *name = success_name(w->sets.all[first].algorithm);
    double time_jd = common_jd(w, first, last);
    size_t points = 0;
    for (size_t k = first; k < last; k++)
        FL_CHECK(fit_size(w, &w->sets.all[k], time_jd, &points));
    fl_extrapolation e;
    fl_status status = fl_extrapolate(w->points, points, (fl_scaling)w->s->scaling, &e);
    if (status == FL_EDOMAIN) {
        warn(w, name, INFINITY, fl_message());
        return FL_OK;
    }
    FL_CHECK(status);
    if (e.warning)
        warn(w, name, INFINITY, e.warning);
    fl_success_threshold limit = {
        .jd = e.limit, .error = e.error, .interval = e.interval, .width = NAN};
    return write_threshold_row(w, name, INFINITY, &limit, NAN, NAN, &e);
}

static fl_status fit_all(work *w) {
    const success_set *all = w->sets.all;
    for (size_t first = 0, last; first < w->sets.count; first = last) {
        for (last = first; last < w->sets.count && all[last].algorithm == all[first].algorithm;
             last++)
            ;
        FL_CHECK(fit_algorithm(w, first, last));
    }
    return FL_OK;
}

static fl_status run_threshold(fl_run *run, const void *given) {
    work w = {.run = run, .s = given};
    fl_status status = read_files(&w);
    if (status == FL_OK)
        status = runs_pool_note(&w.sets.runs, &run->meta);
    if (status == FL_OK)
        status = fl_run_table(run, &w.table, columns, COLUMNS);
    if (status == FL_OK) {
        status = fit_all(&w);
        if (status == FL_OK)
            status = fl_table_close(w.table);
        else
            fl_table_discard(w.table);
    }
    success_clear(&w.sets);
    free(w.points);
    return status;
}

static const fl_option options[] = {
    {"fit", FL_OPTION_CHOICE, offsetof(settings, link), "FORM", "logistic",
     .choices = "logistic|probit", .help = "form of the success against J_D"},
    {"scaling", FL_OPTION_CHOICE, offsetof(settings, scaling), "FORM", "power",
     .choices = "power|extinction",
     .help = "form of jd_half against n: limit - a n^-b, or limit - sqrt((a + b ln n)/n)"},
    {"from", FL_OPTION_INTEGER, offsetof(settings, from), "N", "1", 1, 1e9,
     .help = "smallest size that takes part in the extrapolation"},
    {"resamples", FL_OPTION_INTEGER, offsetof(settings, resamples), "COUNT", "1000", 2, 1e7,
     .help = "bootstrap resamples"},
    {"reached", FL_OPTION_REAL, offsetof(settings, reached), "FRACTION", "0.75", 0.5, 1,
     .help = "times are given at the smallest J_D where every size succeeds at least so often"},
    {.name = NULL},
};

static const char details[] =
    "Reads tables of `fl-access run --per-sample`, or of `fl-message solve`, whose method is the "
    "algorithm and whose iterations are the sweeps (one or more files) and fits, for each "
    "algorithm and size, success = F((J_D - jd_half) / width) by maximum likelihood, F logistic or "
    "the normal distribution. Intervals are 95 %, from a bootstrap over networks, with all "
    "self-couplings of each (over the replicas where --network gave the matrix). Summaries of "
    "`fl-access run` are read too, but hold no single networks: error and interval are nan, and no "
    "limit is given. A last row of each algorithm with n = inf holds the extrapolation of jd_half "
    "over the sizes (--from on) whose data pass one half. --scaling power: limit - a n^-b; the "
    "interval covers all b in [0.1, 2] that the data allow: at least 95 % (doc/calibration.md). "
    "--scaling extinction: limit - sqrt((a + b ln n)/n), what follows where activity that vanishes "
    "as the square of limit - J_D is ended by a fluctuation (doc/dynamics.md, section 6). Where "
    "the data do not support the answer a warning says why. jd_half falls as more sweeps are "
    "allowed: tables of different sweeps are refused, and so are those that differ in anything but "
    "algorithms, sizes, self-couplings, samples and seeds.";

const fl_mode access_threshold_mode = {
    .name = "threshold",
    .summary = "where success is one half, and its limit",
    .details = details,
    .tables = tables,
    .example = "fl-access threshold runs.tsv --scaling extinction --from 200",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED,
    .run = run_threshold,
    .takes_files = true};
