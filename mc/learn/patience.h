/* A stop that waits: a second after somebody asked, so that short epochs and trainings are finished
 * and their work is kept, while long ones end in time. Internal. */
#ifndef FIXLAND_LEARN_PATIENCE_H
#define FIXLAND_LEARN_PATIENCE_H

#include "fixland/cli.h"

/* The effort of a training within a run, on so many threads. */
fl_effort patient_effort(int threads);

double monotonic_seconds(void);

#endif
