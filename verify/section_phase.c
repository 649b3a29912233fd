/* The overlap gap and the critical self-couplings: identities of the theory, each by two routes. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "fixland/potential.h"
#include "fixland/tools.h"
#include "verify/sections.h"

/* Largest |a - b| of two columns of tables with the same rows, relative to nothing: in nats. */
static fl_status largest_difference(const fl_frame *a, const char *column_a, const fl_frame *b,
                                    const char *column_b, double *largest) {
    size_t i, j;
    FL_CHECK(fl_frame_column(a, column_a, &i));
    FL_CHECK(fl_frame_column(b, column_b, &j));
    if (a->rows != b->rows)
        return fl_fail(FL_EMISMATCH, "two tables of %zu and %zu rows", a->rows, b->rows);
    *largest = 0;
    for (size_t row = 0; row < a->rows; row++) {
        double difference = fabs(a->real[row * a->columns + i] - b->real[row * b->columns + j]);
        if (!(difference <= *largest)) /* nan too */
            *largest = difference;
    }
    return FL_OK;
}

/* F(m, q) for one or two replicas has closed forms. */
static fl_status few_replicas(report *r, const char *tuples, const char *closed,
                              const char *closed_column, const char *name) {
    fl_frame a, b;
    double largest = NAN;
    FL_CHECK(report_table(r, tuples, &a));
    fl_status status = report_table(r, closed, &b);
    if (status == FL_OK) {
        status = largest_difference(&a, "tuple_entropy", &b, closed_column, &largest);
        fl_frame_clear(&b);
    }
    fl_frame_clear(&a);
    report_check_close(r, name, largest, 0, 1e-10);
    return status;
}

/* min over d of the entropy of pairs, by golden section around its dip near d = 0.026. */
static double dip(double jd) {
    double low = 0.005, high = 0.1, golden = 0.5 * (sqrt(5) - 1), entropy = NAN, potential;
    for (int step = 0; step < 80; step++) {
        double left = high - golden * (high - low), right = low + golden * (high - low), at_left,
               at_right;
        if (fl_pair_entropy(jd, left, &at_left, &potential) != FL_OK ||
            fl_pair_entropy(jd, right, &at_right, &potential) != FL_OK)
            return NAN;
        entropy = fmin(at_left, at_right);
        if (at_left < at_right)
            high = right;
        else
            low = left;
    }
    return entropy;
}

