/* Clusters, neighbours, diameters and tuples against the whole matrix of distances. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/clusters.h"
#include "fixland/spins.h"

/* A set and all its distances. */
typedef struct store {
    size_t n, count, words;
    uint64_t *spins;
    size_t *distance; /* count x count */
} store;

static size_t at(const store *s, size_t a, size_t b) {
    return s->distance[a * s->count + b];
}

static void measure(store *s) {
    s->distance = malloc((s->count * s->count + 1) * sizeof *s->distance);
    for (size_t a = 0; a < s->count; a++)
        for (size_t b = 0; b < s->count; b++) {
            size_t d = 0;
            for (size_t i = 0; i < s->n; i++)
                d += fl_spins_get(s->spins + a * s->words, i) !=
                     fl_spins_get(s->spins + b * s->words, i);
            s->distance[a * s->count + b] = d;
        }
}

/* Walks of up to `reach` flips from earlier members, and strangers; perhaps with repetitions. */
static store random_store(fl_rng *rng, size_t n, size_t count, size_t reach) {
    store s = {.n = n, .count = count, .words = fl_spins_words(n)};
    s.spins = malloc((count * s.words + 1) * sizeof *s.spins);
    for (size_t k = 0; k < count; k++) {
        uint64_t *new = s.spins + k *s.words;
        if (k == 0 || fl_rng_below(rng, 4) == 0) {
            fl_spins_random(new, n, rng);
            continue;
        }
        memcpy(new, s.spins + fl_rng_below(rng, k) * s.words, s.words * sizeof *new);
        for (uint64_t f = fl_rng_below(rng, reach + 1); f > 0; f--)
            fl_spins_flip(new, (size_t)fl_rng_below(rng, n));
    }
    measure(&s);
    return s;
}

static void store_free(store *s) {
    free(s->spins);
    free(s->distance);
}

/* Breadth-first search over the matrix; labels in the order of first members. */
static size_t brute_labels(const store *s, size_t radius, uint32_t *label) {
    size_t clusters = 0, *queue = malloc((s->count + 1) * sizeof *queue);
    for (size_t k = 0; k < s->count; k++)
        label[k] = UINT32_MAX;
    for (size_t first = 0; first < s->count; first++) {
        size_t head = 0, tail = 0;
        if (label[first] != UINT32_MAX)
            continue;
        label[first] = (uint32_t)clusters;
        for (queue[tail++] = first; head < tail; head++)
            for (size_t b = 0; b < s->count; b++)
                if (label[b] == UINT32_MAX && at(s, queue[head], b) <= radius) {
                    label[b] = (uint32_t)clusters;
                    queue[tail++] = b;
                }
        clusters++;
    }
    free(queue);
    return clusters;
}

static void assert_clusters(const store *s, size_t radius, const fl_clusters *c) {
    uint32_t *label = malloc((s->count + 1) * sizeof *label);
    size_t clusters = brute_labels(s, radius, label);
    assert_int_equal(c->points, s->count);
    assert_int_equal(c->count, clusters);
    for (size_t k = 0; k < s->count; k++)
        assert_int_equal(c->label[k], label[k]);
    for (size_t k = 0; k < clusters; k++) {
        size_t size = 0;
        for (size_t j = 0; j < s->count; j++)
            size += label[j] == k;
        assert_int_equal(c->size[k], size);
    }
    free(label);
}

static size_t random_radius(fl_rng *rng, size_t n) {
    return (size_t)fl_rng_below(rng, fl_rng_below(rng, 5) ? (n < 6 ? n + 1 : 6) : n + 2);
}

static size_t random_neurons(fl_rng *rng) {
    return 1 + (size_t)fl_rng_below(rng, fl_rng_below(rng, 4) ? 50 : 250);
}

static void clusters_of_500_stores(void **state) {
    (void)state;
    fl_rng rng = test_stream("clusters");
    fl_effort effort = {.threads = 1};
    for (int trial = 0; trial < (test_fast() ? 100 : 500); trial++) {
        size_t n = random_neurons(&rng), radius = random_radius(&rng, n);
        size_t reach = 1 + (size_t)fl_rng_below(&rng, 8);
        store s = random_store(&rng, n, (size_t)fl_rng_below(&rng, 90), reach);
        for (int search = FL_SEARCH_AUTO; search <= FL_SEARCH_INDEX; search++) {
            fl_clusters c;
            assert_ok(fl_clusters_find(s.spins, s.count, n, radius, (fl_search)search, NULL,
                                       &effort, &c));
            assert_clusters(&s, radius, &c);
            fl_clusters_clear(&c);
        }
        store_free(&s);
    }
}

