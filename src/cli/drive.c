/* An input to networks, from the options: see sampling.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "fixland/sampling.h"

const fl_option fl_drive_options[] = {
    {"input", FL_OPTION_TEXT, offsetof(fl_drive, path), "FILE",
     .help = "a field on every neuron, one number each: the fixed points under this input"},
    {"input-strength", FL_OPTION_REAL, offsetof(fl_drive, strength), "L", "0", 0, 1000,
     .help = "the same with a field of L or -L on each neuron, drawn for every network"},
    {.name = NULL},
};

static fl_status format_error(const char *path, size_t count, size_t n) {
    return fl_fail(FL_EFORMAT,
                   "%s: not a list of %zu finite numbers, one a neuron (stopped at %zu)", path, n,
                   count);
}

/* n numbers between blanks; a line's rest after '#' is a comment. */
static fl_status read_drive_numbers(FILE *file, const char *path, size_t n, double *values) {
    size_t count = 0;
    for (int c = getc(file); c != EOF; c = getc(file)) {
        if (c == '#')
            while (c != '\n' && c != EOF)
                c = getc(file);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == EOF)
            continue;
        double value;
        ungetc(c, file);
        if (count == n || fscanf(file, "%lf", &value) != 1 || !isfinite(value))
            return format_error(path, count, n);
        values[count++] = value;
    }
    return count == n ? FL_OK : format_error(path, count, n);
}

static fl_status read_input(fl_sampled *w, fl_run *run, const char *path) {
    size_t n = fl_instances_neurons(&w->networks, 0);
    if (fl_instances_sizes(&w->networks) != 1)
        return fl_fail(FL_EUSAGE, "--input %s has one length: give one --n", path);
    FL_CHECK(fl_run_inputs(run, &path, 1));
    FILE *file = fopen(path, "r");
    if (!file)
        return fl_fail(FL_EIO, "%s cannot be read", path);
    w->input = malloc(n * sizeof *w->input);
    fl_status status = w->input ? read_drive_numbers(file, path, n, w->input)
                                : fl_fail(FL_ENOMEM, "no memory for %zu numbers", n);
    fclose(file);
    w->networks.input = w->input;
    return status;
}

fl_status fl_drive_open(fl_sampled *w, fl_run *run, const fl_drive *drive) {
    w->networks.input_strength = drive->strength;
    if (!drive->path)
        return FL_OK;
    if (drive->strength != 0)
        return fl_fail(FL_EUSAGE, "--input and --input-strength are two inputs; give one");
    return read_input(w, run, drive->path);
}

fl_status fl_drive_check(const fl_drive *drive, bool store_networks) {
    bool driven = drive->path || drive->strength != 0;
    return driven && store_networks
               ? fl_fail(FL_EUSAGE, "--store-networks keeps matrices, but no input; leave one out")
               : FL_OK;
}
