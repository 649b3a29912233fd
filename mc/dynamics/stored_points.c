/* Configurations of a store with their networks: see stored_points.h. */
#include "mc/dynamics/stored_points.h"
#include "src/core/room.h"
#include "src/cli/runs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const fl_option stored_options[] = {
    {"start", FL_OPTION_TEXT, offsetof(stored_settings, start), "FILE.h5",
     .help = "the store: every configuration there (or --points of each network)"},
    {"input", FL_OPTION_TEXT, offsetof(stored_settings, input), "FILE",
     .help = "the input that the configurations were found under, where they were found with "
             "--input; one of drawn signs is drawn again from what the store tells"},
    {"points", FL_OPTION_INTEGER, offsetof(stored_settings, points), "COUNT", "0", 0, 1e9,
     .help = "configurations of each network at most, spread evenly; 0: all"},
    {"summary", FL_OPTION_FLAG, offsetof(stored_settings, summary),
     .help = "means over networks, with errors"},
    FL_GROUP(fl_network_options, stored_settings, network),
    FL_SHARD_OPTION(stored_settings, shard, "the networks, a row each"),
    {.name = NULL},
};

/* All sets are of the size that the file has numbers for. */
static fl_status read_input(stored_points *p, fl_run *run, const char *path) {
    const fl_drive drive = {.path = path};
    const int64_t n = (int64_t)(p->count ? p->sets[0].n : 0);
    for (size_t k = 0; k < p->count; k++)
        if (p->sets[k].n != (size_t)n)
            return fl_fail(FL_EUSAGE, "--input %s has one length; the store is of several sizes",
                           path);
    p->given.networks = (fl_instances){.ensemble = FL_ENSEMBLE_DEFAULT, .n = &n, .n_count = 1};
    fl_status status = fl_drive_open(&p->given, run, &drive);
    p->networks.input = p->given.input;
    return status;
}

static fl_status read_drive(stored_points *p, fl_run *run, const char *path) {
    const fl_meta *meta = fl_store_meta(p->reader);
    const char *strength = fl_meta_get(meta, "input-strength");
    char *end;
    if (path)
        return read_input(p, run, path);
    if (fl_meta_get(meta, "input"))
        return fl_fail(FL_EUSAGE,
                       "%s: fixed points under the input of %s; name that file with --input",
                       p->path, fl_meta_get(meta, "input"));
    p->networks.input_strength = strength ? strtod(strength, &end) : 0;
    if (strength && (end == strength || *end || !isfinite(p->networks.input_strength)))
        return fl_fail(FL_EFORMAT, "%s: an input strength of '%s'", p->path, strength);
    return FL_OK;
}

/* Networks that the store does not hold are drawn again from what it tells, unless it is of a given
 * matrix; and an input with drawn signs too. */
static fl_status read_origin(stored_points *p) {
    const fl_meta *meta = fl_store_meta(p->reader);
    const char *seed = fl_meta_get(meta, "seed");
    p->networks.ensemble = FL_ENSEMBLE_DEFAULT;
    if (seed)
        FL_CHECK(fl_parse_uint64("seed", seed, &p->networks.seed));
    p->drawn = seed && !fl_meta_get(meta, "network") && !fl_meta_get(meta, "network_crc32") &&
               fl_ensemble_from_meta(&p->networks.ensemble, meta) == FL_OK;
    return FL_OK;
}

/* Of a store of a given matrix, found with a margin. */
static fl_status told_margin(const fl_meta *meta, double *margin) {
    const char *text = fl_meta_get(meta, "network_crc32") ? fl_meta_get(meta, "margin") : NULL;
    *margin = 0;
    return text ? fl_parse_real("margin", text, -INFINITY, INFINITY, margin) : FL_OK;
}

static fl_status read_given(stored_points *p, fl_run *run, const fl_network_settings *settings) {
    FL_CHECK(fl_network_settings_check(settings));
    if (!settings->path)
        return FL_OK;
    FL_CHECK(fl_run_network(run, settings->path, settings->transpose, &p->given.given));
    const char *ours = fl_meta_get(&run->meta, "network_crc32");
    const char *theirs = fl_meta_get(fl_store_meta(p->reader), "network_crc32");
    if (ours && theirs && strcmp(ours, theirs) != 0)
        return fl_fail(FL_EMISMATCH, "%s: it tells of a matrix other than that of --network %s",
                       p->path, settings->path);
    double margin;
    FL_CHECK(told_margin(fl_store_meta(p->reader), &margin));
    fl_network_take_margin(&p->given.given, margin);
    return FL_OK;
}

/* Means over networks want all of them. */
static fl_status refuse_part(const stored_points *p) {
    runs_pool run = {.rule = NULL};
    fl_status status = runs_pool_add(&run, p->path, fl_store_meta(p->reader));
    if (status == FL_OK)
        status = runs_pool_whole(&run);
    runs_pool_clear(&run);
    return status;
}

fl_status stored_points_open(stored_points *p, fl_run *run, const stored_settings *settings) {
    *p = (stored_points){.path = settings->start, .most = (uint64_t)settings->points};
    if (!settings->start)
        return fl_fail(FL_EUSAGE, "--start FILE.h5 is needed: the store");
    FL_CHECK(fl_store_open(&p->reader, settings->start));
    FL_CHECK(fl_store_sets(p->reader, &p->sets, &p->count));
    if (settings->summary)
        FL_CHECK(refuse_part(p));
    FL_CHECK(read_given(p, run, &settings->network));
    FL_CHECK(read_origin(p));
    FL_CHECK(read_drive(p, run, settings->input));
    return fl_run_inputs(run, &settings->start, 1);
}

