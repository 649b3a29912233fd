/* Time of a training step against H on one core, beside the dense arithmetic of the same step by
 * BLAS in the same run: reference rule, D = 200, batches of 16, drawn digits, after an epoch of
 * warming up (the network has begun to learn: few spins flip, few rows change).
 *
 *   step     microseconds of processor time a step, median of epochs
 *   dense    the step's dense arithmetic: input, a field for each of 12 sweeps, updates of J and
 * W_in blas     microseconds for that with cblas_sgemm, one thread done     what the event-driven
 * step does: input and one field whole, columns for flips, rows that learn (MFLOP) of peak
 * done/step beside the rate of a large cblas_sgemm
 *
 *   bench_learn [largest H, 6400 by default] */
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>

#include "fixland/kernel.h"
#include "fixland/learn.h"
#include "tests/bench/bench.h"

enum { FEATURES = 200, BATCH = 16, SWEEPS = 12, EPOCHS = 3 };

static float *floats(size_t count) {
    float *values = malloc(count * sizeof *values);
    if (!values)
        bench_stop_on("bench_learn", fl_fail(FL_ENOMEM, "out of memory for %zu floats", count));
    for (size_t k = 0; k < count; k++)
        values[k] = (float)(k % 7) - 3;
    return values;
}

static double gemm(size_t m, size_t n, size_t k, const float *a, const float *b, float *c) {
    double begin = bench_cpu();
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)m, (int)n, (int)k, 1e-6f, a, (int)k,
                b, (int)n, 1, c, (int)n);
    return bench_cpu() - begin;
}

/* Seconds of the dense step: median of five. */
static double blas_step(size_t h) {
    size_t wide = h > FEATURES ? h : FEATURES;
    float *a = floats(h * wide), *b = floats(wide * BATCH), *c = floats(h * wide);
    double seconds[5];
    for (int r = 0; r < 5; r++) {
        seconds[r] = gemm(h, BATCH, FEATURES, a, b, c) + gemm(h, FEATURES, BATCH, a, b, c) +
                     gemm(h, h, BATCH, a, b, c);
        for (int s = 0; s < SWEEPS - 1; s++)
            seconds[r] += gemm(h, BATCH, h, a, b, c);
    }
    free(a);
    free(b);
    free(c);
    return bench_median(seconds, 5);
}

/* Flops a second of a large product. */
static double blas_peak(void) {
    enum { SIZE = 1500 };
    float *a = floats(SIZE * SIZE), *b = floats(SIZE * SIZE), *c = floats(SIZE * SIZE);
    double seconds[5];
    for (int r = 0; r < 5; r++)
        seconds[r] = gemm(SIZE, SIZE, SIZE, a, b, c);
    free(a);
    free(b);
    free(c);
    return 2.0 * SIZE * SIZE * SIZE / bench_median(seconds, 5);
}

static void line(size_t h, const fl_dataset *data, double peak) {
    fl_training t;
    fl_learner *l;
    fl_epoch seen;
    double seconds[EPOCHS], H = (double)h, D = FEATURES, B = BATCH;
    double steps = (double)(data->count / BATCH);
    bench_stop_on("bench_learn", fl_training_preset(&t, "reference-large"));
    t.hidden = h;
    bench_stop_on("bench_learn", fl_learner_new(&l, &t, FEATURES, data->outputs, 1));
    for (size_t k = 0; k <= EPOCHS; k++) {
        double begin = bench_cpu();
        bench_stop_on("bench_learn",
                      fl_learner_epoch(l, data, k, &(fl_effort){.threads = 1}, &seen));
        if (k > 0)
            seconds[k - 1] = bench_cpu() - begin;
    }
    fl_learner_free(l);
    double step = bench_median(seconds, EPOCHS) / steps, blas = blas_step(h);
    double dense = 2 * B * (2 * D * H + (SWEEPS - 1) * H * H + H * H);
    double later = seen.flips_per_neuron > 1 ? seen.flips_per_neuron - 1 : 0; /* the first: whole */
    double done = 2 * B * (D * H + H * H + later * H * H + seen.hidden_updates * H * (H + D));
    printf("%6zu %12.1f %10.1f %12.1f %8.1f %10.2f %8.0f%% %10.4f %10.4f\n", h, 1e6 * step,
           1e-6 * dense, 1e6 * blas, blas / step, 1e-6 * done, 100 * done / step / peak, later,
           seen.hidden_updates);
    fflush(stdout);
}

int main(int argc, char **argv) {
    static const size_t sizes[] = {100, 200, 400, 800, 1600, 3200, 6400};
    size_t largest = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : 6400;
    fl_data_spec spec = fl_data_defaults("digits");
    fl_dataset train, test;
    openblas_set_num_threads(1);
    spec.train = 1600;
    spec.test = 16;
    spec.threads = 1; /* the workers of a team would go on spinning, and count */
    bench_stop_on("bench_learn", fl_data_load(&spec, &train, &test));
    double peak = blas_peak();
    printf("a training step on one core, kernel %s; large sgemm %.1f GFLOP/s\n", fl_kernel_name(),
           1e-9 * peak);
    printf("%6s %12s %10s %12s %8s %10s %9s %10s %10s\n", "H", "step[us]", "dense[MF]", "blas[us]",
           "ratio", "done[MF]", "of peak", "flips", "updates");
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        if (sizes[k] <= largest)
            line(sizes[k], &train, peak);
    fl_dataset_clear(&train);
    fl_dataset_clear(&test);
    return 0;
}
