/* Data sets: generators against second implementations and their exact statistics, the projection
 * against a plain sum, requests that are refused. */
#include <math.h>
#include <unistd.h>

#include "fixland/dataset.h"
#include "mc/data/data.h"
#include "tests/support/chance.h"
#include "tests/support/files.h"
#include "tests/support/support.h"

typedef struct sets {
    fl_dataset train, test;
} sets;

static sets load(fl_data_spec spec) {
    sets s;
    assert_ok(fl_data_load(&spec, &s.train, &s.test));
    assert_true(s.train.count == spec.train && s.test.count == spec.test);
    assert_true(s.train.outputs == spec.classes && s.test.outputs == spec.classes);
    return s;
}

static void clear(sets *s) {
    fl_dataset_clear(&s->train);
    fl_dataset_clear(&s->test);
}

/* The first examples of `more` are those of `less`, to the bit. */
static void assert_begins(const fl_dataset *more, const fl_dataset *less) {
    assert_true(more->features == less->features && more->outputs == less->outputs);
    assert_true(!more->label == !less->label);
    assert_memory_equal(more->x, less->x, less->count * less->features * sizeof *less->x);
    assert_memory_equal(more->z, less->z, less->count * less->outputs);
    if (less->label)
        assert_memory_equal(more->label, less->label, less->count * sizeof *less->label);
}

/* Targets are the label as +-1, features are +-1, and both are of the set's sizes. */
static void assert_well_formed(const fl_dataset *data) {
    for (size_t e = 0; e < data->count * data->features; e++)
        assert_true(data->x[e] == 1 || data->x[e] == -1);
    for (size_t k = 0; k < data->count; k++)
        for (size_t c = 0; c < data->outputs; c++) {
            int z = data->z[k * data->outputs + c];
            if (data->label)
                assert_int_equal(z, c == data->label[k] ? 1 : -1);
            else
                assert_true(z == 1 || z == -1);
        }
}

static void assert_classes_uniform(const fl_dataset *data) {
    uint64_t counts[16] = {0};
    for (size_t k = 0; k < data->count; k++)
        counts[data->label[k]]++;
    assert_p(test_chi2_uniform(counts, data->outputs));
}

static fl_data_spec small(const char *source, fl_rng *rng) {
    fl_data_spec spec = fl_data_defaults(source);
    spec.features = 1 + fl_rng_below(rng, 150);
    spec.train = 1 + fl_rng_below(rng, 200);
    spec.test = 1 + fl_rng_below(rng, 200);
    spec.length = 2 + fl_rng_below(rng, 12);
    spec.seed = fl_rng_bits(rng);
    spec.threads = test_threads(rng);
    return spec;
}

/* Of every source: the same for any number of threads, a larger set begins with the smaller one,
 * another seed gives another set, and training and test sets differ. */
static void sets_are_functions_of_their_seed(void **state) {
    (void)state;
    fl_rng rng = test_stream("dataset-seed");
    for (const char *const *name = fl_data_names; *name; name++) {
        fl_data_spec spec = small(*name, &rng), larger;
        spec.features = spec.features < 40 ? 40 : spec.features;
        bool sequences = strcmp(*name, "sequences") == 0;
        spec.classes = sequences ? spec.features : spec.classes;
        larger = spec;
        sets a = load(spec), b;
        assert_well_formed(&a.train);
        assert_well_formed(&a.test);
        larger.test += 50;
        bool cues = sequences || strcmp(*name, "associations") == 0;
        larger.train += cues ? 0 : 50; /* test cues: of these pairs */
        larger.threads = test_threads(&rng);
        b = load(larger);
        assert_begins(&b.train, &a.train);
        assert_begins(&b.test, &a.test);
        assert_memory_not_equal(a.train.x, a.test.x, 40 * sizeof(float));
        clear(&b);
        spec.seed++;
        b = load(spec);
        assert_memory_not_equal(a.train.x, b.train.x, 40 * sizeof(float));
        clear(&b);
        clear(&a);
    }
}

