/* Networks as matrices, and the exact verdict on stability: see network.h. */
#include "fixland/network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/exact.h"
#include "fixland/spins.h"
#include "src/kernel/signed_sum.h"

fl_status fl_network_new(fl_network *network, size_t n) {
    memset(network, 0, sizeof *network);
    if (n == 0)
        return fl_fail(FL_EINVAL, "a network needs at least one neuron");
    if (n > (size_t)1 << 20)
        return fl_fail(FL_EINVAL, "a network of %zu neurons is too large; the limit is %zu", n,
                       (size_t)1 << 20);
    network->J = calloc(n * n, sizeof *network->J);
    network->diagonal = calloc(n, sizeof *network->diagonal);
    if (!network->J || !network->diagonal) {
        fl_network_clear(network);
        return fl_fail(FL_ENOMEM, "out of memory for a network of %zu neurons", n);
    }
    network->n = n;
    return FL_OK;
}

void fl_network_transpose(fl_network *network) {
    size_t n = network->n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            double kept = network->J[i * n + j];
            network->J[i * n + j] = network->J[j * n + i];
            network->J[j * n + i] = kept;
        }
}

void fl_network_clear(fl_network *network) {
    free(network->J);
    free(network->diagonal);
    free(network->input);
    memset(network, 0, sizeof *network);
}

fl_status fl_network_copy(fl_network *copy, const fl_network *network) {
    FL_CHECK(fl_network_new(copy, network->n));
    memcpy(copy->J, network->J, network->n * network->n * sizeof *copy->J);
    memcpy(copy->diagonal, network->diagonal, network->n * sizeof *copy->diagonal);
    fl_status status = fl_network_set_input(copy, network->input);
    if (status != FL_OK)
        fl_network_clear(copy);
    return status;
}

fl_status fl_network_set_input(fl_network *network, const double *input) {
    size_t n = network->n;
    double *copy = NULL;
    for (size_t i = 0; input && i < n; i++)
        if (!(fabs(input[i]) <= 1e300))
            return fl_fail(FL_EINVAL, "input %zu is %g; allowed: at most 1e300 in magnitude", i,
                           input[i]);
    if (input) {
        copy = malloc(n * sizeof *copy);
        if (!copy)
            return fl_fail(FL_ENOMEM, "out of memory for an input of %zu neurons", n);
        memcpy(copy, input, n * sizeof *copy);
    }
    free(network->input);
    network->input = copy;
    return FL_OK;
}

fl_status fl_network_extended(fl_network *extended, const fl_network *network) {
    const double steadfast = 1000;
    size_t n = network->n;
    FL_CHECK(fl_network_new(extended, n + 1));
    for (size_t i = 0; i < n; i++) {
        memcpy(extended->J + i * (n + 1), network->J + i * n, n * sizeof *network->J);
        extended->J[i * (n + 1) + n] = network->input ? network->input[i] : 0;
        extended->diagonal[i] = network->diagonal[i];
    }
    extended->diagonal[n] = steadfast;
    return FL_OK;
}

/* Row i of a matrix may be used: numbers, whose sums stay far from overflow. */
static fl_status check_row(const double *row, size_t n, size_t i) {
    const double most = 1e300;
    double sum = 0;
    for (size_t j = 0; j < n; j++) {
        if (!isfinite(row[j]))
            return fl_fail(FL_EINVAL, "coupling (%zu, %zu) is %g; couplings must be finite", i, j,
                           row[j]);
        sum += fabs(row[j]);
    }
    if (sum > most)
        return fl_fail(FL_EINVAL,
                       "the couplings of row %zu sum to %g in magnitude; the limit is %g", i, sum,
                       most);
    return FL_OK;
}

fl_status fl_network_from_matrix(fl_network *network, const double *matrix, size_t n) {
    memset(network, 0, sizeof *network);
    for (size_t i = 0; i < n; i++)
        FL_CHECK(check_row(matrix + i * n, n, i));
    FL_CHECK(fl_network_new(network, n));
    memcpy(network->J, matrix, n * n * sizeof *matrix);
    for (size_t i = 0; i < n; i++) {
        network->diagonal[i] = matrix[i * n + i];
        network->J[i * n + i] = 0;
    }
    return FL_OK;
}

void fl_network_to_matrix(const fl_network *network, double *matrix) {
    size_t n = network->n;
    memcpy(matrix, network->J, n * n * sizeof *matrix);
    for (size_t i = 0; i < n; i++)
        matrix[i * n + i] = network->diagonal[i];
}

static double input_of(const fl_network *network, size_t i) {
    return network->input ? network->input[i] : 0;
}

/* One order of additions for all kernels: these numbers are printed. */
void fl_network_alignment(const fl_network *network, const uint64_t *spins, double *local) {
    for (size_t i = 0; i < network->n; i++) {
        double magnitude;
        double sum =
            fl_signed_sum_scalar(network->J + i * network->n, spins, network->n, &magnitude);
        sum += input_of(network, i);
        local[i] = (fl_spins_get(spins, i) > 0 ? sum : -sum) + network->diagonal[i];
    }
}

/* The same verdict from the signed terms themselves, without rounding. */
static bool stable_exactly(const fl_network *network, const uint64_t *spins, size_t i, double jd) {
    size_t n = network->n;
    double stack[259], *terms = n <= 256 ? stack : malloc((n + 3) * sizeof *terms);
    if (!terms)
        abort(); /* a few kilobytes; no verdict could be given without them */
    const double *row = network->J + i * n;
    for (size_t j = 0; j < n; j++)
        terms[j] = fl_spins_get(spins, j) == fl_spins_get(spins, i) ? row[j] : -row[j];
    terms[n] = network->diagonal[i];
    terms[n + 1] = jd;
    double input = input_of(network, i);
    terms[n + 2] = fl_spins_get(spins, i) > 0 ? input : -input;
    int sign = fl_exact_sign(terms, n + 3);
    if (terms != stack)
        free(terms);
    return sign >= 0;
}

static bool stable(const fl_network *network, const uint64_t *spins, size_t i, double jd,
                   fl_signed_sum *kernel) {
    double magnitude, sum = kernel(network->J + i * network->n, spins, network->n, &magnitude);
    double input = input_of(network, i), self = fabs(network->diagonal[i]) + fabs(jd) + fabs(input);
    double error = fl_sum_error(network->n + 3, magnitude + self);
    sum += input;
    sum = (fl_spins_get(spins, i) > 0 ? sum : -sum) + network->diagonal[i] + jd;
    if (sum > error || sum < -error)
        return sum > 0;
    return stable_exactly(network, spins, i, jd);
}

bool fl_network_stable(const fl_network *network, const uint64_t *spins, size_t i, double jd) {
    return stable(network, spins, i, jd, fl_signed_sum_choose());
}

bool fl_network_is_fixed_point(const fl_network *network, const uint64_t *spins, double jd) {
    fl_signed_sum *kernel = fl_signed_sum_choose();
    for (size_t i = 0; i < network->n; i++)
        if (!stable(network, spins, i, jd, kernel))
            return false;
    return true;
}
