/* Stores: configurations and networks written, read back, shared with Python, or refused. */
#include "fixland/store.h"

#include <math.h>
#include <pthread.h>
#include <sys/resource.h>

#include "fixland/spins.h"
#include "src/core/sanitized.h"
#include "tests/support/draw.h"
#include "tests/support/python.h"
#include "tests/support/files.h"
#include "tests/support/support.h"

/* Reads a set in pieces of random lengths and compares. */
static void check_set(fl_store_reader *reader, const fl_store_set *set, const uint64_t *spins,
                      fl_rng *rng) {
    size_t words = fl_spins_words(set->n);
    uint64_t *back = malloc((set->count * words + 1) * sizeof *back);
    for (uint64_t at = 0; at < set->count;) {
        size_t piece = (size_t)(1 + fl_rng_below(rng, set->count - at));
        assert_ok(fl_store_read(reader, set, at, piece, back + at * words));
        at += piece;
    }
    assert_memory_equal(back, spins, set->count * words * sizeof *back);
    free(back);
}

/* ---- round trips ---- */

/* For each n up to 130 three sets, the middle one empty; the sizes interleaved. */
static void all_sizes_and_empty_sets(void **state) {
    (void)state;
    enum { LARGEST = 130 };
    static const size_t lengths[3] = {17, 0, 40};
    fl_rng rng = test_stream("sizes");
    fl_store *store;
    fl_store_reader *reader;
    const fl_store_set *sets;
    size_t count;
    uint64_t *spins[3][LARGEST + 1];
    assert_ok(fl_store_create(&store, test_path("s.h5"), false, NULL));
    for (int s = 0; s < 3; s++)
        for (size_t n = LARGEST; n > 0; n--) {
            spins[s][n] = test_draw_spins(n, lengths[s], &rng);
            assert_ok(fl_store_begin(store, n, 0.1 * s, n + (uint64_t)s));
            for (size_t at = 0, piece; at < lengths[s]; at += piece) {
                piece = (size_t)fl_rng_below(&rng, lengths[s] - at + 1);
                assert_ok(
                    fl_store_append(store, spins[s][n] + at * fl_spins_words(n), piece, NULL));
            }
        }
    assert_false(test_exists(test_path("s.h5")));
    assert_ok(fl_store_close(store));
    assert_int_equal(test_scratch_count(), 1);
    assert_ok(fl_store_open(&reader, test_path("s.h5")));
    assert_ok(fl_store_sets(reader, &sets, &count));
    assert_int_equal(count, 3 * LARGEST);
    for (size_t k = 0; k < count; k++) {
        size_t n = 1 + k / 3, s = k % 3;
        assert_int_equal(sets[k].n, n);
        assert_true(sets[k].jd == 0.1 * (int)s);
        assert_int_equal(sets[k].sample, n + s);
        assert_int_equal(sets[k].count, lengths[s]);
        check_set(reader, &sets[k], spins[s][n], &rng);
        free(spins[s][n]);
    }
    fl_store_reader_close(reader);
}

static void many_configurations(void **state) {
    (void)state;
    size_t count = 100000, n = 75, read;
    fl_rng rng = test_stream("many");
    fl_store *store;
    fl_store_reader *reader;
    const fl_store_set *sets;
    uint64_t *spins = test_draw_spins(n, count, &rng);
    double *weights = malloc(count * sizeof *weights), *back = malloc(count * sizeof *back);
    for (size_t k = 0; k < count; k++)
        weights[k] = fl_rng_gauss(&rng);
    assert_ok(fl_store_create(&store, test_path("s.h5"), false, NULL));
    assert_ok(fl_store_begin(store, n, -1.5, UINT64_MAX));
    for (size_t at = 0, piece; at < count; at += piece) {
        piece = 1 + (size_t)fl_rng_below(&rng, count - at < 5000 ? count - at : 5000);
        assert_ok(fl_store_append(store, spins + at * fl_spins_words(n), piece, weights + at));
    }
    assert_ok(fl_store_close(store));
    assert_ok(fl_store_open(&reader, test_path("s.h5")));
    assert_ok(fl_store_sets(reader, &sets, &read));
    assert_int_equal(read, 1);
    assert_true(sets->jd == -1.5 && sets->sample == UINT64_MAX && sets->count == count);
    check_set(reader, sets, spins, &rng);
    assert_ok(fl_store_weights(reader, sets, 10, count - 10, back));
    assert_memory_equal(back, weights + 10, (count - 10) * sizeof *back);
    fl_store_reader_close(reader);
    free(spins);
    free(weights);
    free(back);
}

