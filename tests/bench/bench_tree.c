/* Tree search: nodes and time against N, with fitted growth, beside the plain tree search, in one
 * run and on one core. Times are processor time, medians over networks.
 *
 *   bench_tree [largest N at J_D = 0]     46, half a minute; 52 takes minutes; 0: only the leaves
 *
 * The larger J_D start from smaller N. Seeds are fixed. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "fixland/enumerate.h"
#include "fixland/kernel.h"
#include "mc/enumerate/engine.h"
#include "mc/enumerate/tree_plain.h"

enum { SAMPLES = 5, PLAIN_MOST = 26, POINTS = 64 };

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void check(fl_status status) {
    if (status == FL_OK)
        return;
    fprintf(stderr, "bench_tree: %s\n", fl_message());
    exit(1);
}

typedef struct cost {
    double nodes, time; /* geometric means */
    double worst;       /* longest time */
    double points;      /* mean */
} cost;

static cost measure(size_t n, double jd, bool plain) {
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    cost c = {0};
    for (uint64_t sample = 0; sample < SAMPLES; sample++) {
        fl_network network;
        uint64_t count = 0, nodes = 0;
        check(fl_network_draw(&network, &e, n, 7, sample));
        fl_enumeration plan = {.jd = &jd, .jd_count = 1, .effort = {.threads = 1}, .nodes = &nodes};
        double begin = seconds();
        check(plain ? tree_plain_count(&network, jd, &count, &nodes)
                    : fl_enumerate_tree(&network, &plan, &count));
        double time = seconds() - begin;
        c.nodes += log2((double)nodes + 1) / SAMPLES;
        c.time += log2(time) / SAMPLES;
        c.worst = fmax(c.worst, time);
        c.points += (double)count / SAMPLES;
        fl_network_clear(&network);
    }
    c.nodes = exp2(c.nodes);
    c.time = exp2(c.time);
    return c;
}

/* Least squares of log2(y) = a + b n. */
static void fit(const char *what, const double *n, const double *y, size_t count) {
    double sn = 0, sy = 0, snn = 0, sny = 0, k = (double)count;
    for (size_t i = 0; i < count; i++) {
        sn += n[i];
        sy += log2(y[i]);
        snn += n[i] * n[i];
        sny += n[i] * log2(y[i]);
    }
    double slope = (k * sny - sn * sy) / (k * snn - sn * sn);
    printf("#   %s: 2^(%.2f + %.3f N)\n", what, (sy - slope * sn) / k, slope);
}

/* What is made of the fixed points: their number; each is decided by itself, none kept; all kept, in
 * order. */
typedef enum way { NUMBERS, FOUND, KEPT } way;
static const char *const way_names[] = {"numbers", "found", "kept"};

/* All parts of a network, tables included. */
static double time_of(engine_leaves leaves, const fl_network *network, double jd, way how) {
    engine e;
    uint64_t nodes = 0;
    double begin = seconds();
    check(engine_open_with(&e, FL_METHOD_TREE, leaves, network, &jd, 1));
    for (uint64_t part = 0; part < UINT64_C(1) << e.bits; part++) {
        hits found = {.keep = how == KEPT, .most = how == FOUND ? UINT64_MAX : 0};
        check(engine_search(&e, part, &found, &nodes));
        hits_clear(&found);
    }
    engine_close(&e);
    return seconds() - begin;
}

enum { TURNS = 7 };

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x, size_t count) {
    qsort(x, count, sizeof *x, ascending);
    return x[count / 2];
}

/* log2 of the seconds without a base, of those with the leaves that are chosen, and of the ratio: medians of
 * turns, in either order; three where they take seconds. */
