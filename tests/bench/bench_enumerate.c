/* fl_enumerate_graycode on one thread beside a plain loop with the same flags.
 * bench_enumerate [N ...]: other sizes than 24 and 28. */
#include <inttypes.h>
#include <stdio.h>

#include "fixland/enumerate.h"
#include "fixland/kernel.h"
#include "tests/bench/bench.h"

typedef struct problem {
    fl_network network;
    const double *columns; /* J transposed */
    double jd;
    uint64_t plain, graycode; /* their counts */
} problem;

/* The plain loop: a Gray code over the configurations with the last spin up, one spin flip and n
 * additions a step, neurons checked until one is unstable. */
static uint64_t plain_count(size_t n, const double *columns, double jd) {
    double s[64], f[64] = {0};
    uint64_t count = 0;
    for (size_t j = 0; j < n; j++) {
        s[j] = j == n - 1 ? 1 : -1;
        for (size_t i = 0; i < n; i++)
            f[i] += s[j] * columns[j * n + i];
    }
    for (uint64_t step = 1;; step++) {
        size_t i = 0;
        while (i < n && s[i] * f[i] + jd >= 0)
            i++;
        count += i == n;
        if (step == UINT64_C(1) << (n - 1))
            return 2 * count;
        size_t j = (size_t)__builtin_ctzll(step);
        s[j] = -s[j];
        for (i = 0; i < n; i++)
            f[i] += 2 * s[j] * columns[j * n + i];
    }
}

static void run_plain(void *context) {
    problem *p = context;
    p->plain = plain_count(p->network.n, p->columns, p->jd);
}

static void run_graycode(void *context) {
    problem *p = context;
    fl_enumeration plan = {.jd = &p->jd, .jd_count = 1, .effort = {.threads = 1}};
    if (fl_enumerate_graycode(&p->network, &plan, &p->graycode) != FL_OK) {
        fprintf(stderr, "%s\n", fl_message());
        exit(1);
    }
}

static void compare(problem *p) {
    size_t n = p->network.n;
    double configurations = (double)(UINT64_C(1) << n), engine, loop;
    bench_pair(run_graycode, run_plain, p, n < 26 ? 7 : n < 29 ? 3 : 1, &engine, &loop);
    printf("%3zu %5.2f %10" PRIu64 " %12.3g %12.3g %8.1f\n", n, p->jd, p->graycode,
           configurations / engine, configurations / loop, loop / engine);
    fflush(stdout);
    if (p->plain != p->graycode) {
        fprintf(stderr, "the two counts differ: %" PRIu64 ", plain loop %" PRIu64 "\n", p->graycode,
                p->plain);
        exit(1);
    }
}

static void bench_size(size_t n) {
    problem p;
    fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    double *columns = malloc(n * n * sizeof *columns);
    if (!columns || fl_network_draw(&p.network, &ensemble, n, 1, 0) != FL_OK) {
        fprintf(stderr, "no network of %zu neurons\n", n);
        exit(1);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            columns[j * n + i] = p.network.J[i * n + j];
    p.columns = columns;
    for (int k = 0; k < 2; k++) {
        p.jd = k ? 0.5 : 0;
        compare(&p);
    }
    fl_network_clear(&p.network);
    free(columns);
}

int main(int argc, char **argv) {
    printf("configurations a second on one core (2^n counted, half of them looked at), %s kernel\n",
           fl_kernel_name());
    printf("  n    jd      count     graycode   plain loop    ratio\n");
    for (int k = 1; k < argc; k++)
        bench_size(strtoul(argv[k], NULL, 10));
    if (argc == 1) {
        bench_size(24);
        bench_size(28);
    }
    return 0;
}
