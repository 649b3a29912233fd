/* See patience.h. */
#include "mc/learn/patience.h"

#include <stdatomic.h>
#include <time.h>

static const double patience = 1; /* seconds */

double monotonic_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* When a request was first seen, 0 when there is none: as fl_stop_requested, one for the process.
 * An epoch, or a training, that begins after a request has its own second. */
static _Atomic double asked;

static bool patience_ends(void *context) {
    double none = 0, now;
    (void)context;
    if (!fl_stop_requested()) {
        atomic_store(&asked, 0);
        return false;
    }
    now = monotonic_seconds();
    atomic_compare_exchange_strong(&asked, &none, now);
    return now - atomic_load(&asked) > patience;
}

fl_effort patient_effort(int threads) {
    atomic_store(&asked, 0);
    return (fl_effort){.threads = threads, .stop = patience_ends};
}
