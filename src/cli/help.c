/* --help, made from the tables and wrapped to the terminal, and --version. */
#include <stdlib.h>
#include <string.h>

#include "fixland/version.h"
#include "src/cli/internal.h"
#include "src/cli/page.h"

/* Appends to the list of remarks in brackets behind an option's help. */
static void remark(char *text, size_t size, const char *before, const char *value) {
    size_t used = strlen(text);
    if (value && *value && used < size)
        snprintf(text + used, size - used, "%s%s%s", used ? "; " : "", before, value);
}

/* Of a text: "of async, sync, site", which can be broken into lines; else as it stands. */
static void remark_choices(char *text, size_t size, const fl_option *o) {
    char words[400] = "";
    bool text_option = o->type == FL_OPTION_TEXT;
    size_t used = 0;
    for (const char *c = o->argument && o->choices ? o->choices : ""; *c && used + 3 < sizeof words;
         c++)
        if (*c == '|' && text_option) {
            words[used++] = ',';
            words[used++] = ' ';
        } else {
            words[used++] = *c;
        }
    remark(text, size, text_option ? "of " : "", words);
}

static void put_remarks(page *p, const fl_option *o) {
    char inside[600] = "", limits[80], all[620];
    fl_cli_limits(o->low, o->high, limits, sizeof limits);
    remark(inside, sizeof inside, "in ", o->unit);
    remark_choices(inside, sizeof inside, o);
    remark(inside, sizeof inside, "", *limits ? limits + 1 : NULL);
    remark(inside, sizeof inside, "default ", o->fallback);
    remark(inside, sizeof inside, "default: ", o->fallback ? NULL : o->otherwise);
    remark(inside, sizeof inside, "", o->required ? "required" : NULL);
    snprintf(all, sizeof all, "[%s]", inside);
    if (*inside)
        page_text(p, all);
}

static void put_option(page *p, const fl_option *o) {
    char left[120];
    const char *argument = o->each ? "LIST" : o->argument ? o->argument : o->choices;
    bool bare = o->type == FL_OPTION_FLAG || !argument;
    snprintf(left, sizeof left, "--%s%s%s", o->name, bare ? "" : " ", bare ? "" : argument);
    page_entry(p, left);
    if (o->help)
        page_text(p, o->help);
    put_remarks(p, o);
    page_end(p);
}

static void put_options(page *p, const fl_cli_options *o, bool common, const char *title) {
    bool begun = false;
    for (const fl_cli_slot *slot = o->slots; slot < o->slots + o->count; slot++)
        if (slot->common == common) {
            if (!begun)
                page_section(p, title);
            begun = true;
            put_option(p, &slot->option);
        }
}

static void put_column(page *p, const fl_column *column) {
    char unit[80];
    page_entry(p, column->name);
    if (column->help)
        page_text(p, column->help);
    snprintf(unit, sizeof unit, "[%s]", column->unit ? column->unit : "");
    if (column->unit && *column->unit)
        page_text(p, unit);
    page_end(p);
}

static void put_tables(page *p, const fl_mode_table *table) {
    for (; table && table->columns; table++) {
        page_section(p, table->heading ? table->heading : "Columns");
        for (size_t i = 0; i < table->count; i++)
            put_column(p, &table->columns[i]);
    }
}

/* "Usage: fl-count [run] [OPTION ...] FILE ..." */
static void put_usage(page *p, const fl_tool *tool, const fl_mode *mode, const char *before,
                      bool optional) {
    char line[200];
    const char *name = mode->name ? mode->name : "";
    const char *open = !mode->name ? "" : optional ? " [" : " ";
    snprintf(line, sizeof line, "%s%s%s%s%s [OPTION ...]%s", before, tool->name, open, name,
             mode->name && optional ? "]" : "", mode->takes_files ? " FILE ..." : "");
    page_verbatim(p, line);
}

/* Of the tool, or of one of its modes. */
static void put_usages(page *p, const fl_cli_options *o) {
    const fl_tool *tool = o->tool;
    size_t first = o->mode_given ? (size_t)(o->mode - tool->modes) : 0;
    size_t last = o->mode_given ? first + 1 : tool->mode_count;
    for (size_t i = first; i < last; i++) {
        const char *before = p->manual ? "" : i == first ? "Usage: " : "       ";
        put_usage(p, tool, &tool->modes[i], before, i == 0);
    }
}

static void put_modes(page *p, const fl_tool *tool) {
    char last[200];
    page_section(p, "Modes");
    for (size_t i = 0; i < tool->mode_count; i++) {
        const fl_mode *mode = &tool->modes[i];
        page_entry(p, mode->name ? mode->name : "");
        page_text(p, mode->summary ? mode->summary : "");
        if (i == 0)
            page_text(p, "[default]");
        page_end(p);
    }
    snprintf(last, sizeof last, "%s MODE --help explains a mode; what follows is about %s.",
             tool->name, tool->modes[0].name);
    page_gap(p);
    page_verbatim(p, last);
}

static bool is_whole(const fl_cli_options *o) {
    return !o->mode_given && o->tool->mode_count > 1;
}

/* What a page is about, in a line. */
static const char *summary_of(const fl_cli_options *o) {
    const fl_mode *mode = o->mode;
    return o->mode_given && mode->name && mode->summary ? mode->summary : o->tool->summary;
}

