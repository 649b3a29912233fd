/* Dynamics against their mean-field theory, and where they start to succeed. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "fixland/tools.h"
#include "verify/sections.h"

#define ACCESS(r, name, ...) report_run(r, fl_tool_access, "fl-access", name, __VA_ARGS__)
#define DMFT(r, name, ...) report_run(r, fl_tool_dmft, "fl-dmft", name, __VA_ARGS__)

/* First row in which `key` reads `text` and `number` has that value. */
static fl_status find_section_dynamics(const fl_frame *f, const char *key, const char *text,
                                       const char *number, double value, const char *column,
                                       double *found) {
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
static fl_status compare_section_dynamics(report *r, const pair *p, double jd) {
    fl_frame simulation, theory;
    double u = NAN, error = NAN, expected = NAN, theory_error = NAN;
    char name[128];
    FL_CHECK(report_table(r, p->simulation, &simulation));
    fl_status status = report_table(r, p->theory, &theory);
    if (status == FL_OK) {
        status = find_section_dynamics(&simulation, "algorithm", p->algorithm, "jd", jd,
                                       "unstable_fraction", &u);
        if (status == FL_OK)
            status = find_section_dynamics(&simulation, "algorithm", p->algorithm, "jd", jd,
                                           "unstable_error", &error);
        if (status == FL_OK)
            status =
                find_section_dynamics(&theory, "p", p->p, "jd", jd, "unstable_fraction", &expected);
        if (status == FL_OK)
            status = find_section_dynamics(&theory, "p", p->p, "jd", jd, "error", &theory_error);
        fl_frame_clear(&theory);
    }
    fl_frame_clear(&simulation);
    FL_CHECK(status);
    snprintf(name, sizeof name, "%s, N = 2000 and mean field, J_D = %g", p->name, jd);
    report_check(r, name, u, expected, hypot(hypot(error, theory_error), 1.0 / 2000), 4.5);
    return FL_OK;
}

enum { RELAXATION_RUNS = 4 };

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
    static const char *const algorithms[] = {"sync", "async"};
    for (int k = 0; k < 6 * RELAXATION_RUNS; k++) {
        const char *algorithm = algorithms[k % 2], *jd = couplings[k / 2 % 3];
        char name[64];
        snprintf(name, sizeof name, "trace-%s-%s-%d", algorithm, jd, k / 6 + 1);
        FL_CHECK(ACCESS(
            r, name, "trace --algorithm %s --n 2000 --jd %s --sweeps 100 --sample %d --seed %llu",
            algorithm, jd, k / 6, seed));
    }
    return report_figure(
        r, "relaxation",
        "Unstable fraction against time from a random start. Lines: mean-field "
        "theory, N &rarr; infinity. Points: mean of four networks of N = 2000, bars: "
        "standard error. Left: synchronous; right: asynchronous, random order.");
}

