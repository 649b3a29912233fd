/* The first part of the report: see front.h. */
#include "verify/front.h"

#include <stdlib.h>
#include <string.h>

#include "fixland/output.h"
#include "verify/page.h"

/* "pass", "fail" or "unknown" (a check is named that nobody made): what the checks of a record say.
 * The key `checks` holds pieces of their names, parted by semicolons; a record without it stands by
 * itself. */
static const char *verdict_of(const report *r, const story_record *record) {
    char names[512], *save = NULL;
    const char *verdict = "pass";
    snprintf(names, sizeof names, "%s", story_value(record, "checks"));
    for (char *name = strtok_r(names, ";", &save); name; name = strtok_r(NULL, ";", &save)) {
        size_t named, failed = report_failures(r, name + strspn(name, " "), &named);
        if (failed || !named)
            return named ? "fail" : "unknown";
    }
    return verdict;
}

/* The filled text of a key, to free; what is missing becomes a failed check and shows in the text.
 */
static char *filled_value(report *r, const story_record *record, const char *key) {
    const char *folders[] = {report_tables(r), NULL};
    char *text, name[600];
    if (story_fill(story_value(record, key), folders, &text) == FL_OK)
        return text;
    snprintf(name, sizeof name, "every number of the text is in a table (%s)", fl_message());
    report_check_close(r, name, 0, 1, 0);
    return strdup("<b>a number is missing</b>");
}

static bool is_kind(const story_record *record, const char *kind) {
    return strcmp(record->keys[0], kind) == 0;
}

static void write_opening(report *r, FILE *page, const story *s) {
    fprintf(page, "<p class=\"opening\">");
    for (size_t k = 0; k < s->count; k++) {
        if (!is_kind(&s->records[k], "sentence"))
            continue;
        char *text = filled_value(r, &s->records[k], "sentence");
        fprintf(page, "<span class=\"%s\">", verdict_of(r, &s->records[k]));
        page_prose(page, text ? text : "");
        fprintf(page, "</span> ");
        free(text);
    }
    fprintf(
        page,
        "</p>\n<p class=\"note\">Numbers of this paragraph are read from the tables of this run; a "
        "sentence whose check has failed is red.</p>\n");
}

static void write_contents(FILE *page, const story *s, const section *const *sections,
                           size_t count) {
    int number = 0;
    fprintf(page, "<nav><ul>\n");
    for (size_t k = 0; k < s->count; k++)
        if (is_kind(&s->records[k], "figure")) {
            fprintf(page, "<li><a href=\"#figure-%d\">Figure %d</a>: ", number + 1, number + 1);
            page_prose(page, story_value(&s->records[k], "question"));
            fprintf(page, "</li>\n");
            number++;
        }
    fprintf(
        page,
        "<li><a href=\"#ledger\">What the papers say, and what was found: the ledger</a></li>\n"
        "<li><a href=\"#checks\">All checks</a></li>\n<li>Commands, tables and further figures: ");
    for (size_t k = 0; k < count; k++)
        fprintf(page, "%s<a href=\"#%s\">%s</a>", k ? "; " : "", sections[k]->id,
                sections[k]->title);
    fprintf(page, "</li>\n</ul></nav>\n");
}

static fl_status write_figures(report *r, FILE *page, const story *s) {
    int number = 0;
    for (size_t k = 0; k < s->count; k++) {
        const story_record *record = &s->records[k];
        if (!is_kind(record, "figure"))
            continue;
        char *caption = filled_value(r, record, "caption");
        page_figure_part part = {.script = story_value(record, "figure"),
                                 .title = story_value(record, "question"),
                                 .caption = caption ? caption : "",
                                 .section = story_value(record, "section"),
                                 .verdict = verdict_of(r, record),
                                 .number = ++number};
        fl_status status = page_figure(page, report_folder(r), &part);
        free(caption);
        FL_CHECK(status);
    }
    return FL_OK;
}

/* What the ledger says of a claim: its verdict, or that the check behind it has failed. */
static const char *ledger_verdict(const report *r, const story_record *record) {
    return strcmp(verdict_of(r, record), "pass") == 0 ? story_value(record, "verdict")
                                                      : "its check FAILED in this run";
}

static void write_claim(report *r, FILE *page, const story_record *record) {
    char *number = filled_value(r, record, "number");
    fprintf(page, "<tr class=\"%s\"><td>%s</td><td>", verdict_of(r, record),
            story_value(record, "claim"));
    page_prose(page, story_value(record, "says"));
    fprintf(page, "</td><td><code>");
    page_escape(page, story_value(record, "command"));
    fprintf(page, "</code></td><td>");
    page_prose(page, number ? number : "");
    fprintf(page, "</td><td>");
    page_prose(page, ledger_verdict(r, record));
    fprintf(page, "</td><td>");
    page_prose(page, story_value(record, "overturned"));
    fprintf(page, "</td></tr>\n");
    free(number);
}

static void write_ledger(report *r, FILE *page, const story *s) {
    fprintf(page,
            "<section id=\"ledger\"><h2>What the papers say, and what was found</h2>\n"
            "<p>Every statement of both abstracts. S: arXiv 2510.11984; B: arXiv 2509.05041; V: "
            "its first "
            "version where it says more. <i>reproduced</i>: a check that could have failed did "
            "not, at the "
            "sizes named. <i>partly</i>: part of the statement, or under a condition of ours. "
            "<i>not</i>: "
            "tested, and it came out otherwise. <i>cannot be decided</i>: it needs a limit, a text "
            "or a "
            "judgement of value that we do not have. Only the abstracts were compared.</p>\n"
            "<table class=\"ledger\"><tr><th></th><th>statement</th><th>command</th><th>number</th>"
            "<th>verdict</th><th>what would overturn it</th></tr>\n");
    for (size_t k = 0; k < s->count; k++)
        if (is_kind(&s->records[k], "claim"))
            write_claim(r, page, &s->records[k]);
    fprintf(page, "</table></section>\n");
}

fl_status front_write(report *r, FILE *page, const story *s, const section *const *sections,
                      size_t section_count) {
    write_opening(r, page, s);
    write_contents(page, s, sections, section_count);
    FL_CHECK(write_figures(r, page, s));
    write_ledger(r, page, s);
    return FL_OK;
}

/* | would end a cell of a Markdown table. */
static void markdown_cell(FILE *out, const char *text) {
    fputs(" | ", out);
    for (; *text; text++)
        fprintf(out, *text == '|' ? "\\%c" : "%c", *text);
}

fl_status front_claims(report *r, const story *s, const char *path) {
    fl_output output = {0};
    FL_CHECK(fl_output_open(&output, path, true));
    fputs("| | statement | command | number | verdict | what would overturn it "
          "|\n|---|---|---|---|---|---|\n",
          output.stream);
    for (size_t k = 0; k < s->count; k++) {
        const story_record *record = &s->records[k];
        if (!is_kind(record, "claim"))
            continue;
        char *number = filled_value(r, record, "number");
        fprintf(output.stream, "| %s", story_value(record, "claim"));
        markdown_cell(output.stream, story_value(record, "says"));
        fprintf(output.stream, " | `%s`", story_value(record, "command"));
        markdown_cell(output.stream, number ? number : "");
        markdown_cell(output.stream, ledger_verdict(r, record));
        markdown_cell(output.stream, story_value(record, "overturned"));
        fputs(" |\n", output.stream);
        free(number);
    }
    return fl_output_commit(&output);
}
