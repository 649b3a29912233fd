/* Overlap histograms, triples and clusters of fixed points: exact means at finite N, and pictures.
 */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>

#include "fixland/tools.h"
#include "verify/sections.h"

static unsigned long long seed_of(const report *r) {
    return (unsigned long long)report_seed(r);
}

static fl_status column(const fl_frame *f, size_t row, const char *name, double *value) {
    size_t k;
    FL_CHECK(fl_frame_column(f, name, &k));
    *value = f->real[row * f->columns + k];
    return FL_OK;
}

/* p of a whole histogram as the normal deviate with that upper tail: 4.75 at p = 1e-6. */
static fl_status check_histogram(report *r, const fl_frame *f, size_t row) {
    double n, jd, bins, p, unequal;
    char name[128];
    FL_CHECK(column(f, row, "n", &n));
    FL_CHECK(column(f, row, "jd", &jd));
    FL_CHECK(column(f, row, "bins", &bins));
    FL_CHECK(column(f, row, "p", &p));
    FL_CHECK(column(f, row, "unequal", &unequal));
    snprintf(name, sizeof name, "all %g bins of the overlap histogram at once, N = %g, J_D = %g",
             bins, n, jd);
    report_check(r, name, gsl_cdf_ugaussian_Qinv(p), 0, 1, 4.75);
    snprintf(name, sizeof name,
             "networks whose pairs do not sum to the square of their count, N = %g, J_D = %g", n,
             jd);
    report_check_close(r, name, unequal, 0, 0);
    return FL_OK;
}

static fl_status check_triples(report *r, const fl_frame *f, size_t row) {
    double n, jd, m, q, mean, error, exact;
    char name[128];
    FL_CHECK(column(f, row, "n", &n));
    FL_CHECK(column(f, row, "jd", &jd));
    FL_CHECK(column(f, row, "m", &m));
    FL_CHECK(column(f, row, "q", &q));
    FL_CHECK(column(f, row, "tuples_mean", &mean));
    FL_CHECK(column(f, row, "tuples_error", &error));
    FL_CHECK(column(f, row, "exact_mean", &exact));
    snprintf(name, sizeof name, "mean number of %g-tuples, overlaps %g +- 0.35, N = %g", m, q, n);
    report_check(r, name, mean, exact, error, 4.5);
    return FL_OK;
}

static fl_status each_row(report *r, const char *name,
                          fl_status (*check)(report *, const fl_frame *, size_t)) {
    fl_frame f;
    FL_CHECK(report_table(r, name, &f));
    fl_status status = FL_OK;
    for (size_t row = 0; status == FL_OK && row < f.rows; row++)
        status = check(r, &f, row);
    fl_frame_clear(&f);
    return status;
}

static fl_status histograms(report *r) {
    FL_CHECK(report_run(r, fl_tool_overlap, "fl-overlap", "overlap-test",
                        "histogram --test --n 16,20,24 --jd 0.1,0.2 --samples 1200 --seed %llu",
                        seed_of(r)));
    FL_CHECK(each_row(r, "overlap-test", check_histogram));
    FL_CHECK(report_run(r, fl_tool_overlap, "fl-overlap", "overlap",
                        "histogram --n 20 --jd 0.1,0.3 --samples 1500 --seed %llu", seed_of(r)));
    FL_CHECK(report_run(r, fl_tool_overlap, "fl-overlap", "overlap-test-20",
                        "histogram --test --n 20 --jd 0.1,0.3 --samples 1500 --seed %llu",
                        seed_of(r)));
    return each_row(r, "overlap-test-20", check_histogram);
}

static fl_status triples(report *r) {
    FL_CHECK(report_run(r, fl_tool_overlap, "fl-overlap", "triples",
                        "gap --n 10 --jd 0.3 --m 2,3 --q=-0.2:0.6:0.2 --window 0.35 --samples "
                        "10000 --seed %llu",
                        seed_of(r)));
    return each_row(r, "triples", check_triples);
}

static fl_status trend(report *r) {
    FL_CHECK(report_run(r, fl_tool_phase, "fl-phase", "gap-theory",
                        "tuples --jd 0.06 --m 2,3 --distance 0.1:0.5:0.1"));
    FL_CHECK(report_run(r, fl_tool_overlap, "fl-overlap", "gap",
                        "gap --n 10,20,30 --jd 0.06 --m 2,3 --q 0:0.8:0.2 --window 0.2 --samples "
                        "800 --theory %s --seed %llu",
                        report_data(r, "gap-theory.tsv"), seed_of(r)));
    return report_figure(
        r, "gap",
        "Logarithm of the mean number of m-tuples of fixed points with all overlaps within 0.2 of "
        "q, per neuron, J_D = 0.06. Points: 800 networks; thin lines: exact mean at this N; thick "
        "line: first moment at overlap q for N &rarr; &infin;. A test of the first moment at "
        "finite N, "
        "not a picture of the gap: at J_D = 0.06 the gaps of two and three copies are closed, and "
        "they were "
        "at q = 0.95.");
}

static fl_status clusters(report *r) {
    FL_CHECK(report_run(r, fl_tool_overlap, "fl-overlap", "clusters",
                        "clusters --n 12,16,20 --jd 0:0.6:0.05 --samples 100 --radius 2 --summary "
                        "--seed %llu",
                        seed_of(r)));
    FL_CHECK(report_figure(
        r, "clusters",
        "Clusters of fixed points within Hamming distance 2 of one another, 100 "
        "networks, with standard errors. A fixed radius is a distance that shrinks with "
        "N; the thresholds of the landscape, below J_D = 0.08, belong to N &rarr; &infin; "
        "and are not marked."));
    FL_CHECK(report_run(r, fl_tool_overlap, "fl-overlap", "cluster-sizes",
                        "sizes --n 20 --jd 0.1,0.2,0.3,0.5 --samples 150 --radius 2 --seed %llu",
                        seed_of(r)));
    FL_CHECK(report_figure(
        r, "cluster-sizes",
        "Mean number of clusters of each size in a network, with standard errors; N = 20, "
        "radius 2, 150 networks."));
    FL_CHECK(report_run(r, fl_tool_overlap, "fl-overlap", "cluster-map",
                        "map --n 20 --jd 0.35 --radius 2 --seed 1"));
    return report_figure(r, "cluster-map",
                         "The fixed points of one network, N = 20, J_D = 0.35; lines join those "
                         "within Hamming distance 2. Colours: clusters; open grey: isolated.");
}

static fl_status run_section_overlap(report *r) {
    FL_CHECK(histograms(r));
    FL_CHECK(triples(r));
    FL_CHECK(trend(r));
    return clusters(r);
}

const section section_overlap = {
    .id = "overlap",
    .title = "Overlaps, triples and clusters",
    .text = "<p>The mean overlap histogram is compared with its exact mean as a whole: bins are "
            "correlated, so Hotelling's T<sup>2</sup> takes their covariance over networks "
            "(distances up to N/2, as the others are mirror images). The mean number of triples at "
            "given mutual overlaps is exact at finite N too, a sum over four kinds of neurons of "
            "products of three-variable orthant probabilities.</p>",
    .run = run_section_overlap,
};
