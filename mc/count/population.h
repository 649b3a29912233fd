/* A population of replicas that descends through a sequence of measures. Internal to mc/count.
 *
 * The measures are e^(-b E), b rising from 0 (annealing), or the uniform one on E <= c, c falling
 * from infinity (splitting); `at` is b, or c. */
#ifndef FIXLAND_COUNT_POPULATION_H
#define FIXLAND_COUNT_POPULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/rng.h"
#include "mc/count/model.h"

typedef struct population {
    const model *model;
    bool walk;               /* splitting */
    size_t replicas, blocks; /* 32 a block */
    int16_t *memory;         /* fields and spins of all blocks */
    uint32_t *random;        /* generators of all blocks */
    int32_t *energy;         /* of all replicas */
    uint32_t *family;        /* the first ancestor of each */
    double *weight;          /* scratch */
    uint32_t *copies;        /* scratch */
    uint64_t *spins;         /* scratch: a configuration */
    fl_metropolis *kernel;
    fl_rng rng; /* for resampling */
    double at;
} population;

/* `blocks` blocks of random configurations. `stream`: of this population alone; its sub-streams are
 * used. FL_ENOMEM. */
fl_status population_make(population *p, const model *m, bool walk, size_t blocks, fl_rng stream);
void population_clear(population *p);

fl_metropolis_block population_block(const population *p, size_t block);

/* ln of the weight of each replica on the way to the next measure, relative to the largest, into
 * p->weight as weights; returns ln of their mean, -infinity when all are 0. */
double population_weigh(population *p, double next);

/* Draws the population anew by its weights (systematic resampling; the survivors stay where they
 * are) and arrives at the next measure. */
void population_resample(population *p, double next);

/* Moves; returns the fraction accepted. */
double population_sweep(population *p, size_t sweeps);

/* Calls `take` for each replica at a fixed point, with the weight it has in the count of fixed
 * points: e^(bE), or 1. */
typedef void population_take(void *context, const uint64_t *spins, double weight, size_t replica);
void population_points(population *p, population_take *take, void *context);

/* Replicas times the sum of the squared shares of the families: 1 where all live, the number of
 * replicas where one has taken all. */
double population_families(const population *p);

#endif
