/* Fixed points enumerated on the spot: see drawn.h. Sample k of a seed is the network of
 * fl-enumerate. */
#include "mc/overlap/drawn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/enumerate.h"
#include "fixland/spins.h"

struct drawn {
    fl_sampled sampled; /* its networks */
    const double *jd;   /* as asked for */
    size_t jd_count;
    double sorted[FL_ENUMERATE_JD_MAX];
    uint8_t ranks[FL_ENUMERATE_JD_MAX]; /* of jd[k] in `sorted` */
};

/* What a network has: configurations with their levels (enumerate.h). */
typedef struct found {
    uint64_t *spins;
    uint8_t *levels;
    size_t count, room, words;
} found;

static const int64_t default_n = 20;
static const double default_jd = 0.3, given_jd = 0;

fl_status drawn_new(drawn **result, fl_run *run, const source_settings *s) {
    if (s->jd.count > FL_ENUMERATE_JD_MAX)
        return fl_fail(FL_EINVAL, "%zu self-couplings in one run; at most %d are possible",
                       s->jd.count, FL_ENUMERATE_JD_MAX);
    drawn *d = calloc(1, sizeof *d);
    if (!d)
        return fl_fail(FL_ENOMEM, "out of memory for the plan of an enumeration");
    *d = (drawn){.sampled.networks = {.ensemble = fl_ensemble_from(&s->ensemble),
                                      .n = s->n.count ? s->n.values : &default_n,
                                      .n_count = s->n.count ? s->n.count : 1,
                                      .seed = run->common.seed,
                                      .samples = s->samples ? (uint64_t)s->samples : 1},
                 .jd = s->jd.count       ? s->jd.values
                       : s->network.path ? &given_jd
                                         : &default_jd,
                 .jd_count = s->jd.count ? s->jd.count : 1};
    d->sampled.networks.ensemble.margin = s->margin;
    fl_status status = fl_network_settings_check(&s->network);
    if (status == FL_OK && !s->network.path)
        status = fl_ensemble_settings_check(run, &s->ensemble);
    else if (status == FL_OK)
        status = fl_sampling_given(run, &s->network, FL_ENUMERATE_MAX, &d->sampled.given);
    if (s->network.path)
        d->sampled.networks.given = &d->sampled.given;
    fl_network_take_margin(&d->sampled.given, s->margin);
    if (status == FL_OK)
        status = fl_drive_open(&d->sampled, run, &s->drive);
    fl_jd_ranks(d->jd, d->jd_count, d->sorted, d->ranks);
    if (status == FL_OK)
        *result = d;
    else
        drawn_free(d);
    return status;
}

void drawn_free(drawn *d) {
    if (d)
        fl_sampling_close(&d->sampled);
    free(d);
}

uint64_t drawn_tasks(const drawn *d) {
    return fl_instances_count(&d->sampled.networks);
}

const fl_instances *drawn_networks(const drawn *d) {
    return &d->sampled.networks;
}

static fl_status keep_drawn(void *context, const uint64_t *spins, const uint8_t *levels,
                            size_t count) {
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

static fl_status hand_over_drawn(const drawn *d, const found *f, size_t n, uint64_t sample,
                                 void *context, fl_status (*take)(void *, const overlap_set *)) {
    uint64_t *spins = malloc((2 * f->count * f->words + 1) * sizeof *spins);
    fl_status status = FL_OK;
    bool driven = fl_instances_driven(&d->sampled.networks);
    if (!spins)
        return fl_fail(FL_ENOMEM, "out of memory for %zu fixed points", 2 * f->count);
    for (size_t k = 0; status == FL_OK && k < d->jd_count; k++) {
        size_t count =
            driven ? fl_without_mirrors(f->spins, f->levels, f->count, n, d->ranks[k], spins)
                   : fl_mirror_pairs(f->spins, f->levels, f->count, n, d->ranks[k], spins);
        const overlap_set set = {
            .n = n, .jd = d->jd[k], .sample = sample, .count = count, .spins = spins};
        status = take(context, &set);
    }
    free(spins);
    return status;
}

fl_status drawn_sets(const drawn *d, uint64_t task, const fl_effort *effort, void *context,
                     fl_status (*take)(void *, const overlap_set *)) {
    fl_network network;
    uint64_t counts[FL_ENUMERATE_JD_MAX];
    fl_instance instance = fl_instances_get(&d->sampled.networks, task);
    FL_CHECK(fl_instances_draw(&d->sampled.networks, &instance, &network));
    found f = {.words = fl_spins_words(network.n)};
    fl_enumeration plan = {.jd = d->sorted,
                           .jd_count = d->jd_count,
                           .effort = fl_effort_within(effort, effort->threads),
                           .visit = keep_drawn,
                           .context = &f};
    fl_status status = fl_enumerate(&network, &plan, counts);
    if (status == FL_OK)
        status = hand_over_drawn(d, &f, network.n, instance.sample, context, take);
    free(f.spins);
    free(f.levels);
    fl_network_clear(&network);
    return status;
}
