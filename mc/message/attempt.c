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

/* From so many starts on, one at each J_D, a pass of AMP_LANES takes less time than as many passes. */
enum { WORTH_MANY = 12 };

size_t attempt_lanes(const fl_message_plan *plan, size_t jds) {
    return plan->starts > 1 || jds >= WORTH_MANY ? AMP_LANES : 1;
}

static uint64_t iterations_of(const fl_message_plan *plan) {
    return (uint64_t)ceil((plan->stop_at - plan->start) / plan->rate - 1e-9);
}

/* Starts that lanes work at, each in a time of its own. */
typedef struct attempt {
    passing *p;
    const fl_message_plan *plan;
    const attempt_job *jobs;
    size_t count, begun, over, words;
    bool solved; /* any of them */
    fl_message_end *ends;
    uint64_t *spins;
    uint64_t *now;         /* words */
    size_t job[AMP_LANES]; /* what the lane works at; nothing: none */
    /* Fewest unstable neurons that it was seen with, at the signs in `spins`; nothing: not looked at. */
    size_t least[AMP_LANES];
    size_t still[AMP_LANES];
    bool asked[AMP_LANES]; /* are the signs of the next step looked at? */
    uint64_t t[AMP_LANES]; /* iterations done */
    double at[AMP_LANES];  /* rho, or the strength of focusing */
} attempt;

static const size_t nothing = SIZE_MAX;

static bool lane_works(const attempt *a, size_t l) {
    return a->job[l] != nothing;
}

/* Lanes that have nothing to do begin with what comes next. */
static void fill_lanes(attempt *a) {
    const fl_message_plan *plan = a->plan;
    if (a->begun > a->over && !passing_ready(a->p))
        return;
    for (size_t l = 0; l < a->p->lanes && a->begun < a->count; l++) {
        if (lane_works(a, l))
            continue;
        const attempt_job *job = &a->jobs[a->begun];
        fl_rng rng = fl_rng_stream(plan->seed, FL_PURPOSE_MESSAGES, plan->sample,
                                   job->start << 32 | a->p->n);
        passing_tune(a->p, l, job->jd);
        passing_start_random(a->p, l, &rng);
        a->job[l] = a->begun++;
        a->t[l] = a->still[l] = 0;
        a->least[l] = nothing;
    }
}

static void set_fields(attempt *a) {
    const fl_message_plan *plan = a->plan;
    uint64_t step = plan->method == FL_MESSAGE_FOCUSING ? FOCUS_STEP : 1;
    for (size_t l = 0; l < a->p->lanes; l++)
        a->at[l] = plan->start + plan->rate * (double)(a->t[l] / step * step);
    if (plan->method == FL_MESSAGE_REINFORCED)
        passing_reinforce(a->p, a->at);
    else if (plan->method == FL_MESSAGE_FOCUSING)
        passing_focus(a->p, a->at, plan->replicas);
}

/* Each run is looked at as if it were alone. */
static bool any_asked(attempt *a) {
    bool any = false;
    for (size_t l = 0; l < a->p->lanes; l++) {
        a->asked[l] = lane_works(a, l) && a->t[l] % LOOK_EVERY == 0 && passing_q(a->p, l) > decided;
        any = any || a->asked[l];
    }
    return any;
}

static uint64_t *spins_of(const attempt *a, size_t l) {
    return a->spins + a->job[l] * a->words;
}

/* The run is over, at the configuration in `spins`. */
static void end_lane(attempt *a, size_t l, size_t unstable) {
    a->ends[a->job[l]] = (fl_message_end){.solved = unstable == 0,
                                          .iterations = a->t[l],
                                          .unstable = unstable,
                                          .q = passing_q(a->p, l)};
    a->solved = a->solved || unstable == 0;
    a->job[l] = nothing;
    a->over++;
}

/* Takes note of the signs that were looked at if they are the best so far; a solution ends the run. */
static void see_lane(attempt *a, size_t l) {
    size_t unstable = passing_unstable(a->p, l);
    if (unstable > 0 && unstable >= a->least[l])
        return;
    passing_seen(a->p, l, spins_of(a, l));
    a->least[l] = unstable;
    if (unstable == 0 && passing_violated(a->p, l, spins_of(a, l)) == 0)
        end_lane(a, l, 0);
}

