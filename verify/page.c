/* HTML pieces and figures of the report: see page.h. */
#include "verify/page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fixland/version.h"

static const char style[] =
    "<style>\n"
    "body{font:16px/1.5 Georgia,serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#222}\n"
    "h1,h2,th,.verdict{font-family:Helvetica,Arial,sans-serif}\n"
    "h2{margin-top:2.5rem;border-bottom:1px solid #ccc}\n"
    ".verdict{padding:.6rem 1rem;border-radius:.3rem;color:#fff;font-weight:bold}\n"
    ".verdict.pass{background:#1b7837}.verdict.fail{background:#b2182b}\n"
    "table{border-collapse:collapse;width:100%;font-size:.85rem;font-variant-numeric:tabular-nums}"
    "\n"
    "th,td{padding:.2rem .6rem;text-align:right;border-bottom:1px solid #ddd}\n"
    "th:first-child,td:first-child{text-align:left}td a{color:inherit;text-decoration:none}\n"
    "tr.fail td{background:#fddbc7;font-weight:bold}td.bound{color:#777}\n"
    "pre.command{background:#f4f4f4;padding:.5rem .8rem;overflow-x:auto;font-size:.8rem}\n"
    "pre.command span{color:#777}\n"
    "figure{margin:1.5rem 0}figure img{width:100%;height:auto}\n"
    "figcaption{font-size:.9rem;color:#444}\n"
    "@media print{body{max-width:none}section{page-break-inside:avoid}}\n"
    "</style>\n";

void page_escape(FILE *page, const char *text) {
    for (; *text; text++)
        switch (*text) {
        case '&':
            fputs("&amp;", page);
            break;
        case '<':
            fputs("&lt;", page);
            break;
        case '>':
            fputs("&gt;", page);
            break;
        default:
            fputc(*text, page);
        }
}

void page_head(FILE *page, uint64_t seed, size_t passed, size_t failed) {
    fprintf(page,
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
            "<title>fixland: verification</title>\n%s</head><body>\n"
            "<h1>Fixed points of random networks: theory against simulation</h1>\n"
            "<p>fixland %s (commit %s), seed %llu. Simulations and closed forms below were made by "
            "the commands shown; tables and figures are in the folders <code>data</code> and "
            "<code>figures</code> beside this page.</p>\n",
            style, fl_version(), fl_commit(), (unsigned long long)seed);
    fprintf(page,
            "<p class=\"verdict %s\">%zu checks passed, %zu failed. <a href=\"#checks\" "
            "style=\"color:inherit\">All checks</a></p>\n",
            failed ? "fail" : "pass", passed, failed);
}

void page_foot(FILE *page) {
    fprintf(page,
            "<p>A statistical check passes within 4.5 standard errors; a numerical one within "
            "the error shown.</p>\n</body></html>\n");
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
static fl_status draw(const char *folder, const char *script, const char *format) {
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

fl_status page_figure(FILE *page, const char *folder, const char *script, const char *caption) {
    char path[512];
    snprintf(path, sizeof path, "%s/figures", folder);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return fl_fail(FL_EIO, "cannot make the folder %s: %s", path, strerror(errno));
    FL_CHECK(draw(folder, script, "png"));
    FL_CHECK(draw(folder, script, "svg"));
    fprintf(page, "<figure><img alt=\"%s\" src=\"data:image/svg+xml;base64,", script);
    snprintf(path, sizeof path, "%s/figures/%s.svg", folder, script);
    FL_CHECK(embed(page, path));
    fprintf(page,
            "\">\n<figcaption>%s (<a href=\"figures/%s.png\">PNG</a>, "
            "<a href=\"figures/%s.svg\">SVG</a>)</figcaption></figure>\n",
            caption, script, script);
    return FL_OK;
}
