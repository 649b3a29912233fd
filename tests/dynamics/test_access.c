/* fl-access: runs on many networks, resumed, sharded and stored; thresholds; traces. */
#include "tests/support/support.h"

#include <math.h>
#include <stdatomic.h>

#include "fixland/access.h"
#include "fixland/series.h"
#include "fixland/spins.h"
#include "fixland/store.h"
#include "fixland/table.h"
#include "fixland/tools.h"
#include "tests/support/chance.h"
#include "tests/support/tools.h"

/* Not inlined: gcc 12 then takes the text for a dangling pointer to `out`. */
__attribute__((noinline)) static char *access_tool(const char *arguments, int code) {
    char *out, *err;
    int got = test_run_tool(fl_tool_access, "fl-access", arguments, &out, &err);
    if (got != code)
        fail_msg("fl-access %s: exit %d, not %d: %s", arguments, got, code, err);
    free(err);
    return out;
}

/* The rows, without provenance. */
static const char *rows_of(const char *table) {
    const char *columns = strstr(table, "# columns:");
    assert_non_null(columns);
    return columns;
}

static void assert_same_rows(const char *a, const char *b) {
    assert_string_equal(rows_of(a), rows_of(b));
}

static const char common_run[] =
    "run --algorithm async,sync,partial,anneal --n 20,60 --jd 0.1:0.7:0.3 "
    "--samples 7 --sweeps 60 --replicas 2 --seed 5 --quiet";

/* Any number of threads, more than tasks too. */
static void threads(void **state) {
    (void)state;
    char words[400], *one, *many;
    snprintf(words, sizeof words, "%s --threads 1 --per-sample", common_run);
    one = access_tool(words, 0);
    static const int counts[] = {2, 5, 40};
    for (int k = 0; k < 3; k++) {
        snprintf(words, sizeof words, "%s --threads %d --per-sample", common_run, counts[k]);
        many = access_tool(words, 0);
        assert_same_rows(one, many);
        free(many);
    }
    free(one);
}

/* Stopped in the middle of a sample and resumed, as often as it takes: the outcomes of a run in one
 * piece. */
enum { RUNS = 6, SAMPLES = 9 };

typedef struct gathered {
    fl_outcome outcomes[SAMPLES][RUNS];
    uint64_t next;
} gathered;

static fl_status gather(void *context, const fl_access_result *result) {
    gathered *g = context;
    assert_int_equal(result->sample, g->next++);
    memcpy(g->outcomes[result->sample], result->outcomes, sizeof g->outcomes[0]);
    return FL_OK;
}

static void resume(void **state) {
    (void)state;
    static const fl_algorithm algorithms[] = {FL_ASYNC, FL_SYNC, FL_SITE};
    const int64_t n = 80;
    const double jd[] = {0.2, 0.5};
    fl_rng rng = test_stream("resume");
    fl_access_plan plan = {.networks.ensemble = FL_ENSEMBLE_DEFAULT,
                           .networks.n = &n,
                           .networks.n_count = 1,
                           .algorithms = algorithms,
                           .algorithm_count = 3,
                           .jd = jd,
                           .jd_count = 2,
                           .dynamics = {.sweeps = 50},
                           .networks.seed = test_seed(),
                           .networks.samples = SAMPLES,
                           .replicas = 1,
                           .effort = {.threads = 2}};
    gathered whole = {.next = 0}, pieces;
    assert_ok(fl_access_samples(&plan, &whole, gather));
    int stops = 0;
    for (fl_status status = FL_STOPPED; status == FL_STOPPED; stops++) {
        memset(&pieces, 0, sizeof pieces);
        assert_ok(fl_journal_open(&plan.journal, test_path("journal"), "x\n", stops > 0, false));
        atomic_int polls = 600;
        plan.effort =
            (fl_effort){.threads = test_threads(&rng), .stop = test_stop_after, .context = &polls};
        status = fl_access_samples(&plan, &pieces, gather);
        assert_true(status == FL_OK || status == FL_STOPPED);
        assert_ok(fl_journal_close(plan.journal, status == FL_OK));
        assert_true(stops < 100);
    }
    assert_true(stops > 2);
    assert_memory_equal(&whole, &pieces, sizeof whole);
    test_scratch_empty();
}

