/* Pair histograms by the Walsh-Hadamard transform: see fl_pairs_walsh in overlap.h.
 *
 * f(s) counts how often s is in the set, F(u) = sum over s of (-1)^(u.s) f(s). The number of
 * ordered pairs at distance d is the autocorrelation of f summed over all shifts of weight d, A_d =
 * 2^-n sum over k of K_d(k) B_k,   B_k = sum over |u| = k of F(u)^2, with the Krawtchouk
 * polynomials K_d(k) = sum_j (-1)^j C(k, j) C(n - k, d - j). */
#include <stdlib.h>

#include "fixland/overlap.h"

/* 2^118 at most: K < 2^28, B <= 2^28 count^2, count < 2^31. */
typedef __int128 wide;

static void butterflies(int32_t *restrict low, int32_t *restrict high, size_t half) {
    for (size_t k = 0; k < half; k++) {
        int32_t a = low[k], b = high[k];
        low[k] = a + b;
        high[k] = a - b;
    }
}

/* A part that fits the cache is finished before the next is begun. */
static void transform(int32_t *f, size_t size) {
    enum { CACHED = 1 << 13 };
    if (size > CACHED) {
        butterflies(f, f + size / 2, size / 2);
        transform(f, size / 2);
        transform(f + size / 2, size / 2);
        return;
    }
    for (size_t half = size / 2; half; half /= 2)
        for (size_t first = 0; first < size; first += 2 * half)
            butterflies(f + first, f + first + half, half);
}

static int64_t binomial(size_t n, size_t k) {
    int64_t value = 1;
    if (k > n)
        return 0;
    for (size_t j = 1; j <= k; j++)
        value = value * (int64_t)(n - k + j) / (int64_t)j;
    return value;
}

static int64_t krawtchouk(size_t n, size_t d, size_t k) {
    int64_t sum = 0;
    for (size_t j = 0; j <= d && j <= k; j++)
        sum += (j % 2 ? -1 : 1) * binomial(k, j) * binomial(n - k, d - j);
    return sum;
}

static void fold(const wide *power, size_t n, uint64_t *pairs) {
    for (size_t d = 0; d <= n; d++) {
        wide sum = 0;
        for (size_t k = 0; k <= n; k++)
            sum += krawtchouk(n, d, k) * power[k];
        pairs[d] = (uint64_t)(sum >> n);
    }
}

fl_status fl_pairs_walsh(const uint64_t *spins, size_t count, size_t n, uint64_t *pairs) {
    wide power[FL_WALSH_NEURONS + 1] = {0};
    if (n < 1 || n > FL_WALSH_NEURONS || count >= (size_t)1 << 31)
        return fl_fail(FL_EINVAL,
                       "%zu configurations of %zu neurons; the transform takes fewer than 2^31 of "
                       "1 to %d",
                       count, n, FL_WALSH_NEURONS);
    size_t size = (size_t)1 << n;
    int32_t *f = calloc(size, sizeof *f);
    if (!f)
        return fl_fail(FL_ENOMEM, "out of memory for 2^%zu numbers", n);
    for (size_t k = 0; k < count; k++)
        f[spins[k]]++;
    transform(f, size);
    for (size_t u = 0; u < size; u++)
        power[__builtin_popcountll(u)] += (int64_t)f[u] * f[u];
    free(f);
    fold(power, n, pairs);
    return FL_OK;
}
