/* Single values from text: real and whole numbers, 64-bit words, durations, flags, choices.
 *
 * Numbers are decimal: [+-]digits[.digits][e[+-]digits], nothing before or after. Each is kept with
 * its decimal form (mantissa times a power of ten), so that whole numbers are exact and may be
 * written as 1e6. No hexadecimal, infinity or NaN. */
#include "src/cli/parse.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/cli/internal.h"

const char fl_cli_real[] = "a number";
const char fl_cli_integer[] = "a whole number";
const char fl_cli_uint64[] = "a whole number from 0 to 18446744073709551615";
const char fl_cli_duration[] = "a duration such as 90, 15m, 2h or 1d";

const char *fl_cli_shown(const char *text, char shown[FL_CLI_SHOWN]) {
    size_t length = strlen(text), room = FL_CLI_SHOWN - 4;
    if (length == 0)
        return strcpy(shown, "''");
    size_t kept = length > room ? room : length;
    for (size_t i = 0; i < kept; i++)
        shown[i] = iscntrl((unsigned char)text[i]) ? '?' : text[i];
    strcpy(shown + kept, length > room ? "..." : "");
    return shown;
}

void fl_cli_shorten(char *names, size_t size) {
    static const char more[] = ", ... (--help lists them)";
    if (strlen(names) + 1 < size)
        return;
    char *end = names + size - sizeof more;
    *end = 0;
    char *comma = strrchr(names, ',');
    strcpy(comma ? comma : end, more);
}

void fl_cli_limits(double low, double high, char *text, size_t size) {
    bool none = low == 0 && high == 0;
    bool below = !none && low > -INFINITY, above = !none && high < INFINITY;
    if (below && above)
        snprintf(text, size, " from %.15g to %.15g", low, high);
    else if (below)
        snprintf(text, size, " of at least %.15g", low);
    else if (above)
        snprintf(text, size, " of at most %.15g", high);
    else
        snprintf(text, size, "%s", "");
}

fl_status fl_cli_reject(const fl_cli_source *source, const char *reason, ...) {
    char why[160], limits[80], shown[FL_CLI_SHOWN];
    va_list arguments;
    va_start(arguments, reason);
    vsnprintf(why, sizeof why, reason, arguments);
    va_end(arguments);
    fl_cli_limits(source->low, source->high, limits, sizeof limits);
    return fl_fail(FL_EUSAGE, "%s %s: %s; allowed: %s%s%s", source->what,
                   fl_cli_shown(source->text, shown), why, source->noun,
                   *limits && source->list ? ", each" : "", limits);
}

/* Takes digits into the decimal and returns their end; *count grows by their number. */
static const char *scan_digits(const char *at, fl_cli_decimal *d, size_t *count) {
    for (; isdigit((unsigned char)*at); at++, (*count)++)
        d->exact = d->exact && !__builtin_mul_overflow(d->mantissa, 10, &d->mantissa) &&
                   !__builtin_add_overflow(d->mantissa, *at - '0', &d->mantissa);
    return at;
}

/* Takes "e-5" if it is there. */
static const char *scan_exponent(const char *at, fl_cli_decimal *d) {
    const char *digits = at + 1 + (*at && (at[1] == '-' || at[1] == '+'));
    if ((*at != 'e' && *at != 'E') || !isdigit((unsigned char)*digits))
        return at;
    char *end;
    long exponent = strtol(at + 1, &end, 10);
    if (labs(exponent) > 100000)
        d->exact = false;
    else
        d->exponent += (int)exponent;
    return end;
}

const char *fl_cli_decimal_scan(const char *text, fl_cli_decimal *d) {
    *d = (fl_cli_decimal){.exact = true};
    const char *at = text + (*text == '-' || *text == '+');
    size_t whole = 0, fraction = 0;
    at = scan_digits(at, d, &whole);
    if (*at == '.')
        at = scan_digits(at + 1, d, &fraction);
    if (whole + fraction == 0)
        return NULL;
    d->exponent = -(int)(fraction < 100000 ? fraction : 100000);
    at = scan_exponent(at, d);
    if (*text == '-')
        d->mantissa = -d->mantissa;
    char *end;
    d->value = strtod(text, &end) + 0.0; /* -0 becomes 0 */
    return end == at ? at : NULL;
}

fl_status fl_cli_decimal_finite(const fl_cli_source *source, const fl_cli_decimal *d) {
    if (isinf(d->value))
        return fl_cli_reject(source, "too large for a double");
    if (d->value == 0 && (!d->exact || d->mantissa != 0))
        return fl_cli_reject(source, "too close to zero for a double");
    return FL_OK;
}

fl_status fl_cli_decimal_check(const fl_cli_source *source, const fl_cli_decimal *d) {
    FL_CHECK(fl_cli_decimal_finite(source, d));
    bool limited = source->low != 0 || source->high != 0;
    if (!limited || (d->value >= source->low && d->value <= source->high))
        return FL_OK;
    if (source->list)
        return fl_cli_reject(source, "%.15g is out of range", d->value);
    return fl_cli_reject(source, "out of range");
}