/* Shards, collected, are the summary of the whole; a shard twice is refused. */
static void shards(void **state) {
    (void)state;
    char words[1000], *parts[3];
    for (int k = 0; k < 3; k++) {
        char name[20];
        snprintf(name, sizeof name, "part%d.tsv", k);
        parts[k] = strdup(test_path(name));
        snprintf(words, sizeof words, "%s --per-sample --shard %d/3 --output %s", common_run, k + 1,
                 parts[k]);
        free(access_tool(words, 0));
    }
    char *whole = access_tool(common_run, 0);
    snprintf(words, sizeof words, "collect %s %s %s", parts[0], parts[1], parts[2]);
    char *collected = access_tool(words, 0);
    assert_same_rows(whole, collected);
    snprintf(words, sizeof words, "collect %s %s", parts[2], parts[0]);
    free(access_tool(words, 1)); /* shard 2 is missing */
    snprintf(words, sizeof words, "threshold --resamples 20 %s %s", parts[2], parts[0]);
    free(access_tool(words, 1));
    snprintf(words, sizeof words, "collect %s %s %s", parts[0], parts[1], parts[0]);
    free(access_tool(words, 1));
    char *other = strdup(test_path("other.tsv"));
    snprintf(words, sizeof words, "run --n 20 --samples 2 --per-sample --sweeps 61 --output %s",
             other);
    free(access_tool(words, 0));
    snprintf(words, sizeof words, "collect %s %s", parts[0], other);
    free(access_tool(words, 1)); /* of other sweeps */
    free(other);
    for (int k = 0; k < 3; k++)
        free(parts[k]);
    free(whole);
    free(collected);
    test_scratch_empty();
}

/* The stored configurations are fixed points of the stored networks, as many as the rows tell, and
 * from one as the start nothing moves. */
static void store(void **state) {
    (void)state;
    char words[600], *path = strdup(test_path("points.h5"));
    snprintf(words, sizeof words,
             "run --n 30 --jd 0.4,0.8 --samples 5 --replicas 3 --sweeps 200 --seed 3 --per-sample "
             "--store %s --store-networks",
             path);
    char *table = access_tool(words, 0);
    size_t expected = 0, found = 0, count;
    for (const char *p = table; (p = strstr(p, " fixed ")); p++)
        expected++;
    fl_store_reader *reader;
    const fl_store_set *sets;
    assert_ok(fl_store_open(&reader, path));
    assert_ok(fl_store_sets(reader, &sets, &count));
    for (size_t k = 0; k < count; k++) {
        fl_network network;
        uint64_t spins[3];
        assert_ok(fl_store_read_network(reader, 30, sets[k].sample, &network));
        assert_true(sets[k].count <= 3);
        assert_ok(fl_store_read(reader, &sets[k], 0, sets[k].count, spins));
        for (size_t m = 0; m < sets[k].count; m++)
            assert_true(fl_network_is_fixed_point(&network, spins + m, sets[k].jd));
        found += sets[k].count;
        fl_network_clear(&network);
    }
    fl_store_reader_close(reader);
    assert_true(expected > 10);
    assert_int_equal(found, expected);
    free(table);
    snprintf(words, sizeof words, "run --n 30 --jd 0.8 --samples 5 --seed 3 --start %s", path);
    table = access_tool(words, 0);
    assert_non_null(strstr(table, "\nasync 30 0.8 5 1 "));
    assert_non_null(strstr(table, " 0 0 0 0 0 nan\n")); /* activity, error, sweeps, flips, cycles */
    free(table);
    snprintf(words, sizeof words, "trace --n 30 --jd 0.8 --seed 3 --start %s --overlap 0.8", path);
    table = access_tool(words, 0);
    assert_non_null(strstr(table, "# ending: "));
    free(table);
    free(path);
    test_scratch_empty();
}

/* Every fixed point of two self-couplings as a start: each replica takes its own, at its own J_D,
 * and stays there. */
