/* fl-entropy potential: the entropy of pairs of fixed points against their distance. */
#include <stddef.h>

#include "fixland/potential.h"
#include "theory/modes.h"
#include "theory/sweep.h"

typedef struct settings {
    fl_reals jd, distance;
    double eta, margin;
} settings;

static const fl_option options[] = {
    {"jd", FL_OPTION_REALS, offsetof(settings, jd), "LIST", "0,0.2,0.5", -10, 10,
     .help = "self-coupling J_D"},
    {"distance", FL_OPTION_REALS, offsetof(settings, distance), "LIST", "0:1:0.01", 0, 1,
     .help = "distance d = (1 - q)/2 of the two"},
    {"eta", FL_OPTION_REAL, offsetof(settings, eta), "ETA", "0", -1, 1, .each = true,
     .help = "symmetry: correlation of J_ij and J_ji"},
    FL_GROUP(fl_margin_options, settings, margin),
    {.name = NULL},
};

static const fl_column columns[] = {
    FL_COLUMN_JD,
    {"q", FL_REAL, NULL, "overlap"},
    FL_COLUMN_DISTANCE,
    {"pair_entropy", FL_REAL, "nats", "of ordered pairs, per neuron"},
    {"potential", FL_REAL, "nats", "pair_entropy less the entropy of fixed points"},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static fl_status potential_rows(fl_table *table, const void *chosen) {
    const settings *s = chosen;
    for (size_t k = 0; k < s->jd.count; k++)
        for (size_t i = 0; i < s->distance.count; i++) {
            double jd = s->jd.values[k], d = s->distance.values[i], entropy, potential;
            FL_CHECK(fl_pair_entropy_eta(jd - s->margin, s->eta, d, &entropy, &potential));
            const fl_cell row[] = {FL_NUM(jd), FL_NUM(1 - 2 * d), FL_NUM(d), FL_NUM(entropy),
                                   FL_NUM(potential)};
            FL_CHECK(fl_table_row(table, row));
        }
    return FL_OK;
}

static const fl_mode_table tables[] = {{NULL, columns, COLUMNS}, {.columns = NULL}};

static fl_status run_potential(fl_run *run, const void *chosen) {
    return fl_write_rows(run, chosen, tables, potential_rows);
}

const fl_mode fl_mode_potential = {
    .name = "potential",
    .summary = "entropy of pairs of fixed points against their distance",
    .details =
        "Annealed entropy of ordered pairs of fixed points at overlap q for many neurons, and the "
        "potential, the same less the entropy of fixed points: the logarithm of the mean number of "
        "others at that distance from a fixed point drawn among those of all networks. Where it is "
        "negative such a fixed point has no other there (Markov). The same holds for one drawn "
        "from a typical network as long as the variance of the number of fixed points over the "
        "square of its mean stays bounded, which fl-entropy fluctuations shows for J_D > 0.",
    .example = "fl-entropy potential --jd 0.2,0.5",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_LISTS,
    .run = run_potential,
    .tables = tables,
};
