/* fl-phase modules: m-tuples of fixed points of a chain of modules, m a whole number. */
#include <inttypes.h>
#include <math.h>
#include <stddef.h>

#include "fixland/chain_tuples.h"
#include "theory/modes.h"

typedef struct settings {
    fl_reals lambda, jd, distances;
    fl_integers modules, m;
    bool endless, lambda_given, jd_given, distances_given, modules_given;
} settings;

static const fl_option options[] = {
    {"modules", FL_OPTION_INTEGERS, offsetof(settings, modules), "LIST", "1,2,3", 1,
     FL_CHAIN_TUPLES_MODULES, .given = offsetof(settings, modules_given),
     .help = "modules in the open chain"},
    {"endless", FL_OPTION_FLAG, offsetof(settings, endless),
     .help = "the chain of infinitely many modules besides (--m to 5, ten seconds a row)"},
    {"m", FL_OPTION_INTEGERS, offsetof(settings, m), "LIST", "4,5", 2, FL_CHAIN_TUPLES_M,
     .help = "number of replicas; with 4 modules at most 6"},
    {"lambda", FL_OPTION_REALS, offsetof(settings, lambda), "LIST", "0.3", 0, 20,
     .given = offsetof(settings, lambda_given),
     .help = "coupling of neighbouring modules: J_D is found for each"},
    {"jd", FL_OPTION_REALS, offsetof(settings, jd), "LIST", "0", -1, 20,
     .given = offsetof(settings, jd_given),
     .help = "self-coupling: the coupling is found for each, in the place of --lambda"},
    {"distances", FL_OPTION_REALS, offsetof(settings, distances), "LIST", .low = 1e-5, .high = 0.5,
     .given = offsetof(settings, distances_given),
     .otherwise = "none: thresholds at equal distances",
     .help =
         "the entropy of tuples with these distances, one for each module, at --jd and --lambda"},
    {.name = NULL},
};

static const fl_column columns[] = {
    {"modules", FL_REAL, NULL, "in the chain; inf with --endless"},
    {"m", FL_INTEGER, NULL, "number of replicas"},
    {"lambda", FL_REAL, NULL, "coupling of neighbouring modules"},
    {"jd", FL_REAL, NULL, "self-coupling at which the gap of equal overlaps closes there"},
    FL_COLUMN_NUMERICAL(NULL),
    FL_COLUMN_Q,
    FL_COLUMN_DISTANCE,
    FL_COLUMN_FLAG,
};

static const fl_column entropy_columns[] = {
    FL_COLUMN_JD,
    {"lambda", FL_REAL, NULL, "coupling of neighbouring modules"},
    {"m", FL_INTEGER, NULL, "number of replicas"},
    {"modules", FL_INTEGER, NULL, "in the chain"},
    {"distance_1", FL_REAL, NULL, "of any two replicas in the first module"},
    {"distance_2", FL_REAL, NULL, "in the second; nan where there is none"},
    {"distance_3", FL_REAL, NULL, "in the third"},
    {"distance_4", FL_REAL, NULL, "in the fourth"},
    {"tuple_entropy", FL_REAL, "nats", "F per neuron of all modules; below 0 it is a proof"},
    FL_COLUMN_NUMERICAL("nats"),
    FL_COLUMN_FLAG,
};

static fl_status threshold_row(fl_table *table, const settings *s, size_t modules, size_t m,
                               double given, fl_verdicts *verdicts) {
    fl_chain_tuples at = {.modules = modules, .m = m};
    fl_threshold gap = {NAN, NAN, NAN, NAN, NAN, NAN};
    *(s->jd_given ? &at.jd : &at.lambda) = given;
    if (fl_stop_requested())
        return fl_fail(FL_STOPPED, "stopped by %s; nothing was written", fl_stop_reason());
    fl_status status = fl_chain_tuples_gap(&at, s->jd_given, &gap);
    int flag = fl_verdict(verdicts, status);
    if (flag < 0)
        return status;
    const fl_cell cells[] = {FL_NUM(modules ? (double)modules : INFINITY),
                             FL_INT(m),
                             FL_NUM(s->jd_given ? gap.control : given),
                             FL_NUM(s->jd_given ? given : gap.control),
                             FL_NUM(gap.error),
                             FL_NUM(gap.q),
                             FL_NUM(gap.distance),
                             FL_INT(flag)};
    return fl_table_row(table, cells);
}

static fl_status threshold_rows(fl_table *table, const void *chosen) {
    const settings *s = chosen;
    const fl_reals *given = s->jd_given ? &s->jd : &s->lambda;
    fl_verdicts verdicts = {0};
    for (size_t k = 0; k < s->modules.count + (s->endless ? 1 : 0); k++)
        for (size_t i = 0; i < given->count; i++)
            for (size_t j = 0; j < s->m.count; j++) {
                size_t modules = k < s->modules.count ? (size_t)s->modules.values[k] : 0;
                FL_CHECK(threshold_row(table, s, modules, (size_t)s->m.values[j], given->values[i],
                                       &verdicts));
            }
    return fl_verdicts_end(&verdicts);
}

