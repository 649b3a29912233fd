/* Basins and returns: see attractors.h. */
#include "fixland/attractors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"

/* Runs that are handed over together. */
enum { TOGETHER = 64 };

/* -sum w ln w with weights coverage v / reached, each divided by the probability that it is seen at
 * all (Horvitz and Thompson). */
static double entropy_corrected(const uint64_t *visits, size_t count, uint64_t reached,
                                double coverage) {
    double sum = 0;
    for (size_t k = 0; k < count; k++) {
        double w = coverage * (double)visits[k] / (double)reached;
        if (w > 0)
            sum -= w * log(w) / -expm1((double)reached * log1p(-w));
    }
    return sum;
}

static double entropy_error(const uint64_t *visits, size_t count, uint64_t reached) {
    double first = 0, second = 0;
    for (size_t k = 0; k < count; k++) {
        double w = (double)visits[k] / (double)reached;
        first -= w * log(w);
        second += w * log(w) * log(w);
    }
    return sqrt(fmax(0, second - first * first) / (double)reached);
}

fl_basins fl_basins_of(const uint64_t *visits, size_t count, uint64_t starts) {
    fl_basins b = {.starts = starts, .distinct = count, .entropy = NAN, .entropy_error = NAN};
    for (size_t k = 0; k < count; k++) {
        b.reached += visits[k];
        b.once += visits[k] == 1;
        b.twice += visits[k] == 2;
        b.largest = visits[k] > b.largest ? visits[k] : b.largest;
    }
    double once = (double)b.once;
    b.unseen = once > 0 ? once * (once - 1) / (2 * ((double)b.twice + 1)) : 0;
    b.coverage = b.reached ? 1 - once / (double)b.reached : NAN;
    if (b.reached < 2)
        return b;
    /* all seen once: no coverage is left to divide; one visit less keeps the estimate finite */
    double coverage = b.once == b.reached ? 1 / (double)b.reached : b.coverage;
    b.entropy = entropy_corrected(visits, count, b.reached, coverage);
    b.entropy_error = entropy_error(visits, count, b.reached);
    return b;
}

/* Configurations under order: fewer words first, as numbers. */
typedef struct visited {
    const uint64_t *spins;
    size_t n;
    uint64_t visits;
} visited;

static int visited_in_order(const void *a, const void *b) {
    const visited *x = a, *y = b;
    return fl_spins_compare(x->spins, y->spins, x->n);
}

static int by_visits(const void *a, const void *b) {
    const visited *x = a, *y = b;
    if (x->visits != y->visits)
        return x->visits > y->visits ? -1 : 1;
    return visited_in_order(a, b);
}

/* Equal ones are put together, most visited first; returns how many are left. */
static size_t gather_visits(visited *list, size_t count) {
    size_t left = 0;
    qsort(list, count, sizeof *list, visited_in_order);
    for (size_t k = 0; k < count; k++)
        if (left && visited_in_order(&list[left - 1], &list[k]) == 0)
            list[left - 1].visits++;
        else
            list[left++] = list[k];
    qsort(list, left, sizeof *list, by_visits);
    return left;
}

/* Runs starts first .. first + some - 1; those that reach a fixed point are kept in `ends`. */
static fl_status run_starts(const fl_columns *columns, size_t n, const fl_dynamics *plan,
                            uint64_t first, size_t some, uint64_t *spins, uint64_t *ends,
                            size_t *kept) {
    fl_dynamics plans[TOGETHER];
    fl_outcome outcomes[TOGETHER];
    size_t words = fl_spins_words(n);
    for (size_t k = 0; k < some; k++) {
        plans[k] = *plan;
        plans[k].replica = first + k;
        fl_start_random(spins + k * words, n, plan->seed, plan->sample, first + k);
    }
    FL_CHECK(fl_dynamics_run_many(columns, plans, some, spins, outcomes));
    for (size_t k = 0; k < some; k++)
        if (outcomes[k].ending == FL_REACHED)
            memcpy(ends + (*kept)++ * words, spins + k * words, words * sizeof *spins);
    return FL_OK;
}

