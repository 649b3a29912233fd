/* Partly symmetric couplings, the spread of the number of fixed points, inputs and two-cycles:
 * closed forms against enumeration. */
#include <math.h>
#include <stdio.h>

#include "fixland/stats.h"
#include "fixland/tools.h"
#include "verify/sections.h"

static const char *const etas[] = {"-1", "-0.5", "0", "0.5", "1"};
static const char *const strengths[] = {"0.5", "1", "1.5", "2"};

/* The column z of an enumeration's summary: every row a check. */
static fl_status check_means(report *r, const char *name, const char *what) {
    fl_frame f;
    size_t mean, exact, error, jd;
    FL_CHECK(report_table(r, name, &f));
    fl_status status = fl_frame_column(&f, "mean_count", &mean);
    if (status == FL_OK)
        status = fl_frame_column(&f, "exact_mean", &exact);
    if (status == FL_OK)
        status = fl_frame_column(&f, "std_error", &error);
    if (status == FL_OK)
        status = fl_frame_column(&f, "jd", &jd);
    for (size_t k = 0; status == FL_OK && k < f.rows; k++) {
        const double *row = f.real + k * f.columns;
        char text[160];
        snprintf(text, sizeof text, "mean number of fixed points, %s, J_D = %g", what, row[jd]);
        report_check(r, text, row[mean], row[exact], row[error], 4.5);
    }
    fl_frame_clear(&f);
    return status;
}

static fl_status symmetric(report *r) {
    for (int k = 0; k < 5; k++) {
        char theory[40], count[40], what[60];
        snprintf(theory, sizeof theory, "entropy-eta-%d", k + 1);
        snprintf(count, sizeof count, "count-eta-%d", k + 1);
        snprintf(what, sizeof what, "eta = %s, N = 16", etas[k]);
        FL_CHECK(report_run(r, fl_tool_entropy, "fl-entropy", theory,
                            "count --eta %s --jd %s:1:0.02 --n 16", etas[k], k ? "0" : "0.02"));
        FL_CHECK(report_run(r, fl_tool_enumerate, "fl-enumerate", count,
                            "--n 16 --eta %s --jd %s0.5,0.75 --samples 3000 --seed %llu "
                            "--summary",
                            etas[k], k ? "0.25," : "", (unsigned long long)report_seed(r)));
        FL_CHECK(check_means(r, count, what));
    }
    return report_figure(r, "symmetry",
                         "Entropy of the mean number of fixed points for correlation eta of J_ij "
                         "and J_ji. Lines: N to infinity; thin dots: exact at N = 16; points: 3000 "
                         "networks each, enumerated.");
}

/* Mean and variance of ln # against the conjecture: shown, not asked to agree better than the
 * corrections of order 1/N that it leaves out. */
static fl_status spread_section_variety(report *r) {
    FL_CHECK(report_run(r, fl_tool_enumerate, "fl-enumerate", "spread",
                        "--n 20,24 --jd 0.5 --samples 600 --seed %llu",
                        (unsigned long long)report_seed(r)));
    FL_CHECK(report_run(r, fl_tool_entropy, "fl-entropy", "spread-law",
                        "fluctuations --n 20,24,30,36 --jd 0.5"));
    FL_CHECK(report_keep(r, "spread-large"));
    fl_frame rows, law;
    FL_CHECK(report_table(r, "spread", &rows));
    fl_status status = report_table(r, "spread-law", &law);
    for (size_t size = 0; status == FL_OK && size < 2; size++) {
        double sum = 0, square = 0, fourth = 0, some = 0;
        double expected = law.real[size * law.columns + 4], v = law.real[size * law.columns + 5];
        for (size_t k = 0; k < rows.rows; k++) {
            const double *row = rows.real + k * rows.columns;
            if (row[0] != law.real[size * law.columns + 1] || !(row[3] > 0))
                continue;
            double x = log(row[3]) - expected;
            some++, sum += x, square += x * x, fourth += x * x * x * x;
        }
        char text[120];
        double mean = sum / some, variance = square / some - mean * mean;
        snprintf(text, sizeof text, "mean of ln #, N = %g, J_D = 0.5, against the conjecture",
                 law.real[size * law.columns + 1]);
        report_check(r, text, mean + expected, expected, sqrt(variance / some), 4.5);
        snprintf(text, sizeof text, "variance of ln #, N = %g, J_D = 0.5, against the conjecture",
                 law.real[size * law.columns + 1]);
        report_check(r, text, variance, v, sqrt((fourth / some - variance * variance) / some), 4.5);
    }
    if (status == FL_OK)
        fl_frame_clear(&law);
    fl_frame_clear(&rows);
    FL_CHECK(status);
    return report_figure(
        r, "fluctuations",
        "Distribution of ln # over networks, J_D = 0.5, with errors of the counts in each bin: N = 20 and "
        "24 of this page, larger ones of a longer run. Lines: the conjectured normal law, from "
        "the exact mean and variance of #.");
}

static fl_status driven(report *r) {
    FL_CHECK(report_run(r, fl_tool_entropy, "fl-entropy", "input",
                        "input --jd 0.5 --strength 0:2.1:0.05 --n 20"));
    for (int k = 0; k < 4; k++) {
        char name[40], what[60];
        snprintf(name, sizeof name, "input-count-%d", k + 1);
        snprintf(what, sizeof what, "input %s, N = 20", strengths[k]);
        FL_CHECK(report_run(r, fl_tool_enumerate, "fl-enumerate", name,
                            "--n 20 --jd 0.5 --input-strength %s --samples 2000 --seed %llu "
                            "--summary",
                            strengths[k], (unsigned long long)report_seed(r)));
        FL_CHECK(check_means(r, name, what));
    }
    return report_figure(
        r, "input",
        "Fixed points under an input of random signs, J_D = 0.5: entropy of the "
        "mean (dashed) and of a typical network, overlap with the input, overlap of "
        "two fixed points. Points: mean of ln # per neuron over networks that have "
        "fixed points, N = 20; their distance to the line is of order 1/N.");
}

static fl_status run_section_variety(report *r) {
    FL_CHECK(symmetric(r));
    FL_CHECK(spread_section_variety(r));
    return driven(r);
}

const section section_variety = {
    .id = "variety",
    .title = "Symmetry, fluctuations, inputs",
    .text =
        "<p>Closed forms beyond the mean number of fixed points of independent couplings: partly "
        "symmetric couplings, exact at every N; how much the number varies from network to "
        "network, whose variance is exact and whose distribution is a conjecture; and fixed points "
        "under an input.</p>",
    .run = run_section_variety,
};
