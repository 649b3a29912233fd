/* Provenance: an ordered list of (key, value) texts that travels with every table and store:
 * program, version, commit, host, command, every resolved parameter, seed, kernel, threads, date.
 */
#ifndef FIXLAND_META_H
#define FIXLAND_META_H

#include <stddef.h>

#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fl_meta {
    size_t count, capacity;
    char **keys, **values; /* owned; values hold no newline */
} fl_meta;

/* Sets `key` to the formatted value, replacing an earlier value of the same key. Newlines in the
 * value become blanks. Start from a zeroed struct; FL_ENOMEM only. */
fl_status fl_meta_set(fl_meta *meta, const char *key, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 3, 4)))
#endif
    ;

/* A number in its shortest form that reads back to it (fl_format_real), as the tools write it.
 * FL_ENOMEM only. */
fl_status fl_meta_set_real(fl_meta *meta, const char *key, double value);

/* The value of `key`, or NULL. */
const char *fl_meta_get(const fl_meta *meta, const char *key);

/* Takes `key` away, if it is there. */
void fl_meta_remove(fl_meta *meta, const char *key);

/* All entries of `from` into `meta`. FL_ENOMEM only. */
fl_status fl_meta_copy(fl_meta *meta, const fl_meta *from);

/* Releases everything and zeroes the struct. */
void fl_meta_clear(fl_meta *meta);

#ifdef __cplusplus
}
#endif
#endif