static fl_status hand_over_attractors(const visited *list, size_t count, size_t words,
                                      uint64_t **visits, uint64_t **points) {
    *visits = calloc(count + 1, sizeof **visits);
    *points = calloc(count * words + 1, sizeof **points);
    if (!*visits || !*points) {
        free(*visits);
        free(*points);
        *visits = *points = NULL;
        return fl_fail(FL_ENOMEM, "out of memory for %zu fixed points", count);
    }
    for (size_t k = 0; k < count; k++) {
        (*visits)[k] = list[k].visits;
        memcpy(*points + k * words, list[k].spins, words * sizeof **points);
    }
    return FL_OK;
}

fl_status fl_basins_visit(const fl_columns *columns, size_t n, const fl_dynamics *plan,
                          uint64_t starts, uint64_t **visits, uint64_t **points, size_t *count) {
    size_t words = fl_spins_words(n), kept = 0;
    uint64_t *spins = calloc(TOGETHER * words, sizeof *spins);
    uint64_t *ends = calloc(starts * words + 1, sizeof *ends);
    visited *list = calloc(starts + 1, sizeof *list);
    *visits = *points = NULL;
    *count = 0;
    fl_status status = spins && ends && list ? FL_OK
                                             : fl_fail(FL_ENOMEM, "out of memory for %llu starts",
                                                       (unsigned long long)starts);
    for (uint64_t first = 0; status == FL_OK && first < starts; first += TOGETHER) {
        size_t some = starts - first < TOGETHER ? (size_t)(starts - first) : TOGETHER;
        status = run_starts(columns, n, plan, first, some, spins, ends, &kept);
    }
    if (status == FL_OK) {
        for (size_t k = 0; k < kept; k++)
            list[k] = (visited){ends + k * words, n, 1};
        *count = gather_visits(list, kept);
        status = hand_over_attractors(list, *count, words, visits, points);
    }
    free(spins);
    free(ends);
    free(list);
    return status;
}

fl_status fl_returns_after(const fl_columns *columns, size_t n, const fl_dynamics *plan,
                           const uint64_t *point, uint64_t which, size_t flips, uint64_t trials,
                           fl_returns *returns) {
    fl_dynamics plans[TOGETHER];
    fl_outcome outcomes[TOGETHER];
    size_t words = fl_spins_words(n);
    if (flips > n)
        return fl_fail(FL_EINVAL, "%zu flips of %zu neurons", flips, n);
    uint64_t *spins = calloc(TOGETHER * words, sizeof *spins);
    if (!spins)
        return fl_fail(FL_ENOMEM, "out of memory for %zu neurons", n);
    *returns = (fl_returns){.trials = trials};
    double overlap = 1 - 2 * (double)flips / (double)n;
    fl_status status = FL_OK;
    for (uint64_t first = 0; status == FL_OK && first < trials; first += TOGETHER) {
        size_t some = trials - first < TOGETHER ? (size_t)(trials - first) : TOGETHER;
        for (size_t k = 0; status == FL_OK && k < some; k++) {
            uint64_t replica = (which * trials + first + k) & UINT32_MAX;
            plans[k] = *plan;
            plans[k].replica = replica;
            memcpy(spins + k * words, point, words * sizeof *spins);
            status =
                fl_start_overlap(spins + k * words, n, overlap, plan->seed, plan->sample, replica);
        }
        if (status == FL_OK)
            status = fl_dynamics_run_many(columns, plans, some, spins, outcomes);
        for (size_t k = 0; status == FL_OK && k < some; k++) {
            returns->reached += outcomes[k].ending == FL_REACHED;
            returns->returned += fl_spins_distance(spins + k * words, point, n) == 0;
            returns->overlap += fl_spins_overlap(spins + k * words, point, n);
        }
    }
    free(spins);
    return status;
}
