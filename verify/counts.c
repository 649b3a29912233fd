/* Mean counts against exact means: see counts.h. */
#include "verify/counts.h"

#include <stdio.h>

enum { N, JD, MEAN, ERROR, EXACT, WANTED };

static fl_status check_rows(report *r, const fl_frame *f, const char *what) {
    static const char *const names[WANTED] = {"n", "jd", "mean_count", "std_error", "exact_mean"};
    size_t column[WANTED];
    for (int k = 0; k < WANTED; k++)
        FL_CHECK(fl_frame_column(f, names[k], &column[k]));
    for (size_t row = 0; row < f->rows; row++) {
        const double *cell = f->real + row * f->columns;
        char name[128];
        snprintf(name, sizeof name, "mean number of fixed points, %sN = %g, J_D = %g", what,
                 cell[column[N]], cell[column[JD]]);
        report_check(r, name, cell[column[MEAN]], cell[column[EXACT]], cell[column[ERROR]], 4.5);
    }
    return FL_OK;
}

fl_status counts_check(report *r, const char *table, const char *what) {
    fl_frame frame;
    FL_CHECK(report_table(r, table, &frame));
    fl_status status = check_rows(r, &frame, what);
    fl_frame_clear(&frame);
    return status;
}
