/* Which kernels there are: see kernels.h. */
#include "tests/support/kernels.h"

#include <stdlib.h>
#include <string.h>

#include "fixland/kernel.h"

static char *before;
static int forced;

static void remember(void) {
    const char *level = getenv("FIXLAND_KERNEL");
    if (!forced)
        before = level ? strdup(level) : NULL;
    forced = 1;
}

void test_kernel_restore(void) {
    if (!forced)
        return;
    if (before)
        setenv("FIXLAND_KERNEL", before, 1);
    else
        unsetenv("FIXLAND_KERNEL");
    free(before);
    before = NULL;
    forced = 0;
}

void test_kernel_force(size_t k) {
    static const char *const names[] = {"scalar", "avx2", "avx512"};
    remember();
    setenv("FIXLAND_KERNEL", names[k], 1);
}

size_t test_kernels(void) {
    remember();
    unsetenv("FIXLAND_KERNEL");
    size_t count = (size_t)fl_kernel_level() + 1;
    test_kernel_restore();
    return count;
}

void test_kernel_named(const char *name) {
    if (name)
        setenv("FIXLAND_KERNEL", name, 1);
    else
        unsetenv("FIXLAND_KERNEL");
}