static fl_images random_images(fl_rng *rng, size_t count, size_t rows, size_t columns) {
    fl_images images;
    assert_ok(fl_images_new(&images, count, rows, columns));
    for (size_t e = 0; e < count * rows * columns; e++)
        images.pixels[e] = (uint8_t)fl_rng_below(rng, fl_rng_below(rng, 3) ? 2 : 256);
    for (size_t k = 0; k < count; k++)
        images.labels[k] = (uint8_t)fl_rng_below(rng, 7);
    return images;
}

/* sum_p (pixel_p / 255) G_pj from its definition, in long double and from the last pixel on. */
static long double plain_sum(const fl_images *images, size_t k, size_t j, uint64_t seed) {
    size_t pixels = images->rows * images->columns;
    long double sum = 0;
    for (size_t p = pixels; p-- > 0;) {
        fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_DATA, FL_DATA_PROJECTION, j / 64);
        double g = 0;
        fl_rng_sub(&rng, p);
        for (size_t draw = 0; draw <= j % 64; draw++)
            g = fl_rng_gauss(&rng);
        sum += (long double)images->pixels[k * pixels + p] / 255 * g;
    }
    return sum;
}

static void projection_is_the_sign_of_a_plain_sum(void **state) {
    (void)state;
    fl_rng rng = test_stream("dataset-projection");
    for (int round = 0; round < (test_fast() ? 4 : 12); round++) {
        fl_dataset data, wider;
        size_t count = 1 + fl_rng_below(&rng, 5), d = 1 + fl_rng_below(&rng, 140);
        uint64_t seed = fl_rng_bits(&rng);
        fl_images images =
            random_images(&rng, count, 1 + fl_rng_below(&rng, 8), 1 + fl_rng_below(&rng, 8));
        assert_ok(fl_images_features(&data, &images, count, d, 7, 0, seed, test_threads(&rng)));
        assert_ok(
            fl_images_features(&wider, &images, count, d + 70, 7, 0, seed, test_threads(&rng)));
        assert_well_formed(&data);
        for (size_t k = 0; k < count; k++) {
            assert_int_equal(data.label[k], images.labels[k]);
            assert_memory_equal(data.x + k * d, wider.x + k * (d + 70), d * sizeof(float));
            for (size_t j = 0; j < d; j++) {
                long double sum = plain_sum(&images, k, j, seed);
                if (fabsl(sum) > 1e-12L || sum == 0)
                    assert_true(data.x[k * d + j] == (sum >= 0 ? 1 : -1));
            }
        }
        fl_dataset_clear(&data);
        fl_dataset_clear(&wider);
        fl_images_clear(&images);
    }
}

/* Two images at angle a have different signs with probability a / pi. */
static void projection_keeps_angles(void **state) {
    (void)state;
    fl_rng rng = test_stream("dataset-angle");
    fl_images images = random_images(&rng, 2, 6, 6);
    fl_dataset data;
    size_t d = test_fast() ? 2000 : 20000;
    double dot[3] = {0}, differ = 0;
    memcpy(images.pixels + 36, images.pixels, 20);
    for (size_t p = 0; p < 36; p++) {
        double a = images.pixels[p], b = images.pixels[36 + p];
        dot[0] += a * a;
        dot[1] += a * b;
        dot[2] += b * b;
    }
    assert_ok(fl_images_features(&data, &images, 2, d, 7, 0, fl_rng_bits(&rng), 2));
    for (size_t j = 0; j < d; j++)
        differ += data.x[j] != data.x[d + j];
    double p = acos(dot[1] / sqrt(dot[0] * dot[2])) / M_PI;
    assert_true(p > 0.02 && p < 0.5);
    assert_z(differ, p * (double)d, sqrt((double)d * p * (1 - p)));
    fl_dataset_clear(&data);
    fl_images_clear(&images);
}

