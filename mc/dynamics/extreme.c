/* Greedy and reluctant dynamics: n flips of the neuron that is violated most, or least. */
#include "mc/dynamics/walker.h"

/* The unstable neuron (of w->list, `count` of them) of largest or smallest violation; of equal ones
 * that of smallest number. Violations are those of the integer fields. */
static uint32_t extreme_of(const walker *w, size_t count, bool largest) {
    uint32_t best = w->list[0];
    for (size_t k = 1; k < count; k++) {
        int32_t aligned = walker_aligned(w, w->list[k]), least = walker_aligned(w, best);
        if (largest ? aligned < least : aligned > least)
            best = w->list[k];
    }
    return best;
}

void walker_extreme(walker *w, bool largest) {
    for (size_t k = 0; k < w->columns->n; k++) {
        size_t count = walker_unstable(w);
        if (count == 0)
            return;
        walker_flip(w, extreme_of(w, count, largest), NO_NEXT);
    }
}
