/* Clusters: see clusters.h. Union-find with path halving; the smaller root becomes the parent, so
 * that the root of a cluster is its first member. */
#include "fixland/clusters.h"

#include <math.h>
#include <stdlib.h>

static uint32_t root(uint32_t *parent, uint32_t a) {
    while (parent[a] != a) {
        parent[a] = parent[parent[a]];
        a = parent[a];
    }
    return a;
}

static void join_clusters(void *context, uint32_t a, uint32_t b) {
    uint32_t *parent = context;
    a = root(parent, a);
    b = root(parent, b);
    if (a < b)
        parent[b] = a;
    else
        parent[a] = b;
}

void fl_clusters_clear(fl_clusters *clusters) {
    free(clusters->label);
    free(clusters->size);
    *clusters = (fl_clusters){0};
}

/* Parents become labels, in place: a member's parent stands before it and is labelled already. */
static fl_status number(fl_clusters *c) {
    uint32_t *label = c->label;
    for (size_t k = 0; k < c->points; k++)
        label[k] = label[k] == k ? (uint32_t)c->count++ : label[label[k]];
    c->size = calloc(c->count + 1, sizeof *c->size);
    if (!c->size)
        return fl_fail(FL_ENOMEM, "out of memory for %zu clusters", c->count);
    for (size_t k = 0; k < c->points; k++)
        c->size[label[k]]++;
    return FL_OK;
}

/* Each member's parent is the first member of its finer cluster. */
static fl_status start_from(const fl_clusters *finer, uint32_t *parent) {
    uint32_t *first = malloc((finer->count + 1) * sizeof *first);
    if (!first)
        return fl_fail(FL_ENOMEM, "out of memory for %zu clusters", finer->count);
    for (size_t k = finer->points; k-- > 0;)
        first[finer->label[k]] = (uint32_t)k;
    for (size_t k = 0; k < finer->points; k++)
        parent[k] = first[finer->label[k]];
    free(first);
    return FL_OK;
}

static fl_status start_clusters(fl_clusters *c, const fl_clusters *finer) {
    c->label = malloc((c->points + 1) * sizeof *c->label);
    if (!c->label)
        return fl_fail(FL_ENOMEM, "out of memory for clusters of %zu configurations", c->points);
    if (finer)
        return start_from(finer, c->label);
    for (size_t k = 0; k < c->points; k++)
        c->label[k] = (uint32_t)k;
    return FL_OK;
}

fl_status fl_clusters_find(const uint64_t *spins, size_t count, size_t n, size_t radius,
                           fl_search search, const fl_clusters *finer, const fl_effort *effort,
                           fl_clusters *clusters) {
    fl_clusters c = {.points = count};
    fl_status status = start_clusters(&c, finer);
    if (status == FL_OK)
        status = fl_neighbours(spins, count, n, radius, search, effort, join_clusters, c.label);
    if (status == FL_OK)
        status = number(&c);
    if (status != FL_OK)
        fl_clusters_clear(&c);
    *clusters = c;
    return status;
}

void fl_clusters_weigh(const fl_clusters *c, const double *weights, fl_cluster_weights *result) {
    double all = 0, isolated = 0, size = 0, largest = 0;
    for (size_t k = 0; k < c->points; k++) {
        double w = weights ? weights[k] : 1;
        all += w;
        isolated += c->size[c->label[k]] == 1 ? w : 0;
        size += w * c->size[c->label[k]];
    }
    double *mass = weights ? calloc(c->count + 1, sizeof *mass) : NULL;
    for (size_t k = 0; mass && k < c->points; k++)
        mass[c->label[k]] += weights[k];
    for (size_t k = 0; k < c->count; k++)
        largest = fmax(largest, mass ? mass[k] : c->size[k]);
    if (weights && !mass)
        largest = NAN;
    free(mass);
    *result = (fl_cluster_weights){largest / all, isolated / all, size / all};
}

fl_status fl_clusters_summarise(const fl_clusters *c, const uint64_t *spins, size_t n,
                                const double *weights, size_t limit, const fl_effort *effort,
                                fl_cluster_summary *summary) {
    fl_clusters_weigh(c, NULL, &summary->even);
    fl_clusters_weigh(c, weights, &summary->weighted);
    return fl_clusters_diameters(c, spins, n, limit, effort, &summary->diameters);
}