static void raw_pixels_and_black_images(void **state) {
    (void)state;
    fl_rng rng = test_stream("dataset-raw");
    fl_images images = random_images(&rng, 3, 5, 4);
    fl_dataset data;
    memset(images.pixels, 0, 20);
    assert_ok(fl_images_features(&data, &images, 3, 0, 7, 1, 1, 1));
    assert_int_equal(data.features, 20);
    for (size_t e = 0; e < 60; e++)
        assert_true(fabs(data.x[e] - (2 * images.pixels[e] / 255.0 - 1)) < 1e-7);
    fl_dataset_clear(&data);
    assert_ok(fl_images_features(&data, &images, 3, 100, 7, 0, 1, 1));
    for (size_t j = 0; j < 100; j++)
        assert_true(data.x[j] == 1); /* sign(0) = +1 */
    fl_dataset_clear(&data);
    assert_status(FL_EINVAL, fl_images_features(&data, &images, 4, 100, 7, 0, 1, 1));
    assert_status(FL_EINVAL, fl_images_features(&data, &images, 3, 100, 7, 1, 1, 1));
    assert_status(FL_EINVAL, fl_images_features(&data, &images, 3, 0, 7, 0, 1, 1));
    images.labels[2] = 7;
    assert_status(FL_EINVAL, fl_images_features(&data, &images, 3, 100, 7, 0, 1, 1));
    fl_images_clear(&images);
}

/* Without flips an example is its pattern; with them bits differ independently. */
static void prototypes_with_flipped_bits(void **state) {
    (void)state;
    fl_rng rng = test_stream("dataset-prototypes");
    fl_data_spec spec = fl_data_defaults("prototypes");
    spec.seed = fl_rng_bits(&rng);
    spec.features = 300;
    spec.train = test_fast() ? 500 : 4000;
    spec.test = 200;
    spec.flip = 0;
    sets clean = load(spec);
    float *pattern[10] = {0};
    for (size_t k = 0; k < spec.train; k++) {
        float *x = clean.train.x + k * 300, **p = &pattern[clean.train.label[k]];
        *p = *p ? *p : x;
        assert_memory_equal(x, *p, 300 * sizeof *x);
    }
    double up = 0;
    for (int c = 0; c < 10; c++)
        for (size_t j = 0; j < 300; j++)
            up += pattern[c][j] > 0;
    assert_z(up, 1500, sqrt(750));
    spec.flip = 0.2;
    sets noisy = load(spec);
    assert_classes_uniform(&noisy.train);
    /* sum and sum of squares of the distances to the own pattern: binomial */
    double n = (double)spec.train, v = 300 * 0.2 * 0.8, sum = 0, square = 0;
    for (size_t k = 0; k < spec.train; k++) {
        double distance = 0;
        for (size_t j = 0; j < 300; j++)
            distance += noisy.train.x[k * 300 + j] != pattern[noisy.train.label[k]][j];
        sum += distance - 60;
        square += (distance - 60) * (distance - 60);
    }
    double fourth = v * (1 + (3 * 300 - 6) * 0.2 * 0.8); /* central moment of a binomial */
    assert_z(sum, 0, sqrt(n * v));
    assert_z(square, n * v, sqrt(n * (fourth - v * v)));
    clear(&clean);
    clear(&noisy);
}

/* One row of map `which`. */
static void map_row(double *row, size_t columns, uint64_t seed, uint64_t which, size_t r) {
    fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_DATA, FL_DATA_PATTERNS, which);
    fl_rng_sub(&rng, r);
    for (size_t c = 0; c < columns; c++)
        row[c] = fl_rng_gauss(&rng);
}

