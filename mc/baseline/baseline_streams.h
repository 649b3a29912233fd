/* `replica` of the baselines' streams of FL_PURPOSE_LEARNING. Never renumbered; apart from those of
 * the recurrent network, so that both may have the same seed. */
#ifndef FIXLAND_BASELINE_BASELINE_STREAMS_H
#define FIXLAND_BASELINE_BASELINE_STREAMS_H

enum {
    FL_BASELINE_START = 1001, /* sample = layer, sub = row */
    FL_BASELINE_ORDER = 1002, /* sample = epoch */
    FL_BASELINE_NOISE = 1003  /* sample = epoch, sub = place in the order */
};

#endif
