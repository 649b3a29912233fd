/* Pieces of the report's HTML page. */
#ifndef FIXLAND_VERIFY_PAGE_H
#define FIXLAND_VERIFY_PAGE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "fixland/status.h"

/* `text` with &, <, > and " escaped. */
void page_escape(FILE *page, const char *text);

/* HTML text in which J_D, J_gap, J_mono, J_half, J_c and lambda_gap are set with subscripts. */
void page_prose(FILE *page, const char *text);

/* Everything up to the first paragraph: style, title, verdict. */
void page_head(FILE *page, uint64_t seed, size_t passed, size_t failed);
void page_foot(FILE *page);

typedef struct page_figure_part {
    const char *script;  /* plots/SCRIPT.gp */
    const char *title;   /* above the figure and as its alternative text; NULL: none */
    const char *caption; /* HTML prose */
    const char *section; /* id of the section with its commands; NULL or "": none */
    const char *verdict; /* "fail" turns the caption red; may be NULL */
    int number;          /* 0: not numbered */
} page_figure_part;

/* Runs gnuplot on plots/SCRIPT.gp within `folder` (tables in data/), giving figures/SCRIPT.png and
 * .svg, and puts the SVG into the page, with links to both. FL_EIO when gnuplot fails. */
fl_status page_figure(FILE *page, const char *folder, const page_figure_part *part);

#endif