/* Features and classes from the latent numbers, written down once more, output by output. */
static void manifold_from_its_definition(void **state) {
    (void)state;
    fl_rng rng = test_stream("dataset-manifold");
    for (int round = 0; round < 5; round++) {
        fl_data_spec spec = small("manifold", &rng);
        spec.latent = 1 + fl_rng_below(&rng, 12);
        spec.classes = 2 + fl_rng_below(&rng, 8);
        sets s = load(spec);
        size_t n = spec.latent, k = fl_rng_below(&rng, spec.test);
        double z[12], h[48], row[48], best = -INFINITY;
        fl_rng latent = fl_rng_stream(spec.seed, FL_PURPOSE_DATA, FL_DATA_EXAMPLES, 1);
        fl_rng_sub(&latent, k);
        for (size_t a = 0; a < n; a++)
            z[a] = fl_rng_gauss(&latent);
        for (size_t b = 0; b < 4 * n; b++) {
            h[b] = 0;
            map_row(row, n, spec.seed, 1, b);
            for (size_t a = n; a-- > 0;)
                h[b] += row[a] * z[a];
            h[b] = fmax(h[b], 0);
        }
        for (size_t j = 0; j < spec.features; j++) {
            double v = 0;
            map_row(row, 4 * n, spec.seed, 2, j);
            for (size_t b = 4 * n; b-- > 0;)
                v += row[b] * h[b];
            assert_true(v == 0 || fabs(v) > 1e-12);
            assert_true(s.test.x[k * spec.features + j] == (v >= 0 ? 1 : -1));
        }
        size_t label = 0;
        for (size_t c = 0; c < spec.classes; c++) {
            double y = 0;
            map_row(row, n, spec.seed, 3, c);
            for (size_t a = 0; a < n; a++)
                y += row[a] * z[a];
            label = y > best ? c : label;
            best = fmax(y, best);
        }
        assert_int_equal(s.test.label[k], label);
        clear(&s);
    }
}

/* The parity of two projections: probability of each class by the angle between them, labels from
 * the definition, and no single feature that tells anything. */
static void parity_of_two_projections(void **state) {
    (void)state;
    fl_rng rng = test_stream("dataset-parity");
    fl_data_spec spec = fl_data_defaults("parity");
    spec.seed = fl_rng_bits(&rng);
    spec.features = 400;
    spec.train = test_fast() ? 1000 : 5000;
    spec.test = 10;
    sets s = load(spec);
    double a[400], b[400], dot[3] = {0}, odd = 0, n = (double)spec.train;
    map_row(a, 400, spec.seed, 4, 0);
    map_row(b, 400, spec.seed, 4, 1);
    for (size_t j = 0; j < 400; j++) {
        dot[0] += a[j] * a[j];
        dot[1] += a[j] * b[j];
        dot[2] += b[j] * b[j];
    }
    for (size_t k = 0; k < spec.train; k++) {
        double u = 0, v = 0;
        for (size_t j = 400; j-- > 0;) {
            u += a[j] * s.train.x[k * 400 + j];
            v += b[j] * s.train.x[k * 400 + j];
        }
        assert_int_equal(s.train.label[k], (u < 0) != (v < 0));
        odd += s.train.label[k];
    }
    double p = acos(dot[1] / sqrt(dot[0] * dot[2])) / M_PI;
    assert_z(odd, n * p, sqrt(n * p * (1 - p)));
    /* by x -> -x, E[x_j | class] = 0 exactly */
    double most = 0;
    for (size_t j = 0; j < 400; j++) {
        double sum = 0;
        for (size_t k = 0; k < spec.train; k++)
            sum += s.train.x[k * 400 + j] * s.train.z[2 * k];
        most = fmax(most, fabs(sum) / sqrt(n));
    }
    assert_p(400 * erfc(most / M_SQRT2));
    clear(&s);
}

