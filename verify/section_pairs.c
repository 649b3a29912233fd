/* The exact mean overlap histogram at finite N against the pairs of enumerated fixed points. */
#include <stdio.h>
#include <stdlib.h>

#include "fixland/overlap.h"
#include "fixland/stats.h"
#include "fixland/store.h"
#include "fixland/tools.h"
#include "verify/sections.h"

enum { N = 20, SAMPLES = 4000 };
#define JD "0.1"

/* A distance is tested where this many pairs are expected in all samples together; rarer ones have
 * no normal error. */
static const double enough = 1000;

static const fl_column columns[] = {
    {"distance", FL_INTEGER, NULL}, {"overlap", FL_REAL, NULL},    {"pairs_mean", FL_REAL, NULL},
    {"pairs_error", FL_REAL, NULL}, {"exact_mean", FL_REAL, NULL}, {"z", FL_REAL, NULL},
};

/* pairs[d * SAMPLES + k]: pairs at distance d in sample k. */
static fl_status histogram(fl_store_reader *reader, const fl_store_set *set, double *pairs) {
    uint64_t counts[N + 1], *spins = malloc((set->count + 1) * sizeof *spins);
    if (!spins)
        return fl_fail(FL_ENOMEM, "out of memory for the fixed points of a sample");
    fl_status status = fl_store_read(reader, set, 0, set->count, spins);
    if (status == FL_OK) {
        fl_pair_histogram(spins, set->count, N, counts);
        for (size_t d = 0; d <= N; d++)
            pairs[d * SAMPLES + set->sample] = (double)counts[d];
    }
    free(spins);
    return status;
}

static fl_status histograms(report *r, double *pairs) {
    fl_store_reader *reader;
    const fl_store_set *sets;
    size_t count;
    FL_CHECK(fl_store_open(&reader, report_data(r, "pairs.h5")));
    fl_status status = fl_store_sets(reader, &sets, &count);
    if (status == FL_OK && count != SAMPLES)
        status = fl_fail(FL_EFORMAT, "the store holds %zu sets, not %d", count, SAMPLES);
    for (size_t k = 0; status == FL_OK && k < count; k++)
        status = histogram(reader, &sets[k], pairs);
    fl_store_reader_close(reader);
    return status;
}

static fl_status compare_section_pairs(report *r, fl_table *table, const double *pairs,
                                       const fl_frame *theory) {
    size_t exact_column;
    FL_CHECK(fl_frame_column(theory, "mean_pairs", &exact_column));
    for (size_t d = 0; d <= N; d++) {
        fl_estimate mean = fl_mean(pairs + d * SAMPLES, SAMPLES);
        double exact = theory->real[d * theory->columns + exact_column];
        const fl_cell row[] = {FL_INT(d),         FL_NUM(1 - 2.0 * (double)d / N),
                               FL_NUM(mean.mean), FL_NUM(mean.error),
                               FL_NUM(exact),     FL_NUM(fl_z(mean.mean, exact, mean.error))};
        FL_CHECK(fl_table_row(table, row));
        char name[96];
        snprintf(name, sizeof name, "mean number of pairs at distance %zu, N = %d, J_D = " JD, d,
                 N);
        if (exact * SAMPLES >= enough && d <= N / 2) /* the others are mirror images */
            report_check(r, name, mean.mean, exact, mean.error, 4.5);
    }
    return FL_OK;
}

static fl_status write(report *r, const double *pairs) {
    fl_frame theory;
    fl_table *table;
    FL_CHECK(report_table(r, "pairs-theory", &theory));
    fl_status status = fl_table_open(&table, report_data(r, "pairs.tsv"), true, FL_TABLE_TSV, NULL,
                                     columns, sizeof columns / sizeof *columns);
    if (status == FL_OK) {
        status = compare_section_pairs(r, table, pairs, &theory);
        if (status == FL_OK)
            status = fl_table_close(table);
        else
            fl_table_discard(table);
    }
    fl_frame_clear(&theory);
    return status;
}

static fl_status run_section_pairs(report *r) {
    FL_CHECK(report_run(r, fl_tool_enumerate, "fl-enumerate", "pairs-count",
                        "--n %d --jd " JD " --samples %d --seed %llu --store %s", N, SAMPLES,
                        (unsigned long long)report_seed(r), report_data(r, "pairs.h5")));
    FL_CHECK(report_run(r, fl_tool_entropy, "fl-entropy", "pairs-theory",
                        "pairs --jd " JD " --n %d", N));
    double *pairs = calloc((N + 1) * SAMPLES, sizeof *pairs);
    if (!pairs)
        return fl_fail(FL_ENOMEM, "out of memory for pair histograms");
    fl_status status = histograms(r, pairs);
    if (status == FL_OK)
        status = write(r, pairs);
    free(pairs);
    FL_CHECK(status);
    return report_figure(r, "pairs",
                         "Mean number of ordered pairs of fixed points against their overlap, N = "
                         "20, J_D = " JD ". Points: 4000 networks, fully enumerated, with standard "
                         "errors. Line: exact mean at this N.");
}

const section section_pairs = {
    .id = "pairs",
    .title = "Pairs of fixed points: the mean overlap histogram",
    .text =
        "<p>All pairs of fixed points of each network, by Hamming distance, against the exact "
        "mean E[M<sub>d</sub>] = 2<sup>N</sup> C(N,d) P<sub>2</sub>(&kappa;; "
        "q<sub>+</sub>)<sup>N&minus;d</sup> P<sub>2</sub>(&kappa;; "
        "&minus;q<sub>&minus;</sub>)<sup>d</sup>. Distances with fewer than 1000 expected pairs "
        "in all networks together are drawn but not tested, and so are those beyond N/2, their "
        "mirror images."
        "</p>",
    .run = run_section_pairs,
};
