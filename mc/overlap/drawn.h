/* Sets of fixed points enumerated on the spot: for source.c. */
#ifndef FIXLAND_OVERLAP_DRAWN_H
#define FIXLAND_OVERLAP_DRAWN_H

#include "mc/overlap/source.h"

typedef struct drawn drawn;

fl_status drawn_new(drawn **d, fl_run *run, const source_settings *settings);
void drawn_free(drawn *d);
uint64_t drawn_tasks(const drawn *d);
const fl_instances *drawn_networks(const drawn *d);

/* Hands over the sets of a task, one for each self-coupling in the order asked for: each
 * configuration followed by its mirror image (without input). */
fl_status drawn_sets(const drawn *d, uint64_t task, const fl_effort *effort, void *context,
                     fl_status (*take)(void *context, const overlap_set *set));

#endif