static void associations_and_their_cues(void **state) {
    (void)state;
    fl_rng rng = test_stream("dataset-associations");
    fl_data_spec spec = fl_data_defaults("associations");
    spec.seed = fl_rng_bits(&rng);
    spec.classes = 50;
    spec.train = 100;
    spec.test = 250; /* each pair twice or three times */
    spec.flip = 0.1;
    sets s = load(spec);
    double flipped = 0, up = 0, target = 0;
    assert_true(!s.train.label && !s.test.label);
    for (size_t k = 0; k < 250; k++) {
        assert_memory_equal(s.test.z + k * 50, s.train.z + k % 100 * 50, 50);
        for (size_t j = 0; j < 200; j++)
            flipped += s.test.x[k * 200 + j] != s.train.x[k % 100 * 200 + j];
    }
    for (size_t e = 0; e < 100 * 200; e++)
        up += s.train.x[e] > 0;
    for (size_t e = 0; e < 100 * 50; e++)
        target += s.train.z[e] > 0;
    assert_z(flipped, 5000, sqrt(50000 * .1 * .9));
    assert_z(up, 10000, sqrt(20000 / 4.0));
    assert_z(target, 2500, sqrt(5000 / 4.0));
    clear(&s);
}

/* Each pattern but the first of a sequence is the target of the one before; all are random, and no
 * two of other sequences are alike; cues are the patterns with flipped bits. */
static void sequences_and_their_cues(void **state) {
    (void)state;
    fl_rng rng = test_stream("dataset-sequences");
    fl_data_spec spec = fl_data_defaults("sequences");
    assert_true(spec.features == 200 && spec.classes == 200 && spec.length == 10);
    spec.seed = fl_rng_bits(&rng);
    spec.length = 2 + fl_rng_below(&rng, 9);
    size_t steps = spec.length - 1;
    spec.train = spec.test = 10 * steps;
    sets s = load(spec);
    double flipped = 0, up = 0, sum = 0, n = (double)spec.train * 200;
    for (size_t k = 0; k < spec.train; k++)
        for (size_t j = 0; j < 200; j++) {
            size_t e = k * 200 + j;
            if (k % steps > 0)
                assert_true(s.train.x[e] == s.train.z[e - 200]);
            else if (k > 0)
                sum += s.train.x[e] * s.train.z[e - 200];
            assert_int_equal(s.test.z[e], s.train.z[e]);
            flipped += s.test.x[e] != s.train.x[e];
            up += s.train.z[e] > 0;
        }
    assert_z(flipped, n * .1, sqrt(n * .1 * .9));
    assert_z(up, n / 2, sqrt(n / 4));
    assert_z(sum, 0, sqrt(9 * 200.));
    clear(&s);
}

/* Of classes asked for, the examples that a whole set has, in their order. */
static void some_classes_only(void **state) {
    (void)state;
    static const struct {
        const char *only;
        unsigned wanted; /* a bit a class */
    } lists[] = {{"3", 1 << 3}, {"0,4", 1 << 0 | 1 << 4}, {"1:3,0,2:2", 15}, {"4:4", 1 << 4}};
    fl_rng rng = test_stream("dataset-only");
    for (size_t list = 0; list < sizeof lists / sizeof *lists; list++) {
        fl_data_spec spec = fl_data_defaults(list % 2 ? "digits" : "prototypes");
        fl_dataset some[2];
        spec.classes = 5;
        spec.train = spec.test = 80;
        spec.seed = fl_rng_bits(&rng);
        sets all = load(spec);
        spec.only = lists[list].only;
        assert_ok(fl_data_load(&spec, &some[0], &some[1]));
        for (int part = 0; part < 2; part++) {
            const fl_dataset *whole = part ? &all.test : &all.train;
            size_t at = 0;
            assert_int_equal(some[part].outputs, 5);
            assert_well_formed(&some[part]);
            for (size_t k = 0; k < 80; k++) {
                if (!(lists[list].wanted >> whole->label[k] & 1))
                    continue;
                assert_true(at < some[part].count && some[part].label[at] == whole->label[k]);
                assert_memory_equal(some[part].x + 200 * at, whole->x + 200 * k,
                                    200 * sizeof *whole->x);
                at++;
            }
            assert_int_equal(at, some[part].count);
            fl_dataset_clear(&some[part]);
        }
        clear(&all);
    }
}