static void put_head(page *p, const fl_cli_options *o) {
    char title[200];
    bool named = o->mode_given && o->mode->name;
    snprintf(title, sizeof title, "%s%s%s: %s", o->tool->name, named ? " " : "",
             named ? o->mode->name : "", summary_of(o));
    page_text(p, title);
    page_gap(p);
    put_usages(p, o);
    if (is_whole(o))
        put_modes(p, o->tool);
}

static bool has_lists(const fl_cli_options *o) {
    for (const fl_cli_slot *slot = o->slots; slot < o->slots + o->count; slot++)
        if (fl_cli_takes_list(&slot->option))
            return true;
    return false;
}

static bool has_each(const fl_cli_options *o) {
    for (const fl_cli_slot *slot = o->slots; slot < o->slots + o->count; slot++)
        if (slot->option.each)
            return true;
    return false;
}

static void put_notes(page *p, const fl_cli_options *o) {
    if (has_lists(o))
        page_text(p, "Lists are numbers and ranges start:end[:step], both ends included: "
                     "0.1,0.2,0.5 or 0:1:0.05 or 1,2,5:20:5.");
    if (has_each(o))
        page_text(
            p, "Several values of --eta, --dilution, --modules or --lambda: one table of all their "
               "combinations, with a column for each of these options in front.");
    if (o->mode->common & FL_WITH_RESUME)
        page_text(
            p,
            "SIGINT and SIGTERM stop the run cleanly after the tasks under way, and so do SIGHUP, "
            "SIGUSR1 and SIGXCPU; a second SIGINT kills it.");
    page_text(p, "Exit status: 0 done, 1 failed, 2 the command line is wrong, 3 stopped or "
                 "undecided within the budget.");
    page_end(p);
}

static void put_body(page *p, const fl_cli_options *o) {
    if (o->mode->details)
        page_paragraphs(p, o->mode->details);
    put_tables(p, o->mode->tables);
    put_options(p, o, false, "Options");
    put_options(p, o, true, "Common options");
    if (o->mode->example) {
        char line[300];
        page_section(p, "Example");
        snprintf(line, sizeof line, "  %s", o->mode->example);
        page_verbatim(p, line);
    }
}

static void put_page(page *p, const fl_cli_options *o) {
    put_head(p, o);
    if (o->mode->details)
        page_gap(p);
    put_body(p, o);
    page_gap(p);
    put_notes(p, o);
}

/* "fl-count-check", the name of a page about a mode, or "fl-count". */
static void page_name(char *name, size_t size, const fl_tool *tool, const fl_mode *mode) {
    snprintf(name, size, "%s%s%s", tool->name, mode ? "-" : "", mode ? mode->name : "");
}

static void put_see_also(page *p, const fl_cli_options *o) {
    char name[80];
    page_section(p, "See also");
    if (o->mode_given)
        page_text(p, o->tool->name);
    for (size_t i = 0; is_whole(o) && i < o->tool->mode_count; i++) {
        page_name(name, sizeof name, o->tool, &o->tool->modes[i]);
        page_text(p, name);
    }
    page_text(p, "fl-entropy, fl-phase, fl-enumerate, fl-count, fl-overlap, fl-access, fl-dmft, "
                 "fl-train, fl-plot; the documents of fixland.");
    page_end(p);
}

/* The parts that man(7) wants, in their order. */
static void put_manual(page *p, const fl_cli_options *o) {
    char name[80];
    page_name(name, sizeof name, o->tool, o->mode_given ? o->mode : NULL);
    fprintf(p->out, ".TH %s 1 \"\" \"fixland %s\" fixland\n.SH NAME\n%s \\- %s\n", name,
            fl_version(), name, summary_of(o));
    page_section(p, "Synopsis");
    put_usages(p, o);
    if (is_whole(o))
        put_modes(p, o->tool);
    page_section(p, "Description");
    put_body(p, o);
    page_section(p, "Notes");
    put_notes(p, o);
    put_see_also(p, o);
}

/* Makes a page in memory and prints it, so that a full disk is noticed. */
static fl_status print_page(const fl_cli_options *o, bool manual,
                            void (*make)(page *p, const fl_cli_options *o)) {
    char *text = NULL;
    size_t size;
    page p = {
        .out = open_memstream(&text, &size), .manual = manual, .width = manual ? 80 : page_width()};
    if (!p.out)
        return fl_fail(FL_ENOMEM, "out of memory for the help");
    make(&p, o);
    fl_status status = fclose(p.out) == 0 && text
                           ? fl_cli_print(text)
                           : fl_fail(FL_ENOMEM, "out of memory for the help");
    free(text);
    return status;
}

fl_status fl_cli_help(const fl_cli_options *o) {
    return print_page(o, false, put_page);
}

fl_status fl_cli_usage(const fl_cli_options *o) {
    return print_page(o, false, put_usages);
}

fl_status fl_cli_manual(const fl_cli_options *o) {
    return print_page(o, true, put_manual);
}

fl_status fl_cli_version(const fl_tool *tool) {
    char text[400];
    snprintf(text, sizeof text,
             "%s %s (fixland, commit %s)\n"
             "Free software under the GNU General Public License, version 3 or later; without any "
             "warranty.\n",
             tool->name, fl_version(), fl_commit());
    return fl_cli_print(text);
}
