/* See points.h. */
#include "tests/support/points.h"

#include <math.h>

#include "fixland/spins.h"
#include "mc/enumerate/engine.h"
#include "tests/support/support.h"

static fl_status take(void *context, const uint64_t *spins, const uint8_t *levels, size_t count) {
    points *p = context;
    while (p->count + count > p->room) {
        p->room = p->room ? 2 * p->room : 1024;
        p->spins = realloc(p->spins, p->room * p->words * sizeof *p->spins);
        p->levels = realloc(p->levels, p->room);
        assert_true(p->spins && p->levels);
    }
    memcpy(p->spins + p->count * p->words, spins, count * p->words * sizeof *spins);
    memcpy(p->levels + p->count, levels, count);
    p->count += count;
    return FL_OK;
}

static void check(const points *p, const fl_network *network, const double *jd, size_t jd_count) {
    size_t step = 1 + p->count / 2000;
    assert_int_equal(p->counts[jd_count - 1], 2 * p->count);
    for (size_t k = 0; k < p->count; k += step) {
        const uint64_t *s = p->spins + k * p->words;
        assert_true(k == 0 || fl_spins_compare(s - p->words, s, p->n) < 0);
        assert_int_equal(fl_spins_get(s, p->n - 1), 1);
        assert_true(fl_network_is_fixed_point(network, s, jd[p->levels[k]]));
        assert_true(p->levels[k] == 0 || jd[p->levels[k]] == jd[p->levels[k] - 1] ||
                    !fl_network_is_fixed_point(network, s, jd[p->levels[k] - 1]));
    }
}

points points_find(const fl_network *network, fl_method method, int rule, int threads,
                   const double *jd, size_t jd_count) {
    points p = {.n = network->n, .words = fl_spins_words(network->n)};
    uint64_t nodes = 0;
    fl_enumeration plan = {.jd = jd,
                           .jd_count = jd_count,
                           .effort = {.threads = threads},
                           .visit = take,
                           .context = &p,
                           .nodes = &nodes};
    engine_leaves leaves = (engine_leaves)(rule / POINTS_SETS);
    assert_ok(enumerate_ruled(method, (fl_tree_rule)(rule % POINTS_SETS), leaves, network, &plan,
                              p.counts));
    p.nodes = nodes;
    check(&p, network, jd, jd_count);
    return p;
}

void points_clear(points *p) {
    free(p->spins);
    free(p->levels);
    *p = (points){0};
}

void points_assert_equal(const points *a, const points *b, size_t jd_count) {
    assert_memory_equal(a->counts, b->counts, jd_count * sizeof *a->counts);
    assert_int_equal(a->count, b->count);
    if (a->count) {
        assert_memory_equal(a->spins, b->spins, a->count * a->words * sizeof *a->spins);
        assert_memory_equal(a->levels, b->levels, a->count);
    }
}

void points_image(const points *p, size_t k, const uint32_t *order, const int8_t *gauge,
                  uint64_t *image) {
    const uint64_t *s = p->spins + k * p->words;
    memset(image, 0, p->words * sizeof *image);
    for (size_t i = 0; i < p->n; i++)
        fl_spins_set(image, order ? order[i] : i, fl_spins_get(s, i) * (gauge ? gauge[i] : 1));
    if (fl_spins_get(image, p->n - 1) < 0)
        fl_spins_negate(image, p->n);
}

void points_assert_image(const points *a, const points *b, const uint32_t *order,
                         const int8_t *gauge, size_t jd_count) {
    assert_memory_equal(a->counts, b->counts, jd_count * sizeof *a->counts);
    for (size_t k = 0; k < a->count; k++) {
        uint64_t image[2];
        points_image(a, k, order, gauge, image);
        size_t low = 0, high = b->count;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (fl_spins_compare(b->spins + middle * b->words, image, b->n) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        assert_true(low < b->count &&
                    fl_spins_compare(b->spins + low * b->words, image, b->n) == 0);
        assert_int_equal(b->levels[low], a->levels[k]);
    }
}

fl_network points_move(const fl_network *network, const uint32_t *order, const int8_t *gauge) {
    size_t n = network->n;
    fl_network moved;
    assert_ok(fl_network_new(&moved, n));
    for (size_t i = 0; i < n; i++) {
        size_t a = order ? order[i] : i;
        moved.diagonal[a] = network->diagonal[i];
        for (size_t j = 0; j < n; j++)
            moved.J[a * n + (order ? order[j] : j)] =
                network->J[i * n + j] * (gauge ? gauge[i] * gauge[j] : 1);
    }
    return moved;
}

/* A given matrix that is hard on rounding: small whole numbers (ties everywhere), numbers of all
 * sizes, many zeros and empty rows, rows of very different norm. */
static fl_network hard_network(fl_rng *rng, size_t n, int kind) {
    fl_network network;
    assert_ok(fl_network_new(&network, n));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double *x = &network.J[i * n + j];
            double options[] = {(double)fl_rng_below(rng, 5) - 2,
                                ldexp(fl_rng_gauss(rng), (int)fl_rng_below(rng, 80) - 40),
                                fl_rng_below(rng, 3) && i % 5 ? 0 : fl_rng_gauss(rng),
                                ldexp(fl_rng_gauss(rng), 90 * (int)(i % 9) - 360)};
            *x = i == j ? 0 : options[kind];
        }
    return network;
}

fl_ensemble points_ensemble(fl_rng *rng) {
    static const double etas[] = {0, 0, 0.5, -0.5, 1, -1};
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    e.distribution = (fl_distribution)fl_rng_below(rng, 2);
    e.variance = (fl_variance)fl_rng_below(rng, 2);
    e.eta = etas[fl_rng_below(rng, 6)];
    e.dilution = fl_rng_bits(rng) & 1 ? 1 : 0.05 + 0.9 * fl_rng_uniform(rng);
    e.modules = fl_rng_below(rng, 3) ? 1 : 2;
    e.lambda = fl_rng_gauss(rng);
    return e;
}

fl_network points_network(fl_rng *rng, size_t n, double *unit) {
    uint64_t kind = fl_rng_below(rng, 12);
    *unit = 1;
    if (kind < 4)
        return hard_network(rng, n, (int)kind);
    fl_ensemble e = points_ensemble(rng);
    e.modules = n % 2 ? 1 : e.modules;
    fl_network network;
    *unit = fl_ensemble_scale(&e, n / e.modules);
    assert_ok(fl_network_draw(&network, &e, n / e.modules, test_seed(), fl_rng_bits(rng)));
    if (fl_rng_bits(rng) & 1)
        for (size_t i = 0; i < n; i++)
            network.diagonal[i] = *unit * ((double)fl_rng_below(rng, 4) - 1);
    return network;
}
