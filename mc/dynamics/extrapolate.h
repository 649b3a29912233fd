/* The forms of fl_extrapolate, one a file. Internal.
 *
 * Each fills in all but freedom and warning. *edge: the share of the likelihood that lies next to
 * the end of what was scanned, beyond which the limit would be higher. */
#ifndef FIXLAND_DYNAMICS_EXTRAPOLATE_H
#define FIXLAND_DYNAMICS_EXTRAPOLATE_H

#include "fixland/access.h"

fl_status extrapolate_power(const fl_point *points, size_t count, fl_extrapolation *result,
                            double *edge);
fl_status extrapolate_extinction(const fl_point *points, size_t count, fl_extrapolation *result,
                                 double *edge);

#endif
