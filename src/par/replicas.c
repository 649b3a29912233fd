/* The loop over replicas: see replicas.h.
 *
 * Threads claim tasks in order, compute them, and put the results into a ring of as many places as
 * tasks may be ahead of the emission; whoever completes the task whose turn it is emits it and all
 * that wait behind it. Claims are in order, so whatever is claimed when the loop halts (a failure,
 * a stop) is finished and emitted up to the failure: which tasks are emitted before a failure does
 * not depend on the threads. Where tasks have something in common (`group`) a thread claims the rest of
 * a group with its first task; of that a stop, or the failure of an earlier task, leaves undone what is not begun.
 *
 * Where there are ranks (ranks.h), the loop is rank 0's: its threads claim as ever, and lead.c claims
 * for the other ranks. */
#include "fixland/replicas.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "src/par/ranks.h"
#include "src/par/record.h"
#include "src/par/tally.h"

/* Results a thread that may wait for their turn; with groups, two groups a thread. */
enum { AHEAD = 8 };

/* Tasks and emissions that this thread is within. */
static _Thread_local int depth;

bool replicas_nested(void) {
    return depth > 0;
}

void replicas_halt(replicas_loop *l, uint64_t task, fl_status status) {
    l->halted = true;
    pthread_cond_broadcast(&l->moved);
    if (task >= l->failed)
        return;
    l->failed = task;
    l->status = status;
    snprintf(l->message, sizeof l->message, "%s", fl_message());
}

/* Hands over one result and records it. Called without the lock. */
static fl_status emit_replicas(const replicas_loop *l, uint64_t task, const fl_result *result,
                               double seconds, bool append) {
    const fl_replicas *spec = l->spec;
    depth++;
    fl_status status = spec->emit(task, spec->context, result->data, result->length);
    depth--;
    FL_CHECK(status);
    if (append && spec->journal)
        FL_CHECK(fl_record_append(spec, task, result, seconds));
    if (l->outermost)
        fl_tally_add(task, seconds, result->length);
    fl_effort_progress(&spec->effort, (double)(task + 1));
    return FL_OK;
}

/* Emits what has its turn, at most `most` results, unless another thread does so already. With the
 * lock. */
static void drain(replicas_loop *l, uint64_t most) {
    if (l->emitting)
        return;
    l->emitting = true;
    replicas_place *p = &l->ring[l->emitted % l->window];
    while (p->full && most-- > 0) { /* never so where a task failed */
        replicas_place now = *p;
        *p = (replicas_place){0};
        pthread_mutex_unlock(&l->lock);
        fl_status status = emit_replicas(l, l->emitted, &now.result, now.seconds, true);
        free(now.result.data);
        pthread_mutex_lock(&l->lock);
        l->waiting -= now.result.length;
        if (status != FL_OK) {
            replicas_halt(l, l->emitted, status);
            break;
        }
        l->emitted++;
        pthread_cond_broadcast(&l->moved);
        p = &l->ring[l->emitted % l->window];
    }
    l->emitting = false;
}

/* Is there no room for so many more? The bytes that wait are bounded too; the result whose turn it is is always
 * claimed already. */
static bool is_window_full(const replicas_loop *l, uint64_t more) {
    static const size_t most_bytes = (size_t)1 << 28;
    return l->next - l->emitted + more > l->window ||
           (l->waiting > most_bytes && l->next > l->emitted);
}

uint64_t replicas_unit(const fl_replicas *spec, uint64_t left, uint64_t workers, double mean) {
    static const double long_task = 60;
    return spec->group > 1 && left >= spec->group * workers && mean < long_task ? spec->group : 1;
}

double replicas_mean(double mean, double seconds) {
    return mean > 0 ? 0.9 * mean + 0.1 * seconds : seconds;
}

/* What a thread has claimed and not begun: the rest of a group. */
typedef struct own_range {
    uint64_t next, end;
} own_range;

