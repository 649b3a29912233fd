/* Between F of several levels (levels.c), searches for its minima (levels_search.c) and thresholds
 * (levels_threshold.c). Private to theory/. */
#ifndef FIXLAND_THEORY_LEVELS_SEARCH_H
#define FIXLAND_THEORY_LEVELS_SEARCH_H

#include <stdbool.h>

#include "theory/ultrametric.h"

/* FL_EINVAL, with the sentence, where a hierarchy does not grow towards its leaves. */
fl_status fl_levels_check(const fl_tuples_model *model, const fl_hierarchy *at);

/* F on one grid; `error` is that of rounding. The arguments have been checked. */
fl_status fl_levels_on_grid(const fl_tuples_model *model, const fl_hierarchy *at, int fineness,
                            fl_levels *f);

/* The same on finer and finer grids, until F no longer moves. */
fl_status fl_levels_refined(const fl_tuples_model *model, const fl_hierarchy *at, fl_levels *f);

enum { FL_SEARCH_MAX = 1 + 3 * FL_LEVELS_MAX };

/* A plane across a curve of solutions: sum over k of normal[k] (p[k] - centre[k]) = 0. */
typedef struct fl_section {
    double centre[FL_SEARCH_MAX], normal[FL_SEARCH_MAX];
} fl_section;

/* A search over some of the variables: x_l/x_{l+1} - 1 and the increment of h_l by their
 * logarithms, (1 - q_l)/(1 - q_{l-1}) by a logistic. An x that is not free must lie deeper or
 * higher than all that are, and so for q, whose free ones are the deepest. */
typedef struct fl_search {
    fl_tuples_model model;
    fl_hierarchy at;
    bool free_control, free_x[FL_LEVELS_MAX], free_q[FL_LEVELS_MAX];
    bool free_distance; /* ln(1 - q_0), at fixed ratios of the private parts; not with free_q[0] */
    const fl_section *section; /* with free_distance, everything else free and a fixed control
                                * parameter: takes the place of the derivative by the distance */
    int fineness, closed;      /* how often a level was found shut, see fl_search_closed */
} fl_search;

/* The variables that are free, in the order of control, ln(1 - q_0), and level by level x, q, h; how
 * many. And back. */
size_t fl_search_encode(const fl_search *search, double *p);
void fl_search_decode(fl_search *search, const double *p);

/* The gradient of F/m there, without the control parameter. */
fl_status fl_search_gradient(fl_search *search, const double *p, double *gradient);

/* Whether the search has run for long where two levels have nearly become one: the best tuple then has a
 * level less, at the edge of what is searched, and there is no minimum to be found. */
bool fl_search_closed(const fl_search *search);

/* Down to the minimum of F/m at fixed control parameter, until no derivative exceeds `tolerance`.
 */
fl_status fl_search_descend(fl_search *search, double tolerance);

/* From nearby to where the derivatives of F/m vanish, and F too when the control parameter is free;
 * *last is then its last step. */
fl_status fl_search_polish(fl_search *search, double *last);

#endif
