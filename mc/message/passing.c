/* Message passing by any engine: see passing.h. */
#include "mc/message/passing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"

static const char *const engine_names[] = {"auto", "amp", "bp", "linear"};

const char *fl_message_engine_name(fl_message_engine engine) {
    return engine_names[engine];
}

/* Fraction of couplings that are not zero, and corr(J_ij, J_ji). */
static void look_at(const fl_network *network, double *dense, double *symmetric) {
    size_t n = network->n, there = 0;
    double square = 0, product = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double a = network->J[i * n + j];
            there += a != 0;
            square += a * a;
            product += a * network->J[j * n + i];
        }
    *dense = n > 1 ? (double)there / ((double)n * (double)(n - 1)) : 0;
    *symmetric = square > 0 ? product / square : 0;
}

fl_status fl_message_engine_for(const fl_network *network, fl_message_engine wanted,
                                fl_message_engine *engine) {
    double dense, symmetric, n = (double)network->n;
    *engine = wanted;
    if (wanted != FL_ENGINE_AUTO && wanted != FL_AMP)
        return FL_OK;
    look_at(network, &dense, &symmetric);
    bool sparse = dense<0.5, tied = fabs(symmetric)> fmax(0.05, 8 / n);
    if (wanted == FL_ENGINE_AUTO) {
        bool given_over = sparse || tied || network->input || network->n < FL_MESSAGE_AMP_LEAST;
        *engine = given_over ? FL_BP : FL_AMP;
        return FL_OK;
    }
    if (network->input)
        return fl_fail(FL_EDOMAIN, "engine amp knows no input: use bp");
    if (sparse)
        return fl_fail(FL_EDOMAIN,
                       "engine amp assumes dense couplings; %.3g of them are not zero: use bp",
                       dense);
    if (tied)
        return fl_fail(FL_EDOMAIN,
                       "engine amp assumes J_ij and J_ji to be independent; their correlation is "
                       "%.3g: use bp",
                       symmetric);
    return FL_OK;
}

static bool is_amp(const passing *p) {
    return p->engine == FL_AMP;
}

fl_status passing_open(passing *p, const fl_network *network, fl_message_engine engine, double jd,
                       size_t lanes, passing_precision precision) {
    *p = (passing){.network = network, .n = network->n, .lanes = 1};
    for (size_t l = 0; l < AMP_LANES; l++)
        p->jd[l] = jd;
    FL_CHECK(fl_message_engine_for(network, engine, &p->engine));
    if (is_amp(p)) {
        p->lanes = lanes;
        FL_CHECK(couplings_of_network(&p->c, network, jd));
        if (precision == PASSING_SHORTS)
            FL_CHECK(couplings_shorten(&p->c));
        fl_status status = amp_open(&p->a, &p->c, lanes);
        if (status != FL_OK)
            couplings_clear(&p->c);
        return status;
    }
    p->seen = calloc(fl_spins_words(network->n), sizeof *p->seen);
    if (!p->seen)
        return fl_fail(FL_ENOMEM, "out of memory for messages between %zu neurons", network->n);
    fl_status status = bp_open(&p->b, network, jd, p->engine == FL_BP_LINEAR);
    if (status != FL_OK)
        free(p->seen);
    return status;
}

fl_status passing_open_patterns(passing *p, int8_t *entries, size_t patterns, size_t n,
                                double margin, size_t lanes, passing_precision precision) {
    *p = (passing){.n = n, .lanes = lanes, .engine = FL_AMP, .margin = margin};
    FL_CHECK(couplings_of_patterns(&p->c, entries, patterns, n, margin));
    if (precision == PASSING_SHORTS)
        FL_CHECK(couplings_shorten(&p->c));
    fl_status status = amp_open(&p->a, &p->c, lanes);
    if (status == FL_OK)
        p->entries = entries;
    else
        couplings_clear(&p->c);
    return status;
}

void passing_close(passing *p) {
    if (is_amp(p)) {
        amp_close(&p->a);
        couplings_clear(&p->c);
    } else {
        bp_close(&p->b);
        free(p->seen);
    }
    free(p->entries);
    fl_violation_columns_free(p->repairs);
}

void passing_tune(passing *p, size_t lane, double jd) {
    p->jd[lane] = jd;
    if (!is_amp(p))
        p->b.jd = jd;
    else if (p->network)
        amp_tune(&p->a, lane, p->network->diagonal, jd);
}

