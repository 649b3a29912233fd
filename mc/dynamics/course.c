/* How a run ends: see course.h.
 *
 * Cycles of the deterministic rules by Brent's method: the configuration is compared with an
 * anchor, that of the last sweep that was a power of two. The first return to the anchor gives the
 * period exactly, after at most three times (way in + period) sweeps. */
#include "mc/dynamics/course.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

fl_status course_check(const fl_dynamics *plan) {
    if (plan->sweeps < 1 || plan->sweeps > UINT32_MAX)
        return fl_fail(FL_EINVAL, "%llu sweeps; 1 to %u are possible",
                       (unsigned long long)plan->sweeps, UINT32_MAX);
    if (plan->algorithm == FL_PARTIAL && !(plan->p > 0 && plan->p <= 1))
        return fl_fail(FL_EINVAL, "p is %g; a probability of flips lies in (0, 1]", plan->p);
    if (plan->algorithm == FL_ANNEAL && !(plan->temperature >= 0 && isfinite(plan->temperature)))
        return fl_fail(FL_EINVAL, "the temperature is %g; it is finite and not negative",
                       plan->temperature);
    if (plan->replica > UINT32_MAX)
        return fl_fail(FL_EINVAL, "replica %llu; at most %u", (unsigned long long)plan->replica,
                       UINT32_MAX);
    return FL_OK;
}

fl_status course_open(course *c, const fl_dynamics *plan, size_t n) {
    *c = (course){.plan = plan};
    c->anchor = calloc(fl_spins_words(n), sizeof *c->anchor);
    if (!c->anchor)
        return fl_fail(FL_ENOMEM, "out of memory for a configuration of %zu neurons", n);
    return FL_OK;
}

void course_close(course *c) {
    free(c->unstable);
    free(c->anchor);
    memset(c, 0, sizeof *c);
}

static fl_status note(course *c, uint64_t t, size_t unstable) {
    if (t >= c->room) {
        size_t room = 2 * c->room + 256;
        uint32_t *more = realloc(c->unstable, room * sizeof *more);
        if (!more)
            return fl_fail(FL_ENOMEM, "out of memory for the course of %llu sweeps",
                           (unsigned long long)t);
        c->unstable = more;
        c->room = room;
    }
    c->unstable[t] = (uint32_t)unstable;
    return FL_OK;
}

static bool deterministic(const fl_dynamics *plan) {
    return plan->algorithm == FL_SYNC || plan->algorithm == FL_SEQUENTIAL ||
           plan->algorithm == FL_GREEDY || plan->algorithm == FL_RELUCTANT ||
           (plan->algorithm == FL_PARTIAL && plan->p >= 1);
}

/* Period of the cycle that sweep t closes; 0: none does. */
static uint64_t returned(course *c, const uint64_t *spins, size_t n, uint64_t t) {
    size_t bytes = fl_spins_words(n) * sizeof *c->anchor;
    if (!deterministic(c->plan))
        return 0;
    if (t > 0 && memcmp(spins, c->anchor, bytes) == 0)
        return t - c->anchor_sweep;
    if ((t & (t - 1)) == 0) {
        memcpy(c->anchor, spins, bytes);
        c->anchor_sweep = t;
    }
    return 0;
}

/* Unstable neurons after sweep t, beyond the end of the run too. */
static double unstable_at(const course *c, uint64_t t) {
    const fl_outcome *o = &c->outcome;
    if (t <= o->sweeps)
        return c->unstable[t];
    if (o->ending != FL_CYCLE)
        return 0;
    return c->unstable[o->sweeps - o->period + (t - o->sweeps) % o->period];
}

static double activity(const course *c, size_t n) {
    uint64_t all = c->plan->sweeps, first = all / 2 + 1;
    uint64_t last =
        c->outcome.ending == FL_REACHED && c->outcome.sweeps < all ? c->outcome.sweeps : all;
    double sum = 0; /* of integers: exact */
    for (uint64_t t = first; t <= last; t++)
        sum += unstable_at(c, t);
    return sum / (double)(all - all / 2) / (double)n;
}

static bool hot(const fl_dynamics *plan, uint64_t t) {
    return plan->algorithm == FL_ANNEAL && t < plan->anneal_sweeps && plan->temperature > 0;
}

fl_status course_step(course *c, const fl_network *network, const uint64_t *spins, uint64_t flips,
                      uint64_t t, size_t unstable) {
    FL_CHECK(note(c, t, unstable));
    fl_outcome *o = &c->outcome;
    o->ending = FL_WANDERS;
    o->period = 0;
    if (unstable == 0 && !hot(c->plan, t)) {
        /* Proven by the bound already; once more, on the couplings themselves. */
        if (!fl_network_is_fixed_point(network, spins, c->plan->jd))
            return fl_fail(FL_EMISMATCH,
                           "fields and couplings disagree on a fixed point of %zu neurons: the "
                           "memory or the program is at fault",
                           network->n);
        o->ending = FL_REACHED;
    } else if ((o->period = returned(c, spins, network->n, t)) > 0) {
        o->ending = FL_CYCLE;
    }
    c->over = o->ending != FL_WANDERS || t == c->plan->sweeps;
    o->sweeps = t;
    o->flips = flips;
    if (c->over)
        o->activity = activity(c, network->n);
    return FL_OK;
}
