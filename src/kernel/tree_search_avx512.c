/* AVX-512 variant of tree_search.h. */
#ifdef __x86_64__
#define TREE_RUN fl_tree_run_avx512
#include "src/kernel/tree_all.h"
#else
typedef int fl_tree_search_avx512;
#endif
