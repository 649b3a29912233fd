/* Options for neurons that differ in their self-coupling: see modes.h. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "theory/modes.h"

const fl_option fl_self_options[] = {
    {"jd-fraction", FL_OPTION_REAL, offsetof(fl_self_settings, fraction), "P", "1", 1e-6, 1,
     .help = "fraction of the neurons that have the self-coupling; the others have none"},
    {"jd-file", FL_OPTION_TEXT, offsetof(fl_self_settings, path), "FILE",
     .help = "self-couplings that differ: numbers in [0, 1], the largest 1, each for an equal part "
             "of the neurons, whose self-coupling is so many times J_D"},
    {.name = NULL},
};

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Equal numbers become one, with their share of all. */
static fl_status gather_self_couplings(const char *path, double *values, size_t count,
                                       fl_self_couplings *self) {
    qsort(values, count, sizeof *values, ascending);
    if (!(values[0] >= 0 && values[count - 1] == 1))
        return fl_fail(FL_EFORMAT, "%s: numbers from %g to %g; allowed: 0 to 1, the largest 1",
                       path, values[0], values[count - 1]);
    for (size_t k = 0; k < count; k++) {
        if (k == 0 || values[k] != values[k - 1]) {
            if (self->count == FL_SELF_MAX)
                return fl_fail(FL_EFORMAT,
                               "%s: more than %d different numbers; allowed: at most "
                               "%d (round them)",
                               path, FL_SELF_MAX, FL_SELF_MAX);
            self->relative[self->count++] = values[k];
        }
        self->share[self->count - 1] += 1 / (double)count;
    }
    return FL_OK;
}

fl_status fl_self_open(fl_run *run, const fl_self_settings *settings, fl_self_couplings *self,
                       size_t *numbers) {
    double *values, p = settings->fraction;
    size_t count = 1;
    *self = (fl_self_couplings){0};
    if (numbers)
        *numbers = 1;
    if (p < 1 && settings->path)
        return fl_fail(FL_EUSAGE, "--jd-fraction and --jd-file say the same thing; give one");
    if (p < 1)
        *self = (fl_self_couplings){.count = 2, .share = {p, 1 - p}, .relative = {1, 0}};
    if (!settings->path)
        return FL_OK;
    FL_CHECK(fl_run_inputs(run, &settings->path, 1));
    FL_CHECK(fl_numbers_read(settings->path, &values, &count));
    fl_status status = gather_self_couplings(settings->path, values, count, self);
    free(values);
    if (numbers)
        *numbers = count;
    return status;
}
