/* Sets of configurations from stores: for source.c. */
#ifndef FIXLAND_OVERLAP_STORED_H
#define FIXLAND_OVERLAP_STORED_H

#include "fixland/moments.h"
#include "mc/overlap/source.h"

typedef struct stored stored;

/* All sets of the run's files, in their order, that the settings select. FL_EUSAGE when none is
 * left. */
fl_status stored_open(stored **s, const fl_run *run, const source_settings *settings);
void stored_close(stored *s);

/* For modes that pool the sets: FL_EMISMATCH when a sample of one origin (seed, ensemble or matrix) is
 * there twice, whatever the files are called. From then on sets of visits (fl-access --store) are
 * handed over as sets, each configuration once, its visits as its weight. */
fl_status stored_pool(stored *s, const fl_run *run);

/* Keeps sets of the first file with their partners in the second: see source_open_pair. */
fl_status stored_pair(stored *s, bool same_jd);

uint64_t stored_tasks(const stored *s);

/* Reads the set (or the pair) of a task. Any thread; one reads at a time. */
fl_status stored_sets(stored *s, uint64_t task, void *context,
                      fl_status (*take)(void *context, const overlap_set *set));

/* True when every file was written by fl-enumerate from random networks of one ensemble, which is
 * given, and under one input of drawn signs, or none: then its sets are complete. */
bool stored_ensemble(const stored *s, fl_ensemble *ensemble, fl_input_field *input);

#endif
