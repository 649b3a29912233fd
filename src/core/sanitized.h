/* FL_SANITIZED: 1 in programs that are built with the sanitizers of addresses or threads, whose memory is not that
 * of others. gcc defines macros, clang has features. */
#ifndef FIXLAND_CORE_SANITIZED_H
#define FIXLAND_CORE_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FL_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define FL_SANITIZED 1
#endif
#endif

#ifndef FL_SANITIZED
#define FL_SANITIZED 0
#endif

#endif