/* A few stores of a size at which the index is what is chosen. */
static void clusters_of_large_stores(void **state) {
    (void)state;
    fl_rng rng = test_stream("large");
    fl_effort effort = {.threads = 1};
    for (int trial = 0; trial < (test_fast() ? 1 : 4); trial++) {
        size_t n = 24 + (size_t)fl_rng_below(&rng, 40), radius = (size_t)fl_rng_below(&rng, 6);
        store s = random_store(&rng, n, 1500, 6);
        fl_clusters c;
        assert_ok(
            fl_clusters_find(s.spins, s.count, n, radius, FL_SEARCH_INDEX, NULL, &effort, &c));
        assert_clusters(&s, radius, &c);
        fl_clusters_clear(&c);
        store_free(&s);
    }
}

/* Going on from a smaller radius gives what starting afresh gives. */
static void finer_clusters_are_continued(void **state) {
    (void)state;
    fl_rng rng = test_stream("finer");
    fl_effort effort = {.threads = 1};
    for (int trial = 0; trial < 60; trial++) {
        size_t n = random_neurons(&rng);
        store s = random_store(&rng, n, 1 + (size_t)fl_rng_below(&rng, 60), 5);
        fl_clusters finer = {0};
        for (size_t radius = 0, first = 1; radius <= n; radius += 1 + n / 7, first = 0) {
            fl_clusters c;
            assert_ok(fl_clusters_find(s.spins, s.count, n, radius, FL_SEARCH_AUTO,
                                       first ? NULL : &finer, &effort, &c));
            assert_clusters(&s, radius, &c);
            fl_clusters_clear(&finer);
            finer = c;
        }
        fl_clusters_clear(&finer);
        store_free(&s);
    }
}

/* How often each pair was reported. */
typedef struct visits {
    size_t count;
    unsigned *seen;
} visits;

static void note(void *context, uint32_t a, uint32_t b) {
    visits *v = context;
    assert_true(a < b && b < v->count);
    v->seen[a * v->count + b]++;
}

static void neighbours_come_once(void **state) {
    (void)state;
    fl_rng rng = test_stream("neighbours");
    fl_effort effort = {.threads = 1};
    for (int trial = 0; trial < 200; trial++) {
        size_t n = random_neurons(&rng), radius = random_radius(&rng, n);
        store s = random_store(&rng, n, (size_t)fl_rng_below(&rng, 60), 5);
        for (int search = FL_SEARCH_BRUTE; search <= FL_SEARCH_INDEX; search++) {
            visits v = {s.count, calloc(s.count * s.count + 1, sizeof *v.seen)};
            assert_ok(
                fl_neighbours(s.spins, s.count, n, radius, (fl_search)search, &effort, note, &v));
            for (size_t a = 0; a < s.count; a++)
                for (size_t b = a + 1; b < s.count; b++)
                    assert_int_equal(v.seen[a * s.count + b], at(&s, a, b) <= radius);
            free(v.seen);
        }
        store_free(&s);
    }
}

/* Neurons renamed, spins turned, members in another order: the same partition. */
static void relabelling(void **state) {
    (void)state;
    fl_rng rng = test_stream("relabel");
    fl_effort effort = {.threads = 1};
    for (int trial = 0; trial < 60; trial++) {
        size_t n = random_neurons(&rng), radius = random_radius(&rng, n);
        store s = random_store(&rng, n, 1 + (size_t)fl_rng_below(&rng, 80), 5);
        uint64_t *other = calloc(s.count * s.words + 1, sizeof *other), gauge[8];
        uint32_t names[300], order[100];
        fl_spins_random(gauge, n, &rng);
        fl_rng_permutation(&rng, n, names);
        fl_rng_permutation(&rng, s.count, order);
        for (size_t k = 0; k < s.count; k++)
            for (size_t i = 0; i < n; i++)
                fl_spins_set(other + order[k] * s.words, names[i],
                             fl_spins_get(s.spins + k * s.words, i) * fl_spins_get(gauge, i));
        fl_clusters a, b;
        assert_ok(
            fl_clusters_find(s.spins, s.count, n, radius, FL_SEARCH_INDEX, NULL, &effort, &a));
        assert_ok(fl_clusters_find(other, s.count, n, radius, FL_SEARCH_INDEX, NULL, &effort, &b));
        assert_int_equal(a.count, b.count);
        for (size_t k = 0; k < s.count; k++)
            for (size_t j = 0; j < k; j++)
                assert_int_equal(a.label[k] == a.label[j], b.label[order[k]] == b.label[order[j]]);
        fl_diameters da, db;
        assert_ok(fl_clusters_diameters(&a, s.spins, n, 1000, &effort, &da));
        assert_ok(fl_clusters_diameters(&b, other, n, 1000, &effort, &db));
        assert_int_equal(da.clusters, db.clusters);
        if (da.clusters)
            assert_relative(da.mean, db.mean, 1e-12);
        fl_clusters_clear(&a);
        fl_clusters_clear(&b);
        free(other);
        store_free(&s);
    }
}

