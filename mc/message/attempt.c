/* Starts of a solver: see attempt.h. */
#include "mc/message/attempt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"

/* A start is given up when its messages have decided (q > 1/2) and stand still for so long. */
enum { STILL = 100, LOOK_EVERY = 4, FOCUS_STEP = 10 };
static const double still_change = 1e-7, decided = 0.5;

static const char *const method_names[] = {"reinforced", "focusing", "bp"};

const char *fl_message_method_name(fl_message_method method) {
    return method_names[method];
}

fl_message_plan fl_message_plan_for(fl_message_method method) {
    fl_message_plan plan = {.method = method,
                            .engine = FL_ENGINE_AUTO,
                            .rate = 1e-3,
                            .start = 0.1,
                            .stop_at = 0.6,
                            .replicas = 7,
                            .refresh = 4,
                            .starts = 1};
    if (method == FL_MESSAGE_FOCUSING) {
        plan.rate = 5e-4;
        plan.start = 0.16;
        plan.stop_at = 1;
        plan.damping = 0.5;
    }
    return plan;
}

fl_status attempt_check(const fl_message_plan *plan) {
    if (!isfinite(plan->jd))
        return fl_fail(FL_EINVAL, "J_D = %g; it must be finite", plan->jd);
    if (!(plan->rate > 0 && plan->start >= 0 && plan->stop_at > plan->start &&
          isfinite(plan->stop_at) && (plan->stop_at - plan->start) / plan->rate <= 1e9))
        return fl_fail(FL_EINVAL,
                       "a schedule from %g to %g by %g; allowed: rising from 0 or more, in at most "
                       "1e9 iterations",
                       plan->start, plan->stop_at, plan->rate);
    if (!(plan->damping >= 0 && plan->damping < 1))
        return fl_fail(FL_EINVAL, "a damping of %g; allowed: [0, 1)", plan->damping);
    if (plan->method == FL_MESSAGE_FOCUSING && !(plan->replicas > 1 && isfinite(plan->replicas)))
        return fl_fail(FL_EINVAL, "%g replicas; focusing needs more than 1", plan->replicas);
    if (plan->refresh < 1)
        return fl_fail(FL_EINVAL, "variances every %u iterations; allowed: at least 1",
                       plan->refresh);
    if (plan->starts < 1)
        return fl_fail(FL_EINVAL, "no start; at least 1 is needed");
    return FL_OK;
}

size_t attempt_lanes(const fl_message_plan *plan) {
    return plan->starts > 1 ? AMP_LANES : 1;
}

static uint64_t iterations_of(const fl_message_plan *plan) {
    return (uint64_t)ceil((plan->stop_at - plan->start) / plan->rate - 1e-9);
}

static void set_fields(passing *p, const fl_message_plan *plan, uint64_t t) {
    if (plan->method == FL_MESSAGE_REINFORCED)
        passing_reinforce(p, plan->start + plan->rate * (double)t);
    else if (plan->method == FL_MESSAGE_FOCUSING)
        passing_focus(p, plan->start + plan->rate * (double)(t / FOCUS_STEP * FOCUS_STEP),
                      plan->replicas);
}

/* The lanes of an attempt. */
typedef struct attempt {
    passing *p;
    const fl_message_plan *plan;
    size_t lanes, words; /* lanes in use */
    fl_message_end *ends;
    uint64_t *spins;
    size_t still[AMP_LANES];
    bool over[AMP_LANES], asked[AMP_LANES]; /* asked: are the signs of the next step looked at? */
    uint64_t t;                             /* iterations done */
} attempt;

/* Each run is looked at as if it were alone. */
static bool any_asked(attempt *a) {
    bool any = false;
    for (size_t l = 0; l < a->lanes; l++) {
        a->asked[l] = a->t % LOOK_EVERY == 0 && !a->over[l] && passing_q(a->p, l) > decided;
        any = any || a->asked[l];
    }
    return any;
}

/* Run `l` is over: where it stands. `seen`: at the signs that were looked at. */
static void close_lane(attempt *a, size_t l, bool seen) {
    uint64_t *spins = a->spins + l * a->words;
    if (seen)
        passing_seen(a->p, l, spins);
    else
        passing_signs(a->p, l, spins);
    size_t unstable = passing_violated(a->p, spins);
    a->over[l] = !seen || unstable == 0;
    a->ends[l] = (fl_message_end){
        .solved = unstable == 0, .iterations = a->t, .unstable = unstable, .q = passing_q(a->p, l)};
}

/* After a step: solutions among what was looked at, and runs that stand still. */
static void judge_lanes(attempt *a) {
    for (size_t l = 0; l < a->lanes; l++) {
        if (a->over[l])
            continue;
        if (a->asked[l] && passing_unstable(a->p, l) == 0)
            close_lane(a, l, true);
        bool quiet = passing_q(a->p, l) > decided && passing_change(a->p, l) < still_change;
        a->still[l] = quiet ? a->still[l] + 1 : 0;
        if (!a->over[l] && a->still[l] >= STILL)
            close_lane(a, l, false);
    }
}

