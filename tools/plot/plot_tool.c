/* fl-plot: figures from tables, by the gnuplot scripts of plots/. */
#include <errno.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixland/cli.h"
#include "fixland/output.h"
#include "fixland/table.h"
#include "fixland/tools.h"
#include "tools/plot/scripts.h"

typedef struct settings {
    const char *data, *size, *range;
    int format; /* 0: by the ending of the output */
    bool list;
} settings;

static const char *const formats[] = {"png", "svg", "pdf"};
enum { FORMATS = 3 };

/* Asked for, or told by the ending of the output. */
static fl_status format_of(const settings *s, const char *output, const char **format) {
    const char *end = output ? strrchr(output, '.') : NULL;
    if (!output)
        return fl_fail(FL_EUSAGE, "--output is missing: it names the figure");
    for (int k = 0; k < FORMATS; k++)
        if (s->format == k + 1 || (s->format == 0 && end && strcmp(end + 1, formats[k]) == 0)) {
            *format = formats[k];
            return FL_OK;
        }
    return fl_fail(FL_EUSAGE,
                   "--output %s: it ends in .png, .svg or .pdf, or --format tells what it is",
                   output);
}

/* Width and height into gnuplot's variables; without --size those of the style. */
static fl_status plot_size_of(const settings *s, const char *format, char *line, size_t room) {
    double width, height;
    bool paper = strcmp(format, "pdf") == 0;
    char rest;
    *line = 0;
    if (!s->size)
        return FL_OK;
    double low = paper ? 2 : 100, high = paper ? 200 : 20000;
    if (sscanf(s->size, "%lfx%lf%c", &width, &height, &rest) != 2 || !(width >= low) ||
        !(width <= high) || !(height >= low) || !(height <= high))
        return fl_fail(FL_EUSAGE, "--size %s: give WIDTHxHEIGHT, %s from %g to %g, as in %s",
                       s->size, paper ? "centimetres" : "pixels", low, high,
                       paper ? "12x8" : "1280x880");
    snprintf(line, room, "width=%.17g; height=%.17g; ", width, height);
    return FL_OK;
}

/* "0:1,0:2", x before y, either side of a colon may be empty: to commands of gnuplot. */
static fl_status ranges_of(const settings *s, char *line, size_t room) {
    static const char axes[] = "xy";
    size_t used = (size_t)snprintf(line, room, "limits='");
    const char *text = s->range ? s->range : "";
    for (int axis = 0; *text; axis++) {
        size_t length = strcspn(text, ","), digits = strspn(text, "0123456789+-.eE");
        const char *colon = text + digits;
        bool good = axis < 2 && *colon == ':' && length < 80 &&
                    digits + 1 + strspn(colon + 1, "0123456789+-.eE") == length;
        if (!good)
            return fl_fail(
                FL_EUSAGE,
                "--range %s: give X1:X2 or X1:X2,Y1:Y2; a side left empty is chosen by the "
                "data",
                s->range);
        used += (size_t)snprintf(line + used, room - used, "set %crange [%.*s:%.*s];", axes[axis],
                                 digits ? (int)digits : 1, digits ? text : "*",
                                 (int)(length - digits - 1) ? (int)(length - digits - 1) : 1,
                                 length - digits - 1 ? colon + 1 : "*");
        text += length + (text[length] == ',');
    }
    snprintf(line + used, room - used, "'; ");
    return FL_OK;
}

/* A text table with rows, or a sentence that says what it is instead. */
static fl_status check_table(const char *path, const script *s) {
    fl_frame frame;
    FILE *file = fopen(path, "r");
    int first = file ? getc(file) : EOF;
    if (!file)
        return fl_fail(FL_EIO, "%s: cannot be read: %s", path, strerror(errno));
    fclose(file);
    if (first == '{')
        return fl_fail(FL_EFORMAT, "%s: a table as JSON; figures are drawn from --format tsv",
                       path);
    FL_CHECK(fl_frame_read(&frame, path));
    fl_status status = FL_OK;
    if (frame.rows == 0)
        status =
            fl_fail(FL_EFORMAT, "%s: the table has no rows, so there is nothing to draw", path);
    for (size_t k = 0; status == FL_OK && k < s->need_count; k++) {
        const char *name = strrchr(path, '/');
        if (strcmp(name ? name + 1 : path, s->needs[k].table) != 0)
            continue;
        size_t column = s->needs[k].column;
        if (column > frame.columns || strcmp(frame.names[column - 1], s->needs[k].name) != 0)
            status = fl_fail(
                FL_EFORMAT,
                "%s: column %zu is %s, but the figure %s needs %s there: it is another "
                "table",
                path, column, column > frame.columns ? "not there" : frame.names[column - 1],
                s->name, s->needs[k].name);
    }
    fl_frame_clear(&frame);
    return status;
}

