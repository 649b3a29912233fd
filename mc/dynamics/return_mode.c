/* fl-access return: how much damage the configurations of a store survive. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/attractors.h"
#include "fixland/replicas.h"
#include "fixland/sampling.h"
#include "fixland/spins.h"
#include "mc/dynamics/modes.h"
#include "mc/dynamics/stored_points.h"

typedef struct settings {
    stored_settings store;
    bool flips_given, overlap_given;
    fl_integers flips;
    fl_reals overlaps;
    int64_t trials, samples;
    bool planted;
    fl_integers n;
    fl_reals jd;
    double margin;
    dynamics_settings dynamics;
} settings;

typedef struct damage_run {
    const settings *s;
    fl_algorithm algorithm;
    fl_effort effort;
    uint64_t seed;
    stored_points store;
    size_t damages;
    stored_groups groups; /* with --summary */
    fl_outputs files;
} damage_run;

/* Means over the points of a set at one damage. */
typedef struct damage_record {
    double points, returned, reached, overlap;
} damage_record;

enum { ROWS = 10, SUMMARY = 11 };

#define COLUMNS_DAMAGE                                                                             \
    {"flips", FL_INTEGER, NULL, "neurons that were turned, drawn at random"}, {                    \
        "start_overlap", FL_REAL, NULL,                                                            \
            "of the start with the configuration: 1 - 2 flips / neurons"                           \
    }
/* `mean`: over what they are means besides; `over`: what the error is over. */
#define COLUMNS_RETURNED(mean, over)                                                               \
    FL_COLUMNS_OVER("returned", "returned_error", NULL,                                            \
                    "fraction of runs that end in the configuration itself" mean, over),           \
    {                                                                                              \
        "reached", FL_REAL, NULL, "fraction of runs that end in any fixed point" mean              \
    }

static const fl_column row_columns[ROWS] = {
    FL_COLUMNS_SAMPLE(STORED_COLUMN_N),
    COLUMNS_DAMAGE,
    {"points", FL_INTEGER, NULL, "configurations of the store that were damaged"},
    COLUMNS_RETURNED("", "the configurations (those of one network may be alike)"),
    {"overlap", FL_REAL, NULL, "of the end with the configuration, mean"},
};

static const fl_column summary_columns[SUMMARY] = {
    FL_COLUMNS_SIZE(STORED_COLUMN_N),
    COLUMNS_DAMAGE,
    {"networks", FL_INTEGER, NULL, "that have configurations in the store"},
    {"points", FL_INTEGER, NULL, "configurations that were damaged, of all of them"},
    COLUMNS_RETURNED(", mean over networks", "networks"),
    FL_COLUMNS_OVER("overlap", "overlap_error", NULL,
                    "of the end with the configuration, mean over networks", "networks"),
};

/* Record: per damage the sums, and the sum of squares of the fraction returned. */
typedef struct damage_sums {
    damage_record sum;
    double square;
} damage_sums;

static size_t flips_of(const damage_run *d, size_t damage, size_t n) {
    if (!d->s->overlap_given)
        return (size_t)d->s->flips.values[damage];
    return (size_t)llround((double)n * (1 - d->s->overlaps.values[damage]) / 2);
}

/* The configuration that network number `sample` is drawn around, with --planted. */
static void planted_point(const damage_run *d, const fl_store_set *set, uint64_t *spins) {
    fl_start_random(spins, set->n, d->seed, set->sample, UINT32_MAX);
}

static fl_status planted_network(const damage_run *d, const fl_store_set *set,
                                 fl_network *network) {
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    e.margin = d->s->margin;
    uint64_t *spins = calloc(fl_spins_words(set->n), sizeof *spins);
    if (!spins)
        return fl_fail(FL_ENOMEM, "out of memory for a configuration of %zu neurons", set->n);
    fl_status status = fl_network_draw(network, &e, set->n, d->seed, set->sample);
    if (status == FL_OK) {
        planted_point(d, set, spins);
        status = fl_network_plant(network, fl_ensemble_scale(&e, set->n), spins, set->jd, d->seed,
                                  set->sample);
        if (status != FL_OK)
            fl_network_clear(network);
    }
    free(spins);
    return status;
}

