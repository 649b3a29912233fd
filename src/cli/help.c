/* --help, made from the tables and wrapped to the terminal, and --version. */
#include <string.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fixland/version.h"
#include "src/cli/internal.h"

enum { NARROW = 40, USUAL = 80, WIDE = 120, TEXT_AT = 24 };

/* A page under construction. */
typedef struct page {
    FILE *out;
    int width; /* columns of the terminal */
    int at;    /* columns used in the current line */
} page;

static int page_width(void) {
    struct winsize w;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col == 0)
        return USUAL;
    return w.ws_col < NARROW ? NARROW : w.ws_col > WIDE ? WIDE : w.ws_col;
}

/* Columns of `length` bytes of UTF-8. */
static int columns_of(const char *text, size_t length) {
    int columns = 0;
    for (size_t i = 0; i < length; i++)
        columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    return columns;
}

static void new_line(page *p) {
    putc('\n', p->out);
    p->at = 0;
}

static void put(page *p, const char *text, size_t length) {
    fwrite(text, 1, length, p->out);
    p->at += columns_of(text, length);
}

static void put_to(page *p, int column) {
    for (; p->at < column; p->at++)
        putc(' ', p->out);
}

/* Writes words from column `indent` on, breaking lines at the width; `length` bytes. */
static void put_words(page *p, const char *text, size_t length, int indent) {
    const char *end = text + length;
    while (text < end) {
        size_t word = strcspn(text, " \n");
        word = word < (size_t)(end - text) ? word : (size_t)(end - text);
        if (p->at > indent && p->at + 1 + columns_of(text, word) > p->width)
            new_line(p);
        if (p->at > indent)
            put(p, " ", 1);
        put_to(p, indent);
        put(p, text, word);
        text += word;
        text += strspn(text, " \n");
    }
}

/* Paragraphs are set apart by empty lines; lines that begin with a blank stay as they are. */
static void put_paragraphs(page *p, const char *text) {
    while (*text) {
        size_t line = strcspn(text, "\n");
        if (line == 0 || *text == ' ') {
            if (p->at > 0)
                new_line(p);
            put(p, text, line);
            new_line(p);
        } else {
            put_words(p, text, line, 0);
        }
        text += line + (text[line] == '\n');
    }
    if (p->at > 0)
        new_line(p);
}

static void put_text(page *p, const char *text, int indent) {
    put_words(p, text, strlen(text), indent);
}

static void put_section(page *p, const char *title) {
    fprintf(p->out, "\n%s:\n", title);
    p->at = 0;
}

/* "name" at the left, `text` at the right of it. */
static void put_left(page *p, const char *name) {
    put_to(p, 2);
    put(p, name, strlen(name));
    if (p->at + 2 > TEXT_AT)
        new_line(p);
    put_to(p, TEXT_AT);
}

/* Appends to the list of remarks in brackets behind an option's help. */
static void remark(char *text, size_t size, const char *before, const char *value) {
    size_t used = strlen(text);
    if (value && *value && used < size)
        snprintf(text + used, size - used, "%s%s%s", used ? "; " : "", before, value);
}

static void put_remarks(page *p, const fl_option *o) {
    char inside[400] = "", limits[80], all[420];
    fl_cli_limits(o->low, o->high, limits, sizeof limits);
    remark(inside, sizeof inside, "in ", o->unit);
    remark(inside, sizeof inside, "", o->argument ? o->choices : NULL);
    remark(inside, sizeof inside, "", *limits ? limits + 1 : NULL);
    remark(inside, sizeof inside, "default ", o->fallback);
    remark(inside, sizeof inside, "default: ", o->fallback ? NULL : o->otherwise);
    remark(inside, sizeof inside, "", o->required ? "required" : NULL);
    snprintf(all, sizeof all, "[%s]", inside);
    if (*inside)
        put_text(p, all, TEXT_AT);
}

static void put_option(page *p, const fl_option *o) {
    char left[120];
    const char *argument = o->argument ? o->argument : o->choices;
    bool bare = o->type == FL_OPTION_FLAG || !argument;
    snprintf(left, sizeof left, "--%s%s%s", o->name, bare ? "" : " ", bare ? "" : argument);
    put_left(p, left);
    if (o->help)
        put_text(p, o->help, TEXT_AT);
    put_remarks(p, o);
    new_line(p);
}

static void put_options(page *p, const fl_cli_options *o, bool common, const char *title) {
    bool begun = false;
    for (const fl_cli_slot *slot = o->slots; slot < o->slots + o->count; slot++)
        if (slot->common == common) {
            if (!begun)
                put_section(p, title);
            begun = true;
            put_option(p, &slot->option);
        }
}

