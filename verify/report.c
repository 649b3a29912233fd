/* The verification report: see report.h. Sections write into a memory stream; the page with the
 * verdicts on top is put together at the end. */
#include "verify/report.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixland/output.h"
#include "fixland/stats.h"
#include "verify/page.h"

typedef struct check {
    char *section, *name;
    double value, expected, error, z, limit; /* z: nan for numerical checks */
    bool passed;
} check;

struct report {
    char *folder, *tables, *texts;
    uint64_t seed;
    bool keep;
    char paths[8][512]; /* report_data */
    unsigned next_path;
    const section *section;
    FILE *body, *front; /* onto body_text, front_text */
    char *body_text, *front_text;
    size_t body_size, front_size;
    check *checks;
    size_t check_count, check_room;
    bool lost; /* a check could not be recorded: out of memory */
};

static fl_status make_folder(const char *folder, const char *below) {
    char path[512];
    snprintf(path, sizeof path, "%s%s", folder, below);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return fl_fail(FL_EIO, "cannot make the folder %s: %s", path, strerror(errno));
    return FL_OK;
}

/* The folder of story.txt and kept/: $FIXLAND_VERIFY, or verify of the clone. */
static const char *own_folder(void) {
    const char *given = getenv("FIXLAND_VERIFY");
    return given && *given ? given : "verify";
}

static char *path_below(const char *folder, const char *name) {
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s/%s", folder, name);
    return path;
}

static void free_report(report *r) {
    for (size_t k = 0; k < r->check_count; k++) {
        free(r->checks[k].section);
        free(r->checks[k].name);
    }
    free(r->checks);
    free(r->body_text);
    free(r->front_text);
    free(r->folder);
    free(r->tables);
    free(r->texts);
    free(r);
}

fl_status report_open(report **result, const char *folder, uint64_t seed, bool keep) {
    FL_CHECK(make_folder(folder, ""));
    FL_CHECK(make_folder(folder, "/data"));
    report *r = calloc(1, sizeof *r);
    if (r) {
        r->folder = strdup(folder);
        r->tables = path_below(folder, "data");
        r->texts = strdup(own_folder());
        r->seed = seed;
        r->keep = keep;
        r->body = open_memstream(&r->body_text, &r->body_size);
        r->front = open_memstream(&r->front_text, &r->front_size);
    }
    if (!r || !r->folder || !r->tables || !r->texts || !r->body || !r->front) {
        if (r)
            free_report(r);
        return fl_fail(FL_ENOMEM, "out of memory for the report");
    }
    *result = r;
    return FL_OK;
}

uint64_t report_seed(const report *r) {
    return r->seed;
}

const char *report_folder(const report *r) {
    return r->folder;
}

const char *report_tables(const report *r) {
    return r->tables;
}

const char *report_texts(const report *r) {
    return r->texts;
}

FILE *report_front(report *r) {
    return r->front;
}

const char *report_data(report *r, const char *file) {
    char *path = r->paths[r->next_path++ % 8];
    snprintf(path, sizeof r->paths[0], "%s/data/%s", r->folder, file);
    return path;
}

void report_section(report *r, const section *s) {
    r->section = s;
    fprintf(stderr, "verify: %s\n", s->title);
    fprintf(r->body, "<details><summary>%s</summary>\n<section id=\"%s\">\n", s->title, s->id);
    page_prose(r->body, s->text);
    fputc('\n', r->body);
    if (s->run(r) != FL_OK) {
        char name[600];
        snprintf(name, sizeof name, "the section ran to its end (%s)", fl_message());
        report_check_close(r, name, 0, 1, 0);
    }
    fprintf(r->body, "</section></details>\n");
}

/* Splits at blanks and calls the tool. */
static int call(report_tool *tool, const char *tool_name, char *words) {
    char *argv[64], *save = NULL;
    int argc = 0;
    argv[argc++] = (char *)(uintptr_t)tool_name;
    for (char *w = strtok_r(words, " ", &save); w && argc < 63; w = strtok_r(NULL, " ", &save))
        argv[argc++] = w;
    argv[argc] = NULL;
    return tool(argc, argv);
}