static fl_status read_damaged(const damage_run *d, const fl_store_set *set, uint64_t k,
                              uint64_t *spins) {
    if (!d->s->planted)
        return stored_points_read(&d->store, set, k, spins);
    planted_point(d, set, spins);
    return FL_OK;
}

static void add_returns(damage_sums *sums, const fl_returns *r) {
    double trials = (double)r->trials, returned = (double)r->returned / trials;
    sums->sum.points++;
    sums->sum.returned += returned;
    sums->sum.reached += (double)r->reached / trials;
    sums->sum.overlap += r->overlap / trials;
    sums->square += returned * returned;
}

static fl_status damage_set(damage_run *d, const fl_store_set *set, const fl_network *network,
                            damage_sums *sums) {
    fl_dynamics plan = {
        .algorithm = d->algorithm, .jd = set->jd, .seed = d->seed, .sample = set->sample};
    fl_columns *columns;
    dynamics_from(&d->s->dynamics, &plan);
    plan.effort = fl_effort_within(&d->effort, 1);
    uint64_t *point = calloc(fl_spins_words(set->n), sizeof *point);
    if (!point)
        return fl_fail(FL_ENOMEM, "out of memory for a configuration of %zu neurons", set->n);
    fl_status status = fl_columns_new(&columns, network, fabs(set->jd));
    for (uint64_t k = 0; status == FL_OK && k < stored_points_taken(&d->store, set); k++) {
        status = read_damaged(d, set, k, point);
        for (size_t m = 0; status == FL_OK && m < d->damages; m++) {
            fl_returns r;
            status = fl_returns_after(columns, set->n, &plan, point, k, flips_of(d, m, set->n),
                                      (uint64_t)d->s->trials, &r);
            if (status == FL_OK)
                add_returns(&sums[m], &r);
        }
    }
    fl_columns_free(columns);
    free(point);
    return status;
}

static fl_status damage_task(uint64_t task, void *context, fl_result *result) {
    damage_run *d = context;
    const fl_store_set *set = stored_points_set(&d->store, task);
    size_t bytes = d->damages * sizeof(damage_sums);
    damage_sums *sums = calloc(d->damages + 1, sizeof *sums);
    fl_network network;
    if (!sums)
        return fl_fail(FL_ENOMEM, "out of memory for %zu kinds of damage", d->damages);
    fl_status status = FL_OK;
    if (set->count) {
        status = d->s->planted ? planted_network(d, set, &network)
                               : stored_points_network(&d->store, set, &network);
        if (status == FL_OK) {
            status = damage_set(d, set, &network, sums);
            fl_network_clear(&network);
        }
    }
    if (status == FL_OK)
        *result = (fl_result){sums, bytes};
    else
        free(sums);
    return status;
}

static size_t damage_length(uint64_t task, void *context, bool kept) {
    (void)task;
    (void)kept;
    return ((const damage_run *)context)->damages * sizeof(damage_sums);
}

static fl_status write_damage(const damage_run *d, const fl_store_set *set, size_t damage,
                              const damage_sums *sums) {
    double points = sums->sum.points, mean = sums->sum.returned / points;
    double variance = (sums->square / points - mean * mean) * points / (points - 1);
    size_t flips = flips_of(d, damage, set->n);
    const fl_cell cells[ROWS] = {FL_INT(set->n),
                                 FL_NUM(set->jd),
                                 FL_INT(set->sample),
                                 FL_INT(flips),
                                 FL_NUM(1 - 2 * (double)flips / (double)set->n),
                                 FL_INT(points),
                                 FL_NUM(mean),
                                 FL_NUM(points > 1 ? sqrt(fmax(variance, 0) / points) : NAN),
                                 FL_NUM(sums->sum.reached / points),
                                 FL_NUM(sums->sum.overlap / points)};
    return fl_table_row(d->files.table, cells);
}

