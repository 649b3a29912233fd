/* fl-access: runs on many networks, resumed, sharded and stored; their summary. */
#include "tests/support/support.h"

#include <math.h>
#include <stdatomic.h>

#include "fixland/access.h"
#include "fixland/spins.h"
#include "fixland/store.h"
#include "fixland/tools.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"

static char *access_tool(const char *arguments, int code) {
    return test_output(fl_tool_access, "fl-access", arguments, code);
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

/* Starts belong to the networks that they were found in: those of another seed, ensemble or matrix are refused. */
static void starts_of_others(void **state) {
    (void)state;
    char *drawn = strdup(test_path("drawn.h5")), *given = strdup(test_path("given.h5"));
    char *one = strdup(test_path("one.txt")), *two = strdup(test_path("two.txt"));
    test_write_text(one, "0 2 -1\n1 0 1\n0.5 1 0\n");
    test_write_text(two, "0 2 -1\n1 0 1\n0.5 1.5 0\n");
    fl_frame made[] = {
        test_table_of(fl_tool_enumerate, "fl-enumerate",
                      "--n 3 --jd 2 --samples 2 --seed 4 --store %s", drawn),
        test_table_of(fl_tool_enumerate, "fl-enumerate", "--network %s --jd 2 --store %s", one,
                      given),
        test_table_of(fl_tool_access, "fl-access",
                      "run --n 3 --jd 0.1 --samples 2 --seed 4 --replicas 8 --start %s", drawn),
        test_table_of(fl_tool_access, "fl-access",
                      "run --network %s --seed 9 --replicas 8 --start %s", one, given)};
    for (size_t k = 0; k < sizeof made / sizeof *made; k++)
        fl_frame_clear(&made[k]);
    static const struct {
        const char *mode, *words, *told;
        bool drawn;
    } others[] = {
        {"run", "--n 3 --samples 2 --seed 5", "seed 4 there, 5 here", true},
        {"trace", "--n 3 --seed 5", "seed 4 there, 5 here", true},
        {"run", "--n 3 --samples 2 --seed 4 --eta 0.5", "eta 0 there, 0.5 here", true},
        {"run", "--n 3 --seed 4 --samples 2", "network_crc32", false},
    };
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        test_refused_of(fl_tool_access, "fl-access", 1, others[k].told, "%s %s --start %s",
                        others[k].mode, others[k].words, others[k].drawn ? drawn : given);
    for (int k = 0; k < 2; k++) {
        test_refused_of(fl_tool_access, "fl-access", 1, "network_crc32",
                        "%s --network %s --start %s", k ? "run" : "trace", two, given);
        test_refused_of(fl_tool_access, "fl-access", 1, "network_crc32",
                        "%s --network %s --start %s", k ? "run" : "trace", one, drawn);
    }
    free(drawn);
    free(given);
    free(one);
    free(two);
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
        cmocka_unit_test(threads),          cmocka_unit_test(resume),
        cmocka_unit_test(shards),           cmocka_unit_test(store),
        cmocka_unit_test(starts_in_turns),  cmocka_unit_test(many_replicas),
        cmocka_unit_test(summary),          cmocka_unit_test(refusals),
        cmocka_unit_test(starts_of_others),
    };
    return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
