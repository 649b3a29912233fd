/* Approximate message passing: see amp.h. */
#include "mc/message/amp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/gaussian.h"
#include "fixland/spins.h"

static const float least_variance = 3e-3f;
static const double start_size = 0.02;
/* Bytes of J in floats that stay in the cache between the two uses of a block of rows; two blocks are at work. */
static const size_t block_bytes = (size_t)64 << 10;

static size_t block_of(const couplings *c) {
    size_t rows = block_bytes / (c->a.stride * sizeof *c->J) / 4 * 4;
    return rows < 8 ? 8 : rows > 64 ? 64 : rows;
}

/* Every array: `rows` and `columns` entries. */
static float **arrays_of(amp *a, size_t k, bool *of_rows) {
    float **const columns[] = {&a->m, &a->v, &a->H,     &a->h,    &a->e,
                               &a->B, &a->D, &a->shape, &a->sign, &a->before};
    float **const rows[] = {&a->g, &a->gp,  &a->u,   &a->c_,        &a->omega,
                            &a->V, &a->var, &a->dot, &a->threshold, &a->scaled};
    enum { COLUMNS = sizeof columns / sizeof *columns, ROWS = sizeof rows / sizeof *rows };
    *of_rows = k >= COLUMNS;
    if (k < COLUMNS)
        return columns[k];
    return k < COLUMNS + ROWS ? rows[k - COLUMNS] : NULL;
}

/* Room for what is multiplied, of columns, of rows of a band. */
static bool short_room(size_t count, size_t lanes, fl_short_vector *x) {
    x->x = aligned_zeros(count * lanes * sizeof *x->x);
    x->scale = aligned_floats(short_tiles(count) * lanes);
    return x->x && x->scale;
}

static bool short_rooms(amp *a) {
    size_t columns = a->c->a.stride;
    return short_room(columns, a->lanes, &a->x) && short_room(columns, a->lanes, &a->y) &&
           short_room(SHORT_BAND, a->lanes, &a->down) &&
           short_room(SHORT_BAND, a->lanes, &a->under);
}

fl_status amp_open(amp *a, const couplings *c, size_t lanes) {
    *a = (amp){.c = c,
               .kernel = fl_amp_choose(),
               .shorts = fl_short_choose(),
               .lanes = lanes,
               .block = block_of(c),
               .refresh = 1};
    size_t columns = c->a.stride * lanes, rows = c->row_stride * lanes;
    if (!short_rooms(a)) {
        amp_close(a);
        return fl_fail(FL_ENOMEM, "out of memory for messages between %zu neurons", c->a.columns);
    }
    float **array;
    bool of_rows;
    for (size_t k = 0; (array = arrays_of(a, k, &of_rows)); k++) {
        size_t count = of_rows ? rows : columns;
        if (!c->own && array == &a->u && count < columns)
            count = columns; /* zero for ever */
        if (!(*array = aligned_floats(count))) {
            amp_close(a);
            return fl_fail(FL_ENOMEM, "out of memory for messages between %zu neurons",
                           c->a.columns);
        }
    }
    for (size_t k = 0; k < c->rows * lanes; k++)
        a->threshold[k] = c->threshold[k / lanes];
    return FL_OK;
}

void amp_close(amp *a) {
    float **array;
    bool of_rows;
    for (size_t k = 0; (array = arrays_of(a, k, &of_rows)); k++)
        free(*array);
    fl_short_vector *const shorts[] = {&a->x, &a->y, &a->down, &a->under};
    for (size_t s = 0; s < sizeof shorts / sizeof *shorts; s++) {
        free(shorts[s]->x);
        free(shorts[s]->scale);
    }
    memset(a, 0, sizeof *a);
}

/* Column j of a run: magnetisation m without memory. */
static void set_column(amp *a, size_t at, double m) {
    a->m[at] = (float)m;
    a->v[at] = (float)(1 - m * m);
    a->H[at] = a->h[at] = (float)atanh(m);
    a->e[at] = 0;
}

void amp_tune(amp *a, size_t lane, const double *diagonal, double jd) {
    for (size_t i = 0; i < a->c->rows; i++)
        a->threshold[i * a->lanes + lane] = (float)(diagonal[i] + jd);
}

bool amp_ready(const amp *a) {
    return a->steps % a->refresh == 0;
}

static void forget_rows(amp *a, size_t lane) {
    for (size_t i = 0; i < a->c->rows; i++) {
        size_t at = i * a->lanes + lane;
        a->g[at] = a->gp[at] = a->u[at] = a->c_[at] = 0;
    }
    a->q[lane] = 0;
    a->steps = 0;
}

void amp_start_random(amp *a, size_t lane, fl_rng *rng) {
    for (size_t j = 0; j < a->c->a.columns; j++)
        set_column(a, j * a->lanes + lane, start_size * (2 * fl_rng_uniform(rng) - 1));
    forget_rows(a, lane);
}

