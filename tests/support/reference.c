/* See reference.h. */
#include "tests/support/reference.h"

#include <math.h>
#include <stdlib.h>

#include "fixland/moments.h"
#include "tests/support/support.h"

void reference_init(mpfr_t x) {
    mpfr_init2(x, REFERENCE_BITS);
}

double reference_error(double value, const mpfr_t exact) {
    if (isnan(value) || mpfr_nan_p(exact))
        return INFINITY;
    if (mpfr_cmp_d(exact, value) == 0)
        return 0;
    mpfr_t ratio;
    reference_init(ratio);
    mpfr_d_div(ratio, value, exact, MPFR_RNDN);
    mpfr_sub_ui(ratio, ratio, 1, MPFR_RNDN);
    double error = fabs(mpfr_get_d(ratio, MPFR_RNDN));
    mpfr_clear(ratio);
    return isnan(error) ? INFINITY : error;
}

/* erfc(-x / sqrt 2) / 2. */
void reference_normal_cdf(mpfr_t result, const mpfr_t x) {
    mpfr_t root;
    reference_init(root);
    mpfr_sqrt_ui(root, 2, MPFR_RNDN);
    mpfr_div(root, x, root, MPFR_RNDN);
    mpfr_neg(root, root, MPFR_RNDN);
    mpfr_erfc(result, root, MPFR_RNDN);
    mpfr_div_2ui(result, result, 1, MPFR_RNDN);
    mpfr_clear(root);
}

void reference_log_normal_cdf(mpfr_t result, const mpfr_t x) {
    mpfr_t value;
    reference_init(value);
    mpfr_neg(value, x, MPFR_RNDN);
    if (mpfr_sgn(x) > 0) {
        reference_normal_cdf(value, value);
        mpfr_neg(value, value, MPFR_RNDN);
        mpfr_log1p(result, value, MPFR_RNDN);
    } else {
        reference_normal_cdf(value, x);
        mpfr_log(result, value, MPFR_RNDN);
    }
    mpfr_clear(value);
}

/* Gauss-Legendre on (-1, 1): roots of P_n by Newton's iteration. */
typedef struct rule {
    int order;
    mpfr_t *node, *weight;
} rule;

/* P_n(x) and P_n'(x), by the three-term recurrence. */
static void legendre(int n, const mpfr_t x, mpfr_t value, mpfr_t slope) {
    mpfr_t before, next;
    reference_init(before);
    reference_init(next);
    mpfr_set_ui(before, 1, MPFR_RNDN);
    mpfr_set(value, x, MPFR_RNDN);
    for (int k = 2; k <= n; k++) {
        mpfr_mul(next, x, value, MPFR_RNDN);
        mpfr_mul_ui(next, next, 2 * (unsigned)k - 1, MPFR_RNDN);
        mpfr_mul_ui(before, before, (unsigned)k - 1, MPFR_RNDN);
        mpfr_sub(next, next, before, MPFR_RNDN);
        mpfr_div_ui(next, next, (unsigned)k, MPFR_RNDN);
        mpfr_swap(before, value);
        mpfr_swap(value, next);
    }
    /* (1 - x^2) P_n' = n (P_{n-1} - x P_n) */
    mpfr_mul(slope, x, value, MPFR_RNDN);
    mpfr_sub(slope, before, slope, MPFR_RNDN);
    mpfr_mul_ui(slope, slope, (unsigned)n, MPFR_RNDN);
    mpfr_sqr(next, x, MPFR_RNDN);
    mpfr_ui_sub(next, 1, next, MPFR_RNDN);
    mpfr_div(slope, slope, next, MPFR_RNDN);
    mpfr_clears(before, next, (mpfr_ptr)0);
}

/* Weight 2 / ((1 - x^2) P_n'(x)^2). */
static void rule_point(rule *r, int i) {
    mpfr_t value, slope;
    reference_init(value);
    reference_init(slope);
    mpfr_set_d(r->node[i], cos(M_PI * (i + 0.75) / (r->order + 0.5)), MPFR_RNDN);
    for (int step = 0; step < 8; step++) {
        legendre(r->order, r->node[i], value, slope);
        mpfr_div(value, value, slope, MPFR_RNDN);
        mpfr_sub(r->node[i], r->node[i], value, MPFR_RNDN);
    }
    legendre(r->order, r->node[i], value, slope);
    mpfr_sqr(value, r->node[i], MPFR_RNDN);
    mpfr_ui_sub(value, 1, value, MPFR_RNDN);
    mpfr_sqr(slope, slope, MPFR_RNDN);
    mpfr_mul(value, value, slope, MPFR_RNDN);
    mpfr_ui_div(r->weight[i], 2, value, MPFR_RNDN);
    mpfr_clears(value, slope, (mpfr_ptr)0);
}

