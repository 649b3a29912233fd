/* What theory says beside a local entropy. Internal to mc/message. */
#ifndef FIXLAND_MESSAGE_BESIDE_H
#define FIXLAND_MESSAGE_BESIDE_H

#include "fixland/instances.h"
#include "fixland/table.h"

/* phi* from a table of fl-phase curve. */
typedef struct beside {
    fl_frame frame; /* no rows: none is given */
    size_t jd, distance, value;
} beside;

/* `path` NULL: no table. FL_EIO, FL_EFORMAT; FL_EDOMAIN where a J_D has no row there. Clear in any
 * case. */
fl_status beside_open(beside *b, const char *path, const double *jd, size_t jd_count);
void beside_clear(beside *b);

/* phi* at a distance, between the two rows of that J_D around it, in a straight line; nan where the
 * table does not reach. */
double beside_bound(const beside *b, double jd, double distance);

/* The potential of Franz and Parisi at a distance from a typical fixed point, n -> infinity; nan for
 * networks that it is not known for (modules, an input, a given matrix). */
double beside_potential(const fl_instances *networks, double jd, double distance);

#endif
