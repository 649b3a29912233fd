/* Decimal numbers and the sentences about them, shared by parse.c and lists.c. */
#ifndef FIXLAND_CLI_PARSE_H
#define FIXLAND_CLI_PARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "fixland/status.h"

/* What is being parsed, for the sentence about it. */
typedef struct fl_cli_source {
    const char *what, *text; /* "--jd", "0:1:0.1" */
    double low, high;        /* of every number; both 0: no limits */
    const char *noun;        /* what is wanted: "a number" */
    bool list;
} fl_cli_source;

/* A number as it was typed. */
typedef struct fl_cli_decimal {
    double value;
    bool exact; /* it is mantissa * 10^exponent; else it has more digits than 64 bits hold */
    int64_t mantissa;
    int exponent;
} fl_cli_decimal;

/* FL_EUSAGE: "WHAT TEXT: REASON; allowed: NOUN LIMITS". */
fl_status fl_cli_reject(const fl_cli_source *source, const char *reason, ...)
    __attribute__((format(printf, 2, 3)));

/* Reads a number at the beginning of `text` and returns its end; NULL if there is none. */
const char *fl_cli_decimal_scan(const char *text, fl_cli_decimal *decimal);

/* FL_EUSAGE unless it is a double: neither overflow nor underflow to zero. */
fl_status fl_cli_decimal_finite(const fl_cli_source *source, const fl_cli_decimal *decimal);

/* The same, and within the limits. */
fl_status fl_cli_decimal_check(const fl_cli_source *source, const fl_cli_decimal *decimal);

/* Whether it is a whole number of 64 bits, into *value. */
bool fl_cli_decimal_integer(const fl_cli_decimal *decimal, int64_t *value);

#endif
