/* Results of tasks as bytes: see pieces.h. */
#include "mc/enumerate/pieces.h"

#include <stdlib.h>
#include <string.h>

static size_t length_of(size_t jd_count, size_t words, size_t kept) {
    return (jd_count + 2 + kept * words) * sizeof(uint64_t) + kept;
}

fl_status piece_pack(const hits *found, uint64_t nodes, size_t jd_count, size_t words,
                     fl_result *result) {
    size_t length = length_of(jd_count, words, found->count);
    uint64_t *head = malloc(length), *spins = head + jd_count + 2;
    if (!head)
        return fl_fail(FL_ENOMEM, "out of memory for %zu fixed points", found->count);
    uint8_t *levels = (uint8_t *)(spins + found->count * words);
    for (size_t k = 0; k < jd_count; k++)
        head[k] = 2 * found->by_level[k] + (k ? head[k - 1] : 0);
    head[jd_count] = found->count;
    head[jd_count + 1] = nodes;
    for (size_t k = 0; k < found->count; k++) {
        memcpy(spins + k * words, found->list[k].spins, words * sizeof *spins);
        levels[k] = found->list[k].level;
    }
    *result = (fl_result){head, length};
    return FL_OK;
}

fl_status piece_unpack(const void *data, size_t length, size_t jd_count, size_t words, bool keep,
                       piece *p) {
    const uint64_t *head = data;
    if (length < length_of(jd_count, words, 0) ||
        length != length_of(jd_count, words, (size_t)head[jd_count]))
        return fl_fail(FL_EMISMATCH,
                       "the checkpoint holds a record of %zu bytes, another shape than this run's "
                       "results",
                       length);
    if (keep && 2 * head[jd_count] != head[jd_count - 1])
        return fl_fail(FL_EMISMATCH, "the checkpoint was written by a run that did not keep the "
                                     "fixed points, only their number");
    const uint64_t *spins = head + jd_count + 2;
    size_t kept = (size_t)head[jd_count];
    *p = (piece){.counts = head,
                 .nodes = head[jd_count + 1],
                 .kept = keep ? kept : 0,
                 .spins = spins,
                 .levels = (const uint8_t *)(spins + kept * words)};
    return FL_OK;
}

void gathering_start(gathering *g, size_t words) {
    memset(g->counts, 0, sizeof g->counts);
    g->kept = 0;
    g->words = words;
}

/* Room for words of the largest size, so that sizes may change. */
static fl_status grow_pieces(gathering *g, size_t room) {
    uint64_t *spins = realloc(g->spins, 2 * room * sizeof *spins);
    if (spins)
        g->spins = spins;
    uint8_t *levels = realloc(g->levels, room);
    if (levels)
        g->levels = levels;
    if (!spins || !levels)
        return fl_fail(FL_ENOMEM, "out of memory for %zu fixed points", room);
    g->room = room;
    return FL_OK;
}

fl_status gathering_keep(gathering *g, const piece *p) {
    if (g->kept + p->kept > g->room)
        FL_CHECK(grow_pieces(g, 2 * (g->kept + p->kept)));
    if (p->kept) {
        memcpy(g->spins + g->kept * g->words, p->spins, p->kept * g->words * sizeof *p->spins);
        memcpy(g->levels + g->kept, p->levels, p->kept);
    }
    g->kept += p->kept;
    return FL_OK;
}

void gathering_clear(gathering *g) {
    free(g->spins);
    free(g->levels);
    *g = (gathering){0};
}
