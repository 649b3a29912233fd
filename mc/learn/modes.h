/* Modes of fl-train, one a file. Internal. */
#ifndef FIXLAND_LEARN_MODES_H
#define FIXLAND_LEARN_MODES_H

#include "mc/learn/train_settings.h"

/* A mode whose option table is made from the table of parameters: `list` is filled in and kept by
 * the caller for as long as the mode is used. */
fl_mode train_mode(option_list *list);
fl_mode eval_mode(option_list *list);
fl_mode overlaps_mode(option_list *list);
fl_mode sweep_mode(option_list *list);
fl_mode capacity_mode(option_list *list);
fl_mode baseline_mode(option_list *list);

extern const fl_mode export_mode, presets_mode;

/* The table of presets, as `fl-train presets` writes it. */
fl_status presets_write(fl_run *run);

#endif
