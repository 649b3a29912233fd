/* fl-access near: how many fixed points lie around the configurations of a store, exactly. */
#include <math.h>
#include <stdlib.h>

#include "fixland/attractors.h"
#include "fixland/replicas.h"
#include "fixland/sampling.h"
#include "fixland/spins.h"
#include "mc/dynamics/modes.h"
#include "mc/dynamics/stored_points.h"

typedef struct settings {
    stored_settings store;
    fl_integers radius;
} settings;

typedef struct near_run {
    const settings *s;
    fl_effort effort;
    stored_points store;
    size_t radii, largest;
    stored_groups groups; /* with --summary */
    fl_outputs files;
} near_run;

/* Of a set, at one radius: sums over its points. */
typedef struct near_sums {
    double points, fixed, near, log, square;
} near_sums;

enum { ROWS = 9, SUMMARY = 9 };

#define NEAR_RADIUS                                                                                \
    { "radius", FL_INTEGER, NULL, "flips at most" }

static const fl_column row_columns[ROWS] = {
    FL_COLUMNS_SAMPLE(STORED_COLUMN_N),
    NEAR_RADIUS,
    {"points", FL_INTEGER, NULL, "configurations of the store that were looked at"},
    {"fixed", FL_REAL, NULL, "fraction of them that are fixed points"},
    {"near", FL_REAL, NULL,
     "fixed points within the radius of one, itself among them, mean over configurations"},
    FL_COLUMNS_OVER(
        "entropy", "entropy_error", "nats",
        "ln of their number per neuron, mean over configurations; -inf where one has none",
        "the configurations (those of one network may be alike)"),
};

static const fl_column summary_columns[SUMMARY] = {
    FL_COLUMNS_SIZE(STORED_COLUMN_N),
    NEAR_RADIUS,
    {"networks", FL_INTEGER, NULL, "that have configurations in the store"},
    {"points", FL_INTEGER, NULL, "configurations that were looked at, of all of them"},
    FL_COLUMNS_OVER("near", "near_error", NULL,
                    "fixed points within the radius of a configuration, mean over networks",
                    "networks"),
    FL_COLUMNS_OVER("entropy", "entropy_error", "nats",
                    "ln of their number per neuron, mean over networks", "networks"),
};

static void add_near(const near_run *r, size_t n, const uint64_t *counts, near_sums *sums) {
    for (size_t k = 0; k < r->radii; k++) {
        double near = 0;
        for (size_t d = 0; d <= (size_t)r->s->radius.values[k] && d <= n; d++)
            near += (double)counts[d];
        double entropy = log(near) / (double)n;
        sums[k].points++;
        sums[k].fixed += (double)counts[0];
        sums[k].near += near;
        sums[k].log += entropy;
        sums[k].square += entropy * entropy;
    }
}

static fl_status near_set(const near_run *r, const fl_store_set *set, near_sums *sums) {
    size_t n = set->n, most = r->largest < n ? r->largest : n;
    uint64_t *point = calloc(fl_spins_words(n), sizeof *point);
    uint64_t *counts = calloc(most + 1, sizeof *counts);
    fl_network network = {.n = 0};
    fl_status status = point && counts
                           ? stored_points_network(&r->store, set, &network)
                           : fl_fail(FL_ENOMEM, "out of memory for a configuration of %zu", n);
    for (uint64_t k = 0; status == FL_OK && k < stored_points_taken(&r->store, set); k++) {
        status = stored_points_read(&r->store, set, k, point);
        if (status == FL_OK)
            status = fl_fixed_points_near(&network, set->jd, point, most, &r->effort, counts);
        if (status == FL_OK)
            add_near(r, n, counts, sums);
    }
    fl_network_clear(&network);
    free(point);
    free(counts);
    return status;
}

static size_t near_length(uint64_t task, void *context, bool kept) {
    (void)task;
    (void)kept;
    return ((const near_run *)context)->radii * sizeof(near_sums);
}

static fl_status near_task(uint64_t task, void *context, fl_result *result) {
    near_run *r = context;
    const fl_store_set *set = stored_points_set(&r->store, task);
    near_sums *sums = calloc(r->radii + 1, sizeof *sums);
    if (!sums)
        return fl_fail(FL_ENOMEM, "out of memory for %zu radii", r->radii);
    fl_status status = set->count ? near_set(r, set, sums) : FL_OK;
    if (status == FL_OK)
        *result = (fl_result){sums, near_length(task, context, false)};
    else
        free(sums);
    return status;
}

