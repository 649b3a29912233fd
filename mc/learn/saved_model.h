/* What the modes on a saved model share: the model, and data to show it. Internal. */
#ifndef FIXLAND_LEARN_SAVED_MODEL_H
#define FIXLAND_LEARN_SAVED_MODEL_H

#include "mc/learn/model_file.h"
#include "mc/learn/train_settings.h"

/* The one file of the command line. */
fl_status saved_model_open(fl_run *run, model *m);

/* Options of the data and which part of them: a member of the mode's settings. */
typedef struct shown_settings {
    data_settings data;
    int part;
} shown_settings;

void options_add_shown(option_list *list, size_t offset);

/* Opens the model and the examples asked for, which have its shape, and hands them to `work`; what
 * they are goes into the provenance. */
fl_status saved_model_show(fl_run *run, const shown_settings *s, const void *settings,
                           fl_status (*work)(fl_run *run, const void *settings, const model *m,
                                             fl_dataset *data));

#endif
