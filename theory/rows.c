/* What the modes of the theory tools share: see modes.h. */
#include <stddef.h>

#include "theory/modes.h"

fl_status fl_write_rows(fl_run *run, const void *settings, const fl_mode_table *told,
                        fl_status (*rows)(fl_table *table, const void *settings)) {
    fl_table *table;
    FL_CHECK(fl_run_table(run, &table, told->columns, told->count));
    fl_status status = rows(table, settings);
    if (status != FL_OK && status != FL_UNDECIDED) {
        fl_table_discard(table);
        return status;
    }
    FL_CHECK(fl_table_close(table));
    return status;
}

int fl_verdict(fl_verdicts *verdicts, fl_status status) {
    verdicts->rows++;
    switch (status) {
    case FL_OK:
        return 0;
    case FL_EDOMAIN:
        return 1;
    case FL_UNDECIDED:
        verdicts->undecided++;
        return 2;
    default:
        return -1;
    }
}

fl_status fl_verdicts_end(const fl_verdicts *verdicts) {
    if (verdicts->undecided == 0)
        return FL_OK;
    return fl_fail(FL_UNDECIDED, "%zu of %zu rows are undecided (nan in the table)",
                   verdicts->undecided, verdicts->rows);
}

fl_status fl_check_margin(const fl_reals *jd, double margin, double low) {
    for (size_t k = 0; k < jd->count; k++)
        if (!(jd->values[k] - margin >= low && jd->values[k] - margin <= 20))
            return fl_fail(FL_EUSAGE, "--jd %g less --margin %g is not in [%g, 20]", jd->values[k],
                           margin, low);
    return FL_OK;
}
