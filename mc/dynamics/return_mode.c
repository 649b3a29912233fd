/* fl-access return: how much damage the configurations of a store survive. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/attractors.h"
#include "fixland/replicas.h"
#include "fixland/sampling.h"
#include "fixland/spins.h"
#include "mc/dynamics/modes.h"

typedef struct settings {
    const char *start, *input;
    fl_network_settings network;
    bool flips_given, overlap_given;
    fl_integers flips;
    fl_reals overlaps;
    int64_t trials, points, samples;
    bool planted;
    fl_integers n;
    fl_reals jd;
    dynamics_settings dynamics;
} settings;

typedef struct damage_run {
    const settings *s;
    fl_algorithm algorithm;
    fl_effort effort;
    uint64_t seed;
    fl_store_reader *reader;
    const fl_store_set *sets;
    fl_store_set *planted; /* with --planted these, of one configuration each */
    size_t set_count, damages;
    fl_sampled given;      /* the network of --network (n = 0: none), the input of --input */
    fl_instances networks; /* where the store's come from, under its input */
    fl_outputs files;
} damage_run;

/* Means over the points of a set at one damage. */
typedef struct damage_record {
    double points, returned, reached, overlap;
} damage_record;

enum { ROWS = 10 };

static const fl_column row_columns[ROWS] = {
    FL_COLUMN_N,
    FL_COLUMN_JD,
    FL_COLUMN_SAMPLE,
    {"flips", FL_INTEGER, NULL, "neurons that were turned, drawn at random"},
    {"start_overlap", FL_REAL, NULL, "of the start with the configuration: 1 - 2 flips / neurons"},
    {"points", FL_INTEGER, NULL, "configurations of the store that were damaged"},
    {"returned", FL_REAL, NULL, "fraction of runs that end in the configuration itself"},
    {"returned_error", FL_REAL, NULL,
     "its standard error, over the configurations (those of one network may be alike)"},
    {"reached", FL_REAL, NULL, "fraction of runs that end in any fixed point"},
    {"overlap", FL_REAL, NULL, "of the end with the configuration, mean"},
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

static uint64_t points_of(const damage_run *d, const fl_store_set *set) {
    uint64_t most = (uint64_t)d->s->points;
    return most && most < set->count ? most : set->count;
}

/* Point number k of those that are taken, spread evenly over the set. */
static fl_status read_point(damage_run *d, const fl_store_set *set, uint64_t k, uint64_t *spins) {
    uint64_t taken = points_of(d, set), at = taken < set->count ? k * (set->count / taken) : k;
    if (d->planted) {
        fl_start_random(spins, set->n, d->seed, set->sample, UINT32_MAX);
        return FL_OK;
    }
    return fl_store_read(d->reader, set, at, 1, spins);
}

static fl_status plain_network(damage_run *d, const fl_store_set *set, fl_network *network) {
    if (d->given.given.n)
        return fl_network_copy(network, &d->given.given);
    fl_status status = fl_store_read_network(d->reader, set->n, set->sample, network);
    if (status != FL_EDOMAIN)
        return status;
    return fl_network_draw(network, &d->networks.ensemble, set->n / d->networks.ensemble.modules,
                           d->networks.seed, set->sample);
}

static fl_status planted_network(damage_run *d, const fl_store_set *set, fl_network *network) {
    const fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    uint64_t *spins = calloc(fl_spins_words(set->n), sizeof *spins);
    if (!spins)
        return fl_fail(FL_ENOMEM, "out of memory for a configuration of %zu neurons", set->n);
    fl_status status = fl_network_draw(network, &e, set->n, d->seed, set->sample);
    if (status == FL_OK) {
        fl_start_random(spins, set->n, d->seed, set->sample, UINT32_MAX);
        status = fl_network_plant(network, fl_ensemble_scale(&e, set->n), spins, set->jd, d->seed,
                                  set->sample);
        if (status != FL_OK)
            fl_network_clear(network);
    }
    free(spins);
    return status;
}

static fl_status network_of(damage_run *d, const fl_store_set *set, fl_network *network) {
    fl_network plain;
    if (d->planted)
        return planted_network(d, set, network);
    const fl_instance instance = {.sample = set->sample};
    if (!fl_instances_driven(&d->networks))
        return plain_network(d, set, network);
    FL_CHECK(plain_network(d, set, &plain));
    fl_instances under = d->networks;
    under.given = &plain;
    fl_status status = fl_instances_draw(&under, &instance, network);
    fl_network_clear(&plain);
    return status;
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
    for (uint64_t k = 0; status == FL_OK && k < points_of(d, set); k++) {
        status = read_point(d, set, k, point);
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
    const fl_store_set *set = &d->sets[task];
    size_t bytes = d->damages * sizeof(damage_sums);
    damage_sums *sums = calloc(d->damages + 1, sizeof *sums);
    fl_network network;
    if (!sums)
        return fl_fail(FL_ENOMEM, "out of memory for %zu kinds of damage", d->damages);
    fl_status status = FL_OK;
    if (set->count) {
        status = network_of(d, set, &network);
        if (status == FL_OK) {
            status = network.n == set->n
                         ? damage_set(d, set, &network, sums)
                         : fl_fail(FL_EMISMATCH, "the store is of %zu neurons, the network of %zu",
                                   set->n, network.n);
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

static fl_status damage_emit(uint64_t task, void *context, const void *data, size_t length) {
    const damage_run *d = context;
    const fl_store_set *set = &d->sets[task];
    const damage_sums *sums = data;
    (void)length;
    for (size_t m = 0; m < d->damages && set->count; m++) {
        double points = sums[m].sum.points, mean = sums[m].sum.returned / points;
        double variance = (sums[m].square / points - mean * mean) * points / (points - 1);
        size_t flips = flips_of(d, m, set->n);
        const fl_cell cells[ROWS] = {FL_INT(set->n),
                                     FL_NUM(set->jd),
                                     FL_INT(set->sample),
                                     FL_INT(flips),
                                     FL_NUM(1 - 2 * (double)flips / (double)set->n),
                                     FL_INT(points),
                                     FL_NUM(mean),
                                     FL_NUM(points > 1 ? sqrt(fmax(variance, 0) / points) : NAN),
                                     FL_NUM(sums[m].sum.reached / points),
                                     FL_NUM(sums[m].sum.overlap / points)};
        FL_CHECK(fl_table_row(d->files.table, cells));
    }
    return FL_OK;
}

static fl_status check_flips(const damage_run *d) {
    for (size_t k = 0; k < d->set_count; k++)
        for (size_t m = 0; m < d->damages; m++)
            if (flips_of(d, m, d->sets[k].n) > d->sets[k].n)
                return fl_fail(FL_EUSAGE, "--flips %lld; the store holds sets of %zu neurons",
                               (long long)d->s->flips.values[m], d->sets[k].n);
    return FL_OK;
}

/* All sets are of the size that the file has numbers for. */
static fl_status read_input(fl_run *run, damage_run *d) {
    const fl_drive drive = {.path = d->s->input};
    const int64_t n = (int64_t)(d->set_count ? d->sets[0].n : 0);
    for (size_t k = 0; k < d->set_count; k++)
        if (d->sets[k].n != (size_t)n)
            return fl_fail(FL_EUSAGE, "--input %s has one length; the store is of several sizes",
                           d->s->input);
    d->given.networks = (fl_instances){.ensemble = FL_ENSEMBLE_DEFAULT, .n = &n, .n_count = 1};
    fl_status status = fl_drive_open(&d->given, run, &drive);
    d->networks.input = d->given.input;
    return status;
}

/* Networks that the store does not hold are drawn again from what it tells, and an input with drawn
 * signs too. */
static fl_status read_origin(fl_run *run, damage_run *d) {
    const fl_meta *meta = fl_store_meta(d->reader);
    const char *seed = fl_meta_get(meta, "seed"), *strength = fl_meta_get(meta, "input-strength");
    if (fl_ensemble_from_meta(&d->networks.ensemble, meta) != FL_OK || !seed)
        d->networks.ensemble = FL_ENSEMBLE_DEFAULT;
    if (seed)
        FL_CHECK(fl_parse_uint64("seed", seed, &d->networks.seed));
    if (d->s->input)
        return read_input(run, d);
    if (fl_meta_get(meta, "input"))
        return fl_fail(FL_EUSAGE,
                       "%s: fixed points under the input of %s; name that file with "
                       "--input",
                       d->s->start, fl_meta_get(meta, "input"));
    char *end;
    d->networks.input_strength = strength ? strtod(strength, &end) : 0;
    if (strength && (end == strength || *end || !isfinite(d->networks.input_strength)))
        return fl_fail(FL_EFORMAT, "%s: an input strength of '%s'", d->s->start, strength);
    return FL_OK;
}

static fl_status damage_all(fl_run *run, damage_run *d) {
    fl_replicas replicas = {.tasks = d->set_count,
                            .effort = fl_run_effort(run),
                            .context = d,
                            .work = damage_task,
                            .emit = damage_emit,
                            .record = {.kind = "returns after damage", .length = damage_length}};
    d->effort = replicas.effort;
    FL_CHECK(check_flips(d));
    if (!d->planted) {
        FL_CHECK(read_origin(run, d));
        FL_CHECK(fl_run_inputs(run, &d->s->start, 1));
    }
    fl_status status = fl_outputs_open(&d->files, run, NULL, row_columns, ROWS);
    replicas.journal = d->files.journal;
    if (status == FL_OK) {
        fl_progress_start(run, "sets", (double)d->set_count);
        status = fl_replicas_run(&replicas);
        fl_progress_end();
    }
    return fl_outputs_close(&d->files, status);
}

static fl_status from_store(fl_run *run, damage_run *d) {
    FL_CHECK(fl_store_open(&d->reader, d->s->start));
    fl_status status = fl_store_sets(d->reader, &d->sets, &d->set_count);
    if (status == FL_OK)
        status = damage_all(run, d);
    fl_store_reader_close(d->reader);
    return status;
}

/* A set of one configuration for each size, self-coupling and sample. */
static fl_status from_planted(fl_run *run, damage_run *d) {
    const settings *s = d->s;
    size_t samples = (size_t)s->samples, k = 0;
    d->set_count = s->n.count * s->jd.count * samples;
    d->planted = calloc(d->set_count + 1, sizeof *d->planted);
    if (!d->planted)
        return fl_fail(FL_ENOMEM, "out of memory for --samples %zu", samples);
    for (size_t i = 0; i < s->n.count; i++)
        for (size_t j = 0; j < s->jd.count; j++)
            for (size_t sample = 0; sample < samples; sample++)
                d->planted[k++] = (fl_store_set){.n = (size_t)s->n.values[i],
                                                 .jd = s->jd.values[j],
                                                 .sample = sample,
                                                 .count = 1};
    d->sets = d->planted;
    fl_status status = damage_all(run, d);
    free(d->planted);
    return status;
}

/* Where the configurations come from: options of the other way are refused, and not told. */
static fl_status check_source(fl_run *run, const settings *s) {
    static const char *const of_planted[] = {"n", "jd", "samples", NULL};
    static const char *const of_store[] = {"start",     "input",  "network",
                                           "transpose", "points", NULL};
    if (!s->planted && !s->start)
        return fl_fail(FL_EUSAGE, "return needs --start FILE.h5, or --planted");
    const char *const *names = s->planted ? of_store : of_planted;
    FL_CHECK(fl_run_refuse(run, names, s->planted ? "with --planted" : "without --planted"));
    for (; *names; names++)
        FL_CHECK(fl_run_forget(run, *names));
    return FL_OK;
}

static fl_status run_return(fl_run *run, const void *given) {
    const settings *s = given;
    damage_run d = {.s = s, .seed = run->common.seed};
    if (s->flips_given && s->overlap_given)
        return fl_fail(FL_EUSAGE, "--flips and --overlap say the same; give one");
    d.damages = s->overlap_given ? s->overlaps.count : s->flips.count;
    FL_CHECK(check_source(run, s));
    FL_CHECK(algorithm_of(run, &s->dynamics, &d.algorithm));
    FL_CHECK(fl_network_settings_check(&s->network));
    if (s->network.path)
        FL_CHECK(fl_run_network(run, s->network.path, s->network.transpose, &d.given.given));
    fl_status status = s->planted ? from_planted(run, &d) : from_store(run, &d);
    fl_sampling_close(&d.given);
    return status;
}

static const fl_option options[] = {
    {.name = "start",
     .type = FL_OPTION_TEXT,
     .offset = offsetof(settings, start),
     .argument = "FILE.h5",
     .help = "the store: every configuration there is damaged (or --points of each network)"},
    {.name = "planted",
     .type = FL_OPTION_FLAG,
     .offset = offsetof(settings, planted),
     .help =
         "no store: networks drawn around a fixed point, a random configuration, as picking one "
         "at random among the fixed points of all networks gives them"},
    {.name = "n",
     .type = FL_OPTION_INTEGERS,
     .offset = offsetof(settings, n),
     .argument = "LIST",
     .fallback = "1000",
     .low = 2,
     .high = 1 << 20,
     .help = "planted: neurons"},
    {.name = "jd",
     .type = FL_OPTION_REALS,
     .offset = offsetof(settings, jd),
     .argument = "LIST",
     .fallback = "0.9",
     .low = -5,
     .high = 1e6,
     .help = "planted: self-coupling J_D"},
    {.name = "samples",
     .type = FL_OPTION_INTEGER,
     .offset = offsetof(settings, samples),
     .argument = "COUNT",
     .fallback = "20",
     .low = 1,
     .high = 1e9,
     .help = "planted: networks of each size"},
    {.name = "input",
     .type = FL_OPTION_TEXT,
     .offset = offsetof(settings, input),
     .argument = "FILE",
     .help = "the input that the configurations were found under, where they were found with "
             "--input; one of drawn signs is drawn again from what the store tells"},
    FL_GROUP(algorithm_options, settings, dynamics),
    {.name = "flips",
     .type = FL_OPTION_INTEGERS,
     .offset = offsetof(settings, flips),
     .given = offsetof(settings, flips_given),
     .argument = "LIST",
     .fallback = "1,2,4,8",
     .low = 0,
     .high = 1 << 20,
     .help = "neurons that are turned"},
    {.name = "overlap",
     .type = FL_OPTION_REALS,
     .offset = offsetof(settings, overlaps),
     .given = offsetof(settings, overlap_given),
     .argument = "LIST",
     .low = -1,
     .high = 1,
     .help = "the same as overlaps of the start with the configuration"},
    {.name = "trials",
     .type = FL_OPTION_INTEGER,
     .offset = offsetof(settings, trials),
     .argument = "COUNT",
     .fallback = "20",
     .low = 1,
     .high = 1e6,
     .help = "runs for each configuration and damage"},
    {.name = "points",
     .type = FL_OPTION_INTEGER,
     .offset = offsetof(settings, points),
     .argument = "COUNT",
     .fallback = "0",
     .low = 0,
     .high = 1e9,
     .help = "configurations of each network at most, spread evenly; 0: all"},
    FL_GROUP(fl_network_options, settings, network),
    FL_GROUP(rule_options, settings, dynamics),
    {.name = NULL},
};

static const fl_mode_table tables[] = {{NULL, row_columns, ROWS}, {.columns = NULL}};

const fl_mode access_return_mode = {
    .name = "return",
    .summary = "how much damage the configurations of a store survive",
    .details =
        "Turns neurons of each configuration of a store, runs a dynamics, and tells how often it "
        "comes back and where it ends: for fixed points of fl-enumerate (typical ones), of "
        "fl-access run (reached), of fl-message solve. One row a network, J_D and damage; "
        "average over networks for errors. The networks are those that the store holds, or are drawn "
        "again from the ensemble that it tells of; --network gives the matrix that the "
        "configurations belong to. With --planted the fixed points are typical ones of networks of any "
        "size: fl-dmft retrieval has the limit N -> infinity of overlap.",
    .tables = tables,
    .example = "fl-access return --start points.h5 --flips 1,2,4,8 --trials 50",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
    .run = run_return};
