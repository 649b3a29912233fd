/* Data sets for learning: examples of +-1 (or real) features with their targets.
 *
 * Everything random is a function of (seed, FL_PURPOSE_DATA, ...): the same data on every machine
 * and for any number of threads. Sources: arXiv 2509.05041, arXiv 2510.11984. */
#ifndef FIXLAND_DATASET_H
#define FIXLAND_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/field.h"
#include "fixland/idx.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* `label` is NULL where a target is not one class of many (hetero-association). */
typedef struct fl_dataset {
    size_t count;    /* examples */
    size_t features; /* D */
    size_t outputs;  /* C: classes, or bits of a target */
    float *x;        /* count x features, row by row */
    int8_t *z;       /* count x outputs, +1/-1; one +1 a row where there are classes */
    uint16_t *label; /* count, 0 .. outputs - 1; or NULL */
} fl_dataset;

/* Allocates the arrays, zeroed (label only if `classes`). FL_EINVAL for a zero size or more than
 * 65535 outputs, FL_ENOMEM. */
fl_status fl_dataset_new(fl_dataset *data, size_t count, size_t features, size_t outputs,
                         bool classes);
void fl_dataset_clear(fl_dataset *data);

/* One request for a training and a test set. The k-th example of a set is a function of (seed, k)
 * and of the parameters, not of `train` and `test`: a larger set begins with the smaller one.
 *
 *   digits        drawn digits (fl_digits_draw), as images
 *   prototypes    one random +-1 pattern a class; an example is one with every bit flipped with
 *                 probability `flip`
 *   manifold      a latent Gaussian z of `latent` numbers; x = sign(V relu(F z)) with Gaussian F
 *                 (4 latent x latent) and V, class = argmax of a Gaussian map of z (arXiv
 *                 1909.11500 with a second layer)
 *   parity        random bits x; `latent` Gaussian projections; class = number of negative ones
 *                 mod 2 (classes = 2): no linear function of x tells it for latent >= 2
 *   associations  `train` pairs of random +-1 patterns, of `features` and `classes` bits, without
 *                 label; test example k is pair k mod train, input bits flipped with `flip`
 *   sequences     random +-1 patterns of as many `features` as `classes`, in sequences of `length`:
 *                 example k is step k mod (length - 1) of sequence k / (length - 1), a pattern and the
 *                 one that follows it, without label; test examples as those of associations
 *   a folder      the four IDX files of fl_images_read_folder, training and test images each in a
 *                 random order, and of these the first `train` and `test`. (Not in the order of the
 *                 files: the first half of MNIST's test images is harder than the second; a linear
 *                 classifier loses .03 on the first 2000.) A folder of one of the names above is
 *                 written ./digits
 *
 * Images become features by fl_images_features. */
typedef struct fl_data_spec {
    const char *source; /* one of the names above */
    size_t features;    /* D; for raw images 0 or their number of pixels */
    size_t train, test; /* examples, each at least 1 */
    size_t classes;     /* C; digits 2 to 10, folder 1 to 256 */
    double flip;        /* 0 to 1/2; prototypes, associations and sequences */
    size_t latent;      /* manifold, parity: at least 1 */
    size_t length;      /* sequences: at least 2 */
    const char *only;   /* NULL, or numbers of classes, "0,1,5:7": of the examples drawn as ever,
                         * those of these classes */
    uint64_t seed;
    int threads; /* 0: all */
    bool raw;    /* images only: pixels themselves, no projection */
} fl_data_spec;

/* The names above, without the folder; NULL at the end. */
extern const char *const fl_data_names[];

/* D = 200, 10 000 / 2 000, C = 10 (parity 2), flip 0.4 (associations and
 * sequences 0.1), length 10, latent 20 (parity 2),
 * seed 1, all threads, not raw. */
fl_data_spec fl_data_defaults(const char *source);

/* The parameters but source, seed and threads as a table (field.h). */
const fl_field *fl_data_fields(size_t *count);

/* CRC-32 of the features and targets of a set, continued from `sum` (0 for the first): what data
 * were. */
unsigned long fl_dataset_crc32(const fl_dataset *data, unsigned long sum);

/* FL_EINVAL for a request outside the ranges above, an unknown source, or more examples than a
 * folder holds; FL_EIO, FL_EFORMAT as fl_images_read_folder; FL_ENOMEM. Nothing is left allocated
 * then. */
fl_status fl_data_load(const fl_data_spec *spec, fl_dataset *train, fl_dataset *test);

/* A list of classes as `only` has it, into wanted[classes], which is false before. FL_EINVAL. */
fl_status fl_data_classes(const char *list, size_t classes, bool *wanted);

/* FL_ENOMEM. */
fl_status fl_dataset_copy(fl_dataset *copy, const fl_dataset *data);

/* Keeps the examples of those classes (wanted[c], for each of the outputs), in their order.
 * FL_EDOMAIN for data without classes, or when none is left (then nothing is changed). */
fl_status fl_dataset_keep(fl_dataset *data, const bool *wanted);

/* The first `count` images as features, with their labels as classes.
 * Entangled (not raw): x_j = sign(sum_p pixel_p G_pj), sign(0) = +1, with G a pixels x features
 * matrix of independent N(0, 1), a function of (seed, FL_PURPOSE_DATA); column j does not depend on
 * the number of features. Sums are in double, in the order of pixels, for every machine.
 * Raw: x = 2 pixel - 1, pixel in [0, 1]; `features` is 0 or the number of pixels.
 * FL_EINVAL for count beyond the images, FL_ENOMEM. */
fl_status fl_images_features(fl_dataset *data, const fl_images *images, size_t count,
                             size_t features, size_t classes, bool raw, uint64_t seed, int threads);

/* Draws `count` handwritten-looking digits 0 .. classes - 1 <= 9, of 28 x 28: strokes through
 * jittered control points, random affine map, stroke width, ink and specks. Image k of `part` (0
 * training, 1 test, others at will) is a function of (seed, part, k). FL_EINVAL for another
 * number of classes than 1 to 10, FL_ENOMEM. */
fl_status fl_digits_draw(fl_images *images, size_t count, size_t classes, uint64_t seed,
                         unsigned part, int threads);

/* Flips the sign of every feature with probability `flip`, or sets it to 0 with probability `erase`
 * (drawn first): damaged inputs. A function of (seed, which). Both in [0, 1], else FL_EINVAL. */
fl_status fl_dataset_damage(fl_dataset *data, double flip, double erase, uint64_t seed,
                            uint64_t which);

#ifdef __cplusplus
}
#endif
#endif
