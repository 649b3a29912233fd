/* The nested Gaussian integrals of tuples with several levels of overlap. Private to theory/. */
#ifndef FIXLAND_THEORY_ULTRAMETRIC_H
#define FIXLAND_THEORY_ULTRAMETRIC_H

#include <stdbool.h>

#include "fixland/levels.h"

/* What is integrated: a neuron, in which spins and fields meet; or, in a perceptron, the spins
 * alone and the patterns alone. */
typedef enum fl_part_kind { FL_PART_NEURON, FL_PART_SPINS, FL_PART_PATTERN } fl_part_kind;

typedef struct fl_part {
    fl_part_kind kind;
    double factor;                /* with which its logarithm enters F */
    double jd;                    /* of a neuron */
    double relative;              /* d jd / d control */
    const fl_tuples_model *model; /* of a pattern */
} fl_part;

/* ln G_0 and what its derivatives are made of (theory/README.md, Eq. 25): g[l] = <G_{l+1}>, and the
 * mean squares of the tilts, averaged up to level l. */
typedef struct fl_nested {
    double log;
    double g[FL_LEVELS_MAX], t2[FL_LEVELS_MAX], r2[FL_LEVELS_MAX], j;
} fl_nested;

/* `fineness`: steps halve from one to the next, as in replica.h. FL_UNDECIDED when the grids would
 * be too fine: an increment of an overlap much smaller than the scale of what it smooths. */
fl_status fl_nested_integral(const fl_part *part, const fl_hierarchy *at, int fineness,
                             fl_nested *nested);

#endif
