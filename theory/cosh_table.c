/* The integral over u as a function of b, for terms that need it at very many b.
 *
 * Its scale is 1/m around b = 0, where x > 0 and x < 0 compete, and grows with b; in s = asinh(m b)
 * one scale fits all, and Chebyshev polynomials on panels of s interpolate. Even and odd parts make
 * b >= 0 enough. Beyond `limit` one sign of x has all the weight, and u is normal with mean
 * m sqrt(qh): ln Int - m b = m^2 qh/2 - m ln 2 up to e^-40. */
#include "theory/replica.h"

#include <math.h>
#include <stdlib.h>

enum { DEGREE = 14, NODES = DEGREE + 1, FUNCTIONS = 4 };

static double node(int k) {
    return cos(M_PI * (k + 0.5) / NODES);
}

/* Chebyshev coefficients of the four functions on one panel of s. */
static void fit_panel(const fl_cosh_grid *grid, double low, double width, double *coefficients) {
    double values[FUNCTIONS][NODES];
    for (int k = 0; k < NODES; k++) {
        double b = sinh(low + 0.5 * width * (1 + node(k))) / grid->m;
        fl_cosh u;
        fl_cosh_moments(grid, b, &u);
        values[0][k] = u.log_norm;
        values[1][k] = u.t[1];
        values[2][k] = u.t[2];
        values[3][k] = u.l[0];
    }
    for (int f = 0; f < FUNCTIONS; f++)
        for (int i = 0; i < NODES; i++) {
            double sum = 0;
            for (int k = 0; k < NODES; k++)
                sum += values[f][k] * cos(M_PI * i * (k + 0.5) / NODES);
            coefficients[i * FUNCTIONS + f] = (i ? 2.0 : 1.0) / NODES * sum;
        }
}

fl_status fl_cosh_table_init(fl_cosh_table *table, const fl_cosh_grid *grid, double qh) {
    double limit = 24 + 10 * sqrt(qh), span = asinh(grid->m * limit);
    int panels = (int)ceil(span / 0.5);
    double width = span / panels;
    double *memory = malloc((size_t)panels * NODES * FUNCTIONS * sizeof *memory);
    if (!memory)
        return fl_fail(FL_ENOMEM, "no memory for %d panels", panels);
    *table = (fl_cosh_table){grid->m, qh, limit, width, memory};
    for (int p = 0; p < panels; p++)
        fit_panel(grid, p * width, width, memory + (size_t)p * NODES * FUNCTIONS);
    return FL_OK;
}

void fl_cosh_table_clear(fl_cosh_table *table) {
    free(table->coefficients);
    table->coefficients = NULL;
}

fl_cosh_short fl_cosh_lookup(const fl_cosh_table *table, double b) {
    double size = fabs(b), m = table->m;
    if (size >= table->limit)
        return (fl_cosh_short){0.5 * m * m * table->qh - m * M_LN2, copysign(1, b), 1,
                               m * table->qh - M_LN2};
    double s = asinh(m * size) / table->width, panel = floor(s), x = 2 * (s - panel) - 1;
    const double *c = table->coefficients + (size_t)panel * NODES * FUNCTIONS;
    double now[FUNCTIONS] = {0}, before[FUNCTIONS] = {0};
    for (int i = DEGREE; i > 0; i--) /* Clenshaw */
        for (int f = 0; f < FUNCTIONS; f++) {
            double next = 2 * x * now[f] - before[f] + c[i * FUNCTIONS + f];
            before[f] = now[f];
            now[f] = next;
        }
    for (int f = 0; f < FUNCTIONS; f++)
        now[f] = x * now[f] - before[f] + c[f];
    return (fl_cosh_short){now[0], copysign(1, b) * now[1], now[2], now[3]};
}
