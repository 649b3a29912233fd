/* See rng_gsl.h. */
#include "fixland/rng_gsl.h"

#include <stdlib.h>
#include <string.h>

/* The adapter: gsl_rng keeps an fl_rng as its state. */
static void gsl_adapter_set(void *state, unsigned long seed) {
    fl_rng stream = fl_rng_stream(seed, FL_PURPOSE_TEST, 0, 0);
    memcpy(state, &stream, sizeof stream);
}

static unsigned long gsl_adapter_bits(void *state) {
    return fl_rng_bits(state);
}

static double gsl_adapter_uniform(void *state) {
    return fl_rng_uniform(state);
}

static const gsl_rng_type gsl_adapter_type = {
    "fixland-philox4x64", UINT64_MAX,          0, sizeof(fl_rng), gsl_adapter_set,
    gsl_adapter_bits,     gsl_adapter_uniform,
};

gsl_rng *fl_rng_gsl(const fl_rng *stream) {
    gsl_rng *rng = malloc(sizeof *rng);
    fl_rng *state = malloc(sizeof *state);
    if (!rng || !state) {
        free(rng);
        free(state);
        return NULL;
    }
    *state = *stream;
    rng->type = &gsl_adapter_type;
    rng->state = state;
    return rng;
}
