/* fl-message local: entropy around a configuration. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/message.h"
#include "fixland/sampling.h"
#include "fixland/stats.h"
#include "mc/message/beside.h"
#include "mc/message/message_modes.h"
#include "mc/message/profile.h"
#include "mc/message/store_centres.h"

typedef struct settings {
    bool summary, distance_given;
    fl_sampling sampling;
    fl_drive drive;
    const char *centre, *theory;
    fl_reals gamma, distance;
    int direction, engine;
    double damping, tolerance;
    int64_t iterations;
} settings;

/* Of the networks of one size: [jd][distance][network]. */
typedef struct profile_values {
    double *entropy, *mutual;
    size_t *used; /* [jd][distance] */
} profile_values;

typedef struct outputs {
    const settings *s;
    const fl_message_networks *n;
    const fl_message_local_plan *plan;
    const char *centre;
    store_centres given;
    beside theory;
    fl_outputs files;
    profile_values values;
    uint64_t done;
} outputs;

enum { ROWS = 12, SUMMARY = 12 };

static const fl_column row_columns[ROWS] = {
    FL_COLUMNS_SAMPLE(FL_COLUMN_N),
    {"centre", FL_TEXT, NULL, "what the entropy is around"},
    {"gamma", FL_REAL, NULL,
     "strength of the pull towards the centre: weights exp(gamma sum c_i s_i)"},
    {"distance", FL_REAL, NULL,
     "fraction of neurons in which a typical fixed point there differs from the centre"},
    {"mutual_distance", FL_REAL, NULL, "the same between two typical fixed points there"},
    {"entropy", FL_REAL, "nats",
     "ln of their number per neuron (Bethe); negative: none for large n"},
    {"free_entropy", FL_REAL, "nats", "entropy + gamma (1 - 2 distance)"},
    {"residual", FL_REAL, NULL, "mean change of a magnetisation in the last iteration"},
    {"converged", FL_INTEGER, NULL,
     "1 when that is below --tolerance and the entropy is one that is possible at that distance: "
     "only then the row counts"},
    {"branch", FL_TEXT, NULL,
     "up or down: how gamma was followed to the row; none: the network has no such centre"},
};

static const fl_column summary_columns[SUMMARY] = {
    FL_COLUMNS_SIZE(FL_COLUMN_N),
    {"centre", FL_TEXT, NULL, "what the entropy is around"},
    {"distance", FL_REAL, NULL, "from the centre, of --distance"},
    {"samples", FL_INTEGER, NULL, "networks with a centre"},
    {"used", FL_INTEGER, NULL, "of them, with converged messages on both sides of the distance"},
    FL_COLUMNS_ESTIMATE("entropy", "entropy_error", "nats",
                        "ln of the number of fixed points there per neuron, mean over those"),
    FL_COLUMNS_ESTIMATE("mutual_distance", "mutual_error", NULL,
                        "between two typical fixed points there, mean"),
    {"potential", FL_REAL, "nats",
     "of Franz and Parisi: the entropy at this distance from a typical fixed point, n -> infinity; "
     "nan for modules and given matrices"},
    {"bound", FL_REAL, "nats", "phi* at the mutual distance, from --theory (nan without it)"},
};

static const char *branch_name(int branch) {
    return branch > 0 ? "up" : branch < 0 ? "down" : "none";
}

static fl_status write_local_points(outputs *o, const fl_message_around *around) {
    size_t gammas = o->plan->gamma_count;
    for (size_t k = 0; k < o->n->jd_count * gammas; k++) {
        const fl_message_point *p = &around->points[k];
        bool none = p->branch == 0;
        const fl_cell cells[ROWS] = {
            FL_INT(fl_instances_n(&o->n->networks, around->instance.n_index)),
            FL_NUM(o->n->jd[k / gammas]),
            FL_INT(around->instance.sample),
            FL_STR(o->centre),
            FL_NUM(o->plan->gamma[k % gammas]),
            FL_NUM(none ? NAN : p->distance),
            FL_NUM(none ? NAN : p->mutual),
            FL_NUM(none ? NAN : p->entropy),
            FL_NUM(none ? NAN : p->free_entropy),
            FL_NUM(none ? NAN : p->residual),
            FL_INT(p->converged),
            FL_STR(branch_name(p->branch))};
        FL_CHECK(fl_table_row(o->files.table, cells));
    }
    return FL_OK;
}

