/* What the modes of fl-dmft share. Internal. */
#ifndef FIXLAND_THEORY_DMFT_MODES_H
#define FIXLAND_THEORY_DMFT_MODES_H

#include "fixland/cli.h"
#include "fixland/dmft.h"
#include "fixland/sampling.h"
#include "theory/dmft_parts.h"

extern const fl_mode dmft_threshold_mode, dmft_retrieval_mode;

/* Settings of all modes; each has options for some of them. */
typedef struct dmft_settings {
    fl_reals jd, p, unstable, overlaps;
    double flip, margin;
    fl_reals crossings;
    int order, method;
    int64_t time, steps, trajectories, repetitions;
    bool points, trajectories_given;
    fl_drive drive;
    const char *shard;
} dmft_settings;

/* The plan of one J_D and p; p = 0 is the asynchronous limit. */
fl_dmft dmft_plan(const fl_run *run, const dmft_settings *s, double jd, double p);

/* Problems of a run, in the order of its rows; each has as many repetitions. */
typedef struct dmft_problems {
    dmft_problem *all;
    size_t count, room;
} dmft_problems;

fl_status dmft_add(dmft_problems *problems, const dmft_problem *problem);

/* Solves all of them, their repetitions being the tasks of one loop over replicas; `take` gets one after
 * the other with the numbers of its repetitions. */
typedef fl_status dmft_take(void *context, size_t which, const dmft_problem *problem,
                            const double *numbers);
fl_status dmft_solve_all(fl_run *run, fl_journal *journal, const dmft_problems *problems,
                         dmft_take *take, void *context);

/* A table with rows for all J_D and p. `pose` adds the problems of one plan, which has the self-coupling
 * less the margin, and the input; `write` gets each back with its numbers, and the self-coupling that
 * was asked for. */
typedef struct dmft_mode {
    const fl_column *columns;
    size_t count;
    fl_status (*pose)(const dmft_settings *s, const fl_dmft *plan, dmft_problems *problems);
    fl_status (*write)(fl_table *table, double jd, const dmft_settings *s,
                       const dmft_problem *problem, const double *numbers);
} dmft_mode;

fl_status dmft_write(fl_run *run, const dmft_settings *s, const dmft_mode *mode);

/* FL_EUSAGE for --order and --steps without p = 0; they leave the provenance, too. */
fl_status dmft_check_order(fl_run *run, const dmft_settings *s);

/* FL_EUSAGE for fewer trajectories than a round of the stationary method has at least. */
fl_status dmft_check_trajectories(const dmft_settings *s);

/* Forward in time whole words of 64 trajectories are taken: the provenance tells how many. */
fl_status dmft_tell_trajectories(fl_run *run, const dmft_settings *s);

/* p as the tables have it: 0 for the asynchronous rules. */
double dmft_p(const fl_dmft *plan);

#define DMFT_AT(member) offsetof(dmft_settings, member)
#define COLUMN_P                                                                                   \
    { "p", FL_REAL, NULL, "flip probability; 0: asynchronous" }
#define COLUMN_UNSTABLE                                                                            \
    { "unstable_fraction", FL_REAL, NULL, "of neurons with s f < margin" }
#define COLUMN_ERROR                                                                               \
    { "error", FL_REAL, NULL, "over repetitions" }

#define JD_OPTION(list)                                                                            \
    {                                                                                              \
        .name = "jd", .type = FL_OPTION_REALS, .offset = DMFT_AT(jd), .argument = "LIST",          \
        .fallback = list, .help = "self-coupling J_D"                                              \
    }
#define P_OPTION(list)                                                                             \
    {                                                                                              \
        .name = "p", .type = FL_OPTION_REALS, .offset = DMFT_AT(p), .argument = "LIST",            \
        .fallback = list, .low = 0, .high = 1,                                                     \
        .help = "probability that an unstable neuron flips in a step: 1 synchronous, 0 the "       \
                "asynchronous limit, with time in sweeps"                                          \
    }
#define ORDER_OPTION                                                                               \
    {                                                                                              \
        .name = "order", .type = FL_OPTION_CHOICE, .offset = DMFT_AT(order), .argument = "WHICH",  \
        .fallback = "site", .choices = "site|permutation",                                         \
        .help =                                                                                    \
            "with p = 0: visits at random moments (fl-access --algorithm site), or one in each "   \
            "sweep (--algorithm async)"                                                            \
    }
#define TIME_OPTION(value, text)                                                                   \
    {                                                                                              \
        .name = "time", .type = FL_OPTION_INTEGER, .offset = DMFT_AT(time), .argument = "COUNT",   \
        .fallback = value, .low = 1, .high = 1e5, .help = text                                     \
    }
#define STEPS_OPTION                                                                               \
    {                                                                                              \
        .name = "steps", .type = FL_OPTION_INTEGER, .offset = DMFT_AT(steps), .argument = "COUNT", \
        .fallback = "16", .low = 2, .high = 1024,                                                  \
        .help = "with p = 0: steps a sweep; solved with half as many too, and extrapolated"        \
    }
#define TRAJECTORIES_OPTION(value, text)                                                           \
    {                                                                                              \
        .name = "trajectories", .type = FL_OPTION_INTEGER, .offset = DMFT_AT(trajectories),        \
        .argument = "COUNT", .fallback = value, .low = 1, .high = 1 << 28,                         \
        .help = "trajectories of each solution, " text                                             \
    }
#define FORWARD_TRAJECTORIES(value) TRAJECTORIES_OPTION(value, "rounded up to a multiple of 64")
#define REPETITIONS_OPTION                                                                         \
    {                                                                                              \
        .name = "repetitions", .type = FL_OPTION_INTEGER, .offset = DMFT_AT(repetitions),          \
        .argument = "COUNT", .fallback = "8", .low = 2, .high = 1e6,                               \
        .help = "independent solutions, for the error"                                             \
    }

#endif
