/* Kernels of blocked.h against plain loops, and against one another bit by bit. */
#include "tests/support/support.h"

#include "fixland/kernel.h"
#include "src/kernel/blocked.h"

enum { VARIANTS = 3, MOST_BLOCKS = 7, MOST_COLS = 70, MOST_BATCH = 48 };

/* Those that this processor has. */
static size_t variants(const fl_blocked **list) {
    size_t count = 1;
    list[0] = &fl_blocked_scalar;
#ifdef __x86_64__
    unsetenv("FIXLAND_KERNEL");
    if (fl_kernel_level() >= FL_KERNEL_AVX2)
        list[count++] = &fl_blocked_avx2;
    if (fl_kernel_level() >= FL_KERNEL_AVX512)
        list[count++] = &fl_blocked_avx512;
#endif
    return count;
}

static float *floats(fl_rng *rng, size_t count, bool spins) {
    float *values = aligned_alloc(64, (count * sizeof *values + 63) / 64 * 64);
    assert_non_null(values);
    for (size_t k = 0; k < count; k++)
        values[k] = spins ? (float)fl_rng_below(rng, 3) - 1 : (float)fl_rng_gauss(rng);
    return values;
}

static float *copy_of(const float *values, size_t count) {
    float *copy = aligned_alloc(64, (count * sizeof *copy + 63) / 64 * 64);
    assert_non_null(copy);
    memcpy(copy, values, count * sizeof *copy);
    return copy;
}

typedef struct shape {
    size_t blocks, cols, batch, stride;
} shape;

static shape random_shape(fl_rng *rng) {
    shape s = {.blocks = 1 + fl_rng_below(rng, MOST_BLOCKS),
               .cols = 1 + fl_rng_below(rng, MOST_COLS),
               .batch = 16 * (1 + fl_rng_below(rng, MOST_BATCH / 16))};
    s.stride = 16 * (s.blocks + fl_rng_below(rng, 2));
    return s;
}

/* The sums in the order that blocked.h states. */
static void test_apply(void **state) {
    (void)state;
    fl_rng rng = test_stream("blocked apply");
    const fl_blocked *list[VARIANTS];
    size_t count = variants(list);
    for (int round = 0; round < 60; round++) {
        shape s = random_shape(&rng);
        bool spins = round & 1;
        float *w = floats(&rng, s.cols * 16, false), *x = floats(&rng, s.cols * s.batch, spins);
        float *start = floats(&rng, s.batch * s.stride, false);
        for (size_t v = 0; v < count; v++) {
            float *out = copy_of(start, s.batch * s.stride);
            (spins ? list[v]->apply : list[v]->apply_real)(w, s.cols, x, s.batch, out, s.stride);
            for (size_t b = 0; b < s.batch; b++)
                for (size_t r = 0; r < s.stride; r++) {
                    float sum = 0;
                    for (size_t j = 0; r < 16 && j < s.cols; j++)
                        sum += w[16 * j + r] * x[j * s.batch + b];
                    float expected = start[b * s.stride + r] + (r < 16 ? sum : 0);
                    assert_true(out[b * s.stride + r] == expected);
                }
            free(out);
        }
        free(w);
        free(x);
        free(start);
    }
}

static void test_columns(void **state) {
    (void)state;
    fl_rng rng = test_stream("blocked columns");
    const fl_blocked *list[VARIANTS];
    size_t count = variants(list);
    for (int round = 0; round < 100; round++) {
        shape s = random_shape(&rng);
        size_t flips = fl_rng_below(&rng, 40);
        uint32_t columns[40];
        float coef[40];
        for (size_t e = 0; e < flips; e++) {
            columns[e] = (uint32_t)fl_rng_below(&rng, s.cols);
            coef[e] = (float)(1 + fl_rng_below(&rng, 2)) * (fl_rng_bits(&rng) & 1 ? 1.f : -1.f);
        }
        float *w = floats(&rng, s.blocks * s.cols * 16, false);
        float *start = floats(&rng, s.blocks * 16, false);
        for (size_t v = 0; v < count; v++) {
            float *field = copy_of(start, s.blocks * 16);
            list[v]->columns(w, s.blocks, s.cols, columns, coef, flips, field);
            for (size_t i = 0; i < 16 * s.blocks; i++) {
                float expected = start[i];
                for (size_t e = 0; e < flips; e++)
                    expected += coef[e] * w[(i / 16 * s.cols + columns[e]) * 16 + i % 16];
                assert_true(field[i] == expected);
            }
            free(field);
        }
        free(w);
        free(start);
    }
}

