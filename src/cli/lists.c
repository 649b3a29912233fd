/* Lists of numbers from text: "0.1,0.2,0.5", ranges "start:end[:step]", mixtures; blanks around the
 * numbers are ignored.
 *
 * The k-th value of a range is start + k step in exact decimal arithmetic, rounded once: with
 * start = A 10^e and step = B 10^e it is the double nearest to (A + k B) 10^e, which is what a user
 * gets who types that decimal. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/cli/internal.h"
#include "src/cli/parse.h"

enum { LIST_MOST = 10000000 };
static const double list_meets = 1e-9; /* of a step: the end of a range counts as reached */

const char fl_cli_reals[] = "a list of numbers such as 0.1,0.2 or 0:1:0.1 (start:end:step)";
const char fl_cli_integers[] = "a list of whole numbers such as 8,12 or 8:24:4 (start:end:step)";

/* The list while it grows: doubles, or 64-bit integers when `whole`. */
typedef struct list {
    fl_cli_source source;
    bool whole;
    size_t count, room;
    void *values;
} list;

static fl_status list_reserve(list *l, size_t more) {
    if (more > LIST_MOST - l->count)
        return fl_cli_reject(&l->source, "more than %d values", LIST_MOST);
    size_t needed = l->count + more;
    if (needed <= l->room)
        return FL_OK;
    size_t room = needed > 2 * l->room ? needed : 2 * l->room;
    void *values = realloc(l->values, room * sizeof(double));
    if (!values)
        return fl_fail(FL_ENOMEM, "%s: out of memory for %zu values", l->source.what, room);
    l->values = values;
    l->room = room;
    return FL_OK;
}

static fl_status list_append(list *l, const fl_cli_decimal *d) {
    FL_CHECK(fl_cli_decimal_check(&l->source, d));
    int64_t integer = 0;
    if (l->whole && !fl_cli_decimal_integer(d, &integer))
        return fl_cli_reject(&l->source, "%.15g is not a whole number of 64 bits", d->value);
    FL_CHECK(list_reserve(l, 1));
    if (l->whole)
        ((int64_t *)l->values)[l->count++] = integer;
    else
        ((double *)l->values)[l->count++] = d->value;
    return FL_OK;
}

typedef struct range {
    fl_cli_decimal start, end, step;
    size_t last; /* its values are k = 0 .. last */
    bool meets;  /* value `last` is the end itself */
    bool exact;  /* value k is (A + k B) 10^exponent without overflow */
    int64_t A, B;
    int exponent;
} range;

/* *scaled = d / 10^exponent, false on overflow; exponent <= d->exponent unless d is zero. */
static bool scale_lists(const fl_cli_decimal *d, int exponent, int64_t *scaled) {
    *scaled = d->mantissa;
    for (int e = d->exponent; *scaled != 0 && e > exponent; e--)
        if (__builtin_mul_overflow(*scaled, 10, scaled))
            return false;
    return d->exact;
}

static void range_align(range *r) {
    int64_t span, end;
    r->exponent = r->start.exponent < r->step.exponent ? r->start.exponent : r->step.exponent;
    r->exact = scale_lists(&r->start, r->exponent, &r->A) &&
               scale_lists(&r->step, r->exponent, &r->B) &&
               !__builtin_mul_overflow(r->B, (int64_t)r->last, &span) &&
               !__builtin_add_overflow(r->A, span, &end);
}

static fl_cli_decimal range_value(const range *r, size_t k) {
    if (k == 0)
        return r->start;
    if (k == r->last && r->meets)
        return r->end;
    fl_cli_decimal d = {.exact = r->exact, .exponent = r->exponent};
    if (r->exact) {
        char text[48];
        d.mantissa = r->A + (int64_t)k * r->B;
        snprintf(text, sizeof text, "%" PRId64 "e%d", d.mantissa, d.exponent);
        d.value = strtod(text, NULL);
    } else {
        d.value = (double)(r->start.value + (long double)k * r->step.value);
    }
    return d;
}

