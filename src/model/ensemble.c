/* Random ensembles of networks: see network.h.
 *
 * Coupling (i, j) of module l is one draw of stream (seed, COUPLINGS, sample, replica), sub-stream
 * i: couplings of one row are consecutive draws, so any row can be drawn alone. The replica number
 * holds the size and the module, which makes networks of different size, and modules, independent.
 * With eta != 0 the pair (x, y) of draws of (i, j) and (j, i), i < j, becomes
 *   Gaussian:  J_ij = x,  J_ji = eta x + sqrt(1 - eta^2) y;
 *   binary:    J_ij = sign x,  J_ji = J_ij with probability (1 + eta)/2, else -J_ij (from y),
 * both of correlation eta. */
#include "fixland/network.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/rng.h"

fl_status fl_ensemble_check(const fl_ensemble *ensemble) {
    if (!(ensemble->eta >= -1 && ensemble->eta <= 1))
        return fl_fail(FL_EINVAL, "eta is %g; a correlation lies in [-1, 1]", ensemble->eta);
    if (!(ensemble->dilution > 0 && ensemble->dilution <= 1))
        return fl_fail(FL_EINVAL, "the dilution is %g; it is a fraction in (0, 1]",
                       ensemble->dilution);
    if (ensemble->modules < 1 || ensemble->modules > 1 << 20)
        return fl_fail(FL_EINVAL, "%zu modules; a chain has at least one", ensemble->modules);
    if (!isfinite(ensemble->lambda))
        return fl_fail(FL_EINVAL, "lambda is %g; it must be finite", ensemble->lambda);
    return FL_OK;
}

fl_status fl_ensemble_describe(const fl_ensemble *ensemble, fl_meta *meta) {
    const char *name = ensemble->distribution == FL_BINARY ? "binary" : "gaussian";
    const char *variance = ensemble->variance == FL_VARIANCE_N ? "n" : "n-1";
    FL_CHECK(fl_meta_set(meta, "ensemble", "%s", name));
    FL_CHECK(fl_meta_set(meta, "variance", "%s", variance));
    FL_CHECK(fl_meta_set_real(meta, "eta", ensemble->eta));
    FL_CHECK(fl_meta_set_real(meta, "dilution", ensemble->dilution));
    FL_CHECK(fl_meta_set(meta, "modules", "%zu", ensemble->modules));
    return fl_meta_set_real(meta, "lambda", ensemble->lambda);
}

/* The text of a key: FL_EMISMATCH without it. */
static fl_status told(const fl_meta *meta, const char *key, const char **text) {
    *text = fl_meta_get(meta, key);
    return *text ? FL_OK : fl_fail(FL_EMISMATCH, "the provenance does not tell its %s", key);
}

static fl_status told_real(const fl_meta *meta, const char *key, double *value) {
    const char *text;
    char *end;
    FL_CHECK(told(meta, key, &text));
    *value = strtod(text, &end);
    return end != text && !*end
               ? FL_OK
               : fl_fail(FL_EMISMATCH, "the provenance tells %s: %.40s, which is no number", key,
                         text);
}

/* Which of two words; *second tells. */
static fl_status told_word(const fl_meta *meta, const char *key, const char *one, const char *two,
                           bool *second) {
    const char *text;
    FL_CHECK(told(meta, key, &text));
    *second = strcmp(text, two) == 0;
    return *second || strcmp(text, one) == 0
               ? FL_OK
               : fl_fail(FL_EMISMATCH, "the provenance tells %s: %.40s; allowed: %s, %s", key, text,
                         one, two);
}

fl_status fl_ensemble_from_meta(fl_ensemble *ensemble, const fl_meta *meta) {
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    bool binary, less;
    double modules;
    FL_CHECK(told_word(meta, "ensemble", "gaussian", "binary", &binary));
    FL_CHECK(told_word(meta, "variance", "n", "n-1", &less));
    FL_CHECK(told_real(meta, "eta", &e.eta));
    FL_CHECK(told_real(meta, "dilution", &e.dilution));
    FL_CHECK(told_real(meta, "modules", &modules));
    FL_CHECK(told_real(meta, "lambda", &e.lambda));
    e.distribution = binary ? FL_BINARY : FL_GAUSSIAN;
    e.variance = less ? FL_VARIANCE_N_MINUS_1 : FL_VARIANCE_N;
    e.modules = modules >= 1 && modules <= 1 << 20 ? (size_t)modules : 0;
    FL_CHECK(fl_ensemble_check(&e));
    *ensemble = e;
    return FL_OK;
}

/* Standard deviation of a kept coupling. */
double fl_ensemble_scale(const fl_ensemble *ensemble, size_t n) {
    double denominator = ensemble->variance == FL_VARIANCE_N ? (double)n : (double)n - 1;
    return denominator > 0 ? 1 / sqrt(ensemble->dilution * denominator) : 0;
}