bool fl_cli_decimal_integer(const fl_cli_decimal *d, int64_t *value) {
    int64_t mantissa = d->mantissa;
    int exponent = mantissa == 0 ? 0 : d->exponent;
    for (; exponent > 0; exponent--)
        if (__builtin_mul_overflow(mantissa, 10, &mantissa))
            return false;
    for (; exponent < 0; exponent++, mantissa /= 10)
        if (mantissa % 10 != 0)
            return false;
    *value = mantissa;
    return d->exact;
}

/* The whole text as one number within the limits. */
static fl_status parse_decimal(const fl_cli_source *source, fl_cli_decimal *d) {
    const char *end = fl_cli_decimal_scan(source->text, d);
    if (!end || *end)
        return fl_cli_reject(source, "not a finite decimal number");
    return fl_cli_decimal_check(source, d);
}

fl_status fl_parse_real(const char *what, const char *text, double low, double high,
                        double *value) {
    fl_cli_source source = {what, text, low, high, fl_cli_real, false};
    fl_cli_decimal d;
    FL_CHECK(parse_decimal(&source, &d));
    *value = d.value;
    return FL_OK;
}

fl_status fl_parse_integer(const char *what, const char *text, double low, double high,
                           int64_t *value) {
    fl_cli_source source = {what, text, low, high, fl_cli_integer, false};
    fl_cli_decimal d;
    int64_t whole;
    FL_CHECK(parse_decimal(&source, &d));
    if (!fl_cli_decimal_integer(&d, &whole))
        return fl_cli_reject(&source, "not a whole number of 64 bits");
    *value = whole;
    return FL_OK;
}

fl_status fl_parse_uint64(const char *what, const char *text, uint64_t *value) {
    fl_cli_source source = {what, text, 0, 0, fl_cli_uint64, false};
    if (!*text || text[strspn(text, "0123456789")])
        return fl_cli_reject(&source, "not a row of digits");
    errno = 0;
    unsigned long long number = strtoull(text, NULL, 10);
    if (errno)
        return fl_cli_reject(&source, "too large");
    *value = number;
    return FL_OK;
}

/* Seconds in a unit, 0 for an unknown one. */
static double unit_seconds(const char *unit) {
    static const struct {
        const char *name;
        double seconds;
    } units[] = {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].name) == 0)
            return units[i].seconds;
    return 0;
}

fl_status fl_parse_duration(const char *what, const char *text, double low, double high,
                            double *seconds) {
    fl_cli_source source = {what, text, low, high, fl_cli_duration, false};
    fl_cli_decimal d;
    const char *end = fl_cli_decimal_scan(text, &d);
    double unit = end ? unit_seconds(end) : 0;
    if (unit == 0)
        return fl_cli_reject(&source, "not a number with one of the units s, m, h, d");
    if (d.value < 0)
        return fl_cli_reject(&source, "negative");
    d.value *= unit;
    FL_CHECK(fl_cli_decimal_check(&source, &d));
    *seconds = d.value;
    return FL_OK;
}

fl_status fl_parse_shard(const char *text, uint64_t *part, uint64_t *parts) {
    uint64_t i, k;
    char rest;
    if (!text)
        return FL_OK;
    if (strchr(text, '-') || sscanf(text, "%" SCNu64 "/%" SCNu64 "%c", &i, &k, &rest) != 2 ||
        i < 1 || i > k || k > FL_SHARDS_MOST)
        return fl_fail(FL_EUSAGE,
                       "--shard %s: allowed: I/K with 1 <= I <= K <= %d, 2/5 for example", text,
                       FL_SHARDS_MOST);
    *part = i;
    *parts = k;
    return FL_OK;
}

fl_status fl_cli_parse_flag(const char *what, const char *text, bool *value) {
    static const char *const words[] = {"no", "yes", "false", "true", "0", "1"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i]) == 0) {
            *value = i % 2;
            return FL_OK;
        }
    char shown[FL_CLI_SHOWN];
    return fl_fail(FL_EUSAGE, "%s %s: not known; allowed: yes, no (true, false, 1, 0)", what,
                   fl_cli_shown(text, shown));
}

fl_status fl_cli_parse_choice(const char *what, const char *text, const char *choices, int *value) {
    size_t length = strlen(text);
    int index = 0;
    for (const char *at = choices;; at += strcspn(at, "|") + 1, index++) {
        size_t size = strcspn(at, "|");
        if (size == length && length > 0 && strncmp(at, text, size) == 0) {
            *value = index;
            return FL_OK;
        }
        if (!at[size])
            break;
    }
    char shown[FL_CLI_SHOWN];
    return fl_fail(FL_EUSAGE, "%s %s: not known; allowed: %s", what, fl_cli_shown(text, shown),
                   choices);
}
