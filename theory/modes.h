/* Modes of the theory tools that are kept in files of their own. Private to theory/. */
#ifndef FIXLAND_THEORY_MODES_H
#define FIXLAND_THEORY_MODES_H

#include "fixland/cli.h"
#include "fixland/sampling.h"
#include "fixland/tuples.h"

/* fl-entropy */
extern const fl_mode fl_mode_count, fl_mode_pairs, fl_mode_potential, fl_mode_chain;
extern const fl_mode fl_mode_fluctuations, fl_mode_cycles, fl_mode_input;

/* fl-phase */
extern const fl_mode fl_mode_gaps, fl_mode_perceptron, fl_mode_curve, fl_mode_critical;
extern const fl_mode fl_mode_tuples, fl_mode_plane, fl_mode_levels;

/* Neurons that differ in their self-coupling: --jd-fraction, --jd-file. */
typedef struct fl_self_settings {
    double fraction;
    const char *path;
} fl_self_settings;

extern const fl_option fl_self_options[];

/* What they say; `self` has no members where all neurons are alike. FL_EUSAGE for both, FL_EFORMAT for
 * a file that is not `numbers` in [0, 1] of which the largest is 1, or with more different ones than
 * FL_SELF_MAX; *numbers, how many the file has (1 without; may be NULL). */
fl_status fl_self_open(fl_run *run, const fl_self_settings *settings, fl_self_couplings *self,
                       size_t *numbers);

#define FL_LEVELS_OPTION(settings_type, member, distances)                                         \
    {                                                                                              \
        .name = "levels", .type = FL_OPTION_INTEGER, .offset = offsetof(settings_type, member),    \
        .argument = "S", .fallback = "1", .low = 1, .high = 2,                                     \
        .help = "levels of overlap: 1, all pairs alike; 2, groups, " distances                     \
                "between members of different groups"                                              \
    }
#define FL_JD_OPTION(settings_type, member, list, least, most)                                     \
    {                                                                                              \
        .name = "jd", .type = FL_OPTION_REALS, .offset = offsetof(settings_type, member),          \
        .argument = "LIST", .fallback = list, .low = least, .high = most,                          \
        .help = "self-coupling J_D"                                                                \
    }

/* Columns of several modes. */
#define FL_COLUMN_M                                                                                \
    { "m", FL_REAL, NULL, "number of replicas" }
#define FL_COLUMN_M_OR_INFINITE                                                                    \
    { "m", FL_REAL, NULL, "number of replicas; inf with --infinite" }
#define FL_COLUMN_Q                                                                                \
    { "q", FL_REAL, NULL, "mutual overlap" }
#define FL_COLUMN_DISTANCE                                                                         \
    { "distance", FL_REAL, NULL, "(1 - q)/2" }
#define FL_COLUMN_NUMERICAL(unit)                                                                  \
    { "error", FL_REAL, unit, "numerical: quadrature, rounding, convergence" }
#define FL_COLUMN_FLAG                                                                             \
    { "flag", FL_INTEGER, NULL, "0; 1 where no answer exists; 2 undecided (nan)" }

/* Every J_D less the margin has to be in [low, 20]. FL_EUSAGE. */
fl_status fl_check_margin(const fl_reals *jd, double margin, double low);

/* Writes the table of a run: opens it, calls rows, closes it, or drops it on failure. FL_UNDECIDED
 * keeps what is there. */
fl_status fl_write_rows(fl_run *run, const void *settings, const fl_mode_table *table,
                        fl_status (*rows)(fl_table *table, const void *settings));

/* Rows that have no answer carry nan and a flag. */
typedef struct fl_verdicts {
    size_t rows, undecided;
} fl_verdicts;

/* The flag for a status: 0, 1 where no answer exists (FL_EDOMAIN), 2 where it is undecided; -1 for
 * a failure that ends the run. Counts the rows. */
int fl_verdict(fl_verdicts *verdicts, fl_status status);

/* FL_OK, or FL_UNDECIDED with a sentence when rows are undecided. */
fl_status fl_verdicts_end(const fl_verdicts *verdicts);

#endif
