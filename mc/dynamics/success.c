/* See success.h. */
#include "mc/dynamics/success.h"

#include <gsl/gsl_sort.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/message.h"
#include "fixland/table.h"
#include "mc/dynamics/rows.h"
#include "src/cli/rows_check.h"
#include "src/cli/several.h"

/* A row, of a run or of a summary, and the seed that its file tells. */
typedef struct entry {
    size_t origin;
    fl_access_row run; /* of a summary: algorithm, n and jd */
    fl_success total;  /* of a summary */
    double median;     /* of a summary */
    const char *path;
} entry;

typedef struct reader {
    success_sets *sets;
    entry *entries;
    size_t count;
    char **origins; /* different seeds */
    size_t origin_count;
    bool single, summaries; /* what was read so far */
    bool given;             /* one given matrix: replicas stand for networks */
} reader;

static fl_status origin_of(reader *r, const fl_meta *meta, size_t *origin) {
    const char *told = fl_meta_get(meta, "seed"), *seed = told ? told : "";
    for (*origin = 0; *origin < r->origin_count; ++*origin)
        if (strcmp(r->origins[*origin], seed) == 0)
            return FL_OK;
    char **more = realloc(r->origins, (r->origin_count + 1) * sizeof *more);
    if (more)
        r->origins = more;
    char *copy = more ? strdup(seed) : NULL;
    if (!copy)
        return fl_fail(FL_ENOMEM, "out of memory for the seeds of tables");
    r->origins[r->origin_count++] = copy;
    return FL_OK;
}

static fl_status grow_success(reader *r, size_t more, const char *path) {
    entry *entries = realloc(r->entries, (r->count + more + 1) * sizeof *entries);
    if (!entries)
        return fl_fail(FL_ENOMEM, "%s: out of memory for %zu rows", path, more);
    r->entries = entries;
    return FL_OK;
}

static fl_status add_runs(reader *r, const char *path, const fl_frame *f, size_t origin) {
    rows runs = {0};
    fl_status status = rows_add_frame(&runs, path, f);
    if (status == FL_OK)
        status = grow_success(r, runs.count, path);
    for (size_t k = 0; status == FL_OK && k < runs.count; k++)
        r->entries[r->count++] = (entry){.origin = origin, .run = runs.items[k], .path = path};
    rows_clear(&runs);
    return status;
}

static fl_status add_summaries(reader *r, const char *path, const fl_frame *f, size_t origin) {
    static const char *const names[] = {"algorithm", "n",       "jd",
                                        "samples",   "success", "median_sweeps"};
    size_t at[6];
    for (size_t k = 0; k < 6; k++)
        if (fl_frame_column(f, names[k], &at[k]) != FL_OK)
            return fl_fail(FL_EFORMAT, "%s: no column '%s'; it must be a table of fl-access run",
                           path, names[k]);
    FL_CHECK(grow_success(r, f->rows, path));
    for (size_t k = 0; k < f->rows; k++) {
        entry e = {.origin = origin, .path = path};
        uint64_t n = 0;
        double success = NAN;
        fl_status status = fl_frame_whole(f, k, at[1], &n);
        if (status == FL_OK)
            status = fl_frame_number(f, k, at[2], &e.run.jd);
        if (status == FL_OK)
            status = fl_frame_number(f, k, at[3], &e.total.trials);
        if (status == FL_OK)
            status = fl_frame_number(f, k, at[4], &success);
        if (status == FL_OK)
            status = fl_frame_number(f, k, at[5], &e.median);
        if (status != FL_OK)
            return fl_fail(FL_EFORMAT, "%s: %s", path, fl_message());
        FL_CHECK(fl_algorithm_parse(f->text[k * f->columns + at[0]], &e.run.algorithm));
        if (!(e.total.trials >= 1 && success >= 0 && success <= 1 && isfinite(e.run.jd) &&
              isfinite(e.total.trials) && n >= 1 && n <= INT64_MAX))
            return fl_fail(FL_EFORMAT, "%s: row %zu is no summary of runs", path, k + 1);
        e.run.n = (int64_t)n;
        e.total.jd = e.run.jd;
        e.total.successes = success * e.total.trials;
        r->entries[r->count++] = e;
    }
    return FL_OK;
}

