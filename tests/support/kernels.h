/* How many kernels, from the scalar one upwards, this processor can run. */
#ifndef FIXLAND_TEST_KERNELS_H
#define FIXLAND_TEST_KERNELS_H

#include <stddef.h>

size_t test_kernels(void);

/* Forces the kernel of that name, or frees the choice with NULL. */
void test_kernel_named(const char *name);

/* Forces kernel k (see kernel.h); test_kernel_restore undoes it. */
void test_kernel_force(size_t k);
void test_kernel_restore(void);

#endif
