/* See tally.h. Emissions of one loop come one at a time, behind its lock; several loops may run at once. */
#include "src/par/tally.h"

#include <pthread.h>

static struct {
    pthread_mutex_t lock;
    fl_tally_each *each;
    void *context;
    uint64_t tasks, nodes;
    double seconds;
} tally = {.lock = PTHREAD_MUTEX_INITIALIZER};

void fl_tally_start(fl_tally_each *each, void *context) {
    pthread_mutex_lock(&tally.lock);
    tally.each = each;
    tally.context = context;
    tally.tasks = tally.nodes = 0;
    tally.seconds = 0;
    pthread_mutex_unlock(&tally.lock);
}

void fl_tally_add(uint64_t task, double seconds, size_t bytes) {
    pthread_mutex_lock(&tally.lock);
    tally.tasks++;
    tally.seconds += seconds;
    if (tally.each)
        tally.each(tally.context, task, seconds, bytes);
    pthread_mutex_unlock(&tally.lock);
}

void fl_tally_nodes(uint64_t nodes) {
    pthread_mutex_lock(&tally.lock);
    tally.nodes += nodes;
    pthread_mutex_unlock(&tally.lock);
}

uint64_t fl_tally_total(double *seconds, uint64_t *nodes) {
    pthread_mutex_lock(&tally.lock);
    *seconds = tally.seconds;
    *nodes = tally.nodes;
    uint64_t tasks = tally.tasks;
    pthread_mutex_unlock(&tally.lock);
    return tasks;
}
