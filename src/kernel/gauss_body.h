/* The body of the vector kernels of gauss.h, for LANES doubles a vector. Included once a file.
 *
 * All words go through the central quotient; the fifteen per cent that lie in the flanks are
 * gathered on the way and done over, their logarithms one by one. */
#include <math.h>
#include <string.h>

typedef double reals __attribute__((vector_size(8 * LANES)));
typedef uint64_t words64 __attribute__((vector_size(8 * LANES)));

static inline reals quotient(const fl_gauss_ratio *ratio, reals x) {
    reals above = ratio->above[7] - (reals){0}, below = ratio->below[7] - (reals){0};
    for (int k = 6; k >= 0; k--) {
        above = x * above + ratio->above[k];
        below = x * below + ratio->below[k];
    }
    return above / below;
}

/* The integers below 2^63, rounded once: the upper and the lower 32 bits as mantissas of 2^84 and
 * 2^52, whose difference from them is exact. */
static inline reals to_reals(words64 bits) {
    words64 high = bits >> 32 | UINT64_C(0x4530000000000000);
    words64 low = (bits & UINT64_C(0xFFFFFFFF)) | UINT64_C(0x4330000000000000);
    return ((reals)high - (0x1p84 + 0x1p52)) + (reals)low;
}

/* The `count` words with tails below 0.075, whose places are in `index`. */
static inline void flanks(const uint64_t *words, const double *q, const uint32_t *index,
                          size_t count, double *values) {
    double r[FL_GAUSS_MOST + 8];
    for (size_t k = 0; k < count; k++)
        r[k] = sqrt(-log(q[index[k]]));
    for (size_t k = count; k % LANES; k++)
        r[k] = 2;
    for (size_t k = 0; k < count; k += LANES) {
        reals some;
        memcpy(&some, r + k, sizeof some);
        some = quotient(&fl_gauss_flank, some - 1.6);
        for (size_t l = 0; l < LANES && k + l < count; l++) {
            size_t i = index[k + l];
            double value = r[k + l] <= 5 ? some[l] : fl_gauss_far(r[k + l]);
            values[i] = words[i] & 1 ? -value : value;
        }
    }
}

static inline void gauss_body(const uint64_t *words, size_t n, double *values) {
    double q[FL_GAUSS_MOST + 8];
    uint32_t index[FL_GAUSS_MOST + 8];
    size_t count = 0;
    for (size_t first = 0; first < n; first += LANES) {
        words64 word;
        memcpy(&word, words + first, sizeof word);
        reals tail = (to_reals(word >> 1) + 0.5) * 0x1p-64, off = tail - 0.5;
        reals value = off * quotient(&fl_gauss_centre, FL_GAUSS_CENTRE2 - off * off);
        value = (reals)((words64)value ^ (~word << 63)); /* minus, and the sign bit again minus */
        memcpy(q + first, &tail, sizeof tail);
        memcpy(values + first, &value, sizeof value);
        words64 far = (words64)(off < -FL_GAUSS_CENTRE);
        for (size_t l = 0; l < LANES; l++) {
            index[count] = (uint32_t)(first + l);
            count += far[l] & 1;
        }
    }
    while (count && index[count - 1] >= n)
        count--;
    flanks(words, q, index, count, values);
}