/* Mean over clusters of two and more of the largest distance, from the matrix. */
static double brute_diameter(const store *s, const fl_clusters *c, size_t *clusters) {
    double sum = 0;
    *clusters = 0;
    for (size_t k = 0; k < c->count; k++) {
        size_t largest = 0;
        for (size_t a = 0; a < s->count; a++)
            for (size_t b = 0; b < a; b++)
                if (c->label[a] == k && c->label[b] == k && at(s, a, b) > largest)
                    largest = at(s, a, b);
        sum += (double)largest;
        *clusters += c->size[k] > 1;
    }
    return sum / (double)*clusters;
}

static void diameters(void **state) {
    (void)state;
    fl_rng rng = test_stream("diameters");
    size_t bounded = 0, short_of = 0;
    for (int trial = 0; trial < 150; trial++) {
        size_t n = random_neurons(&rng), radius = random_radius(&rng, n), clusters;
        fl_effort effort = {.threads = test_threads(&rng)};
        store s = random_store(&rng, n, (size_t)fl_rng_below(&rng, 70), 6);
        fl_clusters c;
        fl_diameters exact, bound;
        assert_ok(fl_clusters_find(s.spins, s.count, n, radius, FL_SEARCH_AUTO, NULL, &effort, &c));
        double expected = brute_diameter(&s, &c, &clusters);
        assert_ok(fl_clusters_diameters(&c, s.spins, n, 1000, &effort, &exact));
        assert_ok(fl_clusters_diameters(&c, s.spins, n, 2, &effort, &bound));
        assert_int_equal(exact.clusters, clusters);
        assert_int_equal(exact.bounded, 0);
        if (clusters == 0) {
            assert_true(isnan(exact.mean) && isnan(bound.mean));
        } else {
            assert_relative(exact.mean, expected, 1e-12);
            assert_true(bound.mean <= expected * (1 + 1e-12));
            assert_true(bound.bounded || fabs(bound.mean - expected) < 1e-9);
            short_of += bound.mean < expected * (1 - 1e-12);
        }
        bounded += bound.bounded;
        fl_clusters_clear(&c);
        store_free(&s);
    }
    assert_true(bounded > 50 && short_of < bounded);
}

static void nearest_distances(void **state) {
    (void)state;
    fl_rng rng = test_stream("nearest");
    for (int trial = 0; trial < 100; trial++) {
        size_t n = random_neurons(&rng), used, some = 0;
        fl_effort effort = {.threads = test_threads(&rng)};
        store s = random_store(&rng, n, (size_t)fl_rng_below(&rng, trial % 10 ? 60 : 300), 6);
        double sum = 0, partial = 0, mean;
        size_t tenth = s.count / 3 ? s.count / 3 : 1;
        for (size_t a = 0; a < s.count; a++) {
            size_t best = SIZE_MAX;
            for (size_t b = 0; b < s.count; b++)
                best = b != a && at(&s, a, b) < best ? at(&s, a, b) : best;
            sum += (double)best;
            /* a = floor(k count / tenth) for some k */
            size_t k = (a * tenth + s.count - 1) / s.count;
            if (k < tenth && k * s.count / tenth == a) {
                partial += (double)best;
                some++;
            }
        }
        assert_ok(fl_nearest_distance(s.spins, s.count, n, 1e9, &effort, &mean, &used));
        if (s.count < 2) {
            assert_true(isnan(mean) && used == 0);
        } else {
            assert_relative(mean, sum / (double)s.count, 1e-12);
            assert_int_equal(used, s.count);
            assert_ok(fl_nearest_distance(s.spins, s.count, n, (double)(tenth * s.count), &effort,
                                          &mean, &used));
            assert_int_equal(used, tenth);
            assert_int_equal(some, tenth);
            assert_relative(mean, partial / (double)tenth, 1e-12);
        }
        store_free(&s);
    }
}