void stored_points_close(stored_points *p) {
    if (p->reader)
        fl_store_reader_close(p->reader);
    fl_sampling_close(&p->given);
}

fl_status stored_points_share(stored_points *p, const stored_settings *settings) {
    return fl_shard_part(settings->shard, p->count, &p->from, &p->until);
}

const fl_store_set *stored_points_set(const stored_points *p, uint64_t task) {
    return &p->sets[p->from + task];
}

bool stored_summary(const stored_settings *settings) {
    return settings->summary && !settings->shard;
}

uint64_t stored_points_taken(const stored_points *p, const fl_store_set *set) {
    return p->most && p->most < set->count ? p->most : set->count;
}

fl_status stored_points_read(const stored_points *p, const fl_store_set *set, uint64_t k,
                             uint64_t *spins) {
    uint64_t taken = stored_points_taken(p, set);
    uint64_t at = k * (set->count / taken) + k * (set->count % taken) / taken;
    return fl_store_read(p->reader, set, at, 1, spins);
}

static fl_status plain_network(const stored_points *p, const fl_store_set *set,
                               fl_network *network) {
    if (p->given.given.n)
        return fl_network_copy(network, &p->given.given);
    fl_status status = fl_store_read_network(p->reader, set->n, set->sample, network);
    if (status != FL_EDOMAIN)
        return status;
    if (p->drawn)
        return fl_network_draw(network, &p->networks.ensemble,
                               set->n / p->networks.ensemble.modules, p->networks.seed,
                               set->sample);
    return fl_fail(FL_EDOMAIN,
                   "%s: it holds no networks, and tells of no ensemble and seed to draw them from; "
                   "give the matrix with --network",
                   p->path);
}

static fl_status find_network(const stored_points *p, const fl_store_set *set,
                              fl_network *network) {
    fl_network plain;
    const fl_instance instance = {.sample = set->sample};
    if (!fl_instances_driven(&p->networks))
        return plain_network(p, set, network);
    FL_CHECK(plain_network(p, set, &plain));
    fl_instances under = p->networks;
    under.given = &plain;
    fl_status status = fl_instances_draw(&under, &instance, network);
    fl_network_clear(&plain);
    return status;
}

fl_status stored_points_network(const stored_points *p, const fl_store_set *set,
                                fl_network *network) {
    FL_CHECK(find_network(p, set, network));
    if (network->n == set->n)
        return FL_OK;
    size_t n = network->n;
    fl_network_clear(network);
    return fl_fail(FL_EMISMATCH, "%s: a set of %zu neurons, and a network of %zu", p->path, set->n,
                   n);
}

/* ---- means over networks ---- */

static fl_status group_of(stored_groups *g, const fl_store_set *set, size_t which,
                          stored_group **found) {
    for (size_t k = 0; k < g->count; k++)
        if (g->list[k].n == set->n && g->list[k].jd == set->jd && g->list[k].which == which) {
            *found = &g->list[k];
            return FL_OK;
        }
    if (g->count == g->capacity) {
        stored_group *list = room_more(g->list, &g->capacity, sizeof *list, "means");
        if (!list)
            return FL_ENOMEM;
        g->list = list;
    }
    g->list[g->count] = (stored_group){.n = set->n, .which = which, .jd = set->jd};
    *found = &g->list[g->count++];
    return FL_OK;
}

fl_status stored_groups_add(stored_groups *g, const fl_store_set *set, size_t which,
                            uint64_t points, const double *values) {
    stored_group *group = NULL;
    FL_CHECK(group_of(g, set, which, &group));
    group->networks++;
    group->points += points;
    for (size_t v = 0; v < STORED_VALUES; v++) {
        group->sum[v] += values[v];
        group->square[v] += values[v] * values[v];
    }
    return FL_OK;
}

static fl_status group_again(stored_groups *g, const fl_frame *rows, size_t row, size_t which,
                             size_t points_column, const size_t *columns, size_t count) {
    double n, points, values[STORED_VALUES] = {0};
    fl_store_set set = {.n = 0};
    FL_CHECK(fl_frame_number(rows, row, 0, &n));
    FL_CHECK(fl_frame_number(rows, row, 1, &set.jd));
    FL_CHECK(fl_frame_number(rows, row, points_column, &points));
    for (size_t v = 0; v < count; v++)
        FL_CHECK(fl_frame_number(rows, row, columns[v], &values[v]));
    set.n = (size_t)n;
    return stored_groups_add(g, &set, which, (uint64_t)points, values);
}

fl_status stored_groups_again(stored_groups *g, const fl_frame *rows, size_t keys, size_t points,
                              const size_t *columns, size_t values) {
    if (rows->rows % keys)
        return fl_fail(FL_EMISMATCH, "%zu rows, where each network has %zu", rows->rows, keys);
    for (size_t row = 0; row < rows->rows; row++)
        FL_CHECK(group_again(g, rows, row, row % keys, points, columns, values));
    return FL_OK;
}

double stored_mean(const stored_group *g, size_t value) {
    return g->sum[value] / (double)g->networks;
}

double stored_error(const stored_group *g, size_t value) {
    double count = (double)g->networks, mean = stored_mean(g, value);
    if (g->networks < 2)
        return NAN;
    return sqrt(fmax(0, g->square[value] / count - mean * mean) / (count - 1));
}

void stored_groups_clear(stored_groups *g) {
    free(g->list);
    *g = (stored_groups){.count = 0};
}
