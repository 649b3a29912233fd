/* Sets from stores: see stored.h. */
#include "mc/overlap/stored.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"
#include "fixland/store.h"

/* A set and its file; in a pair, its partner's. */
typedef struct place {
    size_t file, other_file;
    const fl_store_set *set, *other;
} place;

struct stored {
    size_t files, count;
    fl_store_reader **readers;
    place *places;
};

static bool wanted(const source_settings *w, const fl_store_set *set) {
    bool n = !w->n.count, jd = !w->jd.count;
    for (size_t k = 0; k < w->n.count; k++)
        n = n || (size_t)w->n.values[k] == set->n;
    for (size_t k = 0; k < w->jd.count; k++)
        jd = jd || w->jd.values[k] == set->jd;
    return n && jd && (!w->samples || set->sample < (uint64_t)w->samples);
}

static fl_status list_sets(stored *s, size_t file, const source_settings *w) {
    const fl_store_set *sets;
    size_t count;
    FL_CHECK(fl_store_sets(s->readers[file], &sets, &count));
    place *more = realloc(s->places, (s->count + count + 1) * sizeof *more);
    if (!more)
        return fl_fail(FL_ENOMEM, "out of memory for a list of %zu sets", s->count + count);
    s->places = more;
    for (size_t k = 0; k < count; k++)
        if (wanted(w, &sets[k]))
            s->places[s->count++] = (place){.file = file, .set = &sets[k]};
    return FL_OK;
}

fl_status stored_open(stored **result, const fl_run *run, const source_settings *settings) {
    stored *s = calloc(1, sizeof *s);
    fl_status status = FL_OK;
    if (s)
        s->readers = calloc(run->file_count, sizeof *s->readers);
    if (!s || !s->readers)
        status = fl_fail(FL_ENOMEM, "out of memory for %zu stores", run->file_count);
    for (size_t k = 0; status == FL_OK && k < run->file_count; k++, s->files++) {
        status = fl_store_open(&s->readers[k], run->files[k]);
        if (status != FL_OK)
            break;
        status = list_sets(s, k, settings);
    }
    if (status == FL_OK && !s->count)
        status = fl_fail(FL_EUSAGE, "no set of %s%s is of the --n, --jd and --samples asked for",
                         run->files[0], run->file_count > 1 ? " and the other files" : "");
    if (status == FL_OK)
        *result = s;
    else
        stored_close(s);
    return status;
}

void stored_close(stored *s) {
    if (!s)
        return;
    for (size_t k = 0; s->readers && k < s->files; k++)
        fl_store_reader_close(s->readers[k]);
    free(s->readers);
    free(s->places);
    free(s);
}

static const place *partner(const stored *s, const fl_store_set *set, bool same_jd) {
    for (size_t k = 0; k < s->count; k++) {
        const fl_store_set *other = s->places[k].set;
        if (s->places[k].file == 1 && other->n == set->n && other->sample == set->sample &&
            (!same_jd || other->jd == set->jd))
            return &s->places[k];
    }
    return NULL;
}

fl_status stored_pair(stored *s, bool same_jd) {
    place *pairs = malloc(s->count * sizeof *pairs);
    size_t count = 0;
    if (!pairs)
        return fl_fail(FL_ENOMEM, "out of memory for a list of %zu sets", s->count);
    for (size_t k = 0; k < s->count; k++) {
        const place *a = &s->places[k];
        const place *b = a->file == 0 ? partner(s, a->set, same_jd) : NULL;
        if (b)
            pairs[count++] = (place){a->file, b->file, a->set, b->set};
    }
    free(s->places);
    s->places = pairs;
    s->count = count;
    if (!count)
        return fl_fail(FL_EMISMATCH, "the two stores have no set of the same n%s and sample",
                       same_jd ? ", self-coupling" : "");
    return FL_OK;
}

uint64_t stored_tasks(const stored *s) {
    return s->count;
}

/* The HDF5 library is not made for threads: one at a time. */
static fl_status read_set(stored *s, size_t file, const fl_store_set *set, uint64_t *spins,
                          double *weights) {
    static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&one);
    fl_status status = fl_store_read(s->readers[file], set, 0, (size_t)set->count, spins);
    if (status == FL_OK && weights)
        status = fl_store_weights(s->readers[file], set, 0, (size_t)set->count, weights);
    pthread_mutex_unlock(&one);
    return status;
}

static uint64_t *room_for(const fl_store_set *set) {
    return malloc(((size_t)set->count * fl_spins_words(set->n) + 1) * sizeof(uint64_t));
}

static fl_status read_and_take(stored *s, const place *p, uint64_t *spins, double *weights,
                               uint64_t *other, void *context,
                               fl_status (*take)(void *, const overlap_set *)) {
    if (!spins || !weights || (p->other && !other))
        return fl_fail(FL_ENOMEM, "out of memory for %zu configurations", (size_t)p->set->count);
    FL_CHECK(read_set(s, p->file, p->set, spins, weights));
    if (p->other)
        FL_CHECK(read_set(s, p->other_file, p->other, other, NULL));
    const overlap_set set = {.n = p->set->n,
                             .jd = p->set->jd,
                             .sample = p->set->sample,
                             .count = (size_t)p->set->count,
                             .spins = spins,
                             .weights = weights,
                             .other_count = p->other ? (size_t)p->other->count : 0,
                             .other = other};
    return take(context, &set);
}

fl_status stored_sets(stored *s, uint64_t task, void *context,
                      fl_status (*take)(void *, const overlap_set *)) {
    const place *p = &s->places[task];
    uint64_t *spins = room_for(p->set), *other = p->other ? room_for(p->other) : NULL;
    double *weights = malloc(((size_t)p->set->count + 1) * sizeof *weights);
    fl_status status = read_and_take(s, p, spins, weights, other, context, take);
    free(spins);
    free(other);
    free(weights);
    return status;
}

static bool is(const fl_meta *meta, const char *key, const char *value) {
    const char *text = fl_meta_get(meta, key);
    return text && strcmp(text, value) == 0;
}

static bool ensemble_of(const fl_meta *meta, fl_ensemble *e) {
    return is(meta, "program", "fl-enumerate") && !fl_meta_get(meta, "network") &&
           fl_ensemble_from_meta(e, meta) == FL_OK;
}

bool stored_ensemble(const stored *s, fl_ensemble *ensemble) {
    for (size_t k = 0; k < s->files; k++) {
        fl_ensemble e;
        if (!ensemble_of(fl_store_meta(s->readers[k]), &e))
            return false;
        if (k && (e.distribution != ensemble->distribution || e.variance != ensemble->variance ||
                  e.eta != ensemble->eta || e.dilution != ensemble->dilution ||
                  e.modules != ensemble->modules || e.lambda != ensemble->lambda))
            return false;
        *ensemble = e;
    }
    return true;
}
