/* Sets of weighted fixed points: see points.h. */
#include "mc/count/points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"

/* A record: the number of neurons (for the comparison), the bits of the weight, the spins. */
enum { NEURONS, WEIGHT, SPINS };

static size_t record_words(size_t n) {
    return SPINS + fl_spins_words(n);
}

static double weight_of(const uint64_t *record) {
    double weight;
    memcpy(&weight, record + WEIGHT, sizeof weight);
    return weight;
}

static void set_weight(uint64_t *record, double weight) {
    memcpy(record + WEIGHT, &weight, sizeof weight);
}

static fl_status make_room(point_set *p) {
    if (p->count < p->room)
        return FL_OK;
    size_t room = p->room ? 2 * p->room : 256;
    uint64_t *more = realloc(p->records, room * record_words(p->n) * sizeof *more);
    if (!more)
        return fl_fail(FL_ENOMEM, "out of memory for %zu fixed points", room);
    p->records = more;
    p->room = room;
    return FL_OK;
}

/* 64 bits that tell configurations apart (different ones coincide once in 2^64). */
static uint64_t hash(const uint64_t *spins, size_t words) {
    uint64_t x = 0;
    for (size_t w = 0; w < words; w++) {
        x = (x ^ spins[w]) + UINT64_C(0x9E3779B97F4A7C15);
        x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
        x ^= x >> 31;
    }
    return x;
}

fl_status point_set_add(point_set *p, const uint64_t *spins, double weight, size_t replica) {
    size_t words = fl_spins_words(p->n);
    FL_CHECK(make_room(p));
    uint64_t *record = p->records + p->count++ * record_words(p->n);
    record[NEURONS] = p->n;
    memcpy(record + SPINS, spins, words * sizeof *record);
    set_weight(record, weight);
    if (replica < FL_COUNT_MARKS)
        p->mark[p->marks++] = hash(spins, words);
    return FL_OK;
}

static int records_in_order(const void *a, const void *b) {
    const uint64_t *x = a, *y = b;
    return fl_spins_compare(x + SPINS, y + SPINS, x[NEURONS]);
}

/* Equal configurations become one, with the sum of their weights. */
static void merge_points(point_set *p) {
    size_t words = record_words(p->n), to = 0;
    if (p->count == 0)
        return;
    qsort(p->records, p->count, words * sizeof *p->records, records_in_order);
    for (size_t k = 1; k < p->count; k++) {
        uint64_t *last = p->records + to * words, *next = p->records + k * words;
        if (records_in_order(last, next) == 0)
            set_weight(last, weight_of(last) + weight_of(next));
        else
            memmove(p->records + ++to * words, next, words * sizeof *next);
    }
    p->count = to + 1;
}

/* As two arrays; weights times `factor`. */
static fl_status unfold(const point_set *p, double factor, fl_count_points *out) {
    size_t words = fl_spins_words(p->n);
    *out = (fl_count_points){.n = p->n, .count = p->count};
    out->spins = malloc((p->count * words + 1) * sizeof *out->spins);
    out->weights = malloc((p->count + 1) * sizeof *out->weights);
    if (!out->spins || !out->weights) {
        fl_count_points_clear(out);
        return fl_fail(FL_ENOMEM, "out of memory for %zu fixed points", p->count);
    }
    for (size_t k = 0; k < p->count; k++) {
        const uint64_t *record = p->records + k * record_words(p->n);
        memcpy(out->spins + k * words, record + SPINS, words * sizeof *record);
        out->weights[k] = factor * weight_of(record);
    }
    return FL_OK;
}

fl_status point_set_hand_over(point_set *p, fl_count_run *run, fl_count_points *kept) {
    double sum = 0;
    merge_points(p);
    for (size_t k = 0; k < p->count; k++)
        sum += weight_of(p->records + k * record_words(p->n));
    run->distinct = p->count;
    run->marks = p->marks;
    memcpy(run->mark, p->mark, p->marks * sizeof *p->mark);
    return kept ? unfold(p, p->count ? exp(run->log_count) / sum : 1, kept) : FL_OK;
}

void point_set_clear(point_set *p) {
    free(p->records);
    p->records = NULL;
}

void fl_count_points_clear(fl_count_points *points) {
    free(points->spins);
    free(points->weights);
    *points = (fl_count_points){.n = points->n};
}

fl_status point_set_union(fl_count_points *sets, size_t count, double factor,
                          fl_count_points *result) {
    point_set all = {.n = count ? sets[0].n : 0};
    size_t words = fl_spins_words(all.n);
    fl_status status = FL_OK;
    for (size_t s = 0; s < count; s++) {
        for (size_t k = 0; k < sets[s].count && status == FL_OK; k++)
            status =
                point_set_add(&all, sets[s].spins + k * words, sets[s].weights[k], FL_COUNT_MARKS);
        fl_count_points_clear(&sets[s]);
    }
    if (status == FL_OK) {
        merge_points(&all);
        status = unfold(&all, factor, result);
    }
    point_set_clear(&all);
    return status;
}

void point_set_fit(fl_count_points *points, const fl_count_estimate *e) {
    double factor = exp(e->log_count - e->raw);
    for (size_t k = 0; isfinite(factor) && e->log_count > e->raw && k < points->count; k++)
        points->weights[k] *= factor;
}
