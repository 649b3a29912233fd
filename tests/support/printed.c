/* See printed.h. The truth stands in a column of the table (a closed form), or it is the mean over all trials,
 * whose error is small beside that of one. */
#include "tests/support/printed.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "fixland/tools.h"
#include "tests/support/tools.h"

typedef struct printed {
    const char *interval;
    test_tool run;
    const char *tool, *words;  /* %s: the file that `make` leaves */
    const char *value, *error; /* value +- t error, t of Student's with `count` - 1 */
    double count;              /* how many independent numbers the error is made of */
    const char *low, *high;    /* or these, without an error */
    const char *truth;         /* NULL: the mean of the values of all trials */
    const char *key;           /* the row where this column has `at`; NULL: the first */
    double at;
    test_tool make;
    /* Makes the file for words with %s, once or, with a second %lu, for each seed. */
    const char *maker, *made;
    bool drawn; /* by `made` alone: the tool itself takes no seed */
    bool slow;  /* a fraction of a second a trial */
} printed;

#define CLUSTERS "clusters --n 12 --jd 0.5 --samples 100 --summary"
#define PAIRS "histogram --n 12 --jd 0.3 --samples 100"
#define SWEEP                                                                                      \
    "sweep --data parity --features 8 --train 40 --test 50 --hidden 10 --epochs 1 --jd 0.5"
#define LOCAL                                                                                      \
    "local --n 14 --jd 0.3 --samples 10 --centre up --gamma 0:1:1 --summary --distance 0.3"
#define CAPACITY "capacity --hidden 16 --load 0.4 --epochs 3 --jd 0.5 --seeds 30"
#define PLANTED "return --planted --n 20 --jd 0.5 --samples 40 --flips 4 --summary"
#define RETRIEVAL "retrieval --jd 0.5 --overlap 0.8 --trajectories 64 --repetitions 16 --time 6"
#define OF(what, tool, words) what, fl_tool_##tool, "fl-" #tool, words

