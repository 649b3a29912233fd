/* Scalar reference of gauss.h, and the choice. */
#include "src/kernel/gauss.h"

#include <math.h>

#include "fixland/kernel.h"

/* Wichura 1988, algorithm AS 241, PPND16: a and b, c and d, e and f. */
const fl_gauss_ratio fl_gauss_centre = {
    {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
     1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
     3.3430575583588128105e4, 2.5090809287301226727e3},
    {1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
     5.2264952788528545610e3}};

const fl_gauss_ratio fl_gauss_flank = {
    {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
     3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9}};

const fl_gauss_ratio fl_gauss_end = {
    {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7},
    {1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15}};

static double quotient(const fl_gauss_ratio *ratio, double x) {
    double above = ratio->above[7], below = ratio->below[7];
    for (int k = 6; k >= 0; k--) {
        above = x * above + ratio->above[k];
        below = x * below + ratio->below[k];
    }
    return above / below;
}

double fl_gauss_far(double r) {
    return r <= 5 ? quotient(&fl_gauss_flank, r - 1.6) : quotient(&fl_gauss_end, r - 5);
}

double fl_gauss_of(uint64_t word) {
    double q = ((double)(word >> 1) + 0.5) * 0x1p-64, off = q - 0.5, value;
    if (off < -FL_GAUSS_CENTRE)
        value = fl_gauss_far(sqrt(-log(q)));
    else
        value = -(off * quotient(&fl_gauss_centre, FL_GAUSS_CENTRE2 - off * off));
    return word & 1 ? -value : value;
}

void fl_gauss_scalar(const uint64_t *words, size_t n, double *values) {
    for (size_t k = 0; k < n; k++)
        values[k] = fl_gauss_of(words[k]);
}

fl_gauss *fl_gauss_choose(void) {
#ifdef __x86_64__
    if (fl_kernel_level() == FL_KERNEL_AVX512)
        return fl_gauss_avx512;
    if (fl_kernel_level() == FL_KERNEL_AVX2)
        return fl_gauss_avx2;
#endif
    return fl_gauss_scalar;
}
