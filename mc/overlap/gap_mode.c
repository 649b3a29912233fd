/* fl-overlap gap: tuples of fixed points within a window of overlaps, beside first-moment theory.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/clusters.h"
#include "fixland/tuple_moments.h"
#include "mc/overlap/groups.h"
#include "mc/overlap/modes.h"
#include "mc/overlap/source.h"

typedef struct settings {
    source_settings source;
    fl_integers m;
    fl_reals q;
    double window;
    const char *theory;
} settings;

typedef struct gap {
    const settings *s;
    size_t most;
    fl_frame theory; /* of fl-phase tuples; no rows without --theory */
    size_t jd, m, q, entropy;
    groups groups; /* key: overlap; numbers of 2-, 3- and 4-tuples */
} gap;

static const fl_option options[] = {
    FL_GROUP(source_options, settings, source),
    {"m", FL_OPTION_INTEGERS, offsetof(settings, m), "LIST", "2,3,4", 2, 4,
     .help = "fixed points in a tuple"},
    {"q", FL_OPTION_REALS, offsetof(settings, q), "LIST", "0:0.9:0.1", -1, 1,
     .help = "centre of the window of overlaps"},
    {"window", FL_OPTION_REAL, offsetof(settings, window), "W", "0.1", 0, 2,
     .help = "every two of a tuple have an overlap from q - W to q + W"},
    {"theory", FL_OPTION_TEXT, offsetof(settings, theory), "FILE",
     .help = "table of fl-phase tuples for limit_entropy, at the same jd, m and q"},
    {.name = NULL},
};

static fl_status analyse_gap(void *context, const overlap_set *set, const fl_effort *effort,
                             numbers *row) {
    const gap *x = context;
    for (size_t k = 0; k < x->s->q.count; k++) {
        double values[4] = {x->s->q.values[k]};
        size_t low, high;
        fl_tuples_window(set->n, values[0], x->s->window, &low, &high);
        if (low <= high)
            FL_CHECK(fl_tuples_count(set->spins, set->count, set->n, low, high, x->most, effort,
                                     values + 1));
        FL_CHECK(numbers_add(row, values, 4));
    }
    return FL_OK;
}

static fl_status take_gap(void *context, const overlap_set *set, const double *row, size_t count) {
    gap *x = context;
    for (size_t k = 0; k < count; k += 4)
        FL_CHECK(groups_add(&x->groups, set->n, set->jd, row[k], row + k + 1, 3));
    return FL_OK;
}

static fl_status read_theory(gap *x) {
    if (!x->s->theory)
        return FL_OK;
    FL_CHECK(fl_frame_read(&x->theory, x->s->theory));
    FL_CHECK(fl_frame_column(&x->theory, "jd", &x->jd));
    FL_CHECK(fl_frame_column(&x->theory, "m", &x->m));
    FL_CHECK(fl_frame_column(&x->theory, "q", &x->q));
    FL_CHECK(fl_frame_column(&x->theory, "tuple_entropy", &x->entropy));
    for (size_t k = 0; k < x->theory.rows; k++) {
        const size_t at[] = {x->jd, x->m, x->q, x->entropy};
        double value;
        for (size_t c = 0; c < 4; c++)
            if (fl_frame_number(&x->theory, k, at[c], &value) != FL_OK)
                return fl_fail(FL_EFORMAT, "--theory %s: %s", x->s->theory, fl_message());
    }
    return FL_OK;
}

/* nan when the table has no such line. */
static double limit_entropy(const gap *x, double jd, double m, double q) {
    const double equal = 1e-9;
    for (size_t k = 0; k < x->theory.rows; k++) {
        const double *row = x->theory.real + k * x->theory.columns;
        if (fabs(row[x->jd] - jd) < equal && fabs(row[x->m] - m) < equal &&
            fabs(row[x->q] - q) < equal)
            return row[x->entropy];
    }
    return NAN;
}

/* The exact mean at this n; nan where it is not known. */
static double exact_mean(const source *from, size_t n, double jd, size_t m, size_t low,
                         size_t high) {
    double mean;
    const fl_ensemble *ensemble = source_ensemble(from);
    if (low > high)
        return 0;
    if (!ensemble || fl_mean_tuples(ensemble, n, jd, m, low, high, &mean) != FL_OK)
        return NAN;
    return mean;
}