static fl_status list_append_range(list *l, range *r) {
    if (r->step.value == 0)
        return fl_cli_reject(&l->source, "the step of a range cannot be zero");
    long double steps = ((long double)r->end.value - r->start.value) / r->step.value;
    if (steps < 0)
        return fl_cli_reject(&l->source, "the step of %.15g leads from %.15g away from %.15g",
                             r->step.value, r->start.value, r->end.value);
    if (!(steps < LIST_MOST))
        return fl_cli_reject(&l->source, "a range of more than %d values", LIST_MOST);
    r->meets = fabsl(steps - roundl(steps)) <= list_meets;
    r->last = (size_t)(r->meets ? roundl(steps) : floorl(steps));
    range_align(r);
    FL_CHECK(list_reserve(l, r->last + 1));
    for (size_t k = 0; k <= r->last; k++) {
        fl_cli_decimal d = range_value(r, k);
        FL_CHECK(list_append(l, &d));
    }
    return FL_OK;
}

static const char *skip_blanks(const char *at) {
    return at + strspn(at, " \t");
}

/* Reads "start[:end[:step]]" up to a comma or the end of the text, which is returned; NULL if it is
 * something else. */
static const char *scan_parts(const char *at, fl_cli_decimal part[3], int *parts) {
    for (*parts = 0; *parts < 3; at++) {
        at = fl_cli_decimal_scan(skip_blanks(at), &part[*parts]);
        if (!at)
            return NULL;
        at = skip_blanks(at);
        ++*parts;
        if (*at != ':')
            return !*at || *at == ',' ? at : NULL;
    }
    return NULL;
}

static fl_status reject_entry(const list *l, const char *entry) {
    char text[FL_CLI_SHOWN], shown[FL_CLI_SHOWN];
    size_t length = strcspn(entry, ",");
    if (!*skip_blanks(l->source.text))
        return fl_cli_reject(&l->source, "the list is empty");
    if (length == strspn(entry, " \t"))
        return fl_cli_reject(&l->source, "the list has an empty entry");
    if (entry == l->source.text && !entry[length])
        return fl_cli_reject(&l->source, "neither a finite decimal number nor a range");
    snprintf(text, sizeof text, "%.*s", length < 40 ? (int)length : 40, entry);
    return fl_cli_reject(&l->source, "%s is neither a finite decimal number nor a range",
                         fl_cli_shown(text, shown));
}

static fl_status list_entry(list *l, const char **at) {
    fl_cli_decimal part[3];
    int parts;
    const char *entry = skip_blanks(*at);
    *at = scan_parts(entry, part, &parts);
    if (!*at)
        return reject_entry(l, entry);
    for (int i = 0; i < parts; i++)
        FL_CHECK(fl_cli_decimal_finite(&l->source, &part[i]));
    if (parts == 1)
        return list_append(l, &part[0]);
    range r = {
        .start = part[0], .end = part[1], .step = {.value = 1, .exact = true, .mantissa = 1}};
    if (parts == 3)
        r.step = part[2];
    return list_append_range(l, &r);
}

static fl_status parse_list(list *l) {
    const char *at = l->source.text;
    for (;;) {
        fl_status status = list_entry(l, &at);
        if (status != FL_OK) {
            free(l->values);
            return status;
        }
        if (!*at)
            return FL_OK;
        at++;
    }
}

fl_status fl_parse_reals(const char *what, const char *text, double low, double high,
                         fl_reals *values) {
    list l = {.source = {what, text, low, high, fl_cli_reals, true}};
    FL_CHECK(parse_list(&l));
    *values = (fl_reals){l.count, l.values};
    return FL_OK;
}

fl_status fl_parse_integers(const char *what, const char *text, double low, double high,
                            fl_integers *values) {
    list l = {.source = {what, text, low, high, fl_cli_integers, true}, .whole = true};
    FL_CHECK(parse_list(&l));
    *values = (fl_integers){l.count, l.values};
    return FL_OK;
}
