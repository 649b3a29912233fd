/* The options that the modes of fl-train share, and what they say: a training, a data set.
 * Internal. */
#ifndef FIXLAND_LEARN_TRAIN_SETTINGS_H
#define FIXLAND_LEARN_TRAIN_SETTINGS_H

#include "fixland/cli.h"
#include "fixland/dataset.h"
#include "fixland/learn.h"
#include "mc/learn/parameters.h"

/* What an option of a parameter was given: a value, or a list where lists are taken. */
typedef union parameter_value {
    bool flag;
    int64_t integer;
    double real;
    int choice;
    const char *words;
    fl_integers integers;
    fl_reals reals;
} parameter_value;

typedef struct training_settings {
    const char *preset;
    parameter_value values[PARAMETERS_MOST];
    bool given[PARAMETERS_MOST];
} training_settings;

typedef struct data_settings {
    const char *source;
    int64_t features, train, test, classes, latent;
    double flip;
    uint64_t seed;
    bool raw;
    bool source_given, features_given, train_given, test_given, classes_given, latent_given,
        flip_given, seed_given, raw_given;
} data_settings;

/* An option table under construction; ends with an entry without name. */
enum { OPTIONS_MOST = 96 };
typedef struct option_list {
    fl_option entries[OPTIONS_MOST];
    size_t count;
} option_list;

void options_add(option_list *list, const fl_option *own);

/* The options of a training_settings, or a data_settings, that begins at `offset` of the settings.
 * `lists`: parameters take lists; `preset`: the one to start from, by default. `otherwise`: where
 * data options come from when they are not given, for --help; NULL: each has a default of its own.
 */
void options_add_training(option_list *list, size_t offset, bool lists, const char *preset);
void options_add_data(option_list *list, size_t offset, const char *otherwise);

/* The preset with what was given in its place. Of lists the first value. */
fl_status training_from(const training_settings *s, bool lists, fl_training *training);

/* The request for data: what was given, else that of `otherwise` (a model's), else (NULL) the
 * source's own, with `seed`. */
fl_data_spec data_from(const data_settings *s, const fl_data_spec *otherwise, uint64_t seed);

/* Every parameter into the provenance, with the names of the options. */
fl_status data_describe(const fl_data_spec *spec, fl_meta *meta);

/* Provenance and fingerprint of a run: `added` joins run->meta and the text that decides what a
 * checkpoint belongs to. */
fl_status run_describe(fl_run *run, const fl_meta *added);

#endif
