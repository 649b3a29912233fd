/* Configurations on disk while a sample's parts come in: a store takes one set at a time, several
 * self-couplings want each configuration in several sets. */
#ifndef FIXLAND_ENUMERATE_SPOOL_H
#define FIXLAND_ENUMERATE_SPOOL_H

#include <stdint.h>
#include <stdio.h>

#include "fixland/status.h"

typedef struct spool {
    FILE *file; /* temporary, without a name */
    uint64_t *spins;
    uint8_t *levels;
    size_t room;
} spool;

fl_status spool_start(spool *s); /* empty again */
fl_status spool_add(spool *s, const uint64_t *spins, const uint8_t *levels, size_t count,
                    size_t words);

/* From the beginning; then pieces as they were added, *count = 0 at the end. */
fl_status spool_rewind(spool *s);
fl_status spool_next(spool *s, size_t words, size_t *count);

void spool_clear(spool *s);

#endif
