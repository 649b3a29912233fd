/* Every kernel against the scalar one, and the choice among them. */
#include "tests/support/support.h"

#include "fixland/kernel.h"
#include "src/kernel/block_scan.h"

enum { MOST_CONDITIONS = 64 };

/* Rows, thresholds and lanes of one call. */
typedef struct block {
    int16_t *rows[MOST_CONDITIONS];
    int16_t thresholds[MOST_CONDITIONS];
    size_t conditions, lanes;
} block;

static int16_t *row_of(fl_rng *rng, size_t lanes, int kind) {
    int16_t *row = aligned_alloc(64, lanes * sizeof *row);
    assert_non_null(row);
    for (size_t l = 0; l < lanes; l++) {
        int16_t any = (int16_t)(fl_rng_bits(rng) & 0xFFFF);
        static const int16_t ends[] = {INT16_MIN, INT16_MIN + 1, -1, 0, 1, INT16_MAX};
        row[l] = kind == 0 ? any : kind == 1 ? ends[fl_rng_below(rng, 6)] : (int16_t)(any % 4);
    }
    return row;
}

/* Thresholds low enough that lanes survive many conditions, high enough that some do not. */
static int16_t threshold_of(fl_rng *rng, int kind) {
    static const int16_t ends[] = {INT16_MIN, INT16_MIN + 1, 0, INT16_MAX};
    if (kind == 1)
        return ends[fl_rng_below(rng, 8) ? fl_rng_below(rng, 2) : fl_rng_below(rng, 4)];
    if (kind == 2)
        return (int16_t)(-3 + (int)fl_rng_below(rng, 2));
    int shift = (int)fl_rng_below(rng, 8);
    return (int16_t)(INT16_MIN + (int)(fl_rng_bits(rng) % 65536 >> shift));
}

static block random_block(fl_rng *rng) {
    block b = {.conditions = (size_t)fl_rng_below(rng, MOST_CONDITIONS + 1),
               .lanes = 32 * (1 + (size_t)fl_rng_below(rng, FL_BLOCK_LANES / 32))};
    if (fl_rng_bits(rng) & 1)
        b.conditions %= 9;
    int kind = (int)fl_rng_below(rng, 3);
    for (size_t c = 0; c < b.conditions; c++) {
        b.rows[c] = row_of(rng, b.lanes, kind);
        b.thresholds[c] = threshold_of(rng, kind);
    }
    return b;
}

static void release(block *b) {
    for (size_t c = 0; c < b->conditions; c++)
        free(b->rows[c]);
}

static bool alive(const block *b, size_t lane) {
    for (size_t c = 0; c < b->conditions; c++)
        if (b->rows[c][lane] < b->thresholds[c])
            return false;
    return true;
}

/* Masks of `scan`, with guards around them. */
static void masks(fl_block_scan *scan, const block *b, uint32_t *mask) {
    uint32_t guarded[FL_BLOCK_LANES / 32 + 2];
    memset(guarded, 0x5A, sizeof guarded);
    scan((const int16_t *const *)b->rows, b->thresholds, b->conditions, b->lanes, guarded + 1);
    assert_int_equal(guarded[0], 0x5A5A5A5A);
    assert_int_equal(guarded[b->lanes / 32 + 1], 0x5A5A5A5A);
    memcpy(mask, guarded + 1, b->lanes / 32 * sizeof *mask);
}

static void scalar_is_the_definition(void **state) {
    (void)state;
    fl_rng rng = test_stream("scalar");
    size_t survivors = 0, lanes = 0;
    for (int trial = 0; trial < 1000; trial++) {
        block b = random_block(&rng);
        uint32_t mask[FL_BLOCK_LANES / 32];
        masks(fl_block_scan_scalar, &b, mask);
        for (size_t l = 0; l < b.lanes; l++) {
            assert_int_equal(mask[l / 32] >> (l % 32) & 1, alive(&b, l));
            survivors += alive(&b, l);
        }
        lanes += b.lanes;
        release(&b);
    }
    assert_true(survivors > lanes / 20 && survivors < lanes - lanes / 20);
}

#ifdef __x86_64__
static void as_scalar(fl_block_scan *scan, const char *name) {
    fl_rng rng = test_stream(name);
    for (int trial = 0; trial < (test_fast() ? 1000 : 5000); trial++) {
        block b = random_block(&rng);
        uint32_t expected[FL_BLOCK_LANES / 32], mask[FL_BLOCK_LANES / 32];
        masks(fl_block_scan_scalar, &b, expected);
        masks(scan, &b, mask);
        assert_memory_equal(mask, expected, b.lanes / 32 * sizeof *mask);
        release(&b);
    }
}

static void avx2(void **state) {
    (void)state;
    if (!__builtin_cpu_supports("avx2")) {
        print_message("this processor has no AVX2: kernel not tested\n");
        skip();
    }
    as_scalar(fl_block_scan_avx2, "avx2");
}

static void avx512(void **state) {
    (void)state;
    if (!__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl")) {
        print_message("this processor has no AVX-512: kernel not tested\n");
        skip();
    }
    as_scalar(fl_block_scan_avx512, "avx512");
}
#endif

static int set_level(const char *name) {
    if (name)
        setenv("FIXLAND_KERNEL", name, 1);
    else
        unsetenv("FIXLAND_KERNEL");
    return (int)fl_kernel_level();
}

static void choice(void **state) {
    (void)state;
    static const char *const names[] = {"scalar", "avx2", "avx512"};
    char *before = getenv("FIXLAND_KERNEL");
    before = before ? strdup(before) : NULL;
    int best = set_level(NULL);
    for (int level = 0; level < 3; level++) {
        int expected = level < best ? level : best;
        assert_int_equal(set_level(names[level]), expected);
        assert_string_equal(fl_kernel_name(), names[expected]);
    }
    assert_int_equal(set_level("scalar"), FL_KERNEL_SCALAR);
    assert_ptr_equal(fl_block_scan_choose(), fl_block_scan_scalar);
    assert_int_equal(set_level("neon"), best); /* unknown: what there is */
#ifdef __x86_64__
    fl_block_scan *const kernels[] = {fl_block_scan_scalar, fl_block_scan_avx2,
                                      fl_block_scan_avx512};
    for (int level = 0; level <= best; level++) {
        set_level(names[level]);
        assert_ptr_equal(fl_block_scan_choose(), kernels[level]);
    }
    assert_true(best >= (__builtin_cpu_supports("avx2") ? 1 : 0));
#endif
    set_level(before);
    free(before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalar_is_the_definition),
#ifdef __x86_64__
        cmocka_unit_test(avx2),
        cmocka_unit_test(avx512),
#endif
        cmocka_unit_test(choice),
    };
    return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
