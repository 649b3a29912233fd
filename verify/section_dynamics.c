/* Dynamics against their mean-field theory, and where they start to succeed. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fixland/tools.h"
#include "verify/sections.h"

#define ACCESS(r, name, ...) report_run(r, fl_tool_access, "fl-access", name, __VA_ARGS__)
#define DMFT(r, name, ...) report_run(r, fl_tool_dmft, "fl-dmft", name, __VA_ARGS__)

/* First row in which `key` reads `text` and `number` has that value. */
static fl_status find(const fl_frame *f, const char *key, const char *text, const char *number,
                      double value, const char *column, double *found) {
    size_t i, j, k;
    FL_CHECK(fl_frame_column(f, key, &i));
    FL_CHECK(fl_frame_column(f, number, &j));
    FL_CHECK(fl_frame_column(f, column, &k));
    for (size_t row = 0; row < f->rows; row++)
        if (strcmp(f->text[row * f->columns + i], text) == 0 &&
            f->real[row * f->columns + j] == value) {
            *found = f->real[row * f->columns + k];
            return FL_OK;
        }
    return fl_fail(FL_EFORMAT, "no row with %s = %s and %s = %g", key, text, number, value);
}

typedef struct pair {
    const char *simulation, *algorithm, *theory, *p; /* tables, and their rows */
    const char *name;
} pair;

/* Unstable fractions of a table of fl-access and one of fl-dmft at J_D. Besides the two statistical
 * errors the check allows for 1/N: the simulation has N = 2000, the theory infinitely many. */
static fl_status compare(report *r, const pair *p, double jd) {
    fl_frame simulation, theory;
    double u = NAN, error = NAN, expected = NAN, theory_error = NAN;
    char name[128];
    FL_CHECK(report_table(r, p->simulation, &simulation));
    fl_status status = report_table(r, p->theory, &theory);
    if (status == FL_OK) {
        status = find(&simulation, "algorithm", p->algorithm, "jd", jd, "unstable_fraction", &u);
        if (status == FL_OK)
            status =
                find(&simulation, "algorithm", p->algorithm, "jd", jd, "unstable_error", &error);
        if (status == FL_OK)
            status = find(&theory, "p", p->p, "jd", jd, "unstable_fraction", &expected);
        if (status == FL_OK)
            status = find(&theory, "p", p->p, "jd", jd, "error", &theory_error);
        fl_frame_clear(&theory);
    }
    fl_frame_clear(&simulation);
    FL_CHECK(status);
    snprintf(name, sizeof name, "%s, N = 2000 and mean field, J_D = %g", p->name, jd);
    report_check(r, name, u, expected, hypot(hypot(error, theory_error), 1.0 / 2000), 4.5);
    return FL_OK;
}

static fl_status relaxation(report *r, unsigned long long seed) {
    FL_CHECK(DMFT(r, "dmft-trace",
                  "trace --jd 0.3,0.5,0.9 --p 1 --time 100 --trajectories 8192 "
                  "--repetitions 4 --seed %llu",
                  seed));
    FL_CHECK(DMFT(r, "dmft-trace-async",
                  "trace --jd 0.3,0.5,0.9 --p 0 --order permutation --steps 8 --time 30 "
                  "--trajectories 16384 --repetitions 4 --seed %llu",
                  seed));
    static const char *const couplings[] = {"0.3", "0.5", "0.9"};
    for (int k = 0; k < 3; k++) {
        char name[32];
        snprintf(name, sizeof name, "trace-sync-%s", couplings[k]);
        FL_CHECK(ACCESS(r, name, "trace --algorithm sync --n 2000 --jd %s --sweeps 100 --seed %llu",
                        couplings[k], seed));
        snprintf(name, sizeof name, "trace-async-%s", couplings[k]);
        FL_CHECK(ACCESS(r, name,
                        "trace --algorithm async --n 2000 --jd %s --sweeps 100 --seed %llu",
                        couplings[k], seed));
    }
    return report_figure(r, "relaxation",
                         "Unstable fraction against time from a random start. Lines: mean-field "
                         "theory, N &rarr; infinity. Points: one run each, N = 2000. Left: "
                         "synchronous; right: asynchronous, random order.");
}

