/* Flips per second against N, on one core, beside plain C and the bound that memory or cache sets:
 * reading the column of each flip once, as fast as it goes when the next one is known. Columns are
 * those of random neurons; all are measured in one run, in processor time.
 *
 *   read      reads of a column, and the bandwidth: the bound, of which the percentages are;
 *   update    columns added to the fields by the kernel, nothing else (fields are read and
 * written); loop      the same in plain C, floats; sweeps    asynchronous dynamics at J_D = 0.1 in
 * plain C: shuffle, visit, flip; flips     fl_flip with the list of candidates kept; async     the
 * dynamics of the library at J_D = 0.1, one replica; shared    the same with 16 replicas on one
 * network: all their flips together.
 *
 *   bench_dynamics [largest N, 20000 by default] [smallest N] */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "fixland/dynamics.h"
#include "fixland/kernel.h"
#include "mc/dynamics/walker.h"

static const double least_seconds = 0.3;
enum { REPLICAS = 16 };

/* Processor time: other work on the machine takes turns, but does not count. */
static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void stop_on(fl_status status) {
    if (status == FL_OK)
        return;
    fprintf(stderr, "bench_dynamics: %s\n", fl_message());
    exit(1);
}

/* Neurons in random order, the same for all that are compared. */
static size_t next(uint64_t *state, size_t n) {
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (size_t)((*state >> 32) * n >> 32);
}

typedef struct bench {
    const fl_columns *columns;
    walker *w;
    const float *plain;
    float *field;
    volatile uint64_t sink;
} bench;

/* Best reading of column j, with the next one known. */
#ifdef __x86_64__
__attribute__((target("avx2")))
#endif
static void
one_read(bench *b, size_t j, size_t next) {
    const uint64_t *now = (const uint64_t *)column_of(b->columns, j);
    const uint64_t *then = (const uint64_t *)column_of(b->columns, next);
    size_t count = 32 * b->columns->words;
    uint64_t sum[32] = {0}, all = 0;
    for (size_t k = 0; k + 32 <= count; k += 32) {
        for (size_t l = 0; l < 32; l += 8)
            __builtin_prefetch(then + k + l, 0, 2);
        for (size_t l = 0; l < 32; l++)
            sum[l] ^= now[k + l];
    }
    for (size_t l = 0; l < 32; l++)
        all ^= sum[l];
    b->sink ^= all;
}

static void one_plain(bench *b, size_t j, size_t next) {
    size_t n = b->columns->n;
    const float *column = b->plain + j * n;
    float sign = j & 1 ? 2 : -2;
    (void)next;
    for (size_t i = 0; i < n; i++)
        b->field[i] += sign * column[i];
}

static void one_update(bench *b, size_t j, size_t next) {
    const int32_t *column = column_of(b->columns, j), negate = -(int32_t)(j & 1);
    fl_flip_target target = {.field = b->w->field, .next = column_of(b->columns, next)};
    b->w->kernel(&target, b->columns->words, &column, &negate, 1);
}

static void one_flip(bench *b, size_t j, size_t next) {
    walker_flip(b->w, j, next);
}

/* Calls a second. */
static double rate(bench *b, void (*one)(bench *, size_t, size_t)) {
    size_t n = b->columns->n, batch = 1 + 20000000 / (n * 4 + 4000), calls = 0;
    uint64_t state = 1;
    size_t j = 0;
    double begin = now(), end;
    do {
        for (size_t k = 0; k < batch; k++) {
            size_t then = next(&state, n);
            one(b, j, then);
            j = then;
        }
        calls += batch;
        end = now();
    } while (end - begin < least_seconds);
    return (double)calls / (end - begin);
}

/* Flips a second of whole sweeps, after a few that are not timed. */
static double sweeps(const fl_columns *columns, size_t replicas) {
    size_t words = columns->words;
    uint64_t *spins = calloc(replicas * words, sizeof *spins);
    fl_outcome outcomes[REPLICAS];
    double flips = 0, seconds = 0;
    for (uint64_t round = 0; spins && seconds < least_seconds; round++) {
        fl_dynamics plan = {.algorithm = FL_ASYNC, .jd = 0.1, .sweeps = 20, .seed = round + 1};
        for (size_t r = 0; r < replicas; r++)
            fl_start_random(spins + r * words, columns->n, 1, round, r);
        double begin = now();
        stop_on(replicas == 1 ? fl_dynamics_run(columns, &plan, spins, outcomes)
                              : fl_dynamics_run_shared(columns, &plan, replicas, spins, outcomes));
        if (round == 0)
            continue;
        seconds += now() - begin;
        for (size_t r = 0; r < replicas; r++)
            flips += (double)outcomes[r].flips;
    }
    free(spins);
    return flips / seconds;
}

