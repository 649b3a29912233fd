/* Tables and verdicts for blocks of configurations: see blocks.h. */
#include "mc/enumerate/blocks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/exact.h"
#include "src/kernel/block_scan.h"

enum {
    BLOCK_LOW = 9,      /* 2^9 lanes: the rows of 28 neurons fit the cache next to the core */
    ROW_LIMIT = 16000,  /* |T| in units */
    CLAMP = 20000,      /* a threshold beyond the rows: met by nothing, or by everything */
    ALWAYS = INT16_MAX, /* a lane that this condition does not concern */
    NEVER = INT16_MIN   /* a lane that does not exist */
};

static int spin(uint64_t config, size_t i) {
    return config >> i & 1 ? 1 : -1;
}

/* T for all lanes: lane 0 has all low spins -1, each further bit adds 2 J. */
static void fill_low_field(blocks *b) {
    const fl_network *network = b->network;
    for (size_t i = 0; i < b->n; i++) {
        double sum = 0;
        for (size_t j = 0; j < b->low; j++)
            sum -= network->J[i * b->n + j];
        b->low_field[i] = sum;
        for (size_t j = 0; j < b->low; j++)
            for (size_t lane = 0; lane < (size_t)1 << j; lane++)
                b->low_field[(lane + ((size_t)1 << j)) * b->n + i] =
                    b->low_field[lane * b->n + i] + 2 * network->J[i * b->n + j];
    }
}

/* Scale, margin and error bound of neuron i. The margin is one half for rounding T to an integer,
 * the floating-point error in units, and a little for forming the threshold itself. */
static void fill_scale(blocks *b, size_t i, size_t updates) {
    const double *row = b->network->J + i * b->n;
    double low = 0, all = 0, jd = b->jd[b->jd_count - 1], self = b->network->diagonal[i];
    for (size_t j = 0; j < b->n; j++)
        all += fabs(row[j]);
    for (size_t j = 0; j < b->low; j++)
        low += fabs(row[j]);
    double largest = fmax(fabs(jd), fabs(b->jd[0])) + fabs(self);
    double error = fl_sum_error(b->n + 4 + 2 * updates, all + largest);
    b->scale[i] = low > 0 ? fmin(ROW_LIMIT / low, 1e30) : 1;
    b->offset[i] = b->scale[i] * (self + jd) + 0.5 + 0.001 + b->scale[i] * error;
    b->error = fmax(b->error, error);
}

static void fill_rows(blocks *b, size_t i) {
    int16_t *plus = b->rows + 2 * i * b->row_lanes, *minus = plus + b->row_lanes;
    for (size_t lane = 0; lane < b->row_lanes; lane++) {
        if (lane >= b->lanes) {
            plus[lane] = minus[lane] = NEVER;
            continue;
        }
        int16_t value = (int16_t)lrint(b->scale[i] * b->low_field[lane * b->n + i]);
        bool up = i >= b->low || spin(lane, i) > 0, down = i >= b->low || spin(lane, i) < 0;
        plus[lane] = up ? value : (int16_t)ALWAYS;
        minus[lane] = down ? (int16_t)-value : (int16_t)ALWAYS;
    }
}

static fl_status allocate_blocks(blocks *b) {
    size_t n = b->n;
    b->rows = aligned_alloc(64, 2 * n * b->row_lanes * sizeof *b->rows);
    b->low_field = malloc(b->lanes * n * sizeof *b->low_field);
    b->column = malloc(n * n * sizeof *b->column);
    b->scale = malloc(n * sizeof *b->scale);
    b->offset = malloc(n * sizeof *b->offset);
    if (b->rows && b->low_field && b->column && b->scale && b->offset)
        return FL_OK;
    blocks_clear(b);
    return fl_fail(FL_ENOMEM, "out of memory for the tables of %zu neurons", n);
}

