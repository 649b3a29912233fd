/* Numbering of tasks: see tasks.h. */
#include "mc/enumerate/tasks.h"

#include <inttypes.h>
#include <stdlib.h>

#include "mc/enumerate/engine.h"

static fl_status number(tasks *t, double jd) {
    const fl_sample_plan *plan = t->plan;
    unsigned __int128 first = 0;
    for (size_t k = 0; k <= t->sizes; k++) {
        struct tasks_size *s = &t->size[k];
        s->first = (uint64_t)first;
        s->done = k ? s[-1].done + s[-1].cost * (double)fl_instances_samples(&plan->networks) : 0;
        if (k == t->sizes)
            break;
        s->neurons = fl_instances_searched(&plan->networks, k);
        fl_method method = engine_method(plan->method, s->neurons, jd);
        s->bits = engine_bits(method, s->neurons, jd);
        s->cost = engine_cost(method, s->neurons, jd) + 1e-5;
        first += (unsigned __int128)fl_instances_samples(&plan->networks) << s->bits;
        if (first > UINT64_MAX)
            return fl_fail(FL_EINVAL, "%" PRIu64 " samples are more than can be counted",
                           plan->networks.samples);
    }
    return FL_OK;
}

fl_status tasks_make(tasks *t, const fl_sample_plan *plan, double jd) {
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

task tasks_get(const tasks *t, uint64_t k) {
    uint64_t at = t->from + k;
    size_t n_index = size_at(t, at);
    const struct tasks_size *s = &t->size[n_index];
    uint64_t within = at - s->first, sample = within >> s->bits;
    uint64_t begin = s->first + (sample << s->bits), end = begin + (UINT64_C(1) << s->bits);
    return (task){.n_index = n_index,
                  .sample = sample,
                  .part = at - begin,
                  .first = at == begin || k == 0,
                  .last = at + 1 == end || at + 1 == t->until,
                  .whole = begin >= t->from && end <= t->until};
}

static double cost_before(const tasks *t, uint64_t at) {
    if (at >= t->size[t->sizes].first)
        return t->size[t->sizes].done;
    const struct tasks_size *s = &t->size[size_at(t, at)];
    return s->done + s->cost * ((double)(at - s->first) / (double)(UINT64_C(1) << s->bits));
}

double tasks_done(const tasks *t, uint64_t k) {
    double before = cost_before(t, t->from), all = cost_before(t, t->until) - before;
    double samples = (double)t->sizes * (double)fl_instances_samples(&t->plan->networks);
    return all > 0 ? samples * ((cost_before(t, t->from + k) - before) / all) : samples;
}