/* Ends a run where it stands, or where it was seen with fewer unstable neurons: large rho drives some runs away again. */
static void close_lane(attempt *a, size_t l) {
    uint64_t *spins = spins_of(a, l);
    passing_signs(a->p, l, a->now);
    size_t unstable = passing_violated(a->p, l, a->now);
    size_t seen = a->least[l] == nothing ? nothing : passing_violated(a->p, l, spins);
    if (unstable < seen)
        memcpy(spins, a->now, a->words * sizeof *spins);
    end_lane(a, l, unstable < seen ? unstable : seen);
}

/* After a step, which is counted below: solutions among what was looked at, runs that stand still, ends of the
 * schedule. */
static void judge_lane(attempt *a, size_t l, uint64_t most) {
    if (a->asked[l])
        see_lane(a, l);
    if (!lane_works(a, l))
        return;
    bool quiet = passing_q(a->p, l) > decided && passing_change(a->p, l) < still_change;
    a->still[l] = quiet ? a->still[l] + 1 : 0;
    if (a->still[l] >= STILL) {
        close_lane(a, l);
        return;
    }
    if (++a->t[l] == most)
        close_lane(a, l);
}

static fl_status run_lanes(attempt *a, bool to_the_end) {
    passing *p = a->p;
    uint64_t most = iterations_of(a->plan);
    while (a->over < a->count && (to_the_end || !a->solved)) {
        if (a->begun < a->count)
            fill_lanes(a);
        bool look = any_asked(a);
        if (fl_effort_stopped(&a->plan->effort))
            return fl_fail(FL_STOPPED, "stopped in the messages of start %llu",
                           (unsigned long long)a->jobs[a->begun - 1].start);
        passing_step(p, look);
        set_fields(a);
        for (size_t l = 0; l < p->lanes; l++)
            if (lane_works(a, l))
                judge_lane(a, l, most);
    }
    for (size_t l = 0; l < p->lanes; l++)
        if (lane_works(a, l))
            close_lane(a, l);
    return FL_OK;
}

fl_status attempt_run(passing *p, const fl_message_plan *plan, const attempt_job *jobs,
                      size_t count, bool to_the_end, fl_message_end *ends, uint64_t *spins) {
    attempt a = {.p = p,
                 .plan = plan,
                 .jobs = jobs,
                 .count = count,
                 .words = fl_spins_words(p->n),
                 .ends = ends,
                 .spins = spins};
    for (size_t l = 0; l < AMP_LANES; l++)
        a.job[l] = nothing;
    a.now = calloc(a.words, sizeof *a.now);
    if (!a.now)
        return fl_fail(FL_ENOMEM, "out of memory for messages between %zu neurons", p->n);
    fl_status status = run_lanes(&a, to_the_end);
    free(a.now);
    return status;
}

/* `count` starts from `first` on. */
typedef struct starts {
    passing *p;
    const fl_message_plan *plan;
    attempt_repair *repair;
    uint64_t first;
    size_t count;
} starts;

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

/* The untried end of fewest unstable neurons; `count` when there is none. */
static size_t next_to_repair(const fl_message_end *ends, size_t count, const bool *tried) {
    size_t next = count;
    for (size_t l = 0; l < count; l++)
        if (!tried[l] && (next == count || ends[l].unstable < ends[next].unstable))
            next = l;
    return next;
}

/* Repairs ends in order of their unstable neurons, until one is solved, or all. */
static fl_status repair_ends(const starts *s, fl_message_end *ends, uint64_t *spins) {
    size_t words = fl_spins_words(s->p->n), next;
    bool *tried = calloc(s->count, sizeof *tried);
    fl_status status = tried ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for %zu starts", s->count);
    while (status == FL_OK && (next = next_to_repair(ends, s->count, tried)) < s->count) {
        tried[next] = true;
        if (ends[next].solved)
            continue;
        status = s->repair(s->p, s->plan, s->first + next, spins + next * words, &ends[next]);
        if (ends[next].solved && !s->plan->all)
            break;
    }
    free(tried);
    return status;
}

static bool any_solved(const fl_message_end *ends, size_t count) {
    for (size_t l = 0; l < count; l++)
        if (ends[l].solved)
            return true;
    return false;
}