static void halt_at_stop(replicas_loop *l) {
    l->halted = true;
    pthread_cond_broadcast(&l->moved);
}

/* What was kept is computed also after the failure of a later task. With the lock. */
static bool claim_own(replicas_loop *l, own_range *own, uint64_t *task) {
    if (own->next == own->end || own->next > l->failed)
        return false;
    if (fl_effort_stopped(&l->spec->effort)) {
        halt_at_stop(l);
        return false;
    }
    *task = own->next++;
    return true;
}

/* How many tasks a thread claims at once: one, or up to the end of the group. Some are left. */
static uint64_t claim_size(const replicas_loop *l) {
    uint64_t workers = (uint64_t)l->spec->effort.threads * (l->ranks ? l->ranks : 1);
    uint64_t left = l->spec->tasks - l->next;
    uint64_t unit = replicas_unit(l->spec, left, workers, l->mean), size = unit - l->next % unit;
    size = size < left ? size : left;
    return size < l->window ? size : l->window;
}

/* Waits until tasks may be claimed, a group as a whole; false when there is none to come. With the lock. */
static bool claim(replicas_loop *l, own_range *own, uint64_t *task) {
    if (claim_own(l, own, task))
        return true;
    while (!l->halted && l->next < l->spec->tasks && is_window_full(l, claim_size(l)))
        pthread_cond_wait(&l->moved, &l->lock);
    if (l->halted || l->next >= l->spec->tasks)
        return false;
    if (fl_effort_stopped(&l->spec->effort)) {
        halt_at_stop(l);
        return false;
    }
    *own = (own_range){l->next + 1, l->next + claim_size(l)};
    *task = l->next;
    l->next = own->end;
    return true;
}

uint64_t replicas_claim_some(replicas_loop *l, uint64_t most, uint64_t *first) {
    uint64_t count = 0;
    pthread_mutex_lock(&l->lock);
    *first = l->next;
    while (count < most && !l->halted && l->next < l->spec->tasks && !is_window_full(l, 1)) {
        l->next++;
        count++;
    }
    pthread_mutex_unlock(&l->lock);
    return count;
}

