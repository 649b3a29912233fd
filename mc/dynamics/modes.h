/* Modes of fl-access, one a file. Internal. */
#ifndef FIXLAND_DYNAMICS_MODES_H
#define FIXLAND_DYNAMICS_MODES_H

#include "fixland/cli.h"
#include "fixland/dynamics.h"

extern const fl_mode access_run_mode, access_collect_mode, access_threshold_mode, access_trace_mode,
    access_basins_mode, access_return_mode;

/* Options that run and trace share: how the dynamics goes. */
typedef struct dynamics_settings {
    int64_t sweeps, anneal_sweeps;
    double p, temperature, overlap, hot, cold;
    int thermal, energy;
    const char *start;
} dynamics_settings;

/* For a dynamics_settings: the rules and their numbers; then also where runs start. */
extern const fl_option rule_options[], dynamics_options[];

/* The plan's part of the settings. */
void dynamics_from(const dynamics_settings *settings, fl_dynamics *plan);

/* FL_EUSAGE for options that none of the algorithms looks at; they leave the provenance, too.
 * rule_check: without those about starts. */
fl_status rule_check(fl_run *run, const dynamics_settings *settings, const fl_algorithm *algorithms,
                     size_t count);
fl_status dynamics_check(fl_run *run, const dynamics_settings *settings,
                         const fl_algorithm *algorithms, size_t count);

/* Configurations of a store by size and sample: starts[k * samples + sample] for sizes[k] neurons,
 * NULL where there is none. Release with starts_free. */
fl_status starts_read(const char *path, const int64_t *sizes, size_t count, uint64_t samples,
                      uint64_t ***starts);
void starts_free(uint64_t **starts, size_t count);

#endif
