/* fl-overlap between: overlaps of the configurations of one store with those of another. */
#include <math.h>
#include <stdlib.h>

#include "fixland/spins.h"
#include "mc/overlap/groups.h"
#include "mc/overlap/modes.h"
#include "mc/overlap/source.h"

typedef struct settings {
    source_settings source; /* the selection only */
    int match;
    bool paired, matrix;
} settings;

enum { MATCH_JD, MATCH_SAMPLE };

typedef struct between {
    const settings *s;
    groups groups;   /* n + 1 pairs, then their number */
    fl_table *table; /* with --matrix */
} between;

static const fl_option options[] = {
    FL_GROUP(source_selection_options, settings, source),
    {"match", FL_OPTION_CHOICE, offsetof(settings, match), "WHICH", "jd", .choices = "jd|sample",
     .help = "sets that belong together: of equal n, sample and jd, or of equal n and sample only"},
    {"paired", FL_OPTION_FLAG, offsetof(settings, paired),
     .help = "row k of one set with row k of the other only (teacher and inference states, equal "
             "starts), not all with all"},
    {"matrix", FL_OPTION_FLAG, offsetof(settings, matrix),
     .help = "every overlap, one a row, instead of the histogram"},
    {.name = NULL},
};

static fl_status check_paired(const overlap_set *set) {
    if (set->count == set->other_count)
        return FL_OK;
    return fl_fail(
        FL_EMISMATCH,
        "--paired: sample %llu of n = %zu has %zu configurations in one store and %zu in "
        "the other",
        (unsigned long long)set->sample, set->n, set->count, set->other_count);
}

static size_t distance(const overlap_set *set, size_t a, size_t b) {
    size_t words = fl_spins_words(set->n);
    return fl_spins_distance(set->spins + a * words, set->other + b * words, set->n);
}

static fl_status analyse_matrix(const between *x, const overlap_set *set, numbers *row) {
    for (size_t a = 0; a < set->count; a++) {
        size_t from = x->s->paired ? a : 0, to = x->s->paired ? a + 1 : set->other_count;
        for (size_t b = from; b < to; b++) {
            const double entry[] = {(double)a, (double)b, (double)distance(set, a, b)};
            FL_CHECK(numbers_add(row, entry, 3));
        }
    }
    return FL_OK;
}

static fl_status histogram(const between *x, const overlap_set *set, const fl_effort *effort,
                           uint64_t *pairs) {
    if (!x->s->paired)
        return fl_pairs_between(set->spins, set->count, set->other, set->other_count, set->n,
                                effort, pairs);
    fl_pairs_paired(set->spins, set->other, set->count, set->n, pairs);
    return FL_OK;
}

static fl_status analyse_between(void *context, const overlap_set *set, const fl_effort *effort,
                                 numbers *row) {
    const between *x = context;
    if (x->s->paired)
        FL_CHECK(check_paired(set));
    if (x->s->matrix)
        return analyse_matrix(x, set, row);
    uint64_t *pairs = calloc(set->n + 1, sizeof *pairs);
    if (!pairs)
        return fl_fail(FL_ENOMEM, "out of memory for a histogram of %zu neurons", set->n);
    fl_status status = histogram(x, set, effort, pairs);
    double all = 0;
    for (size_t d = 0; status == FL_OK && d <= set->n; d++) {
        const double value = (double)pairs[d];
        all += value;
        status = numbers_add(row, &value, 1);
    }
    free(pairs);
    return status == FL_OK ? numbers_add(row, &all, 1) : status;
}

static fl_status take_between(void *context, const overlap_set *set, const double *row,
                              size_t count) {
    between *x = context;
    if (!x->s->matrix)
        return groups_add(&x->groups, set->n, set->jd, 0, row, count);
    for (size_t k = 0; k < count; k += 3) {
        double q = ((double)set->n - 2 * row[k + 2]) / (double)set->n;
        const fl_cell cells[] = {FL_INT(set->n), FL_NUM(set->jd),    FL_INT(set->sample),
                                 FL_INT(row[k]), FL_INT(row[k + 1]), FL_NUM(q)};
        FL_CHECK(fl_table_row(x->table, cells));
    }
    return FL_OK;
}

static const fl_column matrix_columns[] = {
    FL_COLUMNS_SAMPLE(FL_COLUMN_NEURONS),
    {"row", FL_INTEGER, NULL, "of the first set, from 0"},
    {"other", FL_INTEGER, NULL, "row of the other set, from 0"},
    {"overlap", FL_REAL, NULL, "of the two configurations"},
};

static const fl_column columns[] = {
    FL_COLUMN_NEURONS,
    {"jd", FL_REAL, NULL, "self-coupling J_D, of the first store"},
    {"distance", FL_INTEGER, NULL, "Hamming distance"},
    {"overlap", FL_REAL, NULL, "1 - 2 distance / n"},
    FL_COLUMNS_ESTIMATE("pairs_mean", "pairs_error", NULL,
                        "pairs at this distance, mean over samples"),
    {"fraction", FL_REAL, NULL, "of all pairs"},
};

static const fl_mode_table tables[] = {
    {NULL, columns, OVERLAP_COUNT(columns)},
    {"Columns with --matrix", matrix_columns, OVERLAP_COUNT(matrix_columns)},
    SOURCE_PARTS_TABLE,
    {.columns = NULL},
};

static fl_status write_group(fl_table *table, const group *g) {
    fl_estimate all, mean;
    FL_CHECK(group_mean(g, g->n + 1, &all));
    for (size_t d = 0; d <= g->n; d++) {
        FL_CHECK(group_mean(g, d, &mean));
        double q = ((double)g->n - 2 * (double)d) / (double)g->n;
        const fl_cell row[] = {FL_INT(g->n),
                               FL_NUM(g->jd),
                               FL_INT(d),
                               FL_NUM(q),
                               FL_NUM(mean.mean),
                               FL_NUM(mean.error),
                               FL_NUM(mean.mean / all.mean)};
        FL_CHECK(fl_table_row(table, row));
    }
    return FL_OK;
}

static fl_status write_pairs(between *x, source *from) {
    bool matrix = x->s->matrix;
    FL_CHECK(source_table(from, matrix ? matrix_columns : columns,
                          matrix ? OVERLAP_COUNT(matrix_columns) : OVERLAP_COUNT(columns),
                          &x->table));
    FL_CHECK(source_run(from, x, analyse_between, take_between));
    for (size_t k = 0; k < x->groups.count; k++)
        FL_CHECK(write_group(x->table, &x->groups.all[k]));
    return FL_OK;
}

static fl_status run_between(fl_run *run, const void *given) {
    const settings *s = given;
    between x = {.s = s};
    source *from;
    FL_CHECK(source_open_pair(&from, run, &s->source, s->match == MATCH_JD));
    fl_status status = source_close(from, write_pairs(&x, from));
    groups_clear(&x.groups);
    return status;
}

static const char details[] =
    "Pairs of one configuration of the first store and one of the second, for each set of the "
    "first that has a partner: end points of different starts or algorithms on the same networks, "
    "teacher and inference states.";

const fl_mode overlap_between = {
    .name = "between",
    .summary = "overlaps between the configurations of two stores",
    .details = details,
    .tables = tables,
    .example = "fl-overlap between a.h5 b.h5 --paired",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_THREADS | FL_WITH_RESUME,
    .run = run_between,
    .takes_files = true,
    .again = true,
};
