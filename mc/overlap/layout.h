/* A drawing of a set of configurations in the plane. */
#ifndef FIXLAND_OVERLAP_LAYOUT_H
#define FIXLAND_OVERLAP_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "fixland/status.h"

typedef struct tie {
    uint32_t a, b;
} tie;

enum { LAYOUT_POINTS = 20000 };

/* Positions x, y of each configuration, in units of the typical spacing, centred: first the two
 * directions in which the configurations vary most (the best plane for their Hamming distances:
 * classical scaling), then `steps` steps of forces: links attract, all points repel each other, and
 * the origin holds all together (Fruchterman and Reingold, doi:10.1002/spe.4380211102). A pure
 * function of its arguments. FL_EINVAL for more than LAYOUT_POINTS. */
fl_status layout_plane(const uint64_t *spins, size_t count, size_t n, const tie *ties,
                       size_t tie_count, size_t steps, double *x, double *y);

#endif
