/* Modes of fl-access, one a file. Internal. */
#ifndef FIXLAND_DYNAMICS_MODES_H
#define FIXLAND_DYNAMICS_MODES_H

#include "fixland/cli.h"
#include "fixland/dynamics.h"
#include "fixland/sampling.h"

extern const fl_mode access_run_mode, access_collect_mode, access_threshold_mode, access_trace_mode,
    access_basins_mode, access_return_mode, access_near_mode;

/* What --algorithm takes: the names of fl_algorithm_name, in that order. */
#define ALGORITHM_WORDS "async|sequential|site|sync|partial|anneal|greedy|reluctant|cool|focused"

/* The first column of most tables. */
#define COLUMN_ALGORITHM                                                                           \
    { "algorithm", FL_TEXT, NULL, "how neurons are visited" }

/* Options that run and trace share: how the dynamics goes. */
typedef struct dynamics_settings {
    int64_t sweeps, anneal_sweeps;
    double p, temperature, overlap, hot, cold;
    int thermal, energy;
    const char *start, *algorithm;
} dynamics_settings;

/* For a dynamics_settings: the rules and their numbers; then also where runs start. And the name of
 * one algorithm. */
extern const fl_option rule_options[], dynamics_options[], algorithm_options[];

/* The plan's part of the settings. */
void dynamics_from(const dynamics_settings *settings, fl_dynamics *plan);

/* The one algorithm of --algorithm. FL_EUSAGE for none, and for options that it does not look at;
 * they leave the provenance, too. */
fl_status algorithm_of(fl_run *run, const dynamics_settings *settings, fl_algorithm *algorithm);

/* The store of --start becomes part of the provenance. FL_EMISMATCH where it is of other networks than the run. */
fl_status dynamics_know_start(fl_run *run, const dynamics_settings *settings);

/* FL_EUSAGE for options that none of the algorithms looks at, those about starts among them. */
fl_status dynamics_check(fl_run *run, const dynamics_settings *settings,
                         const fl_algorithm *algorithms, size_t count);

#endif
