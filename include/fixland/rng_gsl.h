/* A random stream for the distributions of GSL. Not part of fixland.h: it needs GSL's headers. */
#ifndef FIXLAND_RNG_GSL_H
#define FIXLAND_RNG_GSL_H

#include <gsl/gsl_rng.h>

#include "fixland/rng.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A gsl_rng whose words are those of `stream` (copied); release with gsl_rng_free. NULL when out of
 * memory. 64-bit range, uniforms as fl_rng_uniform. */
gsl_rng *fl_rng_gsl(const fl_rng *stream);

#ifdef __cplusplus
}
#endif
#endif