static const printed rows[] = {
    {OF("fl-enumerate --summary: quenched entropy, 100 networks", enumerate,
        "--n 12 --jd 0.3 --samples 100 --summary"),
     "quenched_entropy", "quenched_error", 100},
    {OF("fl-count --summary: annealed entropy, 20 networks", count,
        "run --n 12 --jd 0.5 --samples 20 --population 128 --sweeps 2 --summary"),
     "annealed", "annealed_error", 20, .truth = "closed_form"},
    {OF("fl-count --summary: entropy, 20 networks", count,
        "run --n 12 --jd 0.8 --samples 20 --population 128 --sweeps 2 --summary"),
     "entropy", "entropy_error", 20},
    {OF("fl-overlap histogram: pairs at distance 3, 100 networks", overlap, PAIRS), "pairs_mean",
     "pairs_error", 100, .truth = "exact_mean", .key = "distance", .at = 3},
    {OF("fl-overlap histogram: pairs at distance 6, 100 networks", overlap, PAIRS), "pairs_mean",
     "pairs_error", 100, .truth = "exact_mean", .key = "distance", .at = 6},
    {OF("fl-overlap gap: pairs at overlap 0.5, 100 networks", overlap,
        "gap --n 12 --jd 0.5 --m 2 --q 0.5 --samples 100"),
     "tuples_mean", "tuples_error", 100, .truth = "exact_mean"},
    {OF("fl-overlap clusters --summary: clusters, 100 networks", overlap, CLUSTERS), "clusters",
     "clusters_error", 100},
    {OF("fl-overlap clusters --summary: largest fraction, 100 networks", overlap, CLUSTERS),
     "largest_fraction", "largest_error", 100},
    {OF("fl-overlap clusters --summary: isolated fraction, 100 networks", overlap, CLUSTERS),
     "isolated_fraction", "isolated_error", 100},
    {OF("fl-overlap clusters --summary: mean diameter, 100 networks", overlap, CLUSTERS),
     "mean_diameter", "diameter_error", 100},
    {OF("fl-overlap clusters --summary: nearest distance, 100 networks", overlap, CLUSTERS),
     "nearest_distance", "nearest_error", 100},
    {OF("fl-overlap clusters --summary: mean size, 100 networks", overlap, CLUSTERS), "mean_size",
     "size_error", 100},
    {OF("fl-overlap sizes: clusters of two, 100 networks", overlap,
        "sizes --n 12 --jd 0.5 --samples 100"),
     "clusters_mean", "clusters_error", 100, .key = "size", .at = 2},
    {OF("fl-message solve: success, 20 networks", message, "solve --n 14 --jd 0.3 --samples 20"),
     "success", .low = "success_low", .high = "success_high"},
    {OF("fl-message local --summary: entropy, 10 networks", message, LOCAL), "entropy",
     "entropy_error", 10, .slow = true},
    {OF("fl-message perceptron: success, 30 sets", message,
        "perceptron --n 30 --alpha 0.7 --samples 30"),
     "success", .low = "success_low", .high = "success_high"},
    {OF("fl-message perceptron: entropy, 30 sets", message,
        "perceptron --n 30 --alpha 0.3 --samples 30"),
     "entropy", "entropy_error", 30},
    {OF("fl-access basins: entropy, one given matrix, 400 starts", access,
        "basins --network %s --starts 400"),
     "entropy", "entropy_error", 400, .make = fl_tool_train, .maker = "matrix"},
    {OF("fl-access return --summary: returned, 40 networks", access,
        "return --start %s --flips 2 --summary"),
     "returned", "returned_error", 40, .make = fl_tool_enumerate, .maker = "fl-enumerate",
     .made = "--n 10 --jd 0.5 --samples 40 --store %s --store-networks --seed %lu"},
    {OF("fl-access near --summary: fixed points within 2 flips, 40 networks", access,
        "near --start %s --radius 2 --summary"),
     "near", "near_error", 40, .make = fl_tool_enumerate, .maker = "fl-enumerate",
     .made = "--n 10 --jd 0.8 --samples 40 --store %s --store-networks --seed %lu", .drawn = true},
    {OF("fl-train continual: accuracy, 10 seeds", train,
        "continual --data prototypes --flip 0.3 --features 16 --classes 4 --train 60 --test 60 --hidden 10 "
        "--epochs 1 --seeds 10"),
     "accuracy", "accuracy_error", 10},
    {OF("fl-train sweep: test accuracy, 10 seeds", train, SWEEP " --seeds 10"), "test_accuracy",
     "test_error", 10},
    {OF("fl-train sweep: test accuracy, 3 seeds", train, SWEEP " --seeds 3"), "test_accuracy",
     "test_error", 3},
    {OF("fl-train capacity: overlap, 30 seeds", train, CAPACITY), "overlap", "overlap_error", 30},
    {OF("fl-dmft trace: unstable fraction, 8 repetitions", dmft,
        "trace --jd 0.5 --p 1 --trajectories 128 --time 8"),
     "unstable_fraction", "error", 8, .key = "time", .at = 8},
    {OF("fl-dmft trace: unstable fraction, 32 repetitions", dmft,
        "trace --jd 0.5 --p 1 --trajectories 64 --repetitions 32 --time 8"),
     "unstable_fraction", "error", 32, .key = "time", .at = 8},
    {OF("fl-message local --summary: mutual distance, 10 networks", message, LOCAL),
     "mutual_distance", "mutual_error", 10, .slow = true},
    {OF("fl-enumerate --summary: variance of ln(count), 100 networks", enumerate,
        "--n 12 --jd 0.5 --samples 100 --summary"),
     "log_variance", "log_variance_error", 100},
    {OF("fl-overlap histogram --smooth: density at overlap 0.26, 100 networks", overlap,
        "histogram --n 12 --jd 0.5 --samples 100 --smooth 0.1"),
     "density", "density_error", 100, .key = "overlap", .at = 0.2572549019607844},
    {OF("fl-overlap clusters --summary: fixed points, 100 networks", overlap, CLUSTERS),
     "fixed_points", "fixed_points_error", 100},
    {OF("fl-overlap clusters --summary: weighted isolated fraction, 100 networks", overlap,
        CLUSTERS),
     "weighted_isolated", "weighted_isolated_error", 100},
    {OF("fl-overlap clusters --summary: weighted largest fraction, 100 networks", overlap,
        CLUSTERS),
     "weighted_largest", "weighted_largest_error", 100},
    {OF("fl-overlap clusters --summary: weighted mean size, 100 networks", overlap, CLUSTERS),
     "weighted_size", "weighted_size_error", 100},
    {OF("fl-access return --planted: overlap, 40 networks", access, PLANTED), "overlap",
     "overlap_error", 40},
    {OF("fl-access return --planted: returned, 40 networks", access, PLANTED), "returned",
     "returned_error", 40},
    {OF("fl-train sweep: train accuracy, 10 seeds", train, SWEEP " --seeds 10"), "train_accuracy",
     "train_error", 10},
    {OF("fl-train sweep: withdrawn overlap, 10 seeds", train, SWEEP " --seeds 10"),
     "withdrawn_overlap", "withdrawn_error", 10},
    {OF("fl-train sweep: taught overlap, 10 seeds", train, SWEEP " --seeds 10"), "taught_overlap",
     "taught_error", 10},
    {OF("fl-train capacity: bits, 30 seeds", train, CAPACITY), "bits", "bits_error", 30},
    {OF("fl-train capacity: nearest, 30 seeds", train, CAPACITY), "nearest", "nearest_error", 30},
    {OF("fl-dmft retrieval: overlap, 16 repetitions", dmft, RETRIEVAL), "overlap", "overlap_error",
     16},
    {OF("fl-dmft retrieval: unstable fraction, 16 repetitions", dmft, RETRIEVAL),
     "unstable_fraction", "error", 16},
    {OF("fl-dmft plateau --p 1: unstable fraction, 8 repetitions", dmft,
        "plateau --jd 0.3 --p 1 --trajectories 16 --repetitions 8"),
     "unstable_fraction", "error", 8, .slow = true},
    {OF("fl-dmft threshold --p 1: J_c as printed, 5 points of 4 repetitions", dmft,
        "threshold --unstable 0.12:0.16:0.01 --trajectories 16 --repetitions 4"),
     "jd", .low = "low", .high = "high", .slow = true},
};