void amp_start_at(amp *a, const uint64_t *spins, double size) {
    for (size_t lane = 0; lane < a->lanes; lane++) {
        for (size_t j = 0; j < a->c->a.columns; j++)
            set_column(a, j * a->lanes + lane, size * fl_spins_get(spins, j));
        forget_rows(a, lane);
    }
}

/* The loops over runs are written once and compiled for one run and for AMP_LANES. */
#define FOR_LANES(function, lanes, ...)                                                            \
    do {                                                                                           \
        if ((lanes) == 1)                                                                          \
            function(1, __VA_ARGS__);                                                              \
        else                                                                                       \
            function(AMP_LANES, __VA_ARGS__);                                                      \
    } while (0)

#define LANES_KNOWN static inline __attribute__((always_inline)) void

/* Four at a time, so that no sum waits for the one before. */
LANES_KNOWN means_of(size_t lanes, const float *x, size_t count, double *mean) {
    double sum[AMP_LANES] = {0};
    size_t k = 0;
    for (; k + 4 <= count; k += 4)
        for (size_t l = 0; l < lanes; l++) {
            const float *from = x + k * lanes + l;
            sum[l] += ((double)from[0] + (double)from[lanes]) +
                      ((double)from[2 * lanes] + (double)from[3 * lanes]);
        }
    for (; k < count; k++)
        for (size_t l = 0; l < lanes; l++)
            sum[l] += x[k * lanes + l];
    for (size_t l = 0; l < lanes; l++)
        mean[l] = sum[l] / (double)count;
}

/* Mean over the first `count` of an array, run by run. */
static void means(const amp *a, const float *x, size_t count, double *mean) {
    FOR_LANES(means_of, a->lanes, x, count, mean);
}

LANES_KNOWN shift_by(size_t lanes, float *x, const float *weight, size_t count, const float *by) {
    for (size_t k = 0; k < count; k++)
        for (size_t l = 0; l < lanes; l++)
            x[k * lanes + l] += weight[k] * by[l];
}

/* Adds weight_k (now - then) of the run to each entry. */
static void shift(const amp *a, float *x, const float *weight, size_t count, const double *now,
                  const double *then) {
    float by[AMP_LANES];
    for (size_t l = 0; l < a->lanes; l++)
        by[l] = (float)(now[l] - then[l]);
    FOR_LANES(shift_by, a->lanes, x, weight, count, by);
}

/* Rows that 16 bits leave in doubt count as stable: who needs to know looks at them exactly. */
static void count_unstable(amp *a, const float *sums) {
    for (size_t i = 0; i < a->c->rows; i++)
        for (size_t l = 0; l < a->lanes; l++) {
            float x = sums[i * a->lanes + l];
            if (a->c->own)
                x *= a->sign[i * a->lanes + l];
            a->unstable[l] += x + a->threshold[i * a->lanes + l] < -a->c->slack[i];
        }
}

/* How many rows block `first` has; 0 beyond the last. */
static size_t rows_from(const amp *a, size_t first) {
    size_t left = first < a->c->rows ? a->c->rows - first : 0;
    return left < a->block ? left : a->block;
}

static void factor_rows(amp *a, size_t first, size_t rows) {
    size_t at = first * a->lanes;
    a->kernel->factor(&(fl_amp_factors){.dot = a->dot + at,
                                        .var = a->var + at,
                                        .H = a->c->own ? a->H + at : NULL,
                                        .threshold = a->threshold + at,
                                        .g = a->g + at,
                                        .gp = a->gp + at,
                                        .u = a->u + at,
                                        .c = a->c_ + at,
                                        .omega = a->omega + at,
                                        .V = a->V + at,
                                        .damping = a->damping,
                                        .floor = least_variance,
                                        .own = a->c->own,
                                        .brief = !a->c->J},
                      rows * a->lanes);
}

/* Floats: a block is scattered while the next one is gathered. */
static void step_floats(amp *a, bool fresh) {
    size_t stride = a->c->a.stride, last = 0, scattered = 0;
    memset(a->B, 0, stride * sizeof *a->B);
    if (fresh)
        memset(a->D, 0, stride * sizeof *a->D);
    for (size_t i = 0, rows; (rows = rows_from(a, i)) + scattered > 0; i += a->block) {
        size_t next = rows ? i : 0;
        a->kernel->exchange(&(fl_amp_exchange){.next = a->c->J + next * stride,
                                               .last = a->c->J + last * stride,
                                               .stride = stride,
                                               .gathered = rows,
                                               .scattered = scattered,
                                               .m = a->m,
                                               .v = fresh ? a->v : NULL,
                                               .g = a->g + last,
                                               .gp = a->gp + last,
                                               .dot = a->dot + next,
                                               .var = a->var + next,
                                               .B = a->B,
                                               .D = a->D});
        if (rows)
            factor_rows(a, next, rows);
        last = next;
        scattered = rows;
    }
}

