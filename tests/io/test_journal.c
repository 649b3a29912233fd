/* Journals: what was appended comes back, whatever is cut off, turned over or killed. */
#include "fixland/journal.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/disk.h"
#include "tests/support/files.h"
#include "tests/support/support.h"

static const char fingerprint[] = "program: test\njd: 0.5\nn: 20\n";

/* The format of journal.c: header before the fingerprint and after it, record around its payload.
 */
enum { HEADER = 18 + 4 + sizeof fingerprint - 1 + 4, AROUND = 16 + 4 };

typedef struct record {
    uint64_t task;
    size_t length;
    unsigned char payload[64];
} record;

static void draw_records(record *records, int count, fl_rng *rng) {
    for (int k = 0; k < count; k++) {
        records[k].task = fl_rng_bits(rng) >> fl_rng_below(rng, 64);
        records[k].length = (size_t)fl_rng_below(rng, sizeof records[k].payload + 1);
        for (size_t b = 0; b < records[k].length; b++)
            records[k].payload[b] = (unsigned char)fl_rng_bits(rng);
    }
    records[0].length = 0;
}

static void append_all(fl_journal *journal, const record *records, int count) {
    for (int k = 0; k < count; k++)
        assert_ok(
            fl_journal_append(journal, records[k].task, records[k].payload, records[k].length));
}

/* Reads to the end; the records must be the first ones of `records`. Returns how many came. */
static int read_all(fl_journal *journal, const record *records) {
    int count = 0;
    for (;; count++) {
        bool found;
        uint64_t task;
        const void *payload;
        size_t length;
        assert_ok(fl_journal_next(journal, &found, &task, &payload, &length));
        if (!found)
            return count;
        assert_true(task == records[count].task);
        assert_int_equal(length, records[count].length);
        assert_memory_equal(payload, records[count].payload, length);
    }
}

/* A journal of `count` records at `path`. */
static void make_journal(const char *path, const record *records, int count) {
    fl_journal *journal;
    assert_ok(fl_journal_open(&journal, path, fingerprint, false, true));
    append_all(journal, records, count);
    assert_ok(fl_journal_close(journal, false));
}

static size_t read_bytes(const char *path, unsigned char *bytes, size_t room) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, room, file);
    fclose(file);
    return length;
}

static void records_come_back(void **state) {
    (void)state;
    enum { COUNT = 300 };
    record records[COUNT];
    fl_journal *journal;
    fl_rng rng = test_stream("records");
    const char *path = test_path("j");
    draw_records(records, COUNT, &rng);
    make_journal(path, records, 100);
    for (int done = 100; done <= COUNT; done += 100) {
        assert_ok(fl_journal_open(&journal, path, fingerprint, true, false));
        assert_int_equal(read_all(journal, records), done);
        assert_int_equal(read_all(journal, records), 0); /* the end stays the end */
        append_all(journal, records + done, done < COUNT ? 100 : 0);
        assert_ok(fl_journal_close(journal, false));
    }
    assert_int_equal(test_scratch_count(), 1);
}

static void large_payloads(void **state) {
    (void)state;
    size_t size = (size_t)5 << 20, length;
    unsigned char *bytes = malloc(size);
    fl_journal *journal;
    bool found;
    uint64_t task;
    const void *payload;
    for (size_t k = 0; k < size; k++)
        bytes[k] = (unsigned char)(k * k >> 7);
    assert_ok(fl_journal_open(&journal, test_path("j"), fingerprint, false, false));
    assert_ok(fl_journal_append(journal, UINT64_MAX, bytes, size));
    assert_ok(fl_journal_close(journal, false));
    assert_ok(fl_journal_open(&journal, test_path("j"), fingerprint, true, false));
    assert_ok(fl_journal_next(journal, &found, &task, &payload, &length));
    assert_true(found && task == UINT64_MAX && length == size);
    assert_memory_equal(payload, bytes, size);
    assert_ok(fl_journal_close(journal, false));
    free(bytes);
}

/* A kill leaves a prefix of the file: for each prefix the whole records come back, and the journal
 * goes on after them. */
