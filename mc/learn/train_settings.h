/* The options that the modes of fl-train share: a training. Internal. */
#ifndef FIXLAND_LEARN_TRAIN_SETTINGS_H
#define FIXLAND_LEARN_TRAIN_SETTINGS_H

#include "fixland/cli.h"
#include "fixland/field_options.h"
#include "fixland/learn.h"
#include "mc/learn/presets.h"
#include "mc/learn/training_list.h"

#define TRAINING_INDEX(member, ...) TRAINING_##member,
enum {
    TRAINING_LIST(TRAINING_INDEX, TRAINING_INDEX, TRAINING_INDEX, TRAINING_INDEX, TRAINING_INDEX,
                  TRAINING_INDEX) TRAINING_FIELDS
};

/* The value of field k where it was given. */
typedef struct training_settings {
    const char *preset;
    fl_field_value values[TRAINING_FIELDS];
    bool preset_given, given[TRAINING_FIELDS];
} training_settings;

/* For a training_settings: a value a parameter, or a list of them. Groups of them name their preset
 * and what it sets, for --help: .fallback = TRAINING_REFERENCE. */
extern const fl_option training_options[], training_list_options[];

#define TRAINING_REFERENCE "preset=reference-large " PRESET_REFERENCE_LARGE
#define TRAINING_HETERO_CHAIN "preset=hetero-chain " PRESET_REFERENCE_LARGE " " PRESET_HETERO_CHAIN

/* For the paragraphs of --help. */
#define TRAINING_DEFAULTS                                                                           \
    "Defaults of the parameters are those of the preset that is the default; --preset chooses "     \
    "another one (`fl-train presets` lists what each sets), and what is given beside it overrides " \
    "it."

/* The preset with what was given in its place. Of lists the first value. */
fl_status training_from(const training_settings *s, bool lists, fl_training *training);

/* FL_EUSAGE where a value that differs from that of the preset (or, unless NULL, of the model of
 * --from) does nothing with any of the choices given beside it: --degree 4 in a chain of equal
 * neurons. `classes`: targets are classes, not any bits. Limits of numbers are no such case (a rate of 0, one epoch); a chain of one module is when
 * --modules is not given. */
fl_status training_check_effect(const training_settings *s, const fl_training *model, bool lists,
                                bool classes);

#endif