/* The J_D at which the dip touches zero, by bisection. */
static double pair_gap(void) {
    double low = 0.03, high = 0.06;
    for (int step = 0; step < 60; step++) {
        double middle = 0.5 * (low + high);
        if (dip(middle) < 0)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

/* Value of a column in the row whose first column reads `first`. */
static double look_up(const fl_frame *f, const char *first, const char *column) {
    size_t j;
    if (fl_frame_column(f, column, &j) != FL_OK)
        return NAN;
    for (size_t row = 0; row < f->rows; row++)
        if (strcmp(f->text[row * f->columns], first) == 0)
            return f->real[row * f->columns + j];
    return NAN;
}

/* Sign changes of the critical self-couplings, seen in curves on both sides of them: how often
 * phi*(d) falls with d, and its smallest value, for one J_D of data/near-critical.tsv. */
static void describe(const fl_frame *f, double jd, size_t phi, double *falls, double *least) {
    double last = -INFINITY;
    *falls = 0;
    *least = INFINITY;
    for (size_t row = 0; row < f->rows; row++) {
        double value = f->real[row * f->columns + phi];
        if (f->real[row * f->columns] != jd)
            continue;
        *falls += value < last;
        *least = fmin(*least, value);
        last = value;
    }
}

static fl_status both_sides(report *r) {
    fl_frame f;
    size_t phi;
    double falls, least;
    FL_CHECK(report_table(r, "near-critical", &f));
    fl_status status = fl_frame_column(&f, "local_entropy", &phi);
    if (status == FL_OK) {
        describe(&f, 0.0600, phi, &falls, &least);
        report_check_close(r, "local entropy is negative somewhere at J_D = 0.0600", least < 0, 1,
                           0);
        describe(&f, 0.0602, phi, &falls, &least);
        report_check_close(r, "and nowhere at J_D = 0.0602", least < 0, 0, 0);
        describe(&f, 0.0730, phi, &falls, &least);
        report_check_close(r, "local entropy falls somewhere at J_D = 0.0730", falls > 0, 1, 0);
        describe(&f, 0.0732, phi, &falls, &least);
        report_check_close(r, "and nowhere at J_D = 0.0732", falls > 0, 0, 0);
    }
    fl_frame_clear(&f);
    return status;
}

static fl_status thresholds(report *r) {
    static const double published[] = {0.0427, 0.0557, 0.0596, 0.0600};
    fl_frame gaps, critical;
    FL_CHECK(report_table(r, "gaps", &gaps));
    for (int m = 2; m <= 5; m++) {
        char name[80], word[12];
        snprintf(word, sizeof word, "%d", m);
        snprintf(name, sizeof name, "self-coupling where the gap of m = %d closes, to 4 digits", m);
        report_check_close(r, name, look_up(&gaps, word, "jd_gap"), published[m - 2], 5e-5);
    }
    report_check_close(r, "the same for m = 2 from the entropy of pairs",
                       look_up(&gaps, "2", "jd_gap"), pair_gap(), 1e-9);
    fl_frame_clear(&gaps);
    FL_CHECK(report_table(r, "critical", &critical));
    report_check_close(r, "J_gap, between the curves on both sides of it",
                       look_up(&critical, "J_gap", "jd"), 0.0601, 1e-4);
    report_check_close(r, "J_mono, between the curves on both sides of it",
                       look_up(&critical, "J_mono", "jd"), 0.0731, 1e-4);
    fl_frame_clear(&critical);
    return both_sides(r);
}

static fl_status data(report *r) {
    report_tool *phase = fl_tool_phase, *entropy = fl_tool_entropy;
    FL_CHECK(report_run(r, phase, "fl-phase", "critical", "critical"));
    FL_CHECK(report_run(r, phase, "fl-phase", "gaps", "gaps --m 1.25:12:0.25"));
    FL_CHECK(report_run(r, phase, "fl-phase", "curve",
                        "curve --jd 0.05,0.0600992,0.0665,0.0731077,0.1 --points 80"));
    FL_CHECK(report_run(r, phase, "fl-phase", "near-critical",
                        "curve --jd 0.0600,0.0602,0.0730,0.0732 --points 120 --from 0.001 --to "
                        "0.05"));
    FL_CHECK(report_run(r, phase, "fl-phase", "pairs-by-replicas",
                        "tuples --jd 0,0.05,0.5 --m 2 --distance 0.01:0.5:0.01"));
    FL_CHECK(report_run(r, entropy, "fl-entropy", "potential",
                        "potential --jd 0,0.05,0.5 --distance 0.01:0.5:0.01"));
    FL_CHECK(report_run(r, phase, "fl-phase", "one-replica",
                        "tuples --jd 0:1:0.1 --m 1 --distance 0.05"));
    FL_CHECK(report_run(r, phase, "fl-phase", "levels", "levels --levels 1,2"));
    FL_CHECK(report_run(r, phase, "fl-phase", "levels-curve",
                        "curve --jd 0.0600992,0.0731077,0.0740535 --points 80 --from 0.001 --to "
                        "0.1"));
    FL_CHECK(
        report_run(r, phase, "fl-phase", "levels-curve-two",
                   "curve --levels 2 --jd 0.0740535,0.0767619 --points 14 --from 0.0145 --to 0.1"));
    FL_CHECK(report_run(r, entropy, "fl-entropy", "gap-finite",
                        "pairs --jd 0.03 --n 48,60,100,200,400,800"));
    FL_CHECK(
        report_run(r, entropy, "fl-entropy", "gap-first", "pairs --jd 0.03 --n 24,30,36,42,48,49"));
    FL_CHECK(report_run(r, entropy, "fl-entropy", "gap-limit",
                        "potential --jd 0.03 --distance 0.001:0.2:0.001"));
    return report_run(r, entropy, "fl-entropy", "one-replica-closed", "count --jd 0:1:0.1 --n 100");
}

/* Jgap with two levels of overlap, against values of a program that shares nothing with this one.
 */
static fl_status two_levels(report *r) {
    fl_frame f;
    size_t levels, jd;
    double value[2] = {NAN, NAN}; /* estimate, theorem: in this order */
    int found = 0;
    FL_CHECK(report_table(r, "levels", &f));
    fl_status status = fl_frame_column(&f, "levels", &levels);
    if (status == FL_OK)
        status = fl_frame_column(&f, "jd_gap", &jd);
    for (size_t row = 0; status == FL_OK && row < f.rows; row++)
        if (f.real[row * f.columns + levels] == 2 && found < 2)
            value[found++] = f.real[row * f.columns + jd];
    fl_frame_clear(&f);
    FL_CHECK(status);
    report_check_close(r, "gap of clusters with two levels of overlap, closed at J_D", value[0],
                       0.0740535, 1e-7);
    report_check_close(r, "gap of twelve fixed points in three groups of four, closed at J_D",
                       value[1], 0.0739209, 1e-7);
    return FL_OK;
}

/* Does the exact mean number of pairs at n neurons fall with the distance somewhere below n/2? */
static bool has_dip(const fl_frame *f, double n, size_t mean) {
    double last = -INFINITY;
    for (size_t row = 0; row < f->rows; row++) {
        const double *cell = f->real + row * f->columns;
        if (cell[1] != n || cell[2] < 1 || cell[2] > n / 2)
            continue;
        if (cell[mean] < last)
            return true;
        last = cell[mean];
    }
    return false;
}

/* The first trace of the gap at finite size. */
static fl_status first_dip(report *r) {
    fl_frame f;
    size_t mean;
    FL_CHECK(report_table(r, "gap-first", &f));
    fl_status status = fl_frame_column(&f, "log_mean_pairs", &mean);
    if (status == FL_OK) {
        int smaller = 0;
        for (int n = 24; n <= 48; n += 6)
            smaller += has_dip(&f, n, mean);
        report_check_close(
            r, "the exact mean number of close pairs has no dip up to N = 48, J_D = 0.03", smaller,
            0, 0);
        report_check_close(r, "and has a dip at N = 49", has_dip(&f, 49, mean), 1, 0);
    }
    fl_frame_clear(&f);
    return status;
}

static fl_status run_section_phase(report *r) {
    FL_CHECK(data(r));
    FL_CHECK(few_replicas(r, "pairs-by-replicas", "potential", "pair_entropy",
                          "F(2,q) against the entropy of pairs, largest difference (nats)"));
    FL_CHECK(few_replicas(r, "one-replica", "one-replica-closed", "entropy_limit",
                          "F(1,q) against ln 2 Phi, largest difference (nats)"));
    FL_CHECK(thresholds(r));
    FL_CHECK(first_dip(r));
    FL_CHECK(two_levels(r));
    FL_CHECK(report_keep(r, "levels-three"));
    FL_CHECK(report_figure(
        r, "levels",
        "Left: local entropy (annealed estimates) of one level of overlap at J_gap, at "
        "J_mono and at J_gap of two levels, where two levels of overlap bring it to "
        "zero at a distance; and that of two levels there and at their J_mono, a local minimum, "
        "as far as it exists. Right: J_gap with one, two and three levels, beside J_mono "
        "of one level. More levels exclude more; nothing is said to exist above."));
    return report_figure(
        r, "gaps",
        "Self-coupling below which m fixed points cannot have all mutual overlaps "
        "q for some q: a proof for whole m only. The maximum of the curve is J_gap, "
        "one level.");
}

const section section_phase = {
    .id = "phase",
    .title = "The overlap gap and the critical self-couplings",
    .text =
        "<p>The entropy F(m,q) of m fixed points at mutual overlap q gives the overlap gaps of "
        "m-tuples (a first-moment bound, a proof for whole m), J_gap where they close for every m, "
        "and J_mono where the annealed estimate of the local entropy becomes "
        "monotone in the distance. Both are numbers of one level of overlap: with two levels the "
        "bound moves to 0.0741, beyond J_mono. They say what is excluded below them, not "
        "that dense clusters exist above.</p>",
    .run = run_section_phase,
};
