/* A page of text under construction: for a terminal, or as a manual page (man(7)). The same calls
 * make both. */
#ifndef FIXLAND_CLI_PAGE_H
#define FIXLAND_CLI_PAGE_H

#include <stdbool.h>
#include <stdio.h>

typedef struct page {
    FILE *out;
    bool manual; /* man(7), which breaks lines by itself; else plain text */
    int width;   /* columns of the terminal, or of the source of a manual page */
    int at;      /* columns used in the current line */
    int indent;  /* of the text in work */
} page;

/* The usual width of standard output. */
int page_width(void);

void page_section(page *p, const char *title);

/* Paragraphs are set apart by empty lines; lines that begin with a blank stay as they are. */
void page_paragraphs(page *p, const char *text);

/* A line as it is. Several in a row stand together. */
void page_verbatim(page *p, const char *line);

/* An entry: `name` at the left, what page_text adds at the right of it, until page_end. */
void page_entry(page *p, const char *name);

/* Words, broken at the width; outside an entry they begin at the left. */
void page_text(page *p, const char *text);
void page_end(page *p);

/* An empty line. */
void page_gap(page *p);

#endif