fl_status report_run(report *r, report_tool *tool, const char *tool_name, const char *name,
                     const char *arguments, ...) {
    char words[1024], table[64], all[2048];
    va_list list;
    va_start(list, arguments);
    vsnprintf(words, sizeof words, arguments, list);
    va_end(list);
    snprintf(table, sizeof table, "%s.tsv", name);
    fprintf(r->body, "<pre class=\"command\">%s ", tool_name);
    page_escape(r->body, words);
    fprintf(r->body, " <span>&gt; data/%s</span></pre>\n", table);
    if (r->keep && access(report_data(r, table), R_OK) == 0)
        return FL_OK;
    snprintf(all, sizeof all, "%s --quiet --force --output %s", words, report_data(r, table));
    int code = call(tool, tool_name, all);
    if (code != 0)
        return fl_fail(FL_EMISMATCH, "%s %s ended with exit code %d", tool_name, words, code);
    return FL_OK;
}

/* Copies the lines of a table; those of its provenance are shown, too. */
static void copy_table(report *r, FILE *from, FILE *to) {
    char line[2048];
    while (fgets(line, sizeof line, from)) {
        fputs(line, to);
        if (*line == '#' && strncmp(line, "# columns:", 10) != 0)
            page_escape(r->body, line + 2);
    }
}

fl_status report_keep(report *r, const char *name) {
    char path[1024], table[80];
    fl_output output = {0};
    snprintf(path, sizeof path, "%s/kept/%s.tsv", r->texts, name);
    snprintf(table, sizeof table, "%s.tsv", name);
    FILE *from = fopen(path, "r");
    if (!from)
        return fl_fail(FL_EIO, "%s: cannot be read: %s", path, strerror(errno));
    fl_status status = fl_output_open(&output, report_data(r, table), true);
    if (status == FL_OK) {
        fprintf(r->body, "<p>Kept from longer runs:</p>\n<pre class=\"command\">");
        copy_table(r, from, output.stream);
        fprintf(r->body, "<span>&gt; data/%s</span></pre>\n", table);
        status = fl_output_commit(&output);
    }
    fclose(from);
    return status;
}

fl_status report_table(report *r, const char *name, fl_frame *frame) {
    char file[64];
    snprintf(file, sizeof file, "%s.tsv", name);
    return fl_frame_read(frame, report_data(r, file));
}

static void add_check(report *r, check c) {
    if (r->check_count == r->check_room) {
        size_t room = r->check_room ? 2 * r->check_room : 64;
        check *more = realloc(r->checks, room * sizeof *more);
        if (!more) {
            r->lost = true;
            return;
        }
        r->checks = more;
        r->check_room = room;
    }
    r->checks[r->check_count++] = c;
}

void report_check(report *r, const char *name, double value, double expected, double error,
                  double limit) {
    double z = fl_z(value, expected, error);
    add_check(r, (check){.section = strdup(r->section ? r->section->id : "checks"),
                         .name = strdup(name),
                         .value = value,
                         .expected = expected,
                         .error = error,
                         .z = z,
                         .limit = limit,
                         .passed = fabs(z) <= limit});
}

void report_check_close(report *r, const char *name, double value, double expected,
                        double tolerance) {
    add_check(r, (check){.section = strdup(r->section ? r->section->id : "checks"),
                         .name = strdup(name),
                         .value = value,
                         .expected = expected,
                         .error = tolerance,
                         .z = NAN,
                         .passed = fabs(value - expected) <= tolerance});
}

fl_status report_figure(report *r, const char *script, const char *caption) {
    const page_figure_part part = {.script = script, .caption = caption};
    return page_figure(r->body, r->folder, &part);
}

size_t report_failures(const report *r, const char *piece, size_t *named) {
    size_t failed = 0;
    *named = 0;
    for (size_t k = 0; k < r->check_count; k++)
        if (strstr(r->checks[k].name, piece)) {
            ++*named;
            failed += !r->checks[k].passed;
        }
    return failed;
}

