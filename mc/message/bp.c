/* Belief propagation: see bp.h. */
#include "mc/message/bp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/gaussian.h"
#include "fixland/spins.h"

static const double least_variance = 3e-3, start_size = 0.02;

/* So far from what a neuron that an input holds fast gets (hundreds), that it is never met: a sum cut
 * here and answers that are not would part. */
static const double most_field = 1e6;

/* How many couplings of row i are not zero, BP_MANY for more than `most`. */
static uint32_t neighbours_of(const fl_network *network, size_t i, uint32_t most) {
    uint32_t count = 0;
    for (size_t j = 0; j < network->n; j++)
        count += network->J[i * network->n + j] != 0;
    return count <= most ? count : BP_MANY;
}

fl_status bp_open(bp *b, const fl_network *network, double jd, bool linear) {
    size_t n = network->n;
    *b = (bp){.network = network, .kernel = fl_amp_choose(), .jd = jd, .linear = linear};
    b->m = calloc(n * n, sizeof *b->m);
    b->u = calloc(n * n, sizeof *b->u);
    b->own_m = calloc(8 * n, sizeof *b->own_m);
    b->few = calloc(n, sizeof *b->few);
    if (!b->m || !b->u || !b->own_m || !b->few) {
        bp_close(b);
        return fl_fail(FL_ENOMEM, "out of memory for all messages between %zu neurons", n);
    }
    double **const parts[] = {&b->own_u, &b->w, &b->V, &b->h, &b->e, &b->before, &b->log_z};
    for (size_t k = 0; k < 7; k++)
        *parts[k] = b->own_m + (k + 1) * n;
    for (size_t i = 0; i < n; i++)
        b->few[i] = neighbours_of(network, i, linear ? 0 : BP_FEW);
    return FL_OK;
}

void bp_close(bp *b) {
    free(b->m);
    free(b->u);
    free(b->own_m);
    free(b->few);
    memset(b, 0, sizeof *b);
}

/* All messages of neuron j are m. */
static void set_neuron(bp *b, size_t j, double m) {
    size_t n = b->network->n;
    for (size_t i = 0; i < n; i++) {
        b->m[i * n + j] = m;
        b->u[i * n + j] = 0;
    }
    b->own_m[j] = m;
    b->own_u[j] = b->e[j] = 0;
    b->h[j] = atanh(m);
}

void bp_start_random(bp *b, fl_rng *rng) {
    for (size_t j = 0; j < b->network->n; j++)
        set_neuron(b, j, start_size * (2 * fl_rng_uniform(rng) - 1));
    b->q = b->change = 0;
}

void bp_start_at(bp *b, const uint64_t *spins, double size) {
    for (size_t j = 0; j < b->network->n; j++)
        set_neuron(b, j, size * fl_spins_get(spins, j));
    b->q = b->change = 0;
}

/* w (with the input) and V of row i. */
static void gather_row(bp *b, size_t i) {
    size_t n = b->network->n;
    const double *J = b->network->J + i * n, *m = b->m + i * n;
    double w = b->network->input ? b->network->input[i] : 0, V = 0;
    for (size_t j = 0; j < n; j++) {
        w += J[j] * m[j];
        V += J[j] * J[j] * (1 - m[j] * m[j]);
    }
    b->w[i] = w;
    b->V[i] = V > least_variance ? V : least_variance;
}

/* u_ij = J_ij g - J_ij^2 m g', g and g' those of amp.h. */
static void answer_linearly(bp *b, size_t i, double threshold) {
    size_t n = b->network->n;
    const double *J = b->network->J + i * n, *m = b->m + i * n;
    double scale = 1 / sqrt(b->V[i]), x = (threshold + b->w[i]) * scale,
           y = (threshold - b->w[i]) * scale;
    double a = exp(-0.5 * x * x - fl_log_normal_cdf(x)) / sqrt(2 * M_PI);
    double c = exp(-0.5 * y * y - fl_log_normal_cdf(y)) / sqrt(2 * M_PI);
    double p =
        1 / (1 + exp(-2 * (atanh(fmin(fmax(b->own_m[i], -1 + 1e-15), 1 - 1e-15)) + b->own_u[i])));
    double g = (p * a - (1 - p) * c) * scale;
    double slope = -(p * x * a + (1 - p) * y * c) * scale * scale - g * g;
    for (size_t j = 0; j < n; j++)
        b->u[i * n + j] = J[j] * g - J[j] * J[j] * m[j] * slope;
}

