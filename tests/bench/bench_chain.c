/* Asynchronous training of a chain (preset hetero-chain, four modules, a quarter of a pattern a
 * neuron) beside a plain C program that does the same: for each neuron in a random order the field
 * summed up from its row, in float; both on one core in the same run, alternately.
 *
 *   fixland, plain   milliseconds of processor time an epoch, median of rounds of ten epochs
 *   learned          pairs with every bit right at the end, in each
 *
 *   bench_chain [largest N, 256 by default] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/learn.h"
#include "fixland/rng.h"
#include "tests/bench/bench.h"

enum { MODULES = 4, ROUNDS = 5, EPOCHS = 10 };

/* The plain program: h and J of all modules. */
typedef struct plain {
    const fl_training *t;
    size_t n;
    float *J, *h; /* modules x n x n; modules x n */
    uint32_t *order;
    fl_rng rng;
} plain;

static plain plain_new(const fl_training *t, size_t n) {
    plain p = {.t = t, .n = n, .rng = fl_rng_stream(1, FL_PURPOSE_TEST, 0, 0)};
    p.J = calloc(MODULES * n * n, sizeof *p.J);
    p.h = calloc(MODULES * n, sizeof *p.h);
    p.order = calloc(MODULES * n, sizeof *p.order);
    if (!p.J || !p.h || !p.order)
        bench_stop_on("bench_chain", fl_fail(FL_ENOMEM, "out of memory"));
    for (size_t e = 0; e < MODULES * n * n; e++)
        p.J[e] = (float)(t->coupling * fl_rng_gauss(&p.rng) / sqrt((double)n));
    for (size_t k = 0; k < MODULES * n; k++)
        p.J[k * n + k % n] = 0;
    return p;
}

static void plain_free(plain *p) {
    free(p->J);
    free(p->h);
    free(p->order);
}

/* Field of neuron i of module m; `right`: with the module after. */
static float plain_field(const plain *p, size_t m, size_t i, const float *x, bool right) {
    size_t n = p->n;
    const float *row = p->J + (m * n + i) * n, *h = p->h + m * n;
    float sum = m == 0 ? (float)p->t->lambda_in * x[i] : (float)p->t->lambda * h[i - n];
    for (size_t j = 0; j < n; j++)
        sum += row[j] * h[j];
    return right && m + 1 < MODULES ? sum + (float)p->t->lambda * h[i + n] : sum;
}

static void plain_relax(plain *p, const float *x, const int8_t *z) {
    size_t n = p->n, most = z ? p->t->taught_sweeps : p->t->inference_sweeps;
    size_t flips = 1;
    for (size_t m = 0; m < MODULES; m++)
        memcpy(p->h + m * n, x, n * sizeof *x);
    for (size_t s = 0; s < most && flips; s++) {
        flips = 0;
        fl_rng_permutation(&p->rng, MODULES * n, p->order);
        for (size_t k = 0; k < MODULES * n; k++) {
            size_t i = p->order[k] % n, m = p->order[k] / n;
            float f = plain_field(p, m, i, x, z != NULL);
            if (z && m + 1 == MODULES)
                f += (float)p->t->lambda_back * z[i];
            float now = f > 0 ? 1 : f < 0 ? -1 : p->h[m * n + i];
            flips += now != p->h[m * n + i];
            p->h[m * n + i] = now;
        }
    }
}

static void plain_learn(plain *p, const float *x) {
    size_t n = p->n;
    float rate = (float)(p->t->rate_J / sqrt((double)n));
    for (size_t k = 0; k < MODULES * n; k++) {
        float *row = p->J + k * n, *h = p->h + k / n * n, own = p->h[k];
        if (own * plain_field(p, k / n, k % n, x, false) > (float)p->t->margin)
            continue;
        for (size_t j = 0; j < n; j++)
            row[j] += rate * own * h[j];
        row[k % n] = 0;
    }
}

static void plain_epoch(plain *p, const fl_dataset *data) {
    for (size_t e = 0; e < data->count; e++) {
        plain_relax(p, data->x + e * p->n, data->z + e * p->n);
        plain_learn(p, data->x + e * p->n);
    }
}

static double plain_recall(plain *p, const fl_dataset *data) {
    size_t right = 0;
    for (size_t e = 0; e < data->count; e++) {
        size_t bits = 0;
        plain_relax(p, data->x + e * p->n, NULL);
        for (size_t i = 0; i < p->n; i++)
            bits += p->h[(MODULES - 1) * p->n + i] * data->z[e * p->n + i] > 0;
        right += bits == p->n;
    }
    return (double)right / (double)data->count;
}

static void line(size_t n) {
    const fl_effort one = {.threads = 1};
    fl_data_spec spec = fl_data_defaults("associations");
    fl_dataset pairs, unused;
    fl_training t;
    fl_learner *l;
    fl_recall recall;
    double seconds[2][ROUNDS];
    spec.features = spec.classes = n;
    spec.train = n / 4;
    spec.test = spec.threads = 1;
    bench_stop_on("bench_chain", fl_data_load(&spec, &pairs, &unused));
    bench_stop_on("bench_chain", fl_training_preset(&t, "hetero-chain"));
    t.hidden = n;
    t.modules = MODULES;
    t.epochs = ROUNDS * EPOCHS;
    bench_stop_on("bench_chain", fl_learner_new(&l, &t, n, n, 1));
    plain p = plain_new(&t, n);
    for (size_t r = 0; r < ROUNDS; r++) {
        fl_epoch seen;
        double begin = bench_cpu();
        for (size_t k = 0; k < EPOCHS; k++)
            bench_stop_on("bench_chain", fl_learner_epoch(l, &pairs, r * EPOCHS + k, &one, &seen));
        seconds[0][r] = (bench_cpu() - begin) / EPOCHS;
        begin = bench_cpu();
        for (size_t k = 0; k < EPOCHS; k++)
            plain_epoch(&p, &pairs);
        seconds[1][r] = (bench_cpu() - begin) / EPOCHS;
    }
    bench_stop_on("bench_chain", fl_learner_recall(l, &pairs, &one, &recall));
    double fast = bench_median(seconds[0], ROUNDS), slow = bench_median(seconds[1], ROUNDS);
    printf("%6zu %12.3f %12.3f %8.1f %10.2f %10.2f\n", n, 1e3 * fast, 1e3 * slow, slow / fast,
           recall.learned, plain_recall(&p, &pairs));
    fflush(stdout);
    plain_free(&p);
    fl_learner_free(l);
    fl_dataset_clear(&pairs);
    fl_dataset_clear(&unused);
}

int main(int argc, char **argv) {
    size_t largest = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : 256;
    printf("an epoch of a chain of %d on one core, asynchronous\n", MODULES);
    printf("%6s %12s %12s %8s %10s %10s\n", "N", "fixland[ms]", "plain[ms]", "ratio", "learned",
           "plain");
    for (size_t n = 32; n <= largest; n *= 2)
        line(n);
    return 0;
}
