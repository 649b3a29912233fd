/* The files of a run are different ones: what it reads, and what it writes. See fl_run_apart in cli.h. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/cli/internal.h"
#include "src/cli/several.h"
#include "src/core/room.h"
#include "src/io/io.h"

static fl_status is_file_of(const char *option, const char *path, const char *what) {
    return fl_fail(FL_EUSAGE, "--%s %s is the %s; allowed: two different files", option, path,
                   what);
}

/* Against the table and its checkpoint. */
static fl_status differs_from_table(const fl_run *run, const char *option, const char *path,
                                    const char *name) {
    const char *output = run->common.output;
    char *table = fl_output_canonical(output);
    size_t length = table ? strlen(table) : 0;
    fl_status status = table ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for a file name");
    if (status == FL_OK && strcmp(name, table) == 0)
        status =
            is_file_of(option, path, output ? "file of --output" : "standard output of the table");
    bool beside =
        status == FL_OK && fl_cli_resumable(&run->common) && strncmp(name, table, length) == 0;
    static const char journal[] = ".journal"; /* of the first of several points; others follow */
    if (beside && (strncmp(name + length, journal, sizeof journal - 1) == 0 ||
                   strcmp(name + length, ".checkpoint.h5") == 0))
        status = is_file_of(option, path, "checkpoint of --output");
    free(table);
    return status;
}

static fl_status differs_from_others(const fl_cli_written *w, const char *option, const char *path,
                                     const char *name) {
    char what[80];
    for (size_t k = 0; w && k < w->count; k++)
        if (strcmp(w->options[k], option) != 0 && strcmp(w->names[k], name) == 0) {
            snprintf(what, sizeof what, "file of --%.60s", w->options[k]);
            return is_file_of(option, path, what);
        }
    return FL_OK;
}

fl_status fl_run_apart(const fl_run *run, const char *option, const char *path) {
    fl_cli_written *w = run->options ? run->options->written : NULL;
    if (!path)
        return FL_OK;
    if (run->several)
        return fl_fail(
            FL_EUSAGE,
            "--%s %s: it holds what one network ensemble gives; allowed: one value of --%s", option,
            path, run->several->axes[0].name);
    char *name = fl_output_canonical(path);
    fl_status status = name ? differs_from_table(run, option, path, name)
                            : fl_fail(FL_ENOMEM, "out of memory for a file name");
    if (status == FL_OK)
        status = differs_from_others(w, option, path, name);
    for (size_t k = 0; w && status == FL_OK && k < w->input_count; k++)
        if (strcmp(w->inputs[k], name) == 0)
            status = is_file_of(option, path, "file of an input");
    if (status != FL_OK || !w || w->count == FL_CLI_WRITTEN) {
        free(name);
        return status;
    }
    w->options[w->count] = option;
    w->names[w->count++] = name;
    return FL_OK;
}

void fl_cli_written_clear(fl_cli_written *w) {
    for (size_t k = 0; k < w->count; k++)
        free(w->names[k]);
    for (size_t k = 0; k < w->input_count; k++)
        free(w->inputs[k]);
    free(w->inputs);
    *w = (fl_cli_written){0};
}

/* The option whose output has that name, and what was given there; NULL: none. */
static const char *option_of(const fl_run *run, const fl_cli_written *w, const char *name) {
    char *table = run->common.output ? fl_output_canonical(run->common.output) : NULL;
    const char *option = table && strcmp(table, name) == 0 ? "output" : NULL;
    for (size_t k = 0; !option && k < w->count; k++)
        if (strcmp(w->names[k], name) == 0)
            option = w->options[k];
    free(table);
    return option;
}

/* Takes the name. */
static fl_status keep_input(fl_cli_written *w, char *name) {
    if (w->input_count == w->input_room) {
        char **more = room_more(w->inputs, &w->input_room, sizeof *more, "names of files");
        if (!more) {
            free(name);
            return FL_ENOMEM;
        }
        w->inputs = more;
    }
    w->inputs[w->input_count++] = name;
    return FL_OK;
}

/* Only of files: a pipe or a device is not replaced. */
fl_status fl_cli_input_apart(const fl_run *run, const char *path) {
    struct stat file;
    fl_cli_written *w = run->options ? run->options->written : NULL;
    if (!w || stat(path, &file) != 0 || !S_ISREG(file.st_mode))
        return FL_OK;
    char *name = fl_output_canonical(path);
    if (!name)
        return fl_fail(FL_ENOMEM, "out of memory for a file name");
    const char *option = option_of(run, w, name);
    fl_status status = FL_OK;
    if (option)
        status =
            fl_fail(FL_EUSAGE, "%s is read, and is the file of --%s; allowed: two different files",
                    path, option);
    else if (!run->several) /* whose points have one output, and all read the same */
        return keep_input(w, name);
    free(name);
    return status;
}
