/* See legendre.h. */
#include "src/core/legendre.h"

#include <gsl/gsl_integration.h>
#include <math.h>

void legendre_rule(size_t points, double *x, double *w) {
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(points);
    for (size_t k = 0; k < points; k++) {
        x[k] = w[k] = NAN; /* out of memory: nothing is known */
        if (table)
            gsl_integration_glfixed_point(0, 1, k, &x[k], &w[k], table);
    }
    if (table)
        gsl_integration_glfixed_table_free(table);
}
