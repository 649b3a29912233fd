/* Asynchronous dynamics beside a plain C program built for this processor (plain.h), on one core,
 * in processor time, in turn.
 *
 * First at the J_D where half of the runs succeed within 1000 sweeps. Runs a second, drawing and
 * columns left out:
 *
 *   plain     the plain program;
 *   together  8 starts a network, which take turns;
 *   alone     one run at a time;
 *   queue     one run at a time, waiting for candidates, as large networks do it;
 *
 * and the whole of fl-access run, five J_D around the first on each network, one start, drawing
 * included (all). Numbers behind a rate: times plain. Then larger networks, flips a second at J_D =
 * 0.38: `shared` is 16 replicas that read each column once for all.
 *
 *   bench_dynamics [seconds a figure, 1 by default] [largest N, 6400 by default] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "fixland/access.h"
#include "fixland/kernel.h"
#include "fixland/spins.h"
#include "mc/dynamics/walker.h"
#include "tests/bench/bench.h"
#include "tests/bench/plain.h"

enum { STARTS = 8, REPLICAS = 16, SWEEPS = 1000, SETS = 5 };

static double least_seconds = 1;

static void *room_for(size_t bytes) {
    void *memory = calloc(1, bytes);
    if (!memory)
        bench_stop_on("bench_dynamics", fl_fail(FL_ENOMEM, "out of memory"));
    return memory;
}

/* Processor seconds, runs and flips of one way. */
typedef struct tally {
    double seconds, runs, flips, fixed;
} tally;

typedef struct bench {
    size_t n;
    double jd;
    plain_rng rng;
    float *J;
    plain_room room;
    uint64_t *spins;
    uint64_t sample;
} bench;

static bench open_bench(size_t n, double jd) {
    return (bench){.n = n,
                   .jd = jd,
                   .rng = plain_seed(n),
                   .J = room_for(n * n * sizeof(float)),
                   .room = {room_for(n * sizeof(float)), room_for(n * sizeof(float)),
                            room_for(n * sizeof(int))},
                   .spins = room_for(REPLICAS * fl_spins_words(n) * sizeof(uint64_t))};
}

static void close_bench(bench *b) {
    free(b->J);
    free(b->room.field);
    free(b->room.spin);
    free(b->room.order);
    free(b->spins);
}

static void run_plain(bench *b, int count, int sweeps, tally *all) {
    double begin = bench_cpu();
    for (int k = 0; k < count; k++) {
        plain_outcome o = plain_async(&b->rng, b->n, b->J, (float)b->jd, sweeps, b->room);
        all->flips += (double)o.flips;
        all->fixed += o.fixed;
        all->runs++;
    }
    all->seconds += bench_cpu() - begin;
}

/* `count` starts, `together` of them at a time; shared: by fl_dynamics_run_shared. */
static void run_library(bench *b, const fl_columns *columns, size_t count, size_t together,
                        bool shared, uint64_t sweeps, tally *all) {
    fl_dynamics plans[REPLICAS];
    fl_outcome outcomes[REPLICAS];
    size_t words = fl_spins_words(b->n);
    for (size_t k = 0; k < count; k++) {
        fl_start_random(b->spins + k * words, b->n, 1, b->sample, k);
        plans[k] = (fl_dynamics){
            .algorithm = FL_ASYNC, .jd = b->jd, .sweeps = sweeps, .seed = 1, .sample = b->sample};
    }
    double begin = bench_cpu();
    if (shared)
        bench_stop_on("bench_dynamics",
                      fl_dynamics_run_shared(columns, plans, count, b->spins, outcomes));
    else
        for (size_t k = 0; k < count; k += together)
            bench_stop_on("bench_dynamics",
                          fl_dynamics_run_many(columns, plans + k, together, b->spins + k * words,
                                               outcomes + k));
    all->seconds += bench_cpu() - begin;
    for (size_t k = 0; k < count; k++) {
        all->flips += (double)outcomes[k].flips;
        all->fixed += outcomes[k].ending == FL_REACHED;
        all->runs++;
    }
}

