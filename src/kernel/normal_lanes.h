/* exp, ln, tanh and the normal distribution without branches, for loops that a compiler turns into
 * vectors: an element is computed by the same roundings in the same order whatever the registers,
 * so every kernel gives the same bits. Internal to kernels. */
#ifndef FIXLAND_NORMAL_LANES_H
#define FIXLAND_NORMAL_LANES_H

#include <stdint.h>
#include <string.h>

#if defined(__GNUC__) && !defined(__clang__)
/* Comparisons raise no trap: a choice of two numbers is then no branch. No value changes. */
#pragma GCC optimize("no-trapping-math")
#endif

#define LANE static inline __attribute__((always_inline, unused))

LANE uint64_t lane_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

LANE double lane_double(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

LANE double lane_clip(double x, double most) {
    x = x < most ? x : most;
    return x > -most ? x : -most;
}

/* e^x for |x| <= 700 (beyond, that of the nearest end), relative error 3e-16. */
LANE double lane_exp(double x) {
    static const double magic = 0x1.8p52, low = 0x1.ef35793c7673p-45;
    x = lane_clip(x, 700);
    double shifted = x * 0x1.71547652b82fep0 + magic, k = shifted - magic;
    double r = (x - k * 0x1.62e42fefa38p-1) - k * low;
    double p = 1.0 / 6227020800;
    p = p * r + 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r + 1;
    p = p * r + 1;
    return lane_double(lane_bits(p) + (lane_bits(shifted) << 52));
}

/* ln x for normal x > 0, error 4e-16 (relative near x = 1 too). */
LANE double lane_log(double x) {
    static const uint64_t root = UINT64_C(0x3fe6a09e667f3bcd); /* sqrt(1/2) */
    uint64_t moved = lane_bits(x) + (UINT64_C(0x3ff0000000000000) - root);
    double m = lane_double((moved & UINT64_C(0x000fffffffffffff)) + root);
    double e = lane_double(moved >> 52 | UINT64_C(0x4330000000000000)) - (0x1p52 + 1023);
    double s = (m - 1) / (m + 1), z = s * s, p = 2.0 / 21;
    p = p * z + 2.0 / 19;
    p = p * z + 2.0 / 17;
    p = p * z + 2.0 / 15;
    p = p * z + 2.0 / 13;
    p = p * z + 2.0 / 11;
    p = p * z + 2.0 / 9;
    p = p * z + 2.0 / 7;
    p = p * z + 2.0 / 5;
    p = p * z + 2.0 / 3;
    return e * 0x1.62e42fefa39efp-1 + (s * (z * p) + 2 * s);
}

/* tanh x, absolute error 3e-16. */
LANE double lane_tanh(double x) {
    double e = lane_exp(2 * lane_clip(x, 40));
    return (e - 1) / (e + 1);
}

/* (t + 2) times the ratio of Mills (1 - Phi(t)) / phi(t), t >= 0: a polynomial in q = (t - 4)/(t +
 * 4), relative error 7e-16 (Chebyshev expansion of degree 22, made in 60 digits). */
LANE double lane_mills2(double q) {
    double p = -3.993812514680656e-09;
    p = p * q + 1.5828729465563574e-09;
    p = p * q + 4.257303791323594e-08;
    p = p * q + 2.631757768639993e-09;
    p = p * q - 2.500200308012973e-07;
    p = p * q - 1.607702906955185e-07;
    p = p * q + 1.1415881347513847e-06;
    p = p * q + 1.5584629369927449e-06;
    p = p * q - 4.886795461493052e-06;
    p = p * q - 1.0698373012615204e-05;
    p = p * q + 2.3367818614583985e-05;
    p = p * q + 6.4881587626034e-05;
    p = p * q - 0.00014840382816357336;
    p = p * q - 0.00035089217579488895;
    p = p * q + 0.0012726472161516701;
    p = p * q + 0.0008853181421316099;
    p = p * q - 0.011266834153874599;
    p = p * q + 0.02367260241537161;
    p = p * q - 0.0033414190161745287;
    p = p * q - 0.10805333353122544;
    p = p * q + 0.3468644384457148;
    p = p * q - 0.6695234172878733;
    p = p * q + 1.4199142974813639;
    return p;
}

/* ln Phi(x) and R = phi(x) / Phi(x), |x| up to 1e8 (clipped there); relative error of R 2e-15 and
 * below for |x| <= 37, where phi does not underflow. */
typedef struct lane_normal {
    double log_cdf, ratio;
} lane_normal;

LANE lane_normal lane_normal_of(double x) {
    x = lane_clip(x, 1e8);
    double t = x < 0 ? -x : x, half = 0.5 * t * t;
    double mills = lane_mills2((t - 4) / (t + 4)) / (t + 2);
    double density = lane_exp(-half) * 0x1.9884533d43651p-2; /* 1 / sqrt(2 pi) */
    double inside = 1 - density * mills;
    double of = x < 0 ? mills : inside, above = x < 0 ? 1 : density;
    double offset = x < 0 ? half + 0x1.d67f1c864beb5p-1 : 0; /* ln(2 pi) / 2 */
    return (lane_normal){lane_log(of) - offset, above / of};
}

/* ---- the same in single precision ----
 *
 * brief: with shorter polynomials, relative errors 2e-5, for what is rounded to 12 bits afterwards. */

LANE uint32_t lanef_bits(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

LANE float lanef_float(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

LANE float lanef_clip(float x, float most) {
    x = x < most ? x : most;
    return x > -most ? x : -most;
}

LANE float lanef_exp_series(float r, int brief) {
    float p = 1.0f / 5040;
    if (brief) {
        p = 0.041917539f;
        p = p * r + 0.167921656f;
        p = p * r + 0.49998869f;
        p = p * r + 0.999962276f;
        return p * r + 1;
    }
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1;
    return p * r + 1;
}

/* e^x for x <= 87, relative error 2e-7; below -87 that of -87. */
LANE float lanef_exp(float x, int brief) {
    static const float magic = 0x1.8p23f;
    x = x > -87 ? x : -87;
    float shifted = x * 0x1.715476p0f + magic, k = shifted - magic;
    float r = (x - k * 0x1.62ep-1f) - k * 0x1.0bfbe8p-15f;
    float p = lanef_exp_series(r, brief);
    return lanef_float(lanef_bits(p) + (lanef_bits(shifted) << 23));
}

/* ln x for normal x > 0, error 1e-7 (relative near x = 1, and beyond e and 1/e). */
LANE float lanef_log(float x, int brief) {
    static const uint32_t root = UINT32_C(0x3f3504f3);
    uint32_t moved = lanef_bits(x) + (UINT32_C(0x3f800000) - root);
    float m = lanef_float((moved & UINT32_C(0x007fffff)) + root);
    float e = (float)((int32_t)(moved >> 23) - 127);
    float s = (m - 1) / (m + 1), z = s * s, p = 2.0f / 5;
    if (!brief)
        p = (2.0f / 9 * z + 2.0f / 7) * z + p;
    p = p * z + 2.0f / 3;
    return e * 0x1.62e43p-1f + (s * (z * p) + 2 * s);
}

/* tanh x, absolute error 2e-7. */
LANE float lanef_tanh(float x, int brief) {
    float e = lanef_exp(2 * lanef_clip(x, 20), brief);
    return (e - 1) / (e + 1);
}

/* (t + 1) times the ratio of Mills by q = (t - 3)/(t + 3), relative error 1e-7. */
LANE float lanef_mills1(float q, int brief) {
    float p = 0.0001496934697f;
    if (brief) {
        p = 0.00553123547f;
        p = p * q + 0.00151678936f;
        p = p * q - 0.055827398f;
        p = p * q + 0.113874865f;
        p = p * q - 0.0414085495f;
        p = p * q - 0.242037916f;
        return p * q + 1.21836786f;
    }
    p = p * q + 8.967488953e-5f;
    p = p * q - 0.001188158637f;
    p = p * q - 0.0009159023772f;
    p = p * q + 0.007486539857f;
    p = p * q + 0.002917850016f;
    p = p * q - 0.05696175226f;
    p = p * q + 0.1132079631f;
    p = p * q - 0.04119044979f;
    p = p * q - 0.241956655f;
    p = p * q + 1.21836121f;
    return p;
}

/* Mills' ratio at |x|, |x| <= 1e9, and the density. */
LANE float lanef_mills_of(float x, int brief) {
    float t = x < 0 ? -x : x, inverse = 1 / ((t + 3) * (t + 1));
    return lanef_mills1((t - 3) * (t + 1) * inverse, brief) * ((t + 3) * inverse);
}

LANE float lanef_density_of(float x, int brief) {
    float t = x < 0 ? -x : x;
    return lanef_exp(-(0.5f * t * t), brief) * 0x1.988454p-2f;
}

/* From these two Phi(x) = body exp(-offset) and phi(x) / Phi(x) = above / body. Relative errors below 1e-6 for the
 * ratio where x < 5; absolute beyond. */
LANE float lanef_body_from(float x, float mills, float density) {
    return x < 0 ? mills : 1 - density * mills;
}

LANE float lanef_above_from(float x, float density) {
    return x < 0 ? 1 : density;
}

LANE float lanef_offset_of(float x) {
    return x < 0 ? 0.5f * x * x + 0x1.d67f1cp-1f : 0;
}

#endif
