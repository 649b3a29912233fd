/* Dynamics on many networks: see access.h.
 *
 * A task is one network; it runs all algorithms, self-couplings and replicas. Its record, also that
 * of the checkpoint, is the array of outcomes, followed by the last configurations with `keep`.
 * With fewer tasks than threads the threads share the cells (algorithm, J_D) of a task instead. */
#include "fixland/access.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/replicas.h"
#include "fixland/spins.h"

/* Columns beyond this size are read once for all replicas. */
static const size_t cache_bytes = (size_t)6 << 20;

typedef struct loop {
    const fl_access_plan *plan;
    void *context;
    fl_status (*emit)(void *context, const fl_access_result *result);
    int inner_threads;
} loop;

static size_t cells(const fl_access_plan *plan) {
    return plan->algorithm_count * plan->jd_count;
}

static size_t runs(const fl_access_plan *plan) {
    return cells(plan) * plan->replicas;
}

/* The runs of one network. */
typedef struct bundle {
    const loop *l;
    fl_instance instance;
    const fl_network *network;
    const fl_columns *columns;
    fl_outcome *outcomes;
    uint64_t *spins; /* runs x words */
} bundle;

/* Run number `run` of the network. */
static fl_status start_access(const bundle *b, size_t run, uint64_t *spins) {
    const fl_access_plan *plan = b->l->plan;
    size_t n = b->network->n, words = fl_spins_words(n);
    size_t cell = run / plan->replicas, jd = cell % plan->jd_count;
    uint64_t sample = b->instance.sample, seed = plan->networks.seed,
             replica = run % plan->replicas;
    if (!plan->starts) {
        fl_start_random(spins, n, seed, sample, replica);
        return FL_OK;
    }
    size_t network = b->instance.n_index * fl_instances_samples(&plan->networks) + sample;
    const fl_starts *given = &plan->starts[network * plan->jd_count + jd];
    if (!given->count)
        return fl_fail(FL_EDOMAIN, "there is no start for sample %llu of %zu neurons",
                       (unsigned long long)sample, n);
    memcpy(spins, given->spins + replica % given->count * words, words * sizeof *spins);
    return fl_start_overlap(spins, n, plan->overlap, seed, sample, replica);
}

static bool is_ordered(const fl_dynamics *dynamics) {
    return dynamics->algorithm == FL_ASYNC || dynamics->algorithm == FL_SEQUENTIAL;
}

static fl_dynamics access_plan_of(const bundle *b, size_t cell, size_t replica) {
    const fl_access_plan *plan = b->l->plan;
    fl_dynamics dynamics = plan->dynamics;
    dynamics.algorithm = plan->algorithms[cell / plan->jd_count];
    dynamics.jd = plan->jd[cell % plan->jd_count];
    dynamics.seed = plan->networks.seed;
    dynamics.sample = b->instance.sample;
    dynamics.effort = plan->effort;
    dynamics.replica = is_ordered(&dynamics) ? 0 : replica; /* one order for all of a network */
    return dynamics;
}

/* Do the replicas of a cell read the columns together? */
static bool is_shared(const bundle *b, size_t cell) {
    fl_dynamics dynamics = access_plan_of(b, cell, 0);
    return is_ordered(&dynamics) && b->l->plan->replicas > 1 &&
           fl_columns_bytes(b->columns) > cache_bytes;
}

/* Cells first .. end - 1, together; one alone if its replicas share columns. */
static fl_status run_some(const bundle *b, size_t first, size_t end) {
    size_t words = fl_spins_words(b->network->n), replicas = b->l->plan->replicas;
    size_t begin = first * replicas, count = (end - first) * replicas;
    uint64_t *spins = b->spins + begin * words;
    fl_outcome *outcomes = b->outcomes + begin;
    fl_dynamics *plans = malloc(count * sizeof *plans);
    fl_status status = plans ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for %zu runs", count);
    for (size_t k = 0; k < count && status == FL_OK; k++) {
        plans[k] = access_plan_of(b, (begin + k) / replicas, (begin + k) % replicas);
        status = start_access(b, begin + k, spins + k * words);
    }
    if (status == FL_OK && is_shared(b, first))
        status = fl_dynamics_run_shared(b->columns, plans, replicas, spins, outcomes);
    else if (status == FL_OK)
        status = fl_dynamics_run_many(b->columns, plans, count, spins, outcomes);
    free(plans);
    return status;
}

/* All cells, together where one thread runs them and none shares columns; the failure of the
 * smallest is the one that is told. */
