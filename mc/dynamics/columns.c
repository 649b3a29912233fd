/* Couplings by columns, as integers: see walker.h for what they are good for. The wide ones are
 * made at once only where there are no narrow ones (narrow.h).
 *
 * With the power of two `scale` = 2^S, scale J_ij is exact and q_ij = round(scale J_ij). The field
 * of neuron i errs by sum_j |scale J_ij - q_ij| <= n/2 units at most, in practice n/4, plus 1/2 for
 * the self-coupling. S is the largest for which no field overflows: the magnitudes of a row add to
 * less than 2^30 units. Units are then some 1e-7 (n = 100) to 1e-8 of the typical field and the
 * bound some 1e-6 (n = 100) to 3e-4 (n = 20000): only that fraction of the decisions needs the
 * doubles. */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "src/core/pages.h"
#include "mc/dynamics/walker.h"

/* Largest sum of magnitudes of a row, the diagonal and the input included. */
static double largest_row(const fl_network *network) {
    double largest = 0;
    for (size_t i = 0; i < network->n; i++) {
        const double *row = network->J + i * network->n;
        double part[8] = {fabs(network->diagonal[i]), network->input ? fabs(network->input[i]) : 0};
        size_t j = 0;
        for (; j + 8 <= network->n; j += 8)
            for (size_t l = 0; l < 8; l++)
                part[l] += fabs(row[j + l]);
        for (; j < network->n; j++)
            part[0] += fabs(row[j]);
        double sum = 0;
        for (size_t l = 0; l < 8; l++)
            sum += part[l];
        largest = fmax(largest, sum);
    }
    return largest;
}

static double power_of_two(double limit, double magnitude) {
    int exponent;
    frexp(limit / fmax(magnitude, 1e-200), &exponent);
    return ldexp(1, exponent - 1);
}

/* Tiles keep both the rows read and the columns written in cache. Returns sum_j |error| of the
 * worst row. */
static double quantise_wide(wide_columns *c, double *error) {
    enum { TILE = 64 };
    size_t n = c->n;
    for (size_t first = 0; first < n; first += TILE)
        for (size_t low = 0; low < n; low += TILE)
            for (size_t i = first; i < n && i < first + TILE; i++)
                for (size_t j = low; j < n && j < low + TILE; j++) {
                    double exact = c->scale * c->network->J[i * n + j];
                    double q = (exact + 0x1.8p52) - 0x1.8p52; /* rint, without a call */
                    error[i] += fabs(exact - q);
                    c->data[j * c->stride + i] = 2 * (int32_t)q;
                    c->base[i] -= (int32_t)q;
                }
    double worst = 0;
    for (size_t i = 0; i < n; i++) {
        double exact = c->network->input ? c->scale * c->network->input[i] : 0, q = rint(exact);
        c->base[i] += (int32_t)q;
        worst = fmax(worst, error[i] + fabs(exact - q));
    }
    return worst;
}

static fl_status fill_wide(wide_columns *c) {
    double *error = calloc(c->n, sizeof *error);
    if (!error)
        return fl_fail(FL_ENOMEM, "out of memory for a network of %zu neurons", c->n);
    for (size_t j = 0; j < c->n; j++)
        memset(c->data + j * c->stride + c->n, 0, (c->stride - c->n) * sizeof *c->data);
    /* 1/2 for the self-coupling, 1 so that the comparisons are strict, 1/2 for the sum itself. */
    c->bound = (int32_t)ceil(quantise_wide(c, error) + 2);
    free(error);
    return FL_OK;
}

static void wide_columns_free(wide_columns *columns) {
    if (!columns)
        return;
    free(columns->data);
    free(columns->base);
    free(columns);
}

/* The columns of the walker. */
static fl_status wide_columns_new(wide_columns **columns, const fl_network *network,
                                  double largest) {
    wide_columns *c = calloc(1, sizeof *c);
    if (!c)
        return fl_fail(FL_ENOMEM, "out of memory for a network of %zu neurons", network->n);
    c->network = network;
    c->n = network->n;
    c->words = fl_spins_words(c->n);
    c->stride = 64 * c->words + 16; /* not a power of two: columns would share a set of the cache */
    c->scale = power_of_two(0x1p30 - 2, largest_row(network) + fabs(largest));
    c->bytes = c->n * c->stride * sizeof *c->data;
    c->data = pages_new(c->bytes);
    c->base = calloc(c->n, sizeof *c->base);
    fl_status status =
        c->data && c->base
            ? fill_wide(c)
            : fl_fail(FL_ENOMEM, "out of memory for the columns of %zu neurons", c->n);
    if (status != FL_OK) {
        wide_columns_free(c);
        return status;
    }
    *columns = c;
    return FL_OK;
}

/* What is made when it is first asked for, by whatever thread. */
struct columns_later {
    pthread_mutex_t lock;
    wide_columns *wide;
};

static fl_status check_columns_columns(const fl_network *network, double largest) {
    double magnitude = largest_row(network) + fabs(largest);
    if (network->n > PLACE_NEURON)
        return fl_fail(FL_EINVAL, "%zu neurons; the dynamics take at most %llu", network->n,
                       (unsigned long long)PLACE_NEURON);
    if (!isfinite(magnitude))
        return fl_fail(FL_EINVAL, "the couplings are too large: the magnitudes of a row add to %g",
                       magnitude);
    return FL_OK;
}

fl_status fl_columns_new(fl_columns **columns, const fl_network *network, double largest) {
    FL_CHECK(check_columns_columns(network, largest));
    fl_columns *c = calloc(1, sizeof *c);
    struct columns_later *later = calloc(1, sizeof *later);
    if (!c || !later) {
        free(c);
        free(later);
        return fl_fail(FL_ENOMEM, "out of memory for a network of %zu neurons", network->n);
    }
    *c = (fl_columns){.network = network, .n = network->n, .largest = fabs(largest)};
    c->words = fl_spins_words(c->n);
    c->later = later;
    pthread_mutex_init(&later->lock, NULL);
    fl_status status = narrow_columns_new(&c->narrow, network, largest);
    if (status == FL_OK && !c->narrow)
        status = wide_columns_new(&later->wide, network, largest);
    if (status != FL_OK) {
        fl_columns_free(c);
        return status;
    }
    *columns = c;
    return FL_OK;
}

fl_status columns_wide(const fl_columns *columns, const wide_columns **wide) {
    struct columns_later *later = columns->later;
    fl_status status = FL_OK;
    pthread_mutex_lock(&later->lock);
    if (!later->wide)
        status = wide_columns_new(&later->wide, columns->network, columns->largest);
    *wide = later->wide;
    pthread_mutex_unlock(&later->lock);
    return status;
}

void fl_columns_free(fl_columns *columns) {
    if (!columns)
        return;
    narrow_columns_free(columns->narrow);
    wide_columns_free(columns->later->wide);
    pthread_mutex_destroy(&columns->later->lock);
    free(columns->later);
    free(columns);
}

size_t fl_columns_bytes(const fl_columns *columns) {
    if (columns->narrow)
        return columns->n * columns->narrow->stride * sizeof *columns->narrow->data;
    return columns->later->wide->bytes;
}