/* Repairs the ends of some starts and takes note of them. */
static fl_status add_ends(const starts *s, fl_message_end *ends, uint64_t *from, uint64_t *spins,
                          fl_message_outcome *outcome) {
    size_t words = fl_spins_words(s->p->n);
    if (s->repair && (s->plan->all || !any_solved(ends, s->count)))
        FL_CHECK(repair_ends(s, ends, from));
    size_t best = attempt_best(ends, s->count);
    for (size_t l = 0; l < s->count; l++) {
        outcome->iterations += ends[l].iterations;
        outcome->solutions += ends[l].solved;
    }
    if (s->first == 0 || end_better(&ends[best], &outcome->best)) {
        outcome->best = ends[best];
        outcome->start = s->first + best;
        memcpy(spins, from + best * words, words * sizeof *spins);
    }
    outcome->starts = s->first + s->count;
    return FL_OK;
}

/* Room for what `count` starts need and leave. */
typedef struct room {
    attempt_job *jobs;
    fl_message_end *ends;
    uint64_t *spins;
} room;

static fl_status room_open(room *r, size_t count, size_t words) {
    *r = (room){.jobs = calloc(count, sizeof *r->jobs),
                .ends = calloc(count, sizeof *r->ends),
                .spins = calloc(count * words, sizeof *r->spins)};
    return r->jobs && r->ends && r->spins
               ? FL_OK
               : fl_fail(FL_ENOMEM, "out of memory for %zu starts", count);
}

static void room_close(room *r) {
    free(r->jobs);
    free(r->ends);
    free(r->spins);
}

/* All starts at all J_D together, each to its end. */
static fl_status run_together(starts *s, const double *jd, size_t jds, room *r, uint64_t *spins,
                              fl_message_outcome *outcomes) {
    size_t words = fl_spins_words(s->p->n), each = (size_t)s->plan->starts;
    fl_message_plan plan = *s->plan;
    for (size_t k = 0; k < jds * each; k++)
        r->jobs[k] = (attempt_job){.jd = jd[k / each], .start = k % each};
    FL_CHECK(attempt_run(s->p, &plan, r->jobs, jds * each, true, r->ends, r->spins));
    s->plan = &plan;
    s->count = each;
    for (size_t k = 0; k < jds; k++) {
        plan.jd = jd[k];
        FL_CHECK(add_ends(s, r->ends + k * each, r->spins + k * each * words, spins + k * words,
                          &outcomes[k]));
    }
    return FL_OK;
}

/* At one J_D as many starts as there are lanes, until one of them is solved, and as many again. */
static fl_status run_in_turns(starts *s, double jd, room *r, uint64_t *spins,
                              fl_message_outcome *outcome) {
    fl_message_plan plan = *s->plan;
    plan.jd = jd;
    s->plan = &plan;
    for (s->first = 0; s->first < plan.starts && !outcome->best.solved; s->first += s->p->lanes) {
        uint64_t left = plan.starts - s->first;
        s->count = left < s->p->lanes ? (size_t)left : s->p->lanes;
        for (size_t k = 0; k < s->count; k++)
            r->jobs[k] = (attempt_job){.jd = jd, .start = s->first + k};
        FL_CHECK(attempt_run(s->p, &plan, r->jobs, s->count, false, r->ends, r->spins));
        FL_CHECK(add_ends(s, r->ends, r->spins, spins, outcome));
    }
    return FL_OK;
}

fl_status attempt_all(passing *p, const fl_message_plan *plan, const double *jd, size_t jds,
                      attempt_repair *repair, uint64_t *spins, fl_message_outcome *outcomes) {
    bool together = plan->all || plan->starts == 1;
    room r;
    fl_status status =
        room_open(&r, together ? jds * (size_t)plan->starts : p->lanes, fl_spins_words(p->n));
    for (size_t k = 0; k < jds; k++)
        outcomes[k] = (fl_message_outcome){.starts = 0};
    if (status == FL_OK && together)
        status = run_together(&(starts){.p = p, .plan = plan, .repair = repair}, jd, jds, &r, spins,
                              outcomes);
    for (size_t k = 0; !together && status == FL_OK && k < jds; k++)
        status = run_in_turns(&(starts){.p = p, .plan = plan, .repair = repair}, jd[k], &r,
                              spins + k * fl_spins_words(p->n), &outcomes[k]);
    room_close(&r);
    return status;
}
