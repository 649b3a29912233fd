/* Monte Carlo counts against enumeration where that reaches, against the closed form beyond. */
#include <math.h>
#include <stdio.h>

#include "fixland/tools.h"
#include "verify/sections.h"

#define COUNT(r, name, ...) report_run(r, fl_tool_count, "fl-count", name, __VA_ARGS__)

enum { ANNEAL, ANNEAL_ERROR, SPLIT, SPLIT_ERROR, EXACT, ANNEAL_COVERS, SPLIT_COVERS, WANTED };

/* Sums over a table of fl-count check, of both methods together. */
typedef struct tally {
    double z, z_count, covered, known;
} tally;

static void add_section_montecarlo(tally *t, double value, double error, double exact,
                                   double covers) {
    t->covered += covers == 1;
    t->known += covers >= 0;
    if (isfinite(value) && isfinite(exact)) {
        t->z += (value - exact) / error;
        t->z_count++;
    }
}

static fl_status add_rows(const fl_frame *f, tally *t) {
    static const char *const names[WANTED] = {
        "anneal", "anneal_error", "split", "split_error", "exact", "anneal_covers", "split_covers"};
    size_t column[WANTED];
    for (int k = 0; k < WANTED; k++)
        FL_CHECK(fl_frame_column(f, names[k], &column[k]));
    for (size_t row = 0; row < f->rows; row++) {
        const double *cell = f->real + row * f->columns;
        double exact = cell[column[EXACT]];
        add_section_montecarlo(t, cell[column[ANNEAL]], cell[column[ANNEAL_ERROR]], exact,
                               cell[column[ANNEAL_COVERS]]);
        add_section_montecarlo(t, cell[column[SPLIT]], cell[column[SPLIT_ERROR]], exact,
                               cell[column[SPLIT_COVERS]]);
    }
    return FL_OK;
}

static fl_status against_enumeration(report *r, unsigned long long seed) {
    fl_frame frame;
    tally t = {0};
    FL_CHECK(COUNT(r, "montecarlo-check",
                   "check --n 24 --jd 0.2,0.5 --samples 20 --population 1500 --seed %llu", seed));
    FL_CHECK(report_table(r, "montecarlo-check", &frame));
    fl_status status = add_rows(&frame, &t);
    fl_frame_clear(&frame);
    FL_CHECK(status);
    /* Student's t with 15 degrees of freedom has variance 15/13. */
    report_check(r, "Monte Carlo counts against enumeration, N = 24: mean z", t.z / t.z_count, 0,
                 sqrt(15.0 / 13 / t.z_count), 4.5);
    report_check(r, "the same: share of 95 % intervals that hold the exact number",
                 t.covered / t.known, 0.95, sqrt(0.95 * 0.05 / t.known), 4.5);
    return FL_OK;
}

static fl_status check_rows(report *r, const fl_frame *f) {
    static const char *const names[] = {
        "n", "jd", "annealed", "closed_form", "annealed_error", "undecided"};
    size_t column[6];
    for (int k = 0; k < 6; k++)
        FL_CHECK(fl_frame_column(f, names[k], &column[k]));
    for (size_t row = 0; row < f->rows; row++) {
        const double *cell = f->real + row * f->columns;
        char name[128];
        if (cell[column[5]] > 0)
            continue; /* says so itself */
        snprintf(name, sizeof name, "annealed entropy per neuron by Monte Carlo, N = %g, J_D = %g",
                 cell[column[0]], cell[column[1]]);
        report_check(r, name, cell[column[2]], cell[column[3]], cell[column[4]], 4.5);
    }
    return FL_OK;
}

static fl_status against_theory(report *r, unsigned long long seed) {
    static const int sizes[][2] = {{32, 24}, {64, 8}, {128, 4}}; /* and networks of each */
    for (int k = 0; k < 3; k++) {
        char name[32];
        fl_frame frame;
        snprintf(name, sizeof name, "montecarlo-%d", sizes[k][0]);
        FL_CHECK(COUNT(r, name,
                       "--n %d --jd 0.3:0.9:0.2 --samples %d --population 1000 --summary "
                       "--seed %llu",
                       sizes[k][0], sizes[k][1], seed));
        FL_CHECK(report_table(r, name, &frame));
        fl_status status = check_rows(r, &frame);
        fl_frame_clear(&frame);
        FL_CHECK(status);
    }
    FL_CHECK(report_run(r, fl_tool_enumerate, "fl-enumerate", "montecarlo-exact",
                        "--n 24 --jd 0.3:0.9:0.2 --samples 100 --summary --seed %llu", seed));
    return report_run(r, fl_tool_entropy, "fl-entropy", "montecarlo-theory",
                      "count --jd 0.2:1:0.02 --n 24,32,64,128");
}

static fl_status run_section_montecarlo(report *r) {
    unsigned long long seed = report_seed(r);
    FL_CHECK(against_enumeration(r, seed));
    FL_CHECK(against_theory(r, seed));
    return report_figure(
        r, "montecarlo",
        "Entropy of fixed points per neuron, mean logarithm over networks (quenched). Filled: "
        "Monte "
        "Carlo; open: enumeration; bars: standard errors over networks. Line: ln(2 &Phi;(J_D)). "
        "Below, the difference from it; lines there: the exact annealed entropy at each N.");
}

const section section_montecarlo = {
    .id = "montecarlo",
    .title = "Counting beyond enumeration",
    .text = "<p>Populations of replicas descend from all configurations to the fixed points, by "
            "annealing in the total violation or by splitting at falling ceilings of it. Where "
            "networks can be enumerated the counts are compared one by one; beyond, the mean count "
            "with (2&nbsp;&Phi;(J_D/&sigma;))<sup>N</sup>.</p>",
    .run = run_section_montecarlo,
};
