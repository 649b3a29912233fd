/* What the modes share: settings of the dynamics. */
#include "fixland/dynamics.h"
#include "fixland/store.h"
#include "mc/dynamics/modes.h"
#include "src/cli/runs.h"

/* base, slope of --energy count, violation, mixed. */
static const double costs[3][2] = {{1, 0}, {0, 1}, {0.3, 1}};

void dynamics_from(const dynamics_settings *settings, fl_dynamics *plan) {
    int64_t anneal = settings->anneal_sweeps < 0 ? settings->sweeps / 2 : settings->anneal_sweeps;
    plan->sweeps = (uint64_t)settings->sweeps;
    plan->p = settings->p;
    plan->temperature = settings->temperature;
    plan->anneal_sweeps = (uint64_t)anneal;
    plan->thermal = (fl_thermal)settings->thermal;
    plan->base = costs[settings->energy][0];
    plan->slope = costs[settings->energy][1];
    plan->hot = settings->hot;
    plan->cold = settings->cold;
}

#define AT(member) offsetof(dynamics_settings, member)

const fl_option rule_options[] = {
    {"sweeps", FL_OPTION_INTEGER, AT(sweeps), "COUNT", "10000", 1, 4e9,
     .help = "sweeps at most; a step of sync and partial is one"},
    {"p", FL_OPTION_REAL, AT(p), "P", "0.25", 1e-6, 1,
     .help = "partial: probability that an unstable neuron flips in a step"},
    {"temperature", FL_OPTION_REAL, AT(temperature), "T", "1", 0, 1e9,
     .help = "anneal: temperature of the first sweep, falling linearly to zero"},
    {"anneal-sweeps", FL_OPTION_INTEGER, AT(anneal_sweeps), "COUNT", "-1", -1, 4e9,
     .help = "anneal: sweeps until zero temperature (with more than --sweeps it is never reached); "
             "-1: half of --sweeps"},
    {"thermal", FL_OPTION_CHOICE, AT(thermal), "RULE", "glauber", .choices = "glauber|metropolis",
     .help = "anneal: flip probability 1/(1+exp(2sf/T)) or min(1,exp(-2sf/T))"},
    {"energy", FL_OPTION_CHOICE, AT(energy), "COST", "mixed", .choices = "count|violation|mixed",
     .help = "cool, focused: what an unstable neuron costs: 1, |f_i|, or 0.3 + |f_i|"},
    {"hot", FL_OPTION_REAL, AT(hot), "T", "0.5", 1e-6, 1e6,
     .help = "cool, focused: temperature of the first sweep, in units of that cost"},
    {"cold", FL_OPTION_REAL, AT(cold), "T", "0.02", 1e-6, 1e6,
     .help = "cool, focused: temperature of the last sweep; geometric between"},
    {.name = NULL},
};

const fl_option algorithm_options[] = {
    {"algorithm", FL_OPTION_TEXT, AT(algorithm), "NAME", "async", .choices = ALGORITHM_WORDS,
     .help = "how neurons are visited"},
    {.name = NULL},
};

const fl_option dynamics_options[] = {
    {.name = "rule", .group = rule_options},
    {"start", FL_OPTION_TEXT, AT(start), "FILE.h5",
     .help = "start from the configurations that this store holds for the size, sample and J_D (or "
             "J_D of its first, where it has none there) instead of random ones: replica k from "
             "number k, in turns. A store of other networks is refused"},
    {"overlap", FL_OPTION_REAL, AT(overlap), "Q", "1", -1, 1,
     .help = "with --start: overlap of the start with that configuration"},
    {.name = NULL},
};

/* Options and the one or two algorithms that look at them. */
static const struct {
    const char *const *options;
    fl_algorithm one, other;
    const char *without;
} looked_at[] = {
    {(const char *const[]){"p", NULL}, FL_PARTIAL, FL_PARTIAL, "without --algorithm partial"},
    {(const char *const[]){"temperature", "anneal-sweeps", "thermal", NULL}, FL_ANNEAL, FL_ANNEAL,
     "without --algorithm anneal"},
    {(const char *const[]){"energy", "hot", "cold", NULL}, FL_COOL, FL_FOCUSED,
     "without --algorithm cool or focused"},
};

static fl_status rule_check(fl_run *run, const dynamics_settings *settings,
                            const fl_algorithm *algorithms, size_t count) {
    for (size_t g = 0; g < sizeof looked_at / sizeof *looked_at; g++) {
        bool used = false;
        for (size_t k = 0; k < count; k++)
            used = used || algorithms[k] == looked_at[g].one || algorithms[k] == looked_at[g].other;
        if (!used)
            FL_CHECK(fl_run_leave_out(run, looked_at[g].options, looked_at[g].without));
    }
    if (settings->cold > settings->hot)
        return fl_fail(FL_EUSAGE, "--cold %g; allowed: at most --hot %g", settings->cold,
                       settings->hot);
    return FL_OK;
}

fl_status algorithm_of(fl_run *run, const dynamics_settings *settings, fl_algorithm *algorithm) {
    if (fl_algorithm_parse(settings->algorithm, algorithm) != FL_OK)
        return fl_fail(FL_EUSAGE, "--algorithm %s: %s", settings->algorithm, fl_message());
    return rule_check(run, settings, algorithm, 1);
}

fl_status dynamics_check(fl_run *run, const dynamics_settings *settings,
                         const fl_algorithm *algorithms, size_t count) {
    static const char *const start_names[] = {"overlap", NULL};
    FL_CHECK(rule_check(run, settings, algorithms, count));
    return settings->start ? FL_OK : fl_run_leave_out(run, start_names, "without --start FILE.h5");
}

fl_status dynamics_know_start(fl_run *run, const dynamics_settings *settings) {
    fl_store_reader *reader;
    FL_CHECK(fl_run_inputs(run, &settings->start, 1));
    FL_CHECK(fl_store_open(&reader, settings->start));
    fl_status status =
        runs_same_networks(settings->start, fl_store_meta(reader), &run->meta, false);
    fl_store_reader_close(reader);
    return status;
}