static void weights(void **state) {
    (void)state;
    fl_rng rng = test_stream("weights");
    fl_effort effort = {.threads = 1};
    for (int trial = 0; trial < 60; trial++) {
        store s = random_store(&rng, 30, 1 + (size_t)fl_rng_below(&rng, 60), 4);
        double w[64], all = 0, isolated = 0, size = 0, mass[64] = {0}, largest = 0, ones[64];
        fl_clusters c;
        fl_cluster_weights found, even, same;
        assert_ok(fl_clusters_find(s.spins, s.count, 30, 2, FL_SEARCH_AUTO, NULL, &effort, &c));
        for (size_t k = 0; k < s.count; k++) {
            ones[k] = 1;
            all += w[k] = fl_rng_below(&rng, 3) ? fl_rng_uniform(&rng) : 0;
        }
        for (size_t k = 0; k < s.count; k++) {
            size_t members = 0;
            for (size_t j = 0; j < s.count; j++)
                members += c.label[j] == c.label[k];
            isolated += members == 1 ? w[k] / all : 0;
            size += w[k] / all * (double)members;
            mass[c.label[k]] += w[k] / all;
            largest = fmax(largest, mass[c.label[k]]);
        }
        fl_clusters_weigh(&c, w, &found);
        fl_clusters_weigh(&c, NULL, &even);
        fl_clusters_weigh(&c, ones, &same);
        assert_memory_equal(&even, &same, sizeof even);
        if (all > 0) {
            assert_true(fabs(found.isolated - isolated) < 1e-12);
            assert_relative(found.size, size, 1e-12);
            assert_relative(found.largest, largest, 1e-12);
        }
        fl_clusters_clear(&c);
        store_free(&s);
    }
}

static bool linked(const store *s, size_t a, size_t b, size_t low, size_t high) {
    return a != b && at(s, a, b) >= low && at(s, a, b) <= high;
}

static void tuples(void **state) {
    (void)state;
    fl_rng rng = test_stream("tuples");
    for (int trial = 0; trial < 80; trial++) {
        size_t n = random_neurons(&rng), low = (size_t)fl_rng_below(&rng, n + 1);
        size_t high = low + (size_t)fl_rng_below(&rng, n / 2 + 2);
        size_t most = 2 + (size_t)fl_rng_below(&rng, 3);
        fl_effort effort = {.threads = test_threads(&rng)};
        store s = random_store(&rng, n, (size_t)fl_rng_below(&rng, trial % 8 ? 20 : 75), 8);
        double found[3], expected[3] = {0};
        for (size_t a = 0; a < s.count; a++)
            for (size_t b = 0; b < s.count; b++) {
                if (!linked(&s, a, b, low, high))
                    continue;
                expected[0]++;
                for (size_t c = 0; most > 2 && c < s.count; c++) {
                    if (!linked(&s, a, c, low, high) || !linked(&s, b, c, low, high))
                        continue;
                    expected[1]++;
                    for (size_t d = 0; most > 3 && d < s.count; d++)
                        expected[2] += linked(&s, a, d, low, high) && linked(&s, b, d, low, high) &&
                                       linked(&s, c, d, low, high);
                }
            }
        assert_ok(fl_tuples_count(s.spins, s.count, n, low, high, most, &effort, found));
        for (size_t k = 0; k < 3; k++)
            assert_true(found[k] == expected[k]);
        store_free(&s);
    }
}

static void never(void *context, uint32_t a, uint32_t b) {
    (void)context;
    fail_msg("%u %u", (unsigned)a, (unsigned)b);
}

static void refusals(void **state) {
    (void)state;
    uint64_t spins[4] = {0, 7, 56, 448};
    fl_effort effort = {.threads = 1}, stopped = {.threads = 1, .stop = test_stop_after};
    fl_clusters c;
    double found[3], mean;
    size_t used;
    assert_status(FL_EINVAL, fl_neighbours(spins, 4, 0, 1, FL_SEARCH_AUTO, &effort, never, NULL));
    assert_status(FL_EINVAL,
                  fl_neighbours(spins, UINT32_MAX, 9, 1, FL_SEARCH_AUTO, &effort, never, NULL));
    assert_ok(fl_neighbours(spins, 4, 9, 2, FL_SEARCH_AUTO, &effort, never, NULL));
    for (int search = FL_SEARCH_BRUTE; search <= FL_SEARCH_INDEX; search++)
        assert_status(FL_STOPPED,
                      fl_clusters_find(spins, 4, 9, 2, (fl_search)search, NULL, &stopped, &c));
    assert_null(c.label);
    assert_status(FL_EINVAL, fl_tuples_count(spins, 4, 9, 1, 2, 5, &effort, found));
    assert_status(FL_EINVAL,
                  fl_tuples_count(spins, FL_TUPLE_POINTS + 1, 9, 1, 2, 2, &effort, found));
    assert_status(FL_STOPPED, fl_tuples_count(spins, 4, 9, 1, 2, 2, &stopped, found));
    assert_status(FL_STOPPED, fl_nearest_distance(spins, 4, 9, 100, &stopped, &mean, &used));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clusters_of_500_stores),
        cmocka_unit_test(clusters_of_large_stores),
        cmocka_unit_test(finer_clusters_are_continued),
        cmocka_unit_test(neighbours_come_once),
        cmocka_unit_test(relabelling),
        cmocka_unit_test(diameters),
        cmocka_unit_test(nearest_distances),
        cmocka_unit_test(weights),
        cmocka_unit_test(tuples),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