const char *success_name(fl_algorithm algorithm) {
    return (int)algorithm < FL_ALGORITHMS
               ? fl_algorithm_name(algorithm)
               : fl_message_method_name((fl_message_method)((int)algorithm - FL_ALGORITHMS));
}

/* Solvers of fl-message come behind the algorithms. */
static fl_status parse_method(const char *path, const char *name, fl_algorithm *algorithm) {
    for (int k = 0; k < FL_MESSAGE_METHODS; k++)
        if (strcmp(name, fl_message_method_name((fl_message_method)k)) == 0) {
            *algorithm = (fl_algorithm)(FL_ALGORITHMS + k);
            return FL_OK;
        }
    return fl_fail(FL_EFORMAT, "%s: there is no method '%s'", path, name);
}

/* A row of fl-message solve, as a run (its iterations as sweeps) or as a summary. */
static fl_status message_entry(const char *path, const fl_frame *f, size_t row, const size_t *at,
                               bool single, entry *e) {
    uint64_t n = 0;
    double count = NAN, success = NAN, iterations = NAN;
    fl_status status = fl_frame_whole(f, row, at[1], &n);
    if (status == FL_OK)
        status = fl_frame_number(f, row, at[2], &e->run.jd);
    if (status == FL_OK)
        status = fl_frame_number(f, row, at[3], &count);
    if (status == FL_OK)
        status = fl_frame_number(f, row, at[4], &success);
    if (status == FL_OK)
        status = fl_frame_number(f, row, at[5], &iterations);
    if (status != FL_OK)
        return fl_fail(FL_EFORMAT, "%s: %s", path, fl_message());
    FL_CHECK(parse_method(path, f->text[row * f->columns + at[0]], &e->run.algorithm));
    if (!(count >= (single ? 0 : 1) && count <= 0x1p53 && success >= 0 && success <= 1 && n >= 1 &&
          n <= INT64_MAX && iterations >= 0 && isfinite(e->run.jd)))
        return fl_fail(FL_EFORMAT, "%s: row %zu is no row of fl-message solve", path, row + 1);
    e->run.n = (int64_t)n;
    e->run.sample = (uint64_t)count;
    e->run.ending = success > 0 ? FL_REACHED : FL_WANDERS;
    e->run.sweeps = iterations;
    e->total = (fl_success){e->run.jd, success * count, count};
    e->median = NAN;
    return FL_OK;
}

static fl_status add_messages(reader *r, const char *path, const fl_frame *f, size_t origin,
                              bool single) {
    const char *const names[] = {"method",  "n",         "jd", single ? "sample" : "samples",
                                 "success", "iterations"};
    size_t at[6];
    for (size_t k = 0; k < 6; k++)
        if (fl_frame_column(f, names[k], &at[k]) != FL_OK)
            return fl_fail(FL_EFORMAT, "%s: no column '%s'; it must be a table of fl-message solve",
                           path, names[k]);
    FL_CHECK(grow_success(r, f->rows, path));
    for (size_t k = 0; k < f->rows; k++) {
        entry e = {.origin = origin, .path = path};
        FL_CHECK(message_entry(path, f, k, at, single, &e));
        r->entries[r->count++] = e;
    }
    return FL_OK;
}

