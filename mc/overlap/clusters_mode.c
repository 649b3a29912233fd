/* fl-overlap clusters: sizes, diameters and isolation of the clusters of each set. */
#include <math.h>
#include <stdlib.h>

#include "fixland/clusters.h"
#include "mc/overlap/groups.h"
#include "mc/overlap/modes.h"
#include "mc/overlap/radii.h"
#include "mc/overlap/source.h"

typedef struct settings {
    source_settings source;
    fl_integers radius;
    int64_t diameter_limit;
    double nearest_budget;
    bool summary, reached;
} settings;

/* What is known of a set at one radius, after the radius itself. */
enum {
    RADIUS,
    POINTS,
    CLUSTERS,
    LARGEST,
    ISOLATED,
    DIAMETER,
    NEAREST,
    SIZE,
    WEIGHTED_LARGEST,
    WEIGHTED_ISOLATED,
    WEIGHTED_SIZE,
    BOUNDED,
    NEAREST_POINTS,
    QUANTITIES
};

typedef struct clusters {
    const settings *s;
    fl_table *table;
    groups groups; /* with --summary */
} clusters;

static const fl_option options[] = {
    FL_GROUP(source_options, settings, source),
    RADIUS_OPTION(settings, radius),
    {"summary", FL_OPTION_FLAG, offsetof(settings, summary),
     .help = "one row for each n, jd and radius, with errors over samples, instead of one for each "
             "sample"},
    {"reached", FL_OPTION_FLAG, offsetof(settings, reached),
     .help = "two files: a store of all fixed points, and one of end points of a dynamics; the "
             "weight of a fixed point is how often it was reached"},
    {"diameter-limit", FL_OPTION_INTEGER, offsetof(settings, diameter_limit), "COUNT", "50000", 2,
     4e9,
     .help = "diameters of clusters of up to COUNT members are exact, at a cost of their square"},
    {"nearest-budget", FL_OPTION_REAL, offsetof(settings, nearest_budget), "COUNT", "4e9", 1, 1e15,
     .help = "distances measured for nearest_distance of a set; beyond it fewer fixed points are "
             "asked"},
    {.name = NULL},
};

static fl_status describe(const clusters *x, const overlap_set *set, const double *weights,
                          const fl_effort *effort, const fl_clusters *c, double *row) {
    fl_cluster_summary of;
    FL_CHECK(fl_clusters_summarise(c, set->spins, set->n, weights, (size_t)x->s->diameter_limit,
                                   effort, &of));
    row[POINTS] = (double)set->count;
    row[CLUSTERS] = (double)c->count;
    row[LARGEST] = of.even.largest;
    row[ISOLATED] = of.even.isolated;
    row[SIZE] = of.even.size;
    row[WEIGHTED_LARGEST] = of.weighted.largest;
    row[WEIGHTED_ISOLATED] = of.weighted.isolated;
    row[WEIGHTED_SIZE] = of.weighted.size;
    row[DIAMETER] = of.diameters.mean;
    row[BOUNDED] = (double)of.diameters.bounded;
    return FL_OK;
}

/* What one set's radii share. */
typedef struct job {
    const clusters *x;
    const overlap_set *set;
    const double *weights;
    const fl_effort *effort;
    numbers *row;
    double nearest;
    size_t nearest_points;
} job;

static fl_status at_radius(void *context, size_t radius, fl_clusters *c) {
    const job *j = context;
    double row[QUANTITIES] = {[RADIUS] = (double)radius,
                              [NEAREST] = j->nearest,
                              [NEAREST_POINTS] = (double)j->nearest_points};
    FL_CHECK(describe(j->x, j->set, j->weights, j->effort, c, row));
    return numbers_add(j->row, row, QUANTITIES);
}

static fl_status analyse_weighted(const clusters *x, const overlap_set *set, const double *weights,
                                  const fl_effort *effort, numbers *row) {
    job j = {.x = x, .set = set, .weights = weights, .effort = effort, .row = row};
    FL_CHECK(fl_nearest_distance(set->spins, set->count, set->n, x->s->nearest_budget, effort,
                                 &j.nearest, &j.nearest_points));
    return radii_each(set, &x->s->radius, effort, &j, at_radius);
}

static fl_status analyse_clusters(void *context, const overlap_set *set, const fl_effort *effort,
                                  numbers *row) {
    const clusters *x = context;
    if (!x->s->reached)
        return analyse_weighted(x, set, set->weights, effort, row);
    double *hits = malloc((set->count + 1) * sizeof *hits);
    if (!hits)
        return fl_fail(FL_ENOMEM, "out of memory for %zu configurations", set->count);
    fl_status status =
        fl_reached(set->spins, set->count, set->other, set->other_count, set->n, hits);
    if (status == FL_OK)
        status = analyse_weighted(x, set, hits, effort, row);
    free(hits);
    return status;
}

static fl_status write_sample(fl_table *table, const overlap_set *set, const double *row) {
    const fl_cell cells[] = {FL_INT(set->n),
                             FL_NUM(set->jd),
                             FL_INT(set->sample),
                             FL_INT(row[RADIUS]),
                             FL_INT(row[POINTS]),
                             FL_INT(row[CLUSTERS]),
                             FL_NUM(row[LARGEST]),
                             FL_NUM(row[ISOLATED]),
                             FL_NUM(row[DIAMETER]),
                             FL_NUM(row[NEAREST]),
                             FL_NUM(row[SIZE]),
                             FL_NUM(row[WEIGHTED_LARGEST]),
                             FL_NUM(row[WEIGHTED_ISOLATED]),
                             FL_NUM(row[WEIGHTED_SIZE]),
                             FL_INT(row[BOUNDED]),
                             FL_INT(row[NEAREST_POINTS])};
    return fl_table_row(table, cells);
}

