/* fl-access basins: which fixed points of a network attract, from visits. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/attractors.h"
#include "fixland/enumerate.h"
#include "fixland/replicas.h"
#include "fixland/sampling.h"
#include "fixland/spins.h"
#include "mc/dynamics/modes.h"

typedef struct settings {
    bool points;
    fl_sampling sampling;
    int64_t starts, enumerate;
    dynamics_settings dynamics;
    fl_drive drive;
} settings;

/* In front of a record; `count` visits follow. */
typedef struct basins_head {
    double counted; /* fixed points by enumeration; nan: not enumerated */
    uint64_t count;
} basins_head;

typedef struct basins_run {
    const settings *s;
    const fl_sampled *sampled;
    fl_effort effort;
    fl_algorithm algorithm;
    uint64_t seed;
    fl_outputs files;
} basins_run;

enum { ROWS = 14, POINTS = 8 };

static const fl_column row_columns[ROWS] = {
    COLUMN_ALGORITHM,
    FL_COLUMNS_SAMPLE(FL_COLUMN_N),
    {"starts", FL_INTEGER, NULL, "runs, from random configurations"},
    {"reached", FL_INTEGER, NULL, "of them, ended in a fixed point"},
    {"distinct", FL_INTEGER, NULL, "fixed points seen"},
    {"unseen", FL_REAL, NULL,
     "estimate of those that attract but were not seen, from those seen once and twice (Chao); low "
     "where most were seen once"},
    {"coverage", FL_REAL, NULL,
     "estimate of the weight of those seen, among runs that arrive (Good)"},
    {"largest", FL_REAL, NULL,
     "weight of the basin seen most, among runs that arrive: the largest of several estimates, so above the truth "
     "where two basins are about alike (s and -s)"},
    {"largest_error", FL_REAL, NULL,
     "standard error of the weight of one basin; with its excess no interval of 95 %"},
    {"entropy", FL_REAL, "nats",
     "of where runs arrive, -sum w ln w per neuron, corrected for what was not seen (Chao and "
     "Shen)"},
    {"entropy_error", FL_REAL, "nats", "its standard error, without that of the correction"},
    {"log_count", FL_REAL, "nats",
     "ln of the number of all fixed points per neuron, by enumeration; nan beyond --enumerate"},
};

static const fl_column point_columns[POINTS] = {
    COLUMN_ALGORITHM,
    FL_COLUMNS_SAMPLE(FL_COLUMN_N),
    {"rank", FL_INTEGER, NULL, "of the fixed point, from 1, most visited first"},
    {"visits", FL_INTEGER, NULL, "runs that ended in it"},
    FL_COLUMNS_ESTIMATE("weight", "weight_error", NULL, "visits among all runs"),
};

static size_t jd_of(const basins_run *b, uint64_t task) {
    return (size_t)(task % b->sampled->jd.count);
}

static fl_instance instance_of(const basins_run *b, uint64_t task) {
    return fl_instances_get(&b->sampled->networks, task / b->sampled->jd.count);
}

static fl_status count_all(const basins_run *b, const fl_network *network, double jd,
                           double *counted) {
    uint64_t count = 0;
    *counted = NAN;
    if ((int64_t)network->n > b->s->enumerate)
        return FL_OK;
    fl_enumeration plan = {.jd = &jd, .jd_count = 1, .effort = fl_effort_within(&b->effort, 1)};
    FL_CHECK(fl_enumerate(network, &plan, &count));
    *counted = (double)count;
    return FL_OK;
}

static fl_status visit_network(const basins_run *b, const fl_network *network, double jd,
                               uint64_t sample, fl_result *result) {
    fl_dynamics plan = {.algorithm = b->algorithm, .jd = jd, .seed = b->seed, .sample = sample};
    fl_columns *columns;
    uint64_t *visits = NULL, *points = NULL;
    size_t count = 0;
    basins_head head;
    dynamics_from(&b->s->dynamics, &plan);
    plan.effort = fl_effort_within(&b->effort, 1);
    FL_CHECK(count_all(b, network, jd, &head.counted));
    FL_CHECK(fl_columns_new(&columns, network, fabs(jd)));
    fl_status status = fl_basins_visit(columns, network->n, &plan, (uint64_t)b->s->starts, &visits,
                                       &points, &count);
    fl_columns_free(columns);
    head.count = count;
    size_t bytes = count * sizeof *visits;
    char *data = status == FL_OK ? malloc(sizeof head + bytes) : NULL;
    if (status == FL_OK && !data)
        status = fl_fail(FL_ENOMEM, "out of memory for %zu basins", count);
    if (status == FL_OK) {
        memcpy(data, &head, sizeof head);
        memcpy(data + sizeof head, visits, bytes);
        *result = (fl_result){data, sizeof head + bytes};
    }
    free(visits);
    free(points);
    return status;
}

static fl_status basins_task(uint64_t task, void *context, fl_result *result) {
    const basins_run *b = context;
    fl_instance instance = instance_of(b, task);
    fl_network network;
    FL_CHECK(fl_instances_draw(&b->sampled->networks, &instance, &network));
    fl_status status =
        visit_network(b, &network, b->sampled->jd.values[jd_of(b, task)], instance.sample, result);
    fl_network_clear(&network);
    return status;
}

static double proportion_error(double visits, double of) {
    double w = visits / of;
    return sqrt(w * (1 - w) / of);
}

