/* Options of the ensemble: see sampling.h. By themselves, for tools that read no matrix and write no
 * store. The choices stand in the order of the enumerations. */
#include "fixland/sampling.h"
#include "src/cli/several.h"

#define E(member) offsetof(fl_ensemble_settings, member)

const fl_option fl_variance_options[] = {
    {"variance", FL_OPTION_CHOICE, 0, "WHICH", "n", .choices = "n|n-1",
     .help = "variance of the couplings: 1/n, the convention of the papers, or 1/(n-1)"},
    {.name = NULL},
};

const fl_option fl_ensemble_options[] = {
    {"ensemble", FL_OPTION_CHOICE, E(distribution), "WHICH", "gaussian",
     .choices = "gaussian|binary", .help = "distribution of the couplings"},
    {.name = "variance", .group = fl_variance_options, .offset = E(variance)},
    {"eta", FL_OPTION_REAL, E(eta), "ETA", "0", -1, 1, .each = true,
     .help = "symmetry: correlation of J_ij and J_ji"},
    {"dilution", FL_OPTION_REAL, E(dilution), "C", "1", 1e-9, 1, .each = true,
     .help = "fraction of the couplings that are kept; their variance grows by 1/C"},
    {"modules", FL_OPTION_INTEGER, E(modules), "L", "1", 1, 1e6, .each = true,
     .help = "modules in an open chain, n neurons each"},
    {"lambda", FL_OPTION_REAL, E(lambda), "LAMBDA", "0", .each = true,
     .help = "excitatory coupling between equal neurons of neighbouring modules"},
    {.name = NULL},
};

fl_ensemble fl_ensemble_from(const fl_ensemble_settings *settings) {
    return (fl_ensemble){.distribution = (fl_distribution)settings->distribution,
                         .variance = (fl_variance)settings->variance,
                         .eta = settings->eta,
                         .dilution = settings->dilution,
                         .modules = (size_t)settings->modules,
                         .lambda = settings->lambda};
}

fl_status fl_ensemble_settings_check(const fl_run *run, const fl_ensemble_settings *settings) {
    static const char *const between[] = {"lambda", NULL};
    bool one = settings->modules == 1 && settings->lambda != 0 && !fl_run_several(run, "modules");
    return one ? fl_run_refuse(run, between, "without --modules 2 or more") : FL_OK;
}

fl_status fl_ensemble_settings_leave_out(fl_run *run, const char *why) {
    static const char *const names[] = {"ensemble", "variance", "eta", "dilution",
                                        "modules",  "lambda",   NULL};
    return fl_run_leave_out(run, names, why);
}