static rule the_rule;

static void rule_clear(void) {
    for (int i = 0; i < the_rule.order; i++)
        mpfr_clears(the_rule.node[i], the_rule.weight[i], (mpfr_ptr)0);
    free(the_rule.node);
    free(the_rule.weight);
    the_rule = (rule){0};
    mpfr_free_cache();
}

void reference_orthant_order(int order) {
    if (!the_rule.order)
        atexit(rule_clear);
    rule_clear();
    the_rule = (rule){order, malloc((size_t)order * sizeof(mpfr_t)),
                      malloc((size_t)order * sizeof(mpfr_t))};
    for (int i = 0; i < order; i++) {
        reference_init(the_rule.node[i]);
        reference_init(the_rule.weight[i]);
        rule_point(&the_rule, i);
    }
}

/* The integrand phi(h + y) Phi(slope y - shift) of P2(-h; r), with shift = h sqrt((1-r)/(1+r)) and
 * slope = r / sqrt(1 - r^2), and its parts. */
typedef struct integrand {
    mpfr_t h, slope, shift, y, a, b;
} integrand;

static void integrand_init(integrand *f, const mpfr_t h, const mpfr_t minus, const mpfr_t plus) {
    mpfr_inits2(REFERENCE_BITS, f->h, f->slope, f->shift, f->y, f->a, f->b, (mpfr_ptr)0);
    mpfr_set(f->h, h, MPFR_RNDN);
    mpfr_div(f->shift, minus, plus, MPFR_RNDN);
    mpfr_sqrt(f->shift, f->shift, MPFR_RNDN);
    mpfr_mul(f->shift, f->shift, h, MPFR_RNDN);
    mpfr_mul(f->a, minus, plus, MPFR_RNDN);
    mpfr_sqrt(f->a, f->a, MPFR_RNDN);
    mpfr_sub(f->b, plus, minus, MPFR_RNDN); /* 2 r */
    mpfr_div_2ui(f->b, f->b, 1, MPFR_RNDN);
    mpfr_div(f->slope, f->b, f->a, MPFR_RNDN);
}

static void integrand_clear(integrand *f) {
    mpfr_clears(f->h, f->slope, f->shift, f->y, f->a, f->b, (mpfr_ptr)0);
}

/* Without the factor 1/sqrt(2 pi); at f->y. */
static void integrand_value(integrand *f, mpfr_t result) {
    mpfr_mul(f->a, f->slope, f->y, MPFR_RNDN);
    mpfr_sub(f->a, f->a, f->shift, MPFR_RNDN);
    reference_normal_cdf(result, f->a);
    mpfr_add(f->b, f->h, f->y, MPFR_RNDN);
    mpfr_sqr(f->b, f->b, MPFR_RNDN);
    mpfr_div_2ui(f->b, f->b, 1, MPFR_RNDN);
    mpfr_neg(f->b, f->b, MPFR_RNDN);
    mpfr_exp(f->b, f->b, MPFR_RNDN);
    mpfr_mul(result, result, f->b, MPFR_RNDN);
}

/* Adds the integral over (from, to). */
static void add_interval(integrand *f, double from, double to, mpfr_t sum, mpfr_t part) {
    mpfr_t value;
    reference_init(value);
    mpfr_set_zero(part, 1);
    for (int i = 0; i < the_rule.order; i++) {
        mpfr_mul_d(f->y, the_rule.node[i], 0.5 * (to - from), MPFR_RNDN);
        mpfr_add_d(f->y, f->y, 0.5 * (to + from), MPFR_RNDN);
        integrand_value(f, value);
        mpfr_mul(value, value, the_rule.weight[i], MPFR_RNDN);
        mpfr_add(part, part, value, MPFR_RNDN);
    }
    mpfr_mul_d(part, part, 0.5 * (to - from), MPFR_RNDN);
    mpfr_add(sum, sum, part, MPFR_RNDN);
    mpfr_clear(value);
}

/* P2(-h; r), h >= 0, -1 < r < 1. The integrand falls monotonically from y = 0, first within a
 * length of about 1 / (1 + h + |slope| (1 + shift)); powers of two keep the intervals exact. */
