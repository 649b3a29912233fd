/* The other sweeps: uniformly drawn sites, partial and synchronous steps, annealing. */
#include <math.h>

#include "mc/dynamics/walker.h"

static size_t count_candidates(const walker *w) {
    size_t count = 0;
    for (size_t k = 0; k < w->columns->words; k++)
        count += (size_t)__builtin_popcountll(w->candidates[k]);
    return count;
}

/* The candidate of rank `rank`. */
static size_t candidate(const walker *w, size_t rank) {
    size_t k = 0;
    for (size_t here; rank >= (here = (size_t)__builtin_popcountll(w->candidates[k])); k++)
        rank -= here;
    uint64_t rest = w->candidates[k];
    while (rank--)
        rest &= rest - 1;
    return 64 * k + (size_t)__builtin_ctzll(rest);
}

/* Visits until one hits a candidate are geometric; having no memory, what is left of them at the
 * end of a sweep may be drawn anew. */
void walker_site(walker *w) {
    double n = (double)w->columns->n, left = n;
    for (size_t count; (count = count_candidates(w)) > 0;) {
        double miss = 1 - (double)count / n;
        double visits = miss > 0 ? 1 + floor(log(fl_rng_uniform(&w->rng)) / log(miss)) : 1;
        if (visits > left)
            return;
        left -= visits;
        size_t i = candidate(w, fl_rng_below(&w->rng, count));
        if (walker_is_unstable(w, i))
            walker_flip(w, i, NO_NEXT);
    }
}

void walker_partial(walker *w, size_t unstable, double p) {
    size_t chosen = unstable;
    if (p < 1) {
        chosen = 0;
        for (size_t k = 0; k < unstable; k++)
            if ((double)walker_hash(w, w->list[k]) < p * 0x1p64)
                w->list[chosen++] = w->list[k];
    }
    walker_flip_all(w, w->list, chosen);
}

/* Probability of a flip with s f = aligned at temperature t > 0. */
static double flip_probability(double aligned, double t, fl_thermal thermal) {
    if (thermal == FL_METROPOLIS)
        return aligned <= 0 ? 1 : exp(-2 * aligned / t);
    return 1 / (1 + exp(2 * aligned / t));
}

void walker_anneal(walker *w, double temperature, fl_thermal thermal) {
    size_t n = w->columns->n;
    fl_rng_permutation(&w->rng, n, w->list);
    for (size_t k = 0; k < n; k++) {
        size_t i = w->list[k];
        double aligned = (double)walker_aligned(w, i) / w->columns->scale;
        if (fl_rng_uniform(&w->rng) < flip_probability(aligned, temperature, thermal))
            walker_flip(w, i, NO_NEXT);
    }
}
