/* See reals.h. */
#include "tests/support/reals.h"

#include <math.h>

#include "tests/support/support.h"

uint64_t test_bits_of(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* Doubles of all kinds: any bits, round decimals, small integers, powers of two, subnormals. */
double test_draw_real(fl_rng *rng) {
    uint64_t bits = fl_rng_bits(rng);
    double value;
    switch (fl_rng_below(rng, 6)) {
    case 0:
        return (double)(int64_t)(fl_rng_below(rng, 2001)) - 1000;
    case 1:
        return (double)fl_rng_below(rng, 100000) / 1000;
    case 2:
        return ldexp(bits & 1 ? -1 : 1, (int)fl_rng_below(rng, 2098) - 1074);
    case 3:
        bits &= ~(UINT64_C(0x7ff) << 52);
        break;
    case 4:
        return fl_rng_gauss(rng);
    default:
        break;
    }
    memcpy(&value, &bits, sizeof value);
    return isfinite(value) ? value : 0.1;
}
