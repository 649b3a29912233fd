/* What tasks of fl_enumerate_samples hand over, as bytes: also the records of the checkpoint.
 *
 * counts by ascending self-coupling (jd_count words), the number of kept configurations, the nodes of the
 * search, the words of the configurations, their levels (a byte each). */
#ifndef FIXLAND_ENUMERATE_PIECES_H
#define FIXLAND_ENUMERATE_PIECES_H

#include "fixland/replicas.h"
#include "mc/enumerate/hits.h"

typedef struct piece {
    const uint64_t *counts; /* cumulative, mirror images included */
    uint64_t nodes;         /* of the tree; 0 by the Gray code */
    size_t kept;
    const uint64_t *spins;
    const uint8_t *levels;
} piece;

fl_status piece_pack(const hits *found, uint64_t nodes, size_t jd_count, size_t words,
                     fl_result *result);

/* FL_EMISMATCH for bytes of another shape, or without configurations where they are wanted. */
fl_status piece_unpack(const void *data, size_t length, size_t jd_count, size_t words, bool keep,
                       piece *p);

/* Pieces of a sample put together. */
typedef struct gathering {
    uint64_t counts[FL_ENUMERATE_JD_MAX];
    uint64_t *spins;
    uint8_t *levels;
    size_t kept, room, words;
} gathering;

void gathering_start(gathering *g, size_t words);
fl_status gathering_keep(gathering *g, const piece *p);
void gathering_clear(gathering *g);

#endif
