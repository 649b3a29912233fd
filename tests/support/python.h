/* Python as a second reader of files, where it is installed. */
#ifndef FIXLAND_TEST_PYTHON_H
#define FIXLAND_TEST_PYTHON_H

#include <stdbool.h>

/* Skips the test, with a line that says why, unless Python can import `modules` ("numpy, h5py"). */
void test_need_python(const char *modules);

/* Runs a script; `arguments` (words for the shell, may be "") are its sys.argv[1:]. Fails, with
 * what Python said, unless it ends with status 0. */
void test_python(const char *script, const char *arguments);

#endif