static fl_status take_clusters(void *context, const overlap_set *set, const double *row,
                               size_t count) {
    clusters *x = context;
    for (size_t k = 0; k < count; k += QUANTITIES) {
        if (x->s->summary)
            FL_CHECK(groups_add(&x->groups, set->n, set->jd, row[k + RADIUS], row + k, QUANTITIES));
        else
            FL_CHECK(write_sample(x->table, set, row + k));
    }
    return FL_OK;
}

/* Q(kind, name, error, help): POINTS .. WEIGHTED_SIZE, of a sample, and as means over those samples
 * where the quantity exists. */
#define QUANTITY_LIST(Q)                                                                           \
    Q(FL_INTEGER, "fixed_points", "fixed_points_error", "in the set")                              \
    Q(FL_INTEGER, "clusters", "clusters_error", "connected components")                            \
    Q(FL_REAL, "largest_fraction", "largest_error", "of the fixed points in the largest cluster")  \
    Q(FL_REAL, "isolated_fraction", "isolated_error", "of fixed points without neighbour")         \
    Q(FL_REAL, "mean_diameter", "diameter_error",                                                  \
      "mean over clusters of two and more members of the largest Hamming distance within the "     \
      "cluster; nan: none")                                                                        \
    Q(FL_REAL, "nearest_distance", "nearest_error",                                                \
      "mean over fixed points of the distance to the nearest other one")                           \
    Q(FL_REAL, "mean_size", "size_error", "mean over fixed points of the size of their cluster")   \
    Q(FL_REAL, "weighted_largest", "weighted_largest_error",                                       \
      "largest_fraction with the weights of the store (basins, for example) or of --reached")      \
    Q(FL_REAL, "weighted_isolated", "weighted_isolated_error",                                     \
      "isolated_fraction with these weights")                                                      \
    Q(FL_REAL, "weighted_size", "weighted_size_error", "mean_size with these weights")

#define OF_SAMPLE(kind, name, error, help) {name, kind, NULL, help},
#define OVER_SAMPLES(kind, name, error, help)                                                      \
    FL_COLUMNS_MEAN(name, error, NULL, "mean over samples: " help),

static const fl_column columns[] = {
    FL_COLUMNS_SAMPLE(FL_COLUMN_NEURONS),
    COLUMN_RADIUS,
    QUANTITY_LIST(OF_SAMPLE){
        "bounded_diameters", FL_INTEGER, NULL,
        "clusters beyond --diameter-limit that entered with a lower bound of their diameter"},
    {"nearest_points", FL_INTEGER, NULL, "fixed points that nearest_distance is a mean over"},
};

static const fl_column summary_columns[] = {FL_COLUMNS_SIZE(FL_COLUMN_NEURONS), COLUMN_RADIUS,
                                            FL_COLUMN_SAMPLES, QUANTITY_LIST(OVER_SAMPLES)};

static const fl_mode_table tables[] = {
    {NULL, columns, OVERLAP_COUNT(columns)},
    {"Columns with --summary", summary_columns, OVERLAP_COUNT(summary_columns)},
    SOURCE_PARTS_TABLE,
    {.columns = NULL},
};

/* Quantities POINTS .. WEIGHTED_SIZE, two columns each. */
static fl_status write_clusters_summary(fl_table *table, const group *g) {
    fl_cell row[OVERLAP_COUNT(summary_columns)] = {FL_INT(g->n), FL_NUM(g->jd), FL_INT(g->extra),
                                                   FL_INT(g->samples)};
    for (size_t k = POINTS; k <= WEIGHTED_SIZE; k++) {
        fl_estimate mean;
        FL_CHECK(group_mean(g, k, &mean));
        row[4 + 2 * (k - POINTS)] = FL_NUM(mean.mean);
        row[5 + 2 * (k - POINTS)] = FL_NUM(mean.error);
    }
    return fl_table_row(table, row);
}

static fl_status write_clusters(clusters *x, source *from) {
    bool summary = x->s->summary;
    FL_CHECK(source_table(from, summary ? summary_columns : columns,
                          summary ? OVERLAP_COUNT(summary_columns) : OVERLAP_COUNT(columns),
                          &x->table));
    FL_CHECK(source_run(from, x, analyse_clusters, take_clusters));
    for (size_t k = 0; k < x->groups.count; k++)
        FL_CHECK(write_clusters_summary(x->table, &x->groups.all[k]));
    return FL_OK;
}

static fl_status run_clusters(fl_run *run, const void *given) {
    const settings *s = given;
    clusters x = {.s = s};
    source *from;
    FL_CHECK(s->reached ? source_open_pair(&from, run, &s->source, true)
                        : source_open(&from, run, &s->source));
    fl_status status = source_close(from, write_clusters(&x, from));
    groups_clear(&x.groups);
    return status;
}

static const char details[] =
    "Fixed points are linked when their Hamming distance is at most the radius; clusters are the "
    "connected components. The files are stores; without files networks are drawn and enumerated "
    "on the spot.";

const fl_mode overlap_clusters = {
    .name = "clusters",
    .summary = "clusters of fixed points within a radius",
    .details = details,
    .tables = tables,
    .example = "fl-overlap clusters --n 20 --jd 0:0.5:0.1 --samples 100 --radius 1,2,3 --summary",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME | FL_WITH_LISTS,
    .run = run_clusters,
    .takes_files = true,
    .again = true,
};