static fl_status entropy_row(fl_table *table, const settings *s, fl_chain_tuples *at,
                             fl_verdicts *verdicts) {
    double value = NAN, error = NAN, d[FL_CHAIN_TUPLES_MODULES];
    for (size_t l = 0; l < FL_CHAIN_TUPLES_MODULES; l++) {
        d[l] = l < at->modules ? s->distances.values[l] : NAN;
        at->overlap[l] = l < at->modules ? 1 - 2 * d[l] : 0;
    }
    fl_status status = fl_chain_tuples_entropy(at, &value, &error);
    int flag = fl_verdict(verdicts, status);
    if (flag < 0)
        return status;
    const fl_cell cells[] = {FL_NUM(at->jd), FL_NUM(at->lambda), FL_INT(at->m), FL_INT(at->modules),
                             FL_NUM(d[0]),   FL_NUM(d[1]),       FL_NUM(d[2]),  FL_NUM(d[3]),
                             FL_NUM(value),  FL_NUM(error),      FL_INT(flag)};
    return fl_table_row(table, cells);
}

static fl_status entropy_rows(fl_table *table, const void *chosen) {
    const settings *s = chosen;
    fl_verdicts verdicts = {0};
    for (size_t k = 0; k < s->jd.count; k++)
        for (size_t i = 0; i < s->lambda.count; i++)
            for (size_t j = 0; j < s->m.count; j++) {
                fl_chain_tuples at = {.modules = s->distances.count,
                                      .m = (size_t)s->m.values[j],
                                      .jd = s->jd.values[k],
                                      .lambda = s->lambda.values[i]};
                FL_CHECK(entropy_row(table, s, &at, &verdicts));
            }
    return fl_verdicts_end(&verdicts);
}

/* What the option table cannot tell. */
static fl_status check_modules(const settings *s) {
    size_t most = FL_CHAIN_TUPLES_M, modules = s->distances.count;
    if (s->distances_given && (s->modules_given || s->endless))
        return fl_fail(FL_EUSAGE, "--distances tells the number of modules; leave out --%s",
                       s->endless ? "endless" : "modules");
    if (modules > FL_CHAIN_TUPLES_MODULES)
        return fl_fail(FL_EUSAGE, "--distances: %zu modules; allowed: at most %d", modules,
                       FL_CHAIN_TUPLES_MODULES);
    if (!s->distances_given && s->jd_given && s->lambda_given)
        return fl_fail(FL_EUSAGE, "--jd and --lambda: one is found for the other; give one, or "
                                  "--distances");
    for (size_t k = 0; !s->distances_given && k < s->modules.count; k++)
        if (s->modules.values[k] == 4)
            modules = 4;
    most = s->endless ? 5 : modules == 4 ? 6 : most;
    for (size_t j = 0; j < s->m.count; j++)
        if (s->m.values[j] > (int64_t)most)
            return fl_fail(FL_EUSAGE, "--m %" PRId64 ": allowed: at most %zu for such a chain",
                           s->m.values[j], most);
    return FL_OK;
}

static const fl_mode_table tables[] = {
    {NULL, columns, sizeof columns / sizeof *columns},
    {"Columns with --distances", entropy_columns, sizeof entropy_columns / sizeof *entropy_columns},
    {.columns = NULL}};

static fl_status run_modules(fl_run *run, const void *chosen) {
    const settings *s = chosen;
    FL_CHECK(check_modules(s));
    return s->distances_given ? fl_write_rows(run, s, &tables[1], entropy_rows)
                              : fl_write_rows(run, s, tables, threshold_rows);
}

const fl_mode fl_mode_modules = {
    .name = "modules",
    .summary = "m-tuples in a chain of modules, m a whole number: thresholds, unequal overlaps",
    .details =
        "An open chain of modules coupled by lambda; tuples of m fixed points with one mutual "
        "overlap in each module. Thresholds: where the least entropy over overlaps that are equal "
        "in all modules reaches 0, in J_D for each --lambda, or in lambda for each --jd. As m is "
        "whole, tuples with equal overlaps at that distance are excluded below for certain (Markov); "
        "the largest over m is the best such bound. fl-phase plane takes real m, for two modules.\n"
        "With --distances, the entropy at overlaps that may differ: it can be lower there than "
        "anywhere at equal ones, so that equal overlaps are a mountain pass.",
    .example = "fl-phase modules --modules 2,3 --jd 0 --m 5",
    .options = options,
    .settings_size = sizeof(settings),
    .run = run_modules,
    .tables = tables,
};
