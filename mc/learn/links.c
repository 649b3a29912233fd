/* Fixed couplings: see links.h. */
#include "mc/learn/links.h"

#include <stdlib.h>

static fl_status links_allocate(links *k, size_t neurons, size_t degree, double strength) {
    *k = (links){.neurons = neurons, .degree = degree, .strength = (float)strength};
    k->source = calloc(neurons * degree, sizeof *k->source);
    k->first = calloc(neurons + 1, sizeof *k->first);
    k->target = calloc(neurons * degree, sizeof *k->target);
    if (k->source && k->first && k->target)
        return FL_OK;
    links_free(k);
    return fl_fail(FL_ENOMEM, "out of memory for %zu couplings a neuron between modules", degree);
}

void links_free(links *k) {
    free(k->source);
    free(k->first);
    free(k->target);
    *k = (links){0};
}

/* Each neuron drives as many. */
static void links_index_reversed(links *k) {
    for (size_t j = 0; j <= k->neurons; j++)
        k->first[j] = (uint32_t)(j * k->degree);
    for (size_t e = 0; e < k->neurons * k->degree; e++)
        k->target[e] = k->source[e];
}

static bool links_are_identity(const links *k) {
    bool same = k->degree == 1;
    for (size_t i = 0; i < k->neurons && same; i++)
        same = k->source[i] == i;
    return same;
}

fl_status links_index(links *k) {
    k->identity = links_are_identity(k);
    if (k->reversed) {
        links_index_reversed(k);
        return FL_OK;
    }
    uint32_t *next = calloc(k->neurons + 1, sizeof *next);
    if (!next)
        return fl_fail(FL_ENOMEM, "out of memory for the couplings between modules");
    for (size_t j = 0; j <= k->neurons; j++)
        k->first[j] = 0;
    for (size_t e = 0; e < k->neurons * k->degree; e++)
        k->first[k->source[e] + 1]++;
    for (size_t j = 0; j < k->neurons; j++)
        next[j + 1] = k->first[j + 1] += k->first[j];
    for (size_t e = 0; e < k->neurons * k->degree; e++)
        k->target[next[k->source[e]]++] = (uint32_t)(e / k->degree);
    free(next);
    return FL_OK;
}

fl_status links_identity(links *k, size_t neurons, double strength) {
    FL_CHECK(links_allocate(k, neurons, 1, strength));
    for (size_t i = 0; i < neurons; i++)
        k->source[i] = (uint32_t)i;
    return links_index(k);
}

/* Sampling by one pass: the next neuron is taken with probability wanted/left. */
static void choose_sources(uint32_t *list, size_t wanted, size_t neurons, fl_rng *rng) {
    for (size_t j = 0, taken = 0; taken < wanted; j++)
        if (fl_rng_below(rng, neurons - j) < wanted - taken)
            list[taken++] = (uint32_t)j;
}

fl_status links_random(links *k, size_t neurons, size_t degree, double strength, bool reversed,
                       fl_rng *rng) {
    FL_CHECK(links_allocate(k, neurons, degree, strength));
    k->reversed = reversed;
    for (size_t i = 0; i < neurons; i++)
        choose_sources(k->source + i * degree, degree, neurons, rng);
    return links_index(k);
}