static const fl_column columns[] = {
    FL_COLUMNS_SIZE(FL_COLUMN_NEURONS),
    {"m", FL_INTEGER, NULL, "configurations of a tuple"},
    {"q", FL_REAL, NULL, "mutual overlap asked for"},
    {"distance_low", FL_INTEGER, NULL,
     "smallest Hamming distance in the window (empty when low > high)"},
    {"distance_high", FL_INTEGER, NULL, "largest one"},
    FL_COLUMN_SAMPLES,
    FL_COLUMNS_ESTIMATE(
        "tuples_mean", "tuples_error", NULL,
        "tuples of fixed points whose distances all lie in the window, mean over samples"),
    {"exact_mean", FL_REAL, NULL,
     "the first moment at this n (for m = 2 and 3 and independent Gaussian couplings, else nan)"},
    {"z", FL_REAL, NULL, "distance of the two means in standard errors"},
    {"fraction_with", FL_REAL, NULL, "of samples that have such a tuple"},
    {"entropy", FL_REAL, "nats", "ln(tuples_mean) / n"},
    {"exact_entropy", FL_REAL, "nats", "ln(exact_mean) / n"},
    {"limit_entropy", FL_REAL, "nats", "F(m,q) from --theory (nan without it)"},
};

static const fl_mode_table tables[] = {
    {NULL, columns, OVERLAP_COUNT(columns)},
    SOURCE_PARTS_TABLE,
    {.columns = NULL},
};

static double fraction_with(const group *g, size_t column) {
    size_t some = 0;
    for (size_t s = 0; s < g->samples; s++)
        some += g->values[s * g->width + column] > 0;
    return (double)some / (double)g->samples;
}

static fl_status write_gap_row(fl_table *table, const gap *x, const source *from, const group *g,
                               size_t m) {
    fl_estimate mean;
    size_t low, high;
    FL_CHECK(group_mean(g, m - 2, &mean));
    fl_tuples_window(g->n, g->extra, x->s->window, &low, &high);
    double exact = exact_mean(from, g->n, g->jd, m, low, high), n = (double)g->n;
    const fl_cell row[] = {FL_INT(g->n),
                           FL_NUM(g->jd),
                           FL_INT(m),
                           FL_NUM(g->extra),
                           FL_INT(low),
                           FL_INT(high),
                           FL_INT(g->samples),
                           FL_NUM(mean.mean),
                           FL_NUM(mean.error),
                           FL_NUM(exact),
                           FL_NUM(fl_z(mean.mean, exact, mean.error)),
                           FL_NUM(fraction_with(g, m - 2)),
                           FL_NUM(log(mean.mean) / n),
                           FL_NUM(log(exact) / n),
                           FL_NUM(limit_entropy(x, g->jd, (double)m, g->extra))};
    return fl_table_row(table, row);
}

static fl_status write_rows(fl_table *table, const gap *x, const source *from) {
    for (size_t k = 0; k < x->groups.count; k++)
        for (size_t i = 0; i < x->s->m.count; i++)
            FL_CHECK(write_gap_row(table, x, from, &x->groups.all[k], (size_t)x->s->m.values[i]));
    return FL_OK;
}

static fl_status write_tuples(gap *x, source *from) {
    fl_table *table;
    FL_CHECK(read_theory(x));
    FL_CHECK(source_table(from, columns, OVERLAP_COUNT(columns), &table));
    FL_CHECK(source_run(from, x, analyse_gap, take_gap));
    return write_rows(table, x, from);
}

static fl_status run_gap(fl_run *run, const void *given) {
    const settings *s = given;
    gap x = {.s = s, .most = 2};
    source *from;
    for (size_t k = 0; k < s->m.count; k++)
        x.most = (size_t)s->m.values[k] > x.most ? (size_t)s->m.values[k] : x.most;
    if (s->theory)
        FL_CHECK(fl_run_inputs(run, &s->theory, 1));
    FL_CHECK(source_open(&from, run, &s->source));
    fl_status status = source_close(from, write_tuples(&x, from));
    groups_clear(&x.groups);
    fl_frame_clear(&x.theory);
    return status;
}

static const char details[] =
    "Ordered m-tuples of different fixed points of which every two have an overlap within a window "
    "around q. Where the first moment vanishes with growing n there are none: the m-overlap "
    "gap.";

const fl_mode overlap_gap = {
    .name = "gap",
    .summary = "m-tuples of fixed points at mutual overlap q",
    .details = details,
    .tables = tables,
    .example = "fl-overlap gap --n 16,20 --jd 0.06 --m 2,3 --q 0:0.8:0.2 --samples 1000",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME | FL_WITH_LISTS,
    .run = run_gap,
    .takes_files = true,
    .again = true,
};