/* Dynamics as one would write them first. */
typedef struct plain_run {
    size_t n;
    const float *columns;
    float *field, *spin;
    uint32_t *order;
    uint64_t state;
} plain_run;

static void plain_start(plain_run *p) {
    for (size_t i = 0; i < p->n; i++) {
        p->order[i] = (uint32_t)i;
        p->spin[i] = next(&p->state, 2) ? 1 : -1;
        p->field[i] = 0;
    }
    for (size_t j = 0; j < p->n; j++)
        for (size_t i = 0; i < p->n; i++)
            p->field[i] += p->spin[j] * p->columns[j * p->n + i];
}

static void plain_shuffle(plain_run *p) {
    for (size_t k = p->n - 1; k > 0; k--) {
        size_t l = next(&p->state, k + 1);
        uint32_t swap = p->order[k];
        p->order[k] = p->order[l];
        p->order[l] = swap;
    }
}

/* Returns the flips. */
static size_t plain_sweep(plain_run *p) {
    size_t flips = 0;
    plain_shuffle(p);
    for (size_t k = 0; k < p->n; k++) {
        size_t i = p->order[k];
        if (p->spin[i] * p->field[i] + 0.1F >= 0)
            continue;
        p->spin[i] = -p->spin[i];
        const float *column = p->columns + i * p->n;
        float change = 2 * p->spin[i];
        for (size_t m = 0; m < p->n; m++)
            p->field[m] += change * column[m];
        flips++;
    }
    return flips;
}

/* Flips a second. */
static double plain_sweeps(bench *b) {
    size_t n = b->columns->n;
    plain_run p = {.n = n, .columns = b->plain, .field = b->field, .state = 1};
    p.spin = malloc(n * sizeof *p.spin);
    p.order = malloc(n * sizeof *p.order);
    double flips = 0, seconds = 0;
    while (p.spin && p.order && seconds < least_seconds) {
        plain_start(&p);
        double begin = now();
        for (int sweep = 0; sweep < 20; sweep++)
            flips += (double)plain_sweep(&p);
        seconds += now() - begin;
    }
    free(p.spin);
    free(p.order);
    return flips / seconds;
}

static void line(size_t n) {
    fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    fl_network network;
    fl_columns *columns;
    walker w;
    stop_on(fl_network_draw(&network, &ensemble, n, 1, 0));
    stop_on(fl_columns_new(&columns, &network, 1));
    uint64_t *spins = calloc(columns->words, sizeof *spins);
    float *plain = malloc(n * n * sizeof *plain), *field = calloc(n, sizeof *field);
    if (!spins || !plain || !field)
        stop_on(fl_fail(FL_ENOMEM, "out of memory for %zu neurons", n));
    for (size_t first = 0; first < n; first += 64)
        for (size_t j = 0; j < n; j++)
            for (size_t i = first; i < n && i < first + 64; i++)
                plain[j * n + i] = (float)network.J[i * n + j];
    fl_dynamics plan = {.jd = 0.3};
    stop_on(walker_open(&w, columns, &plan, spins));
    bench b = {.columns = columns, .w = &w, .plain = plain, .field = field};
    double read = rate(&b, one_read), update = rate(&b, one_update), loop = rate(&b, one_plain);
    double flips = rate(&b, one_flip), plain_async = plain_sweeps(&b);
    free(plain);
    double async = sweeps(columns, 1), shared = sweeps(columns, REPLICAS);
    printf("%6zu %7.2f %5.1f %9.3g %9.3g %9.3g %9.3g %9.3g %4.0f%% %9.3g %4.0f%% %9.3g %4.0f%%\n",
           n, (double)fl_columns_bytes(columns) / 1e6, 256e-9 * (double)columns->words * read, read,
           update, loop, plain_async, flips, 100 * flips / read, async, 100 * async / read, shared,
           100 * shared / read);
    fflush(stdout);
    walker_close(&w);
    free(spins);
    free(field);
    fl_columns_free(columns);
    fl_network_clear(&network);
}

int main(int argc, char **argv) {
    static const size_t sizes[] = {100, 200, 400, 800, 1600, 3200, 6400, 12800, 20000};
    size_t largest = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : 20000;
    size_t smallest = argc > 2 ? (size_t)strtoull(argv[2], NULL, 10) : 0;
    printf("flips a second on one core, kernel %s\n", fl_kernel_name());
    printf("%6s %7s %5s %9s %9s %9s %9s %9s %5s %9s %5s %9s\n", "N", "MB", "GB/s", "read", "update",
           "loop", "sweeps", "flips", "", "async", "", "shared");
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        if (sizes[k] <= largest && sizes[k] >= smallest)
            line(sizes[k]);
    return 0;
}