static void tail_orthant(mpfr_t result, const mpfr_t h, const mpfr_t minus, const mpfr_t plus) {
    if (!the_rule.order)
        reference_orthant_order(20);
    integrand f;
    mpfr_t part;
    reference_init(part);
    integrand_init(&f, h, minus, plus);
    double steep = fabs(mpfr_get_d(f.slope, MPFR_RNDN)) * (1 + mpfr_get_d(f.shift, MPFR_RNDN));
    double from = 0, to = exp2(floor(-log2(1 + mpfr_get_d(h, MPFR_RNDN) + steep)));
    mpfr_set_zero(result, 1);
    do {
        add_interval(&f, from, to, result, part);
        from = to;
        to *= 2;
    } while (mpfr_get_exp(part) > mpfr_get_exp(result) - 100 && from < 64);
    mpfr_const_pi(part, MPFR_RNDN);
    mpfr_mul_2ui(part, part, 1, MPFR_RNDN);
    mpfr_sqrt(part, part, MPFR_RNDN);
    mpfr_div(result, result, part, MPFR_RNDN);
    integrand_clear(&f);
    mpfr_clear(part);
}

/* 1 - P2(h; r) = 2 Phi(-h) - P2(-h; r). */
static void complement(mpfr_t result, const mpfr_t h, const mpfr_t minus, const mpfr_t plus) {
    mpfr_t phi;
    reference_init(phi);
    tail_orthant(result, h, minus, plus);
    mpfr_neg(phi, h, MPFR_RNDN);
    reference_normal_cdf(phi, phi);
    mpfr_mul_2ui(phi, phi, 1, MPFR_RNDN);
    mpfr_sub(result, phi, result, MPFR_RNDN);
    mpfr_clear(phi);
}

/* r = 1: P(X > -k). r = -1: P(-k < X < k). */
static void log_degenerate(mpfr_t result, const mpfr_t k, int r) {
    if (r > 0) {
        reference_log_normal_cdf(result, k);
        return;
    }
    mpfr_t tail;
    reference_init(tail);
    mpfr_neg(tail, k, MPFR_RNDN);
    reference_normal_cdf(tail, tail);
    mpfr_mul_si(tail, tail, -2, MPFR_RNDN);
    if (mpfr_sgn(k) > 0)
        mpfr_log1p(result, tail, MPFR_RNDN);
    else
        mpfr_set_inf(result, -1);
    mpfr_clear(tail);
}

void reference_log_orthant(mpfr_t result, const mpfr_t k, const mpfr_t minus, const mpfr_t plus) {
    if (mpfr_zero_p(minus) || mpfr_zero_p(plus)) {
        log_degenerate(result, k, mpfr_zero_p(minus) ? 1 : -1);
        return;
    }
    mpfr_t value, h;
    reference_init(value);
    reference_init(h);
    mpfr_abs(h, k, MPFR_RNDN);
    if (mpfr_sgn(k) > 0) {
        complement(value, h, minus, plus);
        mpfr_neg(value, value, MPFR_RNDN);
        mpfr_log1p(result, value, MPFR_RNDN);
    } else {
        tail_orthant(value, h, minus, plus);
        mpfr_log(result, value, MPFR_RNDN);
    }
    mpfr_clears(value, h, (mpfr_ptr)0);
}

/* sigma^-1, sigma^2 = (n-1)/n or 1 the variance of the field of the other neurons. */
static void inverse_sigma(mpfr_t result, size_t n, fl_variance variance) {
    mpfr_set_ui(result, n, MPFR_RNDN);
    mpfr_div_ui(result, result, n - 1, MPFR_RNDN);
    if (variance == FL_VARIANCE_N_MINUS_1)
        mpfr_set_ui(result, 1, MPFR_RNDN);
    mpfr_sqrt(result, result, MPFR_RNDN);
}

/* Adds count * ln P2(k; r), r = 1 - minus/(n-1). */
static void add_orthants(mpfr_t sum, size_t count, const mpfr_t k, size_t n, size_t minus) {
    mpfr_t m, p, value;
    mpfr_inits2(REFERENCE_BITS, m, p, value, (mpfr_ptr)0);
    mpfr_set_ui(m, minus, MPFR_RNDN);
    mpfr_div_ui(m, m, n - 1, MPFR_RNDN);
    mpfr_set_ui(p, 2 * (n - 1) - minus, MPFR_RNDN);
    mpfr_div_ui(p, p, n - 1, MPFR_RNDN);
    if (count) {
        reference_log_orthant(value, k, m, p);
        mpfr_mul_ui(value, value, count, MPFR_RNDN);
        mpfr_add(sum, sum, value, MPFR_RNDN);
    }
    mpfr_clears(m, p, value, (mpfr_ptr)0);
}

