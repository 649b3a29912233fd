/* Modes of fl-access, one a file. Internal. */
#ifndef FIXLAND_DYNAMICS_MODES_H
#define FIXLAND_DYNAMICS_MODES_H

#include "fixland/cli.h"

extern const fl_mode access_run_mode, access_collect_mode, access_threshold_mode, access_trace_mode,
    access_basins_mode, access_return_mode;

/* Options that run and trace share: how the dynamics goes. */
typedef struct dynamics_settings {
    int64_t sweeps, anneal_sweeps;
    double p, temperature, overlap, hot, cold;
    int thermal, energy;
    const char *start;
} dynamics_settings;

/* The rules and their numbers; then also where runs start. */
#define RULE_OPTIONS(settings_type, default_sweeps)                                                \
    {.name = "sweeps",                                                                             \
     .type = FL_OPTION_INTEGER,                                                                    \
     .offset = offsetof(settings_type, dynamics.sweeps),                                           \
     .argument = "COUNT",                                                                          \
     .fallback = default_sweeps,                                                                   \
     .low = 1,                                                                                     \
     .high = 4e9,                                                                                  \
     .help = "sweeps at most; a step of sync and partial is one"},                                 \
        {.name = "p",                                                                              \
         .type = FL_OPTION_REAL,                                                                   \
         .offset = offsetof(settings_type, dynamics.p),                                            \
         .argument = "P",                                                                          \
         .fallback = "0.25",                                                                       \
         .low = 1e-6,                                                                              \
         .high = 1,                                                                                \
         .help = "partial: probability that an unstable neuron flips in a step"},                  \
        {.name = "temperature",                                                                    \
         .type = FL_OPTION_REAL,                                                                   \
         .offset = offsetof(settings_type, dynamics.temperature),                                  \
         .argument = "T",                                                                          \
         .fallback = "1",                                                                          \
         .low = 0,                                                                                 \
         .high = 1e9,                                                                              \
         .help = "anneal: temperature of the first sweep, falling linearly to zero"},              \
        {.name = "anneal-sweeps",                                                                  \
         .type = FL_OPTION_INTEGER,                                                                \
         .offset = offsetof(settings_type, dynamics.anneal_sweeps),                                \
         .argument = "COUNT",                                                                      \
         .fallback = "-1",                                                                         \
         .low = -1,                                                                                \
         .high = 4e9,                                                                              \
         .help = "anneal: sweeps until zero temperature (with more than --sweeps it is "           \
                 "never reached); -1: half of --sweeps"},                                          \
        {.name = "thermal",                                                                        \
         .type = FL_OPTION_CHOICE,                                                                 \
         .offset = offsetof(settings_type, dynamics.thermal),                                      \
         .argument = "RULE",                                                                       \
         .fallback = "glauber",                                                                    \
         .choices = "glauber|metropolis",                                                          \
         .help = "anneal: flip probability 1/(1+exp(2sf/T)) or min(1,exp(-2sf/T))"},               \
        {.name = "energy",                                                                         \
         .type = FL_OPTION_CHOICE,                                                                 \
         .offset = offsetof(settings_type, dynamics.energy),                                       \
         .argument = "COST",                                                                       \
         .fallback = "mixed",                                                                      \
         .choices = "count|violation|mixed",                                                       \
         .help = "cool, focused: what an unstable neuron costs: 1, |f_i|, or 0.3 + |f_i|"},        \
        {.name = "hot",                                                                            \
         .type = FL_OPTION_REAL,                                                                   \
         .offset = offsetof(settings_type, dynamics.hot),                                          \
         .argument = "T",                                                                          \
         .fallback = "0.5",                                                                        \
         .low = 1e-6,                                                                              \
         .high = 1e6,                                                                              \
         .help = "cool, focused: temperature of the first sweep, in units of that cost"},          \
    {                                                                                              \
        .name = "cold", .type = FL_OPTION_REAL, .offset = offsetof(settings_type, dynamics.cold),  \
        .argument = "T", .fallback = "0.02", .low = 1e-6, .high = 1e6,                             \
        .help = "cool, focused: temperature of the last sweep; geometric between"                  \
    }

#define ATTRACTOR_OPTIONS(settings_type) RULE_OPTIONS(settings_type, "10000")

#define DYNAMICS_OPTIONS(settings_type, default_sweeps)                                            \
    RULE_OPTIONS(settings_type, default_sweeps),                                                   \
        {.name = "start",                                                                          \
         .type = FL_OPTION_TEXT,                                                                   \
         .offset = offsetof(settings_type, dynamics.start),                                        \
         .argument = "FILE.h5",                                                                    \
         .help = "start from the first configuration that this store holds for the size and "      \
                 "sample, instead of random ones"},                                                \
    {                                                                                              \
        .name = "overlap", .type = FL_OPTION_REAL,                                                 \
        .offset = offsetof(settings_type, dynamics.overlap), .argument = "Q", .fallback = "1",     \
        .low = -1, .high = 1, .help = "with --start: overlap of the start with that configuration" \
    }

struct fl_dynamics;

/* The plan's part of the settings. */
void dynamics_from(const dynamics_settings *settings, struct fl_dynamics *plan);

/* FL_EUSAGE for settings that do not go together. */
fl_status rule_check(const dynamics_settings *settings); /* without starts */
fl_status dynamics_check(const dynamics_settings *settings);

/* Configurations of a store by size and sample: starts[k * samples + sample] for sizes[k] neurons,
 * NULL where there is none. Release with starts_free. */
fl_status starts_read(const char *path, const int64_t *sizes, size_t count, uint64_t samples,
                      uint64_t ***starts);
void starts_free(uint64_t **starts, size_t count);

#endif
