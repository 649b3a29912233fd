/* The shapes of the ten digits: how a hand draws them. */
#ifndef FIXLAND_MC_DIGIT_SHAPES_H
#define FIXLAND_MC_DIGIT_SHAPES_H

#include <stddef.h>

/* A point in the box of the digit, (0, 0) at its upper left, (1, 1) at its lower right. */
typedef struct fl_point {
    double x, y;
} fl_point;

enum { FL_STROKE_POINTS = 12, FL_SHAPE_STROKES = 2 };

/* One or two strokes, each a smooth curve through its points; a point given twice is a corner. */
typedef struct fl_shape {
    double width; /* of the box, in units of its height */
    size_t count[FL_SHAPE_STROKES];
    fl_point point[FL_SHAPE_STROKES][FL_STROKE_POINTS];
} fl_shape;

/* The variants of a digit 0 .. 9, each as likely; their number in *count. */
const fl_shape *fl_digit_shapes(size_t digit, size_t *count);

#endif
