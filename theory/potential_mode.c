/* fl-entropy potential: the entropy of pairs of fixed points against their distance. */
#include <stddef.h>

#include "fixland/potential.h"
#include "theory/modes.h"

typedef struct settings {
    fl_reals jd, distance;
} settings;

static const fl_option options[] = {
    {.name = "jd",
     .type = FL_OPTION_REALS,
     .offset = offsetof(settings, jd),
     .argument = "LIST",
     .fallback = "0,0.2,0.5",
     .low = -10,
     .high = 10,
     .help = "self-coupling J_D"},
    {.name = "distance",
     .type = FL_OPTION_REALS,
     .offset = offsetof(settings, distance),
     .argument = "LIST",
     .fallback = "0:1:0.01",
     .low = 0,
     .high = 1,
     .help = "distance d = (1 - q)/2 of the two"},
    {.name = NULL},
};

static const fl_column columns[] = {
    {"jd", FL_REAL, NULL},          {"q", FL_REAL, NULL},
    {"distance", FL_REAL, NULL},    {"pair_entropy", FL_REAL, "nats"},
    {"potential", FL_REAL, "nats"},
};

static fl_status rows(fl_table *table, const void *chosen) {
    const settings *s = chosen;
    for (size_t k = 0; k < s->jd.count; k++)
        for (size_t i = 0; i < s->distance.count; i++) {
            double jd = s->jd.values[k], d = s->distance.values[i], entropy, potential;
            FL_CHECK(fl_pair_entropy(jd, d, &entropy, &potential));
            const fl_cell row[] = {FL_NUM(jd), FL_NUM(1 - 2 * d), FL_NUM(d), FL_NUM(entropy),
                                   FL_NUM(potential)};
            FL_CHECK(fl_table_row(table, row));
        }
    return FL_OK;
}

static fl_status run(fl_run *run, const void *chosen) {
    return fl_write_rows(run, chosen, columns, sizeof columns / sizeof *columns, rows);
}

const fl_mode fl_mode_potential = {
    .name = "potential",
    .summary = "entropy of pairs of fixed points against their distance",
    .details =
        "Annealed entropy of ordered pairs of fixed points at overlap q for many neurons, and the "
        "potential of a typical fixed point, the same less ln(2 Phi(J_D)): where it is negative a "
        "typical fixed point has no other at that distance.\n"
        "Columns: jd; q; distance (1 - q)/2; pair_entropy and potential, nats per neuron.",
    .example = "fl-entropy potential --jd 0.2,0.5",
    .options = options,
    .settings_size = sizeof(settings),
    .run = run,
};
