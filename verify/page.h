/* Pieces of the report's HTML page. */
#ifndef FIXLAND_VERIFY_PAGE_H
#define FIXLAND_VERIFY_PAGE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "fixland/status.h"

/* `text` with &, < and > escaped. */
void page_escape(FILE *page, const char *text);

/* Everything up to the first section: style, title, verdict. */
void page_head(FILE *page, uint64_t seed, size_t passed, size_t failed);
void page_foot(FILE *page);

/* Runs gnuplot on plots/SCRIPT.gp within `folder` (tables in data/), giving figures/SCRIPT.png and
 * .svg, and puts the SVG into the page, with links to both. FL_EIO when gnuplot fails. */
fl_status page_figure(FILE *page, const char *folder, const char *script, const char *caption);

#endif
