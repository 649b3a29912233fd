/* Diameters of clusters and distances to the nearest neighbour: see clusters.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/clusters.h"
#include "fixland/replicas.h"
#include "fixland/spins.h"
#include "src/kernel/popcount_distances.h"

enum { CHUNK = 2048, STARTS = 8, NEAREST_TASK = 64 };

/* The members of one cluster, one after another. */
typedef struct members {
    const uint64_t *spins;
    size_t count, n, words;
} members;

/* Largest distance from `query`, and to which member. */
static size_t farthest(const members *m, size_t query, size_t *to) {
    uint16_t distances[CHUNK];
    fl_popcount_distances *measure = fl_popcount_distances_choose();
    size_t best = 0;
    *to = query;
    for (size_t first = 0; first < m->count; first += CHUNK) {
        size_t some = m->count - first < CHUNK ? m->count - first : CHUNK;
        measure(m->spins + query * m->words, m->spins + first * m->words, some, m->words,
                distances);
        for (size_t k = 0; k < some; k++)
            if (distances[k] > best) {
                best = distances[k];
                *to = first + k;
            }
    }
    return best;
}

/* From each of several starts to the farthest member, and on while that gains. */
static size_t lower_bound(const members *m) {
    size_t best = 0;
    for (size_t s = 0; s < STARTS; s++) {
        size_t at = s * m->count / STARTS, to, distance, before = 0;
        while ((distance = farthest(m, at, &to)) > before) {
            before = distance;
            at = to;
        }
        best = before > best ? before : best;
    }
    return best;
}

/* The number of neurons that are not the same in all members. */
static size_t varying(const members *m) {
    size_t sum = 0;
    for (size_t w = 0; w < m->words; w++) {
        uint64_t differ = 0;
        for (size_t k = 1; k < m->count; k++)
            differ |= m->spins[k * m->words + w] ^ m->spins[w];
        sum += (size_t)__builtin_popcountll(differ);
    }
    return sum;
}

static fl_status exact(const members *m, const fl_effort *effort, uint64_t *pairs,
                       size_t *diameter) {
    FL_CHECK(fl_pairs(m->spins, m->count, m->n, effort, pairs));
    *diameter = m->n;
    while (*diameter && !pairs[*diameter])
        --*diameter;
    return FL_OK;
}

/* Bounds first: they often meet. */
static fl_status diameter(const members *m, size_t limit, const fl_effort *effort, uint64_t *pairs,
                          size_t *value, bool *bounded) {
    *bounded = false;
    *value = lower_bound(m);
    if (*value == varying(m))
        return FL_OK;
    if (m->count <= limit)
        return exact(m, effort, pairs, value);
    *bounded = true;
    return FL_OK;
}

/* The configurations in the order of their clusters; start[k]: where cluster k begins. */
static void gather_members(const fl_clusters *c, const uint64_t *spins, size_t words,
                           uint64_t *sorted, size_t *start) {
    size_t sum = 0;
    for (size_t k = 0; k < c->count; k++) {
        start[k] = sum;
        sum += c->size[k];
    }
    for (size_t k = 0; k < c->points; k++)
        memcpy(sorted + start[c->label[k]]++ * words, spins + k * words, words * sizeof *sorted);
    for (size_t k = 0; k < c->count; k++)
        start[k] -= c->size[k];
}

static fl_status all_diameters(const fl_clusters *c, const uint64_t *sorted, const size_t *start,
                               size_t n, size_t limit, const fl_effort *effort, uint64_t *pairs,
                               fl_diameters *d) {
    double sum = 0;
    for (size_t k = 0; k < c->count; k++) {
        size_t value, words = fl_spins_words(n);
        bool bounded;
        members m = {sorted + start[k] * words, c->size[k], n, words};
        if (m.count < 2)
            continue;
        FL_CHECK(diameter(&m, limit, effort, pairs, &value, &bounded));
        sum += (double)value;
        d->clusters++;
        d->bounded += bounded;
    }
    d->mean = d->clusters ? sum / (double)d->clusters : NAN;
    return FL_OK;
}

fl_status fl_clusters_diameters(const fl_clusters *c, const uint64_t *spins, size_t n, size_t limit,
                                const fl_effort *effort, fl_diameters *diameters) {
    size_t words = fl_spins_words(n);
    uint64_t *sorted = malloc((c->points * words + 1) * sizeof *sorted);
    uint64_t *pairs = malloc((n + 1) * sizeof *pairs);
    size_t *start = malloc((c->count + 1) * sizeof *start);
    fl_status status = FL_OK;
    *diameters = (fl_diameters){.mean = NAN};
    if (!sorted || !pairs || !start)
        status = fl_fail(FL_ENOMEM, "out of memory for the diameters of %zu clusters", c->count);
    if (status == FL_OK) {
        gather_members(c, spins, words, sorted, start);
        status = all_diameters(c, sorted, start, n, limit, effort, pairs, diameters);
    }
    free(sorted);
    free(pairs);
    free(start);
    return status;
}

typedef struct nearest {
    members all;
    size_t used;
    uint64_t sum;
} nearest;

static uint64_t nearest_of(const members *m, size_t query) {
    uint16_t distances[CHUNK], best = UINT16_MAX;
    fl_popcount_distances *measure = fl_popcount_distances_choose();
    for (size_t first = 0; first < m->count; first += CHUNK) {
        size_t some = m->count - first < CHUNK ? m->count - first : CHUNK;
        measure(m->spins + query * m->words, m->spins + first * m->words, some, m->words,
                distances);
        if (query >= first && query < first + some)
            distances[query - first] = UINT16_MAX;
        for (size_t k = 0; k < some; k++)
            best = distances[k] < best ? distances[k] : best;
    }
    return best;
}

static fl_status nearest_work(uint64_t task, void *context, fl_result *result) {
    const nearest *n = context;
    uint64_t *sum = calloc(1, sizeof *sum);
    if (!sum)
        return fl_fail(FL_ENOMEM, "out of memory for distances");
    *result = (fl_result){sum, sizeof *sum};
    for (size_t k = task * NEAREST_TASK; k < (task + 1) * NEAREST_TASK && k < n->used; k++)
        *sum += nearest_of(&n->all, (size_t)((unsigned __int128)k * n->all.count / n->used));
    return FL_OK;
}

static fl_status nearest_emit(uint64_t task, void *context, const void *data, size_t length) {
    nearest *n = context;
    uint64_t sum;
    (void)task;
    memcpy(&sum, data, length);
    n->sum += sum;
    return FL_OK;
}

fl_status fl_nearest_distance(const uint64_t *spins, size_t count, size_t n, double budget,
                              const fl_effort *effort, double *mean, size_t *used) {
    nearest x = {.all = {spins, count, n, fl_spins_words(n)}, .used = count};
    *mean = NAN;
    *used = 0;
    if (count < 2)
        return FL_OK;
    if ((double)count * (double)count > budget)
        x.used = (size_t)fmax(1, budget / (double)count);
    fl_replicas loop = {.tasks = (x.used + NEAREST_TASK - 1) / NEAREST_TASK,
                        .effort = fl_effort_within(effort, effort->threads),
                        .context = &x,
                        .work = nearest_work,
                        .emit = nearest_emit};
    FL_CHECK(fl_replicas_run(&loop));
    *used = x.used;
    *mean = (double)x.sum / (double)x.used;
    return FL_OK;
}
