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
#include "fixland/tools.h"
#include "tools/plot/scripts.h"

typedef struct settings {
    const char *data;
    bool list;
} settings;

/* "png" or "svg", by the ending of the output. */
static fl_status format_of(const char *output, const char **format) {
    const char *end = output ? strrchr(output, '.') : NULL;
    if (end && strcmp(end, ".png") == 0)
        *format = "png";
    else if (end && strcmp(end, ".svg") == 0)
        *format = "svg";
    else
        return fl_fail(FL_EUSAGE, "--output %s: it names the figure and ends in .png or .svg",
                       output ? output : "is missing");
    return FL_OK;
}

static fl_status have_table(const char *data, const script *s, const char *table) {
    char path[2 * SCRIPT_PATH];
    glob_t found;
    snprintf(path, sizeof path, "%s/%s", data, table);
    if (strchr(table, '*')) {
        int code = glob(path, 0, NULL, &found);
        if (code == 0)
            globfree(&found);
        if (code == 0)
            return FL_OK;
    } else if (access(path, R_OK) == 0) {
        return FL_OK;
    }
    return fl_fail(FL_EIO, "%s: no such table; the figure %s needs it", path, s->name);
}

/* In gnuplot's and the scripts' quotes. */
static fl_status quotable(const char *what, const char *path) {
    if (strpbrk(path, "'\"\\`$\n"))
        return fl_fail(FL_EUSAGE, "%s %s: the name may not hold quotes, backslashes or $", what,
                       path);
    return FL_OK;
}

static void become_gnuplot(const char *settings_line, const char *path) {
    dup2(STDERR_FILENO, STDOUT_FILENO);
    execlp("gnuplot", "gnuplot", "-e", settings_line, path, (char *)NULL);
    _exit(127);
}

static fl_status gnuplot(const char *line, const char *path) {
    int state;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        become_gnuplot(line, path);
    if (child < 0 || waitpid(child, &state, 0) < 0)
        return fl_fail(FL_EIO, "gnuplot cannot be started: %s", strerror(errno));
    if (WIFEXITED(state) && WEXITSTATUS(state) == 127)
        return fl_fail(FL_EIO, "gnuplot is not found; install it, or add its folder to PATH");
    if (!WIFEXITED(state) || WEXITSTATUS(state) != 0)
        return fl_fail(FL_EIO, "gnuplot failed on %s; what it said is above", path);
    return FL_OK;
}

static fl_status draw_script(fl_run *run, const settings *s, const char *folder,
                             const script *fig) {
    char line[5 * SCRIPT_PATH], path[2 * SCRIPT_PATH];
    const char *format = "png";
    fl_output output = {0};
    FL_CHECK(format_of(run->common.output, &format));
    FL_CHECK(quotable("--data", s->data));
    FL_CHECK(quotable("--output", run->common.output));
    FL_CHECK(quotable("FIXLAND_PLOTS", folder));
    for (size_t k = 0; k < fig->count; k++)
        FL_CHECK(have_table(s->data, fig, fig->tables[k]));
    FL_CHECK(fl_output_reserve(&output, run->common.output, run->common.force));
    snprintf(path, sizeof path, "%s/%s.gp", folder, fig->name);
    int length = snprintf(line, sizeof line, "plots='%s'; format='%s'; output='%s'; data='%s'",
                          folder, format, output.temporary, s->data);
    fl_status status = length < (int)sizeof line
                           ? gnuplot(line, path)
                           : fl_fail(FL_EINVAL, "the names of the folders are too long");
    if (status == FL_OK)
        return fl_output_commit(&output);
    fl_output_discard(&output);
    return status;
}

static const fl_column columns[] = {{"figure", FL_TEXT, NULL}, {"table", FL_TEXT, NULL}};

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

static fl_status draw(fl_run *run, const void *given) {
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
    {.name = "data",
     .type = FL_OPTION_TEXT,
     .offset = offsetof(settings, data),
     .argument = "DIR",
     .fallback = ".",
     .help = "folder with the tables"},
    {.name = "list",
     .type = FL_OPTION_FLAG,
     .offset = offsetof(settings, list),
     .hidden_from_meta = true,
     .help = "only tell the figures and their tables, as `fl-plot list` does"},
    {.name = NULL},
};
static const fl_option no_options[] = {{.name = NULL}};

static const char details[] =
    "Draws one figure of the report from tables of your own: runs gnuplot on the script of that "
    "name (see `fl-plot list`, which tells the tables that each needs). --output FILE.png or "
    "FILE.svg. The scripts are looked for in the folder FIXLAND_PLOTS, else where fixland is "
    "installed. Which command writes which table is told at the head of each script.";

static const fl_mode modes[] = {
    {.name = "draw",
     .summary = "draw a figure",
     .details = details,
     .example = "fl-plot access --data build/report/data --output access.png",
     .options = options,
     .settings_size = sizeof(settings),
     .run = draw,
     .takes_files = true},
    {.name = "list",
     .summary = "the figures, and the tables that each needs",
     .details = "Columns: figure; table, a file of --data; * stands for anything.",
     .options = no_options,
     .settings_size = 1,
     .run = list},
};

int fl_tool_plot(int argc, char **argv) {
    const fl_tool tool = {.name = "fl-plot",
                          .summary = "Figures from tables",
                          .modes = modes,
                          .mode_count = sizeof modes / sizeof *modes};
    return fl_tool_main(&tool, argc, argv);
}
