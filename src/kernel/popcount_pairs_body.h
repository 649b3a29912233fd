/* The body of the kernels of popcount_pairs.h, for one width of vectors. Before including it:
 *
 *   NAME                the function
 *   VECTOR_TARGET       attributes of functions that use the vectors
 *   vector              the type; VECTOR_WORDS: its words; VECTOR_ZERO
 *   tally               type of a running population count, tally_zero
 *   XOR3(a,b,c)         parity;  MAJORITY(a,b,c): carry of a full adder
 *   AND(a,b), AND_NOT(a,b) = a & ~b, XOR_WORD(a, w): xor with a word in every place
 *   tally_add(t, x)     adds the population count of x; BATCH times from zero without overflow
 *   tally_sum(t)        the count as a number
 */

enum { BATCH = 16, VECTORS = FL_SLICE_WORDS / VECTOR_WORDS, HIGH_BITS = 6 };

/* The bits of the distances of one query, spelled out: low[j] marks the configurations with
 * distance % 8 == j, high[h] those with distance / 8 == h. */
typedef struct spelling {
    vector low[8], high[FL_SLICE_GROUPS + 1];
} spelling;

/* Bits of the sum so far: 1, 2, 4, then 8, 16, ... */
typedef struct sums {
    vector ones, twos, fours, high[HIGH_BITS];
} sums;

#define FULL_ADD(sum, carry, a, b)                                                                 \
    do {                                                                                           \
        vector a_ = (a), b_ = (b);                                                                 \
        (carry) = MAJORITY(sum, a_, b_);                                                           \
        (sum) = XOR3(sum, a_, b_);                                                                 \
    } while (0)

#define DIFFER(i) XOR_WORD(*(const vector *)(const void *)(plane + (i)*FL_SLICE_WORDS), query[i])

/* Adds the differences of eight neurons. */
VECTOR_TARGET static inline void add_group(sums *s, const uint64_t *plane, const uint64_t *query,
                                           unsigned high_bits) {
    vector twos_a, twos_b, fours_a, fours_b, carry;
    FULL_ADD(s->ones, twos_a, DIFFER(0), DIFFER(1));
    FULL_ADD(s->ones, twos_b, DIFFER(2), DIFFER(3));
    FULL_ADD(s->twos, fours_a, twos_a, twos_b);
    FULL_ADD(s->ones, twos_a, DIFFER(4), DIFFER(5));
    FULL_ADD(s->ones, twos_b, DIFFER(6), DIFFER(7));
    FULL_ADD(s->twos, fours_b, twos_a, twos_b);
    FULL_ADD(s->fours, carry, fours_a, fours_b);
    for (unsigned b = 0; b < high_bits; b++) {
        vector both = AND(s->high[b], carry);
        s->high[b] = XOR3(s->high[b], carry, VECTOR_ZERO);
        carry = both;
    }
}

VECTOR_TARGET static inline void spell_low(const sums *s, vector *low) {
    vector up = AND(s->fours, s->twos), down = AND_NOT(s->fours, s->twos);
    vector half = AND_NOT(s->twos, s->fours), none = AND_NOT(AND_NOT(ONES, s->fours), s->twos);
    low[0] = AND_NOT(none, s->ones);
    low[1] = AND(none, s->ones);
    low[2] = AND_NOT(half, s->ones);
    low[3] = AND(half, s->ones);
    low[4] = AND_NOT(down, s->ones);
    low[5] = AND(down, s->ones);
    low[6] = AND_NOT(up, s->ones);
    low[7] = AND(up, s->ones);
}

/* Splits by one bit after another, the highest first; in place, from the far end. */
VECTOR_TARGET static inline void spell_high(const sums *s, size_t groups, unsigned high_bits,
                                            vector valid, vector *high) {
    high[0] = valid;
    for (unsigned b = high_bits; b-- > 0;)
        for (size_t k = (groups >> (b + 1)) + 1; k-- > 0;) {
            vector all = high[k];
            if (2 * k + 1 <= groups >> b)
                high[2 * k + 1] = AND(all, s->high[b]);
            high[2 * k] = AND_NOT(all, s->high[b]);
        }
}

/* Counts the marks of all queries of a batch with distance / 8 == h. */
VECTOR_TARGET static inline void count_high(const spelling *spelled, size_t batch, size_t h,
                                            uint64_t *histogram, size_t lows) {
    tally t[8];
    for (size_t j = 0; j < 8; j++)
        t[j] = tally_zero;
    for (size_t q = 0; q < batch; q++) {
        vector mark = spelled[q].high[h];
        for (size_t j = 0; j < 8; j++)
            t[j] = tally_add(t[j], AND(mark, spelled[q].low[j]));
    }
    for (size_t j = 0; j < lows; j++)
        histogram[8 * h + j] += tally_sum(t[j]);
}

VECTOR_TARGET static inline void spell(const uint64_t *block, const uint64_t *query, size_t groups,
                                       unsigned high_bits, vector valid, spelling *spelled) {
    sums s = {VECTOR_ZERO, VECTOR_ZERO, VECTOR_ZERO, {VECTOR_ZERO}};
    for (unsigned b = 0; b < HIGH_BITS; b++)
        s.high[b] = VECTOR_ZERO;
    for (size_t g = 0; g < groups; g++)
        add_group(&s, block + 8 * g * FL_SLICE_WORDS, query + 8 * g, high_bits);
    spell_low(&s, spelled->low);
    spell_high(&s, groups, high_bits, valid, spelled->high);
}

VECTOR_TARGET void NAME(const uint64_t *block, const uint64_t *valid, const uint64_t *queries,
                        size_t count, size_t groups, uint64_t *histogram) {
    spelling spelled[BATCH];
    unsigned high_bits = 0;
    while (groups >> high_bits)
        high_bits++;
    for (size_t first = 0; first < count; first += BATCH) {
        size_t batch = count - first < BATCH ? count - first : BATCH;
        for (size_t v = 0; v < VECTORS; v++) {
            vector exists = *(const vector *)(const void *)(valid + v * VECTOR_WORDS);
            for (size_t q = 0; q < batch; q++)
                spell(block + v * VECTOR_WORDS, queries + (first + q) * 8 * groups, groups,
                      high_bits, exists, &spelled[q]);
            for (size_t h = 0; h <= groups; h++)
                count_high(spelled, batch, h, histogram, h < groups ? 8 : 1);
        }
    }
}
