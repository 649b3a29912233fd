/* See update_order.h. */
#include "mc/learn/update_order.h"

#include "src/kernel/philox.h"

/* Numbers of 32 bits from a stream, many blocks of it at a time. */
typedef struct halves {
    fl_rng *rng;
    fl_philox *blocks;
    size_t at; /* in halves of words */
    uint64_t words[64];
} halves;

enum { HALVES = 2 * 64 };

static uint32_t next_half(halves *x) {
    if (x->at == HALVES) {
        x->blocks(x->rng->key, x->rng->counter, HALVES / 8, x->words);
        x->rng->counter[0] += HALVES / 8;
        x->at = 0;
    }
    uint64_t word = x->words[x->at / 2];
    return (uint32_t)(x->at++ % 2 ? word >> 32 : word);
}

/* Uniform below n, by the upper half of a product; the lower half tells what comes too often. */
static uint32_t half_below(halves *x, uint32_t n) {
    uint64_t product = (uint64_t)next_half(x) * n;
    if ((uint32_t)product < n)
        while ((uint32_t)product < -n % n)
            product = (uint64_t)next_half(x) * n;
    return (uint32_t)(product >> 32);
}

void update_order(fl_rng *rng, size_t hidden, size_t modules, size_t padded, uint32_t *order) {
    halves x = {.rng = rng, .blocks = fl_philox_choose(), .at = HALVES};
    uint32_t count = 0;
    for (size_t m = 0; m < modules; m++)
        for (size_t i = 0; i < hidden; i++, count++) {
            uint32_t j = half_below(&x, count + 1);
            order[count] = order[j];
            order[j] = (uint32_t)(m * padded + i);
        }
    rng->used = 4;
}
