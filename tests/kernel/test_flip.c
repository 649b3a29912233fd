/* The kernels that flip neurons, against the definition. */
#include "tests/support/support.h"

#include "fixland/spins.h"
#include "src/kernel/flip.h"

enum { MOST_WORDS = 9 };

typedef struct block {
    int32_t *field, *column[FL_FLIPS];
    const int32_t *columns[FL_FLIPS];
    int32_t negate[FL_FLIPS];
    uint64_t spins[MOST_WORDS], candidates[MOST_WORDS], fresh[MOST_WORDS];
    size_t words, count;
    int32_t bound;
} block;

static int32_t *integers(fl_rng *rng, size_t count, int32_t range) {
    int32_t *values = aligned_alloc(64, count * sizeof *values);
    assert_non_null(values);
    for (size_t k = 0; k < count; k++)
        values[k] = (int32_t)fl_rng_below(rng, 2 * (uint64_t)range + 1) - range;
    return values;
}

static block random_block(fl_rng *rng) {
    block b = {.words = 1 + fl_rng_below(rng, MOST_WORDS),
               .count = fl_rng_below(rng, FL_FLIPS + 1)};
    int32_t range = fl_rng_bits(rng) & 1 ? 1 << 27 : 5;
    b.bound = (int32_t)fl_rng_below(rng, (uint64_t)range);
    b.field = integers(rng, 64 * b.words, range);
    for (size_t k = 0; k < b.count; k++) {
        b.columns[k] = b.column[k] = integers(rng, 64 * b.words, range);
        b.negate[k] = -(int32_t)(fl_rng_bits(rng) & 1);
    }
    for (size_t w = 0; w < b.words; w++) {
        b.spins[w] = fl_rng_bits(rng);
        b.candidates[w] = fl_rng_bits(rng);
    }
    return b;
}

static void release(block *b) {
    free(b->field);
    for (size_t k = 0; k < b->count; k++)
        free(b->column[k]);
}

static void assert_block(const block *b, fl_flip *kernel, bool mark) {
    int32_t *field = aligned_alloc(64, 64 * b->words * sizeof *field);
    uint64_t candidates[MOST_WORDS], fresh[MOST_WORDS] = {0};
    memcpy(field, b->field, 64 * b->words * sizeof *field);
    memcpy(candidates, b->candidates, sizeof candidates);
    fl_flip_target target = {field, b->spins, mark ? candidates : NULL, fresh, b->bound, NULL};
    kernel(&target, b->words, b->columns, b->negate, b->count);
    for (size_t i = 0; i < 64 * b->words; i++) {
        int64_t expected = b->field[i];
        for (size_t k = 0; k < b->count; k++)
            expected += b->negate[k] ? -b->columns[k][i] : b->columns[k][i];
        assert_int_equal(field[i], expected);
        int64_t aligned = fl_spins_get(b->spins, i) * expected;
        bool was = b->candidates[i / 64] >> (i % 64) & 1;
        bool is = mark ? aligned < b->bound : was;
        assert_int_equal(candidates[i / 64] >> (i % 64) & 1, is);
        assert_int_equal(fresh[i / 64] >> (i % 64) & 1, mark && is && !was);
    }
    free(field);
}

static void kernels(void **state) {
    (void)state;
    fl_rng rng = test_stream("kernels");
    for (int trial = 0; trial < 2000; trial++) {
        block b = random_block(&rng);
        bool mark = fl_rng_bits(&rng) & 1;
        assert_block(&b, fl_flip_scalar, mark);
#ifdef __x86_64__
        if (__builtin_cpu_supports("avx2"))
            assert_block(&b, fl_flip_avx2, mark);
        if (__builtin_cpu_supports("avx512bw"))
            assert_block(&b, fl_flip_avx512, mark);
#endif
        release(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels),
    };
    return cmocka_run_group_tests_name("flip", tests, NULL, NULL);
}
