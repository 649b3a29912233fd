/* Memory of large tables: see pages.h. */
#include "src/core/pages.h"

#include <stdlib.h>
#include <sys/mman.h>

void *pages_new(size_t bytes) {
    const size_t page = (size_t)1 << 21;
    if (bytes < page)
        return aligned_alloc(64, (bytes + 63) / 64 * 64);
    void *data = aligned_alloc(page, (bytes + page - 1) / page * page);
#ifdef MADV_HUGEPAGE
    if (data)
        (void)madvise(data, bytes, MADV_HUGEPAGE);
#endif
    return data;
}
