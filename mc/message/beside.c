/* Theory beside local entropies: see beside.h. */
#include "mc/message/beside.h"

#include <math.h>

#include "fixland/potential.h"

/* Self-couplings of tables are alike when they differ by less. */
static const double alike = 1e-9;

static const double *frame_row(const beside *b, size_t k) {
    return b->frame.real + k * b->frame.columns;
}

static bool any_row_of(const beside *b, double jd) {
    for (size_t k = 0; k < b->frame.rows; k++)
        if (fabs(frame_row(b, k)[b->jd] - jd) < alike)
            return true;
    return false;
}

fl_status beside_open(beside *b, const char *path, const double *jd, size_t jd_count) {
    *b = (beside){.jd = 0};
    if (!path)
        return FL_OK;
    FL_CHECK(fl_frame_read(&b->frame, path));
    FL_CHECK(fl_frame_column(&b->frame, "jd", &b->jd));
    FL_CHECK(fl_frame_column(&b->frame, "distance", &b->distance));
    FL_CHECK(fl_frame_column(&b->frame, "local_entropy", &b->value));
    for (size_t k = 0; k < b->frame.rows; k++) {
        const size_t at[] = {b->jd, b->distance, b->value};
        double value;
        for (size_t c = 0; c < 3; c++)
            if (fl_frame_number(&b->frame, k, at[c], &value) != FL_OK)
                return fl_fail(FL_EFORMAT, "--theory %s: %s", path, fl_message());
    }
    for (size_t k = 0; k < jd_count; k++)
        if (!any_row_of(b, jd[k]))
            return fl_fail(FL_EDOMAIN,
                           "--theory %s: no row of J_D = %.9g; make it with fl-phase curve", path,
                           jd[k]);
    return FL_OK;
}

void beside_clear(beside *b) {
    fl_frame_clear(&b->frame);
}

/* The row of that J_D nearest to the distance from below (side -1) or above (+1), or NULL. */
static const double *row_beside(const beside *b, double jd, double distance, int side) {
    const double *best = NULL;
    for (size_t k = 0; k < b->frame.rows; k++) {
        const double *row = frame_row(b, k);
        double away = side * (row[b->distance] - distance);
        if (fabs(row[b->jd] - jd) < alike && isfinite(row[b->value]) && away >= 0 &&
            (!best || away < side * (best[b->distance] - distance)))
            best = row;
    }
    return best;
}

double beside_bound(const beside *b, double jd, double distance) {
    const double *low = row_beside(b, jd, distance, -1), *high = row_beside(b, jd, distance, 1);
    if (!low || !high)
        return NAN;
    double width = high[b->distance] - low[b->distance];
    double t = width > 0 ? (distance - low[b->distance]) / width : 0;
    return (1 - t) * low[b->value] + t * high[b->value];
}

double beside_potential(const fl_instances *networks, double jd, double distance) {
    double pairs, potential;
    if (networks->given || networks->ensemble.modules > 1 || networks->input ||
        networks->input_strength != 0 ||
        fl_pair_entropy_eta(jd, networks->ensemble.eta, distance, &pairs, &potential) != FL_OK)
        return NAN;
    return potential;
}
