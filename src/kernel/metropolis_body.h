/* The body of every metropolis kernel. Only this file's vectors depend on the instructions. */
#ifndef FIXLAND_METROPOLIS_BODY_H
#define FIXLAND_METROPOLIS_BODY_H

#include "src/kernel/metropolis.h"
#include "src/kernel/tree_vector.h"

/* Lanes in which a number is to be negated. */
#if PART == 64
typedef __mmask32 minus;
#else
typedef shorts minus;
#endif

/* A register at a time: copied as a whole, the compiler takes smaller pieces and waits for them. */
INLINE shorts shorts_load(const int16_t *from) {
    shorts r;
    EACH memcpy(&OF(r), from + part_ * PART / 2, PART);
    return r;
}

INLINE void shorts_store(int16_t *to, shorts a) {
    EACH memcpy(to + part_ * PART / 2, &OF(a), PART);
}

INLINE minus minus_where(shorts up) {
#if PART == 64
    return _mm512_movepi16_mask((__m512i)up.x[0]);
#else
    return up;
#endif
}

/* field + (two equal halves of) twice, or minus it. */
INLINE part_short moved_part(part_short field, int32_t twice, minus m, int part_) {
    part_short v = (part_short)((part_truth){0} + twice);
#if PART == 64
    (void)part_;
    return field +
           (part_short)_mm512_mask_sub_epi16((__m512i)v, m, _mm512_setzero_si512(), (__m512i)v);
#else
    return field + ((v ^ OF(m)) - OF(m));
#endif
}

INLINE part_short positive_part(part_short a) {
#if PART == 64
    return (part_short)_mm512_max_epi16((__m512i)a, _mm512_setzero_si512());
#elif PART == 32
    return (part_short)_mm256_max_epi16((__m256i)a, _mm256_setzero_si256());
#else
    return a & (part_short)(a > 0);
#endif
}

typedef uint16_t part_ushort __attribute__((vector_size(PART))); /* wraps around */

/* Sum over neurons of floor(max(0, x_i) / 4), modulo 2^16, with column `column` added. */
INLINE shorts proposed(const fl_metropolis_block *b, const int32_t *column, minus m) {
    shorts sum = splat16(0);
    for (size_t i = 0; i < b->n; i++) {
        shorts f = shorts_load(b->field + FL_LANES * i), up = shorts_load(b->up + FL_LANES * i);
        EACH {
            part_short x = moved_part(OF(f), column[i], m, part_) ^ OF(up);
            part_short violation = positive_part(x) >> FL_METROPOLIS_SHIFT;
            OF(sum) = (part_short)((part_ushort)OF(sum) + (part_ushort)violation);
        }
    }
    return sum;
}

/* Adds the column where `accept` (-1) says so. */
INLINE void apply(const fl_metropolis_block *b, const int32_t *column, minus m, shorts accept) {
    for (size_t i = 0; i < b->n; i++) {
        shorts f = shorts_load(b->field + FL_LANES * i);
        EACH {
            part_short after = moved_part(OF(f), column[i], m, part_);
            OF(f) = (after & OF(accept)) | (OF(f) & ~OF(accept));
        }
        shorts_store(b->field + FL_LANES * i, f);
    }
}

INLINE uint32_t rotated(uint32_t x, int by) {
    return x << by | x >> (32 - by);
}

/* The next 32 bits of each lane. */
INLINE void draw(uint32_t *restrict s, uint32_t *restrict bits) {
    for (int l = 0; l < FL_LANES; l++) {
        uint32_t a = s[l], b = s[32 + l], c = s[64 + l], d = s[96 + l], t = b << 9;
        bits[l] = rotated(a + d, 7) + a;
        c ^= a;
        d ^= b;
        s[32 + l] = b ^ c;
        s[l] = a ^ d;
        s[64 + l] = c ^ t;
        s[96 + l] = rotated(d, 11);
    }
}

/* -ln((r + 1/2) / 2^31), r the upper 31 bits: absolute error 3e-7 and below. */
INLINE float minus_log(uint32_t bits) {
    float x = (float)(int32_t)(bits >> 1) + 0.5f, m;
    int32_t word, e;
    memcpy(&word, &x, sizeof word);
    e = (word - 0x3f2aaaab) >> 23; /* x = m 2^e, m in [2/3, 4/3) */
    word -= e * (1 << 23);
    memcpy(&m, &word, sizeof m);
    float f = m - 1, p = -0.15049429f;
    p = p * f + 0.167291008f;
    p = p * f - 0.164815794f;
    p = p * f + 0.198587175f;
    p = p * f - 0.250042057f;
    p = p * f + 0.333353354f;
    p = p * f - 0.499999852f;
    return (float)(31 - e) * 0.693147181f - (p * (f * f) + f);
}

/* The largest dE that is accepted. */
INLINE void limits(const fl_metropolis_block *b, const fl_metropolis_rule *rule,
                   int16_t *restrict limit) {
    uint32_t bits[FL_LANES];
    draw(b->random, bits);
    if (rule->walk) {
        for (int l = 0; l < FL_LANES; l++) {
            int32_t room = rule->ceiling - b->energy[l];
            room = room < INT16_MAX ? room : INT16_MAX;
            limit[l] = (int16_t)(bits[l] >> 29 ? room : INT16_MIN);
        }
        return;
    }
    for (int l = 0; l < FL_LANES; l++) {
        float room = minus_log(bits[l]) * rule->temperature;
        room = room < 32767.0f ? room : 32767.0f;
        limit[l] = (int16_t)(int32_t)(room > 0 ? room : 0);
    }
}

/* Energies and the mask of accepted lanes; returns how many. */
INLINE int decide(const int16_t *restrict after, const int16_t *restrict limit,
                  int32_t *restrict energy, int16_t *restrict accept) {
    int count = 0;
    for (int l = 0; l < FL_LANES; l++) {
        int16_t change = (int16_t)(uint16_t)((uint16_t)after[l] - (uint32_t)energy[l]);
        int yes = change <= limit[l];
        accept[l] = (int16_t)-yes;
        energy[l] += yes ? change : 0;
        count += yes;
    }
    return count;
}

INLINE int propose(const fl_metropolis_block *b, const fl_metropolis_rule *rule, size_t k) {
    int16_t limit[FL_LANES], after[FL_LANES], accept[FL_LANES];
    const int32_t *column = b->columns + k * b->stride;
    shorts before = shorts_load(b->up + FL_LANES * k), flipped = before;
    minus m = minus_where(before);
    EACH OF(flipped) = ~OF(flipped);
    shorts_store(b->up + FL_LANES * k, flipped);
    limits(b, rule, limit);
    shorts_store(after, proposed(b, column, m));
    int count = decide(after, limit, b->energy, accept);
    shorts yes = shorts_load(accept);
    EACH OF(flipped) = OF(before) ^ OF(yes);
    shorts_store(b->up + FL_LANES * k, flipped);
    if (count)
        apply(b, column, m, yes);
    return count;
}

INLINE uint64_t metropolis_body(const fl_metropolis_block *b, const fl_metropolis_rule *rule) {
    uint64_t accepted = 0;
    for (size_t t = 0; t < rule->sweeps; t++)
        for (size_t k = 0; k < b->n; k++)
            accepted += (uint64_t)propose(b, rule, k);
    return accepted;
}

#endif