static void starts_in_turns(void **state) {
    (void)state;
    char *points = strdup(test_path("points.h5")), *ends = strdup(test_path("ends.h5"));
    char words[400];
    snprintf(words, sizeof words,
             "--n 12 --jd 0.6,1 --samples 3 --seed 4 --quiet --store %s --output %s.txt", points,
             points);
    char tool[] = "fl-enumerate", *argument[40];
    int count = 1;
    argument[0] = tool;
    for (char *w = strtok(words, " "); w; w = strtok(NULL, " "))
        argument[count++] = w;
    assert_int_equal(fl_tool_enumerate(count, argument), 0);
    fl_store_reader *from, *to;
    const fl_store_set *sets, *reached;
    size_t set_count, reached_count;
    uint64_t most = 0;
    assert_ok(fl_store_open(&from, points));
    assert_ok(fl_store_sets(from, &sets, &set_count));
    for (size_t k = 0; k < set_count; k++)
        most = sets[k].count > most ? sets[k].count : most;
    char line[400];
    snprintf(line, sizeof line,
             "run --n 12 --jd 0.6,1 --samples 3 --seed 4 --start %s --replicas %d --store %s",
             points, (int)most, ends);
    char *table = access_tool(line, 0);
    assert_non_null(strstr(table, "\nasync 12 0.6 3 1 "));
    assert_non_null(strstr(table, "\nasync 12 1 3 1 "));
    assert_ok(fl_store_open(&to, ends));
    assert_ok(fl_store_sets(to, &reached, &reached_count));
    assert_int_equal(set_count, reached_count);
    for (size_t k = 0; k < set_count; k++) {
        assert_true(sets[k].count > 1);
        assert_int_equal(reached[k].count, most);
        for (uint64_t r = 0; r < most; r++) {
            uint64_t start, end;
            assert_ok(fl_store_read(from, &sets[k], r % sets[k].count, 1, &start));
            assert_ok(fl_store_read(to, &reached[k], r, 1, &end));
            assert_true(start == end);
        }
    }
    fl_store_reader_close(from);
    fl_store_reader_close(to);
    free(table);
    free(points);
    free(ends);
    test_scratch_empty();
}

/* Replicas beyond the cache (which share the reading of columns) do what they do alone. */
static fl_status keep(void *context, const fl_access_result *result) {
    memcpy(context, result->outcomes, 3 * sizeof *result->outcomes);
    return FL_OK;
}

static void many_replicas(void **state) {
    (void)state;
    const int64_t n = 1100; /* 5 MB of columns */
    const double jd = 0.6;
    const fl_algorithm algorithm = FL_ASYNC;
    fl_outcome outcomes[3], alone;
    fl_network network;
    fl_columns *columns;
    uint64_t spins[18];
    fl_access_plan plan = {.networks.ensemble = FL_ENSEMBLE_DEFAULT,
                           .networks.n = &n,
                           .networks.n_count = 1,
                           .algorithms = &algorithm,
                           .algorithm_count = 1,
                           .jd = &jd,
                           .jd_count = 1,
                           .dynamics = {.sweeps = 20},
                           .networks.seed = test_seed(),
                           .networks.samples = 1,
                           .replicas = 3,
                           .effort = {.threads = 1}};
    assert_ok(fl_access_samples(&plan, outcomes, keep));
    assert_ok(fl_network_draw(&network, &plan.networks.ensemble, (size_t)n, test_seed(), 0));
    assert_ok(fl_columns_new(&columns, &network, jd));
    for (uint64_t r = 0; r < 3; r++) {
        fl_dynamics one = {.jd = jd, .sweeps = 20, .seed = test_seed()};
        fl_start_random(spins, (size_t)n, test_seed(), 0, r);
        assert_ok(fl_dynamics_run(columns, &one, spins, &alone));
        assert_int_equal(alone.flips, outcomes[r].flips);
        assert_true(alone.activity == outcomes[r].activity);
    }
    fl_columns_free(columns);
    fl_network_clear(&network);
}

/* ---- summaries ---- */

static void summary(void **state) {
    (void)state;
    fl_access_row rows[5] = {
        {.sample = 1, .ending = FL_REACHED, .sweeps = 4, .activity = 0.1},
        {.sample = 1, .ending = FL_CYCLE, .sweeps = 9, .activity = 0.3, .period = 6},
        {.sample = 2, .ending = FL_REACHED, .sweeps = 2, .activity = 0.4},
        {.sample = 2, .ending = FL_WANDERS, .sweeps = 99, .activity = 0.4},
        {.sample = 4, .ending = FL_REACHED, .sweeps = 8, .flips_per_neuron = 5}};
    fl_access_summary s;
    assert_ok(fl_access_summarise(rows, 5, false, &s));
    assert_int_equal(s.samples, 3);
    assert_relative(s.success, 0.6, 1e-15);
    assert_relative(s.activity.mean, 0.2, 1e-14); /* of 0.2, 0.4, 0 */
    assert_relative(s.activity.error, sqrt(0.04 / 3), 1e-14);
    assert_true(s.median_sweeps == 8);
    assert_true(s.flips_per_neuron == 1 && s.cycles == 0.2 && s.median_period == 6);
    fl_interval wilson = fl_wilson_of(0.6, 3, 1.959963984540054);
    assert_true(s.interval.low == wilson.low && s.interval.high == wilson.high);
    assert_ok(fl_access_summarise(rows, 5, true, &s)); /* one given network: each for itself */
    assert_int_equal(s.samples, 5);
    assert_relative(s.activity.mean, 0.24, 1e-14);
    wilson = fl_wilson(3, 5, 1.959963984540054);
    assert_relative(s.interval.low, wilson.low, 1e-14);
    rows[0].ending = FL_WANDERS;
    assert_ok(fl_access_summarise(rows, 5, false, &s));
    assert_true(isinf(s.median_sweeps));
    assert_status(FL_EINVAL, fl_access_summarise(rows, 0, false, &s));
}