static size_t local_samples_of(const outputs *o) {
    return (size_t)fl_instances_samples(&o->n->networks);
}

static void add_profile(outputs *o, const fl_message_around *around) {
    size_t distances = o->s->distance.count, gammas = o->plan->gamma_count;
    for (size_t k = 0; k < o->n->jd_count * distances; k++) {
        const fl_message_point *points = around->points + k / distances * gammas;
        size_t at = k * local_samples_of(o) + o->values.used[k];
        if (profile_at(points, gammas, o->s->distance.values[k % distances], &o->values.entropy[at],
                       &o->values.mutual[at]))
            o->values.used[k]++;
    }
}

static fl_status write_profiles(outputs *o, const fl_instance *instance, const size_t *centres) {
    size_t distances = o->s->distance.count;
    for (size_t k = 0; k < o->n->jd_count * distances; k++) {
        double jd = o->n->jd[k / distances], distance = o->s->distance.values[k % distances];
        fl_estimate S = fl_mean(o->values.entropy + k * local_samples_of(o), o->values.used[k]);
        fl_estimate d = fl_mean(o->values.mutual + k * local_samples_of(o), o->values.used[k]);
        const fl_cell cells[SUMMARY] = {FL_INT(fl_instances_n(&o->n->networks, instance->n_index)),
                                        FL_NUM(jd),
                                        FL_STR(o->centre),
                                        FL_NUM(distance),
                                        FL_INT(centres[k / distances]),
                                        FL_INT(o->values.used[k]),
                                        FL_NUM(S.mean),
                                        FL_NUM(S.error),
                                        FL_NUM(d.mean),
                                        FL_NUM(d.error),
                                        FL_NUM(beside_potential(&o->n->networks, jd, distance)),
                                        FL_NUM(beside_bound(&o->theory, jd, d.mean))};
        FL_CHECK(fl_table_row(o->files.table, cells));
    }
    return FL_OK;
}

static fl_status take_around(void *context, const fl_message_around *around) {
    outputs *o = context;
    bool last = fl_instances_end_of_size(&o->n->networks, o->done++);
    size_t *centres = o->values.used + o->n->jd_count * o->s->distance.count;
    if (!o->s->summary)
        return write_local_points(o, around);
    add_profile(o, around);
    for (size_t k = 0; k < o->n->jd_count; k++)
        centres[k] += around->points[k * o->plan->gamma_count].branch != 0;
    if (last) {
        FL_CHECK(write_profiles(o, &around->instance, centres));
        memset(o->values.used, 0, o->n->jd_count * (o->s->distance.count + 1) * sizeof *centres);
    }
    return FL_OK;
}

static fl_status centre_from_store(void *context, const fl_instance *instance, size_t jd_index,
                                   uint64_t *spins, bool *found) {
    const outputs *o = context;
    return store_centres_get(&o->given, instance, jd_index, spins, found);
}

static const char *const words[] = {"up", "random", "async", "greedy", "reinforced"};

static fl_message_centre centre_of_word(const char *word) {
    for (size_t k = 0; k < FL_CENTRE_GIVEN; k++)
        if (strcmp(word, words[k]) == 0)
            return (fl_message_centre)k;
    return FL_CENTRE_GIVEN;
}

static fl_status open_values(outputs *o) {
    size_t rows = o->n->jd_count * o->s->distance.count;
    if (!o->s->summary)
        return FL_OK;
    o->values = (profile_values){calloc(rows * local_samples_of(o) + 1, sizeof(double)),
                                 calloc(rows * local_samples_of(o) + 1, sizeof(double)),
                                 calloc(rows + o->n->jd_count + 1, sizeof(size_t))};
    if (o->values.entropy && o->values.mutual && o->values.used)
        return FL_OK;
    return fl_fail(FL_ENOMEM, "out of memory for %zu profiles", local_samples_of(o));
}

