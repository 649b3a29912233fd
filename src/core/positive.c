/* See positive.h. Cholesky's method with pivots: where a is not positive definite a pivot tells, and
 * GSL's error handler, which all threads share, is not asked. */
#include "src/core/positive.h"

#include <gsl/gsl_linalg.h>
#include <stdbool.h>

static bool all_positive(const gsl_matrix *factors) {
    for (size_t k = 0; k < factors->size1; k++)
        if (!(gsl_matrix_get(factors, k, k) > 0))
            return false;
    return true;
}

fl_status positive_solve(gsl_matrix *a, gsl_vector *b) {
    gsl_permutation *order = gsl_permutation_alloc(b->size);
    if (!order)
        return fl_fail(FL_ENOMEM, "out of memory for %zu equations", b->size);
    gsl_linalg_pcholesky_decomp(a, order);
    bool definite = all_positive(a);
    if (definite)
        gsl_linalg_pcholesky_svx(a, order, b);
    gsl_permutation_free(order);
    return definite ? FL_OK
                    : fl_fail(FL_EDOMAIN, "a matrix of %zu rows is not positive definite", b->size);
}
