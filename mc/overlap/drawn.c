/* Fixed points enumerated on the spot: see drawn.h. Sample k of a seed is the network of
 * fl-enumerate. */
#include "mc/overlap/drawn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/enumerate.h"
#include "fixland/spins.h"

struct drawn {
    uint64_t seed, samples;
    fl_ensemble ensemble;
    const int64_t *n;
    const double *jd; /* as asked for */
    size_t n_count, jd_count;
    double sorted[255];
    uint8_t rank[255]; /* of jd[k] in `sorted`, the last of equal ones */
};

/* What a network has: configurations with their levels (enumerate.h). */
typedef struct found {
    uint64_t *spins;
    uint8_t *levels;
    size_t count, room, words;
} found;

static const int64_t default_n = 20;
static const double default_jd = 0.3;

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void rank(drawn *d) {
    memcpy(d->sorted, d->jd, d->jd_count * sizeof *d->sorted);
    qsort(d->sorted, d->jd_count, sizeof *d->sorted, ascending);
    for (size_t k = 0; k < d->jd_count; k++)
        for (size_t r = 0; r < d->jd_count; r++)
            if (d->sorted[r] == d->jd[k])
                d->rank[k] = (uint8_t)r;
}

fl_status drawn_new(drawn **result, uint64_t seed, const source_settings *s) {
    if (s->jd.count > 255)
        return fl_fail(FL_EINVAL, "%zu self-couplings in one run; at most 255 are possible",
                       s->jd.count);
    drawn *d = calloc(1, sizeof *d);
    if (!d)
        return fl_fail(FL_ENOMEM, "out of memory for the plan of an enumeration");
    *d = (drawn){.seed = seed,
                 .samples = s->samples ? (uint64_t)s->samples : 1,
                 .ensemble = fl_ensemble_from(&s->ensemble),
                 .n = s->n.count ? s->n.values : &default_n,
                 .n_count = s->n.count ? s->n.count : 1,
                 .jd = s->jd.count ? s->jd.values : &default_jd,
                 .jd_count = s->jd.count ? s->jd.count : 1};
    rank(d);
    *result = d;
    return FL_OK;
}

void drawn_free(drawn *d) {
    free(d);
}

uint64_t drawn_tasks(const drawn *d) {
    return d->n_count * d->samples;
}

static fl_status keep(void *context, const uint64_t *spins, const uint8_t *levels, size_t count) {
    found *f = context;
    if (f->count + count > f->room) {
        size_t room = 2 * (f->count + count);
        uint64_t *more_spins = realloc(f->spins, room * f->words * sizeof *more_spins);
        f->spins = more_spins ? more_spins : f->spins;
        uint8_t *more_levels = realloc(f->levels, room);
        f->levels = more_levels ? more_levels : f->levels;
        if (!more_spins || !more_levels)
            return fl_fail(FL_ENOMEM, "out of memory for %zu fixed points", room);
        f->room = room;
    }
    memcpy(f->spins + f->count * f->words, spins, count * f->words * sizeof *spins);
    memcpy(f->levels + f->count, levels, count);
    f->count += count;
    return FL_OK;
}

/* The configurations at self-coupling k with their mirror images, into `spins`. */
static size_t select_level(const drawn *d, const found *f, size_t k, size_t n, uint64_t *spins) {
    size_t count = 0, w = f->words;
    for (size_t j = 0; j < f->count; j++) {
        if (f->levels[j] > d->rank[k])
            continue;
        memcpy(spins + count * w, f->spins + j * w, w * sizeof *spins);
        memcpy(spins + (count + 1) * w, f->spins + j * w, w * sizeof *spins);
        fl_spins_negate(spins + (count + 1) * w, n);
        count += 2;
    }
    return count;
}

static fl_status hand_over(const drawn *d, const found *f, size_t n, uint64_t sample, void *context,
                           fl_status (*take)(void *, const overlap_set *)) {
    uint64_t *spins = malloc((2 * f->count * f->words + 1) * sizeof *spins);
    fl_status status = FL_OK;
    if (!spins)
        return fl_fail(FL_ENOMEM, "out of memory for %zu fixed points", 2 * f->count);
    for (size_t k = 0; status == FL_OK && k < d->jd_count; k++) {
        const overlap_set set = {.n = n,
                                 .jd = d->jd[k],
                                 .sample = sample,
                                 .count = select_level(d, f, k, n, spins),
                                 .spins = spins};
        status = take(context, &set);
    }
    free(spins);
    return status;
}

fl_status drawn_sets(const drawn *d, uint64_t task, const fl_effort *effort, void *context,
                     fl_status (*take)(void *, const overlap_set *)) {
    fl_network network;
    uint64_t counts[255], sample = task % d->samples;
    size_t n = (size_t)d->n[task / d->samples];
    FL_CHECK(fl_network_draw(&network, &d->ensemble, n, d->seed, sample));
    found f = {.words = fl_spins_words(network.n)};
    fl_enumeration plan = {.jd = d->sorted,
                           .jd_count = d->jd_count,
                           .effort = fl_effort_within(effort, effort->threads),
                           .visit = keep,
                           .context = &f};
    fl_status status = fl_enumerate(&network, &plan, counts);
    if (status == FL_OK)
        status = hand_over(d, &f, network.n, sample, context, take);
    free(f.spins);
    free(f.levels);
    fl_network_clear(&network);
    return status;
}
