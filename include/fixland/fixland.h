/* All of fixland in one header.
 *
 * Functions, types and macros begin with fl_ or FL_. Every function that can fail returns an
 * fl_status and leaves a sentence for people (status.h); its header says which failures it knows.
 * Long computations take an fl_effort: threads, a polite stop, progress (effort.h). Random numbers
 * are pure functions of the seed and of what they are for (rng.h). */
#ifndef FIXLAND_FIXLAND_H
#define FIXLAND_FIXLAND_H

/* ---- what everything stands on ---- */
#include "fixland/effort.h"
#include "fixland/kernel.h"
#include "fixland/rng.h"
#include "fixland/status.h"
#include "fixland/version.h"

/* ---- the science: networks, theory, samples ---- */
#include "fixland/access.h"
#include "fixland/attractors.h"
#include "fixland/baseline.h"
#include "fixland/chain.h"
#include "fixland/chain_tuples.h"
#include "fixland/clusters.h"
#include "fixland/count.h"
#include "fixland/dataset.h"
#include "fixland/dmft.h"
#include "fixland/driven.h"
#include "fixland/dynamics.h"
#include "fixland/enumerate.h"
#include "fixland/exact.h"
#include "fixland/gaussian.h"
#include "fixland/instances.h"
#include "fixland/learn.h"
#include "fixland/levels.h"
#include "fixland/message.h"
#include "fixland/moments.h"
#include "fixland/network.h"
#include "fixland/overlap.h"
#include "fixland/phase.h"
#include "fixland/potential.h"
#include "fixland/series.h"
#include "fixland/spins.h"
#include "fixland/stats.h"
#include "fixland/tuple_moments.h"
#include "fixland/tuples.h"
#include "fixland/violation.h"

/* ---- files: matrices, images, stores, tables, checkpoints ---- */
#include "fixland/idx.h"
#include "fixland/journal.h"
#include "fixland/matrix.h"
#include "fixland/meta.h"
#include "fixland/model.h"
#include "fixland/output.h"
#include "fixland/store.h"
#include "fixland/table.h"

/* ---- to write a tool: command line, loop over replicas, the tools themselves ---- */
#include "fixland/cli.h"
#include "fixland/data_options.h"
#include "fixland/field.h"
#include "fixland/field_options.h"
#include "fixland/replicas.h"
#include "fixland/sampling.h"
#include "fixland/tools.h"

/* Not here: rng_gsl.h, a random stream for GSL, which needs GSL's headers. */

#endif