static void cut_at_every_byte(void **state) {
    (void)state;
    enum { COUNT = 6, ROOM = 4096 };
    record records[COUNT + 1];
    unsigned char bytes[ROOM];
    fl_journal *journal;
    fl_rng rng = test_stream("cut");
    const char *path = test_path("j");
    draw_records(records, COUNT + 1, &rng);
    make_journal(path, records, COUNT);
    size_t size = read_bytes(path, bytes, ROOM), end = HEADER;
    int whole = 0;
    for (size_t cut = 0; cut <= size; cut++) {
        while (whole < COUNT && end + AROUND + records[whole].length <= cut)
            end += AROUND + records[whole++].length;
        test_write_bytes(path, bytes, cut);
        assert_ok(fl_journal_open(&journal, path, fingerprint, true, false));
        assert_int_equal(read_all(journal, records), whole);
        record saved = records[whole];
        records[whole] = records[COUNT];
        append_all(journal, records + whole, 1);
        assert_ok(fl_journal_close(journal, false));
        assert_ok(fl_journal_open(&journal, path, fingerprint, true, false));
        assert_int_equal(read_all(journal, records), whole + 1);
        assert_ok(fl_journal_close(journal, false));
        records[whole] = saved;
    }
    assert_int_equal(whole, COUNT);
    assert_int_equal(end, size);
}

/* A byte turned over in the header is refused; in a record it ends the reading before that record.
 */
static void flipped_at_every_byte(void **state) {
    (void)state;
    enum { COUNT = 6, ROOM = 4096 };
    record records[COUNT];
    unsigned char bytes[ROOM];
    fl_journal *journal;
    fl_rng rng = test_stream("flip");
    const char *path = test_path("j");
    draw_records(records, COUNT, &rng);
    make_journal(path, records, COUNT);
    size_t size = read_bytes(path, bytes, ROOM), end = HEADER;
    int whole = 0;
    for (size_t at = 0; at < 8 * size; at++) {
        while (at / 8 >= HEADER && end + AROUND + records[whole].length <= at / 8)
            end += AROUND + records[whole++].length;
        bytes[at / 8] ^= (unsigned char)(1 << at % 8);
        test_write_bytes(path, bytes, size);
        fl_status status = fl_journal_open(&journal, path, fingerprint, true, false);
        if (at / 8 < HEADER) {
            assert_int_equal(status, FL_EFORMAT);
            assert_non_null(strstr(fl_message(), path));
        } else {
            assert_ok(status);
            assert_int_equal(read_all(journal, records), whole);
        }
        assert_ok(fl_journal_close(journal, false));
        bytes[at / 8] ^= (unsigned char)(1 << at % 8);
    }
}

/* What a power cut may leave on some file systems: the length of the file, but zeros in it. */
static void zeros_at_the_end(void **state) {
    (void)state;
    enum { COUNT = 3, ROOM = 4096 };
    record records[COUNT];
    unsigned char bytes[ROOM] = {0};
    fl_journal *journal;
    fl_rng rng = test_stream("zeros");
    draw_records(records, COUNT, &rng);
    make_journal(test_path("j"), records, COUNT);
    size_t size = read_bytes(test_path("j"), bytes, ROOM);
    test_write_bytes(test_path("j"), bytes, size + 500);
    assert_ok(fl_journal_open(&journal, test_path("j"), fingerprint, true, false));
    assert_int_equal(read_all(journal, records), COUNT);
    assert_ok(fl_journal_close(journal, false));
    assert_int_equal(read_bytes(test_path("j"), bytes, ROOM), size);
}