static void many_sets(void **state) {
    (void)state;
    size_t count = test_fast() ? 1500 : 20000, read;
    fl_store *store;
    fl_store_reader *reader;
    const fl_store_set *sets;
    assert_ok(fl_store_create(&store, test_path("s.h5"), false, NULL));
    for (uint64_t k = 0; k < count; k++) {
        const uint64_t spins[2] = {k % 1024, (k + 1) % 1024};
        assert_ok(fl_store_begin(store, 10, (double)k, k));
        assert_ok(fl_store_append(store, spins, k % 3, NULL));
    }
    assert_ok(fl_store_close(store));
    assert_ok(fl_store_open(&reader, test_path("s.h5")));
    assert_ok(fl_store_sets(reader, &sets, &read));
    assert_int_equal(read, count);
    uint64_t first = 0;
    for (uint64_t k = 0; k < count; k++) {
        uint64_t spins[2] = {0, 0};
        assert_true(sets[k].sample == k && sets[k].jd == (double)k && sets[k].first == first);
        assert_int_equal(sets[k].count, k % 3);
        assert_ok(fl_store_read(reader, &sets[k], 0, k % 3, spins));
        assert_true(k % 3 == 0 || spins[0] == k % 1024);
        assert_true(k % 3 < 2 || spins[1] == (k + 1) % 1024);
        first += k % 3;
    }
    fl_store_reader_close(reader);
}

static void networks_and_provenance(void **state) {
    (void)state;
    fl_rng rng = test_stream("networks");
    fl_store *store;
    fl_store_reader *reader;
    fl_network networks[4], back;
    fl_meta meta = {0};
    assert_ok(fl_meta_set(&meta, "zeta", "first"));
    assert_ok(fl_meta_set(&meta, "alpha", "%s", "caf\xc3\xa9 \"x\""));
    assert_ok(fl_meta_set(&meta, "format", "tsv")); /* the name is taken: not stored */
    assert_ok(fl_meta_set(&meta, "empty", "%s", ""));
    assert_ok(fl_store_create(&store, test_path("s.h5"), false, &meta));
    for (size_t k = 0; k < 4; k++) {
        test_draw_network(&networks[k], k < 2 ? 12 : 13, &rng);
        assert_ok(fl_store_network(store, 7 * k, &networks[k]));
    }
    assert_status(FL_EINVAL, fl_store_network(store, 7, &networks[0]));
    assert_non_null(strstr(fl_message(), "sample 7"));
    assert_ok(fl_store_close(store));
    assert_ok(fl_store_open(&reader, test_path("s.h5")));
    const fl_meta *read = fl_store_meta(reader);
    assert_int_equal(read->count, 3);
    assert_string_equal(read->keys[0], "zeta");
    assert_string_equal(read->keys[1], "alpha");
    assert_string_equal(read->values[1], "caf\xc3\xa9 \"x\"");
    assert_string_equal(fl_meta_get(read, "empty"), "");
    for (size_t k = 0; k < 4; k++) {
        size_t n = networks[k].n;
        assert_ok(fl_store_read_network(reader, n, 7 * k, &back));
        assert_int_equal(back.n, n);
        assert_memory_equal(back.J, networks[k].J, n * n * sizeof *back.J);
        assert_memory_equal(back.diagonal, networks[k].diagonal, n * sizeof *back.diagonal);
        fl_network_clear(&back);
        fl_network_clear(&networks[k]);
    }
    assert_status(FL_EDOMAIN, fl_store_read_network(reader, 12, 14, &back));
    assert_status(FL_EDOMAIN, fl_store_read_network(reader, 14, 0, &back));
    fl_store_reader_close(reader);
    fl_meta_clear(&meta);
}