static size_t failures(const report *r) {
    size_t failed = r->lost;
    for (size_t k = 0; k < r->check_count; k++)
        failed += !r->checks[k].passed;
    return failed;
}

static void write_check_row(FILE *page, const check *c) {
    fprintf(page, "<tr class=\"%s\"><td><a href=\"#%s\">", c->passed ? "pass" : "fail", c->section);
    page_prose(page, c->name);
    fprintf(page, "</a></td><td>%.8g</td><td>%.8g</td><td>%.2g</td>", c->value, c->expected,
            c->error);
    if (isnan(c->z))
        fprintf(page, "<td class=\"bound\">within error</td>");
    else
        fprintf(page, "<td>%+.2f</td>", c->z);
    fprintf(page, "<td>%s</td></tr>\n", c->passed ? "pass" : "FAIL");
}

static fl_status write_page(report *r, size_t failed) {
    char path[512];
    fl_output output = {0};
    snprintf(path, sizeof path, "%s/index.html", r->folder);
    FL_CHECK(fl_output_open(&output, path, true));
    page_head(output.stream, r->seed, r->check_count - failed, failed);
    fwrite(r->front_text, 1, r->front_size, output.stream);
    fprintf(output.stream,
            "<section id=\"checks\"><h2>All checks</h2>\n<p>A statistical check passes "
            "within 4.5 standard errors; a numerical one within the error shown.</p>\n"
            "<table><tr><th>check</th>"
            "<th>value</th><th>expected</th><th>error</th><th>z</th>"
            "<th>verdict</th></tr>\n");
    for (size_t k = 0; k < r->check_count; k++)
        write_check_row(output.stream, &r->checks[k]);
    fprintf(output.stream, "</table></section>\n<h2>Commands, tables and further figures</h2>\n");
    fwrite(r->body_text, 1, r->body_size, output.stream);
    page_foot(output.stream);
    return fl_output_commit(&output);
}

static const fl_column columns[] = {
    {"section", FL_TEXT, NULL},   {"check", FL_TEXT, NULL}, {"value", FL_REAL, NULL},
    {"expected", FL_REAL, NULL},  {"error", FL_REAL, NULL}, {"z", FL_REAL, NULL},
    {"passed", FL_INTEGER, NULL},
};

static fl_status write_checks(report *r) {
    fl_table *table;
    char path[512];
    snprintf(path, sizeof path, "%s/checks.tsv", r->folder);
    FL_CHECK(fl_table_open(&table, path, true, FL_TABLE_TSV, NULL, columns, 7));
    for (size_t k = 0; k < r->check_count; k++) {
        const check *c = &r->checks[k];
        char name[600];
        snprintf(name, sizeof name, "%s", c->name);
        for (char *p = name; *p; p++)
            *p = *p == ' ' ? '_' : *p;
        const fl_cell row[] = {FL_STR(c->section),  FL_STR(name),     FL_NUM(c->value),
                               FL_NUM(c->expected), FL_NUM(c->error), FL_NUM(c->z),
                               FL_INT(c->passed)};
        fl_status status = fl_table_row(table, row);
        if (status != FL_OK) {
            fl_table_discard(table);
            return status;
        }
    }
    return fl_table_close(table);
}

fl_status report_close(report *r, size_t *failed) {
    fclose(r->body);
    fclose(r->front);
    *failed = failures(r);
    fl_status status = write_page(r, *failed);
    if (status == FL_OK)
        status = write_checks(r);
    for (size_t k = 0; k < r->check_count; k++)
        if (!r->checks[k].passed)
            printf("FAIL  %s: %.10g, expected %.10g, error %.3g\n", r->checks[k].name,
                   r->checks[k].value, r->checks[k].expected, r->checks[k].error);
    printf("%zu checks passed, %zu failed: %s/index.html\n", r->check_count - *failed, *failed,
           r->folder);
    free_report(r);
    return status;
}
