/* Asynchronous dynamics as one would write them first: see plain.h. */
#include "tests/bench/plain.h"

#include <math.h>

static uint64_t next(plain_rng *r) {
    uint64_t *s = r->s, result = s[0] + s[3], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = s[3] << 45 | s[3] >> 19;
    return result;
}

plain_rng plain_seed(uint64_t seed) {
    plain_rng r = {.s = {seed, 456, 789, 101112}};
    for (int k = 0; k < 20; k++)
        (void)next(&r);
    return r;
}

double plain_uniform(plain_rng *r) {
    return (double)(next(r) >> 11) * 0x1p-53;
}

static double gauss(plain_rng *r) {
    double x, y, square;
    if (r->have) {
        r->have = 0;
        return r->spare;
    }
    do {
        x = 2 * plain_uniform(r) - 1;
        y = 2 * plain_uniform(r) - 1;
        square = x * x + y * y;
    } while (square >= 1 || square == 0);
    double factor = sqrt(-2 * log(square) / square);
    r->spare = y * factor;
    r->have = 1;
    return x * factor;
}

void plain_draw(plain_rng *r, size_t n, float *J) {
    double deviation = 1 / sqrt((double)n);
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0; i < n; i++)
            J[j * n + i] = i == j ? 0 : (float)(deviation * gauss(r));
}

static void plain_start(plain_rng *r, size_t n, const float *J, plain_room room) {
    for (size_t i = 0; i < n; i++) {
        room.spin[i] = next(r) >> 63 ? 1 : -1;
        room.field[i] = 0;
        room.order[i] = (int)i;
    }
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0; i < n; i++)
            room.field[i] += room.spin[j] * J[j * n + i];
}

plain_outcome plain_async(plain_rng *r, size_t n, const float *J, float jd, int sweeps,
                          plain_room room) {
    float *field = room.field, *spin = room.spin;
    plain_outcome o = {0};
    plain_start(r, n, J, room);
    for (int t = 0; t < sweeps && !o.fixed; t++) {
        uint64_t before = o.flips;
        for (size_t k = n - 1; k > 0; k--) {
            size_t l = (next(r) >> 32) * (k + 1) >> 32;
            int swap = room.order[k];
            room.order[k] = room.order[l];
            room.order[l] = swap;
        }
        for (size_t k = 0; k < n; k++) {
            size_t i = (size_t)room.order[k];
            if (spin[i] * field[i] + jd >= 0)
                continue;
            spin[i] = -spin[i];
            float change = 2 * spin[i];
            const float *column = J + i * n;
            for (size_t m = 0; m < n; m++)
                field[m] += change * column[m];
            o.flips++;
        }
        o.fixed = o.flips == before;
    }
    return o;
}
