/* fl-message perceptron: the same messages on a problem with known answers. */
#include <math.h>
#include <stdlib.h>

#include "fixland/sampling.h"
#include "fixland/stats.h"
#include "mc/message/message_modes.h"
#include "mc/message/networks.h"

static const double two_sided = 1.959963984540054, tolerance = 1e-5;
enum { ITERATIONS = 2000, MOST = 100000 };

typedef struct settings {
    fl_integers n;
    fl_reals alpha;
    int64_t samples;
    double margin;
    solver_settings solver;
    const char *shard;
} settings;

typedef struct perceptron_record {
    fl_message_outcome outcome;
    fl_message_point point;
} perceptron_record;

/* Over the samples of a size, by alpha. */
typedef struct perceptron_sum {
    size_t solved, converged;
    double iterations;
    double *entropy; /* samples */
} perceptron_sum;

typedef struct outputs {
    const settings *s;
    fl_outputs files;
    perceptron_sum *sums;
    uint64_t done;
    bool part; /* of a shard: a row each */
} outputs;

enum { ROWS = 11, PARTS = 8 };

#define COLUMNS_PROBLEM                                                                            \
    {"n", FL_INTEGER, NULL, "weights"}, {"alpha", FL_REAL, NULL, "patterns per weight"}, {         \
        "patterns", FL_INTEGER, NULL, "round(alpha n), at least 1"                                 \
    }

static const fl_column row_columns[ROWS] = {
    COLUMNS_PROBLEM,
    {"samples", FL_INTEGER, NULL, "sets of patterns"},
    {"success", FL_REAL, NULL, "fraction of them with a solution found"},
    COLUMNS_WILSON("success_low", "success_high"),
    {"iterations", FL_REAL, NULL, "of the solver, mean"},
    FL_COLUMNS_ESTIMATE(
        "entropy", "entropy_error", "nats",
        "Bethe's entropy of the solutions per weight, mean over samples whose messages converge"),
    {"converged", FL_INTEGER, NULL,
     "samples whose messages without field converge, and do not freeze"},
};

static const fl_column part_columns[PARTS] = {
    COLUMNS_PROBLEM,
    {"sample", FL_INTEGER, NULL, "number of the set of patterns, from 0"},
    {"solved", FL_INTEGER, NULL, "1: a solution was found"},
    {"iterations", FL_REAL, NULL, "of the solver"},
    {"converged", FL_INTEGER, NULL, "1: the messages without field converge, and do not freeze"},
    {"entropy", FL_REAL, "nats", "Bethe's entropy of the solutions per weight, if so"},
};

static size_t patterns_of(double alpha, int64_t n) {
    double patterns = round(alpha * (double)n);
    return patterns < 1 ? 1 : (size_t)patterns;
}

static fl_status perceptron_task(const network_loop *l, const fl_instance *instance,
                                 const fl_network *network, size_t index, void *record,
                                 uint64_t *spins) {
    const outputs *o = l->context;
    int64_t n = fl_instances_n(&l->n->networks, instance->n_index);
    perceptron_record *r = record;
    fl_message_plan plan = *(const fl_message_plan *)l->plan;
    fl_perceptron p = {(size_t)n, patterns_of(l->n->jd[index], n), o->s->margin,
                       l->n->networks.seed, instance->sample};
    (void)network;
    (void)spins;
    plan.effort = fl_effort_within(&l->n->effort, 1);
    FL_CHECK(fl_message_perceptron(&p, &plan, &r->outcome));
    return fl_message_perceptron_entropy(&p, tolerance, ITERATIONS, &r->point);
}

static fl_status write_sum(outputs *o, const network_loop *l, int64_t n, size_t k) {
    const perceptron_sum *sum = &o->sums[k];
    uint64_t samples = fl_instances_samples(&l->n->networks);
    fl_interval interval = fl_wilson(sum->solved, samples, two_sided);
    fl_estimate entropy = fl_mean(sum->entropy, sum->converged);
    const fl_cell cells[ROWS] = {FL_INT(n),
                                 FL_NUM(l->n->jd[k]),
                                 FL_INT(patterns_of(l->n->jd[k], n)),
                                 FL_INT(samples),
                                 FL_NUM((double)sum->solved / (double)samples),
                                 FL_NUM(interval.low),
                                 FL_NUM(interval.high),
                                 FL_NUM(sum->iterations / (double)samples),
                                 FL_NUM(entropy.mean),
                                 FL_NUM(entropy.error),
                                 FL_INT(sum->converged)};
    return fl_table_row(o->files.table, cells);
}