static void leaves_of(const fl_network *network, double jd, way how, double result[3]) {
    double time[2][TURNS], ratio[TURNS], all = 0;
    size_t turns = 0;
    while (turns < TURNS && (turns != 3 || all < 4)) {
        for (size_t k = 0; k < 2; k++) {
            size_t which = (turns + k) % 2;
            time[which][turns] = time_of(which ? ENGINE_LEAVES : ENGINE_NO_SETS, network, jd, how);
            all += time[which][turns];
        }
        ratio[turns] = time[0][turns] / time[1][turns];
        turns++;
    }
    result[0] += log2(median(time[0], turns));
    result[1] += log2(median(time[1], turns));
    result[2] += log2(median(ratio, turns));
}

/* The leaves that are chosen, beside those without a base; below J_D = 0.25 they are the same. */
static void leaves_line(size_t n, double jd, way how) {
    enum { NETWORKS = 2 };
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    double sum[3] = {0};
    for (uint64_t sample = 0; sample < NETWORKS; sample++) {
        fl_network network;
        check(fl_network_draw(&network, &e, n, 7, sample));
        leaves_of(&network, jd, how, sum);
        fl_network_clear(&network);
    }
    double old = exp2(sum[0] / NETWORKS), chosen = exp2(sum[1] / NETWORKS),
           ratio = exp2(sum[2] / NETWORKS);
    printf("figure tree.%s.base.%zu.%g%s%s %.3f\n", fl_kernel_name(), n, jd, how ? "." : "",
           how ? way_names[how] : "", ratio);
    printf("%-7s %4.2f %3zu %12.6f %12.6f %8.2f\n", way_names[how], jd, n, old, chosen, ratio);
    fflush(stdout);
}

static void series(double jd, size_t first, size_t last, size_t step, bool plain) {
    double n[POINTS], nodes[POINTS], time[POINTS];
    size_t count = 0;
    for (size_t size = first; size <= last && count < POINTS; size += step, count++) {
        cost c = measure(size, jd, plain);
        n[count] = (double)size;
        nodes[count] = c.nodes;
        time[count] = c.time;
        printf("%-6s %4.1f %3zu %12.0f %10.6f %10.6f %8.0f %10.1f\n", plain ? "plain" : "tree", jd,
               size, c.nodes, c.time, c.worst, 1e9 * c.time / c.nodes, c.points);
        fflush(stdout);
    }
    if (count > 2) {
        fit("nodes", n, nodes, count);
        fit("seconds", n, time, count);
    }
}

int main(int argc, char **argv) {
    static const double jds[] = {0, 0.3, 0.6}, annealed[] = {0.50, 0.59, 0.68};
    int most = argc > 1 ? atoi(argv[1]) : 46;
    if (most != 0 && (most < 28 || most > 64)) {
        fprintf(stderr, "bench_tree: largest N %s; allowed: 28 to 64, or 0\n",
                argc > 1 ? argv[1] : "");
        return 2;
    }
    printf("# kernel %s; geometric means over %d networks, one core\n", fl_kernel_name(), SAMPLES);
    printf("# search  jd   n        nodes    seconds      worst  ns/node     points\n");
    for (size_t k = 0; most && k < 3; k++) {
        printf("# J_D = %g; the annealed estimate for any search of this kind: 2^(%.2f N)\n",
               jds[k], annealed[k]);
        size_t last = (size_t)most - 6 * k;
        series(jds[k], last - 12, last, 3, false);
        series(jds[k], PLAIN_MOST - 2 * k - 8, PLAIN_MOST - 2 * k, 2, true);
    }
    printf(
        "# leaves: J_D, N, seconds without a base, with those chosen, ratio (2 networks, medians of 7 or 3 turns); numbers\n"
        "# alone; each fixed point decided by itself; all kept, in order\n");
    leaves_line(34, 0.6, NUMBERS);
    leaves_line(40, 0.3, NUMBERS);
    leaves_line(28, 1, NUMBERS);
    leaves_line(28, 1, FOUND);
    leaves_line(28, 1, KEPT);
    leaves_line(36, 0.15, NUMBERS);
    leaves_line(42, 0.15, NUMBERS);
    leaves_line(40, 0, NUMBERS);
    return 0;
}
