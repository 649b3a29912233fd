/* See python.h. Debian's own Python is asked first: it is the one that apt gives modules to. */
#include "tests/support/python.h"

#include <unistd.h>

#include "tests/support/support.h"

static const char *python(void) {
    return access("/usr/bin/python3", X_OK) == 0 ? "/usr/bin/python3" : "python3";
}

void test_need_python(const char *modules) {
    char command[256], *said;
    snprintf(command, sizeof command, "%s -c 'import %s'", python(), modules);
    int code = test_run_shell(command, NULL, &said);
    free(said);
    if (code == 0)
        return;
    print_message("skipped: Python cannot import %s here, so there is no second reader\n", modules);
    skip();
}

void test_python(const char *script, const char *arguments) {
    const char *path = test_path("script.py");
    char command[4096], *said;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(script, file);
    assert_int_equal(fclose(file), 0);
    snprintf(command, sizeof command, "%s %s %s", python(), path, arguments);
    int code = test_run_shell(command, NULL, &said);
    if (code != 0)
        print_error("%s", said);
    free(said);
    unlink(path);
    assert_int_equal(code, 0);
}
