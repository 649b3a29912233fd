/* An input to networks, from the options: see sampling.h. */
#include <math.h>

#include "fixland/sampling.h"

const fl_option fl_drive_options[] = {
    {"input", FL_OPTION_TEXT, offsetof(fl_drive, path), "FILE",
     .help =
         "a field on every neuron, one number each (text or .npy): the fixed points under this input"},
    {"input-strength", FL_OPTION_REAL, offsetof(fl_drive, strength), "L", "0", 0, 1000,
     .help = "the same with a field of L or -L on each neuron, drawn for every network"},
    {.name = NULL},
};

static fl_status read_input(fl_sampled *w, fl_run *run, const char *path) {
    size_t n = fl_instances_neurons(&w->networks, 0), count;
    if (fl_instances_sizes(&w->networks) != 1)
        return fl_fail(FL_EUSAGE, "--input %s has one length: give one --n", path);
    FL_CHECK(fl_run_inputs(run, &path, 1));
    FL_CHECK(fl_numbers_read(path, &w->input, &count));
    if (count != n)
        return fl_fail(FL_EFORMAT, "%s: %zu numbers; allowed: %zu, one a neuron", path, count, n);
    w->networks.input = w->input;
    return FL_OK;
}

fl_status fl_drive_open(fl_sampled *w, fl_run *run, const fl_drive *drive) {
    w->networks.input_strength = drive->strength;
    if (run->rows && drive->path)
        w->networks.input_strength = NAN; /* the file is not at hand: no exact means */
    if (run->rows)
        return FL_OK;
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