static fl_status plateaus(report *r, unsigned long long seed) {
    FL_CHECK(ACCESS(r, "plateau",
                    "run --algorithm async,sync,partial --n 2000 --jd 0.1:0.9:0.1 --samples 4 "
                    "--sweeps 400 --seed %llu",
                    seed));
    FL_CHECK(DMFT(r, "dmft-plateau",
                  "plateau --jd 0.1,0.3:0.7:0.1 --p 1,0.25 --trajectories 24 "
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
        FL_CHECK(compare_section_dynamics(r, &pairs[k], 0.3));
        FL_CHECK(compare_section_dynamics(r, &pairs[k], 0.5));
    }
    return FL_OK;
}

/* Starts near a typical fixed point: the end of networks drawn around one, and mean-field theory. */
static fl_status retrieval_section_dynamics(report *r, unsigned long long seed) {
    static const double couplings[] = {0.6, 0.9};
    fl_frame theory, simulation;
    FL_CHECK(DMFT(
        r, "retrieval",
        "retrieval --jd 0.6,0.9,1.2 --overlap 0.1,0.3,0.5,0.7,0.9,0.96,0.99 --time 40 --trajectories 8192 "
        "--seed %llu",
        seed));
    FL_CHECK(
        ACCESS(r, "return",
               "return --planted --algorithm sync --n 2000 --jd 0.6,0.9,1.2 --samples 12 "
               "--overlap 0.3,0.5,0.7,0.9,0.96,0.99,1 --trials 2 --sweeps 40 --summary --seed %llu",
               seed));
    FL_CHECK(report_table(r, "retrieval", &theory));
    fl_status status = report_table(r, "return", &simulation);
    bool both = status == FL_OK;
    for (int k = 0; status == FL_OK && k < 2; k++) {
        double m = NAN, error = NAN, expected = NAN, theory_error = NAN;
        char jd[16], name[128];
        snprintf(jd, sizeof jd, "%g", couplings[k]);
        status =
            find_section_dynamics(&theory, "jd", jd, "start_overlap", 0.9, "overlap", &expected);
        if (status == FL_OK)
            status = find_section_dynamics(&theory, "jd", jd, "start_overlap", 0.9, "overlap_error",
                                           &theory_error);
        if (status == FL_OK)
            status =
                find_section_dynamics(&simulation, "jd", jd, "start_overlap", 0.9, "overlap", &m);
        if (status == FL_OK)
            status = find_section_dynamics(&simulation, "jd", jd, "start_overlap", 0.9,
                                           "overlap_error", &error);
        snprintf(
            name, sizeof name,
            "overlap with a fixed point after 40 steps from 0.9, N = 2000 and mean field, J_D = %s",
            jd);
        report_check(r, name, m, expected, hypot(error, theory_error), 4.5);
    }
    fl_frame_clear(&theory);
    if (both)
        fl_frame_clear(&simulation);
    FL_CHECK(status);
    return report_figure(
        r, "retrieval",
        "What is left of a start near a typical fixed point after 40 synchronous steps. Lines: mean-field "
        "theory, N &rarr; infinity; points: networks of N = 2000 drawn around a fixed point, bars: "
        "standard errors. A start at the fixed point itself (overlap 1) stays there; from a finite fraction of "
        "turned neurons, however small of those shown, none comes back.");
}

/* J_half of this run against that of the longer ones, kept in the tree, with their own errors. */
static fl_status half_success(report *r) {
    static const char *const algorithms[][2] = {{"async", "asynchronous"}, {"sync", "synchronous"}};
    static const int sizes[] = {100, 200, 400};
    fl_frame here, kept;
    FL_CHECK(report_table(r, "access-threshold", &here));
    fl_status status = report_table(r, "thresholds", &kept);
    bool both = status == FL_OK;
    for (int k = 0; status == FL_OK && k < 6; k++) {
        const char *algorithm = algorithms[k / 3][0];
        double n = sizes[k % 3], half = NAN, error = NAN, expected = NAN, low = NAN;
        char name[128];
        status = find_section_dynamics(&here, "algorithm", algorithm, "n", n, "jd_half", &half);
        if (status == FL_OK)
            status = find_section_dynamics(&here, "algorithm", algorithm, "n", n, "error", &error);
        if (status == FL_OK)
            status =
                find_section_dynamics(&kept, "algorithm", algorithm, "n", n, "jd_half", &expected);
        if (status == FL_OK)
            status = find_section_dynamics(&kept, "algorithm", algorithm, "n", n, "low", &low);
        snprintf(name, sizeof name, "%s half success J_half, N = %g, few networks and many",
                 algorithms[k / 3][1], n);
        report_check(r, name, half, expected, hypot(error, (expected - low) / 1.96), 4.5);
    }
    fl_frame_clear(&here);
    if (both)
        fl_frame_clear(&kept);
    return status;
}

/* Message passing on networks of the same ensemble. */
static fl_status messages(report *r, unsigned long long seed) {
    fl_frame f;
    double half = NAN, error = NAN;
    FL_CHECK(report_run(
        r, fl_tool_message, "fl-message", "message-runs",
        "solve --n 100,200,400 --jd 0.08:0.22:0.02 --samples 40 --per-sample --seed %llu", seed));
    FL_CHECK(report_run(r, fl_tool_message, "fl-message", "message",
                        "solve --n 100 --jd 0.08:0.22:0.02 --samples 40 --seed %llu", seed));
    FL_CHECK(ACCESS(r, "message-threshold", "threshold %s", report_data(r, "message-runs.tsv")));
    FL_CHECK(report_table(r, "message-threshold", &f));
    fl_status status =
        find_section_dynamics(&f, "algorithm", "reinforced", "n", 200, "jd_half", &half);
    if (status == FL_OK)
        status = find_section_dynamics(&f, "algorithm", "reinforced", "n", 200, "error", &error);
    fl_frame_clear(&f);
    FL_CHECK(status);
    report_check(r, "message passing, half success at N = 200, few networks and many", half, 0.131,
                 hypot(error, 0.0025), 4.5);
    return FL_OK;
}

static fl_status threshold(report *r, unsigned long long seed) {
    double theory = NAN, theory_error = NAN;
    fl_frame frame;
    FL_CHECK(ACCESS(r, "access-runs",
                    "run --algorithm async,sync --n 50,100,200,400 --jd 0.1:0.7:0.05 "
                    "--samples 40 --sweeps 1000 --per-sample --seed %llu",
                    seed));
    FL_CHECK(ACCESS(r, "access", "collect %s", report_data(r, "access-runs.tsv")));
    FL_CHECK(ACCESS(r, "access-threshold", "threshold %s", report_data(r, "access-runs.tsv")));
    FL_CHECK(DMFT(r, "dmft-threshold", "threshold --seed %llu", seed));
    FL_CHECK(report_table(r, "dmft-threshold", &frame));
    fl_status status = find_section_dynamics(&frame, "p", "1", "p", 1, "jd", &theory);
    if (status == FL_OK)
        status = find_section_dynamics(&frame, "p", "1", "p", 1, "error", &theory_error);
    fl_frame_clear(&frame);
    FL_CHECK(status);
    /* 0.8143(5): an independent method, in continuous time, without an extrapolation in u */
    report_check(r, "mean-field threshold J_c, from plateaus and by another method", theory, 0.8143,
                 hypot(theory_error, 0.0005), 4.5);
    FL_CHECK(report_keep(r, "thresholds"));
    FL_CHECK(report_keep(r, "chain-half"));
    FL_CHECK(half_success(r));
    FL_CHECK(messages(r, seed));
    FL_CHECK(report_figure(
        r, "message-success",
        "Networks of N = 100 in which a fixed point is found: by message passing, and by dynamics within 1000 sweeps. "
        "Bars: Wilson 95 %."));
    return report_figure(
        r, "message-thresholds",
        "Self-coupling from which on half of the networks are solved, for every algorithm, from longer "
        "runs kept in the tree. That of message passing does not grow with N.");
}

static fl_status run_section_dynamics(report *r) {
    unsigned long long seed = report_seed(r);
    FL_CHECK(plateaus(r, seed));
    FL_CHECK(relaxation(r, seed));
    FL_CHECK(retrieval_section_dynamics(r, seed));
    FL_CHECK(threshold(r, seed));
    return report_figure(
        r, "time-to-solution",
        "Median number of sweeps to a fixed point, 40 networks. Bars: the 95 % interval of a median, by "
        "ranks; sizes at which fewer than half of the runs arrive are left out.");
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
        "Activity dies out at the same J_c for every kind of update; finite networks "
        "already succeed below it, the more so the smaller they are.</p>",
    .run = run_section_dynamics,
};
