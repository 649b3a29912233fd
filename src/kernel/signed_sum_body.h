/* The body of the vector kernels of signed_sum.h, for LANES doubles a vector, four vectors at a
 * time. */
#include <string.h>

typedef double reals __attribute__((vector_size(8 * LANES)));
typedef uint64_t words __attribute__((vector_size(8 * LANES)));

static inline double add_lanes(reals a) {
    double sum = 0;
    for (int l = 0; l < LANES; l++)
        sum += a[l];
    return sum;
}

static inline double signed_sum_body(const double *row, const uint64_t *spins, size_t n,
                                     double *magnitude) {
    enum { UNIT = 4 * LANES };
    const words top = (words){0} + (UINT64_C(1) << 63);
    words place;
    reals sum[4] = {{0}}, size[4] = {{0}};
    double rest, rest_size;
    size_t j = 0;
    for (int l = 0; l < LANES; l++)
        place[l] = (uint64_t)(63 - l);
    for (; j + UNIT <= n; j += UNIT) {
        words bits = (words){0} + (spins[j / 64] >> (j % 64));
        for (int v = 0; v < 4; v++) {
            words entry;
            memcpy(&entry, row + j + (size_t)(v * LANES), sizeof entry);
            sum[v] += (reals)(entry ^ (~(bits << place) & top));
            size[v] += (reals)(entry & ~top);
            bits >>= LANES;
        }
    }
    uint64_t left = j < n ? spins[j / 64] >> (j % 64) : 0;
    rest = fl_signed_sum_scalar(row + j, &left, n - j, &rest_size);
    *magnitude = add_lanes((size[0] + size[1]) + (size[2] + size[3])) + rest_size;
    return add_lanes((sum[0] + sum[1]) + (sum[2] + sum[3])) + rest;
}
