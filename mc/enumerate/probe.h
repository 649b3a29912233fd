/* How finely a long search is cut. What a search costs depends on the network, by orders of magnitude where
 * its couplings have a structure, and a part has a price of its own (tables, a message, a record): cut as
 * finely as a hard network needs, an easy one would take longer in parts than whole. So some parts of an
 * even finer cut are tried, none for long, and the nodes found there tell. Internal. */
#ifndef FIXLAND_ENUMERATE_PROBE_H
#define FIXLAND_ENUMERATE_PROBE_H

#include "fixland/effort.h"
#include "fixland/network.h"
#include "fixland/status.h"

/* *bits, from `least` to `most`, such that one of 2^bits parts of the tree search takes some twenty seconds: a
 * function of network and self-couplings alone, on any machine. For at least 6 neurons. Takes about two seconds at most. FL_STOPPED when
 * asked to stop. */
fl_status probe_bits(const fl_network *network, const double *jd, size_t jd_count, unsigned least,
                     unsigned most, const fl_effort *effort, unsigned *bits);

#endif
