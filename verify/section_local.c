/* Fixed points around a fixed point: a typical one, one that a dynamics reaches; exact at N = 32.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "fixland/spins.h"
#include "fixland/stats.h"
#include "fixland/store.h"
#include "fixland/tools.h"
#include "verify/sections.h"

enum { N = 32, SAMPLES = 40, DISTANCES = 11 }; /* distances 2 .. 12 */
#define JD "0.3"

typedef struct local {
    double typical[DISTANCES][SAMPLES], reached[DISTANCES][SAMPLES]; /* nats per neuron */
    size_t used;                                                     /* networks */
} local;

/* Configurations of a set, one word each. */
static fl_status read_section_local_set(fl_store_reader *reader, const fl_store_set *set,
                                        uint64_t **spins) {
    *spins = malloc((set->count + 1) * sizeof **spins);
    if (!*spins)
        return fl_fail(FL_ENOMEM, "out of memory for the fixed points of a network");
    fl_status status = fl_store_read(reader, set, 0, set->count, *spins);
    if (status != FL_OK)
        free(*spins);
    return status;
}

/* Mean over centres of ln(points within a distance) / N, for each distance. */
static void mean_local_entropy(const uint64_t *centres, size_t centre_count, const uint64_t *points,
                               size_t count, size_t sample, double (*out)[SAMPLES]) {
    double sum[DISTANCES] = {0};
    for (size_t c = 0; c < centre_count; c++) {
        size_t within[N + 1] = {0}, total;
        for (size_t k = 0; k < count; k++)
            within[fl_spins_distance(&centres[c], &points[k], N)]++;
        total = within[0] + within[1];
        for (size_t d = 0; d < DISTANCES; d++)
            sum[d] += log((double)(total += within[d + 2])) / N;
    }
    for (size_t d = 0; d < DISTANCES; d++)
        out[d][sample] = sum[d] / (double)centre_count;
}

static fl_status add_network(fl_store_reader *all, const fl_store_set *a, fl_store_reader *ends,
                             const fl_store_set *e, local *result) {
    uint64_t *points, *centres;
    if (!a->count || !e->count)
        return FL_OK;
    FL_CHECK(read_section_local_set(all, a, &points));
    fl_status status = read_section_local_set(ends, e, &centres);
    if (status == FL_OK) {
        mean_local_entropy(points, a->count, points, a->count, result->used, result->typical);
        mean_local_entropy(centres, e->count, points, a->count, result->used, result->reached);
        result->used++;
        free(centres);
    }
    free(points);
    return status;
}

static fl_status read_stores(fl_store_reader *all, fl_store_reader *ends, local *result) {
    const fl_store_set *a, *e;
    size_t a_count, e_count;
    FL_CHECK(fl_store_sets(all, &a, &a_count));
    FL_CHECK(fl_store_sets(ends, &e, &e_count));
    for (size_t k = 0; k < a_count; k++)
        for (size_t j = 0; j < e_count; j++)
            if (e[j].sample == a[k].sample && result->used < SAMPLES)
                FL_CHECK(add_network(all, &a[k], ends, &e[j], result));
    return result->used > 1 ? FL_OK : fl_fail(FL_EMISMATCH, "no network is in both stores");
}

static fl_status measure(report *r, local *result) {
    fl_store_reader *all, *ends;
    FL_CHECK(fl_store_open(&all, report_data(r, "local-all.h5")));
    fl_status status = fl_store_open(&ends, report_data(r, "local-reached.h5"));
    if (status == FL_OK) {
        status = read_stores(all, ends, result);
        fl_store_reader_close(ends);
    }
    fl_store_reader_close(all);
    return status;
}

static const fl_column columns[] = {
    {"flips", FL_INTEGER, NULL, NULL},     {"distance", FL_REAL, NULL, NULL},
    {"typical", FL_REAL, "nats", NULL},    {"typical_error", FL_REAL, "nats", NULL},
    {"reached", FL_REAL, "nats", NULL},    {"reached_error", FL_REAL, "nats", NULL},
    {"difference", FL_REAL, "nats", NULL}, {"difference_error", FL_REAL, "nats", NULL},
};

static fl_status write_section_local_row(report *r, fl_table *table, const local *l, size_t d) {
    double difference[SAMPLES];
    for (size_t k = 0; k < l->used; k++)
        difference[k] = l->reached[d][k] - l->typical[d][k];
    fl_estimate typical = fl_mean(l->typical[d], l->used),
                reached = fl_mean(l->reached[d], l->used), gain = fl_mean(difference, l->used);
    if (d + 2 == 4) {
        report_check(r, "reached and typical fixed points, ln(number within 4 flips)/N, difference",
                     gain.mean, 0.0213, hypot(gain.error, 0.0009), 4.5);
        report_check_close(r, "reached fixed points have more neighbours: difference over 5 errors",
                           gain.mean > 5 * gain.error, 1, 0);
    }
    const fl_cell row[] = {FL_INT(d + 2),        FL_NUM((double)(d + 2) / N),
                           FL_NUM(typical.mean), FL_NUM(typical.error),
                           FL_NUM(reached.mean), FL_NUM(reached.error),
                           FL_NUM(gain.mean),    FL_NUM(gain.error)};
    return fl_table_row(table, row);
}

