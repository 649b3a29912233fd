/* What one neuron, or one pattern of a perceptron, contributes at the field y that is common to a
 * group, when the private part of each member's field has standard deviation s. Private to theory/.
 */
#ifndef FIXLAND_THEORY_FIELDS_H
#define FIXLAND_THEORY_FIELDS_H

#include "fixland/tuples.h"

/* A neuron: B = sum over c of e^(c w) Phi((J + c y)/s) = e^(c - |b|) cosh(w + b); with t = tanh(w +
 * b) the derivatives of ln B are r = j1 + j0 t by y and j = j0 + j1 t by J, and B''/B by y is
 * -(k0 + k1 t) (theory/README.md, Eq. 9). */
typedef struct fl_field {
    double c, b, j0, j1, k0, k1;
} fl_field;
fl_field fl_field_neuron(double jd, double y, double s);

/* A pattern: ln H, H the probability of its condition, and its first two derivatives by y. */
typedef struct fl_constraint {
    double log_h, r, r_y;
} fl_constraint;
fl_constraint fl_field_pattern(const fl_tuples_model *model, double y, double s);

#endif