static fl_status add_frame(reader *r, const char *path, const fl_frame *f) {
    size_t column, origin;
    bool messages = fl_frame_column(f, "method", &column) == FL_OK;
    bool single = fl_frame_column(f, messages ? "sample" : "ending", &column) == FL_OK;
    FL_CHECK(fl_several_refuse(path, f));
    FL_CHECK(runs_pool_add(&r->sets->runs, path, &f->meta));
    FL_CHECK(fl_rows_of_run(path, f));
    FL_CHECK(origin_of(r, &f->meta, &origin));
    r->given = fl_meta_get(&f->meta, "network") != NULL;
    r->single |= single;
    r->summaries |= !single;
    if (r->single && r->summaries)
        return fl_fail(FL_EMISMATCH,
                       "%s and the tables before it: one holds single runs (--per-sample), another "
                       "summaries",
                       path);
    if (messages)
        return add_messages(r, path, f, origin, single);
    return single ? add_runs(r, path, f, origin) : add_summaries(r, path, f, origin);
}

#define COMPARE(x, y)                                                                              \
    if ((x) != (y))                                                                                \
    return (x) < (y) ? -1 : 1

/* Networks stay together within a size. */
static int by_network(const void *a, const void *b) {
    const entry *x = a, *y = b;
    COMPARE(x->run.algorithm, y->run.algorithm);
    COMPARE(x->run.n, y->run.n);
    COMPARE(x->origin, y->origin);
    COMPARE(x->run.sample, y->run.sample);
    COMPARE(x->run.replica, y->run.replica);
    COMPARE(x->run.jd, y->run.jd);
    return 0;
}

static fl_status refuse_repeats(const reader *r) {
    for (size_t k = 1; k < r->count; k++) {
        const entry *a = &r->entries[k - 1], *b = &r->entries[k];
        if (by_network(a, b) != 0)
            continue;
        if (r->summaries)
            return fl_fail(FL_EMISMATCH,
                           "%s and %s hold the same runs: %s, n = %" PRId64
                           ", J_D = %g, of one seed",
                           a->path, b->path, success_name(a->run.algorithm), a->run.n, a->run.jd);
        return fl_fail(FL_EMISMATCH,
                       "%s and %s hold the same run: %s, n = %" PRId64 ", J_D = %g, sample %" PRIu64
                       " of one seed",
                       a->path, b->path, success_name(a->run.algorithm), a->run.n, a->run.jd,
                       a->run.sample);
    }
    return FL_OK;
}

static bool same_network(const reader *r, const entry *a, const entry *b) {
    return a->origin == b->origin && a->run.sample == b->run.sample &&
           (!r->given || a->run.replica == b->run.replica);
}

static size_t distinct(double *values, size_t count) {
    size_t kept = 0;
    gsl_sort(values, 1, count);
    for (size_t k = 0; k < count; k++)
        if (kept == 0 || values[k] != values[kept - 1])
            values[kept++] = values[k];
    return kept;
}

static size_t place_of(const success_set *s, double jd) {
    size_t k = 0;
    while (s->totals[k].jd != jd)
        k++;
    return k;
}

/* The middle of the sweeps at a self-coupling; infinite when more than half did not arrive. */
static double median_of(const entry *e, size_t count, double jd, double *room) {
    size_t found = 0;
    for (size_t k = 0; k < count; k++)
        if (e[k].run.jd == jd)
            room[found++] = e[k].run.ending == FL_REACHED ? e[k].run.sweeps : INFINITY;
    gsl_sort(room, 1, found);
    double low = room[(found - 1) / 2], high = room[found / 2];
    return low == high ? low : (low + high) / 2;
}

static size_t count_networks(const reader *r, const entry *e, size_t count) {
    size_t networks = 0;
    for (size_t k = 0; k < count; k++)
        networks += k == 0 || !same_network(r, &e[k - 1], &e[k]);
    return networks;
}

static void fill_networks(const reader *r, success_set *s, const entry *e, size_t count) {
    size_t network = 0;
    for (size_t k = 0; k < count; k++) {
        size_t j = place_of(s, e[k].run.jd);
        double reached = e[k].run.ending == FL_REACHED;
        network += k > 0 && !same_network(r, &e[k - 1], &e[k]);
        s->successes[network * s->jd_count + j] += reached;
        s->trials[network * s->jd_count + j] += 1;
        s->totals[j].successes += reached;
        s->totals[j].trials += 1;
    }
}