/* ln n! with a sign. */
static void add_log_factorial(mpfr_t sum, size_t n, int sign) {
    mpfr_t value;
    reference_init(value);
    mpfr_set_ui(value, n + 1, MPFR_RNDN);
    mpfr_lngamma(value, value, MPFR_RNDN);
    mpfr_mul_si(value, value, sign, MPFR_RNDN);
    mpfr_add(sum, sum, value, MPFR_RNDN);
    mpfr_clear(value);
}

void reference_log_pairs(mpfr_t result, size_t n, double jd, size_t d, fl_variance variance) {
    mpfr_t k;
    reference_init(k);
    inverse_sigma(k, n, variance);
    mpfr_mul_d(k, k, jd, MPFR_RNDN);
    mpfr_const_log2(result, MPFR_RNDN);
    mpfr_mul_ui(result, result, n, MPFR_RNDN);
    add_log_factorial(result, n, 1);
    add_log_factorial(result, d, -1);
    add_log_factorial(result, n - d, -1);
    add_orthants(result, n - d, k, n, 2 * d);           /* 1 - q+ = 2 d / (n-1) */
    add_orthants(result, d, k, n, d ? 2 * (n - d) : 0); /* 1 + q- = 2 (n-d) / (n-1) */
    mpfr_clear(k);
}

/* Phi((jd + bonds * lambda) / sigma). */
static void stable(mpfr_t result, const fl_ensemble *e, size_t n, double jd, int bonds) {
    mpfr_t h;
    reference_init(h);
    mpfr_set_d(h, e->lambda, MPFR_RNDN);
    mpfr_mul_si(h, h, bonds, MPFR_RNDN);
    mpfr_add_d(h, h, jd, MPFR_RNDN);
    inverse_sigma(result, n, e->variance);
    mpfr_mul(h, h, result, MPFR_RNDN);
    reference_normal_cdf(result, h);
    mpfr_clear(h);
}

void reference_log_mean_count(mpfr_t result, const fl_ensemble *e, size_t n, double jd) {
    mpfr_t p[5], product;
    reference_init(product);
    for (int b = 0; b < 5; b++) {
        reference_init(p[b]);
        stable(p[b], e, n, jd, b - 2);
    }
    size_t bonds = e->modules - 1;
    mpfr_set_zero(result, 1);
    for (size_t set = 0; set < (size_t)1 << bonds; set++) {
        mpfr_set_ui(product, 2, MPFR_RNDN);
        for (size_t l = 0; l <= bonds; l++) {
            int left = l == 0 ? 0 : set >> (l - 1) & 1 ? 1 : -1;
            int right = l == bonds ? 0 : set >> l & 1 ? 1 : -1;
            mpfr_mul(product, product, p[left + right + 2], MPFR_RNDN);
        }
        mpfr_add(result, result, product, MPFR_RNDN);
    }
    mpfr_log(result, result, MPFR_RNDN);
    mpfr_mul_ui(result, result, n, MPFR_RNDN);
    mpfr_clear(product);
    for (int b = 0; b < 5; b++)
        mpfr_clear(p[b]);
}

static double worst;

void reference_assert(double value, const mpfr_t exact, double relative, double absolute, size_t n,
                      double jd, size_t distance) {
    double scale = fabs(mpfr_get_d(exact, MPFR_RNDN)), error = reference_error(value, exact);
    worst = fmax(worst, fmin(error, error * scale));
    if (error > relative && error * scale > absolute)
        fail_msg("%.17g instead of %.17g at n = %zu, jd = %.17g, distance %zu: error %.3g", value,
                 mpfr_get_d(exact, MPFR_RNDN), n, jd, distance, error);
}

void reference_report(const char *what) {
    print_message("%s: largest error %.2g (relative, or absolute below 1)\n", what, worst);
    worst = 0;
}

double reference_of_count(fl_ensemble ensemble, size_t n, double jd) {
    double value;
    assert_ok(fl_log_mean_count(&ensemble, n, jd, &value));
    return value;
}
