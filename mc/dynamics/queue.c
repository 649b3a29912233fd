/* Room for the visits of a sweep: see queue.h. */
#include "mc/dynamics/queue.h"

#include <stdlib.h>
#include <string.h>

fl_status queue_open(visit_queue *q, size_t n) {
    *q = (visit_queue){.bits = 6};
    while ((size_t)1 << q->bits < n)
        q->bits++;
    size_t buckets = (size_t)1 << q->bits;
    q->place = calloc(n, sizeof *q->place);
    q->first = calloc(buckets, sizeof *q->first);
    q->after = calloc(n, sizeof *q->after);
    q->filled = calloc(buckets / 64, sizeof *q->filled);
    q->member = calloc((n + 63) / 64, sizeof *q->member);
    if (q->place && q->first && q->after && q->filled && q->member)
        return FL_OK;
    queue_close(q);
    return fl_fail(FL_ENOMEM, "out of memory for the visits of %zu neurons", n);
}

void queue_close(visit_queue *q) {
    free(q->place);
    free(q->first);
    free(q->after);
    free(q->filled);
    free(q->member);
    memset(q, 0, sizeof *q);
}
