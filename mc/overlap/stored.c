/* Sets from stores: see stored.h. */
#include "mc/overlap/stored.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"
#include "fixland/store.h"
#include "src/cli/runs.h"

/* A set and its file; in a pair, its partner's. */
typedef struct place {
    size_t file, other_file;
    const fl_store_set *set, *other;
} place;

struct stored {
    size_t files, count;
    fl_store_reader **readers;
    place *places;
    bool pooled; /* see stored_pool */
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

static bool is(const fl_meta *meta, const char *key, const char *value) {
    const char *text = runs_value(meta, key);
    return text && strcmp(text, value) == 0;
}

/* Sizes, self-couplings and samples that are asked for, and how a table is written. */
#define GRID "n", "jd", "samples", "per-sample", "summary", "version"

/* What may be pooled: networks of one ensemble, drawn from any seeds; given networks, each under its own
 * input; states of any models. */
static const char *const seeds_may[] = {GRID, "seed", NULL},
                         *const networks_may[] = {GRID,    "seed",  "network",     "network_crc32",
                                                  "input", "files", "content of ", NULL},
                         *const origin_may[] = {GRID, "network", NULL},
                         *const origin_of_given_may[] = {GRID, "network", "seed", NULL};
static const runs_rule drawn_pool = {seeds_may, NULL}, given_pool = {networks_may, NULL},
                       drawn_origin = {origin_may, NULL}, given_origin = {origin_of_given_may, NULL};

/* Do two files hold networks of one origin? Where the seed is not told nobody knows, but for one file
 * named twice. */
static bool same_origin(const stored *s, const fl_run *run, size_t a, size_t b) {
    const fl_meta *one = fl_store_meta(s->readers[a]), *two = fl_store_meta(s->readers[b]);
    bool given = fl_meta_get(one, "network_crc32");
    if (strcmp(run->files[a], run->files[b]) == 0)
        return true;
    if (!fl_meta_get(one, "seed") && !given)
        return false;
    return !runs_difference(one, two, given ? &given_origin : &drawn_origin);
}

static int by_sample(const void *a, const void *b) {
    const fl_store_set *x = ((const place *)a)->set, *y = ((const place *)b)->set;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    if (x->jd != y->jd)
        return x->jd < y->jd ? -1 : 1;
    return (x->sample > y->sample) - (x->sample < y->sample);
}

/* `sorted` by_sample. */
static fl_status refuse_twice(const stored *s, const fl_run *run, const place *sorted) {
    for (size_t k = 0; k < s->count; k++)
        for (size_t m = k + 1; m < s->count && by_sample(&sorted[k], &sorted[m]) == 0; m++)
            if (same_origin(s, run, sorted[k].file, sorted[m].file))
                return fl_fail(FL_EMISMATCH,
                               "%s and %s both hold sample %" PRIu64 " of %zu neurons at J_D = %g "
                               "of one seed and ensemble; it would count twice, so leave one out",
                               run->files[sorted[k].file], run->files[sorted[m].file],
                               sorted[k].set->sample, sorted[k].set->n, sorted[k].set->jd);
    return FL_OK;
}

/* What is pooled is a sample of one ensemble, and that only if none of it was left out. */
static fl_status check_runs(const stored *s, const fl_run *run) {
    bool drawn = fl_meta_get(fl_store_meta(s->readers[0]), "ensemble");
    runs_pool runs = {.rule = drawn ? &drawn_pool : &given_pool};
    fl_status status = FL_OK;
    for (size_t k = 0; status == FL_OK && k < s->files; k++)
        status = runs_pool_add(&runs, run->files[k], fl_store_meta(s->readers[k]));
    if (status == FL_OK)
        status = runs_pool_whole(&runs);
    runs_pool_clear(&runs);
    return status;
}

fl_status stored_pool(stored *s, const fl_run *run) {
    FL_CHECK(check_runs(s, run));
    place *sorted = malloc(s->count * sizeof *sorted);
    if (!sorted)
        return fl_fail(FL_ENOMEM, "out of memory for a list of %zu sets", s->count);
    memcpy(sorted, s->places, s->count * sizeof *sorted);
    qsort(sorted, s->count, sizeof *sorted, by_sample);
    fl_status status = refuse_twice(s, run, sorted);
    free(sorted);
    s->pooled = true;
    return status;
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

static uint64_t *room_for(const fl_store_set *set) {
    return malloc(((size_t)set->count * fl_spins_words(set->n) + 1) * sizeof(uint64_t));
}

/* A configuration on its way to its place among others. */
typedef struct visit {
    const uint64_t *spins;
    size_t n;
    double weight;
} visit;

static int visits_in_order(const void *a, const void *b) {
    const visit *x = a, *y = b;
    return fl_spins_compare(x->spins, y->spins, x->n);
}

/* Visits into a set: each configuration once, in ascending order, with the weights of its visits
 * together. *count becomes their number. */
static fl_status make_set(size_t n, size_t *count, uint64_t *spins, double *weights) {
    size_t words = fl_spins_words(n), bytes = words * sizeof *spins, distinct = 0;
    visit *visits = malloc((*count + 1) * sizeof *visits);
    uint64_t *copy = malloc(*count * bytes + 1);
    if (visits && copy) {
        memcpy(copy, spins, *count * bytes);
        for (size_t k = 0; k < *count; k++)
            visits[k] = (visit){copy + k * words, n, weights[k]};
        qsort(visits, *count, sizeof *visits, visits_in_order);
        for (size_t k = 0; k < *count; k++) {
            if (k && visits_in_order(&visits[k - 1], &visits[k]) == 0) {
                weights[distinct - 1] += visits[k].weight;
                continue;
            }
            memcpy(spins + distinct * words, visits[k].spins, bytes);
            weights[distinct++] = visits[k].weight;
        }
        *count = distinct;
    }
    free(visits);
    free(copy);
    return visits && copy ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for %zu visits", *count);
}

/* Are its configurations visits, to be made a set? */
static bool is_of_visits(const stored *s, const place *p) {
    const fl_meta *meta = fl_store_meta(s->readers[p->file]);
    return s->pooled && (is(meta, "store_holds", "visits") || is(meta, "program", "fl-access"));
}

/* `weights` is NULL where all are 1. */
static fl_status read_and_take(stored *s, const place *p, uint64_t *spins, double *weights,
                               uint64_t *other, void *context,
                               fl_status (*take)(void *, const overlap_set *)) {
    size_t count = (size_t)p->set->count;
    FL_CHECK(fl_store_read(s->readers[p->file], p->set, 0, count, spins));
    if (weights)
        FL_CHECK(fl_store_weights(s->readers[p->file], p->set, 0, count, weights));
    if (p->other)
        FL_CHECK(
            fl_store_read(s->readers[p->other_file], p->other, 0, (size_t)p->other->count, other));
    if (is_of_visits(s, p))
        FL_CHECK(make_set(p->set->n, &count, spins, weights));
    const overlap_set set = {.n = p->set->n,
                             .jd = p->set->jd,
                             .sample = p->set->sample,
                             .count = count,
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
    bool weighted = is_of_visits(s, p) || fl_store_weighted(s->readers[p->file], p->set->n);
    double *weights = weighted ? malloc(((size_t)p->set->count + 1) * sizeof *weights) : NULL;
    fl_status status =
        spins && (weights || !weighted) && (other || !p->other)
            ? read_and_take(s, p, spins, weights, other, context, take)
            : fl_fail(FL_ENOMEM, "out of memory for %zu configurations", (size_t)p->set->count);
    free(spins);
    free(other);
    free(weights);
    return status;
}

/* An input from a file is not at hand: no closed forms. */
static bool ensemble_of(const fl_meta *meta, fl_ensemble *e, double *strength) {
    const char *drawn = fl_meta_get(meta, "input-strength");
    char *end = NULL;
    *strength = drawn ? strtod(drawn, &end) : 0;
    return is(meta, "program", "fl-enumerate") && !fl_meta_get(meta, "network") &&
           !fl_meta_get(meta, "input") && (!drawn || (end != drawn && !*end)) &&
           fl_ensemble_from_meta(e, meta) == FL_OK;
}

bool stored_ensemble(const stored *s, fl_ensemble *ensemble, fl_input_field *input) {
    for (size_t k = 0; k < s->files; k++) {
        fl_ensemble e;
        double strength;
        if (!ensemble_of(fl_store_meta(s->readers[k]), &e, &strength))
            return false;
        if (k && (strength != input->strength || e.distribution != ensemble->distribution ||
                  e.variance != ensemble->variance || e.eta != ensemble->eta ||
                  e.dilution != ensemble->dilution || e.modules != ensemble->modules ||
                  e.lambda != ensemble->lambda || e.margin != ensemble->margin))
            return false;
        *ensemble = e;
        input->strength = strength;
    }
    return true;
}