/* Damage changes what it should, as often as it should, and nothing for probability 0. */
static void damaged_features(void **state) {
    (void)state;
    fl_rng rng = test_stream("dataset-damage");
    fl_data_spec spec = fl_data_defaults("prototypes");
    spec.train = 300;
    spec.test = 1;
    sets s = load(spec), t = load(spec);
    size_t entries = 300 * 200;
    assert_ok(fl_dataset_damage(&t.train, 0, 0, 3, 4));
    assert_begins(&t.train, &s.train);
    assert_ok(fl_dataset_damage(&t.train, 0.1, 0.2, fl_rng_bits(&rng), 4));
    double flipped = 0, erased = 0, n = (double)entries;
    for (size_t e = 0; e < entries; e++) {
        flipped += t.train.x[e] == -s.train.x[e];
        erased += t.train.x[e] == 0;
    }
    assert_z(erased, .2 * n, sqrt(n * .2 * .8));
    assert_z(flipped, .08 * n, sqrt(n * .08 * .92));
    assert_status(FL_EINVAL, fl_dataset_damage(&t.train, 1.5, 0, 1, 1));
    assert_status(FL_EINVAL, fl_dataset_damage(&t.train, 0, NAN, 1, 1));
    clear(&s);
    clear(&t);
}

/* Euclidean distance between two images. */
static double distance(const uint8_t *image, const double *mean) {
    double sum = 0;
    for (size_t p = 0; p < 784; p++)
        sum += (image[p] - mean[p]) * (image[p] - mean[p]);
    return sum;
}

/* Drawn digits are digits: the nearest class mean of others tells most of them and not all; ink is
 * that of a pen, within the frame. */
static void drawn_digits(void **state) {
    (void)state;
    fl_rng rng = test_stream("dataset-digits");
    size_t count = test_fast() ? 1000 : 4000, right = 0, dark = 0, frame = 0;
    fl_images train, test;
    uint64_t seed = fl_rng_bits(&rng), classes[10] = {0};
    assert_ok(fl_digits_draw(&train, count, 10, seed, 0, test_threads(&rng)));
    assert_ok(fl_digits_draw(&test, count, 10, seed, 1, test_threads(&rng)));
    double(*mean)[784] = calloc(10, sizeof *mean);
    for (size_t k = 0; k < count; k++) {
        classes[train.labels[k]]++;
        for (size_t p = 0; p < 784; p++)
            mean[train.labels[k]][p] += train.pixels[k * 784 + p];
    }
    assert_p(test_chi2_uniform(classes, 10));
    for (size_t e = 0; e < 7840; e++)
        mean[e / 784][e % 784] /= (double)classes[e / 784];
    for (size_t k = 0; k < count; k++) {
        const uint8_t *image = test.pixels + k * 784;
        size_t nearest = 0;
        for (size_t c = 1; c < 10; c++)
            if (distance(image, mean[c]) < distance(image, mean[nearest]))
                nearest = c;
        right += nearest == test.labels[k];
        for (size_t p = 0; p < 784; p++) {
            dark += image[p] > 127;
            frame += image[p] > 127 && (p < 28 || p >= 756);
        }
    }
    double share = (double)right / (double)count, ink = (double)dark / (double)(784 * count);
    if (share < 0.6 || share > 0.95 || ink < 0.05 || ink > 0.2 || frame > dark / 100)
        fail_msg("nearest mean: %g; dark: %g, in the frame %zu", share, ink, frame);
    free(mean);
    fl_images_clear(&train);
    fl_images_clear(&test);
}

