/* A set of configurations as a drawing: see fl_map_draw in clusters.h. */
#include "fixland/clusters.h"

#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdlib.h>

#include "fixland/spins.h"
#include "src/core/room.h"

typedef struct plane {
    size_t count;
    double *x, *y, *fx, *fy;
} plane;

/* (1/count) sum of s_i s_j - mean_i mean_j; mean_i into `mean`. */
static void covariance(const uint64_t *spins, size_t count, size_t n, double *mean, gsl_matrix *c) {
    size_t words = fl_spins_words(n);
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < n; i++) {
            int s = fl_spins_get(spins + k * words, i);
            mean[i] += s / (double)count;
            for (size_t j = 0; j <= i; j++)
                *gsl_matrix_ptr(c, i, j) += s * fl_spins_get(spins + k * words, j) / (double)count;
        }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double value = gsl_matrix_get(c, i, j) - mean[i] * mean[j];
            gsl_matrix_set(c, i, j, value);
            gsl_matrix_set(c, j, i, value);
        }
}

static void project(const uint64_t *spins, size_t count, size_t n, const double *mean,
                    const gsl_matrix *vectors, size_t column, double *out) {
    size_t words = fl_spins_words(n);
    for (size_t k = 0; k < count; k++) {
        out[k] = 0;
        for (size_t i = 0; i < n; i++)
            out[k] +=
                (fl_spins_get(spins + k * words, i) - mean[i]) * gsl_matrix_get(vectors, i, column);
    }
}

static fl_status principal_plane(const uint64_t *spins, size_t count, size_t n, double *x,
                                 double *y) {
    gsl_matrix *c = gsl_matrix_calloc(n, n), *vectors = gsl_matrix_alloc(n, n);
    gsl_vector *values = gsl_vector_alloc(n);
    gsl_eigen_symmv_workspace *space = gsl_eigen_symmv_alloc(n);
    double *mean = calloc(n, sizeof *mean);
    fl_status status = FL_OK;
    if (c && vectors && values && space && mean) {
        covariance(spins, count, n, mean, c);
        gsl_eigen_symmv(c, values, vectors, space);
        gsl_eigen_symmv_sort(values, vectors, GSL_EIGEN_SORT_VAL_DESC);
        project(spins, count, n, mean, vectors, 0, x);
        project(spins, count, n, mean, vectors, n > 1, y);
    } else {
        status = fl_fail(FL_ENOMEM, "out of memory for the plane of %zu neurons", n);
    }
    gsl_matrix_free(c);
    gsl_matrix_free(vectors);
    gsl_vector_free(values);
    gsl_eigen_symmv_free(space);
    free(mean);
    return status;
}

/* Points on one another are parted by a spiral too small to see. */
static void spread_layout(plane *p) {
    const double golden = 2.399963229728653;
    for (size_t k = 0; k < p->count; k++) {
        p->x[k] += 1e-3 * sqrt((double)k) * cos(golden * (double)k);
        p->y[k] += 1e-3 * sqrt((double)k) * sin(golden * (double)k);
    }
}

static void repel(plane *p) {
    for (size_t a = 0; a < p->count; a++)
        for (size_t b = 0; b < a; b++) {
            double dx = p->x[a] - p->x[b], dy = p->y[a] - p->y[b];
            double force = 1 / (dx * dx + dy * dy + 1e-9);
            p->fx[a] += force * dx;
            p->fy[a] += force * dy;
            p->fx[b] -= force * dx;
            p->fy[b] -= force * dy;
        }
}

static void attract(plane *p, const fl_map_link *links, size_t link_count) {
    for (size_t k = 0; k < link_count; k++) {
        size_t a = links[k].a, b = links[k].b;
        double dx = p->x[a] - p->x[b], dy = p->y[a] - p->y[b], force = sqrt(dx * dx + dy * dy);
        p->fx[a] -= force * dx;
        p->fy[a] -= force * dy;
        p->fx[b] += force * dx;
        p->fy[b] += force * dy;
    }
}