static fl_status write_set_of_patterns(const outputs *o, const network_loop *l,
                                       const fl_instance *instance, size_t k,
                                       const perceptron_record *r) {
    int64_t n = fl_instances_n(&l->n->networks, instance->n_index);
    const fl_cell cells[PARTS] = {FL_INT(n),
                                  FL_NUM(l->n->jd[k]),
                                  FL_INT(patterns_of(l->n->jd[k], n)),
                                  FL_INT(instance->sample),
                                  FL_INT(r->outcome.best.solved),
                                  FL_NUM((double)r->outcome.iterations),
                                  FL_INT(r->point.converged),
                                  FL_NUM(r->point.converged ? r->point.entropy : NAN)};
    return fl_table_row(o->files.table, cells);
}

static fl_status emit_parts(outputs *o, const network_loop *l, const fl_instance *instance,
                            const perceptron_record *r) {
    for (size_t k = 0; k < l->n->jd_count; k++)
        FL_CHECK(write_set_of_patterns(o, l, instance, k, &r[k]));
    return FL_OK;
}

static fl_status emit_perceptron(const network_loop *l, const fl_instance *instance,
                                 const void *records, const uint64_t *spins,
                                 const fl_network *network) {
    outputs *o = l->context;
    const perceptron_record *r = records;
    if (o->part)
        return emit_parts(o, l, instance, r);
    bool last = fl_instances_end_of_size(&l->n->networks, o->done++);
    (void)spins;
    (void)network;
    for (size_t k = 0; k < l->n->jd_count; k++) {
        perceptron_sum *sum = &o->sums[k];
        sum->solved += r[k].outcome.best.solved;
        sum->iterations += (double)r[k].outcome.iterations;
        if (r[k].point.converged)
            sum->entropy[sum->converged++] = r[k].point.entropy;
        if (last) {
            FL_CHECK(write_sum(o, l, fl_instances_n(&l->n->networks, instance->n_index), k));
            sum->solved = sum->converged = 0;
            sum->iterations = 0;
        }
    }
    return FL_OK;
}

static fl_status read_set_of_patterns(const fl_frame *rows, size_t row, perceptron_record *r) {
    double v[PARTS];
    for (size_t k = 0; k < PARTS; k++)
        FL_CHECK(fl_frame_number(rows, row, k, &v[k]));
    *r = (perceptron_record){
        .outcome = {.iterations = (uint64_t)v[5], .best = {.solved = v[4] == 1}},
        .point = {.converged = v[6] == 1, .entropy = v[7]}};
    return FL_OK;
}

/* The means of the rows of shards, all of them in order. */
static fl_status perceptron_again(const network_loop *l, const fl_frame *rows) {
    size_t alphas = l->n->jd_count, all = (size_t)fl_instances_count(&l->n->networks) * alphas;
    if (rows->rows != all || rows->columns != PARTS)
        return fl_fail(FL_EMISMATCH, "%zu rows where the run has %zu", rows->rows, all);
    perceptron_record *records = calloc(alphas, sizeof *records);
    fl_status status = records ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for %zu alpha", alphas);
    for (size_t row = 0; status == FL_OK && row < all; row++) {
        const fl_instance instance = fl_instances_get(&l->n->networks, row / alphas);
        status = read_set_of_patterns(rows, row, &records[row % alphas]);
        if (status == FL_OK && row % alphas == alphas - 1)
            status = emit_perceptron(l, &instance, records, NULL, NULL);
    }
    free(records);
    return status;
}

static fl_status perceptron_loop(fl_run *run, network_loop *l) {
    fl_progress_start(run, "samples", (double)fl_instances_count(&l->n->networks));
    fl_status status = run->rows ? perceptron_again(l, run->rows) : network_loop_run(l);
    fl_progress_end();
    return status;
}

