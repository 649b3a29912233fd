/* Products in 16 bits: every kernel to the bit, a run alone and among many, against sums in double. */
#include "tests/support/support.h"

#include <math.h>

#include "src/kernel/shorts.h"
#include "src/kernel/shorts_fill.h"

/* The body of AVX-512, sixteen runs in a register, for the registers that there are. */
#define SHORT_WIDTH 16
#define LOW(a) ((a) << 16 >> 16)
#define SHORT_PAIRS(a, b) (LOW(a) * LOW(b) + ((a) >> 16) * ((b) >> 16))
#include "src/kernel/shorts_body.h"

typedef struct shape {
    size_t rows, stride, band;
} shape;

static const shape shapes[] = {
    {16, 16, 64}, {32, 128, 16}, {48, 304, 32}, {16, 144, 16}, {208, 400, 64}};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static void *room(size_t bytes) {
    void *x = aligned_alloc(64, (bytes + 63) / 64 * 64);
    assert_non_null(x);
    memset(x, 0, (bytes + 63) / 64 * 64);
    return x;
}

/* What is still left of SHORT_SUM to a tile of a row, or to a band of a column. */
static int32_t *whole_sums(size_t count) {
    int32_t *left = room(count * sizeof *left);
    for (size_t k = 0; k < count; k++)
        left[k] = SHORT_SUM;
    return left;
}

/* Integers of which a tile of a row, and a band of a column, add up to the most that is allowed, or nearly so. */
static void draw_integers(fl_rng *rng, const fl_short_matrix *a, int16_t *q) {
    int32_t *columns = NULL;
    for (size_t i = 0; i < a->rows; i++) {
        if (i % a->band == 0) {
            free(columns);
            columns = whole_sums(a->stride);
        }
        for (size_t from = 0; from < a->stride; from += SHORT_TILE) {
            int32_t left = SHORT_SUM;
            for (size_t j = 0; j < short_width(a, from); j++) {
                int32_t most = left < columns[from + j] ? left : columns[from + j];
                most = most > 32767 ? 32767 : most;
                int32_t size = i % 2 ? most : (int32_t)(fl_rng_uniform(rng) * (most + 1));
                left -= size;
                columns[from + j] -= size;
                q[short_at(a, i, from) + j] =
                    (int16_t)(i % 4 < 2 || fl_rng_uniform(rng) < 0.5 ? size : -size);
            }
        }
    }
    free(columns);
}

static fl_short_matrix draw_matrix(fl_rng *rng, const shape *s) {
    int16_t *q = room(s->rows * s->stride * sizeof *q);
    float *step = room(s->rows * sizeof *step), *square = room(s->rows * sizeof *square);
    fl_short_matrix a = {q, s->rows, s->stride, s->band, step, square};
    for (size_t i = 0; i < s->rows; i++) {
        step[i] = (float)fl_rng_uniform(rng);
        square[i] = (float)fl_rng_uniform(rng);
    }
    draw_integers(rng, &a, q);
    return a;
}

static void matrix_free(fl_short_matrix *a) {
    free((void *)(uintptr_t)a->q);
    free((void *)(uintptr_t)a->step);
    free((void *)(uintptr_t)a->square);
}

typedef struct vectors {
    float *from; /* stride x SHORT_LANES */
    fl_short_vector many, one;
} vectors;

static vectors draw_vectors(fl_rng *rng, size_t stride, bool positive) {
    vectors v = {.from = room(stride * SHORT_LANES * sizeof *v.from),
                 .many = {.x = room(stride * SHORT_LANES * sizeof(int16_t)),
                          .scale = room(short_tiles(stride) * SHORT_LANES * sizeof(float))},
                 .one = {.x = room(stride * sizeof(int16_t)),
                         .scale = room(short_tiles(stride) * sizeof(float))}};
    for (size_t k = 0; k < stride * SHORT_LANES; k++) {
        double x = k % SHORT_LANES == 3 ? 1 : fl_rng_gauss(rng);
        v.from[k] = (float)(positive ? fabs(x) : x) * (k % SHORT_LANES == 5 ? 0 : 1);
    }
    return v;
}

static void vectors_free(vectors *v) {
    free(v->from);
    free(v->many.x);
    free(v->many.scale);
    free(v->one.x);
    free(v->one.scale);
}

