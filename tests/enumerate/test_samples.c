/* Enumeration of many samples: order, threads, checkpoints; and the means it should have, number of
 * fixed points and pairs of them at every distance. */
#include "tests/support/support.h"

#include <inttypes.h>
#include <math.h>

#include "fixland/enumerate.h"
#include "fixland/moments.h"
#include "fixland/spins.h"
#include "fixland/stats.h"
#include "tests/support/brute.h"
#include "tests/support/chance.h"

/* All that was emitted, as text: equal texts are equal results in equal order. */
typedef struct transcript {
    const fl_sample_plan *plan;
    FILE *stream;
    char *text;
    size_t length;
    uint64_t emitted, refuse; /* fail at this one */
} transcript;

static transcript transcript_open(const fl_sample_plan *plan) {
    transcript t = {.plan = plan, .refuse = UINT64_MAX};
    return t;
}

static fl_status record(void *context, const fl_sample_result *r) {
    transcript *t = context;
    if (t->emitted == t->refuse)
        return fl_fail(FL_EIO, "no room for sample number %" PRIu64, r->sample);
    t->emitted++;
    fprintf(t->stream, "size %zu sample %" PRIu64 " kept %zu:", r->n_index, r->sample, r->kept);
    for (size_t k = 0; k < t->plan->jd_count; k++)
        fprintf(t->stream, " %" PRIu64, r->counts[k]);
    for (size_t k = 0; k < r->kept; k++)
        fprintf(t->stream, " %" PRIx64 "/%d", r->spins[k], r->levels[k]);
    if (t->plan->keep)
        fprintf(t->stream, " J %a n %zu", r->network->J[r->network->n - 1], r->network->n);
    fputc('\n', t->stream);
    return FL_OK;
}

/* The transcript of a plan; free it. */
static char *run(const fl_sample_plan *plan, fl_status expected) {
    transcript t = transcript_open(plan);
    t.stream = open_memstream(&t.text, &t.length);
    fl_status status = fl_enumerate_samples(plan, &t, record);
    fclose(t.stream);
    if (status != expected)
        fail_msg("%s: %s", fl_status_name(status), fl_message());
    return t.text;
}

static const int64_t three_sizes[] = {5, 1, 9};
static const double mixed_jd[] = {0.4, -0.2, 0.4, 0, 0.9};

static fl_sample_plan small_plan(void) {
    return (fl_sample_plan){.networks.ensemble = FL_ENSEMBLE_DEFAULT,
                            .networks.n = three_sizes,
                            .networks.n_count = 3,
                            .jd = mixed_jd,
                            .jd_count = 5,
                            .networks.seed = test_seed(),
                            .networks.samples = 11,
                            .effort = {.threads = 1},
                            .keep = true};
}

/* What a result should be, from the network drawn alone and brute force. */
typedef struct checker {
    const fl_sample_plan *plan;
    uint64_t next;
} checker;

static fl_status check_result(void *context, const fl_sample_result *r) {
    checker *c = context;
    assert_int_equal(r->n_index, c->next / c->plan->networks.samples);
    assert_int_equal(r->sample, c->next % c->plan->networks.samples);
    c->next++;
    fl_network network;
    size_t n = (size_t)c->plan->networks.n[r->n_index];
    assert_ok(fl_network_draw(&network, &c->plan->networks.ensemble, n, c->plan->networks.seed,
                              r->sample));
    n *= c->plan->networks.ensemble.modules;
    assert_memory_equal(network.J, r->network->J, n * n * sizeof(double));
    for (size_t k = 0; k < c->plan->jd_count; k++) {
        uint64_t points[1 << 12];
        size_t all = brute_points(&network, c->plan->jd[k], points), at = 0;
        assert_int_equal(r->counts[k], all);
        for (size_t p = 0; p < all; p++)
            if (points[p] >> (n - 1)) {
                while (at < r->kept && r->levels[at] > r->ranks[k])
                    at++;
                assert_true(at < r->kept && r->spins[at++] == points[p]);
            }
        for (; at < r->kept; at++)
            assert_true(r->levels[at] > r->ranks[k]);
    }
    fl_network_clear(&network);
    return FL_OK;
}

static void right_and_in_order(void **state) {
    (void)state;
    fl_rng rng = test_stream("order");
    for (int trial = 0; trial < 12; trial++) {
        fl_sample_plan plan = small_plan();
        plan.effort.threads = test_threads(&rng);
        plan.jd_count = 1 + (size_t)fl_rng_below(&rng, 5);
        plan.networks.ensemble.distribution = (fl_distribution)(trial % 2);
        plan.networks.ensemble.modules = trial % 3 == 2 ? 2 : 1;
        plan.networks.ensemble.lambda = 0.2;
        plan.networks.n_count = plan.networks.ensemble.modules == 2 ? 2 : 3;
        checker c = {&plan, 0};
        assert_ok(fl_enumerate_samples(&plan, &c, check_result));
        assert_int_equal(c.next, plan.networks.n_count * plan.networks.samples);
    }
}