/* The pull to the origin balances the repulsion at one point a unit area. */
static void step(plane *p, const fl_map_link *links, size_t link_count, double longest) {
    for (size_t k = 0; k < p->count; k++) {
        p->fx[k] = -M_PI * p->x[k];
        p->fy[k] = -M_PI * p->y[k];
    }
    repel(p);
    attract(p, links, link_count);
    for (size_t k = 0; k < p->count; k++) {
        double size = sqrt(p->fx[k] * p->fx[k] + p->fy[k] * p->fy[k]);
        double move = size > longest ? longest / size : 1;
        p->x[k] += 0.1 * move * p->fx[k];
        p->y[k] += 0.1 * move * p->fy[k];
    }
}

static void scale_to_area(plane *p) {
    double square = 0;
    for (size_t k = 0; k < p->count; k++)
        square += p->x[k] * p->x[k] + p->y[k] * p->y[k];
    /* A disc of area `count` has the mean square radius count / (2 pi). */
    double factor = square > 0 ? (double)p->count / sqrt(2 * M_PI * square) : 1;
    for (size_t k = 0; k < p->count; k++) {
        p->x[k] *= factor;
        p->y[k] *= factor;
    }
}

static fl_status layout_plane(const uint64_t *spins, size_t count, size_t n,
                              const fl_map_link *links, size_t link_count, size_t steps, double *x,
                              double *y) {
    if (count > FL_MAP_POINTS)
        return fl_fail(FL_EINVAL, "a map of %zu configurations; at most %d can be drawn", count,
                       FL_MAP_POINTS);
    if (!count)
        return FL_OK;
    plane p = {count, x, y, malloc(count * sizeof *x), malloc(count * sizeof *y)};
    fl_status status = FL_OK;
    if (!p.fx || !p.fy)
        status = fl_fail(FL_ENOMEM, "out of memory for a map of %zu configurations", count);
    if (status == FL_OK)
        status = principal_plane(spins, count, n, x, y);
    if (status == FL_OK) {
        scale_to_area(&p);
        spread_layout(&p);
        double start = 0.3 * sqrt((double)count) + 1;
        for (size_t k = 0; k < steps; k++)
            step(&p, links, link_count, 10 * start * (1 - (double)k / (double)steps) + 0.1);
    }
    free(p.fx);
    free(p.fy);
    return status;
}

/* ---- the links ---- */

typedef struct link_list {
    fl_map_link *all;
    size_t count, room;
    bool lost; /* out of memory for a link */
} link_list;

static void add_link(void *context, uint32_t a, uint32_t b) {
    link_list *l = context;
    if (l->count == l->room) {
        fl_map_link *more = room_more(l->all, &l->room, sizeof *more, "links");
        l->lost = l->lost || !more;
        if (!more)
            return;
        l->all = more;
    }
    l->all[l->count++] = (fl_map_link){a, b};
}

static int by_ends(const void *a, const void *b) {
    const fl_map_link *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static fl_status find_links(const uint64_t *spins, size_t count, size_t n, size_t radius,
                            const fl_effort *effort, fl_map *map) {
    link_list list = {0};
    fl_status status =
        fl_neighbours(spins, count, n, radius, FL_SEARCH_AUTO, effort, add_link, &list);
    map->links = list.all;
    map->link_count = list.count;
    if (list.count)
        qsort(list.all, list.count, sizeof *list.all, by_ends);
    if (status == FL_OK && list.lost)
        status = fl_fail(FL_ENOMEM, "out of memory for the links of %zu configurations", count);
    return status;
}

fl_status fl_map_draw(const uint64_t *spins, size_t count, size_t n, size_t radius, size_t steps,
                      const fl_effort *effort, fl_map *map) {
    *map = (fl_map){.link_count = 0};
    FL_CHECK(
        fl_clusters_find(spins, count, n, radius, FL_SEARCH_AUTO, NULL, effort, &map->clusters));
    FL_CHECK(find_links(spins, count, n, radius, effort, map));
    map->x = calloc(count + 1, sizeof *map->x);
    map->y = calloc(count + 1, sizeof *map->y);
    if (!map->x || !map->y)
        return fl_fail(FL_ENOMEM, "out of memory for a map of %zu configurations", count);
    return layout_plane(spins, count, n, map->links, map->link_count, steps, map->x, map->y);
}

void fl_map_clear(fl_map *map) {
    fl_clusters_clear(&map->clusters);
    free(map->links);
    free(map->x);
    free(map->y);
    *map = (fl_map){.link_count = 0};
}