/* ---- thresholds ---- */

/* Data drawn from a known sigmoid: the interval covers the truth as often as it says, within the
 * binomial range at 1e-6 of an interval of 90 % or more. */
static void threshold_coverage(void **state) {
    (void)state;
    fl_rng rng = test_stream("coverage");
    enum { TRIALS = 300, POINTS = 9 };
    for (int link = 0; link < 2; link++) {
        int inside = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            double truth = 0.4 + 0.2 * fl_rng_uniform(&rng), width = 0.05;
            fl_success data[POINTS];
            for (int k = 0; k < POINTS; k++) {
                double jd = 0.1 + 0.1 * k, y = (jd - truth) / width;
                double p = link ? 0.5 * erfc(-y * M_SQRT1_2) : 1 / (1 + exp(-y));
                data[k] = (fl_success){jd, 0, 40};
                for (int m = 0; m < 40; m++)
                    data[k].successes += fl_rng_uniform(&rng) < p;
            }
            fl_success_threshold t;
            assert_ok(
                fl_threshold_fit(data, POINTS, link ? FL_PROBIT : FL_LOGISTIC, 100, &rng, &t));
            inside += t.interval.low <= truth && truth <= t.interval.high;
            assert_true(t.bracketed && fabs(t.jd - truth) < 0.1);
        }
        assert_true(inside > 265); /* 285 of 300 expected; below with probability 1e-6 */
    }
}

/* The fit is the maximum: no better likelihood next to it. Logistic, two points: exact. */
static void threshold_exact(void **state) {
    (void)state;
    fl_rng rng = test_stream("exact");
    fl_success data[2] = {{0.2, 10, 40}, {0.6, 32, 40}};
    fl_success_threshold t;
    assert_ok(fl_threshold_fit(data, 2, FL_LOGISTIC, 50, &rng, &t));
    double low = log(10. / 30), high = log(32. / 8); /* log-odds on a line through both */
    assert_relative(t.jd, 0.2 + 0.4 * -low / (high - low), 1e-6);
    assert_relative(t.width, 0.4 / (high - low), 1e-6);
    assert_false(t.coarse);
    fl_success jump[4] = {{0.1, 0, 20}, {0.2, 0, 20}, {0.3, 20, 20}, {0.4, 20, 20}};
    assert_ok(fl_threshold_fit(jump, 4, FL_PROBIT, 200, &rng, &t));
    assert_true(t.jd > 0.2 && t.jd < 0.3 && t.error > 0.005 && t.interval.low < t.jd);
    assert_true(t.coarse);
    fl_success none[3] = {{0.1, 0, 9}, {0.2, 0, 9}, {0.3, 0, 9}};
    assert_status(FL_EDOMAIN, fl_threshold_fit(none, 3, FL_LOGISTIC, 50, &rng, &t));
    fl_success falling[3] = {{0.1, 9, 9}, {0.2, 5, 9}, {0.3, 0, 9}};
    assert_status(FL_EDOMAIN, fl_threshold_fit(falling, 3, FL_LOGISTIC, 50, &rng, &t));
    assert_status(FL_EDOMAIN, fl_threshold_fit(data, 1, FL_LOGISTIC, 50, &rng, &t));
    assert_status(FL_EINVAL, fl_threshold_fit(data, 2, FL_LOGISTIC, 1, &rng, &t));
}