static void put_column(page *p, const fl_column *column) {
    char unit[80];
    put_left(p, column->name);
    if (column->help)
        put_text(p, column->help, TEXT_AT);
    snprintf(unit, sizeof unit, "[%s]", column->unit ? column->unit : "");
    if (column->unit && *column->unit)
        put_text(p, unit, TEXT_AT);
    new_line(p);
}

static void put_tables(page *p, const fl_mode_table *table) {
    for (; table && table->columns; table++) {
        put_section(p, table->heading ? table->heading : "Columns");
        for (size_t i = 0; i < table->count; i++)
            put_column(p, &table->columns[i]);
    }
}

static void put_usage(page *p, const fl_tool *tool, const fl_mode *mode, bool first,
                      bool optional) {
    const char *name = mode->name ? mode->name : "";
    const char *open = !mode->name ? "" : optional ? " [" : " ";
    fprintf(p->out, "%s %s%s%s%s [OPTION ...]%s\n", first ? "Usage:" : "      ", tool->name, open,
            name, mode->name && optional ? "]" : "", mode->takes_files ? " FILE ..." : "");
}

static void put_modes(page *p, const fl_tool *tool) {
    put_section(p, "Modes");
    for (size_t i = 0; i < tool->mode_count; i++) {
        const fl_mode *mode = &tool->modes[i];
        put_left(p, mode->name ? mode->name : "");
        put_text(p, mode->summary ? mode->summary : "", TEXT_AT);
        if (i == 0)
            put_text(p, "[default]", TEXT_AT);
        new_line(p);
    }
    fprintf(p->out, "\n%s MODE --help explains a mode; what follows is about %s.\n", tool->name,
            tool->modes[0].name);
}

/* The head of a page about the tool, or about one of its modes. */
static void put_head(page *p, const fl_tool *tool, const fl_mode *mode, bool whole) {
    char title[200];
    bool named = !whole && mode->name;
    snprintf(title, sizeof title, "%s%s%s: %s", tool->name, named ? " " : "",
             named ? mode->name : "", named && mode->summary ? mode->summary : tool->summary);
    put_text(p, title, 0);
    new_line(p);
    new_line(p);
    size_t first = whole ? 0 : (size_t)(mode - tool->modes);
    size_t last = whole ? tool->mode_count : first + 1;
    for (size_t i = first; i < last; i++)
        put_usage(p, tool, &tool->modes[i], i == first, i == 0);
    if (whole && tool->mode_count > 1)
        put_modes(p, tool);
}

static bool has_lists(const fl_cli_options *o) {
    for (const fl_cli_slot *slot = o->slots; slot < o->slots + o->count; slot++)
        if (slot->option.type == FL_OPTION_REALS || slot->option.type == FL_OPTION_INTEGERS)
            return true;
    return false;
}

static void put_notes(page *p, const fl_cli_options *o) {
    new_line(p);
    if (has_lists(o))
        put_text(
            p,
            "Lists are numbers and ranges start:end[:step], both ends included: 0.1,0.2,0.5 or "
            "0:1:0.05 or 1,2,5:20:5.",
            0);
    if (o->mode->common & FL_WITH_RESUME)
        put_text(p,
                 "SIGINT and SIGTERM stop the run cleanly after the tasks under way; a second "
                 "SIGINT kills it.",
                 0);
    put_text(p,
             "Exit status: 0 done, 1 failed, 2 the command line is wrong, 3 stopped or undecided "
             "within the budget.",
             0);
    new_line(p);
}

static void put_page(page *p, const fl_cli_options *o) {
    const fl_mode *mode = o->mode;
    put_head(p, o->tool, mode, !o->mode_given);
    if (mode->details) {
        new_line(p);
        put_paragraphs(p, mode->details);
    }
    put_tables(p, mode->tables);
    put_options(p, o, false, "Options");
    put_options(p, o, true, "Common options");
    if (mode->example) {
        put_section(p, "Example");
        fprintf(p->out, "  %s\n", mode->example);
    }
    put_notes(p, o);
}

fl_status fl_cli_help(const fl_cli_options *o) {
    char *text = NULL;
    size_t size;
    page p = {.out = open_memstream(&text, &size), .width = page_width()};
    if (!p.out)
        return fl_fail(FL_ENOMEM, "out of memory for the help");
    put_page(&p, o);
    fl_status status =
        fclose(p.out) == 0 ? fl_cli_print(text) : fl_fail(FL_ENOMEM, "out of memory for the help");
    free(text);
    return status;
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