static fl_status write_table(report *r, const local *l) {
    fl_table *table;
    fl_status status = fl_table_open(&table, report_data(r, "local.tsv"), true, FL_TABLE_TSV, NULL,
                                     columns, sizeof columns / sizeof *columns);
    FL_CHECK(status);
    for (size_t d = 0; status == FL_OK && d < DISTANCES; d++)
        status = write_section_local_row(r, table, l, d);
    if (status == FL_OK)
        return fl_table_close(table);
    fl_table_discard(table);
    return status;
}

/* Reinforced ones beside the others: damage that they survive, and entropies around them by messages, in networks that cannot
 * be enumerated. */
static fl_status attraction(report *r, unsigned long long seed) {
    static const char *const stores[][2] = {{"typical", "local-all.h5"},
                                            {"async", "local-reached.h5"},
                                            {"reinforced", "local-solved.h5"}};
    char name[64];
    FL_CHECK(report_run(r, fl_tool_message, "fl-message", "local-solve",
                        "solve --n %d --jd " JD
                        " --samples %d --restarts 4 --engine linear --seed %llu --store %s",
                        N, SAMPLES, seed, report_data(r, "local-solved.h5")));
    for (size_t k = 0; k < 3; k++) {
        snprintf(name, sizeof name, "return-%s", stores[k][0]);
        FL_CHECK(report_run(r, fl_tool_access, "fl-access", name,
                            "return --flips 1,2,4,8 --trials 10 --points 20 --summary --seed %llu "
                            "--start %s",
                            seed, report_data(r, stores[k][1])));
    }
    for (size_t k = 1; k < 3; k++) {
        snprintf(name, sizeof name, "message-local-%s", stores[k][0]);
        FL_CHECK(report_run(r, fl_tool_message, "fl-message", name,
                            "local --n 100 --jd " JD " --samples 20 --summary --centre %s "
                            "--distance 0.02,0.05,0.1,0.2,0.3,0.4 --seed %llu",
                            stores[k][0], seed));
    }
    FL_CHECK(report_figure(
        r, "message-local",
        "Entropy of fixed points around ones that asynchronous runs reach and around ones that message passing finds, by "
        "messages (Bethe), N = 100; means over the networks of 20 that have one, standard errors. Left beside the "
        "Franz-Parisi potential, which is around typical ones; right, against the distance between two of those counted, "
        "beside &phi;*, the first moment's estimate for the densest; both for N &rarr; infinity."));
    return report_figure(
        r, "message-return",
        "Asynchronous runs from damaged fixed points, N = 32. Above: how often they come back to the very point; "
        "below: the overlap of their end with it. Bars: standard errors over networks.");
}

static fl_status run_section_local(report *r) {
    unsigned long long seed = (unsigned long long)report_seed(r);
    FL_CHECK(report_run(r, fl_tool_enumerate, "fl-enumerate", "local-count",
                        "--n %d --jd " JD " --samples %d --seed %llu --store %s", N, SAMPLES, seed,
                        report_data(r, "local-all.h5")));
    FL_CHECK(report_run(r, fl_tool_access, "fl-access", "local-access",
                        "run --algorithm async --n %d --jd " JD
                        " --samples %d --replicas 20 --seed %llu --store %s",
                        N, SAMPLES, seed, report_data(r, "local-reached.h5")));
    FL_CHECK(report_run(r, fl_tool_entropy, "fl-entropy", "local-potential",
                        "potential --jd " JD " --distance 0.02:0.4:0.005"));
    FL_CHECK(report_run(r, fl_tool_phase, "fl-phase", "local-curve",
                        "curve --jd " JD " --points 60 --from 0.02 --to 0.4"));
    local *result = calloc(1, sizeof *result);
    if (!result)
        return fl_fail(FL_ENOMEM, "out of memory for local entropies");
    fl_status status = measure(r, result);
    if (status == FL_OK)
        status = write_table(r, result);
    free(result);
    return status == FL_OK ? attraction(r, seed) : status;
}

const section section_local = {
    .id = "local",
    .title = "Around a fixed point: typical and reached",
    .text = "<p>All fixed points of 40 networks of 32 neurons, and those that asynchronous runs "
            "reach on the "
            "same networks: how many fixed points lie within a distance of either kind, as a mean "
            "logarithm "
            "per neuron.</p>",
    .run = run_section_local,
};
