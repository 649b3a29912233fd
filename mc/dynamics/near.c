/* Fixed points around a configuration: see attractors.h.
 *
 * With the neurons of a set D turned, alignments are A_i - sum_{j in D, j != i} c_ij, c_ij = 2 s_i
 * J_ij s_j, for neurons that were not turned, and 2 (diagonal_i + J_D) less that for those that
 * were. Sets are built neuron by neuron, each with the alignments of its parent at hand. What
 * rounding leaves open, fl_network_is_fixed_point decides. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/attractors.h"
#include "fixland/spins.h"

/* Sets between two questions whether to stop. */
enum { ASK_EVERY = 1 << 14 };

typedef struct near_search {
    const fl_network *network;
    const fl_effort *effort;
    double jd, open;  /* alignments within +-open are not trusted */
    double *c;        /* n x n: c_ij at [j * n + i] */
    double *A;        /* (radius + 1) x n: less the sums over the set, by its size */
    size_t *turned;   /* the set */
    uint64_t *spins;  /* the centre with the set turned */
    uint64_t *counts; /* by size */
    size_t radius;
    uint64_t looked;
} near_search;

static double choose_near(size_t n, size_t radius) {
    double all = 0, ways = 1;
    for (size_t d = 0; d <= radius; d++) {
        all += ways;
        ways *= (double)(n - d) / (double)(d + 1);
    }
    return all;
}

static bool is_turned(const near_search *s, size_t size, size_t i) {
    for (size_t k = 0; k < size; k++)
        if (s->turned[k] == i)
            return true;
    return false;
}

static double twice_of(const near_search *s, size_t i) {
    return 2 * (s->network->diagonal[i] + s->jd);
}

/* Is the centre with the first `size` of `turned` turned, A at hand, a fixed point? Those that were
 * turned last are looked at first. */
static bool near_stable(const near_search *s, size_t size) {
    size_t n = s->network->n;
    const double *A = s->A + size * n;
    bool sure = true;
    for (size_t k = size; k-- > 0;) {
        double x = twice_of(s, s->turned[k]) - A[s->turned[k]];
        if (x < -s->open)
            return false;
        sure = sure && x > s->open;
    }
    for (size_t i = 0; i < n; i++) {
        if (A[i] > s->open)
            continue;
        if (is_turned(s, size, i))
            continue;
        if (A[i] < -s->open)
            return false;
        sure = false;
    }
    return sure || fl_network_is_fixed_point(s->network, s->spins, s->jd);
}

/* Adds neuron j to the set of `size` neurons: alignments of the larger set. */
static void turn_near(near_search *s, size_t size, size_t j) {
    size_t n = s->network->n;
    const double *from = s->A + size * n, *c = s->c + j * n;
    double *to = s->A + (size + 1) * n;
    for (size_t i = 0; i < n; i++)
        to[i] = from[i] - c[i];
    s->turned[size] = j;
    fl_spins_flip(s->spins, j);
}

/* A last neuron needs no alignments of all: does its own leave it stable? Else there is no need. */
static bool may_be_last(const near_search *s, size_t size, size_t j) {
    return twice_of(s, j) - s->A[size * s->network->n + j] >= -s->open;
}

static fl_status near_sets(near_search *s, size_t size, size_t first) {
    s->counts[size] += near_stable(s, size);
    if (++s->looked % ASK_EVERY == 0 && fl_effort_stopped(s->effort))
        return fl_fail(FL_STOPPED, "stopped among the neighbours of a configuration");
    if (size == s->radius)
        return FL_OK;
    for (size_t j = first; j < s->network->n; j++) {
        if (size + 1 == s->radius && !may_be_last(s, size, j))
            continue;
        turn_near(s, size, j);
        fl_status status = near_sets(s, size + 1, j + 1);
        fl_spins_flip(s->spins, j);
        FL_CHECK(status);
    }
    return FL_OK;
}

/* Alignments at the centre, couplings between aligned spins, and how far rounding reaches. */
static void near_begin(near_search *s, const uint64_t *centre) {
    size_t n = s->network->n;
    double most = 0;
    memcpy(s->spins, centre, fl_spins_words(n) * sizeof *centre);
    fl_network_alignment(s->network, centre, s->A);
    for (size_t i = 0; i < n; i++) {
        double row = fabs(s->network->diagonal[i]) + fabs(s->jd);
        for (size_t j = 0; j < n; j++) {
            double J = s->network->J[i * n + j];
            s->c[j * n + i] = 2 * fl_spins_get(centre, i) * J * fl_spins_get(centre, j);
            row += fabs(J);
        }
        s->A[i] += s->jd;
        most = fmax(most, row);
    }
    s->open = 8 * ((double)n + (double)s->radius + 8) * 0x1p-53 * most;
}

static void near_close(near_search *s) {
    free(s->c);
    free(s->A);
    free(s->turned);
    free(s->spins);
}

fl_status fl_fixed_points_near(const fl_network *network, double jd, const uint64_t *centre,
                               size_t radius, const fl_effort *effort, uint64_t *counts) {
    size_t n = network->n;
    if (radius > n)
        return fl_fail(FL_EINVAL, "a radius of %zu; a configuration has %zu neurons", radius, n);
    if (!(choose_near(n, radius) <= FL_NEAR_MAX))
        return fl_fail(FL_EDOMAIN,
                       "%.3g configurations within %zu flips of one of %zu neurons; allowed: %g",
                       choose_near(n, radius), radius, n, FL_NEAR_MAX);
    near_search s = {.network = network,
                     .effort = effort,
                     .jd = jd,
                     .c = calloc(n * n + 1, sizeof *s.c),
                     .A = calloc((radius + 1) * n + 1, sizeof *s.A),
                     .turned = calloc(radius + 1, sizeof *s.turned),
                     .spins = calloc(fl_spins_words(n) + 1, sizeof *s.spins),
                     .counts = counts,
                     .radius = radius};
    fl_status status = s.c && s.A && s.turned && s.spins
                           ? FL_OK
                           : fl_fail(FL_ENOMEM, "out of memory for neighbours of %zu neurons", n);
    memset(counts, 0, (radius + 1) * sizeof *counts);
    if (status == FL_OK) {
        near_begin(&s, centre);
        status = near_sets(&s, 0, 0);
    }
    near_close(&s);
    return status;
}