static void an_empty_store(void **state) {
    (void)state;
    fl_store *store;
    fl_store_reader *reader;
    const fl_store_set *sets;
    size_t count;
    assert_ok(fl_store_create(&store, test_path("s.h5"), false, NULL));
    assert_ok(fl_store_close(store));
    assert_ok(fl_store_open(&reader, test_path("s.h5")));
    assert_ok(fl_store_sets(reader, &sets, &count));
    assert_int_equal(count, 0);
    fl_store_reader_close(reader);
    fl_store_reader_close(NULL);
    fl_store_discard(NULL);
}

enum { MEMORY_TELLS = !FL_SANITIZED }; /* sanitizers keep what was freed */

static void memory_is_bounded(void **state) {
    (void)state;
    size_t batch = 50000;
    fl_rng rng = test_stream("memory");
    fl_store *store;
    struct rusage before, after;
    uint64_t *spins = test_draw_spins(60, batch, &rng);
    assert_ok(fl_store_create(&store, test_path("s.h5"), false, NULL));
    assert_ok(fl_store_begin(store, 60, 0, 0));
    assert_ok(fl_store_append(store, spins, batch, NULL));
    assert_int_equal(getrusage(RUSAGE_SELF, &before), 0);
    for (int k = 0; k < (test_fast() ? 2 : 40); k++) /* 16 MB */
        assert_ok(fl_store_append(store, spins, batch, NULL));
    assert_int_equal(getrusage(RUSAGE_SELF, &after), 0);
    assert_ok(fl_store_close(store));
    free(spins);
    if (MEMORY_TELLS)
        assert_true(after.ru_maxrss - before.ru_maxrss < 4096); /* kilobytes */
}

/* ---- Python ---- */

static void python_reads(void **state) {
    (void)state;
    test_need_python("numpy, h5py");
    fl_rng rng = test_stream("Python");
    fl_store *store;
    fl_network network;
    fl_meta meta = {0};
    size_t n = 21, count = 1000;
    int8_t *values = malloc(n);
    uint64_t *spins = test_draw_spins(n, count, &rng);
    double *weights = malloc(count * sizeof *weights);
    FILE *raw = fopen(test_path("raw"), "wb");
    for (size_t k = 0; k < count; k++) {
        fl_spins_unpack(spins + k, n, values);
        fwrite(values, 1, n, raw);
        weights[k] = (double)k / 3;
    }
    fclose(raw);
    test_draw_network(&network, n, &rng);
    network.diagonal[2] = 0.75;
    assert_ok(fl_meta_set(&meta, "command", "%s", "caf\xc3\xa9"));
    assert_ok(fl_store_create(&store, test_path("s.h5"), false, &meta));
    assert_ok(fl_store_begin(store, n, 0.1, 5));
    assert_ok(fl_store_append(store, spins, 400, weights));
    assert_ok(fl_store_begin(store, n, 0.2, 5));
    assert_ok(fl_store_begin(store, n, 0.3, 6));
    assert_ok(fl_store_append(store, spins + 400, 600, weights + 400));
    assert_ok(fl_store_network(store, 5, &network));
    assert_ok(fl_store_close(store));
    test_python("import sys, numpy, h5py, os\n"
                "os.chdir(sys.argv[1])\n"
                "s = numpy.fromfile('raw', dtype='i1').reshape(-1, 21)\n"
                "f = h5py.File('s.h5', 'r')\n"
                "assert f.attrs['format'] == 'fixland store' and f.attrs['format_version'] == 1\n"
                "assert f.attrs['command'] == 'caf\\xe9'\n"
                "g = f['n21']\n"
                "assert g.attrs['n'] == 21 and list(f) == ['n21']\n"
                "d = g['spins']\n"
                "assert d.dtype == 'u1' and d.shape == (1000, 3)\n"
                "assert d.chunks and d.shuffle and d.compression == 'gzip'\n"
                "bits = numpy.unpackbits(d[:], axis=1, bitorder='little')[:, :21]\n"
                "assert (2 * bits.astype('i1') - 1 == s).all()\n"
                "i = g['index']\n"
                "assert list(i['jd']) == [0.1, 0.2, 0.3] and i['jd'].dtype == '<f8'\n"
                "assert list(i['sample']) == [5, 5, 6] and i['sample'].dtype == '<u8'\n"
                "assert list(i['first']) == [0, 400, 400] and list(i['count']) == [400, 0, 600]\n"
                "assert list(g['weight']) == [k / 3 for k in range(1000)]\n"
                "J = g['networks/sample5']\n"
                "assert J.shape == (21, 21) and J.dtype == '<f8' and J[2, 2] == 0.75\n",
                test_path(""));
    fl_network_clear(&network);
    fl_meta_clear(&meta);
    free(values);
    free(spins);
    free(weights);
}

