/* See draw.h. */
#include "tests/support/draw.h"

#include "fixland/matrix.h"
#include "fixland/spins.h"
#include "tests/support/support.h"

uint64_t *test_draw_spins(size_t n, size_t count, fl_rng *rng) {
    size_t words = fl_spins_words(n);
    uint64_t *spins = malloc((count * words + 1) * sizeof *spins);
    assert_non_null(spins);
    for (size_t k = 0; k < count; k++)
        fl_spins_random(spins + k * words, n, rng);
    return spins;
}

static double draw_number(fl_rng *rng) {
    static const double odd[] = {0, -0.0, 5e-324, -1e297, 0.1, 1e22, 3};
    return fl_rng_below(rng, 3) ? fl_rng_gauss(rng) : odd[fl_rng_below(rng, 7)];
}

void test_draw_network(fl_network *network, size_t n, fl_rng *rng) {
    double *matrix = malloc(n * n * sizeof *matrix);
    assert_non_null(matrix);
    for (size_t k = 0; k < n * n; k++)
        matrix[k] = draw_number(rng);
    assert_ok(fl_network_from_matrix(network, matrix, n));
    free(matrix);
}

void test_assert_same_networks(const fl_network *a, const fl_network *b) {
    assert_int_equal(a->n, b->n);
    assert_memory_equal(a->J, b->J, a->n * a->n * sizeof *a->J);
    assert_memory_equal(a->diagonal, b->diagonal, a->n * sizeof *a->diagonal);
}

const double test_one_to_nine[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

void test_assert_nine(const char *path) {
    fl_network network;
    assert_ok(fl_matrix_read(&network, path));
    assert_int_equal(network.n, 3);
    for (size_t k = 0; k < 9; k++) {
        bool diagonal = k % 4 == 0;
        assert_true((diagonal ? network.diagonal[k / 3] : network.J[k]) == test_one_to_nine[k]);
        assert_true(!diagonal || network.J[k] == 0);
    }
    fl_network_clear(&network);
}
