/* Hash tables over parts of configurations, for multi-index hashing (clusters.h). */
#ifndef FIXLAND_OVERLAP_INDEX_H
#define FIXLAND_OVERLAP_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "fixland/status.h"

/* Neurons first .. first + bits - 1 of a configuration, looked up with up to `flips` flips. */
typedef struct part {
    size_t first, bits, flips;
} part;

enum { PARTS = 64 };

typedef struct split {
    part parts[PARTS];
    size_t searched; /* parts that have to be looked up; the others find nothing more */
} split;

/* The split of n neurons for that radius with the least estimated work, which is returned in
 * nanoseconds; infinity when no split is possible. */
double split_best(split *s, size_t count, size_t n, size_t radius);

/* The work of comparing all pairs. */
double split_brute_cost(size_t count, size_t n);

/* The bits of a part as a number when there are at most 64 of them, else a hash of them. Equal
 * parts have equal keys. */
uint64_t part_key(const part *p, const uint64_t *spins);

/* On how many neurons of the part a and b differ. */
size_t part_differences(const part *p, const uint64_t *a, const uint64_t *b);

/* Members by the hash of their key: bucket h holds members[start[h] .. start[h+1]-1], ascending. */
typedef struct table {
    uint32_t *start, *members;
    unsigned log_buckets;
} table;

fl_status table_new(table *t, size_t count);
void table_fill(table *t, const part *p, const uint64_t *spins, size_t count, size_t words);
void table_free(table *t);

/* Fibonacci hashing: the high bits of a product with 2^64 / golden ratio. */
static inline size_t table_bucket(const table *t, uint64_t key) {
    return (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> (64 - t->log_buckets));
}

#endif
