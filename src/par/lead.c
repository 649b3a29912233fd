/* A loop over replicas as rank 0 runs it: see ranks.h. Its own threads compute as without ranks; the
 * calling thread listens, deals and emits.
 *
 * Every rank has a few more tasks at hand than threads where tasks are short, so that nobody waits
 * for a message, and none where they are long or nearly all dealt, so that nobody waits for the
 * last. Tasks are claimed in order, so that what is emitted before a failure does not depend on
 * the ranks. */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/par/ranks.h"

/* Results that the calling thread emits before it listens again. */
enum { EMISSIONS = 64 };

typedef struct lead {
    const fl_ranks *ranks;
    uint64_t number;
    replicas_loop *l;
    int threads;
    atomic_int working; /* own threads */
    bool told;          /* all have been asked to stop */
    double told_at, looked_at;
} lead;

uint64_t ranks_window(const fl_ranks *ranks, int threads) {
    uint64_t places = 128 * (uint64_t)ranks->count * (uint64_t)threads;
    return places < UINT64_C(1) << 20 ? places : UINT64_C(1) << 20;
}

static void fail_run(lead *x, fl_status status) {
    pthread_mutex_lock(&x->l->lock);
    replicas_halt(x->l, 0, status);
    pthread_mutex_unlock(&x->l->lock);
}

/* ---- what the others say */

static void take_hello(lead *x, int from, const ranks_head *head, const char *where) {
    ranks_member *m = &ranks_members()[from];
    snprintf(m->where, sizeof m->where, "%s", where);
    if (head->loop != x->number) {
        ranks_let_go(x->ranks, from);
        return;
    }
    if (head->tasks != x->l->spec->tasks) {
        fl_fail(FL_EMISMATCH,
                "rank %d on %s has a run of %" PRIu64 " tasks, rank 0 one of %" PRIu64
                "; allowed: the same program and files on all machines",
                from, m->where, head->tasks, x->l->spec->tasks);
        fail_run(x, FL_EMISMATCH);
        ranks_let_go(x->ranks, from);
        return;
    }
    m->joined = true;
    m->threads = head->threads;
    m->target = head->target;
}

static void take_record(lead *x, const ranks_record *r, const char *bytes) {
    replicas_done done = {.status = (fl_status)r->status, .seconds = r->seconds};
    if (r->status != FL_OK)
        fl_fail(done.status, "%.*s", (int)r->length, bytes);
    else if (r->length) {
        done.result = (fl_result){malloc(r->length), r->length};
        if (done.result.data)
            memcpy(done.result.data, bytes, r->length);
        else
            done.status =
                fl_fail(FL_ENOMEM, "out of memory for a result of %" PRIu64 " bytes", r->length);
    }
    replicas_put(x->l, r->task, &done, EMISSIONS);
}

static void take_report(lead *x, int from, const ranks_head *head, const char *body) {
    ranks_member *m = &ranks_members()[from];
    if (head->loop != x->number || m->lost)
        return;
    m->target = head->target;
    for (uint64_t k = 0; k < head->count; k++) {
        ranks_record r;
        memcpy(&r, body, sizeof r);
        take_record(x, &r, body + sizeof r);
        body += sizeof r + r.length;
        m->hand -= m->hand > 0;
    }
}

static void take_left(lead *x, int from, const ranks_head *head, const char *sentence) {
    const ranks_member *m = &ranks_members()[from];
    if (m->over || head->code == 0)
        return;
    fl_fail(FL_EIO, "rank %d%s%s: %.900s", from, *m->where ? " on " : "", m->where, sentence);
    fail_run(x, FL_EIO);
}

static bool listen_once(lead *x) {
    int from;
    ranks_head *head;
    const char *body;
    size_t length;
    if (!ranks_hear(x->ranks, &from, &head, &body, &length))
        return false;
    if (head->kind == RANKS_HELLO)
        take_hello(x, from, head, body);
    else if (head->kind == RANKS_REPORT)
        take_report(x, from, head, body);
    else if (head->kind == RANKS_LEFT)
        take_left(x, from, head, body);
    free(head);
    return true;
}

/* ---- what they are given */

/* How many more tasks a rank should have. */
static uint64_t share_of(const lead *x, const ranks_member *m) {
    uint64_t left = x->l->spec->tasks - x->l->next;
    uint64_t all = m->threads * (uint64_t)x->ranks->count;
    uint64_t unit = replicas_unit(x->l->spec, left, all, x->l->mean), most = m->threads * unit;
    uint64_t needs = m->hand < most ? most - m->hand : 0, share = needs;
    if (left >= 4 * all && ranks_hungry(m->hand, m->threads, m->target)) {
        uint64_t part = left / (4 * (uint64_t)x->ranks->count), wants = m->target - m->hand;
        wants = wants < part ? wants : part;
        share = wants > needs ? wants : needs;
    }
    if (share) /* up to the end of a group */
        share += (unit - (x->l->next + share) % unit) % unit;
    return share;
}

/* A task that is known to be none is not worth a message. */
static bool settle_known(lead *x, uint64_t task) {
    const fl_replicas *spec = x->l->spec;
    if (!spec->settled || !spec->settled(task, spec->context))
        return false;
    replicas_done done;
    replicas_compute(spec, task, false, &done);
    replicas_put(x->l, task, &done, EMISSIONS);
    return true;
}

