/* Data sets for learning: examples of +-1 (or real) features with their targets.
 *
 * Everything random is a function of (seed, FL_PURPOSE_DATA, ...): the same data on every machine
 * and for any number of threads. Sources: arXiv 2509.05041, arXiv 2510.11984. */
#ifndef FIXLAND_DATASET_H
#define FIXLAND_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* `label` is NULL where a target is not one class of many (hetero-association). */
typedef struct fl_dataset {
    size_t count;     /* examples */
    size_t features;  /* D */
    size_t outputs;   /* C: classes, or bits of a target */
    float *x;         /* count x features, row by row */
    int8_t *z;        /* count x outputs, +1/-1; one +1 a row where there are classes */
    uint16_t *label;  /* count, 0 .. outputs - 1; or NULL */
} fl_dataset;

/* Allocates the arrays, zeroed (label only if `classes`). FL_EINVAL for a zero size or more than
 * 65535 outputs, FL_ENOMEM. */
fl_status fl_dataset_new(fl_dataset *data, size_t count, size_t features, size_t outputs,
                         int classes);
void fl_dataset_clear(fl_dataset *data);

#ifdef __cplusplus
}
#endif
#endif
