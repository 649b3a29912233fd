/* HTML pieces and figures of the report: see page.h. */
#include "verify/page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fixland/version.h"

static const char style[] =
    "<style>\n"
    "body{font:16px/1.5 Georgia,\"DejaVu Serif\",serif;max-width:54rem;margin:2rem auto;padding:0 "
    "1rem;"
    "color:#222}\n"
    "h1,h2,h3,th,nav,summary,.verdict{font-family:Helvetica,Arial,\"DejaVu Sans\",sans-serif}\n"
    "h2{margin-top:2.5rem;border-bottom:1px solid #ccc}h3{margin:2.2rem 0 0;font-size:1.05rem}\n"
    ".verdict{padding:.6rem 1rem;border-radius:.3rem;color:#fff;font-weight:bold}\n"
    ".verdict.pass{background:#1b7837}.verdict.fail{background:#b2182b}\n"
    ".opening{font-size:1.08rem}.note{font-size:.85rem;color:#555}\n"
    "span.fail,span.unknown,figcaption.fail,figcaption.unknown{color:#b2182b;font-weight:bold}\n"
    "nav{font-size:.9rem;background:#f4f4f4;padding:.4rem 1rem}nav ul{padding-left:1.2rem}\n"
    "table{border-collapse:collapse;width:100%;font-size:.85rem;font-variant-numeric:tabular-nums}"
    "\n"
    "th,td{padding:.2rem .6rem;text-align:right;border-bottom:1px solid #ddd}\n"
    "th:first-child,td:first-child{text-align:left}td a{color:inherit;text-decoration:none}\n"
    "tr.fail td,tr.unknown td{background:#fddbc7;font-weight:bold}td.bound{color:#777}\n"
    "table.ledger th,table.ledger td{text-align:left;vertical-align:top;font-size:.8rem}\n"
    "table.ledger code{font-size:.72rem;overflow-wrap:anywhere}\n"
    "pre.command{background:#f4f4f4;padding:.5rem .8rem;white-space:pre-wrap;"
    "overflow-wrap:anywhere;font-size:.8rem}\n"
    "pre.command span{color:#777}\n"
    "figure{margin:.6rem 0 1.5rem}figure img{width:100%;max-width:46rem;height:auto}\n"
    "figcaption{font-size:.9rem;color:#444}\n"
    "summary{font-size:1.15rem;margin:.6rem 0;cursor:pointer}\n"
    "@media print{body{max-width:none}section,figure{page-break-inside:avoid}}\n"
    "</style>\n";

static const char *escape_of(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

void page_escape(FILE *page, const char *text) {
    for (; *text; text++) {
        const char *escaped = escape_of(*text);
        if (escaped)
            fputs(escaped, page);
        else
            fputc(*text, page);
    }
}

void page_prose(FILE *page, const char *text) {
    static const char *const names[][2] = {
        {"J_gap", "<i>J</i><sub>gap</sub>"},   {"J_mono", "<i>J</i><sub>mono</sub>"},
        {"J_half", "<i>J</i><sub>half</sub>"}, {"J_D", "<i>J</i><sub>D</sub>"},
        {"J_c", "<i>J</i><sub>c</sub>"},       {"lambda_gap", "&lambda;<sub>gap</sub>"}};
    while (*text) {
        size_t k = 0, count = sizeof names / sizeof *names;
        while (k < count && strncmp(text, names[k][0], strlen(names[k][0])) != 0)
            k++;
        if (k < count) {
            fputs(names[k][1], page);
            text += strlen(names[k][0]);
        } else {
            fputc(*text++, page);
        }
    }
}

void page_head(FILE *page, uint64_t seed, size_t passed, size_t failed) {
    fprintf(page,
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
            "<title>fixland: verification</title>\n%s</head><body>\n"
            "<h1>Fixed points of random networks: theory against simulation</h1>\n"
            "<p class=\"verdict %s\">%zu checks passed, %zu failed. <a href=\"#checks\" "
            "style=\"color:inherit\">All checks</a></p>\n"
            "<p class=\"note\">fixland %s (commit %s), seed %llu. Tables and figures are in the "
            "folders "
            "<code>data</code> and <code>figures</code> beside this page; the commands that made "
            "them are "
            "at its end.</p>\n",
            style, failed ? "fail" : "pass", passed, failed, fl_version(), fl_commit(),
            (unsigned long long)seed);
}

void page_foot(FILE *page) {
    fprintf(page, "</body></html>\n");
}

/* The file as a base64 data URI. */
static fl_status embed(FILE *page, const char *path) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    FILE *file = fopen(path, "rb");
    if (!file)
        return fl_fail(FL_EIO, "cannot read the figure %s: %s", path, strerror(errno));
    unsigned char in[3];
    for (size_t got; (got = fread(in, 1, 3, file)) > 0;) {
        unsigned bits = (unsigned)in[0] << 16 | (got > 1 ? (unsigned)in[1] << 8 : 0) |
                        (got > 2 ? (unsigned)in[2] : 0);
        fputc(digits[bits >> 18], page);
        fputc(digits[bits >> 12 & 63], page);
        fputc(got > 1 ? digits[bits >> 6 & 63] : '=', page);
        fputc(got > 2 ? digits[bits & 63] : '=', page);
    }
    fclose(file);
    return FL_OK;
}

/* One gnuplot run; the scripts read `format`, `output` and `data`. */
static fl_status draw_page(const char *folder, const char *script, const char *format) {
    const char *plots = getenv("FIXLAND_PLOTS");
    char command[2048];
    if (!plots || !*plots)
        plots = "plots";
    snprintf(command, sizeof command,
             "gnuplot -e \"plots='%s'; format='%s'; output='%s/figures/%s.%s'; data='%s/data'\" "
             "'%s/%s.gp' 1>&2",
             plots, format, folder, script, format, folder, plots, script);
    int code = system(command);
    if (code != 0)
        return fl_fail(FL_EIO, "gnuplot failed on %s/%s.gp (status %d)", plots, script, code);
    return FL_OK;
}

static void write_caption(FILE *page, const page_figure_part *part) {
    fprintf(page, "\">\n<figcaption class=\"%s\">", part->verdict ? part->verdict : "pass");
    if (part->number)
        fprintf(page, "<b>Figure %d.</b> ", part->number);
    page_prose(page, part->caption);
    fprintf(page, " (<a href=\"figures/%s.png\">PNG</a>, <a href=\"figures/%s.svg\">SVG</a>",
            part->script, part->script);
    if (part->section && *part->section)
        fprintf(page, ", <a href=\"#%s\">commands</a>", part->section);
    fprintf(page, ")</figcaption></figure>\n");
}

fl_status page_figure(FILE *page, const char *folder, const page_figure_part *part) {
    char path[512];
    snprintf(path, sizeof path, "%s/figures", folder);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return fl_fail(FL_EIO, "cannot make the folder %s: %s", path, strerror(errno));
    FL_CHECK(draw_page(folder, part->script, "png"));
    FL_CHECK(draw_page(folder, part->script, "svg"));
    if (part->number) {
        fprintf(page, "<h3 id=\"figure-%d\">%d. ", part->number, part->number);
        page_prose(page, part->title);
        fprintf(page, "</h3>\n");
    }
    fprintf(page, "<figure><img alt=\"");
    page_escape(page, part->title ? part->title : part->script);
    fprintf(page, "\" src=\"data:image/svg+xml;base64,");
    snprintf(path, sizeof path, "%s/figures/%s.svg", folder, part->script);
    FL_CHECK(embed(page, path));
    write_caption(page, part);
    return FL_OK;
}