/* The columns from `gamma` on, in their order. */
static fl_status read_point(const fl_frame *rows, size_t row, fl_message_point *p) {
    const char *branch = rows->text[row * rows->columns + ROWS - 1];
    double v[ROWS] = {0};
    for (size_t k = 4; k < ROWS - 1; k++)
        FL_CHECK(fl_frame_number(rows, row, k, &v[k]));
    *p = (fl_message_point){.gamma = v[4],
                            .distance = v[5],
                            .mutual = v[6],
                            .entropy = v[7],
                            .free_entropy = v[8],
                            .residual = v[9],
                            .converged = v[10] == 1,
                            .branch = strcmp(branch, "up") == 0     ? 1
                                      : strcmp(branch, "down") == 0 ? -1
                                                                    : 0};
    return FL_OK;
}

/* The summary of the rows of shards, all of them in order. */
static fl_status local_again(outputs *o, const fl_frame *rows) {
    const fl_instances *networks = &o->n->networks;
    size_t points = o->n->jd_count * o->plan->gamma_count,
           all = (size_t)fl_instances_count(networks) * points;
    if (rows->rows != all || rows->columns != ROWS)
        return fl_fail(FL_EMISMATCH, "%zu rows where the run has %zu", rows->rows, all);
    fl_message_point *at = calloc(points, sizeof *at);
    fl_status status = at ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for %zu points", points);
    for (size_t row = 0; status == FL_OK && row < all; row++) {
        const fl_message_around around = {fl_instances_get(networks, row / points), at};
        status = read_point(rows, row, &at[row % points]);
        if (status == FL_OK && row % points == points - 1)
            status = take_around(o, &around);
    }
    free(at);
    return status;
}

static fl_status local_sampled(fl_run *run, const settings *s, const fl_sampled *sampled) {
    fl_message_networks n = {.networks = sampled->networks,
                             .jd = sampled->jd.values,
                             .jd_count = sampled->jd.count,
                             .effort = fl_run_effort(run)};
    fl_message_local_plan plan = {.engine = (fl_message_engine)s->engine,
                                  .direction = (fl_message_direction)s->direction,
                                  .gamma = s->gamma.values,
                                  .gamma_count = s->gamma.count,
                                  .damping = s->damping,
                                  .tolerance = s->tolerance,
                                  .iterations = (uint64_t)s->iterations};
    fl_message_centre centre = centre_of_word(s->centre);
    bool given = centre == FL_CENTRE_GIVEN && !run->rows;
    outputs o = {
        .s = s, .n = &n, .plan = &plan, .centre = centre == FL_CENTRE_GIVEN ? "store" : s->centre};
    fl_status status = beside_open(&o.theory, s->theory, n.jd, n.jd_count);
    if (status == FL_OK)
        status = open_values(&o);
    if (status == FL_OK && s->theory)
        status = fl_run_inputs(run, &s->theory, 1);
    if (status == FL_OK && given)
        status = store_centres_read(&o.given, s->centre, &n, &run->meta);
    if (status == FL_OK && given)
        status = fl_run_inputs(run, &s->centre, 1);
    if (status == FL_OK) {
        status = fl_outputs_open(&o.files, run, NULL, s->summary ? summary_columns : row_columns,
                                 s->summary ? SUMMARY : ROWS);
        n.journal = o.files.journal;
        if (status == FL_OK) {
            fl_progress_start(run, "networks", (double)fl_instances_count(&n.networks));
            status = run->rows ? local_again(&o, run->rows)
                               : fl_message_local_networks(&n, &plan, centre, centre_from_store, &o,
                                                           take_around);
            fl_progress_end();
        }
        status = fl_outputs_close(&o.files, status);
    }
    store_centres_clear(&o.given);
    beside_clear(&o.theory);
    free(o.values.entropy);
    free(o.values.mutual);
    free(o.values.used);
    return status;
}

