/* fl-overlap sizes: how many clusters of each size there are. */
#include <math.h>
#include <stdlib.h>

#include "mc/overlap/modes.h"
#include "mc/overlap/radii.h"
#include "mc/overlap/source.h"
#include "src/core/room.h"

typedef struct settings {
    source_settings source;
    fl_integers radius;
} settings;

/* Sums over samples of the number of clusters of one size, and of its square. */
typedef struct bin {
    size_t n;
    double jd, radius, size, sum, squares;
} bin;

/* Samples of one (n, jd). */
typedef struct tally {
    size_t n, samples;
    double jd;
} tally;

typedef struct sizes {
    const settings *s;
    bin *bins;
    size_t count, room;
    tally *tallies;
    size_t tally_count;
} sizes;

static const fl_option options[] = {
    FL_GROUP(source_options, settings, source),
    RADIUS_OPTION(settings, radius),
    {.name = NULL},
};

static int by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Triples (radius, size, clusters). */
static fl_status at_radius(void *context, size_t radius, const fl_clusters *c) {
    numbers *row = context;
    qsort(c->size, c->count, sizeof *c->size, by_size);
    for (size_t k = 0; k < c->count;) {
        size_t first = k;
        while (k < c->count && c->size[k] == c->size[first])
            k++;
        const double triple[] = {(double)radius, c->size[first], (double)(k - first)};
        FL_CHECK(numbers_add(row, triple, 3));
    }
    return FL_OK;
}

static fl_status analyse_sizes(void *context, const overlap_set *set, const fl_effort *effort,
                               numbers *row) {
    const sizes *x = context;
    /* The clusters at a larger radius start from these, of which only the labels are needed. */
    return radii_each(set, &x->s->radius, effort, row, at_radius);
}

static fl_status count_sample(sizes *x, const overlap_set *set) {
    for (size_t k = 0; k < x->tally_count; k++)
        if (x->tallies[k].n == set->n && x->tallies[k].jd == set->jd) {
            x->tallies[k].samples++;
            return FL_OK;
        }
    tally *more = realloc(x->tallies, (x->tally_count + 1) * sizeof *more);
    if (!more)
        return fl_fail(FL_ENOMEM, "out of memory for cluster sizes");
    x->tallies = more;
    more[x->tally_count++] = (tally){set->n, 1, set->jd};
    return FL_OK;
}

static fl_status find_sizes(sizes *x, const overlap_set *set, const double *triple, bin **found) {
    for (size_t k = x->count; k-- > 0;) {
        bin *b = &x->bins[k];
        if (b->size == triple[1] && b->radius == triple[0] && b->jd == set->jd && b->n == set->n) {
            *found = b;
            return FL_OK;
        }
    }
    if (x->count == x->room) {
        bin *more = room_more(x->bins, &x->room, sizeof *more, "cluster sizes");
        if (!more)
            return FL_ENOMEM;
        x->bins = more;
    }
    *found = &x->bins[x->count++];
    **found = (bin){.n = set->n, .jd = set->jd, .radius = triple[0], .size = triple[1]};
    return FL_OK;
}

static fl_status take_sizes(void *context, const overlap_set *set, const double *row,
                            size_t count) {
    sizes *x = context;
    FL_CHECK(count_sample(x, set));
    for (size_t k = 0; k < count; k += 3) {
        bin *b = NULL;
        FL_CHECK(find_sizes(x, set, row + k, &b));
        b->sum += row[k + 2];
        b->squares += row[k + 2] * row[k + 2];
    }
    return FL_OK;
}

static int in_order(const void *a, const void *b) {
    const bin *x = a, *y = b;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    if (x->jd != y->jd)
        return x->jd < y->jd ? -1 : 1;
    if (x->radius != y->radius)
        return x->radius < y->radius ? -1 : 1;
    return (x->size > y->size) - (x->size < y->size);
}

static const fl_column columns[] = {
    FL_COLUMNS_SIZE(FL_COLUMN_NEURONS),
    COLUMN_RADIUS,
    {"size", FL_INTEGER, NULL, "fixed points in the cluster"},
    FL_COLUMNS_ESTIMATE("clusters_mean", "clusters_error", NULL,
                        "clusters of that size in a sample, mean over samples"),
    {"fraction", FL_REAL, NULL, "of all fixed points of all samples, in clusters of this size"},
    {"fraction_from", FL_REAL, NULL, "the same in clusters of this size or larger"},
};

static const fl_mode_table tables[] = {
    {NULL, columns, OVERLAP_COUNT(columns)},
    SOURCE_PARTS_TABLE,
    {.columns = NULL},
};

static size_t sizes_samples_of(const sizes *x, const bin *b) {
    for (size_t k = 0; k < x->tally_count; k++)
        if (x->tallies[k].n == b->n && x->tallies[k].jd == b->jd)
            return x->tallies[k].samples;
    return 0;
}

/* Samples without a cluster of this size count as zeros. */
static fl_status write_bin(fl_table *table, const bin *b, double samples, double all, double rest) {
    double mean = b->sum / samples;
    double variance = fmax(0, (b->squares - b->sum * mean) / (samples - 1));
    double error = samples > 1 ? sqrt(variance / samples) : NAN;
    const fl_cell row[] = {FL_INT(b->n),
                           FL_NUM(b->jd),
                           FL_INT(b->radius),
                           FL_INT(b->size),
                           FL_NUM(mean),
                           FL_NUM(error),
                           FL_NUM(b->size * b->sum / all),
                           FL_NUM(rest / all)};
    return fl_table_row(table, row);
}

static bool together(const bin *a, const bin *b) {
    return a->n == b->n && a->jd == b->jd && a->radius == b->radius;
}

static fl_status write_bins(fl_table *table, sizes *x) {
    if (x->count)
        qsort(x->bins, x->count, sizeof *x->bins, in_order);
    for (size_t first = 0, k = 0; k < x->count; first = k) {
        double all = 0, done = 0, samples = (double)sizes_samples_of(x, &x->bins[first]);
        for (k = first; k < x->count && together(&x->bins[k], &x->bins[first]); k++)
            all += x->bins[k].size * x->bins[k].sum;
        for (size_t j = first; j < k; j++) {
            FL_CHECK(write_bin(table, &x->bins[j], samples, all, all - done));
            done += x->bins[j].size * x->bins[j].sum;
        }
    }
    return FL_OK;
}

static fl_status write_sizes(sizes *x, source *from) {
    fl_table *table;
    FL_CHECK(source_table(from, columns, OVERLAP_COUNT(columns), &table));
    FL_CHECK(source_run(from, x, analyse_sizes, take_sizes));
    return write_bins(table, x);
}

static fl_status run_sizes(fl_run *run, const void *given) {
    const settings *s = given;
    sizes x = {.s = s};
    source *from;
    FL_CHECK(source_open(&from, run, &s->source));
    fl_status status = source_close(from, write_sizes(&x, from));
    free(x.bins);
    free(x.tallies);
    return status;
}

static const char details[] =
    "The number of clusters (fl-overlap clusters) of each size that occurs.";

const fl_mode overlap_sizes = {
    .name = "sizes",
    .summary = "distribution of cluster sizes",
    .details = details,
    .tables = tables,
    .example = "fl-overlap sizes --n 20 --jd 0.3 --samples 100 --radius 2",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
    .run = run_sizes,
    .takes_files = true,
    .again = true,
};
