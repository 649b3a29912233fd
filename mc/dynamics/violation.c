/* Searches on the cost of violated conditions: see violation.h.
 *
 * Most proposals would make the neuron itself unstable and are refused by what that costs: while
 * few neurons are unstable, the cost of those few and of the neuron itself is a lower bound of the
 * cost after the flip, found without a pass over the column. */
#include "fixland/violation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/rng.h"
#include "fixland/spins.h"
#include "src/kernel/penalty.h"

/* Beyond so many unstable neurons the bound is not worth its price. */
enum { FEW = 16 };

struct fl_violation_columns {
    const fl_network *network;
    size_t n, stride;
    float *data; /* column k: J_ik at [k * stride + i] */
};

static void *lines_of(size_t count) {
    size_t bytes = (count * sizeof(float) + 63) / 64 * 64;
    void *x = aligned_alloc(64, bytes);
    if (x)
        memset(x, 0, bytes);
    return x;
}

fl_status fl_violation_columns_new(fl_violation_columns **columns, const fl_network *network) {
    size_t n = network->n, stride = (n + 31) / 32 * 32;
    fl_violation_columns *c = calloc(1, sizeof *c);
    float *data = lines_of(n * stride);
    *columns = NULL;
    if (!c || !data) {
        free(c);
        free(data);
        return fl_fail(FL_ENOMEM, "out of memory for the columns of %zu neurons", n);
    }
    *c = (fl_violation_columns){network, n, stride, data};
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            data[k * stride + i] = (float)network->J[i * n + k];
    *columns = c;
    return FL_OK;
}

void fl_violation_columns_free(fl_violation_columns *columns) {
    if (columns)
        free(columns->data);
    free(columns);
}

typedef struct search {
    const fl_violation_columns *c;
    const fl_violation *plan;
    const fl_penalty_kernel *kernel;
    uint64_t *spins;
    float *A, *s;   /* alignments with the self-coupling; spins; stride */
    float *twice;   /* 2 (diagonal + J_D) */
    uint32_t *list; /* unstable neurons, ascending */
    size_t unstable;
    double energy;
    uint64_t flips;
    fl_rng rng;
} search;

static double cost_of(const search *w, double A) {
    return A < 0 ? w->plan->base - w->plan->slope * A : 0;
}

/* The list of unstable neurons and the cost, from the alignments. */
static void take_stock(search *w) {
    w->unstable = 0;
    w->energy = 0;
    for (size_t i = 0; i < w->c->n; i++)
        if (w->A[i] < 0) {
            w->list[w->unstable++] = (uint32_t)i;
            w->energy += cost_of(w, w->A[i]);
        }
}

/* Alignments afresh, from sums in double. */
static fl_status recompute(search *w) {
    size_t n = w->c->n;
    double *local = malloc(n * sizeof *local);
    if (!local)
        return fl_fail(FL_ENOMEM, "out of memory for the fields of %zu neurons", n);
    fl_network_alignment(w->c->network, w->spins, local);
    for (size_t i = 0; i < w->c->stride; i++) {
        w->A[i] = i < n ? (float)(local[i] + w->plan->jd) : 1e30f;
        w->s[i] = i < n ? (float)fl_spins_get(w->spins, i) : 0;
    }
    free(local);
    take_stock(w);
    return FL_OK;
}

static void search_close(search *w) {
    free(w->A);
    free(w->s);
    free(w->twice);
    free(w->list);
}

static fl_status search_open(search *w, const fl_violation_columns *c, const fl_violation *plan,
                             uint64_t *spins) {
    *w = (search){.c = c, .plan = plan, .kernel = fl_penalty_choose(), .spins = spins};
    w->rng =
        fl_rng_stream(plan->seed, FL_PURPOSE_DYNAMICS, plan->sample, plan->replica << 32 | c->n);
    fl_rng_sub(&w->rng, UINT64_C(1) << 40); /* sweeps of other dynamics have the ones below */
    w->A = lines_of(c->stride);
    w->s = lines_of(c->stride);
    w->twice = lines_of(c->stride);
    w->list = calloc(c->n, sizeof *w->list);
    fl_status status = w->A && w->s && w->twice && w->list
                           ? recompute(w)
                           : fl_fail(FL_ENOMEM, "out of memory for a search of %zu neurons", c->n);
    for (size_t i = 0; status == FL_OK && i < c->n; i++)
        w->twice[i] = (float)(2 * (c->network->diagonal[i] + plan->jd));
    if (status != FL_OK)
        search_close(w);
    return status;
}

/* A lower bound of the cost after a flip of neuron k. */
static double at_least(const search *w, size_t k) {
    const float *column = w->c->data + k * w->c->stride;
    double sum = cost_of(w, w->twice[k] - w->A[k]);
    float t = 2 * w->s[k];
    for (size_t u = 0; u < w->unstable; u++) {
        size_t i = w->list[u];
        if (i != k)
            sum += cost_of(w, w->A[i] - t * (w->s[i] * column[i]));
    }
    return sum;
}

