/* fl-access trace: one run's time series. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/access.h"
#include "fixland/sampling.h"
#include "fixland/series.h"
#include "fixland/spins.h"
#include "mc/dynamics/modes.h"

typedef struct settings {
    int64_t n, sample, replica;
    double jd, margin;
    dynamics_settings dynamics;
    fl_ensemble_settings ensemble;
    fl_network_settings network;
    fl_drive drive;
} settings;

/* What the run leaves behind, by sweep. */
typedef struct history {
    size_t n, words, count, room;
    double *unstable, *flips, *overlap;
    uint64_t *spins; /* room x words; the first is the start */
} history;

static fl_status grow_trace(history *h) {
    size_t room = 2 * h->room + 256;
    double **lists[] = {&h->unstable, &h->flips, &h->overlap};
    for (size_t k = 0; k < 3; k++) {
        double *more = realloc(*lists[k], room * sizeof *more);
        if (!more)
            return fl_fail(FL_ENOMEM, "out of memory for a trace of %zu sweeps", room);
        *lists[k] = more;
    }
    uint64_t *spins = realloc(h->spins, room * h->words * sizeof *spins);
    if (!spins)
        return fl_fail(FL_ENOMEM, "out of memory for a trace of %zu sweeps", room);
    h->spins = spins;
    h->room = room;
    return FL_OK;
}

static fl_status observe(void *context, uint64_t sweep, const uint64_t *spins, size_t unstable,
                         uint64_t flips) {
    history *h = context;
    if (sweep == h->room)
        FL_CHECK(grow_trace(h));
    memcpy(h->spins + sweep * h->words, spins, h->words * sizeof *spins);
    h->unstable[sweep] = (double)unstable / (double)h->n;
    h->flips[sweep] = (double)flips / (double)h->n;
    h->overlap[sweep] = fl_spins_overlap(h->spins, spins, h->n);
    h->count = sweep + 1;
    return FL_OK;
}

enum { COLUMNS = 7 };

static const fl_column columns[COLUMNS] = {
    {"time", FL_INTEGER, "sweeps", "done"},
    {"unstable_fraction", FL_REAL, NULL, "of neurons"},
    {"flips_per_neuron", FL_REAL, NULL, "of the last sweep"},
    {"overlap_start", FL_REAL, NULL, "with the first configuration"},
    {"autocorrelation", FL_REAL, NULL,
     "mean of s_i(t) s_i(t + time) over neurons and over t in the second half of the run"},
    {"frequency", FL_REAL, "1/sweep", "nan beyond 1/2"},
    {"spectrum", FL_REAL, "sweeps",
     "the power of the spins there (its mean over all frequencies of both signs is 1)"},
};

static const fl_mode_table tables[] = {{NULL, columns, COLUMNS}, {.columns = NULL}};

static fl_status write_rows(fl_table *table, const history *h, const double *correlation,
                            const double *spectrum, size_t window) {
    for (size_t t = 0; t < h->count; t++) {
        bool in_spectrum = window >= 2 && t <= window / 2;
        const fl_cell row[COLUMNS] = {
            FL_INT(t),
            FL_NUM(h->unstable[t]),
            FL_NUM(h->flips[t]),
            FL_NUM(h->overlap[t]),
            FL_NUM(window >= 2 && t < window ? correlation[t] : NAN),
            FL_NUM(in_spectrum ? (double)t / (double)window : NAN),
            FL_NUM(in_spectrum ? spectrum[t] : NAN),
        };
        FL_CHECK(fl_table_row(table, row));
    }
    return FL_OK;
}

