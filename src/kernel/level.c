/* Choice of the kernels: see kernel.h. */
#include "fixland/kernel.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"scalar", "avx2", "avx512"};

static fl_kernel available(void) {
#ifdef __x86_64__
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return FL_KERNEL_AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
        return FL_KERNEL_AVX2;
#endif
    return FL_KERNEL_SCALAR;
}

fl_kernel fl_kernel_level(void) {
    fl_kernel best = available();
    const char *wanted = getenv("FIXLAND_KERNEL");
    for (int level = 0; wanted && level < (int)best; level++)
        if (strcmp(wanted, names[level]) == 0)
            return (fl_kernel)level;
    return best;
}

const char *fl_kernel_name(void) {
    return names[fl_kernel_level()];
}