static float *lane_of(const float *x, size_t count, size_t lane) {
    float *one = room(count * sizeof *one);
    for (size_t k = 0; k < count; k++)
        one[k] = x[k * SHORT_LANES + lane];
    return one;
}

/* Integers of both kinds of runs are the same, and half a unit from what they stand for. */
static void assert_filled(const vectors *v, const float *x, size_t stride, size_t lane) {
    for (size_t j = 0; j < stride; j++) {
        float scale = v->one.scale[j / SHORT_TILE];
        assert_int_equal(v->one.x[j], v->many.x[(j / 2 * SHORT_LANES + lane) * 2 + j % 2]);
        assert_true(scale == v->many.scale[j / SHORT_TILE * SHORT_LANES + lane]);
        assert_true(abs(v->one.x[j]) <= SHORT_MOST);
        /* inverse, product and scale are rounded: each 4095 x 2^-24 of a unit */
        assert_true(fabs(v->one.x[j] * (double)scale - x[j]) <= (0.5 + 0x3p-12) * scale);
    }
}

static double entry(const fl_short_matrix *a, size_t i, size_t j) {
    return a->q[short_at(a, i, j / SHORT_TILE * SHORT_TILE) + j % SHORT_TILE];
}

static double squared(double q) {
    return floor(q * q / 32768 + 0.5);
}

/* Sums of products with one vector, and of squares with another, and of the sizes of what was added. */
typedef struct sums {
    double sum, size, square, square_size;
} sums;

static void add_products(sums *s, double q, double x, double y) {
    s->sum += q * x;
    s->size += fabs(q * x);
    s->square += squared(q) * y;
    s->square_size += squared(q) * fabs(y);
}

static void assert_near(const sums *s, double unit, double square_unit, double sum, double square) {
    assert_true(fabs(sum - s->sum * unit) <= 1e-6 * s->size * unit);
    assert_true(fabs(square - s->square * square_unit) <= 1e-6 * s->square_size * square_unit);
}

/* Row by row in double, from the integers. */
static void assert_gathered(const fl_short_matrix *a, const vectors *x, const vectors *y,
                            const float *out, const float *squares) {
    for (size_t i = 0; i < a->rows; i++) {
        sums s = {0};
        for (size_t j = 0; j < a->stride; j++) {
            size_t tile = j / SHORT_TILE;
            add_products(&s, entry(a, i, j), (double)x->one.x[j] * x->one.scale[tile],
                         (double)y->one.x[j] * y->one.scale[tile]);
        }
        assert_near(&s, a->step[i], a->square[i], out[i], squares[i]);
    }
}

/* Column by column over one band. */
static void assert_scattered(const fl_short_matrix *a, size_t first, const vectors *x,
                             const vectors *y, const float *B, const float *D) {
    for (size_t j = 0; j < a->stride; j++) {
        sums s = {0};
        for (size_t r = 0; r < short_height(a, first); r++)
            add_products(&s, entry(a, first + r, j), (double)x->one.x[r] * x->one.scale[0],
                         (double)y->one.x[r] * y->one.scale[0]);
        assert_near(&s, 1, 1, B[j], D[j]);
    }
}

static void assert_lane_same(const float *one, const float *many, size_t count, size_t lane) {
    for (size_t k = 0; k < count; k++)
        assert_true(one[k] == many[k * SHORT_LANES + lane]);
}

static void fill_lane(const fl_short_kernel *kernel, vectors *v, size_t count, size_t lane) {
    float *x = lane_of(v->from, count, lane);
    kernel->fill(x, count, &v->one);
    assert_filled(v, x, count, lane);
    free(x);
}

/* Results of all rows (or of a band: of all columns), from the kernels in turn; the last is compared with sums in double. */
typedef struct results {
    size_t count, cells;
    float *first, *second, *again;
} results;

static results results_of(size_t count) {
    size_t bytes = count * SHORT_LANES * sizeof(float);
    return (results){count, count * SHORT_LANES, room(bytes), room(bytes), room(bytes)};
}

static void results_free(results *r) {
    free(r->first);
    free(r->second);
    free(r->again);
}

static void clear_results(results *r) {
    memset(r->first, 0, r->cells * sizeof(float));
    memset(r->second, 0, r->cells * sizeof(float));
    memset(r->again, 0, r->cells * sizeof(float));
}

