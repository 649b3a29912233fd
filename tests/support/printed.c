/* See printed.h. The truth stands in a column of the table (a closed form), or it is the mean over all trials,
 * whose error is small beside that of one. */
#include "tests/support/printed.h"

#include <math.h>
#include <stdlib.h>

#include "fixland/stats.h"
#include "fixland/tools.h"
#include "tests/support/support.h"
#include "tests/support/tools.h"

typedef struct printed {
    const char *interval;
    test_tool run;
    const char *tool, *words;
    const char *value, *error; /* value +- 1.96 error */
    const char *low, *high;    /* or these */
    const char *truth;         /* NULL: the mean of the values of all trials */
    const char *key;           /* the row where this column has `at`; NULL: the first */
    double at;
    test_tool before; /* makes a store for the words "STORE", which both have */
    const char *before_tool, *before_words;
} printed;

static const printed rows[] = {
    {"fl-count run: log_count of one matrix, n = 24, J_D = 0.8 (low, high)", fl_tool_count, "fl-count",
     "run --n 24 --jd 0.8 --sample-seed", "log_count", NULL, "low", "high", NULL, NULL, 0, NULL, NULL, NULL},
    {"fl-enumerate --summary: quenched entropy, 100 networks", fl_tool_enumerate, "fl-enumerate",
     "--n 12 --jd 0.3 --samples 100 --summary", "quenched_entropy", "quenched_error", .key = NULL},
    {"fl-enumerate --estimate: fixed points of one network", fl_tool_enumerate, "fl-enumerate",
     "--n 24 --jd 0.5 --estimate 40", "count", "count_error", .key = NULL},
    {"fl-count --summary: annealed entropy, 20 networks", fl_tool_count, "fl-count",
     "run --n 16 --jd 0.5 --samples 20 --population 128 --sweeps 2 --summary", "annealed", "annealed_error",
     .truth = "closed_form"},
    {"fl-count --summary: entropy, 20 networks", fl_tool_count, "fl-count",
     "run --n 16 --jd 0.8 --samples 20 --population 128 --sweeps 2 --summary", "entropy", "entropy_error",
     .key = NULL},
    {"fl-overlap histogram: pairs at distance 3, 100 networks", fl_tool_overlap, "fl-overlap",
     "histogram --n 12 --jd 0.3 --samples 100", "pairs_mean", "pairs_error", .truth = "exact_mean",
     .key = "distance", .at = 3},
    {"fl-overlap histogram: pairs at distance 6, 100 networks", fl_tool_overlap, "fl-overlap",
     "histogram --n 12 --jd 0.3 --samples 100", "pairs_mean", "pairs_error", .truth = "exact_mean",
     .key = "distance", .at = 6},
    {"fl-overlap gap: pairs at overlap 0.5, 100 networks", fl_tool_overlap, "fl-overlap",
     "gap --n 12 --jd 0.5 --m 2 --q 0.5 --samples 100", "tuples_mean", "tuples_error", .truth = "exact_mean"},
    {"fl-overlap clusters --summary: clusters, 100 networks", fl_tool_overlap, "fl-overlap",
     "clusters --n 12 --jd 0.5 --samples 100 --summary", "clusters", "clusters_error", .key = NULL},
    {"fl-overlap clusters --summary: largest fraction, 100 networks", fl_tool_overlap, "fl-overlap",
     "clusters --n 12 --jd 0.5 --samples 100 --summary", "largest_fraction", "largest_error", .key = NULL},
    {"fl-overlap clusters --summary: nearest distance, 100 networks", fl_tool_overlap, "fl-overlap",
     "clusters --n 12 --jd 0.5 --samples 100 --summary", "nearest_distance", "nearest_error", .key = NULL},
    {"fl-overlap clusters --summary: mean size, 100 networks", fl_tool_overlap, "fl-overlap",
     "clusters --n 12 --jd 0.5 --samples 100 --summary", "mean_size", "size_error", .key = NULL},
    {"fl-overlap sizes: clusters of two, 100 networks", fl_tool_overlap, "fl-overlap",
     "sizes --n 12 --jd 0.5 --samples 100", "clusters_mean", "clusters_error", .key = "size", .at = 2},
    {"fl-message solve: success, 40 networks (low, high)", fl_tool_message, "fl-message",
     "solve --n 30 --jd 0.1 --samples 40", "success", NULL, "success_low", "success_high", .key = NULL},
    {"fl-message local --summary: entropy, 40 networks", fl_tool_message, "fl-message",
     "local --n 40 --jd 0.3 --samples 40 --centre up --gamma 0:1:0.25 --summary --distance 0.3", "entropy",
     "entropy_error", .key = NULL},
    {"fl-message perceptron: success, 30 sets (low, high)", fl_tool_message, "fl-message",
     "perceptron --n 40 --alpha 0.6 --samples 30", "success", NULL, "success_low", "success_high", .key = NULL},
    {"fl-message perceptron: entropy, 30 sets", fl_tool_message, "fl-message",
     "perceptron --n 40 --alpha 0.3 --samples 30", "entropy", "entropy_error", .key = NULL},
    {"fl-access basins: weight of the largest, one given matrix, 400 starts", fl_tool_access, "fl-access",
     "basins --network STORE --starts 400", "largest", "largest_error", .before = NULL, .before_tool = "matrix"},
    {"fl-access return --summary: returned, 40 networks", fl_tool_access, "fl-access",
     "return --start STORE --flips 2 --summary", "returned", "returned_error", .before = fl_tool_enumerate,
     .before_tool = "fl-enumerate", .before_words = "--n 14 --jd 0.5 --samples 40 --store STORE --store-networks"},
    {"fl-train sweep: test accuracy, 30 seeds", fl_tool_train, "fl-train",
     "sweep --data parity --features 8 --train 40 --test 50 --hidden 10 --epochs 1 --jd 0.5 --seeds 30",
     "test_accuracy", "test_error", .key = NULL},
    {"fl-train sweep: test accuracy, 3 seeds", fl_tool_train, "fl-train",
     "sweep --data parity --features 8 --train 40 --test 50 --hidden 10 --epochs 1 --jd 0.5 --seeds 3",
     "test_accuracy", "test_error", .key = NULL},
    {"fl-train capacity: learned, 30 seeds", fl_tool_train, "fl-train",
     "capacity --hidden 16 --load 0.4 --epochs 3 --jd 0.5 --seeds 30", "learned", "learned_error", .key = NULL},
    {"fl-dmft trace: unstable fraction, 8 repetitions", fl_tool_dmft, "fl-dmft",
     "trace --jd 0.5 --p 1 --trajectories 256 --time 12", "unstable_fraction", "error", .key = "time", .at = 12},
    {"fl-dmft trace: unstable fraction, 32 repetitions", fl_tool_dmft, "fl-dmft",
     "trace --jd 0.5 --p 1 --trajectories 128 --repetitions 32 --time 12", "unstable_fraction", "error",
     .key = "time", .at = 12},
};