/* Points on a power with noise: the interval covers the limit; a warning where they tell little. */
static void extrapolation(void **state) {
    (void)state;
    fl_rng rng = test_stream("extrapolation");
    int inside = 0;
    fl_extrapolation e;
    for (int trial = 0; trial < 200; trial++) {
        fl_point points[6];
        double exponent = 0.3 + 0.7 * fl_rng_uniform(&rng);
        for (int k = 0; k < 6; k++) {
            double n = 100 << k;
            points[k] =
                (fl_point){n, 0.8 - 3 * pow(n, -exponent) + 0.003 * fl_rng_gauss(&rng), 0.003};
        }
        assert_ok(fl_extrapolate(points, 6, FL_POWER, &e));
        inside += e.interval.low <= 0.8 && 0.8 <= e.interval.high;
    }
    assert_true(inside > 170);
    fl_point few[3] = {{100, 0.3, 0.01}, {200, 0.4, 0.01}, {400, 0.45, 0.01}};
    assert_ok(fl_extrapolate(few, 3, FL_POWER, &e));
    assert_non_null(e.warning);
    fl_point crooked[4] = {
        {100, 0.3, 0.001}, {200, 0.5, 0.001}, {400, 0.4, 0.001}, {800, 0.6, 0.001}};
    assert_ok(fl_extrapolate(crooked, 4, FL_POWER, &e));
    assert_non_null(strstr(e.warning, "form"));
    assert_status(FL_EDOMAIN, fl_extrapolate(few, 2, FL_POWER, &e));
    few[0].error = 0;
    assert_status(FL_EINVAL, fl_extrapolate(few, 3, FL_POWER, &e));
}

/* The form of extinction: the interval covers the limit; a power fitted to the same points does not
 * (its chi^2 or its interval tells). Too few points, a form that is another: warnings. */
static void extinction(void **state) {
    (void)state;
    fl_rng rng = test_stream("extinction");
    int inside = 0;
    fl_extrapolation e;
    fl_point points[6];
    for (int trial = 0; trial < 200; trial++) {
        double a = 10 * fl_rng_uniform(&rng), b = 2 + 6 * fl_rng_uniform(&rng);
        for (int k = 0; k < 6; k++) {
            double n = 200 << k, error = 0.002;
            points[k] =
                (fl_point){n, 0.8 - sqrt((a + b * log(n)) / n) + error * fl_rng_gauss(&rng), error};
        }
        assert_ok(fl_extrapolate(points, 6, FL_EXTINCTION, &e));
        inside += e.interval.low <= 0.8 && 0.8 <= e.interval.high;
        assert_true(fabs(e.limit - 0.8) < 7 * e.error);
    }
    assert_true(inside > 170);    /* 190 expected */
    for (int k = 0; k < 6; k++) { /* without noise: exact, and its parameters */
        double n = 200 << k;
        points[k] = (fl_point){n, 0.8 - sqrt((5 + 4 * log(n)) / n), 1e-4};
    }
    assert_ok(fl_extrapolate(points, 6, FL_EXTINCTION, &e));
    assert_true(fabs(e.limit - 0.8) < 1e-3 && e.chi2 < 1 && !e.warning);
    assert_true(fabs(e.amplitude - 5) < 0.5 && fabs(e.growth - 4) < 0.1);
    assert_ok(fl_extrapolate(points, 6, FL_POWER, &e));
    assert_non_null(strstr(e.warning, "form"));
    assert_ok(fl_extrapolate(points, 3, FL_EXTINCTION, &e));
    assert_non_null(e.warning);
    points[0].value = 0.75;
    assert_ok(fl_extrapolate(points, 6, FL_EXTINCTION, &e));
    assert_non_null(strstr(e.warning, "form"));
    for (int k = 0; k < 6; k++)
        points[k].value = 0.5;
    assert_status(FL_EDOMAIN, fl_extrapolate(points, 6, FL_EXTINCTION, &e));
}

/* Runs of networks with thresholds of their own, 0.8 - n^(-1/2) + 0.03 logit(u) with u evenly spread:
 * the success of all is a sigmoid of width 0.03, and the thresholds tell the error. */