static void any_number_of_threads(void **state) {
    (void)state;
    for (int few = 0; few < 2; few++) { /* few tasks: the threads work within a network */
        fl_sample_plan plan = small_plan();
        int64_t n = 20;
        if (few) {
            plan.networks.n = &n;
            plan.networks.n_count = plan.networks.samples = 1;
        }
        char *one = run(&plan, FL_OK);
        assert_true(strlen(one) > 200);
        for (plan.effort.threads = 2; plan.effort.threads <= 5; plan.effort.threads++) {
            char *more = run(&plan, FL_OK);
            assert_string_equal(one, more);
            free(more);
        }
        free(one);
    }
}

/* Without `keep` the counts are the same and nothing else is handed over. */
static fl_status counts_only(void *context, const fl_sample_result *r) {
    uint64_t *sum = context;
    assert_true(r->kept == 0 && r->network == NULL);
    for (size_t k = 0; k < 5; k++)
        sum[k] += r->counts[k] * (r->sample + 1);
    return FL_OK;
}

static fl_status weighted_counts(void *context, const fl_sample_result *r) {
    uint64_t *sum = context;
    for (size_t k = 0; k < 5; k++)
        sum[k] += r->counts[k] * (r->sample + 1);
    return FL_OK;
}

static void without_keeping(void **state) {
    (void)state;
    fl_sample_plan plan = small_plan();
    uint64_t kept[5] = {0}, only[5] = {0};
    assert_ok(fl_enumerate_samples(&plan, kept, weighted_counts));
    plan.keep = false;
    assert_ok(fl_enumerate_samples(&plan, only, counts_only));
    assert_memory_equal(kept, only, sizeof kept);
    assert_true(kept[0] == kept[2] && kept[1] <= kept[3] && kept[3] <= kept[0] &&
                kept[0] < kept[4]);
}

static void a_given_network(void **state) {
    (void)state;
    double matrix[16] = {0.5, 1, 0, 0, -1, 0, 2, 0, 0, 0, -0.25, 3, 1, 1, 1, 1};
    fl_network network;
    assert_ok(fl_network_from_matrix(&network, matrix, 4));
    fl_sample_plan plan = small_plan();
    plan.networks.given = &network;
    plan.networks.samples = 1;
    char *text = run(&plan, FL_OK), expected[64];
    snprintf(expected, sizeof expected, "size 0 sample 0 kept %zu: %zu",
             brute_points(&network, 0.9, NULL) / 2, brute_points(&network, 0.4, NULL));
    assert_memory_equal(text, expected, strlen(expected));
    free(text);
    fl_network_clear(&network);
}

static void failures(void **state) {
    (void)state;
    fl_sample_plan plan = small_plan(), bad = plan;
    int64_t too_large = FL_ENUMERATE_MAX + 1;
    bad.networks.n = &too_large;
    bad.networks.n_count = 1;
    free(run(&bad, FL_EINVAL));
    int64_t none = 0, negative = -4;
    bad.networks.n = &none;
    free(run(&bad, FL_EINVAL));
    bad.networks.n = &negative;
    free(run(&bad, FL_EINVAL));
    bad = plan;
    bad.networks.ensemble.modules = 1000; /* refused before the memory is asked for */
    free(run(&bad, FL_EINVAL));
    bad.networks.ensemble.modules = 1 << 20;
    free(run(&bad, FL_EINVAL));
    bad = plan;
    bad.networks.samples = 0;
    free(run(&bad, FL_EINVAL));
    bad = plan;
    bad.jd_count = 0;
    free(run(&bad, FL_EINVAL));
    bad.jd_count = 256;
    free(run(&bad, FL_EINVAL));
    bad = plan;
    bad.networks.ensemble.eta = 2;
    free(run(&bad, FL_EINVAL));
    bad = plan;
    bad.effort.stop = test_stop_after;
    char *text = run(&bad, FL_STOPPED);
    assert_string_equal(text, "");
    free(text);
}

/* A run that is cut short after each number of samples, then continued from its checkpoint, emits
 * what an uninterrupted one does. */
static void continued_from_a_checkpoint(void **state) {
    (void)state;
    fl_sample_plan plan = small_plan();
    char *whole = run(&plan, FL_OK);
    for (uint64_t cut = 0; cut < 33; cut += 4) {
        const char *path = test_path("checkpoint");
        fl_journal *journal;
        assert_ok(fl_journal_open(&journal, path, "same\n", false, true));
        plan.journal = journal;
        plan.effort.threads = 1 + (int)(cut % 3);
        transcript t = transcript_open(&plan);
        t.refuse = cut;
        t.stream = open_memstream(&t.text, &t.length);
        assert_status(FL_EIO, fl_enumerate_samples(&plan, &t, record));
        fclose(t.stream);
        free(t.text);
        assert_ok(fl_journal_close(journal, false));
        assert_ok(fl_journal_open(&journal, path, "same\n", true, false));
        plan.journal = journal;
        char *again = run(&plan, FL_OK);
        assert_string_equal(again, whole);
        free(again);
        assert_ok(fl_journal_close(journal, true));
    }
    free(whole);
}