fl_status blocks_make(blocks *b, const fl_network *network, const double *jd, size_t jd_count,
                      size_t updates) {
    size_t n = network->n, low = n - 1 < BLOCK_LOW ? n - 1 : BLOCK_LOW, lanes = (size_t)1 << low;
    *b = (blocks){.network = network, .jd = jd, .jd_count = jd_count, .n = n, .low = low};
    b->lanes = lanes;
    b->row_lanes = lanes < 32 ? 32 : lanes;
    FL_CHECK(allocate_blocks(b));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            b->column[j * n + i] = network->J[i * n + j];
    fill_low_field(b);
    for (size_t i = 0; i < n; i++) {
        fill_scale(b, i, updates);
        fill_rows(b, i);
    }
    return FL_OK;
}

void blocks_clear(blocks *b) {
    free(b->rows);
    free(b->low_field);
    free(b->column);
    free(b->scale);
    free(b->offset);
    memset(b, 0, sizeof *b);
}

void blocks_base(const blocks *b, uint64_t config, double *base) {
    memset(base, 0, b->n * sizeof *base);
    for (size_t j = b->low; j < b->n; j++) {
        const double *column = b->column + j * b->n;
        double s = spin(config, j);
        for (size_t i = 0; i < b->n; i++)
            base[i] += s * column[i];
    }
}

void blocks_flip(const blocks *b, uint64_t config, size_t j, double *base) {
    const double *column = b->column + j * b->n;
    double change = 2 * spin(config, j);
    for (size_t i = 0; i < b->n; i++)
        base[i] += change * column[i];
}

static double clamp_blocks(double x) {
    x = x < CLAMP ? x : CLAMP;
    return x > -CLAMP ? x : -CLAMP;
}

/* Thresholds for both signs of every spin, rounded towards zero and lowered by one: at most the
 * number asked for, at least that minus two. Lower ones only let more through. */
static void all_thresholds(const blocks *b, const double *base, int32_t *plus, int32_t *minus) {
    for (size_t i = 0; i < b->n; i++) {
        double x = b->scale[i] * base[i];
        plus[i] = (int32_t)clamp_blocks(-x - b->offset[i]) - 1;
        minus[i] = (int32_t)clamp_blocks(x - b->offset[i]) - 1;
    }
}

size_t blocks_conditions(const blocks *b, uint64_t config, const double *base, const int16_t **rows,
                         int16_t *thresholds) {
    int32_t both[2][BLOCKS_MAX];
    size_t count = 0, stride = b->row_lanes;
    all_thresholds(b, base, both[0], both[1]);
    for (size_t i = b->low; i < b->n; i++, count++) {
        size_t down = ~config >> i & 1;
        rows[count] = b->rows + (2 * i + down) * stride;
        thresholds[count] = (int16_t)both[down][i];
    }
    for (size_t i = 0; i < b->low; i++)
        for (size_t down = 0; down < 2; down++, count++) {
            rows[count] = b->rows + (2 * i + down) * stride;
            thresholds[count] = (int16_t)both[down][i];
        }
    return count;
}

/* The smallest alignment s_i (base_i + T_i) + diagonal_i over the neurons, in double. */
static double least_alignment(const blocks *b, uint64_t config, const double *base) {
    const double *low = b->low_field + (config & (b->lanes - 1)) * b->n;
    double least = INFINITY;
    for (size_t i = 0; i < b->n; i++) {
        double field = base[i] + low[i];
        double local = (spin(config, i) > 0 ? field : -field) + b->network->diagonal[i];
        least = local < least ? local : least;
    }
    return least;
}

size_t blocks_level(const blocks *b, uint64_t config, const double *base) {
    double least = least_alignment(b, config, base);
    size_t level = b->jd_count;
    while (level > 0) {
        double jd = b->jd[level - 1], sum = least + jd;
        if (sum < -b->error)
            break;
        if (sum <= b->error && !fl_network_is_fixed_point(b->network, &config, jd))
            break;
        level--;
    }
    return level;
}
