/* See tally.h. Emissions come one at a time, behind the lock of their loop. */
#include "src/par/tally.h"

static struct {
    fl_tally_each *each;
    void *context;
    uint64_t tasks;
    double seconds;
} tally;

void fl_tally_start(fl_tally_each *each, void *context) {
    tally.each = each;
    tally.context = context;
    tally.tasks = 0;
    tally.seconds = 0;
}

void fl_tally_add(uint64_t task, double seconds, size_t bytes) {
    tally.tasks++;
    tally.seconds += seconds;
    if (tally.each)
        tally.each(tally.context, task, seconds, bytes);
}

uint64_t fl_tally_total(double *seconds) {
    *seconds = tally.seconds;
    return tally.tasks;
}
