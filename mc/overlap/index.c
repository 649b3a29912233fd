/* Parts, splits and tables: see index.h. */
#include "mc/overlap/index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"

/* Up to 64 bits of a configuration from bit `first` on. */
static uint64_t bits_at(const uint64_t *spins, size_t first, size_t bits) {
    size_t word = first / 64, shift = first % 64;
    uint64_t low = spins[word] >> shift;
    if (shift + bits > 64)
        low |= spins[word + 1] << (64 - shift);
    return bits < 64 ? low & ((UINT64_C(1) << bits) - 1) : low;
}

/* The finaliser of splitmix64. */
static uint64_t mix(uint64_t x) {
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

uint64_t part_key(const part *p, const uint64_t *spins) {
    if (p->bits <= 64)
        return bits_at(spins, p->first, p->bits);
    uint64_t key = 0;
    for (size_t done = 0; done < p->bits; done += 64) {
        size_t some = p->bits - done < 64 ? p->bits - done : 64;
        key = mix(key + UINT64_C(0x9E3779B97F4A7C15) + bits_at(spins, p->first + done, some));
    }
    return key;
}

size_t part_differences(const part *p, const uint64_t *a, const uint64_t *b) {
    size_t sum = 0;
    for (size_t done = 0; done < p->bits; done += 64) {
        size_t some = p->bits - done < 64 ? p->bits - done : 64;
        sum += (size_t)__builtin_popcountll(bits_at(a, p->first + done, some) ^
                                            bits_at(b, p->first + done, some));
    }
    return sum;
}

/* Keys within `flips` flips of a key of `bits` bits. */
static double probes(size_t bits, size_t flips) {
    double sum = 0, term = 1;
    for (size_t k = 0; k <= flips && k <= bits; k++) {
        sum += term;
        term *= (double)(bits - k) / (double)(k + 1);
    }
    return sum;
}

/* Measured on one core, in nanoseconds: a lookup in a table beyond the nearest cache, a candidate
 * of a bucket, a comparison of all pairs. */
static const double lookup = 8, candidate = 1.5, comparison = 0.5;

double split_brute_cost(size_t count, size_t n) {
    return comparison * (double)fl_spins_words(n) * (double)count * (double)count / 2;
}

/* Cuts into m parts; the work, if the configurations were uniform. */
static double cut(split *s, size_t m, size_t count, size_t n, size_t radius) {
    size_t rho = radius / m, with_rho = radius % m + 1;
    double work = 0;
    s->searched = rho ? m : with_rho;
    for (size_t t = 0; t < s->searched; t++) {
        part *p = &s->parts[t];
        p->first = t * n / m;
        p->bits = (t + 1) * n / m - p->first;
        p->flips = t < with_rho ? rho : rho - 1;
        if (p->flips && p->bits > 64)
            return INFINITY;
        double bucket = (double)count / 2 * exp2(-fmin(64, (double)p->bits));
        work += (double)count * probes(p->bits, p->flips) * (lookup + candidate * bucket);
    }
    return work;
}

double split_best(split *s, size_t count, size_t n, size_t radius) {
    double best = INFINITY;
    size_t best_m = 0;
    for (size_t m = 1; m <= radius + 1 && m <= n && m <= PARTS; m++) {
        double work = cut(s, m, count, n, radius);
        if (work < best) {
            best = work;
            best_m = m;
        }
    }
    return best_m ? cut(s, best_m, count, n, radius) : INFINITY;
}

fl_status table_new(table *t, size_t count) {
    t->log_buckets = 1;
    while ((size_t)1 << t->log_buckets < count && t->log_buckets < 30)
        t->log_buckets++;
    t->start = malloc((((size_t)1 << t->log_buckets) + 1) * sizeof *t->start);
    t->members = malloc((count + 1) * sizeof *t->members);
    if (t->start && t->members)
        return FL_OK;
    table_free(t);
    return fl_fail(FL_ENOMEM, "out of memory for an index of %zu configurations", count);
}

void table_free(table *t) {
    free(t->start);
    free(t->members);
    t->start = t->members = NULL;
}

/* Counting sort. After the second pass start[h] has moved to the end of bucket h, which is where
 * bucket h + 1 began: one place on. */
void table_fill(table *t, const part *p, const uint64_t *spins, size_t count, size_t words) {
    size_t buckets = (size_t)1 << t->log_buckets;
    memset(t->start, 0, (buckets + 1) * sizeof *t->start);
    for (size_t k = 0; k < count; k++)
        t->start[table_bucket(t, part_key(p, spins + k * words))]++;
    uint32_t sum = 0;
    for (size_t h = 0; h < buckets; h++) {
        uint32_t some = t->start[h];
        t->start[h] = sum;
        sum += some;
    }
    for (size_t k = 0; k < count; k++)
        t->members[t->start[table_bucket(t, part_key(p, spins + k * words))]++] = (uint32_t)k;
    memmove(t->start + 1, t->start, buckets * sizeof *t->start);
    t->start[0] = 0;
}