static double processor_seconds(bool alone) {
    struct timespec t;
    clock_gettime(alone ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void replicas_compute(const fl_replicas *spec, uint64_t task, bool alone, replicas_done *done) {
    double begin = processor_seconds(alone);
    *done = (replicas_done){.status = FL_OK};
    depth++;
    done->status = spec->work(task, spec->context, &done->result);
    depth--;
    if (done->status == FL_OK)
        done->status = fl_record_fits(spec, task, done->result.length, spec->record.keeps);
    done->seconds = processor_seconds(alone) - begin;
}

void replicas_put(replicas_loop *l, uint64_t task, const replicas_done *done, uint64_t emissions) {
    pthread_mutex_lock(&l->lock);
    l->mean = replicas_mean(l->mean, done->seconds);
    if (done->status == FL_OK) {
        l->ring[task % l->window] = (replicas_place){true, done->result, done->seconds};
        l->waiting += done->result.length;
        drain(l, emissions);
    } else {
        free(done->result.data);
        replicas_halt(l, task, done->status);
    }
    pthread_mutex_unlock(&l->lock);
}

void replicas_drain(replicas_loop *l, uint64_t emissions) {
    pthread_mutex_lock(&l->lock);
    drain(l, emissions);
    pthread_mutex_unlock(&l->lock);
}

void replicas_labour(replicas_loop *l, bool alone) {
    uint64_t task;
    own_range own = {0, 0};
    for (;;) {
        pthread_mutex_lock(&l->lock);
        bool claimed = claim(l, &own, &task);
        pthread_mutex_unlock(&l->lock);
        if (!claimed)
            return;
        replicas_done done;
        replicas_compute(l->spec, task, alone, &done);
        replicas_put(l, task, &done, UINT64_MAX);
    }
}

static fl_status stopped(const replicas_loop *l) {
    return fl_fail(FL_STOPPED, "stopped after %" PRIu64 " of %" PRIu64 " tasks", l->emitted,
                   l->spec->tasks);
}

static fl_status verdict(const replicas_loop *l) {
    if (l->failed != UINT64_MAX && l->status != FL_STOPPED)
        return fl_fail(l->status, "%s", l->message);
    return l->emitted == l->spec->tasks ? FL_OK : stopped(l);
}

/* Emits what the journal holds. */
static fl_status replay(replicas_loop *l) {
    const fl_replicas *spec = l->spec;
    for (;;) {
        bool found;
        uint64_t task;
        const void *payload;
        size_t length;
        FL_CHECK(fl_journal_next(spec->journal, &found, &task, &payload, &length));
        if (!found)
            return FL_OK;
        if (task != l->emitted || task >= spec->tasks)
            return fl_fail(FL_EMISMATCH,
                           "the checkpoint holds task %" PRIu64 " where task %" PRIu64
                           " of %" PRIu64 " is expected",
                           task, l->emitted, spec->tasks);
        if (fl_effort_stopped(&spec->effort))
            return stopped(l);
        double seconds;
        FL_CHECK(fl_record_open(spec, task, &payload, &length, &seconds));
        const fl_result result = {(void *)(uintptr_t)payload, length};
        FL_CHECK(emit_replicas(l, task, &result, seconds, false));
        l->emitted++;
    }
}

/* OpenMP starts its threads by means that the thread sanitizer cannot see; a lock that is always
 * there puts what was written before in order. The other locks do the rest. */
static void fence(void) {
    static pthread_mutex_t always = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&always);
    pthread_mutex_unlock(&always);
}

__attribute__((no_sanitize("thread"))) static void spread_replicas(replicas_loop *l, int threads) {
    fence();
#pragma omp parallel num_threads(threads)
    {
        fence();
        replicas_labour(l, threads == 1);
    }
}

static void loop_end(replicas_loop *l) {
    pthread_mutex_lock(&l->lock);
    for (uint64_t i = 0; i < l->window; i++)
        free(l->ring[i].result.data);
    free(l->ring);
    pthread_mutex_unlock(&l->lock);
    pthread_cond_destroy(&l->moved);
    pthread_mutex_destroy(&l->lock);
}

/* On the threads of this process, and on other ranks where they are given. */
static fl_status loop_run(replicas_loop *l, const fl_ranks *ranks, uint64_t number) {
    uint64_t left = l->spec->tasks - l->emitted;
    int threads = left < (uint64_t)l->spec->effort.threads ? (int)left : l->spec->effort.threads;
    l->next = l->emitted;
    l->window = ranks                        ? ranks_window(ranks, threads)
                : l->spec->group > AHEAD / 2 ? (uint64_t)threads * 2 * l->spec->group
                                             : (uint64_t)threads * AHEAD;
    l->ring = calloc(l->window, sizeof *l->ring);
    if (!l->ring)
        return fl_fail(FL_ENOMEM, "out of memory for %" PRIu64 " waiting results", l->window);
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->moved, NULL);
    if (ranks)
        ranks_lead(ranks, number, l, threads);
    else
        spread_replicas(l, threads);
    loop_end(l);
    return verdict(l);
}

fl_status fl_replicas_run(const fl_replicas *spec) {
    uint64_t number;
    if (spec->effort.threads < 1)
        return fl_fail(FL_EINVAL, "%d threads; allowed: at least 1", spec->effort.threads);
    const fl_ranks *ranks = ranks_for(spec, &number);
    if (ranks && fl_ranks_serving())
        return ranks_serve(ranks, number, spec);
    replicas_loop l = {.spec = spec,
                       .ranks = ranks ? (uint64_t)fl_ranks_count() : 0,
                       .failed = UINT64_MAX,
                       .outermost = !replicas_nested()};
    if (spec->journal)
        FL_CHECK(replay(&l));
    return l.emitted == spec->tasks ? FL_OK : loop_run(&l, ranks, number);
}
