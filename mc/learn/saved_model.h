/* What the modes on a saved model share: the model, and data to show it. Internal. */
#ifndef FIXLAND_LEARN_SAVED_MODEL_H
#define FIXLAND_LEARN_SAVED_MODEL_H

#include "fixland/data_options.h"
#include "fixland/model.h"

/* The one file of the command line. */
fl_status saved_model_open(fl_run *run, fl_model *m);

/* Are they the data that the model was trained on? FL_EMISMATCH when not. */
fl_status saved_model_check_data(const fl_model *m, const char *path, const fl_dataset sets[2]);

/* Options of the data and which part of them: a member of the mode's settings. */
typedef struct shown_settings {
    fl_data_settings data;
    int part;
    bool part_given;
} shown_settings;

extern const fl_option shown_options[];

/* Opens the model and the examples asked for, which have its shape (and, where no other data are
 * asked for, are those of its training), and hands them to `work`; what they are goes into the
 * provenance. */
fl_status saved_model_show(fl_run *run, const shown_settings *s, const void *settings,
                           fl_status (*work)(fl_run *run, const void *settings, const fl_model *m,
                                             fl_dataset *data));

#endif
