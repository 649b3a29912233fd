/* Tables that are read together must come from runs of the same kind. Internal. */
#ifndef FIXLAND_DYNAMICS_PARTS_H
#define FIXLAND_DYNAMICS_PARTS_H

#include <stdbool.h>

#include "fixland/meta.h"

/* What the first table tells of its run; start from a zeroed struct. */
typedef struct table_parts {
    bool any_seed; /* set by the caller: the seed may differ */
    char *path;
    fl_meta settings;
} table_parts;

/* FL_EMISMATCH, naming both files, where a setting of the runs (sweeps, seed, ensemble, ...; not
 * algorithms, sizes, self-couplings, samples) is not that of the first table. */
fl_status parts_add(table_parts *p, const char *path, const fl_meta *meta);

/* Notes the common settings in `meta`. */
fl_status parts_note(const table_parts *p, fl_meta *meta);

void parts_clear(table_parts *p);

#endif