/* Row k of the data is image order[k], and no other row is. */
static void assert_picked(const fl_dataset *data, const fl_images *images, uint64_t seed,
                          int part) {
    fl_dataset all;
    uint32_t order[64];
    bool taken[64] = {false};
    size_t d = data->features;
    fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_DATA, FL_DATA_ORDER, (uint64_t)part);
    fl_rng_permutation(&rng, images->count, order);
    assert_ok(fl_images_features(&all, images, images->count, d, 10, 0, seed, 1));
    for (size_t k = 0; k < data->count; k++) {
        assert_false(taken[order[k]]);
        taken[order[k]] = true;
        assert_memory_equal(data->x + k * d, all.x + order[k] * d, d * sizeof(float));
        assert_int_equal(data->label[k], all.label[order[k]]);
    }
    fl_dataset_clear(&all);
}

static void folders_as_data(void **state) {
    (void)state;
    fl_rng rng = test_stream("dataset-folder");
    fl_images train = random_images(&rng, 30, 4, 5), test = random_images(&rng, 20, 4, 5);
    test_empty_scratch(state);
    assert_ok(fl_images_write(&train, test_path("train-images-idx3-ubyte"),
                              test_path("train-labels-idx1-ubyte"), 0));
    assert_ok(fl_images_write(&test, test_path("t10k-images-idx3-ubyte"),
                              test_path("t10k-labels-idx1-ubyte"), 0));
    fl_data_spec spec = small(test_path("."), &rng);
    spec.train = 25;
    spec.test = 20;
    sets s = load(spec);
    assert_picked(&s.train, &train, spec.seed, 0);
    assert_picked(&s.test, &test, spec.seed, 1);
    clear(&s);
    spec.train = 31;
    assert_status(FL_EINVAL, fl_data_load(&spec, &s.train, &s.test));
    assert_non_null(strstr(fl_message(), "31 training examples are asked, but"));
    assert_non_null(strstr(fl_message(), "holds 30"));
    spec.train = 1;
    spec.test = 21;
    assert_status(FL_EINVAL, fl_data_load(&spec, &s.train, &s.test));
    assert_non_null(strstr(fl_message(), "21 test examples are asked"));
    spec.test = 20;
    spec.classes = 3;
    assert_status(FL_EFORMAT, fl_data_load(&spec, &s.train, &s.test));
    assert_true(!s.train.x && !s.test.x);
    spec.source = test_path("train-labels-idx1-ubyte");
    assert_status(FL_EINVAL, fl_data_load(&spec, &s.train, &s.test));
    assert_non_null(strstr(fl_message(), "a folder with the four IDX files"));
    fl_images_clear(&train);
    fl_images_clear(&test);
}

/* Requests that are refused: one thing changed in the defaults. */
static void refused(const char *source, const char *words, fl_data_spec change) {
    fl_data_spec spec = fl_data_defaults(source);
    fl_dataset train, test;
    spec.features = change.features == 1 ? 0 : change.features ? change.features : spec.features;
    spec.train = change.train == 1 ? 0 : 20;
    spec.test = change.test == 1 ? 0 : 20;
    spec.classes = change.classes ? change.classes : spec.classes;
    spec.flip = change.flip != 0 ? change.flip : spec.flip;
    spec.latent = change.latent == 1 ? 0 : spec.latent;
    spec.raw = change.raw;
    spec.only = change.only;
    spec.length = change.length ? change.length : spec.length;
    assert_status(FL_EINVAL, fl_data_load(&spec, &train, &test));
    if (!strstr(fl_message(), words))
        fail_msg("%s: '%s' does not say '%s'", source, fl_message(), words);
    assert_true(!train.x && !test.x);
}

