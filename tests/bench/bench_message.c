/* Message passing: seconds an iteration beside a plain reading of the couplings, and sixteen starts
 * in one pass beside sixteen passes. All are measured in turns in one run, in processor time;
 * medians.
 *
 *   sgemv      J m and J^T g by OpenBLAS, one thread: two passes over J
 *   read       one pass over J that adds up its numbers
 *   floats     an iteration of engine amp for entropies, couplings in single precision
 *   amp        an iteration of a solver, couplings in 16 bits, one start; ratio to read and to sgemv
 *   many       the same of sixteen starts in one pass; gain: 16 amp / many
 *   solutions  starts that solve, a second: of 16 one by one by a plain program (plain.h: sgemv, the C library's functions), of
 *              64 one by one, and of 64 sixteen at a time; ratios to the one before, and of the last to the first
 *
 *   bench_message [largest N, 2000 by default] */
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fixland/kernel.h"
#include "fixland/message.h"
#include "fixland/spins.h"
#include "mc/message/amp.h"
#include "tests/bench/bench.h"
#include "tests/bench/plain.h"

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
    couplings c, shorts;
    amp floats, one, many;
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

static void step_amp(amp *a) {
    double rho[AMP_LANES];
    for (size_t l = 0; l < AMP_LANES; l++)
        rho[l] = 0.3;
    amp_step(a, false);
    amp_reinforce(a, rho);
}

static void step_floats(bench *b) {
    step_amp(&b->floats);
}

static void step_one(bench *b) {
    step_amp(&b->one);
}

static void step_many(bench *b) {
    step_amp(&b->many);
}

static double seconds(bench *b, void (*step)(bench *), int times) {
    double start = bench_cpu();
    for (int k = 0; k < times; k++)
        step(b);
    return (bench_cpu() - start) / times;
}

/* For scripts/bench-figures. */
static void figure(size_t n, const char *what, double ratio) {
    printf("figure message.%s.%zu.%s %.3f\n", fl_kernel_name(), n, what, ratio);
}

static void bench_steps(size_t n) {
    enum { STEPS = 5 };
    static void (*const steps[STEPS])(bench *) = {step_sgemv, step_read, step_floats, step_one,
                                                  step_many};
    double spent[STEPS][TURNS], s[STEPS];
    fl_network network;
    const fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    bench b;
    bench_stop_on("bench_message", fl_network_draw(&network, &ensemble, n, 1, 0));
    bench_stop_on("bench_message", couplings_of_network(&b.c, &network, 0.14));
    bench_stop_on("bench_message", couplings_of_network(&b.shorts, &network, 0.14));
    bench_stop_on("bench_message", couplings_shorten(&b.shorts));
    bench_stop_on("bench_message", amp_open(&b.floats, &b.c, 1));
    bench_stop_on("bench_message", amp_open(&b.one, &b.shorts, 1));
    bench_stop_on("bench_message", amp_open(&b.many, &b.shorts, AMP_LANES));
    b.floats.refresh = b.one.refresh = b.many.refresh = 4;
    b.x = aligned_floats(b.c.a.stride);
    b.y = aligned_floats(b.c.a.stride);
    for (size_t lane = 0; lane < AMP_LANES; lane++) {
        fl_rng rng = fl_rng_stream(1, FL_PURPOSE_MESSAGES, 0, lane);
        amp_start_random(&b.many, lane, &rng);
        if (lane == 0)
            amp_start_random(&b.one, lane, &rng);
        if (lane == 1)
            amp_start_random(&b.floats, 0, &rng);
    }
    int times = (int)(4e7 / ((double)n * (double)n)) / 4 * 4 + 4;
    for (int turn = 0; turn < TURNS; turn++)
        for (int k = 0; k < STEPS; k++)
            spent[k][turn] = seconds(&b, steps[k], k == 4 ? (times + 4) / 8 * 4 + 4 : times);
    for (int k = 0; k < STEPS; k++)
        s[k] = median(spent[k]);
    figure(n, "read", s[1] / s[3]);
    figure(n, "sgemv", s[0] / s[3]);
    figure(n, "many", 16 * s[3] / s[4]);
    printf("%6zu %10.3g %10.3g %10.3g %10.3g %6.2f %6.2f %10.3g %6.2f\n", n, s[0], s[1], s[2], s[3],
           s[3] / s[1], s[3] / s[0], s[4], 16 * s[3] / s[4]);
    amp_close(&b.floats);
    amp_close(&b.one);
    amp_close(&b.many);
    couplings_clear(&b.c);
    couplings_clear(&b.shorts);
    free(b.x);
    free(b.y);
    fl_network_clear(&network);
}

