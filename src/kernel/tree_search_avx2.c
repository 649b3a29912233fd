/* AVX2 variant of tree_search.h. */
#ifdef __x86_64__
#define TREE_RUN fl_tree_run_avx2
#include "src/kernel/tree_all.h"
#else
typedef int fl_tree_search_avx2;
#endif
