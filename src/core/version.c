/* See version.h. The only file that depends on the commit. */
#include "fixland/version.h"

#include "fl_commit.h"

const char *fl_version(void) {
    return FL_VERSION;
}

const char *fl_commit(void) {
    return FL_COMMIT;
}
