/* fl-message solve: fixed points by message passing, and how often they are found. */
#include <math.h>
#include <stdlib.h>

#include "fixland/message.h"
#include "fixland/sampling.h"
#include "fixland/spins.h"
#include "fixland/stats.h"
#include "mc/message/message_modes.h"

static const double two_sided = 1.959963984540054;

typedef struct settings {
    bool per_sample;
    fl_sampling sampling;
    fl_store_settings store;
    solver_settings solver;
} settings;

/* Sums over the networks of one size at one J_D. */
typedef struct tally {
    uint64_t networks, solved, repaired;
    double starts, iterations, unstable, overlap;
} tally;

typedef struct outputs {
    const fl_message_networks *n;
    fl_message_method method;
    bool per_sample, store_networks;
    fl_outputs files;
    tally *tallies; /* jd_count */
    uint64_t done;
} outputs;

#define COLUMN_METHOD                                                                              \
    { "method", FL_TEXT, NULL, "of the messages" }

enum { SUMMARY = 12, ROWS = 10 };

static const fl_column summary_columns[SUMMARY] = {
    COLUMN_METHOD,
    FL_COLUMNS_SAMPLES(FL_COLUMN_N),
    {"success", FL_REAL, NULL, "fraction of networks with a fixed point found, verified exactly"},
    COLUMNS_WILSON("success_low", "success_high"),
    {"restarts_used", FL_REAL, NULL, "starts begun, mean over networks"},
    {"iterations", FL_REAL, NULL, "of all starts of a network together, mean"},
    {"unstable", FL_REAL, NULL,
     "fewest unstable neurons of the best start, before a repair, mean over networks"},
    {"overlap", FL_REAL, NULL,
     "mean square magnetisation there, mean over networks: the overlap of two configurations that "
     "the messages stand for"},
    {"repaired", FL_REAL, NULL, "fraction of networks solved by the repair"},
};

static const fl_column row_columns[ROWS] = {
    COLUMN_METHOD,
    FL_COLUMNS_SAMPLE(FL_COLUMN_N),
    {"success", FL_INTEGER, NULL, "1 when a fixed point was found"},
    {"restarts_used", FL_INTEGER, NULL, "starts begun"},
    {"iterations", FL_INTEGER, NULL, "of all starts together"},
    {"unstable", FL_INTEGER, NULL, "fewest unstable neurons of the best start, before a repair"},
    {"overlap", FL_REAL, NULL, "mean square magnetisation there"},
    {"repaired", FL_INTEGER, NULL, "1 when the repair found it"},
};

static int64_t solve_size_of(const outputs *o, const fl_instance *instance) {
    return fl_instances_n(&o->n->networks, instance->n_index);
}

static fl_status write_solve_row(outputs *o, const fl_message_solved *solved, size_t k) {
    const fl_message_outcome *r = &solved->outcomes[k];
    const fl_cell cells[ROWS] = {FL_STR(fl_message_method_name(o->method)),
                                 FL_INT(solve_size_of(o, &solved->instance)),
                                 FL_NUM(o->n->jd[k]),
                                 FL_INT(solved->instance.sample),
                                 FL_INT(r->best.solved),
                                 FL_INT(r->starts),
                                 FL_INT(r->iterations),
                                 FL_INT(r->best.unstable),
                                 FL_NUM(r->best.q),
                                 FL_INT(r->best.repaired)};
    return fl_table_row(o->files.table, cells);
}

static fl_status write_solve_summary(outputs *o, const fl_instance *instance, size_t k) {
    const tally *t = &o->tallies[k];
    double networks = (double)t->networks;
    fl_interval interval = fl_wilson(t->solved, t->networks, two_sided);
    const fl_cell cells[SUMMARY] = {FL_STR(fl_message_method_name(o->method)),
                                    FL_INT(solve_size_of(o, instance)),
                                    FL_NUM(o->n->jd[k]),
                                    FL_INT(t->networks),
                                    FL_NUM((double)t->solved / networks),
                                    FL_NUM(interval.low),
                                    FL_NUM(interval.high),
                                    FL_NUM(t->starts / networks),
                                    FL_NUM(t->iterations / networks),
                                    FL_NUM(t->unstable / networks),
                                    FL_NUM(t->overlap / networks),
                                    FL_NUM((double)t->repaired / networks)};
    return fl_table_row(o->files.table, cells);
}

