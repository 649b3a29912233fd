/* Neighbours within a radius: see fl_neighbours in clusters.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/clusters.h"
#include "fixland/spins.h"
#include "mc/overlap/index.h"
#include "src/kernel/popcount_distances.h"

enum { CHUNK = 2048, POLL = 256 /* configurations between two looks at `stop` */ };

typedef struct job {
    const uint64_t *spins;
    size_t count, n, words, radius;
    const fl_effort *effort;
    void (*visit)(void *context, uint32_t a, uint32_t b);
    void *context;
} job;

static fl_status poll(const job *j, size_t k) {
    if (k % POLL == 0 && fl_effort_stopped(j->effort))
        return fl_fail(FL_STOPPED, "stopped in the search for neighbours");
    return FL_OK;
}

static fl_status brute(const job *j) {
    uint16_t distances[CHUNK];
    fl_popcount_distances *measure = fl_popcount_distances_choose();
    for (size_t a = 0; a + 1 < j->count; a++) {
        FL_CHECK(poll(j, a));
        for (size_t first = a + 1; first < j->count; first += CHUNK) {
            size_t some = j->count - first < CHUNK ? j->count - first : CHUNK;
            measure(j->spins + a * j->words, j->spins + first * j->words, some, j->words,
                    distances);
            for (size_t k = 0; k < some; k++)
                if (distances[k] <= j->radius)
                    j->visit(j->context, (uint32_t)a, (uint32_t)(first + k));
        }
    }
    return FL_OK;
}

/* Distance of two members on one part. */
static size_t part_distance(const job *j, const part *p, uint32_t a, uint32_t b) {
    return part_differences(p, j->spins + a * j->words, j->spins + b * j->words);
}

/* A pair is reported by the first part that finds it. */
static void report(const job *j, const split *s, size_t t, uint32_t a, uint32_t b) {
    if (fl_spins_distance(j->spins + a * j->words, j->spins + b * j->words, j->n) > j->radius)
        return;
    for (size_t earlier = 0; earlier < t; earlier++)
        if (part_distance(j, &s->parts[earlier], a, b) <= s->parts[earlier].flips)
            return;
    j->visit(j->context, a, b);
}

/* Candidates of `a` are the later members of a bucket: every bucket is in ascending order. */
static void scan_bucket(const job *j, const split *s, size_t t, const table *index, uint64_t key,
                        uint32_t a) {
    const part *p = &s->parts[t];
    size_t bucket = table_bucket(index, key);
    for (uint32_t k = index->start[bucket + 1]; k-- > index->start[bucket];) {
        uint32_t b = index->members[k];
        if (b <= a)
            break;
        if (part_key(p, j->spins + b * j->words) == key)
            report(j, s, t, a, b);
    }
}

/* All keys with exactly `flips` bits of positions from..bits-1 changed. */
static void probe(const job *j, const split *s, size_t t, const table *index, uint64_t key,
                  unsigned from, size_t flips, uint32_t a) {
    if (!flips) {
        scan_bucket(j, s, t, index, key, a);
        return;
    }
    for (unsigned bit = from; bit + flips <= s->parts[t].bits; bit++)
        probe(j, s, t, index, key ^ UINT64_C(1) << bit, bit + 1, flips - 1, a);
}

static fl_status search_part(const job *j, const split *s, size_t t, table *index) {
    const part *p = &s->parts[t];
    table_fill(index, p, j->spins, j->count, j->words);
    for (size_t a = 0; a < j->count; a++) {
        FL_CHECK(poll(j, a));
        uint64_t key = part_key(p, j->spins + a * j->words);
        for (size_t flips = 0; flips <= p->flips && flips <= p->bits; flips++)
            probe(j, s, t, index, key, 0, flips, (uint32_t)a);
    }
    return FL_OK;
}

static fl_status indexed(const job *j, const split *s) {
    table index;
    FL_CHECK(table_new(&index, j->count));
    fl_status status = FL_OK;
    for (size_t t = 0; status == FL_OK && t < s->searched; t++)
        status = search_part(j, s, t, &index);
    table_free(&index);
    return status;
}

static void all_pairs(const job *j) {
    for (size_t a = 0; a + 1 < j->count; a++)
        for (size_t b = a + 1; b < j->count; b++)
            j->visit(j->context, (uint32_t)a, (uint32_t)b);
}

static fl_status check_neighbours(size_t count, size_t n) {
    if (n < 1 || n > FL_OVERLAP_NEURONS)
        return fl_fail(FL_EINVAL, "neighbours among configurations of %zu neurons; 1 to %d", n,
                       FL_OVERLAP_NEURONS);
    if (count >= UINT32_MAX - 1)
        return fl_fail(FL_EINVAL, "neighbours among %zu configurations; 2^32 - 2 at most", count);
    return FL_OK;
}

fl_status fl_neighbours(const uint64_t *spins, size_t count, size_t n, size_t radius,
                        fl_search search, const fl_effort *effort,
                        void (*visit)(void *, uint32_t, uint32_t), void *context) {
    FL_CHECK(check_neighbours(count, n));
    job j = {spins, count, n, fl_spins_words(n), radius, effort, visit, context};
    if (radius >= n) {
        all_pairs(&j);
        return FL_OK;
    }
    split s;
    double cost = split_best(&s, count, n, radius);
    if (search == FL_SEARCH_BRUTE || !isfinite(cost) ||
        (search == FL_SEARCH_AUTO && split_brute_cost(count, n) <= cost))
        return brute(&j);
    return indexed(&j, &s);
}