static void test_update(void **state) {
    (void)state;
    fl_rng rng = test_stream("blocked update");
    const fl_blocked *list[VARIANTS];
    size_t count = variants(list);
    for (int round = 0; round < 60; round++) {
        shape s = random_shape(&rng);
        size_t active = fl_rng_below(&rng, s.batch + 1);
        uint32_t which[MOST_BATCH];
        for (size_t e = 0; e < active; e++)
            which[e] = (uint32_t)fl_rng_below(&rng, s.batch);
        float *start = floats(&rng, s.cols * 16, false), *c = floats(&rng, 16 * active + 16, false);
        bool spins = round & 1;
        float *x = floats(&rng, s.cols * s.batch, spins);
        for (size_t v = 0; v < count; v++) {
            float *w = copy_of(start, s.cols * 16);
            (spins ? list[v]->update : list[v]->update_real)(w, s.cols, x, s.batch, which, c,
                                                             active);
            for (size_t k = 0; k < 16 * s.cols; k++) {
                float expected = start[k];
                for (size_t e = 0; e < active; e++)
                    expected += c[16 * e + k % 16] * x[k / 16 * s.batch + which[e]];
                assert_true(w[k] == expected);
            }
            free(w);
        }
        free(start);
        free(c);
        free(x);
    }
}

/* Fields and states with many exact zeros. */
static float *lumpy(fl_rng *rng, size_t count) {
    float *values = floats(rng, count, false);
    for (size_t k = 0; k < count; k++)
        if (fl_rng_below(rng, 3) == 0)
            values[k] = (float)fl_rng_below(rng, 3) - 1;
    return values;
}

typedef struct scene {
    size_t n;
    float *field, *feedback, *h, jd;
    uint16_t *allowed;
} scene;

static void check_decide(const fl_blocked *kernel, const scene *s) {
    float *h = copy_of(s->h, s->n), coef[16 * MOST_BLOCKS];
    uint32_t columns[16 * MOST_BLOCKS];
    size_t wanting = 7, wants = 0, changes = 0;
    size_t got = kernel->decide(s->field, s->feedback, s->jd, s->allowed, s->n / 16, h, columns,
                                coef, &wanting);
    for (size_t i = 0; i < s->n; i++) {
        float v = s->field[i] + s->jd * s->h[i] + (s->feedback ? s->feedback[i] : 0);
        float new = v > 0 ? 1 : v < 0 ? -1 : s->h[i];
        bool may = !s->allowed || (s->allowed[i / 16] >> (i % 16) & 1);
        wants += new != s->h[i];
        assert_true(h[i] == (may ? new : s->h[i]));
        if (!may || new == s->h[i])
            continue;
        assert_true(changes < got && columns[changes] == i);
        assert_true(coef[changes] == new - s->h[i]);
        changes++;
    }
    assert_int_equal(got, changes);
    assert_int_equal(wanting, 7 + wants);
    free(h);
}

static void check_wake(const fl_blocked *kernel, const scene *s) {
    float *h = copy_of(s->h, s->n);
    size_t changes = 0;
    size_t got = kernel->wake(s->field, s->feedback, s->jd, s->n / 16, h);
    for (size_t i = 0; i < s->n; i++) {
        float v = s->field[i] + s->jd * s->h[i] + (s->feedback ? s->feedback[i] : 0);
        float new = v > 0 ? 1 : v < 0 ? -1 : s->h[i];
        assert_true(h[i] == new);
        changes += new != s->h[i];
    }
    assert_int_equal(got, changes);
    free(h);
}

static void test_decide(void **state) {
    (void)state;
    fl_rng rng = test_stream("blocked decide");
    const fl_blocked *list[VARIANTS];
    size_t count = variants(list);
    for (int round = 0; round < 300; round++) {
        size_t blocks = 1 + fl_rng_below(&rng, MOST_BLOCKS);
        uint16_t allowed[MOST_BLOCKS];
        for (size_t k = 0; k < blocks; k++)
            allowed[k] = (uint16_t)fl_rng_bits(&rng);
        scene s = {.n = 16 * blocks,
                   .field = lumpy(&rng, 16 * blocks),
                   .feedback = lumpy(&rng, 16 * blocks),
                   .h = floats(&rng, 16 * blocks, true),
                   .jd = (float)fl_rng_below(&rng, 3) / 2};
        scene variant = s;
        variant.feedback = round & 1 ? s.feedback : NULL;
        variant.allowed = round & 2 ? allowed : NULL;
        for (size_t v = 0; v < count; v++)
            check_decide(list[v], &variant), check_wake(list[v], &variant);
        free(s.field);
        free(s.feedback);
        free(s.h);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_apply),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_update),
        cmocka_unit_test(test_decide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
