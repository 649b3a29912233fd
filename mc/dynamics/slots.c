/* Runs in slots: see slots.h; how a sweep goes: src/kernel/visit.h. */
#include "mc/dynamics/slots.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/core/pages.h"

enum { SLOTS_MOST = 4 };

/* Units by which the margin of candidates exceeds the error of fields. */
enum { SLACK = 2 };

typedef struct slot {
    fl_visit visit;
    slot_run *run;
    fl_rng order;       /* a word a sweep */
    void *memory;       /* of the visit's arrays */
    int32_t *self;      /* the visit's */
    uint64_t *doubtful; /* a word for 64 neurons */
} slot;

/* The slots of a thread. */
typedef struct slot_set {
    const fl_columns *columns;
    const fl_visit_kernel *kernel;
    slot slots[SLOTS_MOST];
    fl_visit *visits[SLOTS_MOST]; /* those at work */
    slot *owners[SLOTS_MOST];
    size_t live;
    slot_run *waiting, *end;
} slot_set;

bool slots_suit(const fl_columns *columns, const fl_dynamics *plan, uint64_t t) {
    bool ordered = plan->algorithm == FL_ASYNC || plan->algorithm == FL_SEQUENTIAL;
    bool cold =
        plan->algorithm == FL_ANNEAL && (t >= plan->anneal_sweeps || plan->temperature == 0);
    return columns->narrow && (ordered || cold);
}

/* How many turns hide each other's waiting, by measurement. */
static size_t slots_wanted(size_t n, size_t count) {
    size_t wanted = n <= 160 ? 4 : n <= 320 ? 3 : 2;
    return wanted < count ? wanted : count;
}

static fl_status slot_open(slot *s, const narrow_columns *c) {
    size_t words = fl_spins_words(c->n), lanes = c->lanes;
    size_t numbers = lanes * sizeof *s->self, bits = (words + 7) / 8 * 64;
    char *memory = pages_new(3 * numbers + 2 * bits);
    if (!memory)
        return fl_fail(FL_ENOMEM, "out of memory for the dynamics of %zu neurons", c->n);
    memset(memory, 0, 3 * numbers + 2 * bits);
    s->memory = memory;
    s->self = (void *)memory;
    s->visit = (fl_visit){.n = c->n,
                          .lanes = lanes,
                          .columns = c->data,
                          .stride = c->stride,
                          .self = s->self,
                          .field = (void *)(memory + numbers),
                          .key = (void *)(memory + 2 * numbers),
                          .before = (void *)(memory + 3 * numbers),
                          .sure = -(2 * c->error + SLACK),
                          .fetch = c->n > 256};
    s->doubtful = (void *)(memory + 3 * numbers + bits);
    return FL_OK;
}

/* Sets the slot at the beginning of its run. */
static void slot_begin_run(slot_set *set, slot *s, slot_run *run) {
    const narrow_columns *c = set->columns->narrow;
    const fl_dynamics *plan = run->course.plan;
    int32_t margin = c->error + SLACK;
    int32_t common = (int32_t)rint(c->scale * plan->jd) - margin;
    for (size_t i = 0; i < c->n; i++) {
        double diagonal = c->network->diagonal[i];
        s->self[i] =
            diagonal == 0 ? common : (int32_t)rint(c->scale * (diagonal + plan->jd)) - margin;
    }
    s->run = run;
    s->order = order_words(plan, c->n, run->t);
    s->visit.spins = run->spins;
    set->kernel->start(&s->visit, c->base);
    s->visit.flips = run->flips;
}

/* The exact verdict on a neuron that has not flipped in this sweep. */
static bool slot_verdict(const slot_set *set, const slot *s, size_t i) {
    int32_t aligned = fl_visit_aligned(&s->visit, i);
    if (aligned <= s->visit.sure || aligned >= -SLACK)
        return aligned <= s->visit.sure;
    return !fl_network_stable(set->columns->network, s->run->spins, i, s->run->course.plan->jd);
}

static size_t count_doubtful(const slot_set *set, const slot *s) {
    size_t count = 0;
    for (size_t k = 0; k < set->columns->words; k++)
        for (uint64_t rest = s->doubtful[k]; rest; rest &= rest - 1)
            count += slot_verdict(set, s, 64 * k + (size_t)__builtin_ctzll(rest));
    return count;
}

/* Between two sweeps: the run may be over. */
static fl_status slot_next_sweep(slot_set *set, slot *s) {
    slot_run *run = s->run;
    const fl_dynamics *plan = run->course.plan;
    bool natural = plan->algorithm == FL_SEQUENTIAL;
    s->visit.order = natural ? fl_visit_natural() : fl_visit_random(fl_rng_bits(&s->order));
    size_t unstable = set->kernel->begin(&s->visit, s->doubtful);
    unstable += count_doubtful(set, s);
    run->flips = s->visit.flips;
    FL_CHECK(
        course_step(&run->course, set->columns->network, run->spins, run->flips, run->t, unstable));
    if (plan->observe)
        FL_CHECK(
            plan->observe(plan->context, run->t, run->spins, unstable, run->flips - run->before));
    run->before = run->flips;
    if (run->course.over)
        return FL_OK;
    if (fl_effort_stopped(&plan->effort))
        return fl_fail(FL_STOPPED, "stopped after %llu sweeps", (unsigned long long)run->t);
    run->t++;
    return FL_OK;
}

/* A run of slot k has ended: the next that waits, or one slot less. */
static void slot_refill(slot_set *set, size_t k) {
    if (set->waiting < set->end) {
        slot_begin_run(set, set->owners[k], set->waiting++);
        return;
    }
    set->live--;
    set->visits[k] = set->visits[set->live];
    set->owners[k] = set->owners[set->live];
}

static fl_status slots_go(slot_set *set) {
    for (size_t k = 0; set->live > 0; k++) {
        k = set->kernel->go(set->visits, set->live, k < set->live ? k : 0);
        slot *s = set->owners[k];
        if (s->visit.place != FL_VISIT_OVER) {
            set->kernel->turn(&s->visit, slot_verdict(set, s, s->visit.neuron));
            continue;
        }
        FL_CHECK(slot_next_sweep(set, s));
        if (s->run->course.over)
            slot_refill(set, k);
    }
    return FL_OK;
}

fl_status slots_run(const fl_columns *columns, slot_run *runs, size_t count) {
    slot_set set = {.columns = columns,
                    .kernel = fl_visit_choose(),
                    .live = slots_wanted(columns->n, count),
                    .waiting = runs,
                    .end = runs + count};
    fl_status status = FL_OK;
    for (size_t k = 0; k < set.live && status == FL_OK; k++) {
        status = slot_open(&set.slots[k], columns->narrow);
        set.owners[k] = &set.slots[k];
        set.visits[k] = &set.slots[k].visit;
        if (status == FL_OK)
            slot_begin_run(&set, &set.slots[k], set.waiting++);
    }
    if (status == FL_OK)
        status = slots_go(&set);
    for (size_t k = 0; k < SLOTS_MOST; k++)
        free(set.slots[k].memory);
    return status;
}
