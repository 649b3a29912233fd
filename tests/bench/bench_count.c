/* Proposed spin flips a second of the Metropolis kernel against N, on one core, beside a plain C
 * loop that does the same for one replica at a time (float fields, contiguous columns, the change
 * of energy summed over neurons, the compiler's vectors), in the same run and at the same
 * temperatures; then a whole estimate.
 *
 *   plain     proposals a second of the plain loop
 *   kernel    of the chosen kernel, summed over its 32 lanes, and how many times as many
 *   ns/N      nanoseconds of the kernel for a proposal, over N
 *
 *   bench_count [largest N, 512 by default] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "fixland/count.h"
#include "fixland/kernel.h"
#include "mc/count/population.h"
#include "tests/bench/bench.h"

static const double least_seconds = 0.3;

/* One replica in floats. */
typedef struct plain {
    size_t n;
    float *columns, *field, *spin; /* column k: J_ik, J_D on the diagonal */
    double energy, inverse;
    uint64_t state;
} plain;

static double uniform(plain *p) {
    p->state = p->state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return ((double)(p->state >> 11) + 0.5) * 0x1p-53;
}

static float energy_after(const plain *p, const float *column, float change, float *lane) {
    for (size_t l = 0; l < 16; l++)
        lane[l] = 0;
    size_t i = 0;
    for (; i + 16 <= p->n; i += 16)
        for (size_t l = 0; l < 16; l++) {
            float a = p->spin[i + l] * (p->field[i + l] + change * column[i + l]);
            lane[l] += a < 0 ? -a : 0;
        }
    for (; i < p->n; i++) {
        float a = p->spin[i] * (p->field[i] + change * column[i]);
        lane[0] += a < 0 ? -a : 0;
    }
    float sum = 0;
    for (size_t l = 0; l < 16; l++)
        sum += lane[l];
    return sum;
}

static void plain_sweep(plain *p) {
    float lane[16];
    for (size_t k = 0; k < p->n; k++) {
        const float *column = p->columns + k * p->n;
        float change = -2 * p->spin[k];
        p->spin[k] = -p->spin[k];
        double after = energy_after(p, column, change, lane);
        if (log(uniform(p)) > -p->inverse * (after - p->energy)) {
            p->spin[k] = -p->spin[k];
            continue;
        }
        for (size_t i = 0; i < p->n; i++)
            p->field[i] += change * column[i];
        p->energy = after;
    }
}

static plain plain_make(const fl_network *network, double jd, double inverse) {
    size_t n = network->n;
    plain p = {.n = n, .inverse = inverse, .state = 1};
    p.columns = malloc(n * n * sizeof *p.columns);
    p.field = calloc(n, sizeof *p.field);
    p.spin = malloc(n * sizeof *p.spin);
    if (!p.columns || !p.field || !p.spin)
        bench_stop_on("bench_count", fl_fail(FL_ENOMEM, "out of memory"));
    for (size_t k = 0; k < n; k++) {
        p.spin[k] = uniform(&p) < 0.5 ? -1 : 1;
        for (size_t i = 0; i < n; i++) {
            p.columns[k * n + i] = (float)(i == k ? jd : network->J[i * n + k]);
            p.field[i] += p.spin[k] * p.columns[k * n + i];
        }
    }
    for (size_t i = 0; i < n; i++)
        p.energy += fmax(0, -(double)(p.spin[i] * p.field[i]));
    return p;
}

static double plain_rate(const fl_network *network, double jd, double inverse) {
    plain p = plain_make(network, jd, inverse);
    double sweeps = 0, begin, end;
    for (int k = 0; k < 20; k++)
        plain_sweep(&p);
    begin = bench_cpu();
    do {
        for (int k = 0; k < 20; k++)
            plain_sweep(&p);
        sweeps += 20;
        end = bench_cpu();
    } while (end - begin < least_seconds);
    free(p.columns);
    free(p.field);
    free(p.spin);
    return sweeps * (double)network->n / (end - begin);
}

static double kernel_rate(const fl_network *network, double jd, double inverse) {
    model m;
    population p;
    double sweeps = 0, begin, end;
    bench_stop_on("bench_count", model_make(&m, network, jd));
    bench_stop_on("bench_count",
                  population_make(&p, &m, false, 4, fl_rng_stream(1, FL_PURPOSE_TEST, 0, 0)));
    p.at = inverse / m.unit;
    population_sweep(&p, 20);
    begin = bench_cpu();
    do {
        population_sweep(&p, 5);
        sweeps += 5;
        end = bench_cpu();
    } while (end - begin < least_seconds);
    double rate = sweeps * (double)(p.replicas * m.n) / (end - begin);
    population_clear(&p);
    count_model_clear(&m);
    return rate;
}

static fl_network draw(size_t n) {
    fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    fl_network network;
    bench_stop_on("bench_count", fl_network_draw(&network, &ensemble, n, 1, 0));
    return network;
}

static void estimate(size_t n, double jd, fl_count_method method) {
    fl_network network = draw(n);
    fl_count_plan plan = {.method = method, .jd = jd, .population = 5000, .sweeps = 10, .seed = 1};
    fl_count_estimate e;
    double begin = bench_cpu();
    bench_stop_on("bench_count", fl_count(&network, &plan, &e, NULL));
    double seconds = bench_cpu() - begin;
    printf("%6zu %5g %8s %7.2f s   ln count %9.4f +- %.4f   %5.0f steps   error^2 x s %.2g\n", n,
           jd, fl_count_method_name(method), seconds, e.log_count, e.error, (double)e.steps,
           e.error * e.error * seconds);
    fl_network_clear(&network);
}

int main(int argc, char **argv) {
    static const size_t sizes[] = {20, 32, 64, 128, 256, 512};
    size_t largest = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : 512;
    printf("proposed flips a second on one core, kernel %s, J_D = 0.3\n", fl_kernel_name());
    printf("%6s %12s %10s %10s %6s %8s\n", "N", "1/T [1/field]", "plain", "kernel", "", "ns/N");
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (int cold = 0; cold < 2 && sizes[k] <= largest; cold++) {
            fl_network network = draw(sizes[k]);
            double inverse = cold ? 20 : 2;
            double slow = plain_rate(&network, 0.3, inverse);
            double fast = kernel_rate(&network, 0.3, inverse);
            printf("%6zu %12g %10.4g %10.4g %5.1fx %8.3f\n", sizes[k], inverse, slow, fast,
                   fast / slow, 1e9 / fast / (double)sizes[k]);
            fflush(stdout);
            fl_network_clear(&network);
        }
    printf("a count with a population of 5000\n");
    for (int k = 0; k < 4; k++)
        estimate(k < 2 ? 64 : 128, 0.5, k % 2 ? FL_COUNT_SPLIT : FL_COUNT_ANNEAL);
    return 0;
}
