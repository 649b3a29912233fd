/* Drawn digits: see fl_digits_draw in dataset.h.
 *
 * A shape (digit_shapes.h) is bent by jitter of its points, mapped into the image by a random
 * affine map, made smooth (Catmull-Rom: each piece of the curve is the cubic through two points
 * with slopes half the distance of their neighbours), cut into straight segments, and inked: a
 * pixel is as dark as a pen of width w covers it, clamp_digits(w / 2 + 1/2 - distance). Arithmetic is +,
 * -, *, / and sqrt, which round alike everywhere. Lengths are in pixels. */
#include <math.h>
#include <string.h>

#include "mc/data/data.h"
#include "mc/data/digit_shapes.h"

enum { SIDE = 28, PIECES = 8 }; /* segments a piece of curve */

/* How much hands differ: standard deviations, or half widths of uniform distributions (+-). */
static const double jitter = 0.05;       /* of control points, in units of the height; Gaussian */
static const double height = 19.5;       /* mean, in pixels; */
static const double height_spread = 2;   /* +- */
static const double aspect_spread = .25; /* width, relative, +- */
static const double turn = 0.15;         /* tangent of half the angle, Gaussian .. */
static const double slant = 0.25;        /* shear, Gaussian; mean to the right: */
static const double slant_mean = 0.12;
static const double shift = 1.4;     /* +- */
static const double thin = 1.7;      /* width of the pen, from .. */
static const double thick = 4.4;     /* .. to */
static const double ink_spread = .2; /* of a pixel's darkness, relative, - */
static const double speck = 0.004;   /* probability of a speck in a pixel */

/* The affine map from the box of a shape to the image. */
typedef struct hand {
    double xx, xy, yx, yy, x0, y0, pen;
} hand;

static double spread_digits(fl_rng *rng, double half) {
    return half * (2 * fl_rng_uniform(rng) - 1);
}

static double clamp_digits(double value, double low, double high) {
    return value < low ? low : value > high ? high : value;
}

/* A Gaussian without its far tails, so that no digit lies on its head. */
static double gauss(fl_rng *rng, double deviation) {
    return deviation * clamp_digits(fl_rng_gauss(rng), -2.5, 2.5);
}

static hand draw_hand(fl_rng *rng, double width) {
    double tall = height + spread_digits(rng, height_spread);
    double wide = tall * width * (1 + spread_digits(rng, aspect_spread));
    double t = gauss(rng, turn / 2), lean = slant_mean + gauss(rng, slant);
    double c = (1 - t * t) / (1 + t * t), s = 2 * t / (1 + t * t);
    hand h = {
        .xx = c * wide, .xy = (-c * lean - s) * tall, .yx = s * wide, .yy = (-s * lean + c) * tall};
    double centre = (SIDE - 1) / 2.0;
    h.x0 = centre - (h.xx + h.xy) / 2 + spread_digits(rng, shift);
    h.y0 = centre - (h.yx + h.yy) / 2 + spread_digits(rng, shift);
    h.pen = thin + (thick - thin) * fl_rng_uniform(rng) * fl_rng_uniform(rng);
    return h;
}

static fl_point place(const hand *h, fl_point p) {
    return (fl_point){h->x0 + h->xx * p.x + h->xy * p.y, h->y0 + h->yx * p.x + h->yy * p.y};
}

static double squared(double a) {
    return a * a;
}