bool passing_ready(const passing *p) {
    return !is_amp(p) || amp_ready(&p->a);
}

void passing_start_random(passing *p, size_t lane, fl_rng *rng) {
    if (is_amp(p))
        amp_start_random(&p->a, lane, rng);
    else
        bp_start_random(&p->b, rng);
}

void passing_start_at(passing *p, const uint64_t *spins, double size) {
    if (is_amp(p))
        amp_start_at(&p->a, spins, size);
    else
        bp_start_at(&p->b, spins, size);
}

void passing_set(passing *p, double damping, unsigned refresh) {
    p->a.refresh = refresh;
    p->a.damping = (float)damping;
    p->b.damping = damping;
}

/* Unstable neurons of the signs of h. */
static void bp_look(passing *p) {
    bp_signs(&p->b, p->seen);
    fl_network_alignment(p->network, p->seen, p->b.before);
    p->unstable = 0;
    for (size_t i = 0; i < p->n; i++)
        p->unstable += p->b.before[i] + p->jd[0] < 0;
}

void passing_step(passing *p, bool look) {
    if (is_amp(p)) {
        amp_step(&p->a, look);
        return;
    }
    if (look)
        bp_look(p);
    bp_step(&p->b);
}

/* Patterns with sum_j w_j xi_j < margin sqrt n: sums of integers. */
static size_t patterns_violated(const passing *p, const uint64_t *spins) {
    double least = p->margin * sqrt((double)p->n);
    size_t count = 0;
    for (size_t mu = 0; mu < p->c.rows; mu++) {
        int64_t sum = 0;
        for (size_t j = 0; j < p->n; j++)
            sum += fl_spins_get(spins, j) * p->entries[mu * p->n + j];
        count += (double)sum < least;
    }
    return count;
}

size_t passing_violated(const passing *p, size_t lane, const uint64_t *spins) {
    if (p->entries)
        return patterns_violated(p, spins);
    size_t count = 0;
    for (size_t i = 0; i < p->n; i++)
        count += !fl_network_stable(p->network, spins, i, p->jd[lane]);
    return count;
}

size_t passing_unstable(const passing *p, size_t lane) {
    return is_amp(p) ? p->a.unstable[lane] : p->unstable;
}

void passing_seen(const passing *p, size_t lane, uint64_t *spins) {
    if (!is_amp(p)) {
        memcpy(spins, p->seen, fl_spins_words(p->n) * sizeof *spins);
        return;
    }
    amp_seen(&p->a, lane, spins);
}

void passing_signs(const passing *p, size_t lane, uint64_t *spins) {
    if (is_amp(p))
        amp_signs(&p->a, lane, spins);
    else
        bp_signs(&p->b, spins);
}

double passing_q(const passing *p, size_t lane) {
    return is_amp(p) ? p->a.q[lane] : p->b.q;
}

double passing_change(const passing *p, size_t lane) {
    return is_amp(p) ? p->a.change[lane] : p->b.change;
}

void passing_reinforce(passing *p, const double *rho) {
    if (!is_amp(p)) {
        for (size_t j = 0; j < p->n; j++)
            p->b.e[j] = *rho * p->b.h[j];
        return;
    }
    amp_reinforce(&p->a, rho);
}

void passing_focus(passing *p, const double *g, double y) {
    if (is_amp(p)) {
        amp_focus(&p->a, g, y);
        return;
    }
    double t = tanh(*g), most = 1 - 1e-15;
    for (size_t j = 0; j < p->n; j++) {
        double inner = atanh(fmin(fmax(t * tanh(p->b.h[j] - p->b.e[j]), -most), most));
        p->b.e[j] = atanh(fmin(fmax(t * tanh((y - 1) * inner), -most), most));
    }
}

void passing_pull(passing *p, const uint64_t *spins, double gamma) {
    for (size_t j = 0; j < p->n; j++) {
        double e = gamma * fl_spins_get(spins, j);
        if (is_amp(p))
            p->a.e[j] = (float)e;
        else
            p->b.e[j] = e;
    }
}

double passing_overlap(const passing *p, const uint64_t *spins) {
    double sum = 0;
    for (size_t j = 0; j < p->n; j++)
        sum += fl_spins_get(spins, j) * (is_amp(p) ? (double)p->a.m[j] : tanh(p->b.h[j]));
    return sum / (double)p->n;
}

double passing_free_energy(passing *p) {
    return is_amp(p) ? amp_free_energy(&p->a) : bp_free_energy(&p->b);
}
