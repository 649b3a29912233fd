/* The body of the vector kernels of philox.h: LANES blocks at a time, one a lane. The file that
 * includes it defines `lanes` (LANES integers of 64 bits) and times(a, b), the products of the
 * lower 32 bits. */
#include <string.h>

/* High and low half of the product with a constant, in schoolbook fashion. No sum overflows: a
 * product of 32 bits by 32 leaves room for two numbers of 32 bits. */
static inline lanes philox_product(lanes a, uint64_t constant, lanes *low) {
    const uint64_t half = UINT64_C(0xFFFFFFFF);
    lanes m0 = (lanes){0} + (constant & half), m1 = (lanes){0} + (constant >> 32);
    lanes up = a >> 32, corner = times(a, m0);
    lanes middle = times(up, m0) + (corner >> 32);
    lanes other = times(a, m1) + (middle & half);
    *low = other << 32 | (corner & half);
    return times(up, m1) + (middle >> 32) + (other >> 32);
}

static inline void philox_round(uint64_t k0, uint64_t k1, lanes *c) {
    lanes low0, low1;
    lanes high0 = philox_product(c[0], UINT64_C(0xD2E7470EE14C6C93), &low0);
    lanes high1 = philox_product(c[2], UINT64_C(0xCA5A826395121157), &low1);
    c[0] = high1 ^ c[1] ^ k0;
    c[1] = low1;
    c[2] = high0 ^ c[3] ^ k1;
    c[3] = low0;
}

static inline void philox_group(const uint64_t key[2], const uint64_t counter[4], uint64_t first,
                                uint64_t *words) {
    uint64_t place[SETS * LANES], k0 = key[0], k1 = key[1];
    lanes c[SETS][4];
    for (size_t l = 0; l < SETS * LANES; l++)
        place[l] = first + l;
    for (int s = 0; s < SETS; s++) {
        memcpy(c[s], place + s * LANES, sizeof *c[s]);
        c[s][0] += counter[0];
        for (int v = 1; v < 4; v++)
            c[s][v] = (lanes){0} + counter[v];
    }
    for (int round = 0; round < 10; round++) {
        for (int s = 0; s < SETS; s++)
            philox_round(k0, k1, c[s]);
        k0 += UINT64_C(0x9E3779B97F4A7C15);
        k1 += UINT64_C(0xBB67AE8584CAA73B);
    }
    for (int s = 0; s < SETS; s++)
        for (int l = 0; l < LANES; l++)
            for (int v = 0; v < 4; v++)
                words[4 * (s * LANES + l) + v] = c[s][v][l];
}

static inline void philox_body(const uint64_t key[2], const uint64_t counter[4], size_t count,
                               uint64_t *words) {
    size_t first = 0;
    for (; first + SETS * LANES <= count; first += SETS * LANES)
        philox_group(key, counter, first, words + 4 * first);
    if (first < count) {
        uint64_t last[4 * SETS * LANES];
        philox_group(key, counter, first, last);
        memcpy(words + 4 * first, last, (count - first) * 4 * sizeof *words);
    }
}
