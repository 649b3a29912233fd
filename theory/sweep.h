/* What the modes of fl-entropy are swept over. Private to theory/. */
#ifndef FIXLAND_THEORY_SWEEP_H
#define FIXLAND_THEORY_SWEEP_H

#include "fixland/sampling.h"

typedef struct fl_sweep {
    fl_reals jd;
    fl_integers n;
    double margin;
    fl_ensemble_settings ensemble;
} fl_sweep;

extern const fl_option fl_sweep_options[];

/* One point of a sweep. */
typedef struct fl_sweep_point {
    fl_ensemble ensemble;
    double jd, margin, effective; /* effective: jd - margin */
    int64_t n;
} fl_sweep_point;

typedef fl_status (*fl_sweep_row)(fl_table *table, const fl_sweep_point *at, const void *context);

/* FL_EUSAGE for more than `most` neurons: for rows that sum over all distances. */
fl_status fl_sweep_check(const fl_sweep *sweep, int64_t most);

/* FL_EUSAGE for a network of one neuron: for what needs couplings. */
fl_status fl_sweep_coupled(const fl_sweep *sweep);

/* Calls row for every J_D and n; stops when asked to. */
fl_status fl_sweep_rows(fl_table *table, const fl_sweep *sweep, fl_sweep_row row,
                        const void *context);

/* The whole table of a mode whose rows are those, without a context; `most` as in fl_sweep_check. */
fl_status fl_sweep_write(fl_run *run, const fl_sweep *sweep, int64_t most,
                         const fl_mode_table *table, fl_sweep_row row);

#endif
