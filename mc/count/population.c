/* Populations: see population.h. */
#include "mc/count/population.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"

static size_t block_size(const population *p) {
    return p->model->n * FL_LANES;
}

fl_metropolis_block population_block(const population *p, size_t block) {
    size_t size = block_size(p);
    return (fl_metropolis_block){.n = p->model->n,
                                 .columns = p->model->columns,
                                 .stride = p->model->stride,
                                 .field = p->memory + 2 * block * size,
                                 .up = p->memory + (2 * block + 1) * size,
                                 .random = p->random + 4 * block * FL_LANES,
                                 .energy = p->energy + block * FL_LANES};
}

/* Random configurations, a word of the stream for 64 spins; then the generators. */
static void start_population(population *p, size_t block, fl_rng *rng) {
    fl_metropolis_block b = population_block(p, block);
    uint64_t word = 0;
    for (size_t k = 0; k < block_size(p); k++) {
        if (k % 64 == 0)
            word = fl_rng_bits(rng);
        b.up[k] = (int16_t) - (int)(word >> (k % 64) & 1);
    }
    for (size_t k = 0; k < 4 * FL_LANES; k++)
        b.random[k] = (uint32_t)(fl_rng_bits(rng) >> 32);
    for (size_t l = 0; l < FL_LANES; l++)
        b.random[l] |= 1; /* a generator must not be all zero */
    model_fields(p->model, &b);
}

static bool allocate_population(population *p) {
    size_t r = p->replicas, bytes = 2 * r * p->model->n * sizeof *p->memory;
    p->memory = aligned_alloc(64, bytes);
    p->random = malloc(4 * r * sizeof *p->random);
    p->energy = malloc(r * sizeof *p->energy);
    p->family = malloc(r * sizeof *p->family);
    p->weight = malloc(r * sizeof *p->weight);
    p->copies = malloc(r * sizeof *p->copies);
    p->spins = malloc(fl_spins_words(p->model->n) * sizeof *p->spins);
    return p->memory && p->random && p->energy && p->family && p->weight && p->copies && p->spins;
}

fl_status population_make(population *p, const model *m, bool walk, size_t blocks, fl_rng stream) {
    *p = (population){.model = m,
                      .walk = walk,
                      .replicas = blocks * FL_LANES,
                      .blocks = blocks,
                      .kernel = fl_metropolis_choose(),
                      .rng = stream,
                      .at = walk ? INT32_MAX : 0};
    if (!allocate_population(p)) {
        population_clear(p);
        return fl_fail(FL_ENOMEM, "out of memory for %zu replicas of %zu neurons",
                       blocks * FL_LANES, m->n);
    }
    for (size_t b = 0; b < blocks; b++) {
        fl_rng_sub(&stream, b + 1);
        start_population(p, b, &stream);
    }
    for (size_t r = 0; r < p->replicas; r++)
        p->family[r] = (uint32_t)r;
    fl_rng_sub(&p->rng, 0);
    return FL_OK;
}

void population_clear(population *p) {
    free(p->memory);
    free(p->random);
    free(p->energy);
    free(p->family);
    free(p->weight);
    free(p->copies);
    free(p->spins);
    memset(p, 0, sizeof *p);
}

double population_weigh(population *p, double next) {
    double sum = 0;
    int32_t least = INT32_MAX;
    for (size_t r = 0; r < p->replicas; r++)
        least = p->energy[r] < least ? p->energy[r] : least;
    for (size_t r = 0; r < p->replicas; r++) {
        p->weight[r] =
            p->walk ? p->energy[r] <= next : exp(-(next - p->at) * (double)(p->energy[r] - least));
        sum += p->weight[r];
    }
    return log(sum / (double)p->replicas) - (p->walk ? 0 : (next - p->at) * (double)least);
}

/* How often each replica is to be there: differences of floor(R cumulated share + u), the last of
 * those with a weight being given what is left. */
static void count_copies(population *p) {
    double sum = 0, cumulated = 0, u = fl_rng_uniform(&p->rng), all = (double)p->replicas;
    uint32_t before = 0;
    size_t last = 0;
    for (size_t r = 0; r < p->replicas; r++) {
        sum += p->weight[r];
        last = p->weight[r] > 0 ? r : last;
    }
    for (size_t r = 0; r < p->replicas; r++) {
        cumulated += p->weight[r];
        double place = r < last ? fmin(floor(all * (cumulated / sum) + u), all) : all;
        p->copies[r] = (uint32_t)place - before;
        before = (uint32_t)place;
    }
}

static void copy(population *p, size_t to, size_t from) {
    fl_metropolis_block a = population_block(p, to / FL_LANES);
    fl_metropolis_block b = population_block(p, from / FL_LANES);
    for (size_t i = 0; i < p->model->n; i++) {
        a.field[FL_LANES * i + to % FL_LANES] = b.field[FL_LANES * i + from % FL_LANES];
        a.up[FL_LANES * i + to % FL_LANES] = b.up[FL_LANES * i + from % FL_LANES];
    }
    p->energy[to] = p->energy[from];
    p->family[to] = p->family[from];
}

void population_resample(population *p, double next) {
    size_t vacant = 0;
    count_copies(p);
    for (size_t r = 0; r < p->replicas; r++)
        for (uint32_t more = 1; more < p->copies[r]; more++) {
            while (p->copies[vacant])
                vacant++;
            copy(p, vacant++, r);
        }
    p->at = next;
}

double population_sweep(population *p, size_t sweeps) {
    uint64_t accepted = 0;
    fl_metropolis_rule rule = {.sweeps = sweeps, .walk = p->walk};
    if (p->walk)
        rule.ceiling = (int32_t)p->at;
    else
        rule.temperature = (float)(1 / p->at);
    for (size_t b = 0; b < p->blocks; b++) {
        fl_metropolis_block block = population_block(p, b);
        accepted += p->kernel(&block, &rule);
    }
    return (double)accepted / ((double)sweeps * (double)p->model->n * (double)p->replicas);
}

void population_points(population *p, population_take *take, void *context) {
    /* No neuron of a fixed point violates by more than the bound. */
    int32_t most = (int32_t)p->model->n * p->model->bound;
    for (size_t r = 0; r < p->replicas; r++) {
        fl_metropolis_block block = population_block(p, r / FL_LANES);
        if (p->energy[r] > most || !model_is_point(p->model, &block, r % FL_LANES, p->spins))
            continue;
        take(context, p->spins, p->walk ? 1 : exp(p->at * p->energy[r]), r);
    }
}

double population_families(const population *p) {
    double sum = 0, replicas = (double)p->replicas;
    uint32_t *size = p->copies;
    memset(size, 0, p->replicas * sizeof *size);
    for (size_t r = 0; r < p->replicas; r++)
        size[p->family[r]]++;
    for (size_t r = 0; r < p->replicas; r++)
        sum += (double)size[r] * size[r];
    return sum / replicas;
}
