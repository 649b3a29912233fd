/* Numbering of tasks: see tasks.h. */
#include "mc/enumerate/tasks.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "mc/enumerate/engine.h"
#include "mc/enumerate/probe.h"

fl_status tasks_draw(const fl_sample_plan *plan, const fl_instance *instance, fl_network *network) {
    fl_network drawn;
    if (!fl_instances_driven(&plan->networks))
        return fl_instances_draw(&plan->networks, instance, network);
    FL_CHECK(fl_instances_draw(&plan->networks, instance, &drawn));
    fl_status status = fl_network_extended(network, &drawn);
    fl_network_clear(&drawn);
    return status;
}

/* Is it worth while to look at the networks? With many samples there are parts enough. */
static bool is_long(const tasks *t, const struct tasks_size *s, fl_method method) {
    static const double seconds = 8192; /* 2^10 parts of eight */
    enum { FEW = 64 };
    return method == FL_METHOD_TREE && !t->plan->limit && s->cost > seconds &&
           s->bits < ENGINE_MOST_BITS && fl_instances_samples(&t->plan->networks) <= FEW;
}

static fl_status probe_size(tasks *t, size_t k, const double *jd) {
    struct tasks_size *s = &t->size[k];
    uint64_t samples = fl_instances_samples(&t->plan->networks);
    s->begin = calloc(samples + 1, sizeof *s->begin);
    if (!s->begin)
        return fl_fail(FL_ENOMEM, "out of memory for %" PRIu64 " samples", samples);
    for (uint64_t sample = 0; sample < samples; sample++) {
        fl_network network;
        unsigned bits;
        FL_CHECK(tasks_draw(t->plan, &(fl_instance){k, sample}, &network));
        fl_status status = probe_bits(&network, jd, t->plan->jd_count, s->bits, ENGINE_MOST_BITS,
                                      &t->plan->effort, &bits);
        fl_network_clear(&network);
        FL_CHECK(status);
        s->begin[sample + 1] = s->begin[sample] + (UINT64_C(1) << bits);
    }
    return FL_OK;
}

/* Tasks of a size. */
static fl_status cut_size(tasks *t, size_t k, const double *jd, unsigned __int128 *count) {
    const fl_sample_plan *plan = t->plan;
    struct tasks_size *s = &t->size[k];
    double largest = jd[plan->jd_count - 1];
    uint64_t samples = fl_instances_samples(&plan->networks);
    s->neurons = fl_instances_searched(&plan->networks, k);
    fl_method method = engine_method(plan->method, s->neurons, largest);
    s->bits = engine_bits(method, s->neurons, largest);
    s->cost = engine_cost(method, s->neurons, largest) + 1e-5;
    if (is_long(t, s, method))
        FL_CHECK(probe_size(t, k, jd));
    *count = s->begin ? s->begin[samples] : (unsigned __int128)samples << s->bits;
    return FL_OK;
}

static fl_status number(tasks *t, const double *jd) {
    const fl_sample_plan *plan = t->plan;
    unsigned __int128 first = 0, count = 0;
    for (size_t k = 0; k <= t->sizes; k++) {
        struct tasks_size *s = &t->size[k];
        s->first = (uint64_t)first;
        s->done = k ? s[-1].done + s[-1].cost * (double)fl_instances_samples(&plan->networks) : 0;
        if (k == t->sizes)
            break;
        FL_CHECK(cut_size(t, k, jd, &count));
        first += count;
        if (first > UINT64_MAX)
            return fl_fail(FL_EINVAL, "%" PRIu64 " samples are more than can be counted",
                           plan->networks.samples);
    }
    return FL_OK;
}

fl_status tasks_make(tasks *t, const fl_sample_plan *plan, const double *jd) {
    *t = (tasks){.plan = plan, .sizes = fl_instances_sizes(&plan->networks)};
    t->size = calloc(t->sizes + 1, sizeof *t->size);
    if (!t->size)
        return fl_fail(FL_ENOMEM, "out of memory for %zu sizes", t->sizes);
    fl_status status = number(t, jd);
    if (status != FL_OK) {
        tasks_clear(t);
        return status;
    }
    fl_shard_range(t->size[t->sizes].first, plan->networks.shard, plan->networks.shards, &t->from,
                   &t->until);
    return FL_OK;
}

void tasks_clear(tasks *t) {
    for (size_t k = 0; t->size && k < t->sizes; k++)
        free(t->size[k].begin);
    free(t->size);
    t->size = NULL;
}

/* The size that task number `at` belongs to. */
static size_t size_at(const tasks *t, uint64_t at) {
    size_t low = 0, high = t->sizes;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (t->size[middle].first <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The sample that part number `within` of a size belongs to, its first part, and its bits. */
static uint64_t sample_at(const tasks *t, const struct tasks_size *s, uint64_t within,
                          uint64_t *begin, unsigned *bits) {
    uint64_t low = 0, high = fl_instances_samples(&t->plan->networks);
    if (!s->begin) {
        *begin = within >> s->bits << s->bits;
        *bits = s->bits;
        return within >> s->bits;
    }
    while (high - low > 1) {
        uint64_t middle = (low + high) / 2;
        if (s->begin[middle] <= within)
            low = middle;
        else
            high = middle;
    }
    *begin = s->begin[low];
    *bits = (unsigned)__builtin_ctzll(s->begin[low + 1] - s->begin[low]);
    return low;
}

task tasks_get(const tasks *t, uint64_t k) {
    uint64_t at = t->from + k, begin;
    unsigned bits;
    size_t n_index = size_at(t, at);
    const struct tasks_size *s = &t->size[n_index];
    uint64_t sample = sample_at(t, s, at - s->first, &begin, &bits);
    begin += s->first;
    uint64_t end = begin + (UINT64_C(1) << bits);
    return (task){.n_index = n_index,
                  .sample = sample,
                  .part = at - begin,
                  .bits = bits,
                  .first = at == begin || k == 0,
                  .last = at + 1 == end || at + 1 == t->until,
                  .whole = begin >= t->from && end <= t->until};
}

static double cost_before(const tasks *t, uint64_t at) {
    if (at >= t->size[t->sizes].first)
        return t->size[t->sizes].done;
    uint64_t begin;
    unsigned bits;
    const struct tasks_size *s = &t->size[size_at(t, at)];
    uint64_t sample = sample_at(t, s, at - s->first, &begin, &bits);
    return s->done +
           s->cost * ((double)sample + ldexp((double)(at - s->first - begin), -(int)bits));
}

double tasks_done(const tasks *t, uint64_t k) {
    double before = cost_before(t, t->from), all = cost_before(t, t->until) - before;
    double samples = (double)t->sizes * (double)fl_instances_samples(&t->plan->networks);
    return all > 0 ? samples * ((cost_before(t, t->from + k) - before) / all) : samples;
}
