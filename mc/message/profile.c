/* Local entropies at given distances: see profile.h. */
#include "mc/message/profile.h"

#include <math.h>

/* The converged point nearest to `distance` from below (side -1) or above (+1). */
static const fl_message_point *nearest(const fl_message_point *points, size_t count,
                                       double distance, int side) {
    const fl_message_point *best = NULL;
    for (size_t k = 0; k < count; k++) {
        const fl_message_point *p = &points[k];
        double away = side * (p->distance - distance);
        if (p->branch && p->converged && away >= 0 &&
            (!best || away < side * (best->distance - distance)))
            best = p;
    }
    return best;
}

bool profile_at(const fl_message_point *points, size_t count, double distance, double *entropy,
                double *mutual) {
    const fl_message_point *a = nearest(points, count, distance, -1),
                           *b = nearest(points, count, distance, 1);
    if (!a || !b)
        return false;
    double width = b->distance - a->distance, t = width > 0 ? (distance - a->distance) / width : 0;
    double u = 1 - t, from = 2 * a->gamma * width, to = 2 * b->gamma * width;
    *entropy = u * u * (1 + 2 * t) * a->entropy + t * t * (1 + 2 * u) * b->entropy +
               t * u * (u * from - t * to);
    *mutual = u * a->mutual + t * b->mutual;
    return isfinite(*entropy);
}