static void starting(void **state) {
    (void)state;
    record records[2];
    fl_journal *journal;
    fl_rng rng = test_stream("starting");
    const char *path = test_path("j");
    draw_records(records, 2, &rng);
    assert_ok(fl_journal_open(&journal, path, fingerprint, true, false)); /* none: begins one */
    assert_int_equal(read_all(journal, records), 0);
    append_all(journal, records, 2);
    assert_ok(fl_journal_close(journal, false));
    assert_status(FL_EEXIST, fl_journal_open(&journal, path, fingerprint, false, false));
    assert_null(journal);
    assert_non_null(strstr(fl_message(), path));
    assert_non_null(strstr(fl_message(), "--resume"));
    assert_non_null(strstr(fl_message(), "--force"));
    assert_ok(fl_journal_open(&journal, path, fingerprint, true, false)); /* and was left whole */
    assert_int_equal(read_all(journal, records), 2);
    assert_ok(fl_journal_close(journal, false));
    assert_ok(fl_journal_open(&journal, path, fingerprint, false, true));
    assert_ok(fl_journal_close(journal, false));
    assert_ok(fl_journal_open(&journal, path, fingerprint, true, false));
    assert_int_equal(read_all(journal, records), 0);
    assert_ok(fl_journal_close(journal, true));
    assert_int_equal(test_scratch_count(), 0);
    assert_ok(fl_journal_close(NULL, true));
}

static void other_parameters(void **state) {
    (void)state;
    const struct {
        const char *there, *here, *says;
    } cases[] = {
        {"a: 1\nb: 2\nc: 3\n", "a: 1\nb: 5\nc: 4\n", "'b: 2' where this run has 'b: 5'"},
        {"a: 1\n", "a: 12\n", "'a: 1' where this run has 'a: 12'"},
        {"a: 1\nb: 2", "a: 1\n", "'b: 2' where this run has ''"},
        {"a: 1\n", "a: 1\nb: 2\n", "'' where this run has 'b: 2'"},
        {"", "a: 1", "'' where this run has 'a: 1'"},
        {"a: 1", "a: 1\n", "other parameters"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        fl_journal *journal;
        const char *path = test_path("j");
        assert_ok(fl_journal_open(&journal, path, cases[k].there, false, true));
        assert_ok(fl_journal_append(journal, 0, "x", 1));
        assert_ok(fl_journal_close(journal, false));
        for (int force = 0; force < 2; force++) { /* resume decides, force or not */
            assert_status(FL_EMISMATCH,
                          fl_journal_open(&journal, path, cases[k].here, true, force));
            assert_non_null(strstr(fl_message(), path));
            if (!strstr(fl_message(), cases[k].says))
                fail_msg("not told: %s in: %s", cases[k].says, fl_message());
        }
        assert_ok(fl_journal_open(&journal, path, cases[k].there, true, false)); /* unharmed */
        assert_ok(fl_journal_close(journal, false));
    }
}

/* A run that failed before its first result leaves nothing. */
static void without_records(void **state) {
    (void)state;
    fl_journal *journal;
    const char *path = test_path("none");
    assert_ok(fl_journal_open(&journal, path, "a: 1\n", false, false));
    assert_true(test_exists(path));
    assert_ok(fl_journal_close(journal, false));
    assert_false(test_exists(path));
}

static void files_that_are_no_journals(void **state) {
    (void)state;
    fl_journal *journal;
    char path[600];
    const char *const bad[] = {"a table\n", "fixland journal 2\nxxxxxxxxxxxxxxxxxxxxx", "\n"};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        test_write_bytes(test_path("j"), bad[k], strlen(bad[k]));
        assert_status(FL_EFORMAT,
                      fl_journal_open(&journal, test_path("j"), fingerprint, true, false));
        test_assert_text(test_path("j"), bad[k]); /* somebody else's file is left alone */
    }
    snprintf(path, sizeof path, "%s/below", test_path("j"));
    assert_status(FL_EIO, fl_journal_open(&journal, path, fingerprint, false, false));
    assert_status(FL_EIO, fl_journal_open(&journal, path, fingerprint, true, false));
    assert_status(FL_EIO,
                  fl_journal_open(&journal, test_path("no/where"), fingerprint, false, false));
    assert_status(FL_EIO, fl_journal_open(&journal, "/tmp", fingerprint, true, false));
    assert_status(FL_EIO, fl_journal_open(&journal, "/dev/full", fingerprint, false, true));
    assert_int_equal(test_scratch_count(), 1);
}

