/* Pair histograms beside the popcount bound and beside a plain loop; clusters of a million.
 * bench_overlap: in half a minute. bench_overlap million: also all pairs of 1e6 configurations of
 * 48 neurons, with two threads. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "fixland/clusters.h"
#include "fixland/kernel.h"
#include "fixland/spins.h"
#include "tests/bench/bench.h"

#ifdef __x86_64__
#define POPCNT __attribute__((target("popcnt")))
#else
#define POPCNT
#endif

typedef struct problem {
    size_t n, count;
    uint64_t *spins;
    uint64_t pairs[700], total;
} problem;

static void succeed(fl_status status) {
    if (status == FL_OK)
        return;
    fprintf(stderr, "%s\n", fl_message());
    exit(1);
}

static void *memory(size_t bytes) {
    void *p = malloc(bytes);
    if (!p)
        exit(1);
    return p;
}

/* One population count a word of every ordered pair, and nothing done with it but a sum: what any
 * way of looking at each pair with this instruction costs. */
POPCNT static void bound(void *context) {
    problem *p = context;
    size_t words = fl_spins_words(p->n);
    uint64_t sum = 0;
    for (size_t a = 0; a < p->count; a++)
        for (size_t b = 0; b < p->count * words; b += words)
            for (size_t w = 0; w < words; w++)
                sum += (uint64_t)__builtin_popcountll(p->spins[a * words + w] ^ p->spins[b + w]);
    p->total = sum;
}

/* The same with a histogram. */
POPCNT static void plain(void *context) {
    problem *p = context;
    size_t words = fl_spins_words(p->n);
    memset(p->pairs, 0, sizeof p->pairs);
    for (size_t a = 0; a < p->count; a++)
        for (size_t b = 0; b < p->count * words; b += words) {
            size_t d = 0;
            for (size_t w = 0; w < words; w++)
                d += (size_t)__builtin_popcountll(p->spins[a * words + w] ^ p->spins[b + w]);
            p->pairs[d]++;
        }
}

/* All ordered pairs, none saved by symmetry: of one half of the set with the other. */
static void library(void *context) {
    problem *p = context;
    fl_effort effort = {.threads = 1};
    succeed(fl_pairs_between(p->spins, p->count, p->spins, p->count, p->n, &effort, p->pairs));
}

static problem uniform(size_t n, size_t count) {
    problem p = {.n = n, .count = count};
    fl_rng rng = fl_rng_stream(1, FL_PURPOSE_TEST, n, count);
    p.spins = memory(count * fl_spins_words(n) * sizeof *p.spins);
    for (size_t k = 0; k < count; k++)
        fl_spins_random(p.spins + k * fl_spins_words(n), n, &rng);
    return p;
}

static void rates(size_t n) {
    problem p = uniform(n, 8192);
    double ours, other, limit, pairs = (double)p.count * (double)p.count / 1e9;
    bench_pair(library, plain, &p, 3, &ours, &other);
    bench_pair(library, bound, &p, 3, &ours, &limit);
    printf("%4zu %10.2f %10.2f %10.2f %8.2f %8.1f\n", n, pairs / ours, pairs / limit, pairs / other,
           limit / ours, other / ours);
    free(p.spins);
}

/* Half uniform, half walks of one to three flips from earlier members: clusters of all sizes. */
static problem clumped(size_t n, size_t count) {
    problem p = uniform(n, count);
    fl_rng rng = fl_rng_stream(2, FL_PURPOSE_TEST, n, count);
    for (size_t k = 1; k < count; k += 2) {
        p.spins[k] = p.spins[fl_rng_below(&rng, k)];
        for (uint64_t f = 1 + fl_rng_below(&rng, 3); f > 0; f--)
            fl_spins_flip(p.spins + k, (size_t)fl_rng_below(&rng, n));
    }
    return p;
}

static void clusters(const char *kind, problem p, size_t radius, fl_search search) {
    fl_clusters c;
    fl_effort effort = {.threads = 1};
    struct rusage usage;
    double start = bench_now();
    succeed(fl_clusters_find(p.spins, p.count, p.n, radius, search, NULL, &effort, &c));
    double seconds = bench_now() - start;
    getrusage(RUSAGE_SELF, &usage);
    printf("%8s %8zu %4zu %6zu %6s %9zu %9.2f %8.0f\n", kind, p.count, p.n, radius,
           search == FL_SEARCH_BRUTE ? "pairs" : "index", c.count, seconds,
           (double)usage.ru_maxrss / 1024);
    fl_clusters_clear(&c);
}

static void million_pairs(void) {
    problem p = uniform(48, 1000000);
    fl_effort effort = {.threads = 2};
    double start = bench_now();
    succeed(fl_pairs_popcount(p.spins, p.count, p.n, &effort, p.pairs));
    printf("all pairs of 1e6 configurations of 48 neurons, 2 threads: %.1f s\n",
           bench_now() - start);
    free(p.spins);
}

int main(int argc, char **argv) {
    static const size_t sizes[] = {16, 24, 48, 64, 128, 192, 640};
    printf("kernel %s; 1e9 pairs a second, one thread\n", fl_kernel_name());
    printf("   n    library     POPCNT      plain  /POPCNT   /plain\n");
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        rates(sizes[k]);
    printf("     set    count    n radius search  clusters   seconds  peak/MiB\n");
    problem small = clumped(48, 30000), large = clumped(48, 1000000), even = uniform(48, 1000000);
    clusters("clumped", small, 2, FL_SEARCH_BRUTE);
    clusters("clumped", small, 2, FL_SEARCH_INDEX);
    clusters("uniform", even, 2, FL_SEARCH_AUTO);
    for (size_t radius = 1; radius <= 2; radius++)
        clusters("clumped", large, radius, FL_SEARCH_AUTO);
    free(small.spins);
    free(large.spins);
    free(even.spins);
    if (argc > 1 && strcmp(argv[1], "million") == 0)
        million_pairs();
    return 0;
}