static fl_status have_table(const char *data, const script *s, const char *table) {
    char path[2 * SCRIPT_PATH];
    glob_t found;
    snprintf(path, sizeof path, "%s/%s", data, table);
    if (!strchr(table, '*'))
        return access(path, F_OK) == 0
                   ? check_table(path, s)
                   : fl_fail(FL_EIO, "%s: no such table; the figure %s needs it", path, s->name);
    if (glob(path, 0, NULL, &found) != 0)
        return fl_fail(FL_EIO, "%s: no such table; the figure %s needs it", path, s->name);
    fl_status status = FL_OK;
    for (size_t k = 0; status == FL_OK && k < found.gl_pathc; k++)
        status = check_table(found.gl_pathv[k], s);
    globfree(&found);
    return status;
}

/* In gnuplot's and the scripts' quotes. */
static fl_status quotable(const char *what, const char *path) {
    if (strpbrk(path, "'\"\\`$\n"))
        return fl_fail(FL_EUSAGE, "%s %s: the name may not hold quotes, backslashes or $", what,
                       path);
    return FL_OK;
}

/* Without the user's own settings: a figure is the same for everyone. */
static void become_gnuplot(const char *settings_line, const char *path, int said) {
    static const char *const own[] = {
        "GNUTERM",   "GNUPLOT_LIB", "GNUPLOT_FONTPATH", "GDFONTPATH", "GNUPLOT_DEFAULT_GDFONT",
        "FIT_SCRIPT"};
    for (size_t k = 0; k < sizeof own / sizeof *own; k++)
        unsetenv(own[k]);
    setenv("LC_ALL", "C.UTF-8", 1);
    dup2(said, STDOUT_FILENO);
    dup2(said, STDERR_FILENO);
    execlp("gnuplot", "gnuplot", "--default-settings", "-e", settings_line, path, (char *)NULL);
    _exit(127);
}

static void repeat_what_it_said(FILE *said) {
    char bytes[4096];
    rewind(said);
    for (size_t count; (count = fread(bytes, 1, sizeof bytes, said)) > 0;)
        fwrite(bytes, 1, count, stderr);
}

static fl_status run_gnuplot(const char *line, const char *path, FILE *said) {
    int state;
    fflush(NULL);
    pid_t child = fork(), ended;
    if (child == 0)
        become_gnuplot(line, path, fileno(said));
    do
        ended = child < 0 ? child : waitpid(child, &state, 0);
    while (ended < 0 && child > 0 && errno == EINTR);
    if (ended < 0)
        return fl_fail(FL_EIO, "gnuplot cannot be started: %s", strerror(errno));
    if (WIFEXITED(state) && WEXITSTATUS(state) == 127)
        return fl_fail(FL_EIO, "gnuplot is not found; install it, or add its folder to PATH");
    if (WIFEXITED(state) && WEXITSTATUS(state) == 0)
        return FL_OK;
    repeat_what_it_said(said);
    return fl_fail(FL_EIO, "gnuplot failed on %s; what it said is above", path);
}

/* What gnuplot says of a figure that it draws is nobody's concern. */
static fl_status gnuplot(const char *line, const char *path) {
    FILE *said = tmpfile();
    if (!said)
        return fl_fail(FL_EIO, "no temporary file can be made: %s", strerror(errno));
    fl_status status = run_gnuplot(line, path, said);
    fclose(said);
    return status;
}

static fl_status draw_script(fl_run *run, const settings *s, const char *folder,
                             const script *fig) {
    char line[5 * SCRIPT_PATH], path[2 * SCRIPT_PATH], size[100], ranges[300];
    const char *format = "png";
    fl_output output = {0};
    FL_CHECK(format_of(s, run->common.output, &format));
    FL_CHECK(plot_size_of(s, format, size, sizeof size));
    FL_CHECK(ranges_of(s, ranges, sizeof ranges));
    FL_CHECK(quotable("--data", s->data));
    FL_CHECK(quotable("--output", run->common.output));
    FL_CHECK(quotable("FIXLAND_PLOTS", folder));
    for (size_t k = 0; k < fig->count; k++)
        FL_CHECK(have_table(s->data, fig, fig->tables[k]));
    FL_CHECK(fl_output_reserve(&output, run->common.output, run->common.force));
    snprintf(path, sizeof path, "%s/%s.gp", folder, fig->name);
    int length = snprintf(line, sizeof line, "%s%splots='%s'; format='%s'; output='%s'; data='%s'",
                          size, ranges, folder, format, output.temporary, s->data);
    fl_status status = length < (int)sizeof line
                           ? gnuplot(line, path)
                           : fl_fail(FL_EINVAL, "the names of the folders are too long");
    if (status == FL_OK)
        return fl_output_commit(&output);
    fl_output_discard(&output);
    return status;
}

