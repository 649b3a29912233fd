/* Couplings as 16-bit integers: see model.h. */
#include "mc/count/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"

/* Sums of magnitudes of row k, without the diagonal, and of column k. */
static void magnitudes(const fl_network *network, size_t k, double *row, double *column) {
    *row = *column = 0;
    for (size_t j = 0; j < network->n; j++) {
        *row += fabs(network->J[k * network->n + j]);
        *column += fabs(network->J[j * network->n + k]);
    }
}

static double model_input(const fl_network *network, size_t i) {
    return network->input ? fabs(network->input[i]) : 0;
}

static double largest_entry(const fl_network *network, double jd, size_t i) {
    double largest = fabs(network->diagonal[i] + jd);
    for (size_t j = 0; j < network->n; j++)
        largest = fmax(largest, fabs(network->J[i * network->n + j]));
    return largest;
}

/* The largest scale for which no field and no doubled coupling leaves 16 bits and no flip changes E
 * by 2^15. A flip of k changes x_i by 2 q_ik, x_k by at most 2 sum_j q_kj, and floors add one for
 * each neuron. Each rounding adds at most 1/2. */
static double largest_scale(const fl_network *network, double jd) {
    const double least = 1e-290;
    double n = (double)network->n, most = INT16_MAX - 1;
    double unit = 1 << FL_METROPOLIS_SHIFT, scale = INFINITY;
    for (size_t k = 0; k < network->n; k++) {
        double row, column, self = fabs(network->diagonal[k] + jd);
        magnitudes(network, k, &row, &column);
        row += model_input(network, k);
        scale = fmin(scale, (most - n / 2 - 1) / fmax(row + self, least));
        scale = fmin(scale, (most / 2 - 1) / fmax(largest_entry(network, jd, k), least));
        scale = fmin(scale, (unit * (most - n) - 2 * n) / fmax(2 * (row + column), least));
    }
    return scale;
}

/* Rounds column k; adds the errors to error[i]. */
static void quantise(model *m, size_t k, double *error) {
    const fl_network *network = m->network;
    int32_t *column = m->columns + k * m->stride;
    for (size_t i = 0; i < m->n; i++) {
        double exact =
            m->scale * (i == k ? network->diagonal[k] + m->jd : network->J[i * m->n + k]);
        double q = rint(exact);
        uint16_t twice = (uint16_t)(2 * (int32_t)q);
        error[i] += fabs(exact - q);
        column[i] = (int32_t)((uint32_t)twice << 16 | twice);
    }
}

/* Adds the errors to error[i]. */
static void quantise_input(model *m, double *error) {
    for (size_t i = 0; m->input && i < m->n; i++) {
        double exact = m->scale * m->network->input[i], q = rint(exact);
        m->input[i] = (int16_t)q;
        error[i] += fabs(exact - q);
    }
}

/* Root mean square of the fields, without self-coupling. */
static double typical_field(const fl_network *network) {
    double sum = 0;
    for (size_t k = 0; k < network->n * network->n; k++)
        sum += network->J[k] * network->J[k];
    for (size_t k = 0; network->input && k < network->n; k++)
        sum += network->input[k] * network->input[k];
    return sqrt(sum / (double)network->n);
}

static void fill(model *m, double *error) {
    double worst = 0, field = typical_field(m->network);
    for (size_t k = 0; k < m->n; k++)
        quantise(m, k, error);
    quantise_input(m, error);
    for (size_t i = 0; i < m->n; i++)
        worst = fmax(worst, error[i]);
    /* 1 for the sums in double, 1 for the strict comparison. */
    m->bound = (int32_t)ceil(worst) + 2;
    m->unit = (field > 0 ? m->scale * field : 1) / (1 << FL_METROPOLIS_SHIFT);
}

fl_status model_make(model *m, const fl_network *network, double jd) {
    size_t n = network->n;
    *m = (model){.network = network, .jd = jd, .n = n, .stride = n};
    m->scale = fmin(largest_scale(network, jd), 0x1p600);
    if (!(m->scale > 0))
        return fl_fail(FL_EINVAL, "%zu neurons: too many, or couplings too large, to be counted",
                       n);
    double *error = calloc(n, sizeof *error);
    m->columns = malloc(n * n * sizeof *m->columns);
    m->input = network->input ? malloc(n * sizeof *m->input) : NULL;
    if (error && m->columns && (m->input || !network->input))
        fill(m, error);
    else
        count_model_clear(m);
    free(error);
    return m->columns ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for %zu neurons", n);
}

void count_model_clear(model *m) {
    free(m->columns);
    free(m->input);
    m->columns = NULL;
    m->input = NULL;
}

void model_fields(const model *m, const fl_metropolis_block *b) {
    for (size_t k = 0; k < m->n * FL_LANES; k++)
        b->field[k] = m->input ? m->input[k / FL_LANES] : 0;
    for (size_t k = 0; k < m->n; k++)
        for (size_t i = 0; i < m->n; i++) {
            int half = (int16_t)(uint16_t)(m->columns[k * m->stride + i] & 0xFFFF) / 2;
            for (size_t l = 0; l < FL_LANES; l++)
                b->field[FL_LANES * i + l] = (int16_t)(b->field[FL_LANES * i + l] +
                                                       (b->up[FL_LANES * k + l] ? half : -half));
        }
    fl_metropolis_energies(b);
}

void model_spins(const fl_metropolis_block *b, size_t lane, uint64_t *spins) {
    memset(spins, 0, fl_spins_words(b->n) * sizeof *spins);
    for (size_t i = 0; i < b->n; i++)
        if (b->up[FL_LANES * i + lane])
            spins[i / 64] |= UINT64_C(1) << (i % 64);
}

static int32_t aligned(const fl_metropolis_block *b, size_t i, size_t lane) {
    int32_t field = b->field[FL_LANES * i + lane];
    return b->up[FL_LANES * i + lane] ? field : -field;
}

bool model_is_point(const model *m, const fl_metropolis_block *b, size_t lane, uint64_t *spins) {
    bool sure = true;
    for (size_t i = 0; i < m->n; i++) {
        int32_t a = aligned(b, i, lane);
        if (a <= -m->bound)
            return false;
        sure = sure && a >= m->bound;
    }
    model_spins(b, lane, spins);
    for (size_t i = 0; !sure && i < m->n; i++)
        if (aligned(b, i, lane) < m->bound && !fl_network_stable(m->network, spins, i, m->jd))
            return false;
    return true;
}