size_t printed_count(void) {
    return sizeof rows / sizeof *rows;
}

bool printed_slowly(size_t which) {
    return rows[which].slow;
}

static const char matrix[] =
    "0 1 -2 3 1 0.5\n2 0 1 -1 1 1\n1 1 0 2 -1 1\n-1 2 1 0 1 2\n1 1 1 1 0 -2\n2 -1 1 1 1 0\n";

static void write_matrix(const char *name) {
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(matrix, file);
    assert_int_equal(fclose(file), 0);
}

static const char *file_for(const printed *p, uint64_t seed, char name[256]) {
    char words[1024], *out, *err;
    snprintf(name, 256, "%s", test_path("printed.h5"));
    if (!p->made) {
        snprintf(name, 256, "%s", test_path("printed.txt"));
        write_matrix(name);
        return name;
    }
    snprintf(words, sizeof words, p->made, name, (unsigned long)seed);
    strcat(words, " --force --output ");
    strcat(words, test_path("printed.tsv"));
    assert_int_equal(test_run_tool(p->make, p->maker, words, &out, &err), 0);
    free(out);
    free(err);
    return name;
}

static size_t row_of(const printed *p, const fl_frame *f) {
    for (size_t k = 0; p->key && k < f->rows; k++)
        if (test_cell(f, k, p->key) == p->at)
            return k;
    assert_true(!p->key && f->rows > 0);
    return 0;
}

typedef struct trial {
    double value, low, high, truth;
} trial;

static trial read_trial(const printed *p, const fl_frame *f) {
    size_t row = row_of(p, f);
    trial t = {.value = test_cell(f, row, p->value), .truth = NAN};
    if (p->error) {
        double half = test_cell(f, row, p->error) * gsl_cdf_tdist_Pinv(0.975, p->count - 1);
        t.low = t.value - half, t.high = t.value + half;
    } else {
        t.low = test_cell(f, row, p->low), t.high = test_cell(f, row, p->high);
    }
    if (p->truth)
        t.truth = test_cell(f, row, p->truth);
    return t;
}

coverage printed_try(size_t which, size_t trials, uint64_t seed) {
    const printed *p = &rows[which];
    coverage c = {p->interval, 0, 0};
    double sum = 0;
    trial *all = calloc(trials, sizeof *all);
    assert_non_null(all);
    for (size_t t = 0; t < trials; t++) {
        char words[1024], file[256] = "", *out, *err;
        uint64_t own = seed * 1000003 + t;
        const char *table = test_path("printed.tsv");
        fl_frame f;
        if (p->make)
            file_for(p, own, file);
        snprintf(words, sizeof words, p->words, file);
        size_t length = strlen(words);
        if (!p->drawn)
            length += (size_t)snprintf(words + length, sizeof words - length, " --seed %lu",
                                       (unsigned long)own);
        snprintf(words + length, sizeof words - length, " --force --output %s", table);
        int code = test_run_tool(p->run, p->tool, words, &out, &err);
        if (code != 0)
            fail_msg("%s %s: exit %d, %s", p->tool, words, code, err);
        free(out);
        free(err);
        assert_ok(fl_frame_read(&f, table));
        trial one = read_trial(p, &f);
        fl_frame_clear(&f);
        if (isfinite(one.value) && isfinite(one.high - one.low))
            all[c.trials++] = one, sum += one.value;
    }
    for (size_t t = 0; t < c.trials; t++) {
        double truth = p->truth ? all[t].truth : sum / (double)c.trials;
        c.inside += all[t].low <= truth && truth <= all[t].high;
    }
    free(all);
    return c;
}
