/* See disk.h. The limit is RLIMIT_FSIZE: writes fail with EFBIG where a full disk gives ENOSPC. */
#include "tests/support/disk.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include "tests/support/support.h"

static void limit(rlim_t bytes) {
    struct rlimit old;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    old.rlim_cur = bytes < old.rlim_max ? bytes : old.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
}

void test_disk_full(size_t bytes) {
    fflush(stdout); /* the report of the tests may be a file too */
    signal(SIGXFSZ, SIG_IGN);
    limit(bytes);
}

void test_disk_free(void) {
    limit(RLIM_INFINITY);
}
