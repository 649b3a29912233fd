/* Scalar reference of tree_search.h (the compiler splits its vectors), and the choice. */
#define TREE_RUN fl_tree_run_scalar
#ifdef __x86_64__
#define TREE_SMALL
#endif
#include "src/kernel/tree_all.h"

#include "fixland/kernel.h"

fl_tree_run *fl_tree_run_choose(void) {
#ifdef __x86_64__
    if (fl_kernel_level() == FL_KERNEL_AVX512)
        return fl_tree_run_avx512;
    if (fl_kernel_level() == FL_KERNEL_AVX2)
        return fl_tree_run_avx2;
#endif
    return fl_tree_run_scalar;
}