/* ---- misuse ---- */

static void order_of_calls(void **state) {
    (void)state;
    const uint64_t spins[2] = {1, 2}, beyond = 1 << 10;
    const double weights[2] = {1, 2};
    fl_store *store;
    assert_ok(fl_store_create(&store, test_path("s.h5"), false, NULL));
    assert_status(FL_EINVAL, fl_store_append(store, spins, 1, NULL));
    assert_status(FL_EINVAL, fl_store_begin(store, 0, 0, 0));
    assert_status(FL_EINVAL, fl_store_begin(store, 10, NAN, 0));
    assert_ok(fl_store_begin(store, 10, 0, 0));
    assert_status(FL_EINVAL, fl_store_append(store, &beyond, 1, NULL));
    assert_ok(fl_store_append(store, spins, 0, weights));
    assert_ok(fl_store_append(store, spins, 2, NULL));
    assert_status(FL_EINVAL, fl_store_append(store, spins, 2, weights));
    assert_ok(fl_store_begin(store, 11, 0, 0));
    assert_ok(fl_store_append(store, spins, 2, weights));
    assert_status(FL_EINVAL, fl_store_append(store, spins, 2, NULL));
    assert_ok(fl_store_begin(store, 10, 0, 1));
    assert_ok(fl_store_append(store, spins, 1, NULL));
    assert_ok(fl_store_close(store)); /* refused calls did no harm */
    fl_store_reader *reader;
    const fl_store_set *sets;
    size_t count;
    double back[2] = {0, 0};
    uint64_t word;
    assert_ok(fl_store_open(&reader, test_path("s.h5")));
    assert_ok(fl_store_sets(reader, &sets, &count));
    assert_int_equal(count, 3);
    assert_ok(fl_store_weights(reader, &sets[0], 0, 2, back));
    assert_true(back[0] == 1 && back[1] == 1);
    assert_ok(fl_store_weights(reader, &sets[2], 0, 2, back));
    assert_true(back[0] == 1 && back[1] == 2);
    assert_ok(fl_store_read(reader, &sets[1], 0, 1, &word));
    assert_true(word == 1);
    assert_ok(fl_store_read(reader, &sets[1], 1, 0, &word));
    assert_status(FL_EINVAL, fl_store_read(reader, &sets[1], 1, 1, &word));
    assert_status(FL_EINVAL, fl_store_read(reader, &sets[1], UINT64_MAX, 2, &word));
    fl_store_set foreign = {.n = 12, .count = 1}, long_one = {.n = 10, .first = 2, .count = 5};
    assert_status(FL_EINVAL, fl_store_read(reader, &foreign, 0, 1, &word));
    assert_status(FL_EINVAL, fl_store_read(reader, &long_one, 0, 1, &word));
    fl_store_reader_close(reader);
}

/* ---- threads ---- */

enum { THREADS = 4, SETS = 6, ROWS = 300, NEURONS = 70 };

