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
    size_t rows, stride;
} shape;

static const shape shapes[] = {{16, 16}, {32, 128}, {48, 304}, {16, 144}, {208, 400}};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static void *room(size_t bytes) {
    void *x = aligned_alloc(64, (bytes + 63) / 64 * 64);
    assert_non_null(x);
    memset(x, 0, (bytes + 63) / 64 * 64);
    return x;
}

/* Integers of which a tile of a row adds up to the most that is allowed, or nearly so. */
static int16_t *integers(fl_rng *rng, const shape *s) {
    int16_t *q = room(s->rows * s->stride * sizeof *q);
    for (size_t i = 0; i < s->rows; i++)
        for (size_t from = 0; from < s->stride; from += SHORT_TILE) {
            size_t width = s->stride - from < SHORT_TILE ? s->stride - from : SHORT_TILE;
            int32_t left = SHORT_SUM;
            for (size_t j = 0; j < width; j++) {
                int32_t most = left < 32767 ? left : i % 2 ? 4096 : 32767;
                int32_t size = i % 2 ? most : (int32_t)(fl_rng_uniform(rng) * (most + 1));
                left -= size;
                q[short_at(s->stride, i, from) + j] =
                    (int16_t)(i % 4 < 2 || fl_rng_uniform(rng) < 0.5 ? size : -size);
            }
        }
    return q;
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
        assert_true(fabs(v->one.x[j] * (double)scale - x[j]) <= 0.5001 * scale);
    }
}

/* Row by row in double, from the integers. */
static void assert_sums(const fl_short_matrix *a, const vectors *x, const vectors *y,
                        const float *out, const float *squares) {
    for (size_t i = 0; i < a->rows; i++) {
        double sum = 0, size = 0, square = 0;
        for (size_t j = 0; j < a->stride; j++) {
            size_t tile = j / SHORT_TILE;
            int16_t q = a->q[short_at(a->stride, i, tile * SHORT_TILE) + j % SHORT_TILE];
            double term = (double)q * x->one.x[j] * x->one.scale[tile];
            sum += term;
            size += fabs(term);
            square += floor((double)q * q / 32768 + 0.5) * y->one.x[j] * y->one.scale[tile];
        }
        assert_true(fabs(out[i] - sum * a->step[i]) <= 1e-6 * size * a->step[i]);
        assert_true(fabs(squares[i] - square * a->square[i]) <= 1e-6 * square * a->square[i]);
    }
}

/* One run by all kernels; `many` and `many_squares` are what it is among others. */
static void assert_lane(const fl_short_matrix *a, vectors *x, vectors *y, size_t lane,
                        const float *many, const float *many_squares) {
    const fl_short_kernel *const kernels[] = {&fl_short_scalar, fl_short_choose()};
    float *lane_x = lane_of(x->from, a->stride, lane), *lane_y = lane_of(y->from, a->stride, lane);
    float *out = room(a->rows * sizeof *out), *squares = room(a->rows * sizeof *squares),
          *alone = room(a->rows * sizeof *alone);
    for (size_t k = 0; k < 2; k++) {
        kernels[k]->fill(lane_x, a->stride, &x->one);
        kernels[k]->fill(lane_y, a->stride, &y->one);
        assert_filled(x, lane_x, a->stride, lane);
        kernels[k]->product(a, &x->one, out, &y->one, squares);
        kernels[k]->product(a, &x->one, alone, NULL, NULL);
        assert_memory_equal(out, alone, a->rows * sizeof *out);
        for (size_t i = 0; i < a->rows; i++) {
            assert_true(out[i] == many[i * SHORT_LANES + lane]);
            assert_true(squares[i] == many_squares[i * SHORT_LANES + lane]);
        }
    }
    assert_sums(a, x, y, out, squares);
    float *all[] = {lane_x, lane_y, out, squares, alone};
    for (size_t k = 0; k < 5; k++)
        free(all[k]);
}

static void assert_shape(fl_rng *rng, const shape *s) {
    static const fl_short_kernel wide = {short_fill, short_fill_many, NULL, short_product_many};
    const fl_short_kernel *const kernels[] = {&fl_short_scalar, fl_short_choose(), &wide};
    size_t cells = s->rows * SHORT_LANES;
    int16_t *q = integers(rng, s);
    float *step = room(s->rows * sizeof *step), *square = room(s->rows * sizeof *square);
    float *out[3], *squares[3], *alone = room(cells * sizeof *alone);
    for (size_t i = 0; i < s->rows; i++) {
        step[i] = (float)fl_rng_uniform(rng);
        square[i] = (float)fl_rng_uniform(rng);
    }
    const fl_short_matrix a = {q, s->rows, s->stride, step, square};
    vectors x = draw_vectors(rng, s->stride, false), y = draw_vectors(rng, s->stride, true);
    for (size_t k = 0; k < 3; k++) {
        out[k] = room(cells * sizeof *out[k]);
        squares[k] = room(cells * sizeof *squares[k]);
        kernels[k]->fill_many(x.from, s->stride, &x.many);
        kernels[k]->fill_many(y.from, s->stride, &y.many);
        kernels[k]->product_many(&a, &x.many, out[k], &y.many, squares[k]);
        assert_memory_equal(out[k], out[0], cells * sizeof(float));
        assert_memory_equal(squares[k], squares[0], cells * sizeof(float));
        kernels[k]->product_many(&a, &x.many, alone, NULL, NULL);
        assert_memory_equal(out[k], alone, cells * sizeof(float));
    }
    for (size_t lane = 0; lane < SHORT_LANES; lane++)
        assert_lane(&a, &x, &y, lane, out[0], squares[0]);
    free(alone);
    for (size_t k = 0; k < 3; k++) {
        free(out[k]);
        free(squares[k]);
    }
    vectors_free(&x);
    vectors_free(&y);
    free(q);
    free(step);
    free(square);
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