static void answer_row(bp *b, size_t i) {
    size_t n = b->network->n;
    if (b->few[i] != BP_MANY) {
        bp_answer_exactly(b, i);
        return;
    }
    double threshold = b->network->diagonal[i] + b->jd, scale = 1 / sqrt(b->V[i]);
    b->own_u[i] = 0.5 * (fl_log_normal_cdf((threshold + b->w[i]) * scale) -
                         fl_log_normal_cdf((threshold - b->w[i]) * scale));
    if (b->linear) {
        answer_linearly(b, i, threshold);
        return;
    }
    b->kernel->answer(&(fl_bp_row){.J = b->network->J + i * n,
                                   .m = b->m + i * n,
                                   .u = b->u + i * n,
                                   .w = b->w[i],
                                   .V = b->V[i],
                                   .threshold = threshold,
                                   .own = b->own_m[i],
                                   .floor = least_variance},
                      n);
}

void bp_step(bp *b) {
    size_t n = b->network->n;
    double keep = b->damping, moved = 0, square = 0;
    for (size_t j = 0; j < n; j++)
        b->before[j] = tanh(b->h[j]);
    for (size_t i = 0; i < n; i++) {
        gather_row(b, i);
        answer_row(b, i);
    }
    for (size_t j = 0; j < n; j++)
        b->h[j] = b->e[j] + b->own_u[j];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            b->h[j] += b->u[i * n + j];
    for (size_t j = 0; j < n; j++) {
        b->h[j] = fmin(fmax(b->h[j], -most_field), most_field);
        double m = tanh(b->h[j]), own = b->own_m[j];
        b->own_m[j] = (1 - keep) * tanh(b->h[j] - b->own_u[j]) + keep * own;
        moved += fabs(m - b->before[j]);
        if (b->network->input) /* holds neurons still whose messages are not yet */
            moved += fabs(b->own_m[j] - own);
        square += m * m;
    }
    for (size_t i = 0; i < n; i++)
        b->kernel->send(b->h, b->u + i * n, b->m + i * n, n, keep);
    b->q = square / (double)n;
    b->change = moved / (double)n;
}

void bp_signs(const bp *b, uint64_t *spins) {
    memset(spins, 0, fl_spins_words(b->network->n) * sizeof *spins);
    for (size_t j = 0; j < b->network->n; j++)
        if (b->h[j] >= 0)
            fl_spins_flip(spins, j);
}

static double log_two_cosh(double x) {
    return fabs(x) + log1p(exp(-2 * fabs(x)));
}

static double log_factor(const bp *b, size_t i) {
    if (b->few[i] != BP_MANY)
        return b->log_z[i];
    double threshold = b->network->diagonal[i] + b->jd, scale = 1 / sqrt(b->V[i]);
    double plus = fl_log_normal_cdf((threshold + b->w[i]) * scale);
    double minus = fl_log_normal_cdf((threshold - b->w[i]) * scale);
    double p = 0.5 * (1 + b->own_m[i]), top = fmax(plus, minus);
    return top + log(p * exp(plus - top) + (1 - p) * exp(minus - top));
}

double bp_free_energy(const bp *b) {
    size_t n = b->network->n;
    double sum = 0;
    for (size_t j = 0; j < n; j++) {
        double h = b->h[j], whole = log_two_cosh(h);
        sum += log_factor(b, j) + whole - (whole - log_two_cosh(h - b->own_u[j]));
        for (size_t i = 0; i < n; i++)
            if (b->network->J[i * n + j] != 0)
                sum -= whole - log_two_cosh(h - b->u[i * n + j]);
    }
    return sum / (double)n;
}