typedef struct reading {
    fl_store_reader *shared;
    const uint64_t *spins; /* SETS x ROWS x 2 */
    const double *weights; /* SETS x ROWS */
    char own[40];
    uint64_t number;
    bool same;
} reading;

static bool is_same_set(fl_store_reader *reader, size_t s, const reading *r) {
    static _Thread_local uint64_t spins[ROWS * 2];
    static _Thread_local double weights[ROWS];
    const fl_store_set *sets;
    size_t count;
    return fl_store_sets(reader, &sets, &count) == FL_OK && count == SETS &&
           fl_store_weighted(reader, NEURONS) && !fl_store_weighted(reader, NEURONS + 1) &&
           fl_store_read(reader, &sets[s], 0, ROWS, spins) == FL_OK &&
           fl_store_weights(reader, &sets[s], 0, ROWS, weights) == FL_OK &&
           memcmp(spins, r->spins + s * ROWS * 2, sizeof spins) == 0 &&
           memcmp(weights, r->weights + s * ROWS, sizeof weights) == 0;
}

static bool write_sets(const char *path, const uint64_t *spins, const double *weights) {
    fl_store *store;
    bool good = fl_store_create(&store, path, true, NULL) == FL_OK;
    for (size_t s = 0; s < SETS && good; s++)
        good = fl_store_begin(store, NEURONS, 0.5, s) == FL_OK &&
               fl_store_append(store, spins + s * ROWS * 2, ROWS, weights + s * ROWS) == FL_OK;
    return good && fl_store_close(store) == FL_OK;
}

/* Reads the common store, and writes and reads one of its own meanwhile. */
static void *read_and_write(void *argument) {
    reading *r = argument;
    r->same = true;
    for (int round = 0; round < 12 && r->same; round++) {
        fl_store_reader *own = NULL;
        r->same = write_sets(r->own, r->spins, r->weights) && fl_store_open(&own, r->own) == FL_OK;
        for (size_t s = 0; s < SETS && r->same; s++)
            r->same = is_same_set(r->shared, (s + r->number) % SETS, r) && is_same_set(own, s, r);
        fl_store_reader_close(own);
    }
    return NULL;
}

static void many_threads(void **state) {
    (void)state;
    fl_rng rng = test_stream("threads");
    uint64_t *spins = test_draw_spins(NEURONS, (size_t)SETS * ROWS, &rng);
    double *weights = malloc(SETS * ROWS * sizeof *weights);
    fl_store_reader *shared;
    pthread_t threads[THREADS];
    reading readings[THREADS];
    fl_rng_gauss_fill(&rng, SETS * ROWS, weights);
    assert_true(write_sets(test_path("s.h5"), spins, weights));
    assert_ok(fl_store_open(&shared, test_path("s.h5")));
    for (uint64_t k = 0; k < THREADS; k++) {
        char name[20];
        snprintf(name, sizeof name, "own%d.h5", (int)k);
        readings[k] = (reading){shared, spins, weights, "", k, false};
        snprintf(readings[k].own, sizeof readings[k].own, "%s", test_path(name));
        assert_int_equal(pthread_create(&threads[k], NULL, read_and_write, &readings[k]), 0);
    }
    for (size_t k = 0; k < THREADS; k++) {
        pthread_join(threads[k], NULL);
        assert_true(readings[k].same);
    }
    fl_store_reader_close(shared);
    free(spins);
    free(weights);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_sizes_and_empty_sets, test_empty_scratch),
        cmocka_unit_test_setup(many_configurations, test_empty_scratch),
        cmocka_unit_test_setup(many_sets, test_empty_scratch),
        cmocka_unit_test_setup(networks_and_provenance, test_empty_scratch),
        cmocka_unit_test_setup(an_empty_store, test_empty_scratch),
        cmocka_unit_test_setup(memory_is_bounded, test_empty_scratch),
        cmocka_unit_test_setup(python_reads, test_empty_scratch),
        cmocka_unit_test_setup(order_of_calls, test_empty_scratch),
        cmocka_unit_test_setup(many_threads, test_empty_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
