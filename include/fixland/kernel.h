/* Which SIMD kernels run: the best that the processor offers, or what the environment variable
 * FIXLAND_KERNEL (scalar, avx2, avx512) allows at most. */
#ifndef FIXLAND_KERNEL_H
#define FIXLAND_KERNEL_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fl_kernel { FL_KERNEL_SCALAR, FL_KERNEL_AVX2, FL_KERNEL_AVX512 } fl_kernel;

/* The level in use. A FIXLAND_KERNEL above what the processor has is lowered to that; any other
 * word is ignored. Asked anew each time, so that a program may change it. */
fl_kernel fl_kernel_level(void);

/* "scalar", "avx2" or "avx512". */
const char *fl_kernel_name(void);

#ifdef __cplusplus
}
#endif
#endif
