/* Message passing: seconds an iteration beside a plain reading of the couplings, and sixteen starts
 * in one pass beside sixteen passes. All are measured in turns in one run, in processor time;
 * medians.
 *
 *   sgemv      J m and J^T g by OpenBLAS, one thread: two passes over J
 *   read       one pass over J that adds up its numbers
 *   amp        an iteration of engine amp, one start; ratio to read and to sgemv
 *   many       the same of sixteen starts in one pass; gain: 16 amp / many
 *   solutions  starts that solve, a second: sixteen together, beside one by one; and their ratio
 *
 *   bench_message [largest N, 2000 by default] */
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fixland/message.h"
#include "fixland/spins.h"
#include "mc/message/amp.h"
#include "tests/bench/bench.h"

void openblas_set_num_threads(int threads);

enum { TURNS = 7 };

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x) {
    qsort(x, TURNS, sizeof *x, by_value);
    return x[TURNS / 2];
}

typedef struct bench {
    couplings c;
    amp one, many;
    float *x, *y;
    volatile float sink;
} bench;

static void step_sgemv(bench *b) {
    int rows = (int)b->c.rows, columns = (int)b->c.a.columns, stride = (int)b->c.a.stride;
    cblas_sgemv(CblasRowMajor, CblasNoTrans, rows, columns, 1, b->c.J, stride, b->x, 1, 0, b->y, 1);
    cblas_sgemv(CblasRowMajor, CblasTrans, rows, columns, 1, b->c.J, stride, b->y, 1, 0, b->x, 1);
}

typedef float eight __attribute__((vector_size(32), may_alias));

#ifdef __x86_64__
__attribute__((target("avx2")))
#endif
static void
step_read(bench *b) {
    eight sum[4] = {{0}};
    size_t count = b->c.rows * b->c.a.stride;
    for (size_t k = 0; k + 32 <= count; k += 32)
        for (int l = 0; l < 4; l++)
            sum[l] += *(const eight *)(b->c.J + k + 8 * (size_t)l);
    b->sink = sum[0][0] + sum[1][1] + sum[2][2] + sum[3][3];
}

static void step_one(bench *b) {
    amp_step(&b->one, false);
    amp_reinforce(&b->one, 0.3);
}

static void step_many(bench *b) {
    amp_step(&b->many, false);
    amp_reinforce(&b->many, 0.3);
}

static double seconds(bench *b, void (*step)(bench *), int times) {
    double start = bench_cpu();
    for (int k = 0; k < times; k++)
        step(b);
    return (bench_cpu() - start) / times;
}

static void bench_steps(size_t n) {
    static void (*const steps[])(bench *) = {step_sgemv, step_read, step_one, step_many};
    double spent[4][TURNS];
    fl_network network;
    const fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    bench b;
    bench_stop_on("bench_message", fl_network_draw(&network, &ensemble, n, 1, 0));
    bench_stop_on("bench_message", couplings_of_network(&b.c, &network, 0.14));
    bench_stop_on("bench_message", amp_open(&b.one, &b.c, 1));
    bench_stop_on("bench_message", amp_open(&b.many, &b.c, AMP_LANES));
    b.one.refresh = b.many.refresh = 4;
    b.x = aligned_floats(b.c.a.stride);
    b.y = aligned_floats(b.c.a.stride);
    for (size_t lane = 0; lane < AMP_LANES; lane++) {
        fl_rng rng = fl_rng_stream(1, FL_PURPOSE_MESSAGES, 0, lane);
        amp_start_random(&b.many, lane, &rng);
        if (lane == 0)
            amp_start_random(&b.one, lane, &rng);
    }
    int times = (int)(4e7 / ((double)n * (double)n)) / 4 * 4 + 4;
    for (int turn = 0; turn < TURNS; turn++)
        for (int k = 0; k < 4; k++)
            spent[k][turn] = seconds(&b, steps[k], k == 3 ? (times + 4) / 8 * 4 + 4 : times);
    double s[4];
    for (int k = 0; k < 4; k++)
        s[k] = median(spent[k]);
    printf("%6zu %10.3g %10.3g %10.3g %6.2f %6.2f %10.3g %6.2f\n", n, s[0], s[1], s[2], s[2] / s[1],
           s[2] / s[0], s[3], 16 * s[2] / s[3]);
    amp_close(&b.one);
    amp_close(&b.many);
    couplings_clear(&b.c);
    free(b.x);
    free(b.y);
    fl_network_clear(&network);
}

/* Solutions of sixteen starts, together or one by one. */
static double solutions(const fl_network *network, double jd, bool together, double *spent) {
    fl_message_plan plan = fl_message_plan_for(FL_MESSAGE_REINFORCED);
    fl_message_outcome outcome;
    uint64_t *spins = calloc(fl_spins_words(network->n), sizeof *spins);
    double start = bench_cpu(), found = 0;
    plan.jd = jd;
    plan.engine = FL_AMP;
    plan.all = together;
    plan.starts = together ? 16 : 1;
    for (uint64_t k = 0; k < (together ? 1 : 16); k++) {
        plan.seed = 1 + k;
        bench_stop_on("bench_message", fl_message_solve(network, &plan, spins, &outcome));
        found += (double)outcome.solutions;
    }
    *spent += bench_cpu() - start;
    free(spins);
    return found;
}

static void bench_solutions(size_t n, double jd, uint64_t networks) {
    const fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    double found[2] = {0}, spent[2] = {0};
    for (uint64_t sample = 0; sample < networks; sample++) {
        fl_network network;
        bench_stop_on("bench_message", fl_network_draw(&network, &ensemble, n, 1, sample));
        for (int together = 0; together < 2; together++)
            found[together] += solutions(&network, jd, together, &spent[together]);
        fl_network_clear(&network);
    }
    double single = found[0] / spent[0], many = found[1] / spent[1];
    printf("%6zu %6.2f %10.3g %10.3g %6.2f\n", n, jd, single, many, many / single);
}

int main(int argc, char **argv) {
    static const size_t sizes[] = {200, 500, 1000, 2000, 5000, 10000};
    size_t most = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 2000;
    openblas_set_num_threads(1);
    printf("# n sgemv[s] read[s] amp[s] amp/read amp/sgemv many[s] gain\n");
    for (size_t k = 0; k < 6 && sizes[k] <= most; k++)
        bench_steps(sizes[k]);
    printf("# n jd single[1/s] together[1/s] ratio\n");
    bench_solutions(200, 0.16, 8);
    if (most >= 1000)
        bench_solutions(1000, 0.16, 1);
    return 0;
}