static void requests_that_are_refused(void **state) {
    (void)state;
    refused("digts", "data 'digts': neither digits", (fl_data_spec){0});
    refused("digits", "0 features", (fl_data_spec){.features = 1});
    refused("digits", "0 training and 20 test", (fl_data_spec){.train = 1});
    refused("manifold", "20 training and 0 test", (fl_data_spec){.test = 1});
    refused("digits", "11 classes: data of digits have 2 to 10", (fl_data_spec){.classes = 11});
    refused("parity", "10 classes: data of parity have 2", (fl_data_spec){.classes = 10});
    refused("prototypes", "70000 classes", (fl_data_spec){.classes = 70000});
    refused("associations", "70000 output bits", (fl_data_spec){.classes = 70000});
    refused("prototypes", "flip probability 0.6", (fl_data_spec){.flip = 0.6});
    refused("prototypes", "flip probability nan", (fl_data_spec){.flip = NAN});
    refused("manifold", "latent dimension 0", (fl_data_spec){.latent = 1});
    refused("parity", "no images", (fl_data_spec){.raw = 1});
    refused("digits", "raw features are asked of images of 28 x 28 = 784",
            (fl_data_spec){.raw = 1, .features = 200});
    refused("sequences", "sequences of length 1", (fl_data_spec){.length = 1});
    refused("sequences", "of sequences as many", (fl_data_spec){.classes = 7});
    static const char *const lists[] = {"", "10", "1,", ",1", "1;2", "3:1", "-1", "1:", "a", "1 2"};
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        refused("digits", "allowed: numbers of classes, 0 to 9", (fl_data_spec){.only = lists[k]});
    refused("associations", "have no classes", (fl_data_spec){.only = "0"});
    fl_dataset none;
    assert_status(FL_EINVAL, fl_dataset_new(&none, 0, 1, 1, 1));
    assert_status(FL_EINVAL, fl_dataset_new(&none, 1, 1, 65536, 1));
    assert_status(FL_EINVAL, fl_dataset_new(&none, SIZE_MAX / 4, 8, 1, 1));
}

/* The true MNIST, where it is: its known counts a class and its known grey. */
static void mnist(void **state) {
    (void)state;
    static const uint64_t known[2][10] = {
        {5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949},
        {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}};
    const char *folder = getenv("FIXLAND_MNIST");
    fl_images part[2];
    folder = folder ? folder : "../shared/data/mnist";
    if (access(folder, F_OK) != 0) {
        print_message("MNIST is neither in $FIXLAND_MNIST nor in ../shared/data/mnist: skipped\n");
        skip();
    }
    assert_ok(fl_images_read_folder(&part[0], &part[1], folder, 10));
    for (int p = 0; p < 2; p++) {
        uint64_t count[10] = {0};
        for (size_t k = 0; k < part[p].count; k++)
            count[part[p].labels[k]]++;
        assert_memory_equal(count, known[p], sizeof count);
        assert_true(part[p].rows == 28 && part[p].columns == 28);
    }
    double sum = 0, square = 0, n = 60000.0 * 784;
    for (size_t e = 0; e < 60000 * 784; e++) {
        sum += part[0].pixels[e] / 255.0;
        square += part[0].pixels[e] / 255.0 * part[0].pixels[e] / 255.0;
    }
    assert_true(fabs(sum / n - 0.1307) < 5e-5);
    assert_true(fabs(sqrt(square / n - sum * sum / n / n) - 0.3081) < 5e-5);
    fl_images_clear(&part[0]);
    fl_images_clear(&part[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_are_functions_of_their_seed),
        cmocka_unit_test(projection_is_the_sign_of_a_plain_sum),
        cmocka_unit_test(projection_keeps_angles),
        cmocka_unit_test(raw_pixels_and_black_images),
        cmocka_unit_test(prototypes_with_flipped_bits),
        cmocka_unit_test(manifold_from_its_definition),
        cmocka_unit_test(parity_of_two_projections),
        cmocka_unit_test(associations_and_their_cues),
        cmocka_unit_test(sequences_and_their_cues),
        cmocka_unit_test(some_classes_only),
        cmocka_unit_test(damaged_features),
        cmocka_unit_test(drawn_digits),
        cmocka_unit_test(folders_as_data),
        cmocka_unit_test(requests_that_are_refused),
        cmocka_unit_test(mnist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