/* ---- 16 bits ---- */

static void fill(const amp *a, const float *x, size_t count, const fl_short_vector *out) {
    (a->lanes == 1 ? a->shorts->fill : a->shorts->fill_many)(x, count, out);
}

static fl_short_gather *gather_of(const amp *a) {
    return a->lanes == 1 ? a->shorts->gather : a->shorts->gather_many;
}

LANES_KNOWN scale_by(size_t lanes, const float *x, const float *unit, size_t count, float *out) {
    for (size_t k = 0; k < count; k++)
        for (size_t l = 0; l < lanes; l++)
            out[k * lanes + l] = x[k * lanes + l] * unit[k];
}

/* What rows of a band give, times their units, in 16 bits. */
static void fill_rows(amp *a, size_t first, size_t rows, const float *x, const float *unit,
                      const fl_short_vector *out) {
    FOR_LANES(scale_by, a->lanes, x + first * a->lanes, unit + first, rows, a->scaled);
    fill(a, a->scaled, rows, out);
}

/* Band by band: one is scattered while it is in the cache. */
static void step_shorts(amp *a, bool fresh) {
    const fl_short_matrix *q = &a->c->shorts.a;
    fl_short_scatter *scatter = a->lanes == 1 ? a->shorts->scatter : a->shorts->scatter_many;
    size_t bytes = q->stride * a->lanes * sizeof *a->B;
    memset(a->B, 0, bytes);
    if (fresh)
        memset(a->D, 0, bytes);
    fill(a, a->m, q->stride, &a->x);
    if (fresh)
        fill(a, a->v, q->stride, &a->y);
    for (size_t first = 0, rows; first < a->c->rows; first += q->band) {
        gather_of(a)(q, first, &a->x, a->dot, fresh ? &a->y : NULL, a->var);
        rows = short_height(q, first);
        factor_rows(a, first, first + rows > a->c->rows ? a->c->rows - first : rows);
        fill_rows(a, first, rows, a->g, q->step, &a->down);
        if (fresh)
            fill_rows(a, first, rows, a->gp, q->square, &a->under);
        scatter(q, first, &a->down, a->B, fresh ? &a->under : NULL, a->D);
    }
}

static void look_at_shorts(amp *a) {
    const fl_short_matrix *q = &a->c->shorts.a;
    fill(a, a->sign, q->stride, &a->x);
    for (size_t first = 0; first < a->c->rows; first += q->band)
        gather_of(a)(q, first, &a->x, a->dot, NULL, NULL);
}

/* Unstable neurons of sign h. */
static void look_at_signs(amp *a) {
    if (a->c->J)
        a->kernel->gather(&a->c->a, a->c->rows, a->sign, NULL, a->dot, NULL);
    else
        look_at_shorts(a);
    count_unstable(a, a->dot);
}

static void take_signs(amp *a) {
    for (size_t k = 0; k < a->c->a.columns * a->lanes; k++)
        a->sign[k] = a->h[k] >= 0 ? 1 : -1;
    memset(a->unstable, 0, sizeof a->unstable);
}

static inline double square_of(float m) {
    return (double)m * (double)m;
}

static inline double moved_by(float now, float before) {
    return fabs((double)now - (double)before);
}

LANES_KNOWN compare_with(size_t lanes, const float *now, const float *before, size_t n,
                         double *change, double *q) {
    double moved[AMP_LANES] = {0}, square[AMP_LANES] = {0};
    size_t k = 0;
    for (; k + 4 <= n; k += 4)
        for (size_t l = 0; l < lanes; l++) {
            const float *m = now + k * lanes + l, *b = before + k * lanes + l;
            size_t two = 2 * lanes, three = 3 * lanes;
            moved[l] += (moved_by(m[0], b[0]) + moved_by(m[lanes], b[lanes])) +
                        (moved_by(m[two], b[two]) + moved_by(m[three], b[three]));
            square[l] +=
                (square_of(m[0]) + square_of(m[lanes])) + (square_of(m[two]) + square_of(m[three]));
        }
    for (; k < n; k++)
        for (size_t l = 0; l < lanes; l++) {
            moved[l] += moved_by(now[k * lanes + l], before[k * lanes + l]);
            square[l] += square_of(now[k * lanes + l]);
        }
    for (size_t l = 0; l < lanes; l++) {
        change[l] = moved[l] / (double)n;
        q[l] = square[l] / (double)n;
    }
}

static void compare_amp(amp *a) {
    FOR_LANES(compare_with, a->lanes, a->m, a->before, a->c->a.columns, a->change, a->q);
}