static const fl_column columns[] = {
    {"figure", FL_TEXT, NULL, "its name"},
    {"table", FL_TEXT, NULL, "a file of --data that it needs; * stands for anything"},
};
static const fl_mode_table list_tables[] = {{NULL, columns, 2}, {.columns = NULL}};

static fl_status list_figure(fl_table *table, const char *folder, const char *name) {
    script figure;
    FL_CHECK(script_read(&figure, folder, name));
    fl_status status = FL_OK;
    for (size_t k = 0; status == FL_OK && k < figure.count; k++) {
        const fl_cell row[] = {FL_STR(name), FL_STR(figure.tables[k])};
        status = fl_table_row(table, row);
    }
    script_clear(&figure);
    return status;
}

static fl_status list(fl_run *run, const void *given) {
    char folder[SCRIPT_PATH], **names = NULL;
    size_t count = 0;
    fl_table *table;
    (void)given;
    FL_CHECK(scripts_folder(folder));
    fl_status status = scripts_list(folder, &names, &count);
    if (status == FL_OK)
        status = fl_run_table(run, &table, columns, 2);
    if (status == FL_OK) {
        for (size_t k = 0; status == FL_OK && k < count; k++)
            status = list_figure(table, folder, names[k]);
        if (status == FL_OK)
            status = fl_table_close(table);
        else
            fl_table_discard(table);
    }
    for (size_t k = 0; k < count; k++)
        free(names[k]);
    free(names);
    return status;
}

static fl_status draw_plot(fl_run *run, const void *given) {
    char folder[SCRIPT_PATH];
    const char *const *names;
    const settings *s = given;
    script figure;
    if (s->list)
        return list(run, given);
    if (fl_run_files(run, &names) != 1)
        return fl_fail(FL_EUSAGE, "name one figure; `fl-plot list` tells them all");
    FL_CHECK(scripts_folder(folder));
    FL_CHECK(script_read(&figure, folder, names[0]));
    fl_status status = draw_script(run, s, folder, &figure);
    script_clear(&figure);
    return status;
}

static const fl_option options[] = {
    {"data", FL_OPTION_TEXT, offsetof(settings, data), "DIR", ".",
     .help = "folder with the tables"},
    {"format", FL_OPTION_CHOICE, offsetof(settings, format), "WHICH", "ending",
     .choices = "ending|png|svg|pdf",
     .help = "kind of the figure; by the ending of --output unless given"},
    {"size", FL_OPTION_TEXT, offsetof(settings, size), "WxH",
     .help = "width and height: pixels (png, svg) or centimetres (pdf)"},
    {"range", FL_OPTION_TEXT, offsetof(settings, range), "X1:X2,Y1:Y2",
     .help = "what the axes show; without it all that the tables hold"},
    {"list", FL_OPTION_FLAG, offsetof(settings, list), .hidden_from_meta = true,
     .help = "only tell the figures and their tables, as `fl-plot list` does"},
    {.name = NULL},
};
static const fl_option no_options[] = {{.name = NULL}};

static const char details[] =
    "Draws one figure of the report from tables of your own: runs gnuplot on the script of that "
    "name (see `fl-plot list`, which tells the tables that each needs). --output FILE.png, .svg or "
    ".pdf. Sizes, self-couplings and ranges are those of the tables. The user's own settings of gnuplot "
    "are left aside. The scripts are looked for in the folder FIXLAND_PLOTS, else where fixland is "
    "installed. Which command writes which table is told at the head of each script.";

static const fl_mode modes[] = {
    {.name = "draw",
     .summary = "draw a figure",
     .details = details,
     .example = "fl-plot access --data build/report/data --output access.png",
     .options = options,
     .settings_size = sizeof(settings),
     .run = draw_plot,
     .takes_files = true},
    {.name = "list",
     .summary = "the figures, and the tables that each needs",
     .tables = list_tables,
     .options = no_options,
     .settings_size = 1,
     .run = list},
};

int fl_tool_plot(int argc, char **argv) {
    return fl_tool_main(
        &(fl_tool){"fl-plot", "Figures from tables", modes, sizeof modes / sizeof *modes}, argc,
        argv);
}