static fl_status write_near(const near_run *r, const fl_store_set *set, size_t radius,
                            const near_sums *sums) {
    double points = sums->points, mean = sums->log / points;
    double variance = fmax(0, sums->square / points - mean * mean) * points / (points - 1);
    const fl_cell cells[ROWS] = {FL_INT(set->n),
                                 FL_NUM(set->jd),
                                 FL_INT(set->sample),
                                 FL_INT(r->s->radius.values[radius]),
                                 FL_INT(points),
                                 FL_NUM(sums->fixed / points),
                                 FL_NUM(sums->near / points),
                                 FL_NUM(mean),
                                 FL_NUM(points > 1 ? sqrt(variance / points) : NAN)};
    return fl_table_row(r->files.table, cells);
}

static fl_status near_emit(uint64_t task, void *context, const void *data, size_t length) {
    near_run *r = context;
    const fl_store_set *set = stored_points_set(&r->store, task);
    const near_sums *sums = data;
    (void)length;
    for (size_t k = 0; k < r->radii && set->count; k++) {
        const double values[STORED_VALUES] = {sums[k].near / sums[k].points,
                                              sums[k].log / sums[k].points};
        if (stored_summary(&r->s->store))
            FL_CHECK(stored_groups_add(&r->groups, set, k, (uint64_t)sums[k].points, values));
        else
            FL_CHECK(write_near(r, set, k, &sums[k]));
    }
    return FL_OK;
}

static fl_status write_near_means(const near_run *r) {
    for (size_t k = 0; k < r->groups.count; k++) {
        const stored_group *g = &r->groups.list[k];
        const fl_cell cells[SUMMARY] = {FL_INT(g->n),
                                        FL_NUM(g->jd),
                                        FL_INT(r->s->radius.values[g->which]),
                                        FL_INT(g->networks),
                                        FL_INT(g->points),
                                        FL_NUM(stored_mean(g, 0)),
                                        FL_NUM(stored_error(g, 0)),
                                        FL_NUM(stored_mean(g, 1)),
                                        FL_NUM(stored_error(g, 1))};
        FL_CHECK(fl_table_row(r->files.table, cells));
    }
    return FL_OK;
}

static fl_status near_sets(fl_run *run, near_run *r) {
    fl_replicas replicas = {.tasks = r->store.until - r->store.from,
                            .effort = fl_run_effort(run),
                            .context = r,
                            .work = near_task,
                            .emit = near_emit,
                            .record = {.kind = "neighbours", .length = near_length}};
    r->effort = fl_effort_within(&replicas.effort, 1);
    return fl_outputs_run(&r->files, run, &replicas, "sets");
}

static fl_status near_all(fl_run *run, near_run *r) {
    static const size_t values[] = {6, 7}; /* near, entropy */
    bool summary = stored_summary(&r->s->store);
    fl_status status = fl_outputs_open(
        &r->files, run, NULL, summary ? summary_columns : row_columns, summary ? SUMMARY : ROWS);
    if (status == FL_OK)
        status = run->rows ? stored_groups_again(&r->groups, run->rows, r->radii, 4, values, 2)
                           : near_sets(run, r);
    if (status == FL_OK)
        status = write_near_means(r);
    return fl_outputs_close(&r->files, status);
}

static fl_status run_near(fl_run *run, const void *given) {
    const settings *s = given;
    near_run r = {.s = s, .radii = s->radius.count};
    for (size_t k = 0; k < r.radii; k++)
        if ((size_t)s->radius.values[k] > r.largest)
            r.largest = (size_t)s->radius.values[k];
    fl_status status = run->rows ? FL_OK : stored_points_open(&r.store, run, &s->store);
    if (status == FL_OK && !run->rows)
        status = stored_points_share(&r.store, &s->store);
    if (status == FL_OK)
        status = near_all(run, &r);
    stored_points_close(&r.store);
    stored_groups_clear(&r.groups);
    return status;
}

static const fl_option options[] = {
    FL_GROUP(stored_options, settings, store),
    {"radius", FL_OPTION_INTEGERS, offsetof(settings, radius), "LIST", "1,2", 0, 1 << 20,
     .help = "flips at most; all configurations within the largest are looked at, at most 1e10 of "
             "them around each"},
    {.name = NULL},
};

static const fl_mode_table tables[] =
    FL_TWO_TABLES(row_columns, ROWS, "Columns with --summary", summary_columns, SUMMARY);

const fl_mode access_near_mode = {
    .name = "near",
    .summary = "fixed points around the configurations of a store, counted exactly",
    .details =
        "Looks at every configuration within some flips of each one of a store, and counts the "
        "fixed points: how dense it is around typical ones (a store of fl-enumerate) and around "
        "those that dynamics (fl-access run) or message passing (fl-message solve) reach. One row "
        "a network, J_D and radius, or with --summary means over networks. Where the networks come "
        "from is as in fl-access return.",
    .tables = tables,
    .example = "fl-access near --start points.h5 --radius 1,2,3 --summary",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_THREADS | FL_WITH_RESUME,
    .run = run_near,
    .again = true};