static void add_outcome(tally *t, const fl_message_outcome *r) {
    t->networks++;
    t->solved += r->best.solved;
    t->repaired += r->best.repaired;
    t->starts += (double)r->starts;
    t->iterations += (double)r->iterations;
    t->unstable += (double)r->best.unstable;
    t->overlap += r->best.q;
}

static fl_status store_solved(outputs *o, const fl_message_solved *solved) {
    size_t n = solved->network->n, words = fl_spins_words(n);
    for (size_t k = 0; k < o->n->jd_count; k++) {
        FL_CHECK(fl_store_begin(o->files.store, n, o->n->jd[k], solved->instance.sample));
        if (solved->outcomes[k].best.solved)
            FL_CHECK(fl_store_append(o->files.store, solved->spins + k * words, 1, NULL));
    }
    if (o->store_networks)
        return fl_store_network(o->files.store, solved->instance.sample, solved->network);
    return FL_OK;
}

static fl_status take_solved(void *context, const fl_message_solved *solved) {
    outputs *o = context;
    bool last = fl_instances_end_of_size(&o->n->networks, o->done++);
    for (size_t k = 0; k < o->n->jd_count; k++) {
        add_outcome(&o->tallies[k], &solved->outcomes[k]);
        if (o->per_sample)
            FL_CHECK(write_solve_row(o, solved, k));
        else if (last)
            FL_CHECK(write_solve_summary(o, &solved->instance, k));
        if (last)
            o->tallies[k] = (tally){.networks = 0};
    }
    return o->files.store ? store_solved(o, solved) : FL_OK;
}

/* The columns from `success` on, in their order. */
static fl_status read_outcome(const fl_frame *rows, size_t row, fl_message_outcome *r) {
    double v[ROWS] = {0};
    for (size_t k = 1; k < ROWS; k++)
        FL_CHECK(fl_frame_number(rows, row, k, &v[k]));
    *r = (fl_message_outcome){
        .starts = (uint64_t)v[5],
        .iterations = (uint64_t)v[6],
        .best = {.solved = v[4] == 1, .unstable = (size_t)v[7], .q = v[8], .repaired = v[9] == 1}};
    return FL_OK;
}

/* The summary of the rows of shards, all of them in order. */
static fl_status solve_again(outputs *o, const fl_frame *rows) {
    const fl_instances *networks = &o->n->networks;
    size_t jds = o->n->jd_count, all = (size_t)fl_instances_count(networks) * jds;
    if (rows->rows != all || rows->columns != ROWS)
        return fl_fail(FL_EMISMATCH, "%zu rows where the run has %zu", rows->rows, all);
    fl_message_outcome *outcomes = calloc(jds, sizeof *outcomes);
    fl_status status = outcomes ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for %zu J_D", jds);
    for (size_t row = 0; status == FL_OK && row < all; row++) {
        const fl_message_solved solved = {.instance = fl_instances_get(networks, row / jds),
                                          .outcomes = outcomes};
        status = read_outcome(rows, row, &outcomes[row % jds]);
        if (status == FL_OK && row % jds == jds - 1)
            status = take_solved(o, &solved);
    }
    free(outcomes);
    return status;
}

