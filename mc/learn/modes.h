/* Modes of fl-train, one a file. Internal. */
#ifndef FIXLAND_LEARN_MODES_H
#define FIXLAND_LEARN_MODES_H

#include "mc/learn/train_settings.h"

extern const fl_mode train_mode, eval_mode, overlaps_mode, sweep_mode, capacity_mode, baseline_mode,
    continual_mode, export_mode, presets_mode;

/* The table of presets, as `fl-train presets` writes it. */
fl_status presets_write(fl_run *run);

#endif
