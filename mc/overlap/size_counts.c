/* Numbers of clusters by size, over samples: see clusters.h. */
#include <math.h>
#include <stdlib.h>

#include "fixland/clusters.h"
#include "src/core/room.h"

/* Sums over samples of the number of clusters of one size, and of its square. */
typedef struct bin {
    fl_size_row row;
    double sum, squares;
} bin;

/* Samples of one (n, jd). */
typedef struct sample_count {
    size_t n, samples;
    double jd;
} sample_count;

struct fl_sizes {
    bin *bins;
    size_t count, room;
    sample_count *of;
    size_t of_count, of_room, current;
    fl_size_row *rows;
};

static int by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

void fl_clusters_sizes(fl_clusters *c, fl_size_count *counts, size_t *count) {
    *count = 0;
    if (c->count)
        qsort(c->size, c->count, sizeof *c->size, by_size);
    for (size_t k = 0; k < c->count;) {
        size_t first = k;
        while (k < c->count && c->size[k] == c->size[first])
            k++;
        counts[(*count)++] = (fl_size_count){c->size[first], (double)(k - first)};
    }
}

fl_status fl_sizes_new(fl_sizes **sizes) {
    *sizes = calloc(1, sizeof **sizes);
    return *sizes ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for cluster sizes");
}

void fl_sizes_free(fl_sizes *x) {
    if (!x)
        return;
    free(x->bins);
    free(x->of);
    free(x->rows);
    free(x);
}

fl_status fl_sizes_begin(fl_sizes *x, size_t n, double jd) {
    for (x->current = 0; x->current < x->of_count; x->current++)
        if (x->of[x->current].n == n && x->of[x->current].jd == jd) {
            x->of[x->current].samples++;
            return FL_OK;
        }
    if (x->of_count == x->of_room) {
        sample_count *more = room_more(x->of, &x->of_room, sizeof *more, "cluster sizes");
        if (!more)
            return FL_ENOMEM;
        x->of = more;
    }
    x->of[x->of_count++] = (sample_count){.n = n, .samples = 1, .jd = jd};
    return FL_OK;
}

/* The bins of the samples before are many, those of one size are near the end. */
static fl_status find_bin(fl_sizes *x, size_t radius, size_t size, bin **found) {
    const sample_count *of = &x->of[x->current];
    for (size_t k = x->count; k-- > 0;) {
        const fl_size_row *r = &x->bins[k].row;
        if (r->size == size && r->radius == radius && r->jd == of->jd && r->n == of->n) {
            *found = &x->bins[k];
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
    **found = (bin){.row = {.n = of->n, .jd = of->jd, .radius = radius, .size = size}};
    return FL_OK;
}

fl_status fl_sizes_add(fl_sizes *x, size_t radius, const fl_size_count *count) {
    bin *b = NULL;
    FL_CHECK(find_bin(x, radius, count->size, &b));
    b->sum += count->clusters;
    b->squares += count->clusters * count->clusters;
    return FL_OK;
}

static int by_place(const void *a, const void *b) {
    const fl_size_row *x = &((const bin *)a)->row, *y = &((const bin *)b)->row;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    if (x->jd != y->jd)
        return x->jd < y->jd ? -1 : 1;
    if (x->radius != y->radius)
        return x->radius < y->radius ? -1 : 1;
    return (x->size > y->size) - (x->size < y->size);
}

static double samples_of(const fl_sizes *x, const fl_size_row *row) {
    for (size_t k = 0; k < x->of_count; k++)
        if (x->of[k].n == row->n && x->of[k].jd == row->jd)
            return (double)x->of[k].samples;
    return 0;
}

/* Samples without a cluster of this size count as zeros. */
static fl_size_row size_row(const bin *b, double samples, double all, double rest) {
    fl_size_row row = b->row;
    double mean = b->sum / samples;
    double variance = fmax(0, (b->squares - b->sum * mean) / (samples - 1));
    row.mean = mean;
    row.error = samples > 1 ? sqrt(variance / samples) : NAN;
    row.fraction = (double)row.size * b->sum / all;
    row.fraction_from = rest / all;
    return row;
}

static bool together(const fl_size_row *a, const fl_size_row *b) {
    return a->n == b->n && a->jd == b->jd && a->radius == b->radius;
}

fl_status fl_sizes_rows(fl_sizes *x, const fl_size_row **rows, size_t *count) {
    free(x->rows);
    x->rows = malloc((x->count + 1) * sizeof *x->rows);
    if (!x->rows)
        return fl_fail(FL_ENOMEM, "out of memory for cluster sizes");
    if (x->count)
        qsort(x->bins, x->count, sizeof *x->bins, by_place);
    for (size_t first = 0, k = 0; k < x->count; first = k) {
        double all = 0, done = 0, samples = samples_of(x, &x->bins[first].row);
        for (k = first; k < x->count && together(&x->bins[k].row, &x->bins[first].row); k++)
            all += (double)x->bins[k].row.size * x->bins[k].sum;
        for (size_t j = first; j < k; j++) {
            x->rows[j] = size_row(&x->bins[j], samples, all, all - done);
            done += (double)x->bins[j].row.size * x->bins[j].sum;
        }
    }
    *rows = x->rows;
    *count = x->count;
    return FL_OK;
}
