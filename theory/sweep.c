/* See sweep.h. */
#include "theory/sweep.h"

#include <inttypes.h>
#include <stddef.h>

#include "theory/modes.h"

#define S(member) offsetof(fl_sweep, member)

const fl_option fl_sweep_options[] = {
    {"jd", FL_OPTION_REALS, S(jd), "LIST", "0:1:0.1", .help = "self-coupling J_D"},
    {"n", FL_OPTION_INTEGERS, S(n), "LIST", "100", 1, 1e9, .help = "neurons (of each module)"},
    {.name = "margin", .group = fl_margin_options, .offset = S(margin)},
    {.name = "ensemble", .group = fl_ensemble_options, .offset = S(ensemble)},
    {.name = NULL},
};

fl_status fl_sweep_check(const fl_sweep *sweep, int64_t most) {
    for (size_t i = 0; i < sweep->n.count; i++)
        if (sweep->n.values[i] > most)
            return fl_fail(FL_EUSAGE, "--n %" PRId64 ": allowed: at most %" PRId64,
                           sweep->n.values[i], most);
    return FL_OK;
}

fl_status fl_sweep_coupled(const fl_sweep *sweep) {
    for (size_t i = 0; i < sweep->n.count; i++)
        if (sweep->n.values[i] < 2)
            return fl_fail(FL_EUSAGE, "--n %" PRId64 ": allowed: at least 2", sweep->n.values[i]);
    return FL_OK;
}

fl_status fl_sweep_rows(fl_table *table, const fl_sweep *sweep, fl_sweep_row row,
                        const void *context) {
    fl_ensemble ensemble = fl_ensemble_from(&sweep->ensemble);
    if (ensemble.dilution == 0 && ensemble.modules == 0) /* the mode has no such options */
        ensemble.dilution = 1, ensemble.modules = 1;
    for (size_t k = 0; k < sweep->jd.count; k++)
        for (size_t i = 0; i < sweep->n.count; i++) {
            double jd = sweep->jd.values[k];
            fl_sweep_point at = {ensemble, jd, sweep->margin, jd - sweep->margin,
                                 sweep->n.values[i]};
            if (fl_stop_requested())
                return fl_fail(FL_STOPPED, "stopped by %s; nothing was written", fl_stop_reason());
            FL_CHECK(row(table, &at, context));
        }
    return FL_OK;
}

/* A sweep and what makes its rows. */
typedef struct swept {
    const fl_sweep *sweep;
    fl_sweep_row row;
} swept;

static fl_status write_swept(fl_table *table, const void *context) {
    const swept *s = context;
    return fl_sweep_rows(table, s->sweep, s->row, NULL);
}

fl_status fl_sweep_write(fl_run *run, const fl_sweep *sweep, int64_t most,
                         const fl_mode_table *table, fl_sweep_row row) {
    FL_CHECK(fl_sweep_check(sweep, most));
    return fl_write_rows(run, &(swept){sweep, row}, table, write_swept);
}
