/* The verification report: runs the tools, compares their tables, draws figures, writes one HTML
 * page that holds everything.
 *
 * A section is a function that calls report_run for its data, report_check for each comparison and
 * report_figure for what is worth seeing. To add one: write verify/section_NAME.c and list it in
 * verify/main.c. */
#ifndef FIXLAND_VERIFY_REPORT_H
#define FIXLAND_VERIFY_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "fixland/status.h"
#include "fixland/table.h"

typedef struct report report;

typedef struct section {
    const char *id, *title;
    const char *text; /* HTML paragraphs: what is compared with what */
    fl_status (*run)(report *r);
} section;

/* Folder for everything, made if missing; `seed` of all random networks. `keep`: a table that is in
 * the folder is not computed again. */
fl_status report_open(report **r, const char *folder, uint64_t seed, bool keep);

uint64_t report_seed(const report *r);
const char *report_folder(const report *r);
const char *report_tables(const report *r); /* its folder data */
const char *report_texts(const report *r);  /* the folder of story.txt */

/* How many checks have failed whose names contain `piece`, and *named, how many there are. */
size_t report_failures(const report *r, const char *piece, size_t *named);

/* Runs a section; its failure is recorded as a failed check. */
void report_section(report *r, const section *s);

/* Runs a tool in process, `arguments` as they would be typed (printf style, no quotes), with its
 * table going to data/NAME.tsv in the folder; the command is shown in the report. */
typedef int report_tool(int argc, char **argv);
fl_status report_run(report *r, report_tool *tool, const char *tool_name, const char *name,
                     const char *arguments, ...) __attribute__((format(printf, 5, 6)));

/* Path of data/FILE in the folder, in a buffer that lives until the eighth next call. */
const char *report_data(report *r, const char *file);

/* Copies kept/NAME.tsv of the tree, a table of a run that takes longer than a report may, to
 * data/NAME.tsv, and shows the lines of its provenance: command and commit. */
fl_status report_keep(report *r, const char *name);

/* Reads data/NAME.tsv back. */
fl_status report_table(report *r, const char *name, fl_frame *frame);

/* A statistical check: passes iff |value - expected| <= limit * error. */
void report_check(report *r, const char *name, double value, double expected, double error,
                  double limit);

/* A numerical check: passes iff |value - expected| <= tolerance, shown in place of the error. */
void report_check_close(report *r, const char *name, double value, double expected,
                        double tolerance);

/* Draws plots/SCRIPT.gp over the folder's tables, as PNG and SVG; shown with its caption. The
 * figures that the first part shows are drawn there: verify/story.txt. */
fl_status report_figure(report *r, const char *script, const char *caption);

/* Where the first part of the page is written (front.h). */
FILE *report_front(report *r);

/* Writes index.html (the first part, checks, sections) and checks.tsv, prints the summary; *failed
 * is the number of failed checks. Frees the report in any case. */
fl_status report_close(report *r, size_t *failed);

#endif
