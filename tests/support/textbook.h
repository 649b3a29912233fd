/* The trainer written out plainly: one example after the other, dense sums in double. The second
 * route to mc/learn, for synchronous and asynchronous dynamics without input noise. */
#ifndef FIXLAND_TEST_TEXTBOOK_H
#define FIXLAND_TEST_TEXTBOOK_H

#include "fixland/learn.h"

typedef struct textbook {
    fl_training t;
    size_t features, outputs, arrays;
    uint64_t seed;
    char (*names)[32];
    size_t *rows, *columns;
    double **values; /* as fl_learner_get gives them */
} textbook;

/* The same network as the learner's, for data of so many features and outputs; `seed` is that of
 * the learner. */
textbook textbook_from(const fl_learner *learner, size_t features, size_t outputs, uint64_t seed);
void textbook_free(textbook *b);

/* An epoch over the examples in that order; `k` for the schedule. */
fl_epoch textbook_epoch(textbook *b, const fl_dataset *data, const uint32_t *order, size_t k);

/* Field of neuron i of module m without self-coupling and feedback, for the input x and the states
 * h (modules x hidden); `later`: with what comes from the module after. */
double textbook_field(const textbook *b, const double *x, const double *h, size_t m, size_t i,
                      bool later);

/* Inference of example `row`: its state (modules x hidden) and outputs. */
void textbook_infer(const textbook *b, const float *x, size_t row, double *h, double *out);

/* Largest |difference| between the learner's arrays and the book's, relative to the largest entry.
 */
double textbook_distance(const textbook *b, const fl_learner *learner);

#endif
