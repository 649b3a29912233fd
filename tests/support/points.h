/* Sets of fixed points as an enumeration hands them over, of any number of words. */
#ifndef FIXLAND_TEST_POINTS_H
#define FIXLAND_TEST_POINTS_H

#include "fixland/enumerate.h"
#include "fixland/rng.h"

enum { POINTS_SETS = 3, POINTS_NO_SETS = 6 };

typedef struct points {
    size_t n, words, count, room;
    uint64_t *spins; /* with the last spin up, ascending */
    uint8_t *levels;
    uint64_t counts[FL_ENUMERATE_JD_MAX], nodes;
} points;

/* By the method, branching rule (0, 1, 2; plus POINTS_SETS for leaves with a base wherever that is
 * possible, plus POINTS_NO_SETS for leaves without) and number of threads; the configurations are
 * checked to be ascending and fixed points at their levels. Release with points_clear. */
points points_find(const fl_network *network, fl_method method, int rule, int threads,
                   const double *jd, size_t jd_count);
void points_clear(points *p);

/* Fails unless they hold the same, counts included. */
void points_assert_equal(const points *a, const points *b, size_t jd_count);

/* Configuration k of `p`, moved: neuron i becomes order[i] (NULL: i), after a flip where gauge[i]
 * is -1 (NULL: nowhere); the mirror image if the last spin is then down. */
void points_image(const points *p, size_t k, const uint32_t *order, const int8_t *gauge,
                  uint64_t *image);

/* Fails unless b is the image of a. */
void points_assert_image(const points *a, const points *b, const uint32_t *order,
                         const int8_t *gauge, size_t jd_count);

/* The network moved so. */
fl_network points_move(const fl_network *network, const uint32_t *order, const int8_t *gauge);

/* A random one of all; two modules at times. */
fl_ensemble points_ensemble(fl_rng *rng);

/* A random network of n neurons of a random kind: every ensemble, ties, zero rows, a diagonal.
 * *unit is the step of its ties. */
fl_network points_network(fl_rng *rng, size_t n, double *unit);

#endif