/* Columns for the queue alone. */
static fl_columns *queue_columns(const fl_network *network, double jd) {
    fl_columns *columns;
    const wide_columns *wide;
    bench_stop_on("bench_dynamics", fl_columns_new(&columns, network, jd));
    bench_stop_on("bench_dynamics", columns_wide(columns, &wide));
    narrow_columns_free(columns->narrow);
    columns->narrow = NULL;
    return columns;
}

enum { PLAIN, TOGETHER, ALONE, QUEUE, WAYS };

static void one_network(bench *b, tally *all) {
    fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    fl_network network;
    fl_columns *columns;
    b->sample++;
    plain_draw(&b->rng, b->n, b->J);
    bench_stop_on("bench_dynamics", fl_network_draw(&network, &ensemble, b->n, 1, b->sample));
    bench_stop_on("bench_dynamics", fl_columns_new(&columns, &network, b->jd));
    fl_columns *queue = queue_columns(&network, b->jd);
    run_plain(b, STARTS, SWEEPS, &all[PLAIN]);
    run_library(b, columns, STARTS, STARTS, false, SWEEPS, &all[TOGETHER]);
    run_library(b, columns, STARTS, 1, false, SWEEPS, &all[ALONE]);
    run_library(b, queue, STARTS, 1, false, SWEEPS, &all[QUEUE]);
    fl_columns_free(queue);
    fl_columns_free(columns);
    fl_network_clear(&network);
}

static fl_status ignore(void *context, const fl_access_result *result) {
    (void)context;
    (void)result;
    return FL_OK;
}

/* Seconds of five J_D on one network of each kind, drawing included, in turn. */
static void whole_runs(bench *b, uint64_t samples, double *plain, double *library) {
    double jd[SETS];
    int64_t n = (int64_t)b->n;
    fl_algorithm async = FL_ASYNC;
    for (int k = 0; k < SETS; k++)
        jd[k] = b->jd + 0.05 * (k - SETS / 2);
    double begin = bench_cpu();
    for (uint64_t s = 0; s < samples; s++) {
        plain_draw(&b->rng, b->n, b->J);
        for (int k = 0; k < SETS; k++)
            (void)plain_async(&b->rng, b->n, b->J, (float)jd[k], SWEEPS, b->room);
    }
    *plain += bench_cpu() - begin;
    fl_access_plan plan = {.networks = {.ensemble = FL_ENSEMBLE_DEFAULT,
                                        .n = &n,
                                        .n_count = 1,
                                        .seed = b->sample,
                                        .samples = samples},
                           .algorithms = &async,
                           .algorithm_count = 1,
                           .jd = jd,
                           .jd_count = SETS,
                           .dynamics = {.sweeps = SWEEPS},
                           .replicas = 1,
                           .effort = {.threads = 1}};
    begin = bench_cpu();
    bench_stop_on("bench_dynamics", fl_access_samples(&plan, NULL, ignore));
    *library += bench_cpu() - begin;
}

/* For scripts/bench-figures. */
static void figure(size_t n, const char *what, double ratio) {
    printf("figure dynamics.%s.async.%zu.%s %.3f\n", fl_kernel_name(), n, what, ratio);
}

static void threshold_line(size_t n, double jd) {
    bench b = open_bench(n, jd);
    tally all[WAYS] = {{0}};
    double rate[WAYS], plain = 0, library = 0;
    while (all[PLAIN].seconds < least_seconds)
        one_network(&b, all);
    uint64_t samples = 1 + (uint64_t)(all[PLAIN].runs / all[PLAIN].seconds * least_seconds / 20);
    for (int k = 0; k < 4; k++)
        whole_runs(&b, samples, &plain, &library);
    for (int w = 0; w < WAYS; w++)
        rate[w] = all[w].runs / all[w].seconds;
    printf("%6zu %5.2f %5.2f %5.2f %9.3g %9.3g %5.2f %9.3g %5.2f %9.3g %5.2f %9.3g %5.2f\n", n, jd,
           all[PLAIN].fixed / all[PLAIN].runs, all[TOGETHER].fixed / all[TOGETHER].runs,
           rate[PLAIN], rate[TOGETHER], rate[TOGETHER] / rate[PLAIN], rate[ALONE],
           rate[ALONE] / rate[PLAIN], rate[QUEUE], rate[QUEUE] / rate[PLAIN],
           4.0 * SETS * (double)samples / library, plain / library);
    figure(n, "together", rate[TOGETHER] / rate[PLAIN]);
    figure(n, "alone", rate[ALONE] / rate[PLAIN]);
    figure(n, "whole", plain / library);
    fflush(stdout);
    close_bench(&b);
}

