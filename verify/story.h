/* Texts of the report that are written from its tables: the file verify/story.txt.
 *
 * The file holds records, parted by empty lines. A record is lines "key: value"; a line that begins
 * with a blank goes on with the value above; lines that begin with # are left out. The first key
 * says the kind: `sentence` of the opening paragraph, `figure` of the first part, `claim` of the
 * ledger.
 *
 * In a value, {TABLE COLUMN KEY=VALUE ... %.3f} stands for a number: the cell of COLUMN in the
 * first row of TABLE.tsv in which every KEY has that VALUE (as numbers where both are), printed by
 * that format (%.Nf,
 * %.Ng or %.Ne; %.4g without). error=NAME adds the cell of NAME in the manner 0.8155(15). 1/ in
 * front of COLUMN gives the smallest whole number N with 1/N <= cell: the size at which one spin is
 * that near. */
#ifndef FIXLAND_VERIFY_STORY_H
#define FIXLAND_VERIFY_STORY_H

#include <stddef.h>

#include "fixland/status.h"

typedef struct story_record {
    size_t count;
    char **keys, **values; /* within story.text */
} story_record;

typedef struct story {
    size_t count;
    story_record *records;
    char *text; /* the file */
} story;

/* FL_EIO, or FL_EFORMAT with file and line. */
fl_status story_read(story *s, const char *path);
void story_clear(story *s);

/* Value of a key, "" where the record has none. */
const char *story_value(const story_record *record, const char *key);

/* `text` with its numbers filled in, to free; tables are looked for in `folders` (the last entry
 * NULL), in that order. FL_EFORMAT says which number is missing; then *filled is NULL. */
fl_status story_fill(const char *text, const char *const *folders, char **filled);

#endif