static double after(const search *w, size_t k) {
    const float *column = w->c->data + k * w->c->stride;
    double all = w->kernel->after(w->A, w->s, column, w->c->stride, 2 * w->s[k],
                                  (float)w->plan->base, (float)w->plan->slope);
    return all - cost_of(w, w->A[k]) + cost_of(w, w->twice[k] - w->A[k]);
}

static void flip(search *w, size_t k) {
    w->kernel->apply(w->A, w->s, w->c->data + k * w->c->stride, w->c->stride, 2 * w->s[k]);
    w->A[k] = w->twice[k] - w->A[k];
    w->s[k] = -w->s[k];
    fl_spins_flip(w->spins, k);
    w->flips++;
    take_stock(w);
}

static void propose(search *w, size_t k, double temperature) {
    double most = w->energy - log(fl_rng_uniform(&w->rng)) * temperature;
    if (w->unstable <= FEW && at_least(w, k) > most)
        return;
    if (after(w, k) <= most)
        flip(w, k);
}

/* A neuron to flip for the sake of unstable neuron i. */
static size_t helper_of(search *w, size_t i) {
    size_t n = w->c->n;
    for (size_t tries = 0; tries < 64; tries++) {
        size_t k = fl_rng_below(&w->rng, n);
        if (k == i || w->s[k] * w->s[i] * w->c->data[k * w->c->stride + i] < 0)
            return k;
    }
    return i;
}

/* `true`: at a fixed point. Rounding may say so too early: then fields are computed afresh, and if
 * they say so again, the neurons that are not stable exactly count as unstable. */
static fl_status arrived(search *w, bool *is) {
    *is = false;
    if (w->unstable)
        return FL_OK;
    *is = fl_network_is_fixed_point(w->c->network, w->spins, w->plan->jd) != 0;
    if (*is)
        return FL_OK;
    FL_CHECK(recompute(w));
    for (size_t i = 0; i < w->c->n && !w->unstable; i++)
        if (!fl_network_stable(w->c->network, w->spins, i, w->plan->jd)) {
            w->A[i] = -1e-30f;
            take_stock(w);
        }
    return FL_OK;
}

static fl_status sweep_violation(search *w, double temperature, bool *done) {
    for (size_t k = 0; k < w->c->n && !*done; k++) {
        uint64_t before = w->flips;
        if (w->plan->search == FL_VIOLATION_ANNEAL)
            propose(w, k, temperature);
        else
            propose(w, helper_of(w, w->list[fl_rng_below(&w->rng, w->unstable)]), temperature);
        if (w->flips != before)
            FL_CHECK(arrived(w, done));
    }
    return FL_OK;
}

static double temperature_of(const fl_violation *plan, uint64_t t) {
    if (plan->sweeps == 1)
        return plan->hot;
    return plan->hot * pow(plan->cold / plan->hot, (double)t / (double)(plan->sweeps - 1));
}

static fl_status tell(const search *w, uint64_t sweeps) {
    const fl_violation *plan = w->plan;
    return plan->observe ? plan->observe(plan->context, sweeps, w->spins, w->unstable, w->flips)
                         : FL_OK;
}

static fl_status search_run(search *w, fl_violation_outcome *o) {
    FL_CHECK(arrived(w, &o->reached));
    FL_CHECK(tell(w, 0));
    for (uint64_t t = 0; t < w->plan->sweeps && !o->reached; t++) {
        if (fl_effort_stopped(&w->plan->effort))
            return fl_fail(FL_STOPPED, "stopped after %llu sweeps", (unsigned long long)t);
        FL_CHECK(sweep_violation(w, temperature_of(w->plan, t), &o->reached));
        o->sweeps = t + 1;
        FL_CHECK(tell(w, o->sweeps));
    }
    o->flips = w->flips;
    o->unstable = w->unstable;
    return FL_OK;
}

static fl_status violation_check(const fl_violation *plan) {
    if (!(plan->base >= 0 && plan->slope >= 0 && plan->base + plan->slope > 0 &&
          isfinite(plan->base + plan->slope)))
        return fl_fail(FL_EINVAL,
                       "a cost of %g + %g |s f|; allowed: numbers >= 0, one of them above 0",
                       plan->base, plan->slope);
    if (!(plan->cold > 0 && plan->hot >= plan->cold && isfinite(plan->hot)))
        return fl_fail(FL_EINVAL, "temperatures from %g to %g; allowed: falling, above 0",
                       plan->hot, plan->cold);
    if (plan->sweeps == 0 || !isfinite(plan->jd))
        return fl_fail(FL_EINVAL, "%llu sweeps at J_D = %g; allowed: at least 1, a finite J_D",
                       (unsigned long long)plan->sweeps, plan->jd);
    return FL_OK;
}

fl_status fl_violation_run(const fl_violation_columns *columns, const fl_violation *plan,
                           uint64_t *spins, fl_violation_outcome *outcome) {
    search w;
    *outcome = (fl_violation_outcome){.reached = false};
    FL_CHECK(violation_check(plan));
    FL_CHECK(search_open(&w, columns, plan, spins));
    fl_status status = search_run(&w, outcome);
    search_close(&w);
    return status;
}