/* A normal coupling: the library's, of rows of n - 1, and the plain program's polar method, in turn. */
static void drawing_line(size_t n) {
    bench b = open_bench(n, 0);
    fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    double plain = 0, library = 0, couplings = 0;
    for (uint64_t sample = 0; plain < least_seconds / 2; sample++) {
        fl_network network;
        double begin = bench_cpu();
        plain_draw(&b.rng, n, b.J);
        plain += bench_cpu() - begin;
        begin = bench_cpu();
        bench_stop_on("bench_dynamics", fl_network_draw(&network, &ensemble, n, 1, sample));
        library += bench_cpu() - begin;
        couplings += (double)(n * (n - 1));
        fl_network_clear(&network);
    }
    printf("a normal coupling, N = %zu: plain %.1f ns, here %.1f ns, %.2f\n", n,
           1e9 * plain / couplings, 1e9 * library / couplings, plain / library);
    figure(n, "drawing", plain / library);
    close_bench(&b);
}

static void large_line(size_t n) {
    bench b = open_bench(n, 0.38);
    fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    fl_network network;
    fl_columns *columns;
    tally all[WAYS] = {{0}};
    double rate[WAYS];
    plain_draw(&b.rng, n, b.J);
    bench_stop_on("bench_dynamics", fl_network_draw(&network, &ensemble, n, 1, 0));
    bench_stop_on("bench_dynamics", fl_columns_new(&columns, &network, b.jd));
    fl_columns *queue = queue_columns(&network, b.jd);
    for (; all[PLAIN].seconds < least_seconds; b.sample++) {
        run_plain(&b, 2, 100, &all[PLAIN]);
        run_library(&b, columns, 2, 1, false, 100, &all[ALONE]);
        run_library(&b, queue, 2, 1, false, 100, &all[QUEUE]);
        run_library(&b, columns, REPLICAS, REPLICAS, n > NARROW_MOST, 100, &all[TOGETHER]);
    }
    for (int w = 0; w < WAYS; w++)
        rate[w] = all[w].flips / all[w].seconds;
    printf("%6zu %9.3g %9.3g %5.2f %9.3g %5.2f %9.3g %5.2f\n", n, rate[PLAIN], rate[ALONE],
           rate[ALONE] / rate[PLAIN], rate[QUEUE], rate[QUEUE] / rate[PLAIN], rate[TOGETHER],
           rate[TOGETHER] / rate[PLAIN]);
    figure(n, "many-sweeps", rate[ALONE] / rate[PLAIN]);
    fflush(stdout);
    fl_columns_free(queue);
    fl_columns_free(columns);
    fl_network_clear(&network);
    close_bench(&b);
}

int main(int argc, char **argv) {
    static const size_t n[] = {100, 200, 400, 800}, large[] = {800, 1600, 3200, 6400};
    static const double jd[] = {0.25, 0.38, 0.48, 0.57};
    least_seconds = argc > 1 ? strtod(argv[1], NULL) : 1;
    size_t largest = argc > 2 ? (size_t)strtoull(argv[2], NULL, 10) : 6400;
    printf("runs a second on one core, kernel %s\n", fl_kernel_name());
    printf("%6s %5s %11s %9s %15s %15s %15s %15s\n", "N", "J_D", "success", "plain", "together",
           "alone", "queue", "all, drawn");
    for (int k = 0; k < 4; k++)
        if (n[k] <= largest)
            threshold_line(n[k], jd[k]);
    drawing_line(400);
    printf("flips a second, J_D = 0.38, 100 sweeps\n");
    printf("%6s %9s %15s %15s %15s\n", "N", "plain", "alone", "queue", "16 starts");
    for (int k = 0; k < 4; k++)
        if (large[k] <= largest)
            large_line(large[k]);
    return 0;
}
