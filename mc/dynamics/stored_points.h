/* The configurations of a store with the networks that they belong to, set by set. Internal to
 * mc/dynamics. */
#ifndef FIXLAND_DYNAMICS_STORED_POINTS_H
#define FIXLAND_DYNAMICS_STORED_POINTS_H

#include "fixland/cli.h"
#include "fixland/network.h"
#include "fixland/sampling.h"
#include "fixland/store.h"

/* Options of the modes that go through a store. */
typedef struct stored_settings {
    const char *start, *input;
    int64_t points;
    bool summary;
    const char *shard;
    fl_network_settings network;
} stored_settings;

extern const fl_option stored_options[];

#define STORED_COLUMN_N                                                                            \
    { "n", FL_INTEGER, NULL, "neurons (of all modules)" }

typedef struct stored_points {
    fl_store_reader *reader;
    const fl_store_set *sets;
    size_t count;
    uint64_t from, until; /* sets of the shard */
    const char *path;
    uint64_t most;         /* points of a set at most; 0: all */
    fl_sampled given;      /* the network of --network (n = 0: none), the input of --input */
    bool drawn;            /* does the store tell what its networks can be drawn again from? */
    fl_instances networks; /* that, and the input */
} stored_points;

/* FL_EUSAGE (for an input that is not named, too), FL_EIO, FL_EFORMAT; FL_EMISMATCH for a --network
 * that is not the one the store tells of. Release with stored_points_close in any case. */
fl_status stored_points_open(stored_points *p, fl_run *run, const stored_settings *settings);
void stored_points_close(stored_points *p);

/* Which sets are those of the shard (all of them for NULL), once they are known; and number `task` of them. A
 * shard writes rows, and never the summary. FL_EUSAGE for a shard that is none. */
fl_status stored_points_share(stored_points *p, const stored_settings *settings);
const fl_store_set *stored_points_set(const stored_points *p, uint64_t task);
bool stored_summary(const stored_settings *settings);

/* Points of a set that are taken, and number k of them, spread evenly over the set. */
uint64_t stored_points_taken(const stored_points *p, const fl_store_set *set);
fl_status stored_points_read(const stored_points *p, const fl_store_set *set, uint64_t k,
                             uint64_t *spins);

/* The given network, the one in the store, or one drawn again, under its input; FL_EDOMAIN where nothing is told,
 * FL_EMISMATCH for another size. Clear it. */
fl_status stored_points_network(const stored_points *p, const fl_store_set *set,
                                fl_network *network);

/* ---- means over networks ---- */

enum { STORED_VALUES = 4 };

/* Values of networks with the same key, in order of their first. Start from a zeroed struct. */
typedef struct stored_group {
    size_t n, which; /* key: neurons, J_D, number of the damage, radius ... */
    double jd;
    uint64_t networks, points;
    double sum[STORED_VALUES], square[STORED_VALUES];
} stored_group;

typedef struct stored_groups {
    stored_group *list;
    size_t count, capacity;
} stored_groups;

/* A network's values at a key; FL_ENOMEM. */
fl_status stored_groups_add(stored_groups *g, const fl_store_set *set, size_t which,
                            uint64_t points, const double *values);

/* The same from the rows of shards, all of them in order: n, jd and sample in front, `keys` rows for each
 * network; where the number of points and the values stand. FL_EMISMATCH, FL_EFORMAT for other rows. */
fl_status stored_groups_again(stored_groups *g, const fl_frame *rows, size_t keys, size_t points,
                              const size_t *columns, size_t values);

/* Mean over networks and its standard error (nan for one). */
double stored_mean(const stored_group *g, size_t value);
double stored_error(const stored_group *g, size_t value);

void stored_groups_clear(stored_groups *g);

#endif