/* Correlation and spectrum are those of the second half, where the run may be stationary. */
static fl_status write_trace(fl_run *run, const history *h) {
    size_t first = h->count / 2, window = h->count - first;
    double *correlation = calloc(window + 1, sizeof *correlation);
    double *spectrum = calloc(window + 1, sizeof *spectrum);
    fl_table *table;
    fl_status status = FL_OK;
    if (!correlation || !spectrum)
        status = fl_fail(FL_ENOMEM, "out of memory for a trace of %zu sweeps", h->count);
    if (status == FL_OK && window >= 2)
        status = fl_spin_series(h->spins + first * h->words, window, h->n, correlation, spectrum);
    if (status == FL_OK)
        status = fl_run_table(run, &table, columns, COLUMNS);
    if (status == FL_OK) {
        status = write_rows(table, h, correlation, spectrum, window);
        if (status == FL_OK)
            status = fl_table_close(table);
        else
            fl_table_discard(table);
    }
    free(correlation);
    free(spectrum);
    return status;
}

static fl_status note_outcome(fl_run *run, const fl_outcome *o) {
    static const char *const endings[] = {"fixed", "cycle", "wanders"};
    FL_CHECK(fl_meta_set(&run->meta, "ending", "%s", endings[o->ending]));
    FL_CHECK(fl_meta_set(&run->meta, "flips", "%llu", (unsigned long long)o->flips));
    return fl_meta_set(&run->meta, "period", "%llu", (unsigned long long)o->period);
}

/* Where replica `replica` of fl-access run would start. */
static fl_status start_trace(fl_run *run, const settings *s, double jd, size_t neurons,
                             uint64_t *spins) {
    uint64_t sample = (uint64_t)s->sample, replica = (uint64_t)s->replica;
    uint64_t seed = run->common.seed;
    int64_t size = (int64_t)neurons;
    const fl_access_plan plan = {.networks = {.ensemble = FL_ENSEMBLE_DEFAULT,
                                              .n = &size,
                                              .n_count = 1,
                                              .samples = sample + 1},
                                 .jd = &jd,
                                 .jd_count = 1,
                                 .replicas = replica + 1};
    fl_starts *starts;
    size_t count, words = fl_spins_words(neurons);
    if (!s->dynamics.start) {
        fl_start_random(spins, neurons, seed, sample, replica);
        return FL_OK;
    }
    FL_CHECK(dynamics_know_start(run, &s->dynamics));
    FL_CHECK(fl_access_starts(&plan, s->dynamics.start, &starts, &count));
    uint64_t found = starts[sample].count;
    if (found)
        memcpy(spins, starts[sample].spins + replica % found * words, words * sizeof *spins);
    fl_starts_free(starts, count);
    if (!found)
        return fl_fail(FL_EDOMAIN, "--start %s: no configuration of sample %llu, %zu neurons",
                       s->dynamics.start, (unsigned long long)sample, neurons);
    return fl_start_overlap(spins, neurons, s->dynamics.overlap, seed, sample, replica);
}

static fl_status trace(fl_run *run, const settings *s, double jd, const fl_network *network,
                       fl_algorithm algorithm, const fl_columns *network_columns, uint64_t *spins) {
    history h = {.n = network->n, .words = fl_spins_words(network->n)};
    fl_outcome outcome;
    fl_dynamics plan = {.algorithm = algorithm,
                        .jd = jd,
                        .seed = run->common.seed,
                        .sample = (uint64_t)s->sample,
                        .replica = (uint64_t)s->replica,
                        .effort = fl_run_effort(run),
                        .observe = observe,
                        .context = &h};
    dynamics_from(&s->dynamics, &plan);
    FL_CHECK(start_trace(run, s, jd, network->n, spins));
    fl_status status = fl_dynamics_run(network_columns, &plan, spins, &outcome);
    if (status == FL_OK)
        status = note_outcome(run, &outcome);
    if (status == FL_OK)
        status = write_trace(run, &h);
    free(h.unstable);
    free(h.flips);
    free(h.overlap);
    free(h.spins);
    return status;
}

