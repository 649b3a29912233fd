/* Packed spins against plain arrays of signs. */
#include "tests/support/support.h"

#include "fixland/spins.h"
#include "tests/support/chance.h"

enum { MOST = 200 };

/* A configuration twice: packed, and as signs. */
typedef struct both {
    size_t n;
    uint64_t packed[MOST / 64 + 1];
    int8_t signs[MOST];
} both;

static both random_both(fl_rng *rng, size_t n) {
    both b = {.n = n};
    memset(b.packed, 0xA5, sizeof b.packed); /* what was there before must not matter */
    for (size_t i = 0; i < n; i++)
        b.signs[i] = fl_rng_bits(rng) & 1 ? 1 : -1;
    fl_spins_pack(b.signs, n, b.packed);
    return b;
}

/* Equal, with zeros beyond n in the last word. */
static void assert_same(const both *b) {
    for (size_t i = 0; i < b->n; i++)
        assert_int_equal(fl_spins_get(b->packed, i), b->signs[i]);
    for (size_t i = b->n; i < 64 * fl_spins_words(b->n); i++)
        assert_int_equal(fl_spins_get(b->packed, i), -1);
}

static size_t random_size(fl_rng *rng) {
    static const size_t edges[] = {1, 2, 63, 64, 65, 127, 128, 129, 192};
    uint64_t k = fl_rng_below(rng, 30);
    return k < 9 ? edges[k] : 1 + (size_t)fl_rng_below(rng, MOST);
}

static void sizes(void **state) {
    (void)state;
    for (size_t n = 0; n < 1000; n++) {
        assert_true(64 * fl_spins_words(n) >= n && 64 * fl_spins_words(n) < n + 64);
        assert_true(8 * fl_spins_bytes(n) >= n && 8 * fl_spins_bytes(n) < n + 8);
    }
}

static void pack_set_flip_negate(void **state) {
    (void)state;
    fl_rng rng = test_stream("pack");
    for (int trial = 0; trial < 2000; trial++) {
        both b = random_both(&rng, random_size(&rng));
        assert_same(&b);
        size_t i = (size_t)fl_rng_below(&rng, b.n), j = (size_t)fl_rng_below(&rng, b.n);
        fl_spins_flip(b.packed, i);
        b.signs[i] = (int8_t)-b.signs[i];
        assert_same(&b);
        int value = (int)fl_rng_below(&rng, 7) - 3;
        fl_spins_set(b.packed, j, value);
        b.signs[j] = value > 0 ? 1 : -1;
        assert_same(&b);
        fl_spins_negate(b.packed, b.n);
        for (size_t k = 0; k < b.n; k++)
            b.signs[k] = (int8_t)-b.signs[k];
        assert_same(&b);
        int8_t back[MOST];
        fl_spins_unpack(b.packed, b.n, back);
        assert_memory_equal(back, b.signs, b.n);
    }
}

static void pack_takes_any_sign(void **state) {
    (void)state;
    const int8_t values[] = {127, -128, 0, 2, -3};
    const int8_t signs[] = {1, -1, -1, 1, -1};
    int8_t back[5];
    uint64_t packed;
    fl_spins_pack(values, 5, &packed);
    assert_int_equal(packed, 0x9);
    fl_spins_unpack(&packed, 5, back);
    assert_memory_equal(back, signs, 5);
}

static int compare_signs(const both *a, const both *b) {
    for (size_t i = a->n; i-- > 0;)
        if (a->signs[i] != b->signs[i])
            return a->signs[i] - b->signs[i];
    return 0;
}

static int sign(int x) {
    return (x > 0) - (x < 0);
}

static void distance_overlap_order(void **state) {
    (void)state;
    fl_rng rng = test_stream("distance");
    for (int trial = 0; trial < 2000; trial++) {
        size_t n = random_size(&rng), distance = 0;
        both a = random_both(&rng, n), b = random_both(&rng, n);
        if (fl_rng_below(&rng, 3) == 0) { /* close ones, to compare low bits too */
            b = a;
            size_t i = (size_t)fl_rng_below(&rng, n);
            fl_spins_flip(b.packed, i);
            b.signs[i] = (int8_t)-b.signs[i];
        }
        int product = 0;
        for (size_t i = 0; i < n; i++) {
            distance += a.signs[i] != b.signs[i];
            product += a.signs[i] * b.signs[i];
        }
        assert_int_equal(fl_spins_distance(a.packed, b.packed, n), distance);
        assert_true(fl_spins_overlap(a.packed, b.packed, n) == (double)product / (double)n);
        assert_int_equal(sign(fl_spins_compare(a.packed, b.packed, n)),
                         sign(compare_signs(&a, &b)));
        assert_int_equal(fl_spins_compare(a.packed, a.packed, n), 0);
        assert_int_equal(fl_spins_distance(a.packed, a.packed, n), 0);
    }
}

static void random_is_uniform(void **state) {
    (void)state;
    fl_rng rng = test_stream("random spins");
    uint64_t seen[32] = {0}, up[130] = {0};
    for (int k = 0; k < 32000; k++) {
        uint64_t spins[3];
        fl_spins_random(spins, 5, &rng);
        assert_true(spins[0] < 32);
        seen[spins[0]]++;
        fl_spins_random(spins, 130, &rng);
        assert_true(spins[2] < 4);
        for (size_t i = 0; i < 130; i++)
            up[i] += fl_spins_get(spins, i) > 0;
    }
    assert_p(test_chi2_uniform(seen, 32));
    for (size_t i = 0; i < 130; i++)
        assert_z((double)up[i], 16000, 89.4427190999916);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        cmocka_unit_test(pack_set_flip_negate),
        cmocka_unit_test(pack_takes_any_sign),
        cmocka_unit_test(distance_overlap_order),
        cmocka_unit_test(random_is_uniform),
    };
    return cmocka_run_group_tests_name("spins", tests, NULL, NULL);
}