static void write_runs(const char *path, int networks, bool summary, int seed) {
    FILE *file = fopen(path, "w");
    fprintf(file, "# seed: %d\n# columns: algorithm n jd %s\n", seed,
            summary ? "samples success median_sweeps"
                    : "sample replica ending sweeps flips_per_neuron unstable_fraction period");
    for (int n = 100; n <= 1600; n *= 2)
        for (int k = 1; k <= 20; k++) {
            int reached = 0;
            for (int m = 0; m < networks; m++) {
                double u = (m + 0.5) / networks, own = 0.8 - pow(n, -0.5) + 0.03 * log(u / (1 - u));
                reached += 0.05 * k > own;
                if (!summary)
                    fprintf(file, "async %d %.2f %d 0 %s %d 1 0 0\n", n, 0.05 * k, m,
                            0.05 * k > own ? "fixed" : "wanders", n + k);
            }
            if (summary)
                fprintf(file, "async %d %.2f %d %.17g %d\n", n, 0.05 * k, networks,
                        (double)reached / networks, n + k);
        }
    fclose(file);
}

static void threshold_tool(void **state) {
    (void)state;
    enum { NETWORKS = 200 };
    const char *path = test_path("made.tsv");
    char words[600];
    fl_frame f;
    write_runs(path, NETWORKS, false, 1);
    snprintf(words, sizeof words, "threshold %s --resamples 400 --quiet --output %s", path,
             test_path("fit.tsv"));
    free(access_tool(words, 0));
    assert_ok(fl_frame_read(&f, test_path("fit.tsv")));
    assert_int_equal(f.rows, 6);
    /* The variance of a logistic distribution is pi^2/3 of its width squared. */
    double error = 0.03 * M_PI / sqrt(3 * NETWORKS);
    for (size_t k = 0; k < 5; k++) {
        const double *row = f.real + k * f.columns;
        assert_true(fabs(row[2] - 0.8 + pow(row[1], -0.5)) < 2e-3);
        assert_relative(row[3], error, 0.25);
        assert_true(row[4] < row[2] && row[2] < row[5]);
        assert_true(row[7] == 0.8 || row[7] == 0.85);
        assert_true(row[8] == row[1] + 20 * row[7]);
    }
    const double *limit = f.real + 5 * f.columns;
    assert_true(isinf(limit[1]) && limit[4] < 0.8 && 0.8 < limit[5]);
    fl_frame_clear(&f);
    free(access_tool("threshold", 2));
    snprintf(words, sizeof words, "threshold %s", test_path("fit.tsv"));
    free(access_tool(words, 1));
    test_scratch_empty();
}

/* Summaries hold no single networks: the same fits, and no errors. */
static void thresholds_of_summaries(void **state) {
    (void)state;
    char words[600], *out, *err;
    fl_frame f;
    write_runs(test_path("sums.tsv"), 100, true, 1);
    snprintf(words, sizeof words, "threshold %s --output %s", test_path("sums.tsv"),
             test_path("fit.tsv"));
    assert_int_equal(test_run_tool(fl_tool_access, "fl-access", words, &out, &err), 0);
    assert_non_null(strstr(err, "holds no single networks"));
    free(out);
    free(err);
    assert_ok(fl_frame_read(&f, test_path("fit.tsv")));
    assert_int_equal(f.rows, 5);
    for (size_t k = 0; k < 5; k++) {
        const double *row = f.real + k * f.columns;
        assert_true(fabs(row[2] - 0.8 + pow(row[1], -0.5)) < 3e-3);
        assert_true(isnan(row[3]) && isnan(row[4]) && isnan(row[5]));
    }
    fl_frame_clear(&f);
    test_scratch_empty();
}