static bool attempt_is_over(const attempt *a) {
    bool all = true, solved = false;
    for (size_t l = 0; l < a->lanes; l++) {
        all = all && a->over[l];
        solved = solved || (a->over[l] && a->ends[l].solved);
    }
    return all || (solved && !a->plan->all);
}

fl_status attempt_run(passing *p, const fl_message_plan *plan, uint64_t first, fl_message_end *ends,
                      uint64_t *spins) {
    uint64_t left = plan->starts - first, most = iterations_of(plan);
    attempt a = {.p = p,
                 .plan = plan,
                 .lanes = left < p->lanes ? (size_t)left : p->lanes,
                 .words = fl_spins_words(p->n),
                 .ends = ends,
                 .spins = spins};
    for (size_t l = 0; l < p->lanes; l++) {
        fl_rng rng =
            fl_rng_stream(plan->seed, FL_PURPOSE_MESSAGES, plan->sample, (first + l) << 32 | p->n);
        passing_start_random(p, l, &rng);
    }
    for (; a.t < most && !attempt_is_over(&a); a.t++) {
        bool look = any_asked(&a);
        if (fl_effort_stopped(&plan->effort))
            return fl_fail(FL_STOPPED, "stopped after %llu iterations", (unsigned long long)a.t);
        passing_step(p, look);
        set_fields(p, plan, a.t);
        judge_lanes(&a);
    }
    for (size_t l = 0; l < a.lanes; l++)
        if (!a.over[l])
            close_lane(&a, l, false);
    return FL_OK;
}

static bool end_better(const fl_message_end *a, const fl_message_end *b) {
    if (a->solved != b->solved)
        return a->solved;
    return a->solved ? a->iterations < b->iterations : a->unstable < b->unstable;
}

size_t attempt_best(const fl_message_end *ends, size_t count) {
    size_t best = 0;
    for (size_t k = 1; k < count; k++)
        if (end_better(&ends[k], &ends[best]))
            best = k;
    return best;
}

/* Repairs ends in order of their unstable neurons, until one is solved. */
static fl_status repair_ends(passing *p, const fl_message_plan *plan, attempt_repair *repair,
                             uint64_t first, fl_message_end *ends, size_t count, uint64_t *spins) {
    bool tried[AMP_LANES] = {false};
    size_t words = fl_spins_words(p->n);
    for (size_t k = 0; k < count; k++) {
        size_t next = SIZE_MAX;
        for (size_t l = 0; l < count; l++)
            if (!tried[l] && (next == SIZE_MAX || ends[l].unstable < ends[next].unstable))
                next = l;
        tried[next] = true;
        if (ends[next].solved)
            continue;
        FL_CHECK(repair(p, plan, first + next, spins + next * words, &ends[next]));
        if (ends[next].solved && !plan->all)
            return FL_OK;
    }
    return FL_OK;
}

/* Takes note of the ends of starts first .. first + count - 1. */
static void add_ends(fl_message_outcome *outcome, uint64_t first, const fl_message_end *ends,
                     size_t count, const uint64_t *from, uint64_t *spins, size_t words) {
    size_t best = attempt_best(ends, count);
    for (size_t l = 0; l < count; l++) {
        outcome->iterations += ends[l].iterations;
        outcome->solutions += ends[l].solved;
    }
    if (first == 0 || end_better(&ends[best], &outcome->best)) {
        outcome->best = ends[best];
        outcome->start = first + best;
        memcpy(spins, from + best * words, words * sizeof *spins);
    }
    outcome->starts = first + count;
}

static bool any_solved(const fl_message_end *ends, size_t count) {
    for (size_t l = 0; l < count; l++)
        if (ends[l].solved)
            return true;
    return false;
}

fl_status attempt_all(passing *p, const fl_message_plan *plan, attempt_repair *repair,
                      uint64_t *spins, fl_message_outcome *outcome) {
    size_t words = fl_spins_words(p->n);
    uint64_t *all = calloc(p->lanes * words, sizeof *all);
    fl_message_end ends[AMP_LANES];
    fl_status status = FL_OK;
    if (!all)
        return fl_fail(FL_ENOMEM, "out of memory for %zu starts", p->lanes);
    *outcome = (fl_message_outcome){.starts = 0};
    for (uint64_t first = 0; status == FL_OK && first < plan->starts && !outcome->best.solved;
         first += p->lanes) {
        size_t count = plan->starts - first < p->lanes ? (size_t)(plan->starts - first) : p->lanes;
        status = attempt_run(p, plan, first, ends, all);
        if (status == FL_OK && repair && (plan->all || !any_solved(ends, count)))
            status = repair_ends(p, plan, repair, first, ends, count, all);
        if (status == FL_OK)
            add_ends(outcome, first, ends, count, all, spins, words);
    }
    free(all);
    return status;
}