static fl_status write_basins_points(const basins_run *b, const fl_instance *instance, double jd,
                                     const uint64_t *visits, size_t count) {
    double starts = (double)b->s->starts;
    for (size_t k = 0; k < count; k++) {
        const fl_cell cells[POINTS] = {
            FL_STR(fl_algorithm_name(b->algorithm)),
            FL_INT(fl_instances_n(&b->sampled->networks, instance->n_index)),
            FL_NUM(jd),
            FL_INT(instance->sample),
            FL_INT(k + 1),
            FL_INT(visits[k]),
            FL_NUM((double)visits[k] / starts),
            FL_NUM(proportion_error((double)visits[k], starts))};
        FL_CHECK(fl_table_row(b->files.table, cells));
    }
    return FL_OK;
}

static fl_status write_basins(const basins_run *b, const fl_instance *instance, double jd,
                              const fl_basins *r, double counted) {
    double neurons = (double)fl_instances_neurons(&b->sampled->networks, instance->n_index);
    double reached = (double)r->reached, largest = (double)r->largest;
    const fl_cell cells[ROWS] = {FL_STR(fl_algorithm_name(b->algorithm)),
                                 FL_INT(fl_instances_n(&b->sampled->networks, instance->n_index)),
                                 FL_NUM(jd),
                                 FL_INT(instance->sample),
                                 FL_INT(r->starts),
                                 FL_INT(r->reached),
                                 FL_INT(r->distinct),
                                 FL_NUM(r->unseen),
                                 FL_NUM(r->coverage),
                                 FL_NUM(r->reached ? largest / reached : NAN),
                                 FL_NUM(r->reached ? proportion_error(largest, reached) : NAN),
                                 FL_NUM(r->entropy / neurons),
                                 FL_NUM(r->entropy_error / neurons),
                                 FL_NUM(log(counted) / neurons)};
    return fl_table_row(b->files.table, cells);
}

static fl_status basins_emit(uint64_t task, void *context, const void *data, size_t length) {
    const basins_run *b = context;
    fl_instance instance = instance_of(b, task);
    double jd = b->sampled->jd.values[jd_of(b, task)];
    basins_head head;
    memcpy(&head, data, sizeof head);
    if (length != sizeof head + head.count * sizeof(uint64_t))
        return fl_fail(FL_EMISMATCH, "the record of task %llu is no list of basins",
                       (unsigned long long)task);
    const uint64_t *visits = (const void *)((const char *)data + sizeof head);
    if (b->s->points)
        return write_basins_points(b, &instance, jd, visits, head.count);
    fl_basins r = fl_basins_of(visits, head.count, (uint64_t)b->s->starts);
    return write_basins(b, &instance, jd, &r, head.counted);
}

static fl_status basins_sampled(fl_run *run, basins_run *b) {
    fl_replicas replicas = {.tasks =
                                fl_instances_count(&b->sampled->networks) * b->sampled->jd.count,
                            .effort = fl_run_effort(run),
                            .context = b,
                            .work = basins_task,
                            .emit = basins_emit,
                            .record = {.kind = "visits of fixed points"}};
    b->effort = replicas.effort;
    fl_status status =
        fl_outputs_open(&b->files, run, NULL, b->s->points ? point_columns : row_columns,
                        b->s->points ? POINTS : ROWS);
    if (status == FL_OK)
        status = fl_outputs_run(&b->files, run, &replicas, "networks");
    return fl_outputs_close(&b->files, status);
}

static fl_status run_basins(fl_run *run, const void *given) {
    const settings *s = given;
    fl_sampled sampled;
    basins_run b = {.s = s, .sampled = &sampled, .seed = run->common.seed};
    FL_CHECK(algorithm_of(run, &s->dynamics, &b.algorithm));
    fl_status status = fl_sampling_open(&sampled, run, &s->sampling, 1 << 20);
    if (status == FL_OK)
        status = fl_drive_open(&sampled, run, &s->drive);
    if (status == FL_OK)
        status = basins_sampled(run, &b);
    fl_sampling_close(&sampled);
    return status;
}

static const fl_option options[] = {
    FL_GROUP(algorithm_options, settings, dynamics),
    FL_GROUP(fl_sampling_options, settings, sampling, .fallback = "n=20 jd=0.5 samples=1"),
    {"starts", FL_OPTION_INTEGER, offsetof(settings, starts), "COUNT", "10000", 1, 4e9,
     .help = "runs on each network"},
    FL_ENUMERATE_OPTION(settings, enumerate),
    {"points", FL_OPTION_FLAG, offsetof(settings, points),
     .help = "a row for each fixed point that was seen"},
    FL_GROUP(rule_options, settings, dynamics),
    FL_GROUP(fl_drive_options, settings, drive, ),
    {.name = NULL},
};

static const fl_mode_table tables[] =
    FL_TWO_TABLES(row_columns, ROWS, "Columns with --points", point_columns, POINTS);

const fl_mode access_basins_mode = {
    .name = "basins",
    .summary = "which fixed points of a network attract, from visits",
    .details =
        "Runs a dynamics from many random starts on one network and counts where they end. An "
        "entropy of where runs arrive that stays below log_count says that only an exponentially "
        "small part of the fixed points is reached. s and -s count as two.",
    .tables = tables,
    .example = "fl-access basins --n 24 --jd 0.5,0.8 --starts 20000",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME | FL_WITH_LISTS,
    .run = run_basins};