/* The same runs twice, under whatever name, are refused; those of another seed count. */
static void thresholds_of_repeats(void **state) {
    (void)state;
    char words[900], *out, *err;
    static const char *const names[] = {"a.tsv", "copy.tsv", "other.tsv", "sum.tsv"};
    write_runs(test_path(names[0]), 20, false, 1);
    write_runs(test_path(names[1]), 20, false, 1);
    write_runs(test_path(names[2]), 20, false, 2);
    write_runs(test_path(names[3]), 20, true, 1);
    static const struct {
        int first, second, code;
        const char *says;
    } cases[] = {{0, 0, 1, "hold the same run"},
                 {0, 1, 1, "hold the same run"},
                 {0, 2, 0, ""},
                 {3, 3, 1, "hold the same runs"},
                 {0, 3, 1, "--per-sample"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        snprintf(words, sizeof words, "threshold %s %s --resamples 20",
                 test_path(names[cases[k].first]), test_path(names[cases[k].second]));
        assert_int_equal(test_run_tool(fl_tool_access, "fl-access", words, &out, &err),
                         cases[k].code);
        assert_non_null(strstr(err, cases[k].says));
        free(out);
        free(err);
    }
    test_scratch_empty();
}

/* ---- traces ---- */

/* Correlation and spectrum by FFT against the sums that define them. */
static void series(void **state) {
    (void)state;
    fl_rng rng = test_stream("series");
    for (int trial = 0; trial < 10; trial++) {
        size_t count = 2 + fl_rng_below(&rng, 40), n = 1 + fl_rng_below(&rng, 70),
               words = (n + 63) / 64;
        uint64_t spins[2 * 42];
        double correlation[42], spectrum[42];
        for (size_t t = 0; t < count; t++)
            fl_spins_random(spins + t * words, n, &rng);
        assert_ok(fl_spin_series(spins, count, n, correlation, spectrum));
        for (size_t lag = 0; lag < count; lag++) {
            double sum = 0;
            for (size_t t = 0; t + lag < count; t++)
                sum += fl_spins_overlap(spins + t * words, spins + (t + lag) * words, n);
            assert_true(fabs(correlation[lag] - sum / (double)(count - lag)) < 1e-12);
        }
        double all = 0;
        for (size_t k = 0; k < count; k++)
            all += spectrum[k <= count / 2 ? k : count - k];
        assert_relative(all, (double)count, 1e-12);
        double zero = 0;
        for (size_t i = 0; i < n; i++) {
            double sum = 0;
            for (size_t t = 0; t < count; t++)
                sum += fl_spins_get(spins + t * words, i);
            zero += sum * sum;
        }
        assert_relative(spectrum[0], zero / (double)n / (double)count, 1e-12);
    }
}

static void trace_tool(void **state) {
    (void)state;
    char words[300];
    snprintf(words, sizeof words, "trace --algorithm sync --n 200 --jd 0.3 --sweeps 50 --output %s",
             test_path("trace.tsv"));
    free(access_tool(words, 0));
    fl_frame f;
    assert_ok(fl_frame_read(&f, test_path("trace.tsv")));
    assert_int_equal(f.rows, 51);
    assert_true(f.real[1 * f.columns + 2] ==
                f.real[0 * f.columns + 1]);                     /* all unstable ones flip */
    assert_true(f.real[3] == 1 && fabs(f.real[4] - 1) < 1e-12); /* overlap and correlation at 0 */
    fl_frame_clear(&f);
    /* A margin is so much less self-coupling. */
    char *with = access_tool("trace --n 60 --jd 0.75 --margin 0.25 --sweeps 20", 0);
    char *less = access_tool("trace --n 60 --jd 0.5 --sweeps 20", 0);
    char *rows_with = test_data_lines(with), *rows_less = test_data_lines(less);
    assert_string_equal(rows_with, rows_less);
    free(with), free(less), free(rows_with), free(rows_less);
    test_scratch_empty();
}

static void refusals(void **state) {
    (void)state;
    static const char *const usage[] = {"run --algorithm asnyc",
                                        "run --algorithm async,async",
                                        "run --shard 4/3",
                                        "run --shard 0/3",
                                        "run --n 0",
                                        "run --algorithm partial --p 0",
                                        "run --n 10,10",
                                        "run --n 10 --jd 0.5,0.5",
                                        "run --overlap 0.5",
                                        "trace --overlap 0.5",
                                        "trace --algorithm asnyc",
                                        "run --store-networks --samples 1 --n 10",
                                        "collect"};
    for (size_t k = 0; k < sizeof usage / sizeof *usage; k++)
        free(access_tool(usage[k], 2));
    free(access_tool("run --start /nonexistent.h5", 1));
    free(access_tool("collect /nonexistent.tsv", 1));
    assert_int_equal(test_scratch_count(), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads),
        cmocka_unit_test(resume),
        cmocka_unit_test(shards),
        cmocka_unit_test(store),
        cmocka_unit_test(starts_in_turns),
        cmocka_unit_test(many_replicas),
        cmocka_unit_test(summary),
        cmocka_unit_test(threshold_coverage),
        cmocka_unit_test(threshold_exact),
        cmocka_unit_test(extrapolation),
        cmocka_unit_test(extinction),
        cmocka_unit_test(threshold_tool),
        cmocka_unit_test(thresholds_of_summaries),
        cmocka_unit_test(thresholds_of_repeats),
        cmocka_unit_test(series),
        cmocka_unit_test(trace_tool),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
