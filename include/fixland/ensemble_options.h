/* The options that choose an ensemble of networks, the same in every tool that draws them. */
#ifndef FIXLAND_ENSEMBLE_OPTIONS_H
#define FIXLAND_ENSEMBLE_OPTIONS_H

#include <stddef.h>

#include "fixland/cli.h"
#include "fixland/network.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A member of the mode's settings. */
typedef struct fl_ensemble_settings {
    int distribution, variance;
    double eta, dilution, lambda;
    int64_t modules;
} fl_ensemble_settings;

fl_ensemble fl_ensemble_from(const fl_ensemble_settings *settings);

#define FL_VARIANCE_OPTION(settings_type, member)                                                  \
    {                                                                                              \
        .name = "variance", .type = FL_OPTION_CHOICE, .offset = offsetof(settings_type, member),   \
        .argument = "WHICH", .fallback = "n", .choices = "n|n-1",                                  \
        .help = "variance of the couplings: 1/n, the convention of the papers, or 1/(n-1)",        \
    }

/* A given matrix instead of an ensemble; fl_run_network (cli.h) reads it. */
#define FL_NETWORK_OPTION(settings_type, member)                                                   \
    {                                                                                              \
        .name = "network", .type = FL_OPTION_TEXT, .offset = offsetof(settings_type, member),      \
        .argument = "FILE",                                                                        \
        .help = "one given matrix instead of random ones: text, .npy, or HDF5 "                    \
                "(FILE.h5:/path/to/dataset); entry (i, j) acts from j on i",                       \
    }

/* Beside --store. */
#define FL_STORE_NETWORKS_OPTION(settings_type, member)                                            \
    {                                                                                              \
        .name = "store-networks", .type = FL_OPTION_FLAG,                                          \
        .offset = offsetof(settings_type, member), .hidden_from_meta = true,                       \
        .help = "keep the matrices in the store too",                                              \
    }

/* Entries of an option table, for a settings struct `settings_type` with the member `ensemble`. */
#define FL_ENSEMBLE_OPTIONS(settings_type)                                                         \
    {                                                                                              \
        .name = "ensemble",                                                                        \
        .type = FL_OPTION_CHOICE,                                                                  \
        .offset = offsetof(settings_type, ensemble.distribution),                                  \
        .argument = "WHICH",                                                                       \
        .fallback = "gaussian",                                                                    \
        .choices = "gaussian|binary",                                                              \
        .help = "distribution of the couplings",                                                   \
    },                                                                                             \
        FL_VARIANCE_OPTION(settings_type, ensemble.variance),                                      \
        {                                                                                          \
            .name = "eta",                                                                         \
            .type = FL_OPTION_REAL,                                                                \
            .offset = offsetof(settings_type, ensemble.eta),                                       \
            .argument = "ETA",                                                                     \
            .fallback = "0",                                                                       \
            .low = -1,                                                                             \
            .high = 1,                                                                             \
            .help = "symmetry: correlation of J_ij and J_ji",                                      \
        },                                                                                         \
        {                                                                                          \
            .name = "dilution",                                                                    \
            .type = FL_OPTION_REAL,                                                                \
            .offset = offsetof(settings_type, ensemble.dilution),                                  \
            .argument = "C",                                                                       \
            .fallback = "1",                                                                       \
            .low = 1e-9,                                                                           \
            .high = 1,                                                                             \
            .help = "fraction of the couplings that are kept; their variance grows by 1/C",        \
        },                                                                                         \
        {                                                                                          \
            .name = "modules",                                                                     \
            .type = FL_OPTION_INTEGER,                                                             \
            .offset = offsetof(settings_type, ensemble.modules),                                   \
            .argument = "L",                                                                       \
            .fallback = "1",                                                                       \
            .low = 1,                                                                              \
            .high = 1e6,                                                                           \
            .help = "modules in an open chain, n neurons each",                                    \
        },                                                                                         \
    {                                                                                              \
        .name = "lambda", .type = FL_OPTION_REAL,                                                  \
        .offset = offsetof(settings_type, ensemble.lambda), .argument = "LAMBDA", .fallback = "0", \
        .help = "excitatory coupling between equal neurons of neighbouring modules",               \
    }

#ifdef __cplusplus
}
#endif
#endif
