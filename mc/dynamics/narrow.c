/* Couplings by columns in 16 bits: see narrow.h. */
#include "mc/dynamics/narrow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/core/pages.h"
#include "src/kernel/visit.h"

enum { TILE = 64, PARTS = 8 };

/* Doubtful fields, within the error of zero, are a fraction of about 0.8 error / (scale x typical
 * field); each costs a pass over a row of doubles. */
static const double doubtful_most = 0.03;

/* In PARTS at a time, so that no number waits for the one before. */
static double largest_coupling(const fl_network *network, double *squares) {
    double most[PARTS] = {0}, sum[PARTS] = {0};
    const double *J = network->J;
    size_t count = network->n * network->n, k = 0;
    for (; k + PARTS <= count; k += PARTS)
        for (size_t l = 0; l < PARTS; l++) {
            double x = fabs(J[k + l]);
            most[l] = x > most[l] ? x : most[l];
            sum[l] += x * x;
        }
    for (; k < count; k++) {
        most[0] = fmax(most[0], fabs(J[k]));
        sum[0] += J[k] * J[k];
    }
    *squares = 0;
    for (size_t l = 0; l < PARTS; l++) {
        most[0] = fmax(most[0], most[l]);
        *squares += sum[l];
    }
    return most[0];
}

static double largest_self(const fl_network *network, double jd) {
    double largest = 0;
    for (size_t i = 0; i < network->n; i++)
        largest = fmax(largest,
                       fabs(network->diagonal[i]) + (network->input ? fabs(network->input[i]) : 0));
    return largest + fabs(jd);
}

static double scale_for(const fl_network *network, double jd, double *squares) {
    double coupling = fmax(largest_coupling(network, squares), 1e-200);
    double self = fmax(largest_self(network, jd), 1e-200);
    return fmin(16383 / coupling, 0x1p28 / self);
}

/* Rounds to the nearest integer, |x| < 2^51, without a call. */
static double nearest(double x) {
    return (x + 0x1.8p52) - 0x1.8p52;
}

/* A piece of row i; *sum: of q. Returns the sum of the errors. */
static double quantise_piece(narrow_columns *c, size_t i, size_t first, size_t count,
                             int32_t *sum) {
    const double *row = c->network->J + i * c->n + first;
    double exact[TILE] = {0}, rounded[TILE], error[PARTS] = {0}, all = 0;
    int16_t *to = c->data + first * c->stride + fl_visit_slot(i);
    for (size_t j = 0; j < count; j++)
        exact[j] = row[j];
    for (size_t j = 0; j < TILE; j += PARTS)
        for (size_t l = 0; l < PARTS; l++) {
            double x = 2 * c->scale * exact[j + l];
            rounded[j + l] = nearest(x);
            error[l] += fabs(x - rounded[j + l]);
        }
    for (size_t j = 0; j < count; j++) {
        int32_t q = (int32_t)rounded[j];
        to[j * c->stride] = (int16_t)q;
        *sum += q;
    }
    for (size_t l = 0; l < PARTS; l++)
        all += error[l];
    return all;
}

/* Tiles keep both the rows read and the columns written in cache. Returns sum_j |error| of the
 * worst row, in units of the field. */
static double quantise_narrow(narrow_columns *c, double *error, int32_t *sum) {
    size_t n = c->n, whole = n / 16 * 16;
    for (size_t j = 0; j < n; j++)
        memset(c->data + j * c->stride + whole, 0, (c->stride - whole) * sizeof *c->data);
    for (size_t first = 0; first < n; first += TILE)
        for (size_t low = 0; low < n; low += TILE)
            for (size_t i = first; i < n && i < first + TILE; i++)
                error[i] += quantise_piece(c, i, low, n - low < TILE ? n - low : TILE, &sum[i]);
    double worst = 0;
    for (size_t i = 0; i < n; i++) {
        double input = c->network->input ? c->scale * c->network->input[i] : 0;
        worst = fmax(worst, error[i] / 2 + fabs(input - nearest(input)));
        c->base[i] = (-sum[i] >> 1) + (int32_t)nearest(input);
    }
    return worst;
}

static fl_status fill_narrow(narrow_columns *c) {
    double *error = calloc(c->n, sizeof *error);
    int32_t *sum = calloc(c->n, sizeof *sum);
    fl_status status = FL_OK;
    /* 1/2 for the half that is cut, 1/2 for the self-coupling, 1 so that comparisons are strict. */
    if (error && sum)
        c->error = (int32_t)ceil(quantise_narrow(c, error, sum) * (1 + 1e-9) + 2);
    else
        status = fl_fail(FL_ENOMEM, "out of memory for a network of %zu neurons", c->n);
    free(error);
    free(sum);
    return status;
}

/* Are decisions left to the doubles rare, for the typical (root mean square) field? */
static int fine_enough(const narrow_columns *c, double squares) {
    double typical = c->scale * sqrt(squares / (double)c->n);
    return c->error <= 8 || 0.8 * c->error <= doubtful_most * typical;
}

static fl_status allocate_narrow(narrow_columns *c) {
    size_t bytes = c->n * c->stride * sizeof *c->data;
    c->data = pages_new(bytes);
    c->base = calloc(c->n, sizeof *c->base);
    if (c->data && c->base)
        return FL_OK;
    return fl_fail(FL_ENOMEM, "out of memory for the columns of %zu neurons", c->n);
}

fl_status narrow_columns_new(narrow_columns **columns, const fl_network *network, double largest) {
    *columns = NULL;
    if (network->n > NARROW_MOST)
        return FL_OK;
    narrow_columns *c = calloc(1, sizeof *c);
    if (!c)
        return fl_fail(FL_ENOMEM, "out of memory for a network of %zu neurons", network->n);
    c->network = network;
    c->n = network->n;
    c->lanes = (c->n + 15) / 16 * 16;
    c->stride = (c->lanes + 31) / 32 * 32; /* not a multiple of 256 bytes: columns would collide */
    c->stride += c->stride % 128 ? 0 : 32;
    double squares;
    c->scale = scale_for(network, largest, &squares);
    fl_status status = allocate_narrow(c);
    if (status == FL_OK)
        status = fill_narrow(c);
    if (status != FL_OK || !fine_enough(c, squares)) {
        narrow_columns_free(c);
        return status;
    }
    *columns = c;
    return FL_OK;
}

void narrow_columns_free(narrow_columns *columns) {
    if (!columns)
        return;
    free(columns->data);
    free(columns->base);
    free(columns);
}
