/* Reals as text: the shortest decimal that reads back to the same double, and back.
 *
 * A decimal of up to 15 digits survives the way through a normal double, so if one of them denotes
 * the value, %.15g prints it (and drops its zeros); 17 digits denote every double. In between stand
 * the subnormal numbers, which carry fewer digits, and the powers of two, whose interval of
 * decimals reaches twice as far upwards as downwards: the 16-digit decimal nearest to the value may
 * lie outside although another one lies inside. LC_NUMERIC is to be "C", as it is unless a program
 * calls setlocale. */
#include "src/io/io.h"
#include "fixland/table.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REAL_SIZE = 32 };

static bool shortest_power_of_two(char *text, double value) {
    int exponent;
    if (fabs(frexp(value, &exponent)) != 0.5)
        return false;
    /* The middle of the interval. Where long double is no wider than double nothing is gained, and
     * 17 digits are used. */
    long double middle = (long double)value * (1 + 0x1p-55L);
    snprintf(text, REAL_SIZE, "%.16Lg", middle);
    return strtod(text, NULL) == value;
}

void fl_format_real(char *text, double value) {
    if (!isfinite(value)) {
        strcpy(text, isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
        return;
    }
    for (int digits = fabs(value) < DBL_MIN ? 1 : 15; digits < 17; digits++) {
        char trial[2 * REAL_SIZE]; /* half of it is enough, but gcc does not see it */
        snprintf(trial, sizeof trial, "%.*g", digits, value);
        if (strtod(trial, NULL) == value) {
            strcpy(text, trial);
            return;
        }
    }
    if (!shortest_power_of_two(text, value))
        snprintf(text, REAL_SIZE, "%.17g", value);
}

double fl_read_real(const char *text) {
    if (strcmp(text, "inf") == 0)
        return INFINITY;
    if (strcmp(text, "-inf") == 0)
        return -INFINITY;
    /* strtod alone would take hexadecimal numbers and "infinity". */
    size_t length = strlen(text);
    if (length == 0 || strspn(text, "0123456789+-.eE") != length)
        return NAN;
    char *end;
    double value = strtod(text, &end);
    return *end ? NAN : value;
}

bool fl_read_foreign(const char *typed, size_t length, bool commas, double *value) {
    char text[512], *end;
    if (length == 0 || length >= sizeof text)
        return false;
    memcpy(text, typed, length);
    text[length] = 0;
    char *comma = commas ? strchr(text, ',') : NULL;
    if (comma && !strchr(text, '.'))
        *comma = '.';
    size_t exponent = strcspn(text, "dD");
    if (strspn(text, "0123456789+-.") == exponent && text[exponent])
        text[exponent] = 'e';
    *value = strtod(text, &end);
    return !*end && (!isfinite(*value) || strspn(text, "0123456789+-.eE") == length);
}