static void fill_totals(success_set *s, const entry *e, size_t count) {
    for (size_t k = 0; k < count; k++) {
        size_t j = place_of(s, e[k].run.jd);
        s->totals[j].successes += e[k].total.successes;
        s->totals[j].trials += e[k].total.trials;
        s->medians[j] = e[k].median; /* of the last, where several seeds are summed */
    }
}

static fl_status fill_set(const reader *r, success_set *s, const entry *e, size_t count) {
    double *values = malloc(count * sizeof *values);
    s->algorithm = e->run.algorithm;
    s->n = e->run.n;
    for (size_t k = 0; values && k < count; k++)
        values[k] = e[k].run.jd;
    s->jd_count = values ? distinct(values, count) : 0;
    s->networks = r->single ? count_networks(r, e, count) : 0;
    s->totals = calloc(s->jd_count, sizeof *s->totals);
    s->medians = calloc(s->jd_count, sizeof *s->medians);
    s->successes = calloc(s->networks * s->jd_count + 1, sizeof *s->successes);
    s->trials = calloc(s->networks * s->jd_count + 1, sizeof *s->trials);
    if (!values || !s->totals || !s->medians || !s->successes || !s->trials) {
        free(values);
        return fl_fail(FL_ENOMEM, "out of memory for %zu runs", count);
    }
    for (size_t j = 0; j < s->jd_count; j++)
        s->totals[j].jd = values[j];
    if (r->single) {
        fill_networks(r, s, e, count);
        for (size_t j = 0; j < s->jd_count; j++)
            s->medians[j] = median_of(e, count, s->totals[j].jd, values);
    } else {
        fill_totals(s, e, count);
    }
    free(values);
    return FL_OK;
}

static fl_status fill_sets(reader *r) {
    success_sets *sets = r->sets;
    sets->all = calloc(r->count + 1, sizeof *sets->all);
    if (!sets->all)
        return fl_fail(FL_ENOMEM, "out of memory for %zu rows", r->count);
    for (size_t first = 0, last; first < r->count; first = last) {
        const entry *e = &r->entries[first];
        for (last = first; last < r->count && r->entries[last].run.n == e->run.n &&
                           r->entries[last].run.algorithm == e->run.algorithm;
             last++)
            ;
        FL_CHECK(fill_set(r, &sets->all[sets->count++], e, last - first));
    }
    return FL_OK;
}

static fl_status read_success_rows(reader *r, const char *const *files, size_t count) {
    for (size_t k = 0; k < count; k++) {
        fl_frame frame;
        FL_CHECK(fl_frame_read(&frame, files[k]));
        fl_status status = add_frame(r, files[k], &frame);
        fl_frame_clear(&frame);
        FL_CHECK(status);
    }
    if (r->count)
        qsort(r->entries, r->count, sizeof *r->entries, by_network);
    FL_CHECK(refuse_repeats(r));
    FL_CHECK(runs_pool_whole(&r->sets->runs));
    return fill_sets(r);
}

fl_status success_read(success_sets *sets, const char *const *files, size_t count) {
    reader r = {.sets = sets};
    sets->runs.rule = &parts_of_thresholds;
    fl_status status = read_success_rows(&r, files, count);
    for (size_t k = 0; k < r.origin_count; k++)
        free(r.origins[k]);
    free(r.origins);
    free(r.entries);
    return status;
}

void success_clear(success_sets *sets) {
    for (size_t k = 0; k < sets->count; k++) {
        success_set *s = &sets->all[k];
        free(s->totals);
        free(s->medians);
        free(s->successes);
        free(s->trials);
    }
    free(sets->all);
    runs_pool_clear(&sets->runs);
    *sets = (success_sets){0};
}