static fl_status damage_emit(uint64_t task, void *context, const void *data, size_t length) {
    damage_run *d = context;
    const fl_store_set *set = stored_points_set(&d->store, task);
    const damage_sums *sums = data;
    (void)length;
    for (size_t m = 0; m < d->damages && set->count; m++) {
        double points = sums[m].sum.points;
        const double values[STORED_VALUES] = {sums[m].sum.returned / points,
                                              sums[m].sum.reached / points,
                                              sums[m].sum.overlap / points};
        if (stored_summary(&d->s->store))
            FL_CHECK(stored_groups_add(&d->groups, set, m, (uint64_t)points, values));
        else
            FL_CHECK(write_damage(d, set, m, &sums[m]));
    }
    return FL_OK;
}

static fl_status write_damage_means(const damage_run *d) {
    for (size_t k = 0; k < d->groups.count; k++) {
        const stored_group *g = &d->groups.list[k];
        size_t flips = flips_of(d, g->which, g->n);
        const fl_cell cells[SUMMARY] = {FL_INT(g->n),
                                        FL_NUM(g->jd),
                                        FL_INT(flips),
                                        FL_NUM(1 - 2 * (double)flips / (double)g->n),
                                        FL_INT(g->networks),
                                        FL_INT(g->points),
                                        FL_NUM(stored_mean(g, 0)),
                                        FL_NUM(stored_error(g, 0)),
                                        FL_NUM(stored_mean(g, 1)),
                                        FL_NUM(stored_mean(g, 2)),
                                        FL_NUM(stored_error(g, 2))};
        FL_CHECK(fl_table_row(d->files.table, cells));
    }
    return FL_OK;
}

static fl_status check_flips(const damage_run *d) {
    for (size_t k = 0; k < d->store.count; k++)
        for (size_t m = 0; m < d->damages; m++)
            if (flips_of(d, m, d->store.sets[k].n) > d->store.sets[k].n)
                return fl_fail(FL_EUSAGE, "--flips %lld; the store holds sets of %zu neurons",
                               (long long)d->s->flips.values[m], d->store.sets[k].n);
    return FL_OK;
}

static fl_status damage_sets(fl_run *run, damage_run *d) {
    fl_replicas replicas = {.tasks = d->store.until - d->store.from,
                            .effort = fl_run_effort(run),
                            .context = d,
                            .work = damage_task,
                            .emit = damage_emit,
                            .record = {.kind = "returns after damage", .length = damage_length}};
    d->effort = replicas.effort;
    return fl_outputs_run(&d->files, run, &replicas, "sets");
}

static fl_status damage_all(fl_run *run, damage_run *d) {
    static const size_t values[] = {6, 8, 9}; /* returned, reached, overlap */
    bool summary = stored_summary(&d->s->store);
    FL_CHECK(stored_points_share(&d->store, &d->s->store));
    FL_CHECK(check_flips(d));
    fl_status status = fl_outputs_open(
        &d->files, run, NULL, summary ? summary_columns : row_columns, summary ? SUMMARY : ROWS);
    if (status == FL_OK)
        status = run->rows ? stored_groups_again(&d->groups, run->rows, d->damages, 5, values, 3)
                           : damage_sets(run, d);
    if (status == FL_OK)
        status = write_damage_means(d);
    return fl_outputs_close(&d->files, status);
}

/* A set of one configuration for each size, self-coupling and sample. */
static fl_status from_planted(fl_run *run, damage_run *d) {
    const settings *s = d->s;
    size_t samples = (size_t)s->samples, count = s->n.count * s->jd.count * samples, k = 0;
    fl_store_set *sets = calloc(count + 1, sizeof *sets);
    if (!sets)
        return fl_fail(FL_ENOMEM, "out of memory for --samples %zu", samples);
    for (size_t i = 0; i < s->n.count; i++)
        for (size_t j = 0; j < s->jd.count; j++)
            for (size_t sample = 0; sample < samples; sample++)
                sets[k++] = (fl_store_set){.n = (size_t)s->n.values[i],
                                           .jd = s->jd.values[j],
                                           .sample = sample,
                                           .count = 1};
    d->store = (stored_points){.sets = sets, .count = count};
    fl_status status = damage_all(run, d);
    free(sets);
    return status;
}