/* A checkpoint without configurations cannot serve a run that keeps them; the other way round it
 * can. */
static void checkpoint_of_the_other_kind(void **state) {
    (void)state;
    for (int keep = 0; keep < 2; keep++) {
        fl_sample_plan plan = small_plan();
        const char *path = test_path("other");
        assert_ok(fl_journal_open(&plan.journal, path, "same\n", false, true));
        plan.keep = keep;
        free(run(&plan, FL_OK));
        assert_ok(fl_journal_close(plan.journal, false));
        assert_ok(fl_journal_open(&plan.journal, path, "same\n", true, false));
        plan.keep = !keep;
        char *again = run(&plan, keep ? FL_OK : FL_EMISMATCH);
        assert_ok(fl_journal_close(plan.journal, true));
        plan.journal = NULL;
        if (keep) {
            char *fresh = run(&plan, FL_OK);
            assert_string_equal(again, fresh);
            free(fresh);
        }
        free(again);
    }
}

/* Counts and pair histograms of many samples: columns of one row a sample and J_D. */
enum { N = 12, JDS = 6, COLUMNS = N + 2 };
static const double jds[JDS] = {0, 0.1, 0.2, 0.3, 0.5, 0.8};

typedef struct histogram {
    double *values; /* JDS x samples x COLUMNS: count, pairs at distance 0..N */
    uint64_t samples;
} histogram;

/* Fixed points come in mirror pairs: with a and b there are -a and -b, so each pair of kept ones at
 * distance d stands for two at d and two at N - d. */
static void add_pairs(double *row, const uint64_t *spins, size_t count) {
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < count; b++) {
            size_t d = fl_spins_distance(&spins[a], &spins[b], N);
            row[1 + d] += 2;
            row[1 + N - d] += 2;
        }
}

static fl_status add_sample(void *context, const fl_sample_result *r) {
    histogram *h = context;
    static uint64_t points[1 << N];
    for (size_t k = 0; k < JDS; k++) {
        double *row = h->values + (k * h->samples + r->sample) * COLUMNS;
        size_t count = 0;
        for (size_t p = 0; p < r->kept; p++)
            if (r->levels[p] <= r->ranks[k])
                points[count++] = r->spins[p];
        row[0] = (double)r->counts[k];
        assert_int_equal(r->counts[k], 2 * count);
        add_pairs(row, points, count);
    }
    return FL_OK;
}

static double worst_z;

static void compare(const histogram *h, size_t k, size_t which, double expected) {
    const double *rows = h->values + k * h->samples * COLUMNS;
    fl_estimate e = brute_column(rows, h->samples, COLUMNS, which);
    worst_z = fmax(worst_z, fabs(fl_z(e.mean, expected, e.error)));
    assert_z(e.mean, expected, e.error);
}

static void means_are_the_closed_forms(void **state) {
    (void)state;
    histogram h = {.samples = test_fast() ? 300 : 2000};
    h.values = calloc(JDS * h.samples * COLUMNS, sizeof *h.values);
    int64_t n = N;
    fl_sample_plan plan = small_plan();
    plan.networks.n = &n;
    plan.networks.n_count = 1;
    plan.jd = jds;
    plan.jd_count = JDS;
    plan.networks.samples = h.samples;
    plan.effort.threads = 2;
    assert_ok(fl_enumerate_samples(&plan, &h, add_sample));
    int distances = 0;
    for (size_t k = 0; k < JDS; k++) {
        double log_mean;
        assert_ok(fl_log_mean_count(&plan.networks.ensemble, N, jds[k], &log_mean));
        compare(&h, k, 0, exp(log_mean));
        for (size_t d = 0; d <= N; d++) {
            assert_ok(fl_log_mean_pairs(&plan.networks.ensemble, N, jds[k], d, &log_mean));
            /* Enough pairs for a normal law of their mean. */
            if (exp(log_mean) * (double)h.samples >= 400) {
                compare(&h, k, 1 + d, exp(log_mean));
                distances++;
            }
        }
    }
    print_message("largest |z| of %d means over %" PRIu64 " samples: %.2f\n", distances + JDS,
                  h.samples, worst_z);
    assert_true(distances > 30);
    free(h.values);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_and_in_order),
        cmocka_unit_test(any_number_of_threads),
        cmocka_unit_test(without_keeping),
        cmocka_unit_test(a_given_network),
        cmocka_unit_test(failures),
        cmocka_unit_test(continued_from_a_checkpoint),
        cmocka_unit_test(checkpoint_of_the_other_kind),
        cmocka_unit_test(means_are_the_closed_forms),
    };
    return cmocka_run_group_tests_name("samples", tests, NULL, NULL);
}
