/* Which fixland this is: of the headers by macro, of the library by function.
 *
 * Within one FL_ABI (the number in libfixland.so.N) programs go on running without being compiled
 * anew. Within one major version, from 1 on, they go on compiling; before that a minor version may
 * change a name or a struct, and NEWS.md says so. */
#ifndef FIXLAND_VERSION_H
#define FIXLAND_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

#define FL_VERSION_MAJOR 0
#define FL_VERSION_MINOR 2
#define FL_VERSION_PATCH 0
#define FL_VERSION "0.2.0"

#define FL_ABI 1

/* True for headers of at least this version. */
#define FL_VERSION_AT_LEAST(major, minor, patch)                                                   \
    (FL_VERSION_MAJOR * 1000000 + FL_VERSION_MINOR * 1000 + FL_VERSION_PATCH >=                    \
     (major)*1000000 + (minor)*1000 + (patch))

/* FL_VERSION of the library that is linked. */
const char *fl_version(void);

/* The commit it was built from, as git describes it; "unknown" outside a clone or a release. */
const char *fl_commit(void);

#ifdef __cplusplus
}
#endif
#endif