static fl_status open_sums(outputs *o, const settings *s) {
    bool all = true;
    o->sums = calloc(s->alpha.count + 1, sizeof *o->sums);
    for (size_t k = 0; o->sums && k < s->alpha.count; k++) {
        o->sums[k].entropy = calloc((size_t)s->samples, sizeof(double));
        all = all && o->sums[k].entropy;
    }
    return o->sums && all ? FL_OK
                          : fl_fail(FL_ENOMEM, "out of memory for %zu alpha", s->alpha.count);
}

static void close_sums(outputs *o, const settings *s) {
    for (size_t k = 0; o->sums && k < s->alpha.count; k++)
        free(o->sums[k].entropy);
    free(o->sums);
}

static fl_status perceptron_all(fl_run *run, const settings *s, const fl_message_plan *plan,
                                const fl_message_networks *networks) {
    outputs o = {.s = s, .part = s->shard && !run->rows};
    fl_message_networks n = *networks;
    network_loop l = {.n = &n,
                      .kind = "ends of perceptrons",
                      .record = sizeof(perceptron_record),
                      .blank = true,
                      .plan = plan,
                      .context = &o,
                      .task = perceptron_task,
                      .emit = emit_perceptron};
    fl_status status = open_sums(&o, s);
    if (status == FL_OK && o.part)
        status = fl_meta_set(&run->meta, "table_holds", "parts");
    if (status == FL_OK) {
        status = fl_outputs_open(&o.files, run, NULL, o.part ? part_columns : row_columns,
                                 o.part ? PARTS : ROWS);
        n.journal = o.files.journal;
        if (status == FL_OK)
            status = perceptron_loop(run, &l);
        status = fl_outputs_close(&o.files, status);
    }
    close_sums(&o, s);
    return status;
}

static fl_status run_perceptron(fl_run *run, const void *given) {
    const settings *s = given;
    fl_message_plan plan;
    FL_CHECK(solver_plan(&s->solver, &plan));
    fl_message_networks networks = {.networks = {.ensemble = FL_ENSEMBLE_DEFAULT,
                                                 .n = s->n.values,
                                                 .n_count = s->n.count,
                                                 .seed = run->common.seed,
                                                 .samples = (uint64_t)s->samples},
                                    .jd = s->alpha.values,
                                    .jd_count = s->alpha.count,
                                    .effort = fl_run_effort(run)};
    FL_CHECK(fl_parse_shard(s->shard, &networks.networks.shard, &networks.networks.shards));
    FL_CHECK(fl_instances_check(&networks.networks, MOST));
    FL_CHECK(solver_record(run, &s->solver, &plan));
    return perceptron_all(run, s, &plan, &networks);
}

static const fl_option options[] = {
    {"n", FL_OPTION_INTEGERS, offsetof(settings, n), "LIST", "1000", 1, MOST, .help = "weights"},
    {"alpha", FL_OPTION_REALS, offsetof(settings, alpha), "LIST", "0.5:0.9:0.1", 1e-6, 100,
     .help = "patterns per weight"},
    {"samples", FL_OPTION_INTEGER, offsetof(settings, samples), "COUNT", "10", 1, 1e9,
     .help = "sets of random patterns of each size"},
    {"margin", FL_OPTION_REAL, offsetof(settings, margin), "K", "0", -100, 100,
     .help = "conditions sum_j w_j xi_j / sqrt n >= K"},
    FL_GROUP(solver_options, settings, solver, .fallback = "stop-rho=1 -engine -repair -refresh"),
    FL_SHARD_OPTION(settings, shard, "the sets of patterns, a row each"),
    {.name = NULL},
};

static const fl_mode_table tables[] =
    FL_TWO_TABLES(row_columns, ROWS, "Columns with --shard", part_columns, PARTS);

const fl_mode message_perceptron_mode = {
    .name = "perceptron",
    .summary = "the same messages on the binary perceptron, whose answers are known",
    .details =
        "Random patterns +-1, weights +-1, each pattern on the right side: the fixed points' "
        "conditions without a variable of their own. The entropy of the solutions vanishes at "
        "0.833 patterns per weight (the first-moment bound is 1); solvers stop near 0.75.",
    .tables = tables,
    .example = "fl-message perceptron --n 1000 --alpha 0.6:0.9:0.05 --samples 10",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
    .run = run_perceptron,
    .again = true};
