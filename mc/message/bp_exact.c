/* Rows of belief propagation with few neighbours, summed over all their 2^(neighbours + 1)
 * configurations: exact on trees, where the central limit is not. See bp.h. */
#include <math.h>

#include "mc/message/bp.h"

/* The variables of a factor: the neighbours, then the neuron itself. */
typedef struct factor {
    size_t count, column[BP_FEW + 1];
    double J[BP_FEW + 1], m[BP_FEW + 1];
    double threshold, input;
    double Z[BP_FEW + 1][2]; /* weight of the others where variable v is down, up */
    double all;
} factor;

static factor factor_of(const bp *b, size_t i) {
    size_t n = b->network->n;
    factor f = {.threshold = b->network->diagonal[i] + b->jd,
                .input = b->network->input ? b->network->input[i] : 0};
    for (size_t j = 0; j < n; j++)
        if (b->network->J[i * n + j] != 0) {
            f.column[f.count] = j;
            f.J[f.count] = b->network->J[i * n + j];
            f.m[f.count++] = b->m[i * n + j];
        }
    f.column[f.count] = i;
    f.m[f.count++] = b->own_m[i];
    return f;
}

static bool satisfied(const factor *f, unsigned up) {
    double field = f->input;
    for (size_t v = 0; v + 1 < f->count; v++)
        field += up >> v & 1 ? f->J[v] : -f->J[v];
    return (up >> (f->count - 1) & 1 ? field : -field) + f->threshold >= 0;
}

static double weight_of(const factor *f, unsigned up, size_t v) {
    return up >> v & 1 ? 0.5 * (1 + f->m[v]) : 0.5 * (1 - f->m[v]);
}

/* Adds one configuration: products over all variables but one, from both ends. */
static void add_configuration(factor *f, unsigned up) {
    double before[BP_FEW + 2] = {1}, behind = 1;
    for (size_t v = 0; v < f->count; v++)
        before[v + 1] = before[v] * weight_of(f, up, v);
    f->all += before[f->count];
    for (size_t v = f->count; v-- > 0;) {
        f->Z[v][up >> v & 1] += before[v] * behind;
        behind *= weight_of(f, up, v);
    }
}

void bp_answer_exactly(bp *b, size_t i) {
    static const double least = 1e-30; /* a variable that is held fast: a field of 34 */
    size_t n = b->network->n;
    factor f = factor_of(b, i);
    for (unsigned up = 0; up < 1u << f.count; up++)
        if (satisfied(&f, up))
            add_configuration(&f, up);
    for (size_t j = 0; j < n; j++)
        b->u[i * n + j] = 0;
    for (size_t v = 0; v < f.count; v++) {
        double u = 0.5 * log(fmax(f.Z[v][1], least) / fmax(f.Z[v][0], least));
        if (f.column[v] == i)
            b->own_u[i] = u;
        else
            b->u[i * n + f.column[v]] = u;
    }
    b->log_z[i] = log(fmax(f.all, least));
}