/* With squares and without, of all bands; of columns: of the band from `first` on. */
static void gather_all(fl_short_gather *gather, const fl_short_matrix *a, const fl_short_vector *x,
                       const fl_short_vector *y, results *r) {
    clear_results(r);
    for (size_t i = 0; i < a->rows; i += a->band) {
        gather(a, i, x, r->first, y, r->second);
        gather(a, i, x, r->again, NULL, NULL);
    }
    assert_memory_equal(r->first, r->again, r->cells * sizeof(float));
}

static void scatter_one(fl_short_scatter *scatter, const fl_short_matrix *a, size_t first,
                        const fl_short_vector *x, const fl_short_vector *y, results *r) {
    clear_results(r);
    scatter(a, first, x, r->first, y, r->second);
    scatter(a, first, x, r->again, NULL, NULL);
    assert_memory_equal(r->first, r->again, r->cells * sizeof(float));
}

static const fl_short_kernel wide = {
    .fill = short_fill,
    .fill_many = short_fill_many,
    .gather_many = short_gather_many,
    .scatter_many = short_scatter_many,
};

/* Many runs by every kernel, then each of them alone. `scattered` from a band, or gathered. */
static void assert_products(const fl_short_matrix *a, bool scattered, size_t first, vectors *x,
                            vectors *y) {
    const fl_short_kernel *const kernels[] = {&fl_short_scalar, fl_short_choose(), &wide};
    size_t entries = scattered ? short_height(a, first) : a->stride;
    size_t count = scattered ? a->stride : a->rows;
    results all = results_of(count), r = results_of(count);
    for (size_t k = 0; k < 3; k++) {
        results *to = k ? &r : &all;
        kernels[k]->fill_many(x->from, entries, &x->many);
        kernels[k]->fill_many(y->from, entries, &y->many);
        if (scattered)
            scatter_one(kernels[k]->scatter_many, a, first, &x->many, &y->many, to);
        else
            gather_all(kernels[k]->gather_many, a, &x->many, &y->many, to);
        assert_memory_equal(to->first, all.first, all.cells * sizeof(float));
        assert_memory_equal(to->second, all.second, all.cells * sizeof(float));
    }
    r.cells = count;
    for (size_t lane = 0; lane < SHORT_LANES; lane++) {
        for (size_t k = 0; k < 2; k++) {
            fill_lane(kernels[k], x, entries, lane);
            fill_lane(kernels[k], y, entries, lane);
            if (scattered)
                scatter_one(kernels[k]->scatter, a, first, &x->one, &y->one, &r);
            else
                gather_all(kernels[k]->gather, a, &x->one, &y->one, &r);
            assert_lane_same(r.first, all.first, count, lane);
            assert_lane_same(r.second, all.second, count, lane);
        }
        if (scattered)
            assert_scattered(a, first, x, y, r.first, r.second);
        else
            assert_gathered(a, x, y, r.first, r.second);
    }
    results_free(&all);
    results_free(&r);
}

static void assert_shape(fl_rng *rng, const shape *s) {
    fl_short_matrix a = draw_matrix(rng, s);
    vectors x = draw_vectors(rng, s->stride, false), y = draw_vectors(rng, s->stride, true);
    assert_products(&a, false, 0, &x, &y);
    vectors_free(&x);
    vectors_free(&y);
    for (size_t first = 0; first < s->rows; first += s->band) {
        size_t height = short_height(&a, first);
        x = draw_vectors(rng, height, false);
        y = draw_vectors(rng, height, false);
        assert_products(&a, true, first, &x, &y);
        vectors_free(&x);
        vectors_free(&y);
    }
    matrix_free(&a);
}

static void products(void **state) {
    (void)state;
    fl_rng rng = test_stream("shapes");
    for (size_t k = 0; k < SHAPES; k++)
        assert_shape(&rng, &shapes[k]);
}

static void squares_to_the_nearest(void **state) {
    (void)state;
    for (int q = -32767; q <= 32767; q++)
        assert_int_equal(short_square((int16_t)q), (int)floor((double)q * q / 32768 + 0.5));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(products),
                                       cmocka_unit_test(squares_to_the_nearest)};
    return cmocka_run_group_tests_name("shorts", tests, NULL, NULL);
}
