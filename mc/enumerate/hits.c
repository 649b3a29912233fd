/* Fixed points found: see hits.h. */
#include "mc/enumerate/hits.h"
#include "src/core/room.h"

#include <stdlib.h>
#include <string.h>

static fl_status keep_hits(hits *h, const uint64_t spins[2], size_t level) {
    if (h->count == h->room) {
        hit *list = room_more(h->list, &h->room, sizeof *list, "fixed points");
        if (!list)
            return FL_ENOMEM;
        h->list = list;
    }
    h->list[h->count++] = (hit){{spins[0], spins[1]}, (uint8_t)level};
    return FL_OK;
}

fl_status hits_add(hits *h, const uint64_t spins[2], size_t level) {
    h->by_level[level]++;
    h->total++;
    return h->keep ? keep_hits(h, spins, level) : FL_OK;
}

static int by_configuration(const void *a, const void *b) {
    const hit *x = a, *y = b;
    int high = (x->spins[1] > y->spins[1]) - (x->spins[1] < y->spins[1]);
    return high ? high : (x->spins[0] > y->spins[0]) - (x->spins[0] < y->spins[0]);
}

enum { DIGIT = 11, DIGITS = 1 << DIGIT };

static size_t digit_of(const hit *h, unsigned shift) {
    return (size_t)(h->spins[0] >> shift) % DIGITS;
}

/* One pass of a stable sort: by the digit at `shift`. */
static void pass_by_digit(const hit *from, size_t count, unsigned shift, hit *to) {
    size_t place[DIGITS] = {0}, sum = 0;
    for (size_t k = 0; k < count; k++)
        place[digit_of(&from[k], shift)]++;
    for (size_t d = 0; d < DIGITS; d++) {
        size_t here = place[d];
        place[d] = sum;
        sum += here;
    }
    for (size_t k = 0; k < count; k++)
        to[place[digit_of(&from[k], shift)]++] = from[k];
}

/* By the digits in which the first words differ. False: no memory, or the second words differ. */
static bool sort_by_digits(hits *h) {
    uint64_t differ = 0, beyond = 0;
    for (size_t k = 0; k < h->count; k++) {
        differ |= h->list[k].spins[0] ^ h->list[0].spins[0];
        beyond |= h->list[k].spins[1] ^ h->list[0].spins[1];
    }
    hit *other = beyond ? NULL : malloc(h->room * sizeof *other);
    for (unsigned shift = 0; other && shift < 64; shift += DIGIT)
        if ((differ >> shift) % DIGITS) {
            hit *sorted = other;
            pass_by_digit(h->list, h->count, shift, sorted);
            other = h->list;
            h->list = sorted;
        }
    free(other);
    return other != NULL;
}

void hits_sort(hits *h) {
    if (h->count < DIGITS || !sort_by_digits(h))
        if (h->count)
            qsort(h->list, h->count, sizeof *h->list, by_configuration);
}

bool hits_equal(const hits *a, const hits *b) {
    if (a->count != b->count || memcmp(a->by_level, b->by_level, sizeof a->by_level) != 0)
        return false;
    for (size_t k = 0; k < a->count; k++)
        if (by_configuration(&a->list[k], &b->list[k]) != 0 || a->list[k].level != b->list[k].level)
            return false;
    return true;
}

void hits_clear(hits *h) {
    free(h->list);
    h->list = NULL;
    h->count = h->room = 0;
}
