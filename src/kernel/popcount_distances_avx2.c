/* popcount_distances.h with the POPCNT instruction, which every processor with AVX2 has. */
#include "src/kernel/popcount_distances.h"

#ifdef __x86_64__
#include "src/kernel/x86.h"

static void one_word(uint64_t query, const uint64_t *configurations, size_t count,
                     uint16_t *distances) {
    for (size_t k = 0; k < count; k++)
        distances[k] = (uint16_t)_mm_popcnt_u64(query ^ configurations[k]);
}

void fl_popcount_distances_avx2(const uint64_t *query, const uint64_t *configurations, size_t count,
                                size_t words, uint16_t *distances) {
    if (words == 1) {
        one_word(*query, configurations, count, distances);
        return;
    }
    for (size_t k = 0; k < count; k++, configurations += words) {
        int64_t sum = 0;
        for (size_t w = 0; w < words; w++)
            sum += _mm_popcnt_u64(query[w] ^ configurations[w]);
        distances[k] = (uint16_t)sum;
    }
}
#endif