static fl_status run_cells(const bundle *b) {
    fl_status status = FL_OK;
    size_t all = cells(b->l->plan), failed = SIZE_MAX, together = all;
    char message[1024] = "";
    for (size_t cell = 0; cell < all; cell++)
        if (b->l->inner_threads > 1 || is_shared(b, cell))
            together = 1;
#pragma omp parallel for schedule(dynamic)                                                         \
    num_threads(b->l->inner_threads) if (b->l->inner_threads > 1)
    for (size_t first = 0; first < all; first += together) {
        fl_status one = run_some(b, first, first + together);
        if (one == FL_OK)
            continue;
#pragma omp critical(fl_access_failure)
        if (first < failed) {
            failed = first;
            status = one;
            snprintf(message, sizeof message, "%s", fl_message());
        }
    }
    return status == FL_OK ? FL_OK : fl_fail(status, "%s", message);
}

static double largest_jd(const fl_access_plan *plan) {
    double largest = 0;
    for (size_t k = 0; k < plan->jd_count; k++)
        largest = fmax(largest, fabs(plan->jd[k]));
    return largest;
}

static fl_status run_network(const loop *l, fl_instance instance, const fl_network *network,
                             fl_result *result) {
    size_t all = runs(l->plan), words = fl_spins_words(network->n);
    size_t head = all * sizeof(fl_outcome), body = all * words * sizeof(uint64_t);
    char *data = calloc(1, head + body);
    fl_columns *columns = NULL;
    if (!data)
        return fl_fail(FL_ENOMEM, "out of memory for %zu runs of %zu neurons", all, network->n);
    bundle b = {l, instance, network, NULL, (void *)data, (void *)(data + head)};
    fl_status status = fl_columns_new(&columns, network, largest_jd(l->plan));
    b.columns = columns;
    if (status == FL_OK)
        status = run_cells(&b);
    fl_columns_free(columns);
    if (status == FL_OK)
        *result = (fl_result){data, l->plan->keep ? head + body : head};
    else
        free(data);
    return status;
}

static fl_status run_task(uint64_t task, void *context, fl_result *result) {
    const loop *l = context;
    fl_instance instance = fl_instances_get(&l->plan->networks, task);
    fl_network network;
    FL_CHECK(fl_instances_draw(&l->plan->networks, &instance, &network));
    fl_status status = run_network(l, instance, &network, result);
    fl_network_clear(&network);
    return status;
}

static size_t record_length(uint64_t task, void *context, bool kept) {
    const loop *l = context;
    fl_instance instance = fl_instances_get(&l->plan->networks, task);
    size_t words = fl_spins_words(fl_instances_neurons(&l->plan->networks, instance.n_index));
    return runs(l->plan) * (sizeof(fl_outcome) + (kept ? words * sizeof(uint64_t) : 0));
}

static fl_status emit_outcomes(uint64_t task, void *context, const void *data, size_t length) {
    const loop *l = context;
    const char *bytes = data;
    size_t head = runs(l->plan) * sizeof(fl_outcome);
    fl_network network = {0};
    fl_instance instance = fl_instances_get(&l->plan->networks, task);
    fl_access_result result = {
        .n_index = instance.n_index, .sample = instance.sample, .outcomes = data};
    if (l->plan->keep) {
        FL_CHECK(fl_instances_draw(&l->plan->networks, &instance, &network));
        result.network = &network;
        result.spins = (const void *)(bytes + head);
    }
    (void)length; /* is record_length(), at least without what is kept */
    fl_status status = l->emit(l->context, &result);
    fl_network_clear(&network);
    return status;
}

fl_status fl_access_samples(const fl_access_plan *plan, void *context,
                            fl_status (*emit_sample)(void *, const fl_access_result *)) {
    loop l = {plan, context, emit_sample, 1};
    uint64_t tasks = fl_instances_count(&plan->networks);
    bool within = tasks < (uint64_t)plan->effort.threads;
    FL_CHECK(fl_instances_check(&plan->networks, SIZE_MAX));
    if (runs(plan) == 0)
        return fl_fail(FL_EINVAL, "nothing to run: no algorithm, self-coupling or replica");
    l.inner_threads = within ? plan->effort.threads : 1;
    fl_replicas replicas = {
        .tasks = tasks,
        .effort = plan->effort,
        .context = &l,
        .work = run_task,
        .emit = emit_outcomes,
        .record = {"runs of a network", plan->keep ? "configurations" : NULL, true, record_length},
        .journal = plan->journal};
    if (within)
        replicas.effort.threads = 1;
    return fl_replicas_run(&replicas);
}