static fl_status plateaus(report *r, unsigned long long seed) {
    FL_CHECK(ACCESS(r, "plateau",
                    "run --algorithm async,sync,partial --n 2000 --jd 0.1:0.9:0.1 --samples 4 "
                    "--sweeps 400 --seed %llu",
                    seed));
    FL_CHECK(DMFT(r, "dmft-plateau",
                  "plateau --jd 0.1:0.5:0.1 --p 1,0.25 --trajectories 24 "
                  "--repetitions 4 --seed %llu",
                  seed));
    FL_CHECK(DMFT(r, "dmft-plateau-async",
                  "plateau --jd 0.3,0.4,0.5 --p 0 --order permutation --steps 8 --time 80 "
                  "--trajectories 4096 --repetitions 8 --seed %llu",
                  seed));
    static const pair pairs[] = {
        {"plateau", "sync", "dmft-plateau", "1", "synchronous plateau"},
        {"plateau", "partial", "dmft-plateau", "0.25", "plateau with p = 0.25"},
        {"plateau", "async", "dmft-plateau-async", "0", "asynchronous plateau"}};
    for (int k = 0; k < 3; k++) {
        FL_CHECK(compare(r, &pairs[k], 0.3));
        FL_CHECK(compare(r, &pairs[k], 0.5));
    }
    return FL_OK;
}

static fl_status threshold(report *r, unsigned long long seed) {
    double limit = NAN, error = NAN, low = NAN, theory = NAN, theory_error = NAN;
    fl_frame frame;
    FL_CHECK(ACCESS(r, "access-runs",
                    "run --algorithm async,sync --n 50,100,200,400 --jd 0.1:0.7:0.05 "
                    "--samples 40 --sweeps 1000 --per-sample --seed %llu",
                    seed));
    FL_CHECK(ACCESS(r, "access", "collect %s", report_data(r, "access-runs.tsv")));
    FL_CHECK(ACCESS(r, "access-threshold", "threshold %s", report_data(r, "access-runs.tsv")));
    FL_CHECK(DMFT(r, "dmft-threshold",
                  "threshold --unstable 0.01,0.02,0.03,0.045,0.07 "
                  "--trajectories 24 --repetitions 4 --seed %llu",
                  seed));
    FL_CHECK(report_table(r, "dmft-threshold", &frame));
    fl_status status = find(&frame, "p", "1", "p", 1, "jd", &theory);
    if (status == FL_OK)
        status = find(&frame, "p", "1", "p", 1, "error", &theory_error);
    fl_frame_clear(&frame);
    FL_CHECK(status);
    FL_CHECK(report_table(r, "access-threshold", &frame));
    status = find(&frame, "algorithm", "async", "n", INFINITY, "jd_half", &limit);
    if (status == FL_OK)
        status = find(&frame, "algorithm", "async", "n", INFINITY, "error", &error);
    if (status == FL_OK)
        status = find(&frame, "algorithm", "async", "n", 400, "jd_half", &low);
    fl_frame_clear(&frame);
    FL_CHECK(status);
    report_check(r, "mean-field threshold, few points and many (0.815)", theory, 0.815,
                 theory_error, 4.5);
    report_check(r, "asynchronous success, extrapolated, and the mean-field threshold", limit,
                 theory, hypot(error, theory_error), 4.5);
    report_check_close(r, "the threshold at N = 400 lies below it", low < theory, 1, 0);
    return FL_OK;
}

static fl_status run(report *r) {
    unsigned long long seed = report_seed(r);
    FL_CHECK(plateaus(r, seed));
    FL_CHECK(relaxation(r, seed));
    FL_CHECK(threshold(r, seed));
    FL_CHECK(report_figure(
        r, "plateau",
        "Unstable fraction in the stationary state against J<sub>D</sub>. Points: N = 2000. Solid "
        "lines: mean-field theory; dashed: its limit form ((J<sub>c</sub> &minus; "
        "J<sub>D</sub>)/1.165)<sup>2</sup> for synchronous dynamics. Vertical: J<sub>gap</sub> = "
        "0.0601 and J<sub>mono</sub> = 0.0731 of the landscape, the threshold J<sub>c</sub> of the "
        "dynamics, and the J<sub>D</sub> at which asynchronous runs succeed half of the time at N "
        "= "
        "100 and 400."));
    FL_CHECK(report_figure(r, "access",
                           "Fraction of runs that reach a fixed point within 1000 sweeps, with "
                           "Wilson 95 % intervals and the fitted sigmoids."));
    return report_figure(r, "time-to-solution",
                         "Median number of sweeps to a fixed point; sizes at which fewer than half "
                         "of the runs arrive are left out.");
}

const section section_dynamics = {
    .id = "dynamics",
    .title = "Dynamics: what is reached, and its mean-field theory",
    .text =
        "<p>Runs from random starts on networks of N neurons. The unstable fraction, of neurons "
        "with "
        "s<sub>i</sub> f<sub>i</sub> &lt; 0 after a sweep, is compared with the dynamical "
        "mean-field "
        "theory, in which a neuron feels a Gaussian field whose covariance is that of the spins. "
        "Activity dies out at the same J<sub>c</sub> for every kind of update; finite networks "
        "already succeed below it, the more so the smaller they are.</p>",
    .run = run,
};