/* The given network, or the one that --sample names. */
static fl_status get_network(fl_run *run, const settings *s, fl_network *network) {
    static const char *const names[] = {"sample", NULL};
    const fl_instance instance = {.sample = (uint64_t)s->sample};
    fl_sampled sampled = {.networks = {.ensemble = fl_ensemble_from(&s->ensemble),
                                       .n = &s->n,
                                       .n_count = 1,
                                       .seed = run->common.seed,
                                       .samples = instance.sample + 1}};
    fl_status status = fl_network_settings_check(&s->network);
    if (status == FL_OK && !s->network.path)
        status = fl_ensemble_settings_check(run, &s->ensemble);
    else if (status == FL_OK) {
        status = fl_run_leave_out(run, names, "beside --network");
        if (status == FL_OK)
            status = fl_sampling_given(run, &s->network, 1 << 20, &sampled.given);
        sampled.networks.given = &sampled.given;
    }
    if (status == FL_OK)
        status = fl_drive_open(&sampled, run, &s->drive);
    if (status == FL_OK)
        status = fl_instances_draw(&sampled.networks, &instance, network);
    fl_sampling_close(&sampled);
    return status;
}

static fl_status trace_network(fl_run *run, const settings *s, const fl_network *network,
                               fl_algorithm algorithm) {
    fl_columns *network_columns = NULL;
    double jd = (s->network.path && !fl_run_given(run, "jd") ? 0 : s->jd) - s->margin;
    uint64_t *spins = calloc(fl_spins_words(network->n), sizeof *spins);
    fl_status status = spins ? fl_columns_new(&network_columns, network, jd)
                             : fl_fail(FL_ENOMEM, "out of memory for %zu neurons", network->n);
    if (status == FL_OK)
        status = trace(run, s, jd, network, algorithm, network_columns, spins);
    fl_columns_free(network_columns);
    free(spins);
    return status;
}

static fl_status run_trace(fl_run *run, const void *given) {
    const settings *s = given;
    fl_network network = {0};
    fl_algorithm algorithm;
    FL_CHECK(algorithm_of(run, &s->dynamics, &algorithm));
    FL_CHECK(dynamics_check(run, &s->dynamics, &algorithm, 1));
    fl_status status = get_network(run, s, &network);
    if (status == FL_OK)
        status = trace_network(run, s, &network, algorithm);
    fl_network_clear(&network);
    return status;
}

static const fl_option options[] = {
    FL_GROUP(algorithm_options, settings, dynamics),
    {"n", FL_OPTION_INTEGER, offsetof(settings, n), "COUNT", "1000", 1, 1 << 20,
     .help = "neurons (of each module)"},
    {"jd", FL_OPTION_REAL, offsetof(settings, jd), "JD", "0.5", .help = "self-coupling J_D"},
    FL_GROUP(fl_margin_options, settings, margin),
    {"sample", FL_OPTION_INTEGER, offsetof(settings, sample), "NUMBER", "0", 0, 1e9,
     .help = "which network of the seed"},
    {"replica", FL_OPTION_INTEGER, offsetof(settings, replica), "NUMBER", "0", 0, 1e9,
     .help = "which start and order of visits"},
    FL_GROUP(dynamics_options, settings, dynamics, .fallback = "sweeps=300"),
    FL_GROUP(fl_ensemble_options, settings, ensemble),
    FL_GROUP(fl_network_options, settings, network),
    FL_GROUP(fl_drive_options, settings, drive, ),
    {.name = NULL},
};

static const char details[] = "Follows one run, for looking at. How it ended is told in the lines "
                              "above the table: ending fixed, cycle (with its period in sweeps) or "
                              "wanders.";

const fl_mode access_trace_mode = {.name = "trace",
                                   .summary = "one run's time series, correlation and spectrum",
                                   .details = details,
                                   .tables = tables,
                                   .example = "fl-access trace --n 1000 --jd 0.3 --sweeps 200",
                                   .options = options,
                                   .settings_size = sizeof(settings),
                                   .common = FL_WITH_SEED,
                                   .run = run_trace};
