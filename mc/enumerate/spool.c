/* Configurations on disk: see spool.h. Pieces are (count, words, levels). */
#include "mc/enumerate/spool.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static fl_status failed(void) {
    return fl_fail(FL_EIO, "the temporary file of configurations: %s",
                   strerror(errno ? errno : EIO));
}

fl_status spool_start(spool *s) {
    errno = 0;
    if (!s->file)
        s->file = tmpfile();
    if (!s->file || fflush(s->file) != 0 || ftruncate(fileno(s->file), 0) != 0)
        return failed();
    rewind(s->file);
    return FL_OK;
}

fl_status spool_add(spool *s, const uint64_t *spins, const uint8_t *levels, size_t count,
                    size_t words) {
    uint64_t head = count;
    if (count == 0)
        return FL_OK;
    errno = 0;
    bool written = fwrite(&head, sizeof head, 1, s->file) == 1 &&
                   fwrite(spins, words * sizeof *spins, count, s->file) == count &&
                   fwrite(levels, 1, count, s->file) == count;
    return written ? FL_OK : failed();
}

fl_status spool_rewind(spool *s) {
    errno = 0;
    return fflush(s->file) == 0 && fseek(s->file, 0, SEEK_SET) == 0 ? FL_OK : failed();
}

static fl_status grow_spool(spool *s, size_t count) {
    free(s->spins);
    free(s->levels);
    s->spins = malloc(2 * count * sizeof *s->spins);
    s->levels = malloc(count);
    s->room = s->spins && s->levels ? count : 0;
    return s->room ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for %zu configurations", count);
}

fl_status spool_next(spool *s, size_t words, size_t *count) {
    uint64_t head;
    *count = 0;
    errno = 0;
    if (fread(&head, sizeof head, 1, s->file) != 1)
        return ferror(s->file) ? failed() : FL_OK;
    if (head > s->room)
        FL_CHECK(grow_spool(s, (size_t)head));
    if (fread(s->spins, words * sizeof *s->spins, (size_t)head, s->file) != head ||
        fread(s->levels, 1, (size_t)head, s->file) != head)
        return failed();
    *count = (size_t)head;
    return FL_OK;
}

void spool_clear(spool *s) {
    if (s->file)
        fclose(s->file);
    free(s->spins);
    free(s->levels);
    *s = (spool){0};
}