void amp_step(amp *a, bool look) {
    const couplings *c = a->c;
    size_t columns = c->a.stride * a->lanes;
    bool fresh = a->steps % a->refresh == 0;
    double now[AMP_LANES];
    if (look) {
        take_signs(a);
        look_at_signs(a);
    }
    means(a, a->v, c->a.columns, now);
    if (!fresh)
        shift(a, a->var, c->row_sum, c->rows, now, a->mean_v);
    memcpy(a->mean_v, now, sizeof now);
    (c->J ? step_floats : step_shorts)(a, fresh);
    means(a, a->gp, c->rows, now);
    if (!fresh)
        shift(a, a->D, c->column_sum, c->a.columns, now, a->mean_gp);
    memcpy(a->mean_gp, now, sizeof now);
    memcpy(a->before, a->m, columns * sizeof *a->m);
    a->kernel->column(&(fl_amp_columns){.B = a->B,
                                        .D = a->D,
                                        .e = a->e,
                                        .u = a->u,
                                        .m = a->m,
                                        .v = a->v,
                                        .H = a->H,
                                        .h = a->h,
                                        .damping = a->damping,
                                        .brief = !c->J},
                      c->a.columns * a->lanes);
    compare_amp(a);
    a->steps++;
}

/* Signs of run `lane` of an array over the columns. */
static void signs_of(const amp *a, const float *x, size_t lane, uint64_t *spins) {
    memset(spins, 0, fl_spins_words(a->c->a.columns) * sizeof *spins);
    for (size_t j = 0; j < a->c->a.columns; j++)
        if (x[j * a->lanes + lane] >= 0)
            fl_spins_flip(spins, j);
}

void amp_signs(const amp *a, size_t lane, uint64_t *spins) {
    signs_of(a, a->h, lane, spins);
}

void amp_seen(const amp *a, size_t lane, uint64_t *spins) {
    signs_of(a, a->sign, lane, spins);
}

/* A number of each run, as often as it goes into AMP_LANES. */
static void spread_over(const amp *a, const double *number, float *spread) {
    for (size_t l = 0; l < AMP_LANES; l++)
        spread[l] = (float)number[l % a->lanes];
}

void amp_reinforce(amp *a, const double *rho) {
    float by[AMP_LANES];
    spread_over(a, rho, by);
    for (size_t k = 0; k < a->c->a.stride * a->lanes; k += AMP_LANES)
        for (size_t l = 0; l < AMP_LANES; l++)
            a->e[k + l] = by[l] * a->h[k + l];
}

void amp_focus(amp *a, const double *g, double y) {
    float strength[AMP_LANES];
    spread_over(a, g, strength);
    a->kernel->focus(a->h, a->e, a->c->a.columns * a->lanes, strength, (float)y);
}

/* ln(2 cosh x). */
static double log_two_cosh(double x) {
    return fabs(x) + log1p(exp(-2 * fabs(x)));
}

/* ln of sum_s (1 + s m)/2 Phi((threshold + s omega)/sqrt V), m = tanh H; the + term alone without
 * an own variable. */
static double log_factor(const amp *a, size_t i) {
    double scale = 1 / sqrt((double)a->V[i]);
    double plus = fl_log_normal_cdf((a->threshold[i] + (double)a->omega[i]) * scale);
    if (!a->c->own)
        return plus;
    double minus = fl_log_normal_cdf((a->threshold[i] - (double)a->omega[i]) * scale);
    double H = a->H[i], x = H + plus, y = -H + minus, top = fmax(x, y);
    return top + log1p(exp(fmin(x, y) - top)) - log_two_cosh(H);
}

double amp_free_energy(amp *a) {
    const couplings *c = a->c;
    size_t n = c->a.columns;
    float *square = a->dot, *weighted = a->shape; /* free between steps */
    for (size_t i = 0; i < c->rows; i++)
        square[i] = a->g[i] * a->g[i];
    memset(weighted, 0, c->a.stride * sizeof *weighted);
    memset(a->before, 0, c->a.stride * sizeof *a->before);
    a->kernel->scatter(&c->a, c->rows, a->g, square, a->before, weighted);
    double sum = 0;
    for (size_t i = 0; i < c->rows; i++)
        sum += log_factor(a, i);
    for (size_t j = 0; j < n; j++) {
        double m = a->m[j], B = a->B[j] - m * a->D[j], H = B + a->e[j];
        sum += log_two_cosh(H) - B * m + 0.5 * (1 - m * m) * weighted[j];
    }
    return sum / (double)n;
}

bool amp_frozen(const amp *a) {
    for (size_t k = 0; k < a->c->rows * a->lanes; k++)
        if (a->V[k] > least_variance)
            return false;
    return true;
}