static fl_status run_local(fl_run *run, const void *settings_given) {
    const settings *s = settings_given;
    fl_sampled sampled;
    if (s->distance_given && !s->summary)
        return fl_fail(FL_EUSAGE, "--distance goes with --summary");
    if (s->theory && !s->summary)
        return fl_fail(FL_EUSAGE, "--theory goes with --summary");
    if (s->summary && s->sampling.shard)
        return fl_fail(FL_EUSAGE, "--summary needs all samples; leave out --shard");
    fl_status status = fl_sampling_open(&sampled, run, &s->sampling, (size_t)1 << 20);
    if (status == FL_OK)
        status = fl_drive_open(&sampled, run, &s->drive);
    if (status == FL_OK)
        status = local_sampled(run, s, &sampled);
    fl_sampling_close(&sampled);
    return status;
}

static const fl_option options[] = {
    FL_GROUP(fl_sampling_options, settings, sampling, .fallback = "n=200 jd=0.3 samples=10"),
    FL_GROUP(fl_drive_options, settings, drive),
    {"centre", FL_OPTION_TEXT, offsetof(settings, centre), "WHAT|FILE.h5", "async",
     .choices = "up|random|async|greedy|reinforced",
     .help = "a configuration of each network: all +1 (up), a random one, or where that algorithm "
             "ends; or a store: the first one of each size, J_D and sample there"},
    {"gamma", FL_OPTION_REALS, offsetof(settings, gamma), "LIST", "0.05,0.1:2.4:0.1", 0, 20,
     .help = "strengths of the pull towards the centre"},
    {"direction", FL_OPTION_CHOICE, offsetof(settings, direction), "WHICH", "both",
     .choices = "up|down|both",
     .help =
         "follow gamma upwards from no pull, downwards from the centre, or both, and print what "
         "has the larger free entropy"},
    {"engine", FL_OPTION_CHOICE, offsetof(settings, engine), "NAME", "auto",
     .choices = "auto|amp|bp|linear", .help = "as in fl-message solve"},
    {"damping", FL_OPTION_REAL, offsetof(settings, damping), "D", "0.3", 0, 0.99,
     .help = "share of the old messages in the new"},
    {"tolerance", FL_OPTION_REAL, offsetof(settings, tolerance), "CHANGE", "1e-6", 1e-14, 1,
     .help = "messages stand still when magnetisations change by less on average; engine amp, in "
             "single precision, gets to 1e-7"},
    {"iterations", FL_OPTION_INTEGER, offsetof(settings, iterations), "COUNT", "2000", 1, 1e9,
     .help = "at each gamma at most"},
    {"summary", FL_OPTION_FLAG, offsetof(settings, summary),
     .help = "means over networks at the distances of --distance"},
    {"distance", FL_OPTION_REALS, offsetof(settings, distance), "LIST", "0.05,0.1,0.2", 0, 0.5,
     .given = offsetof(settings, distance_given),
     .help = "with --summary: distances from the centre"},
    {"theory", FL_OPTION_TEXT, offsetof(settings, theory), "FILE",
     .help = "with --summary: a table of fl-phase curve with the same J_D, for the bound phi*"},
    {.name = NULL},
};

static const char details[] =
    "How many fixed points there are around a configuration: messages with a field gamma c_i on "
    "each neuron, and Bethe's entropy of what they stand for. Rows that have not converged are "
    "flagged. Around a typical fixed point the two directions part (typical ones are isolated); "
    "around those that dynamics or message passing reach they agree (doc/message.md). Under an "
    "input the messages are those of engine bp.\n\n"
    "Of a mutual distance, phi* (fl-phase) is a bound for the entropy at that distance; the "
    "Franz-Parisi potential is the entropy around a typical fixed point. --summary puts both beside "
    "the means.";

static const fl_mode_table tables[] =
    FL_TWO_TABLES(row_columns, ROWS, "Columns with --summary", summary_columns, SUMMARY);

const fl_mode message_local_mode = {
    .name = "local",
    .summary = "entropy of fixed points around a configuration",
    .details = details,
    .tables = tables,
    .example = "fl-message local --n 200 --jd 0.4 --samples 10 --centre async --summary",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME | FL_WITH_LISTS,
    .run = run_local,
    .again = true};