static fl_status solve_sampled(fl_run *run, const settings *s, const fl_message_plan *plan,
                               const fl_sampled *sampled) {
    fl_message_networks n = {.networks = sampled->networks,
                             .jd = sampled->jd.values,
                             .jd_count = sampled->jd.count,
                             .effort = fl_run_effort(run)};
    outputs o = {.n = &n,
                 .method = plan->method,
                 .per_sample = s->per_sample,
                 .store_networks = s->store.networks,
                 .tallies = calloc(n.jd_count + 1, sizeof *o.tallies)};
    if (!o.tallies)
        return fl_fail(FL_ENOMEM, "out of memory for %zu J_D", n.jd_count);
    fl_status status =
        fl_outputs_open(&o.files, run, &s->store, o.per_sample ? row_columns : summary_columns,
                        o.per_sample ? ROWS : SUMMARY);
    n.journal = o.files.journal;
    if (status == FL_OK) {
        fl_progress_start(run, "networks", (double)fl_instances_count(&n.networks));
        status = run->rows
                     ? solve_again(&o, run->rows)
                     : fl_message_solve_networks(&n, plan, s->store.path != NULL, &o, take_solved);
        fl_progress_end();
    }
    free(o.tallies);
    return fl_outputs_close(&o.files, status);
}

_Static_assert(FL_MESSAGE_AMP_LEAST == 100, "a sentence below tells it");

/* --refresh does something where some size gets engine amp. */
static fl_status check_refresh(fl_run *run, const settings *s) {
    static const char *const names[] = {"refresh", NULL};
    if (s->solver.engine != FL_ENGINE_AUTO)
        return FL_OK;
    for (size_t k = 0; k < s->sampling.n.count; k++)
        if (s->sampling.n.values[k] >= FL_MESSAGE_AMP_LEAST)
            return FL_OK;
    return fl_run_leave_out(run, names, "where --engine auto takes bp, below 100 neurons");
}

static fl_status run_solve(fl_run *run, const void *given) {
    const settings *s = given;
    fl_sampled sampled;
    fl_message_plan plan;
    FL_CHECK(solver_plan(&s->solver, &plan));
    if (s->sampling.shard && !s->per_sample)
        return fl_fail(FL_EUSAGE, "--shard goes with --per-sample: a summary needs all samples");
    FL_CHECK(solver_record(run, &s->solver, &plan));
    FL_CHECK(check_refresh(run, s));
    fl_status status = fl_sampling_open(&sampled, run, &s->sampling, (size_t)1 << 20);
    if (status == FL_OK)
        status = solve_sampled(run, s, &plan, &sampled);
    fl_sampling_close(&sampled);
    return status;
}

static const fl_option options[] = {
    FL_GROUP(fl_sampling_options, settings, sampling,
             .fallback = "n=200 jd=0.1:0.2:0.02 samples=20"),
    FL_GROUP(solver_options, settings, solver, ),
    {"per-sample", FL_OPTION_FLAG, offsetof(settings, per_sample),
     .help = "one row a network instead of one for each n and jd"},
    FL_GROUP(fl_store_options, settings, store, ),
    {.name = NULL},
};

static const char details[] =
    "Message passing with fields that grow until every neuron has decided. What it finds is a "
    "fixed point, verified exactly; what it does not find may exist. Half of the networks are "
    "solved from J_D = 0.13 on at n = 100 to 400, with --repair 5000 from 0.12 on at n = 200 to 2000 "
    "(doc/message.md), where asynchronous dynamics needs 0.32 at n = 200 and more the larger n.\n\n"
    "`fl-access threshold` fits where half are solved, with errors from --per-sample. A network of "
    "which engine amp assumes too much (--eta, --dilution, --modules, a matrix like these) uses "
    "bp, or is refused with --engine amp.";

static const fl_mode_table tables[] =
    FL_TWO_TABLES(summary_columns, SUMMARY, "Columns with --per-sample", row_columns, ROWS);

const fl_mode message_solve_mode = {
    .name = "solve",
    .summary = "fixed points by message passing",
    .details = details,
    .tables = tables,
    .example = "fl-message solve --n 200,500 --jd 0.08:0.2:0.02 --samples 100 --repair 5000",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME | FL_WITH_LISTS,
    .run = run_solve,
    .again = true};
