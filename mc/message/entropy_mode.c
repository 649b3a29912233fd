/* fl-message entropy: Bethe's entropy of all fixed points, beside exact counts. */
#include <math.h>

#include "fixland/enumerate.h"
#include "fixland/gaussian.h"
#include "fixland/sampling.h"
#include "mc/message/message_modes.h"
#include "mc/message/networks.h"

typedef struct settings {
    fl_sampling sampling;
    int64_t enumerate;
} settings;

typedef struct outputs {
    const settings *s;
    fl_outputs files;
} outputs;

/* Of one network at one J_D. */
typedef struct entropy_record {
    double bethe, count; /* count: nan where not enumerated */
} entropy_record;

enum { ROWS = 6 };

static const fl_column row_columns[ROWS] = {
    FL_COLUMNS_SAMPLE(FL_COLUMN_N),
    {"bethe", FL_REAL, "nats",
     "entropy of all fixed points per neuron by messages without field: ln 2 + mean over i of "
     "ln Phi((J_ii + J_D) / sqrt(sum_j J_ij^2))"},
    {"limit", FL_REAL, "nats",
     "ln 2 Phi(jd - margin), for n to infinity (of an ensemble of independent couplings)"},
    {"exact", FL_REAL, "nats",
     "ln of the number of fixed points per neuron by enumeration; -inf: none; nan: larger than "
     "--enumerate"},
};

static fl_status entropy_task(const network_loop *l, const fl_instance *instance,
                              const fl_network *network, size_t jd_index, void *record,
                              uint64_t *spins) {
    const outputs *o = l->context;
    entropy_record *r = record;
    double jd = l->n->jd[jd_index];
    uint64_t count = 0;
    (void)instance;
    (void)spins;
    *r = (entropy_record){fl_message_entropy(network, jd), NAN};
    if ((int64_t)network->n > o->s->enumerate)
        return FL_OK;
    fl_enumeration plan = {.jd = &jd, .jd_count = 1, .effort = fl_effort_within(&l->n->effort, 1)};
    FL_CHECK(fl_enumerate(network, &plan, &count));
    r->count = (double)count;
    return FL_OK;
}

static fl_status emit_entropy(const network_loop *l, const fl_instance *instance,
                              const void *records, const uint64_t *spins,
                              const fl_network *network) {
    const outputs *o = l->context;
    const entropy_record *r = records;
    double neurons = (double)fl_instances_neurons(&l->n->networks, instance->n_index);
    double margin = l->n->networks.ensemble.margin;
    (void)spins;
    (void)network;
    for (size_t k = 0; k < l->n->jd_count; k++) {
        const fl_cell cells[ROWS] = {FL_INT(fl_instances_n(&l->n->networks, instance->n_index)),
                                     FL_NUM(l->n->jd[k]),
                                     FL_INT(instance->sample),
                                     FL_NUM(r[k].bethe),
                                     FL_NUM(fl_log_normal_cdf2(l->n->jd[k] - margin)),
                                     FL_NUM(log(r[k].count) / neurons)};
        FL_CHECK(fl_table_row(o->files.table, cells));
    }
    return FL_OK;
}

static fl_status entropy_sampled(fl_run *run, const settings *s, const fl_sampled *sampled) {
    fl_message_networks n = {.networks = sampled->networks,
                             .jd = sampled->jd.values,
                             .jd_count = sampled->jd.count,
                             .effort = fl_run_effort(run)};
    outputs o = {.s = s};
    network_loop l = {.n = &n,
                      .kind = "entropies of messages",
                      .record = sizeof(entropy_record),
                      .context = &o,
                      .task = entropy_task,
                      .emit = emit_entropy};
    fl_status status = fl_outputs_open(&o.files, run, NULL, row_columns, ROWS);
    n.journal = o.files.journal;
    if (status == FL_OK) {
        fl_progress_start(run, "networks", (double)fl_instances_count(&n.networks));
        status = network_loop_run(&l);
        fl_progress_end();
    }
    return fl_outputs_close(&o.files, status);
}

static fl_status run_entropy(fl_run *run, const void *given) {
    const settings *s = given;
    fl_sampled sampled;
    fl_status status = fl_sampling_open(&sampled, run, &s->sampling, (size_t)1 << 20);
    if (status == FL_OK)
        status = entropy_sampled(run, s, &sampled);
    fl_sampling_close(&sampled);
    return status;
}

static const fl_option options[] = {
    FL_GROUP(fl_sampling_options, settings, sampling, .fallback = "n=20 jd=0.3 samples=10"),
    FL_ENUMERATE_OPTION(settings, enumerate),
    {.name = NULL},
};

static const fl_mode_table tables[] = {{NULL, row_columns, ROWS}, {.columns = NULL}};

const fl_mode message_entropy_mode = {
    .name = "entropy",
    .summary = "entropy of all fixed points by messages, beside exact counts",
    .details =
        "Without field the messages stand still at zero magnetisation, by the symmetry of s "
        "and -s, and Bethe's entropy has a closed form: the annealed entropy with the norms "
        "of this network's rows. The mean of exact, over networks that have fixed points, is "
        "the quenched entropy.",
    .tables = tables,
    .example = "fl-message entropy --n 20,30 --jd 0.1,0.3,0.5 --samples 20",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME | FL_WITH_LISTS,
    .run = run_entropy};
