/* A loop over replicas at work: what replicas.c, lead.c and serve.c share. Internal. */
#ifndef FIXLAND_PAR_LOOP_H
#define FIXLAND_PAR_LOOP_H

#include <pthread.h>

#include "fixland/replicas.h"

/* What came of a task: a result, or a failure with its sentence in `result`. */
typedef struct replicas_done {
    fl_status status;
    fl_result result;
    double seconds; /* of processor time */
} replicas_done;

/* A place of the ring. */
typedef struct replicas_place {
    bool full;
    fl_result result;
    double seconds;
} replicas_place;

typedef struct replicas_loop {
    const fl_replicas *spec;
    uint64_t ranks;       /* that share the loop; 0: none */
    bool outermost;       /* not within a task of another loop */
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t moved; /* the window has moved, or the loop has halted */
    replicas_place *ring;
    uint64_t window;
    uint64_t next;    /* first task not claimed */
    uint64_t emitted; /* first task not emitted */
    size_t waiting;   /* bytes in the ring */
    double mean;      /* time of a task, s; 0: not known yet */
    bool emitting;    /* a thread is at it */
    bool halted;      /* no more claims */
    uint64_t failed;  /* smallest task that failed, UINT64_MAX: none */
    fl_status status; /* of that task, with its sentence */
    char message[1024];
} replicas_loop;

/* Whether this thread is within a task or an emission. */
bool replicas_nested(void);

/* Computes a task; `alone`: no other task is computed in this process meanwhile, so that its time
 * is that of all threads. */
void replicas_compute(const fl_replicas *spec, uint64_t task, bool alone, replicas_done *done);

/* How many tasks, up to the end of their group, are given to one thread: the group, so that nobody else
 * prepares or waits for what it shares; 1 where there are not as many groups left as `workers`, or where
 * tasks take so long (`mean`, s) that what a stop leaves unfinished matters. */
uint64_t replicas_unit(const fl_replicas *spec, uint64_t left, uint64_t workers, double mean);

/* The running mean of times, with one more. */
double replicas_mean(double mean, double seconds);

/* Claims up to `most` tasks that follow one another, from *first on; how many. Never waits. */
uint64_t replicas_claim_some(replicas_loop *l, uint64_t most, uint64_t *first);

/* Takes what came of a claimed task; emits what has its turn, at most `emissions` results. */
void replicas_put(replicas_loop *l, uint64_t task, const replicas_done *done, uint64_t emissions);

/* Emits what has its turn, at most so many results. */
void replicas_drain(replicas_loop *l, uint64_t emissions);

/* Ends the claims; `task` failed with this status and the sentence at hand. With the lock. */
void replicas_halt(replicas_loop *l, uint64_t task, fl_status status);

/* What a thread does until there is nothing left to claim. */
void replicas_labour(replicas_loop *l, bool alone);

#endif
