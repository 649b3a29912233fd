/* fl-overlap sizes: how many clusters of each size there are. */
#include <stdlib.h>

#include "fixland/clusters.h"
#include "mc/overlap/modes.h"
#include "mc/overlap/radii.h"
#include "mc/overlap/source.h"

typedef struct settings {
    source_settings source;
    fl_integers radius;
} settings;

typedef struct sizes {
    const settings *s;
    fl_sizes *sizes;
} sizes;

static const fl_option options[] = {
    FL_GROUP(source_options, settings, source),
    RADIUS_OPTION(settings, radius),
    {.name = NULL},
};

/* Triples (radius, size, clusters). */
static fl_status at_radius(void *context, size_t radius, fl_clusters *c) {
    fl_size_count *counts = malloc((c->count + 1) * sizeof *counts);
    size_t count;
    if (!counts)
        return fl_fail(FL_ENOMEM, "out of memory for %zu clusters", c->count);
    fl_clusters_sizes(c, counts, &count);
    fl_status status = FL_OK;
    for (size_t k = 0; status == FL_OK && k < count; k++) {
        const double triple[] = {(double)radius, (double)counts[k].size, counts[k].clusters};
        status = numbers_add(context, triple, 3);
    }
    free(counts);
    return status;
}

static fl_status analyse_sizes(void *context, const overlap_set *set, const fl_effort *effort,
                               numbers *row) {
    const sizes *x = context;
    /* The clusters at a larger radius start from these, of which only the labels are needed. */
    return radii_each(set, &x->s->radius, effort, row, at_radius);
}

static fl_status take_sizes(void *context, const overlap_set *set, const double *row,
                            size_t count) {
    sizes *x = context;
    FL_CHECK(fl_sizes_begin(x->sizes, set->n, set->jd));
    for (size_t k = 0; k < count; k += 3) {
        const fl_size_count of = {(size_t)row[k + 1], row[k + 2]};
        FL_CHECK(fl_sizes_add(x->sizes, (size_t)row[k], &of));
    }
    return FL_OK;
}

static const fl_column columns[] = {
    FL_COLUMNS_SIZE(FL_COLUMN_NEURONS),
    COLUMN_RADIUS,
    {"size", FL_INTEGER, NULL, "fixed points in the cluster"},
    FL_COLUMNS_ESTIMATE("clusters_mean", "clusters_error", NULL,
                        "clusters of that size in a sample, mean over samples"),
    {"fraction", FL_REAL, NULL, "of all fixed points of all samples, in clusters of this size"},
    {"fraction_from", FL_REAL, NULL, "the same in clusters of this size or larger"},
};

static const fl_mode_table tables[] = {
    {NULL, columns, OVERLAP_COUNT(columns)},
    SOURCE_PARTS_TABLE,
    {.columns = NULL},
};

static fl_status write_size_rows(fl_table *table, fl_sizes *gathered) {
    const fl_size_row *rows;
    size_t count;
    FL_CHECK(fl_sizes_rows(gathered, &rows, &count));
    for (size_t k = 0; k < count; k++) {
        const fl_size_row *r = &rows[k];
        const fl_cell row[] = {FL_INT(r->n),        FL_NUM(r->jd),           FL_INT(r->radius),
                               FL_INT(r->size),     FL_NUM(r->mean),         FL_NUM(r->error),
                               FL_NUM(r->fraction), FL_NUM(r->fraction_from)};
        FL_CHECK(fl_table_row(table, row));
    }
    return FL_OK;
}

static fl_status write_sizes(sizes *x, source *from) {
    fl_table *table;
    FL_CHECK(source_table(from, columns, OVERLAP_COUNT(columns), &table));
    FL_CHECK(source_run(from, x, analyse_sizes, take_sizes));
    return write_size_rows(table, x->sizes);
}

static fl_status run_sizes(fl_run *run, const void *given) {
    const settings *s = given;
    sizes x = {.s = s};
    source *from;
    FL_CHECK(source_open(&from, run, &s->source));
    fl_status status = fl_sizes_new(&x.sizes);
    if (status == FL_OK)
        status = write_sizes(&x, from);
    fl_sizes_free(x.sizes);
    return source_close(from, status);
}

static const char details[] =
    "The number of clusters (fl-overlap clusters) of each size that occurs.";

const fl_mode overlap_sizes = {
    .name = "sizes",
    .summary = "distribution of cluster sizes",
    .details = details,
    .tables = tables,
    .example = "fl-overlap sizes --n 20 --jd 0.3 --samples 100 --radius 2",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME | FL_WITH_LISTS,
    .run = run_sizes,
    .takes_files = true,
    .again = true,
};