/* Inks the straight line from a to b. */
static void segment(double *ink, fl_point a, fl_point b, double pen) {
    double reach = pen / 2 + 0.5, dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
    int left = (int)clamp_digits(floor(fmin(a.x, b.x) - reach), 0, SIDE);
    int top = (int)clamp_digits(floor(fmin(a.y, b.y) - reach), 0, SIDE);
    int right = (int)clamp_digits(ceil(fmax(a.x, b.x) + reach), -1, SIDE - 1);
    int bottom = (int)clamp_digits(ceil(fmax(a.y, b.y) + reach), -1, SIDE - 1);
    for (int y = top; y <= bottom; y++)
        for (int x = left; x <= right; x++) {
            double along = (x - a.x) * dx + (y - a.y) * dy;
            double t = length > 0 ? clamp_digits(along / length, 0, 1) : 0;
            double away = squared(x - a.x - t * dx) + squared(y - a.y - t * dy);
            double dark = clamp_digits(reach - sqrt(away), 0, 1);
            ink[y * SIDE + x] = fmax(ink[y * SIDE + x], dark);
        }
}

static double cubic(double p, double q, double r, double s, double t) {
    return q + t * ((r - p) / 2 +
                    t * (p - 2.5 * q + 2 * r - s / 2 + t * (1.5 * (q - r) + (s - p) / 2)));
}

static void curve(double *ink, const fl_point *p, size_t count, double pen) {
    fl_point last = p[0];
    for (size_t k = 0; k + 1 < count; k++) {
        const fl_point *before = k ? p + k - 1 : p, *after = k + 2 < count ? p + k + 2 : p + k + 1;
        for (int piece = 1; piece <= PIECES; piece++) {
            double t = (double)piece / PIECES;
            fl_point next = {cubic(before->x, p[k].x, p[k + 1].x, after->x, t),
                             cubic(before->y, p[k].y, p[k + 1].y, after->y, t)};
            segment(ink, last, next, pen);
            last = next;
        }
    }
}

static bool same(fl_point a, fl_point b) {
    return a.x == b.x && a.y == b.y;
}

/* The points of a stroke, jittered and placed; the two of a corner stay together. */
static void stroke(double *ink, const fl_shape *shape, size_t which, const hand *h, fl_rng *rng) {
    const fl_point *given = shape->point[which];
    size_t count = shape->count[which];
    fl_point placed[FL_STROKE_POINTS];
    for (size_t k = 0; k < count; k++) {
        fl_point p = given[k];
        p.x += gauss(rng, jitter) / shape->width;
        p.y += gauss(rng, jitter);
        placed[k] = k && same(given[k], given[k - 1]) ? placed[k - 1] : place(h, p);
    }
    if (count)
        curve(ink, placed, count, h->pen);
}

static void draw_digits(uint8_t *pixel, size_t digit, fl_rng *rng) {
    double ink[SIDE * SIDE] = {0};
    size_t variants;
    const fl_shape *shape = fl_digit_shapes(digit, &variants);
    shape += fl_rng_below(rng, variants);
    hand h = draw_hand(rng, shape->width);
    for (size_t s = 0; s < FL_SHAPE_STROKES; s++)
        stroke(ink, shape, s, &h, rng);
    for (size_t p = 0; p < SIDE * SIDE; p++) {
        double noise = fl_rng_uniform(rng), dark = ink[p] * (1 - ink_spread * noise);
        if (noise < speck) /* then noise / speck is uniform again */
            dark = fmax(dark, noise / speck);
        pixel[p] = (uint8_t)(255 * dark + 0.5);
    }
}

fl_status fl_digits_draw(fl_images *images, size_t count, size_t classes, uint64_t seed,
                         unsigned part, int threads) {
    memset(images, 0, sizeof *images);
    if (classes < 1 || classes > 10)
        return fl_fail(FL_EINVAL, "%zu classes of digits: 1 to 10", classes);
    FL_CHECK(fl_images_new(images, count, SIDE, SIDE));
#pragma omp parallel for num_threads(fl_data_threads(threads))
    for (size_t k = 0; k < count; k++) {
        fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_DATA, FL_DATA_DIGITS, part);
        fl_rng_sub(&rng, k);
        images->labels[k] = (uint8_t)fl_rng_below(&rng, classes);
        draw_digits(images->pixels + k * SIDE * SIDE, images->labels[k], &rng);
    }
    return FL_OK;
}
