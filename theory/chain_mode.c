/* fl-entropy chain: the number of fixed points of a chain of modules coupled by lambda. */
#include <math.h>
#include <stddef.h>

#include "fixland/chain.h"
#include "theory/modes.h"

typedef struct settings {
    fl_reals jd, lambda;
    fl_integers modules, n;
    double margin;
} settings;

static const fl_option options[] = {
    FL_JD_OPTION(settings, jd, "0", -30, 30),
    FL_GROUP(fl_margin_options, settings, margin),
    {"lambda", FL_OPTION_REALS, offsetof(settings, lambda), "LIST", "0:2:0.1", 0, 30,
     .help = "coupling of neighbouring modules"},
    {"modules", FL_OPTION_INTEGERS, offsetof(settings, modules), "LIST", "1,2,3,10", 1, 1e6,
     .help = "modules; the chain of infinitely many is added"},
    {"n", FL_OPTION_INTEGERS, offsetof(settings, n), "LIST", .low = 2, .high = 1e9,
     .help = "neurons a module; infinitely many when not given"},
    {.name = NULL},
};

static const fl_column columns[] = {
    FL_COLUMN_JD,
    {"lambda", FL_REAL, NULL, "coupling of the modules"},
    {"modules", FL_REAL, NULL, "in the chain; inf for the limit"},
    {"n", FL_REAL, NULL, "neurons a module; inf for the limit"},
    {"entropy_per_neuron", FL_REAL, "nats", "of the mean number of fixed points"},
    {"log_mean_count", FL_REAL, "nats", "of the whole chain"},
};

/* 0 stands for infinitely many. */
static fl_status chain_row(fl_table *table, double jd, double margin, double lambda, size_t modules,
                           size_t n) {
    double entropy, size = modules ? (double)modules : INFINITY, each = n ? (double)n : INFINITY;
    FL_CHECK(fl_chain_entropy(jd - margin, lambda, modules, n, &entropy));
    const fl_cell cells[] = {FL_NUM(jd),   FL_NUM(lambda),  FL_NUM(size),
                             FL_NUM(each), FL_NUM(entropy), FL_NUM(entropy * size * each)};
    return fl_table_row(table, cells);
}

static fl_status lengths(fl_table *table, const settings *s, double jd, double lambda, size_t n) {
    for (size_t k = 0; k < s->modules.count; k++)
        FL_CHECK(chain_row(table, jd, s->margin, lambda, (size_t)s->modules.values[k], n));
    return chain_row(table, jd, s->margin, lambda, 0, n);
}

static fl_status chain_rows(fl_table *table, const void *chosen) {
    const settings *s = chosen;
    for (size_t k = 0; k < s->jd.count; k++)
        for (size_t i = 0; i < s->lambda.count; i++) {
            double jd = s->jd.values[k], lambda = s->lambda.values[i];
            for (size_t j = 0; j < s->n.count; j++)
                FL_CHECK(lengths(table, s, jd, lambda, (size_t)s->n.values[j]));
            if (s->n.count == 0)
                FL_CHECK(lengths(table, s, jd, lambda, 0));
        }
    return FL_OK;
}

static const fl_mode_table tables[] = {{NULL, columns, sizeof columns / sizeof *columns},
                                       {.columns = NULL}};

static fl_status run_chain(fl_run *run, const void *chosen) {
    return fl_write_rows(run, chosen, tables, chain_rows);
}

const fl_mode fl_mode_chain = {
    .name = "chain",
    .summary = "mean number of fixed points of a chain of modules coupled by lambda",
    .details =
        "An open chain of modules of n neurons, each with its own random couplings; neuron i also "
        "feels lambda times neuron i of both neighbouring modules. The mean number of fixed points "
        "is exact at every size, from a transfer matrix over the bonds between modules; rows with "
        "modules = inf give the chain without end (the larger eigenvalue), rows with n = inf the "
        "limit of large modules.",
    .example = "fl-entropy chain --jd 0 --lambda 0:2:0.1 --modules 1,2,3,10",
    .options = options,
    .settings_size = sizeof(settings),
    .run = run_chain,
    .tables = tables,
};