static void reading_comes_first(void **state) {
    (void)state;
    record records[1];
    fl_journal *journal;
    fl_rng rng = test_stream("order");
    draw_records(records, 1, &rng);
    make_journal(test_path("j"), records, 1);
    assert_ok(fl_journal_open(&journal, test_path("j"), fingerprint, true, false));
    assert_status(FL_EINVAL, fl_journal_append(journal, 1, "x", 1));
    assert_int_equal(read_all(journal, records), 1);
    assert_ok(fl_journal_append(journal, 1, "x", 1));
    assert_ok(fl_journal_close(journal, false));
}

static void full_disk_keeps_what_is_whole(void **state) {
    (void)state;
    enum { COUNT = 40 };
    record records[COUNT];
    fl_journal *journal;
    fl_rng rng = test_stream("full");
    draw_records(records, COUNT, &rng);
    for (size_t room = 0; room < 1000; room += 37) {
        fl_status opened, appended = FL_OK;
        int written = 0;
        test_disk_full(room);
        opened = fl_journal_open(&journal, test_path("j"), fingerprint, false, false);
        while (opened == FL_OK && appended == FL_OK && written < COUNT) {
            const record *r = &records[written];
            appended = fl_journal_append(journal, r->task, r->payload, r->length);
            written += appended == FL_OK;
        }
        test_disk_free();
        if (opened != FL_OK) {
            assert_int_equal(opened, FL_EIO);
            assert_true(room < HEADER);
            assert_int_equal(test_scratch_count(), 0);
            continue;
        }
        assert_int_equal(appended, FL_EIO);
        assert_ok(fl_journal_append(journal, 7, "x", 1)); /* room again: it goes on */
        assert_ok(fl_journal_close(journal, false));
        record last = records[written];
        records[written] = (record){.task = 7, .length = 1, .payload = "x"};
        assert_ok(fl_journal_open(&journal, test_path("j"), fingerprint, true, false));
        assert_int_equal(read_all(journal, records), written + 1);
        assert_ok(fl_journal_close(journal, true));
        records[written] = last;
    }
}

/* Another process holds the journal, appends, and is killed with it open. */
static void killed_with_the_lock(void **state) {
    (void)state;
    record records[3];
    fl_journal *journal;
    fl_rng rng = test_stream("lock");
    int ready[2];
    char byte;
    const char *path = test_path("j");
    draw_records(records, 3, &rng);
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        fl_status status = fl_journal_open(&journal, path, fingerprint, false, false);
        for (int k = 0; k < 3 && status == FL_OK; k++)
            status =
                fl_journal_append(journal, records[k].task, records[k].payload, records[k].length);
        ssize_t sent = write(ready[1], status == FL_OK ? "+" : "-", 1);
        (void)sent;
        for (;;)
            pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, '+');
    assert_status(FL_EEXIST, fl_journal_open(&journal, path, fingerprint, true, false));
    assert_non_null(strstr(fl_message(), "another process"));
    assert_status(FL_EEXIST, fl_journal_open(&journal, path, fingerprint, false, true));
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_ok(fl_journal_open(&journal, path, fingerprint, true, false));
    assert_int_equal(read_all(journal, records), 3);
    assert_ok(fl_journal_close(journal, true));
    close(ready[0]);
    close(ready[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(records_come_back, test_empty_scratch),
        cmocka_unit_test_setup(large_payloads, test_empty_scratch),
        cmocka_unit_test_setup(cut_at_every_byte, test_empty_scratch),
        cmocka_unit_test_setup(flipped_at_every_byte, test_empty_scratch),
        cmocka_unit_test_setup(zeros_at_the_end, test_empty_scratch),
        cmocka_unit_test_setup(starting, test_empty_scratch),
        cmocka_unit_test_setup(other_parameters, test_empty_scratch),
        cmocka_unit_test_setup(without_records, test_empty_scratch),
        cmocka_unit_test_setup(files_that_are_no_journals, test_empty_scratch),
        cmocka_unit_test_setup(reading_comes_first, test_empty_scratch),
        cmocka_unit_test_setup(full_disk_keeps_what_is_whole, test_empty_scratch),
        cmocka_unit_test_setup(killed_with_the_lock, test_empty_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