static bool deal_to(lead *x, int rank) {
    ranks_member *m = &ranks_members()[rank];
    if (!m->joined || m->left || m->lost || m->over)
        return false;
    pthread_mutex_lock(&x->l->lock);
    uint64_t first, share = share_of(x, m);
    pthread_mutex_unlock(&x->l->lock);
    if (x->l->spec->settled && share > 1)
        share = 1;
    uint64_t count = share ? replicas_claim_some(x->l, share, &first) : 0;
    if (count == 0)
        return false;
    if (count == 1 && settle_known(x, first))
        return true;
    m->hand += count;
    ranks_tell(x->ranks, rank,
               (ranks_head){.kind = RANKS_DEAL, .loop = x->number, .first = first, .count = count});
    return true;
}

static bool deal_all(lead *x) {
    bool dealt = false;
    for (int k = 1; k < x->ranks->count; k++)
        dealt = deal_to(x, k) || dealt;
    return dealt;
}

/* ---- stops, and ranks that are dead */

/* Is what is still computed of no use? After a stop, and after a failure of the task whose turn it
 * is. */
static bool is_vain(lead *x) {
    replicas_loop *l = x->l;
    bool stop = fl_effort_stopped(&l->spec->effort);
    pthread_mutex_lock(&l->lock);
    if (stop && !l->halted) {
        l->halted = true;
        pthread_cond_broadcast(&l->moved);
    }
    bool vain =
        l->halted &&
        (stop || (l->failed != UINT64_MAX && (l->status == FL_STOPPED || l->emitted >= l->failed)));
    pthread_mutex_unlock(&l->lock);
    return vain;
}

static void tell_to_stop(lead *x) {
    x->told = true;
    x->told_at = ranks_clock();
    for (int k = 1; k < x->ranks->count; k++) {
        ranks_member *m = &ranks_members()[k];
        if (m->joined && !m->left && !m->lost && m->hand > 0)
            ranks_tell(x->ranks, k, (ranks_head){.kind = RANKS_STOP, .loop = x->number});
    }
}

/* Nobody emits while the lock is held, but who has begun. */
static void wait_for_tasks(lead *x) {
    replicas_loop *l = x->l;
    if (!x->told || !x->ranks->linger || !fl_effort_stopped(&l->spec->effort))
        return;
    pthread_mutex_lock(&l->lock);
    if (!l->emitting)
        x->ranks->linger(x->ranks->context, ranks_clock() - x->told_at, l->spec->journal != NULL);
    pthread_mutex_unlock(&l->lock);
}

static void lose_member(lead *x, int rank, double silent) {
    const ranks_member *m = &ranks_members()[rank];
    fl_fail(FL_EIO,
            "rank %d on %s does not answer, last heard %.2g s ago; it is taken for dead, and "
            "--resume continues",
            rank, m->where, silent);
    ranks_lose(rank);
    fail_run(x, FL_EIO);
}

static void look_for_dead(lead *x) {
    double now = ranks_clock();
    if (now - x->looked_at < 0.05)
        return;
    x->looked_at = now;
    for (int k = 1; k < x->ranks->count; k++) {
        const ranks_member *m = &ranks_members()[k];
        if (!m->joined || m->left || m->lost || m->hand == 0)
            continue;
        double silent = now - m->heard, since_told = now - x->told_at;
        if (silent > x->ranks->silence)
            lose_member(x, k, silent);
        else if (x->told && m->heard < x->told_at &&
                 since_told > x->ranks->farewell(x->ranks->context))
            lose_member(x, k, silent);
    }
}

/* ---- the loop */

static void *lead_labour(void *context) {
    lead *x = context;
    replicas_labour(x->l, x->threads == 1);
    atomic_fetch_sub(&x->working, 1);
    return NULL;
}

static bool is_done(lead *x) {
    if (atomic_load(&x->working) > 0)
        return false;
    for (int k = 1; k < x->ranks->count; k++)
        if (ranks_members()[k].hand > 0)
            return false;
    pthread_mutex_lock(&x->l->lock);
    bool done = x->l->halted || x->l->next == x->l->spec->tasks;
    pthread_mutex_unlock(&x->l->lock);
    return done;
}

static void lead_until_done(lead *x) {
    unsigned idle = 0;
    while (!is_done(x)) {
        bool busy = false;
        for (int k = 0; k < EMISSIONS && listen_once(x); k++)
            busy = true;
        replicas_drain(x->l, EMISSIONS);
        busy = deal_all(x) || busy;
        if (!x->told && is_vain(x))
            tell_to_stop(x);
        look_for_dead(x);
        wait_for_tasks(x);
        if (busy)
            idle = 0;
        else
            ranks_pause(&idle);
    }
}

void ranks_lead(const fl_ranks *ranks, uint64_t number, replicas_loop *l, int threads) {
    lead x = {.ranks = ranks, .number = number, .l = l, .threads = threads};
    pthread_t *team = calloc((size_t)threads, sizeof *team);
    int started = 0;
    for (int k = 1; k < ranks->count; k++)
        ranks_call(ranks, k);
    atomic_init(&x.working, threads);
    while (team && started < threads && pthread_create(&team[started], NULL, lead_labour, &x) == 0)
        started++;
    atomic_fetch_sub(&x.working, threads - started);
    lead_until_done(&x);
    for (int k = 0; k < started; k++)
        pthread_join(team[k], NULL);
    free(team);
    replicas_drain(l, UINT64_MAX);
    for (int k = 1; k < ranks->count; k++) {
        const ranks_member *m = &ranks_members()[k];
        if (m->joined && !m->left && !m->lost && !m->over)
            ranks_let_go(ranks, k);
    }
}
