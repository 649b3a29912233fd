/* The loop over replicas: see replicas.h.
 *
 * Threads claim tasks in order, compute them, and put the results into a ring of as many places as
 * tasks may be ahead of the emission; whoever completes the task whose turn it is emits it and all
 * that wait behind it. Claims are in order, so whatever is claimed when the loop halts (a failure,
 * a stop) is finished and emitted up to the failure: which tasks are emitted before a failure does
 * not depend on the threads. */
#include "fixland/replicas.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "src/par/record.h"

/* Results a thread that may wait for their turn. */
enum { AHEAD = 8 };

/* A place of the ring. */
typedef struct place {
    bool done;
    fl_result result;
} place;

typedef struct loop {
    const fl_replicas *spec;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t moved; /* the window has moved, or the loop has halted */
    place *ring;
    uint64_t window;
    uint64_t next;    /* first task not claimed */
    uint64_t emitted; /* first task not emitted */
    bool emitting;    /* a thread is at it */
    bool halted;      /* no more claims */
    uint64_t failed;  /* smallest task that failed, UINT64_MAX: none */
    fl_status status; /* of that task, with its sentence */
    char message[1024];
} loop;

static void fail(loop *l, uint64_t task, fl_status status) {
    l->halted = true;
    pthread_cond_broadcast(&l->moved);
    if (task >= l->failed)
        return;
    l->failed = task;
    l->status = status;
    snprintf(l->message, sizeof l->message, "%s", fl_message());
}

/* Hands over one result and records it. Called without the lock. */
static fl_status emit_replicas(const fl_replicas *spec, uint64_t task, const void *data,
                               size_t length, bool append) {
    FL_CHECK(spec->emit(task, spec->context, data, length));
    if (append && spec->journal)
        FL_CHECK(fl_record_append(spec, task, data, length));
    fl_effort_progress(&spec->effort, (double)(task + 1));
    return FL_OK;
}

/* Emits what has its turn, unless another thread does so already. With the lock. */
static void drain(loop *l) {
    if (l->emitting)
        return;
    l->emitting = true;
    place *p = &l->ring[l->emitted % l->window];
    while (p->done) { /* never so where a task failed */
        fl_result result = p->result;
        *p = (place){0};
        pthread_mutex_unlock(&l->lock);
        fl_status status = emit_replicas(l->spec, l->emitted, result.data, result.length, true);
        free(result.data);
        pthread_mutex_lock(&l->lock);
        if (status != FL_OK) {
            fail(l, l->emitted, status);
            break;
        }
        l->emitted++;
        pthread_cond_broadcast(&l->moved);
        p = &l->ring[l->emitted % l->window];
    }
    l->emitting = false;
}

/* Waits until a task may be claimed; false when there is none to come. With the lock. */
static bool claim(loop *l, uint64_t *task) {
    while (!l->halted && l->next < l->spec->tasks && l->next - l->emitted >= l->window)
        pthread_cond_wait(&l->moved, &l->lock);
    if (l->halted || l->next >= l->spec->tasks)
        return false;
    if (fl_effort_stopped(&l->spec->effort)) {
        l->halted = true;
        pthread_cond_broadcast(&l->moved);
        return false;
    }
    *task = l->next++;
    return true;
}

/* What each thread does. */
static void labour(loop *l) {
    uint64_t task;
    pthread_mutex_lock(&l->lock);
    while (claim(l, &task)) {
        pthread_mutex_unlock(&l->lock);
        fl_result result = {0};
        fl_status status = l->spec->work(task, l->spec->context, &result);
        if (status == FL_OK)
            status = fl_record_fits(l->spec, task, result.length, l->spec->record.keeps);
        pthread_mutex_lock(&l->lock);
        if (status == FL_OK) {
            l->ring[task % l->window] = (place){true, result};
            drain(l);
        } else {
            free(result.data);
            fail(l, task, status);
        }
    }
    pthread_mutex_unlock(&l->lock);
}

static fl_status stopped(const loop *l) {
    return fl_fail(FL_STOPPED, "stopped after %" PRIu64 " of %" PRIu64 " tasks", l->emitted,
                   l->spec->tasks);
}

static fl_status verdict(const loop *l) {
    if (l->failed != UINT64_MAX && l->status != FL_STOPPED)
        return fl_fail(l->status, "%s", l->message);
    return l->emitted == l->spec->tasks ? FL_OK : stopped(l);
}

/* Emits what the journal holds. */
static fl_status replay(loop *l) {
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
        FL_CHECK(fl_record_open(spec, task, &payload, &length));
        FL_CHECK(emit_replicas(spec, task, payload, length, false));
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

__attribute__((no_sanitize("thread"))) static void spread_replicas(loop *l, int threads) {
    fence();
#pragma omp parallel num_threads(threads)
    {
        fence();
        labour(l);
    }
}

static void loop_end(loop *l) {
    pthread_mutex_lock(&l->lock);
    for (uint64_t i = 0; i < l->window; i++)
        free(l->ring[i].result.data);
    free(l->ring);
    pthread_mutex_unlock(&l->lock);
    pthread_cond_destroy(&l->moved);
    pthread_mutex_destroy(&l->lock);
}

static fl_status loop_run(loop *l) {
    uint64_t left = l->spec->tasks - l->emitted;
    int threads = left < (uint64_t)l->spec->effort.threads ? (int)left : l->spec->effort.threads;
    l->next = l->emitted;
    l->window = (uint64_t)threads * AHEAD;
    l->ring = calloc(l->window, sizeof *l->ring);
    if (!l->ring)
        return fl_fail(FL_ENOMEM, "out of memory for %" PRIu64 " waiting results", l->window);
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->moved, NULL);
    spread_replicas(l, threads);
    loop_end(l);
    return verdict(l);
}

fl_status fl_replicas_run(const fl_replicas *spec) {
    if (spec->effort.threads < 1)
        return fl_fail(FL_EINVAL, "%d threads; allowed: at least 1", spec->effort.threads);
    loop l = {.spec = spec, .failed = UINT64_MAX};
    if (spec->journal)
        FL_CHECK(replay(&l));
    return l.emitted == spec->tasks ? FL_OK : loop_run(&l);
}