enum { STARTS = 64 };

/* Solutions of as many starts, sixteen at a time or one by one. */
static double solutions(const fl_network *network, double jd, bool together, double *spent) {
    fl_message_plan plan = fl_message_plan_for(FL_MESSAGE_REINFORCED);
    fl_message_outcome outcome;
    uint64_t *spins = calloc(fl_spins_words(network->n), sizeof *spins);
    double start = bench_cpu(), found = 0;
    plan.jd = jd;
    plan.engine = FL_AMP;
    plan.all = together;
    plan.starts = together ? STARTS : 1;
    for (uint64_t k = 0; k < (together ? 1 : STARTS); k++) {
        plan.seed = 1 + k;
        bench_stop_on("bench_message", fl_message_solve(network, &plan, spins, &outcome));
        found += (double)outcome.solutions;
    }
    *spent += bench_cpu() - start;
    free(spins);
    return found;
}

/* The same of the plain program, of a quarter of the starts. */
static double plain_solutions(const fl_network *network, double jd, double *spent) {
    size_t n = network->n;
    float *J = aligned_floats(n * n), *room = aligned_floats(plain_message_floats(n));
    double found = 0;
    for (size_t k = 0; k < n * n; k++)
        J[k] = (float)network->J[k];
    double start = bench_cpu();
    for (uint64_t k = 0; k < STARTS / 4; k++) {
        plain_rng rng = plain_seed(1 + k);
        found += plain_message(&rng, n, J, (float)jd, 1e-3f, room);
    }
    *spent += bench_cpu() - start;
    free(J);
    free(room);
    return found;
}

static void bench_solutions(size_t n, double jd, uint64_t networks) {
    const fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    double found[3] = {0}, spent[3] = {0};
    for (uint64_t sample = 0; sample < networks; sample++) {
        fl_network network;
        bench_stop_on("bench_message", fl_network_draw(&network, &ensemble, n, 1, sample));
        found[0] += plain_solutions(&network, jd, &spent[0]);
        for (int together = 0; together < 2; together++)
            found[1 + together] += solutions(&network, jd, together, &spent[1 + together]);
        fl_network_clear(&network);
    }
    double rate[3];
    for (int k = 0; k < 3; k++)
        rate[k] = found[k] / spent[k];
    figure(n, "solutions", rate[2] / rate[1]);
    figure(n, "plain", rate[2] / rate[0]);
    printf("%6zu %6.2f %10.3g %10.3g %10.3g %6.2f %6.2f %6.2f\n", n, jd, rate[0], rate[1], rate[2],
           rate[1] / rate[0], rate[2] / rate[1], rate[2] / rate[0]);
}

int main(int argc, char **argv) {
    static const size_t sizes[] = {200, 500, 1000, 2000, 5000, 10000};
    size_t most = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 2000;
    openblas_set_num_threads(1);
    printf("# n sgemv[s] read[s] floats[s] amp[s] amp/read amp/sgemv many[s] gain\n");
    for (size_t k = 0; k < 6 && sizes[k] <= most; k++)
        bench_steps(sizes[k]);
    printf(
        "# n jd plain[1/s] single[1/s] together[1/s] single/plain together/single together/plain\n");
    bench_solutions(200, 0.16, 4);
    for (size_t n = 1000; n <= 2000 && n <= most; n += 1000)
        bench_solutions(n, 0.16, 1);
    return 0;
}