typedef struct module {
    fl_network *network;
    size_t first, n; /* neurons first .. first + n - 1 */
} module;

static double *coupling(const module *m, size_t i, size_t j) {
    return m->network->J + (m->first + i) * m->network->n + m->first + j;
}

static void scale_row(const module *m, size_t i, double factor) {
    double *row = coupling(m, i, 0);
    for (size_t j = 0; j < m->n; j++)
        row[j] *= factor;
}

/* Where rows have nothing to do with one another they are scaled as they are drawn, in cache. */
static bool rows_apart(const fl_ensemble *ensemble) {
    return ensemble->distribution == FL_GAUSSIAN && ensemble->eta == 0;
}

/* Independent draws: standard normals, or uniforms for the binary ensemble. A row is drawn without
 * the diagonal, then parted there. */
static void draw_rows(const module *m, const fl_ensemble *ensemble, fl_rng rng) {
    for (size_t i = 0; i < m->n; i++) {
        double *row = coupling(m, i, 0);
        fl_rng_sub(&rng, i);
        if (ensemble->distribution == FL_BINARY)
            for (size_t j = 0; j + 1 < m->n; j++)
                row[j] = fl_rng_uniform(&rng);
        else
            fl_rng_gauss_fill(&rng, m->n - 1, row);
        memmove(row + i + 1, row + i, (m->n - 1 - i) * sizeof *row);
        row[i] = 0;
        if (rows_apart(ensemble))
            scale_row(m, i, fl_ensemble_scale(ensemble, m->n));
    }
}

static void correlate_gaussian(const module *m, double eta) {
    double rest = sqrt((1 - eta) * (1 + eta));
    if (eta == 0)
        return;
    for (size_t i = 0; i < m->n; i++)
        for (size_t j = i + 1; j < m->n; j++)
            *coupling(m, j, i) = eta * *coupling(m, i, j) + rest * *coupling(m, j, i);
}

static void correlate_binary(const module *m, double eta) {
    for (size_t i = 0; i < m->n; i++)
        for (size_t j = i + 1; j < m->n; j++) {
            double *forth = coupling(m, i, j), *back = coupling(m, j, i);
            *forth = *forth < 0.5 ? 1 : -1;
            *back = *back < (1 + eta) / 2 ? *forth : -*forth;
        }
}

static void dilute(const module *m, const fl_ensemble *ensemble, fl_rng rng) {
    if (ensemble->dilution >= 1)
        return;
    for (size_t i = 0; i < m->n; i++) {
        fl_rng_sub(&rng, i);
        for (size_t j = 0; j < m->n; j++) {
            if (j == i)
                continue;
            int kept = fl_rng_uniform(&rng) < ensemble->dilution;
            if (ensemble->eta == 0 && !kept)
                *coupling(m, i, j) = 0;
            else if (ensemble->eta != 0 && i < j && !kept)
                *coupling(m, i, j) = *coupling(m, j, i) = 0;
        }
    }
}

static void draw_module(const module *m, const fl_ensemble *ensemble, uint64_t seed,
                        uint64_t sample, size_t index) {
    uint64_t replica = (uint64_t)index << 32 | m->n;
    fl_rng values = fl_rng_stream(seed, FL_PURPOSE_COUPLINGS, sample, replica);
    fl_rng kept = fl_rng_stream(seed, FL_PURPOSE_DILUTION, sample, replica);
    draw_rows(m, ensemble, values);
    if (ensemble->distribution == FL_BINARY)
        correlate_binary(m, ensemble->eta);
    else
        correlate_gaussian(m, ensemble->eta);
    dilute(m, ensemble, kept);
    for (size_t i = 0; i < m->n && !rows_apart(ensemble); i++)
        scale_row(m, i, fl_ensemble_scale(ensemble, m->n));
}

fl_status fl_network_draw(fl_network *network, const fl_ensemble *ensemble, size_t n, uint64_t seed,
                          uint64_t sample) {
    FL_CHECK(fl_ensemble_check(ensemble));
    size_t most = SIZE_MAX / ensemble->modules;
    FL_CHECK(fl_network_new(network, n > most ? SIZE_MAX : n * ensemble->modules));
    for (size_t l = 0; l < ensemble->modules; l++) {
        module m = {network, l * n, n};
        draw_module(&m, ensemble, seed, sample, l);
    }
    for (size_t i = 0; i + n < network->n; i++) {
        network->J[i * network->n + i + n] = ensemble->lambda;
        network->J[(i + n) * network->n + i] = ensemble->lambda;
    }
    return FL_OK;
}
