/* The first part of the report: opening paragraph, contents, map and figures that answer questions,
 * the ledger of claims; all from verify/story.txt and the tables. See story.h. */
#ifndef FIXLAND_VERIFY_FRONT_H
#define FIXLAND_VERIFY_FRONT_H

#include <stdio.h>

#include "verify/report.h"
#include "verify/story.h"

/* Writes it to the page; `sections` for the list of contents. A number that no table has is a
 * failed check. */
fl_status front_write(report *r, FILE *page, const story *s, const section *const *sections,
                      size_t section_count);

/* The ledger as Markdown, doc/claims.md. */
fl_status front_claims(report *r, const story *s, const char *path);

#endif
