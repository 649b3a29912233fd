/* Shards joined by fl-merge are one run: tables, summaries, stores; what does not belong together
 * is refused. */
#include "tests/support/support.h"

#include <inttypes.h>

#include "fixland/store.h"
#include "fixland/tools.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"

static void enumerate(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void merge(int code, const char *word, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void enumerate(const char *format, ...) {
    char arguments[4096], *err;
    va_list list;
    va_start(list, format);
    vsnprintf(arguments, sizeof arguments, format, list);
    va_end(list);
    int code = test_run_tool(fl_tool_enumerate, "fl-enumerate", arguments, NULL, &err);
    if (code != 0)
        fail_msg("%s: %s", arguments, err);
    free(err);
}

/* Refused with one sentence that holds `word` when `code` is not zero. */
static void merge(int code, const char *word, const char *format, ...) {
    char arguments[8192], *err, *out;
    va_list list;
    va_start(list, format);
    vsnprintf(arguments, sizeof arguments, format, list);
    va_end(list);
    int got = test_run_tool(fl_tool_merge, "fl-merge", arguments, &out, &err);
    if (got != code || (code && (!strstr(err, word) || *out)))
        fail_msg("%s: exit %d: %s", arguments, got, err);
    free(out);
    free(err);
}

/* The folder, as a text that stays. */
static const char *folder(void) {
    static char text[512];
    strcpy(text, test_path(""));
    return text;
}

/* Shards 1 .. k of a run: part<i>.tsv, and part<i>.h5 when `store`. Returns their names. */
static void shards(const char *run, int k, bool store, char *tables, char *stores) {
    *tables = *stores = 0;
    for (int i = 1; i <= k; i++) {
        char keep[700] = "";
        if (store)
            snprintf(keep, sizeof keep, "--store %spart%d.h5 --store-networks", folder(), i);
        enumerate("%s --shard %d/%d --threads %d --output %spart%d.tsv %s", run, i, k, 1 + i % 3,
                  folder(), i, keep);
        int at = k - i + 1; /* named in another order */
        sprintf(tables + strlen(tables), " %spart%d.tsv", folder(), at);
        sprintf(stores + strlen(stores), " %spart%d.h5", folder(), at);
    }
}

static void assert_same_data(const char *a, const char *b) {
    char *one = test_slurp(test_path(a)), *two = test_slurp(test_path(b));
    assert_true(one && two);
    char *rows_one = test_data_lines(one), *rows_two = test_data_lines(two);
    assert_true(strlen(rows_one) > 10);
    assert_string_equal(rows_one, rows_two);
    free(rows_one);
    free(rows_two);
    free(one);
    free(two);
}

static void assert_same_stores(const char *a, const char *b) {
    fl_store_reader *one, *two;
    const fl_store_set *sets, *others;
    size_t count, count2, rows = 0;
    assert_ok(fl_store_open(&one, test_path(a)));
    assert_ok(fl_store_open(&two, test_path(b)));
    assert_ok(fl_store_sets(one, &sets, &count));
    assert_ok(fl_store_sets(two, &others, &count2));
    assert_int_equal(count, count2);
    for (size_t k = 0; k < count; k++) {
        const fl_store_set *s = &sets[k], *o = &others[k];
        assert_true(s->n == o->n && s->jd == o->jd && s->sample == o->sample &&
                    s->first == o->first && s->count == o->count);
        uint64_t *x = calloc(s->count + 1, 16), *y = calloc(s->count + 1, 16);
        assert_ok(fl_store_read(one, s, 0, s->count, x));
        assert_ok(fl_store_read(two, o, 0, s->count, y));
        assert_memory_equal(x, y, 16 * (s->count + 1));
        rows += s->count;
        free(x);
        free(y);
        fl_network p, q;
        assert_ok(fl_store_read_network(one, s->n, s->sample, &p));
        assert_ok(fl_store_read_network(two, s->n, s->sample, &q));
        assert_memory_equal(p.J, q.J, s->n * s->n * sizeof *p.J);
        fl_network_clear(&p);
        fl_network_clear(&q);
    }
    assert_true(rows > 100);
    fl_store_reader_close(one);
    fl_store_reader_close(two);
}

/* The exact means of their ensemble, too. */
static void assert_same_histograms(const char *a, const char *b) {
    char one[600], two[600];
    snprintf(one, sizeof one, "histogram %s%s", folder(), a);
    snprintf(two, sizeof two, "histogram %s%s", folder(), b);
    char *x = test_output(fl_tool_overlap, "fl-overlap", one, 0),
         *y = test_output(fl_tool_overlap, "fl-overlap", two, 0);
    char *rows = test_data_lines(x), *others = test_data_lines(y);
    assert_true(*rows && !strstr(rows, "nan nan"));
    assert_string_equal(rows, others);
    free(x);
    free(y);
    free(rows);
    free(others);
}

/* Shards run with --summary are summed up without being asked to, also those of a shard that has no
 * whole sample; they do not go together with others. */
static void summaries(const char *run, int k) {
    char tables[8192], stores[8192], with[600];
    snprintf(with, sizeof with, "%s --summary --force", run);
    shards(with, k, false, tables, stores);
    merge(0, "", "--output %sown-summary.tsv%s", folder(), tables);
    assert_same_data("summary.tsv", "own-summary.tsv");
    fl_frame f, g;
    assert_ok(fl_frame_read(&f, test_path("own-summary.tsv")));
    assert_ok(fl_frame_read(&g, test_path("summary.tsv")));
    assert_string_equal(fl_meta_get(&f.meta, "summary"), "yes");
    assert_int_equal(f.columns, g.columns);
    fl_frame_clear(&f);
    fl_frame_clear(&g);
    enumerate("%s --shard 1/%d --output %spart1.tsv --force", run, k, folder());
    merge(1, "summary", "%s", tables);
}

/* Of samples, of one network in 16 parts, of both; more shards than work. */
static void joined(void **state) {
    (void)state;
    static const struct {
        const char *run;
        int shards;
    } cases[] = {{"--n 10,13 --jd 0.4,0,0.2 --samples 5 --seed 3", 3},
                 {"--n 32 --jd 0.3 --method tree", 5},
                 {"--n 8,31 --jd 0.3,0 --samples 3 --method tree", 7},
                 {"--n 12 --jd 0.5 --samples 2 --modules 2", 6},
                 {"--n 28 --jd 0.3 --method graycode", 3}};
    char tables[8192], stores[8192];
    for (int k = 0; k < (test_fast() ? 2 : 5); k++) {
        const char *run = cases[k].run;
        test_empty_scratch(NULL);
        enumerate("%s --output %swhole.tsv --store %swhole.h5 --store-networks", run, folder(),
                  folder());
        enumerate("%s --summary --output %ssummary.tsv", run, folder());
        shards(run, cases[k].shards, true, tables, stores);
        merge(0, "", "--output %smerged.tsv%s", folder(), tables);
        assert_same_data("whole.tsv", "merged.tsv");
        merge(0, "", "--output %smerged-summary.tsv --summary%s", folder(), tables);
        assert_same_data("summary.tsv", "merged-summary.tsv");
        summaries(run, cases[k].shards);
        merge(0, "", "--output %smerged.h5%s", folder(), stores);
        assert_same_stores("whole.h5", "merged.h5");
        if (k == 0)
            assert_same_histograms("whole.h5", "merged.h5");
    }
}

static void refused(void **state) {
    (void)state;
    char tables[8192], stores[8192];
    const char *f = folder();
    shards("--n 7 --samples 9 --jd 0.4", 3, true, tables, stores);
    merge(1, "shard 2 of 3 is missing", "%spart1.tsv %spart3.tsv", f, f);
    merge(1, "shard 3 of 3 is missing", "%spart1.tsv %spart2.tsv", f, f);
    merge(1, "both shard 2", "%spart1.tsv %spart2.tsv %spart3.tsv %spart2.tsv", f, f, f, f);
    merge(1, "store", "%spart1.tsv %spart2.h5 %spart3.tsv", f, f, f);
    merge(2, "--output", "%s", stores);
    merge(2, "--summary", "--summary --output %sx.h5%s", f, stores);
    merge(1, "shard 1 of 3 is missing", "--output %sx.h5 %spart2.h5 %spart3.h5", f, f, f);
    merge(2, "files", "--summary");
    merge(1, "nothing.tsv", "%snothing.tsv", f);
    enumerate("--n 7 --samples 9 --jd 0.4 --shard 2/3 --seed 2 --output %sother.tsv", f);
    merge(1, "seed", "%spart1.tsv %sother.tsv %spart3.tsv", f, f, f);
    enumerate("--n 7 --samples 9 --jd 0.4 --shard 2/4 --output %sother.tsv --force", f);
    merge(1, "shards", "%spart1.tsv %sother.tsv %spart3.tsv", f, f, f);
    enumerate("--n 7 --samples 9 --jd 0.4 --output %swhole.tsv", f);
    merge(1, "whole.tsv is not the output of a run with --shard", "%swhole.tsv", f);
    assert_false(test_exists(test_path("x.h5")));
    for (int i = 1; i <= 2; i++) {
        test_write_text(test_path("J.txt"), i == 1 ? "0 1\n1 0\n" : "0 1\n2 0\n");
        enumerate("--network %sJ.txt --shard %d/2 --output %sgiven%d.tsv", f, i, f, i);
    }
    merge(1, "network_crc32", "%sgiven1.tsv %sgiven2.tsv", f, f);
}

/* A shard without its last lines, or without a row in the middle, is missed: by its name. */
static void damaged(void **state) {
    (void)state;
    char tables[8192], stores[8192];
    shards("--n 7 --samples 9 --jd 0.4", 3, false, tables, stores);
    char *part = strdup(test_path("part2.tsv")), *text = test_slurp(part);
    size_t all = strlen(text);
    for (int lines = 1; lines < 4; lines++) {
        text[strlen(text) - 1] = 0;
        *(strrchr(text, '\n') + 1) = 0;
        test_write_text(part, text);
        merge(1, "part2.tsv: the end of a shard", "--output %smerged.tsv%s", folder(), tables);
    }
    assert_true(strlen(text) < all);
    free(text);
    shards("--n 7 --samples 9 --jd 0.4 --force", 3, false, tables, stores);
    text = test_slurp(part);
    char *row = strstr(text, "# columns:");
    assert_non_null(row);
    row = strchr(row, '\n'); /* before the first row */
    memmove(row, strchr(row + 1, '\n'), strlen(strchr(row + 1, '\n')) + 1);
    test_write_text(part, text);
    free(text);
    merge(1, "part2.tsv: 2 rows, and its end tells of 3", "--output %smerged.tsv%s", folder(),
          tables);
    assert_false(test_exists(test_path("merged.tsv")));
    merge(1, "part2.tsv", "%s", tables + 1); /* and nothing on standard output */
    free(part);
}

/* The same of a shard in JSON, where the number of rows stands under a key; joined as they are. */
static void damaged_json(void **state) {
    (void)state;
    char changed[600];
    for (int i = 1; i <= 2; i++)
        enumerate("--n 7 --samples 6 --jd 0.4 --format json --shard %d/2 --output %spart%d.json", i,
                  folder(), i);
    merge(0, "", "--output %swhole.tsv %spart1.json %spart2.json", folder(), folder(), folder());
    enumerate("--n 7 --samples 6 --jd 0.4 --output %sone.tsv", folder());
    assert_same_data("whole.tsv", "one.tsv");
    char *text = test_slurp(test_path("part1.json")), *row = strstr(text, "[7,0.4,1,");
    assert_true(row && strchr(row, '\n') && strstr(text, "\"row_count\": 3\n"));
    snprintf(changed, sizeof changed, "%s", test_path("changed.json"));
    char *cut = strdup(text), *at = cut + (row - text), *next = strchr(at, '\n') + 1;
    memmove(at, next, strlen(next) + 1);
    test_write_text(changed, cut);
    merge(1, "changed.json: 2 rows, and its end tells of 3", "%s %spart2.json", changed, folder());
    at = strstr(cut, ",\n\"row_count\"");
    strcpy(at, "\n}\n");
    test_write_text(changed, cut);
    merge(1, "changed.json: the end of a shard", "%s %spart2.json", changed, folder());
    memcpy(row, "[7,\"a\",", 7);
    test_write_text(changed, text);
    merge(1, "changed.json: row 2, column jd: 'a' is not a number", "%s %spart2.json", changed,
          folder());
    free(cut);
    free(text);
}

/* Counts as other programs write them are read whole or refused. */
static void counts_of_other_programs(void **state) {
    (void)state;
    static const char *const bad[] = {"3.7", "nan", "abc", "1e30", "-4"};
    char tables[8192], stores[8192], other[64];
    shards("--n 7 --samples 3 --jd 0.4", 2, false, tables, stores);
    merge(0, "", "--output %swhole.tsv%s", folder(), tables);
    char *text = test_slurp(test_path("part1.tsv")), *row = strstr(text, "7 0.4 0 ");
    assert_non_null(row);
    unsigned long count = strtoul(row + 8, NULL, 10);
    char *rest = strchr(row + 8, ' ');
    for (size_t k = 0; k <= sizeof bad / sizeof *bad; k++) {
        FILE *file = fopen(test_path("part1.tsv"), "w");
        snprintf(other, sizeof other, "%.18e", (double)count);
        fprintf(file, "%.*s%s%s", (int)(row + 8 - text), text, k ? bad[k - 1] : other, rest);
        fclose(file);
        if (k)
            merge(1, bad[k - 1], "--output %sbad.tsv%s", folder(), tables);
        else
            merge(0, "", "--output %sother.tsv%s", folder(), tables);
    }
    char *whole = test_slurp(test_path("whole.tsv")), *same = test_slurp(test_path("other.tsv"));
    char *a = test_data_lines(whole), *b = test_data_lines(same);
    assert_string_equal(a, b);
    free(a), free(b), free(whole), free(same), free(text);
}

static void usage(void **state) {
    (void)state;
    static const char *const bad[] = {"0/3", "4/3", "-1/3", "2", "1/2x", "a/b", "1/0"};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        test_refused_of(fl_tool_enumerate, "fl-enumerate", 2, "--shard", "--n 6 --shard %s",
                        bad[k]);
    }
    test_refused(fl_tool_enumerate, "fl-enumerate", "--n 6 --limit 2 --summary", 2, "--summary");
    test_refused(fl_tool_enumerate, "fl-enumerate", "--n 6 --shard 1/2 --limit 3", 2, "--limit");
    test_refused(fl_tool_enumerate, "fl-enumerate", "--n 49 --method graycode", 2, "--n");
    test_refused(fl_tool_enumerate, "fl-enumerate", "--n 6 --count-only --store x.h5", 2,
                 "--count-only");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(joined, test_empty_scratch),
        cmocka_unit_test_setup(refused, test_empty_scratch),
        cmocka_unit_test_setup(damaged, test_empty_scratch),
        cmocka_unit_test_setup(damaged_json, test_empty_scratch),
        cmocka_unit_test_setup(counts_of_other_programs, test_empty_scratch),
        cmocka_unit_test_setup(usage, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
