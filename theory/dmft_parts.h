/* What the solvers of dmft.h share. Internal. */
#ifndef FIXLAND_DMFT_PARTS_H
#define FIXLAND_DMFT_PARTS_H

#include "fixland/dmft.h"

/* FL_EINVAL for a plan out of range. */
fl_status dmft_check(const fl_dmft *plan);

/* Calls work(0 .. repetitions - 1) on the plan's threads; the first failure by number. */
fl_status dmft_repeat(const fl_dmft *plan, fl_status (*work)(size_t repetition, void *context),
                      void *context);

#endif