static fl_status from_store(fl_run *run, damage_run *d) {
    fl_status status = stored_points_open(&d->store, run, &d->s->store);
    if (status == FL_OK)
        status = damage_all(run, d);
    stored_points_close(&d->store);
    return status;
}

/* Where the configurations come from: options of the other way are refused, and not told. */
static fl_status check_source(fl_run *run, const settings *s) {
    static const char *const of_planted[] = {"n", "jd", "margin", "samples", NULL};
    static const char *const of_store[] = {"start",     "input",  "network",
                                           "transpose", "points", NULL};
    if (!s->planted && !s->store.start)
        return fl_fail(FL_EUSAGE, "return needs --start FILE.h5, or --planted");
    const char *const *names = s->planted ? of_store : of_planted;
    return fl_run_leave_out(run, names, s->planted ? "with --planted" : "without --planted");
}

static fl_status run_return(fl_run *run, const void *given) {
    const settings *s = given;
    damage_run d = {.s = s, .seed = run->common.seed};
    if (s->flips_given && s->overlap_given)
        return fl_fail(FL_EUSAGE, "--flips and --overlap say the same; give one");
    if (s->overlap_given)
        FL_CHECK(fl_run_forget(run, "flips"));
    d.damages = s->overlap_given ? s->overlaps.count : s->flips.count;
    FL_CHECK(check_source(run, s));
    FL_CHECK(algorithm_of(run, &s->dynamics, &d.algorithm));
    fl_status status = run->rows    ? damage_all(run, &d)
                       : s->planted ? from_planted(run, &d)
                                    : from_store(run, &d);
    stored_groups_clear(&d.groups);
    return status;
}

static const fl_option options[] = {
    FL_GROUP(stored_options, settings, store),
    {"planted", FL_OPTION_FLAG, offsetof(settings, planted),
     .help =
         "no store: networks drawn around a fixed point, a random configuration, as picking one "
         "at random among the fixed points of all networks gives them"},
    {"n", FL_OPTION_INTEGERS, offsetof(settings, n), "LIST", "1000", 2, 1 << 20,
     .help = "planted: neurons"},
    {"jd", FL_OPTION_REALS, offsetof(settings, jd), "LIST", "0.9", -5, 1e6,
     .help = "planted: self-coupling J_D"},
    FL_GROUP(fl_margin_options, settings, margin),
    {"samples", FL_OPTION_INTEGER, offsetof(settings, samples), "COUNT", "20", 1, 1e9,
     .help = "planted: networks of each size"},
    FL_GROUP(algorithm_options, settings, dynamics),
    {"flips", FL_OPTION_INTEGERS, offsetof(settings, flips), "LIST", "1,2,4,8", 0, 1 << 20,
     .given = offsetof(settings, flips_given), .help = "neurons that are turned"},
    {"overlap", FL_OPTION_REALS, offsetof(settings, overlaps), "LIST",
     .given = offsetof(settings, overlap_given), .low = -1, .high = 1,
     .help = "the same as overlaps of the start with the configuration"},
    {"trials", FL_OPTION_INTEGER, offsetof(settings, trials), "COUNT", "20", 1, 1e6,
     .help = "runs for each configuration and damage"},
    FL_GROUP(rule_options, settings, dynamics),
    {.name = NULL},
};

static const fl_mode_table tables[] =
    FL_TWO_TABLES(row_columns, ROWS, "Columns with --summary", summary_columns, SUMMARY);

const fl_mode access_return_mode = {
    .name = "return",
    .summary = "how much damage the configurations of a store survive",
    .details =
        "Turns neurons of each configuration of a store, runs a dynamics, and tells how often it "
        "comes back and where it ends: for fixed points of fl-enumerate (typical ones), of "
        "fl-access run (reached), of fl-message solve. One row a network, J_D and damage, or "
        "with --summary means over networks. The networks are those that the store holds, or are drawn "
        "again from the ensemble that it tells of; --network gives the matrix that the "
        "configurations belong to. With --planted the fixed points are typical ones of networks of any "
        "size: fl-dmft retrieval has the limit N -> infinity of overlap.",
    .tables = tables,
    .example = "fl-access return --start points.h5 --flips 1,2,4,8 --trials 50",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
    .run = run_return,
    .again = true};
