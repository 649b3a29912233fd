/* fl-mpi under mpirun: for every tool the rows are those of one process, for any number of ranks and
 * threads, also after kills and polite stops; errors are one sentence of rank 0. Skipped where there
 * is no mpirun, or no build/bin/fl-mpi (make mpi). */
#include "tests/support/files.h"
#include "tests/support/support.h"
#include "tests/support/tools.h"

/* $MPI is mpirun with what it needs on a machine with fewer cores than ranks, for the user root. */
static const char launcher[] =
    "export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMP_NUM_THREADS=1; MPI=mpirun; "
    "! mpirun --version 2>/dev/null | grep -q 'Open MPI' || "
    "MPI='mpirun --oversubscribe --bind-to none'; ";

static int mpi_shell(const char *words, char **err) {
    char command[3000];
    snprintf(command, sizeof command, "cd '%s' && PATH=\"$BIN:$PATH\" && %s %s", test_path(""),
             launcher, words);
    return test_run_shell(command, NULL, err);
}

static bool is_there(void) {
    static int answer = -1;
    if (answer < 0)
        answer = mpi_shell("test -x \"$BIN/fl-mpi\" && $MPI -n 1 true", NULL) == 0;
    return answer == 1;
}

static void need_mpi(void) {
    if (is_there())
        return;
    print_message("MPI is not here (mpirun, or build/bin/fl-mpi: make deps mpi): runs on ranks are "
                  "not tried\n");
    skip();
}

typedef struct ranked {
    const char *tool, *words; /* the mode first, where the tool has modes */
    bool store;
} ranked;

#define SMALL_DATA "--train 40 --test 20 --features 20 "

/* Every mode that takes long, once at least (every_mode_is_here), and two that have nothing to share.
 * given.h5 and other.h5 are made by give_stores. */
static const ranked every_tool[] = {
    {"enumerate", "--n 12,20 --jd 0,0.4 --samples 60 --seed 3", true},
    {"enumerate", "--n 38 --jd 0.2 --summary", false},
    {"enumerate", "--n 24 --jd 0.5 --samples 5 --limit 20", false},
    {"enumerate", "--n 12 --jd 0.4 --samples 9 --eta 0,0.3 --dilution 0.5,1", false},
    {"count", "run --n 16,20 --jd 0.5 --samples 4 --population 600 --sweeps 2", true},
    {"count", "check --n 12,14 --jd 0.5 --samples 3 --population 600 --sweeps 2", false},
    {"access", "run --n 40,100 --jd 0.3,0.5 --samples 20 --per-sample", true},
    {"access", "run --n 30 --jd 0.5 --samples 6 --per-sample --eta 0,0.5", false},
    {"access", "basins --n 14 --jd 0.5 --samples 8 --starts 200", false},
    {"access", "near --start given.h5 --radius 1,2", false},
    {"access", "near --start given.h5 --radius 1,2 --summary", false},
    {"access", "return --start given.h5 --flips 1,2 --trials 5", false},
    {"access", "return --start given.h5 --overlap 0.5 --trials 5 --summary", false},
    {"access", "return --planted --n 60 --samples 6 --flips 1,4 --trials 3", false},
    {"overlap", "histogram --n 14,16 --jd 0.5 --samples 20", false},
    {"overlap", "histogram --n 8 --jd 0.5 --samples 6 --modules 1,2 --lambda 0,0.5", false},
    {"overlap", "histogram given.h5", false},
    {"overlap", "between given.h5 other.h5", false},
    {"overlap", "clusters --n 14 --jd 0.5 --samples 20 --radius 1,2", false},
    {"overlap", "sizes --n 10,12 --jd 0.3 --samples 5", false},
    {"overlap", "gap --n 10,12 --jd 0.3 --samples 5 --q 0,0.4 --m 2,3", false},
    {"overlap", "map --n 12,14 --jd 0.3 --samples 3 --steps 20", false},
    {"message", "solve --n 60 --jd 0.5 --samples 6 --per-sample", false},
    {"message", "local --n 40 --jd 0.5 --samples 4 --gamma 0.6,1", false},
    {"message", "entropy --n 16,20 --jd 0.3 --samples 3", false},
    {"message", "perceptron --n 60,80 --alpha 0.5,0.6 --samples 3", false},
    {"train", "train --epochs 2 --hidden 30 " SMALL_DATA, false},
    {"train", "sweep --jd 0:0.5:0.25 --seeds 2 --epochs 1 --hidden 30 " SMALL_DATA, false},
    {"train", "capacity --hidden 16 --modules 1,2 --load 0.25 --epochs 5 --seeds 2", false},
    {"train", "continual --tasks 0,1/2,3 --seeds 2 --epochs 1 --hidden 30 " SMALL_DATA, false},
    {"train", "baseline --kind linear,mlp --seeds 2 --epochs 2 " SMALL_DATA, false},
    {"dmft", "trace --jd 0.3,0.5 --p 1,0.5 --time 4 --trajectories 64 --repetitions 2", false},
    {"dmft", "trace --jd 0.5 --p 0 --time 3 --steps 4 --trajectories 64 --repetitions 3", false},
    {"dmft", "plateau --jd 0.3,0.5 --trajectories 16 --repetitions 2", false},
    {"dmft", "threshold --unstable 0.05,0.06,0.07,0.08,0.1 --trajectories 16 --repetitions 2",
     false},
    {"dmft", "threshold --method trigger --points --crossings 0.05,0.1 --trajectories 16", false},
    {"dmft", "retrieval --jd 0.6 --overlap 0.5,1 --time 4 --trajectories 64 --course", false},
    {"phase", "curve --jd 0,0.5", false},
    {"entropy", "count --n 20 --jd 0,0.5", false},
};

enum { EVERY = sizeof every_tool / sizeof *every_tool };

/* Is this option in the help of the mode? */
static bool has_option(const ranked *r, const char *option) {
    char words[300], mode[40] = "";
    if (*r->words != '-')
        sscanf(r->words, "%39s", mode);
    snprintf(words, sizeof words, "fl-%s %s --help | grep -q '^ *--%s\\b'", r->tool, mode, option);
    return mpi_shell(words, NULL) == 0;
}

static bool has_shards(const ranked *r) {
    return !strstr(r->words, "--limit") && has_option(r, "shard");
}

/* With FIXLAND_TOOL=overlap those of one tool only; FIXLAND_ONLY=kills* chooses among the tests below. */
static bool is_wanted(const ranked *r) {
    const char *only = getenv("FIXLAND_TOOL");
    return !only || strcmp(only, r->tool) == 0;
}

static void run_well(const char *words) {
    char *err;
    int code = mpi_shell(words, &err);
    if (code != 0)
        fail_msg("exit %d of %s: %s", code, words, err);
    free(err);
}

static void give_stores(void) {
    run_well(
        "fl-enumerate --n 10,12 --jd 0.5 --samples 4 --store given.h5 --store-networks --output "
        "given.tsv --force && fl-enumerate --n 10,12 --jd 0.5 --samples 4 --seed 2 --store "
        "other.h5 --output other.tsv --force");
}

static void alone(const ranked *r) {
    char words[1000];
    snprintf(words, sizeof words, "fl-%s %s --output one.tsv --force %s", r->tool, r->words,
             r->store ? "--store one.h5" : "");
    run_well(words);
}

static void on_ranks(const ranked *r, int ranks, int threads) {
    char words[1000];
    snprintf(words, sizeof words,
             "$MPI -n %d fl-mpi %s %s %s --output ranks.tsv --force %s && test $(ls *.tmp-* "
             "*.journal 2>/dev/null | wc -l) = 0 && %s",
             ranks, r->tool, r->words,
             !has_option(r, "threads") ? ""
             : threads == 2            ? "--threads 2"
                                       : "--threads 1",
             r->store ? "--store ranks.h5" : "",
             r->store
                 ? "fl-overlap histogram one.h5 --output a.tsv --force && fl-overlap histogram "
                   "ranks.h5 --output b.tsv --force"
                 : "true");
    run_well(words);
    test_assert_rows("one.tsv", "ranks.tsv");
    if (r->store)
        test_assert_rows("a.tsv", "b.tsv");
}

static bool is_listed(const char *tool, const char *mode) {
    for (size_t k = 0; k < EVERY; k++)
        if (strcmp(every_tool[k].tool, tool) == 0 &&
            (*mode == '-' || (strncmp(every_tool[k].words, mode, strlen(mode)) == 0 &&
                              every_tool[k].words[strlen(mode)] == ' ')))
            return true;
    return false;
}

/* A mode is long when it has --resume. */
static void every_mode_is_here(void **state) {
    (void)state;
    static const char list_modes[] =
        "cd \"$BIN\" && for t in fl-*; do test $t = fl-mpi && continue; modes=$(./$t --print modes); "
        "for m in ${modes:--}; do ./$t ${m#-} --help | grep -q '^  --resume  ' && echo ${t#fl-} $m; "
        "done; done; true";
    char *out, *err, tool[40], mode[40];
    int length, lines = 0;
    assert_int_equal(test_run_shell(list_modes, &out, &err), 0);
    for (const char *at = out; sscanf(at, "%39s %39s%n", tool, mode, &length) == 2; at += length) {
        lines++;
        if (!is_listed(tool, mode))
            fail_msg("fl-%s %s is not tried on ranks", tool, mode);
    }
    assert_true(lines >= 20);
    free(out);
    free(err);
}

/* Each tool with one number of ranks and threads; all of them with FIXLAND_LONG=1. */
static void rows_are_the_same(void **state) {
    (void)state;
    need_mpi();
    static const int ranks[] = {2, 3, 5, 1};
    fl_rng rng = test_stream("ranks");
    bool all = getenv("FIXLAND_LONG");
    give_stores();
    for (size_t k = 0; k < EVERY; k++) {
        size_t chosen = fl_rng_below(&rng, 3), threads = fl_rng_below(&rng, 2);
        if (!is_wanted(&every_tool[k]) || (!all && k % 5 != test_seed() % 5)) /* a fifth of them */
            continue;
        alone(&every_tool[k]);
        for (size_t i = 0; i < 8; i++)
            if (all || i == 2 * chosen + threads)
                on_ranks(&every_tool[k], ranks[i / 2], 1 + (int)(i % 2));
    }
}

static void parts_on_ranks(const ranked *r, int shards, int ranks) {
    char words[1500];
    snprintf(
        words, sizeof words,
        "for i in $(seq %d); do $MPI -n %d fl-mpi %s %s --shard $i/%d --threads 1 --output "
        "part.$i.tsv || exit 9; done && fl-merge part.*.tsv --force %s --output merged.tsv && rm "
        "part.*.tsv",
        shards, ranks, r->tool, r->words, shards, strstr(r->words, "--summary") ? "--summary" : "");
    run_well(words);
    test_assert_rows("one.tsv", "merged.tsv");
}

/* Parts of a run, each on ranks of its own, joined; with FIXLAND_LONG=1 all that have shards. */
static void shards_on_ranks(void **state) {
    (void)state;
    need_mpi();
    static const int shards[] = {3, 1, 7};
    bool all = getenv("FIXLAND_LONG");
    size_t first = all ? 0 : test_seed() % EVERY, tried = 0;
    give_stores();
    for (size_t k = first; k < EVERY + first && (all || !tried); k++) {
        const ranked *r = &every_tool[k % EVERY];
        if (!is_wanted(r) || !has_shards(r))
            continue;
        tried++;
        alone(r);
        for (size_t i = 0; i < (all ? 3 : 1); i++)
            parts_on_ranks(r, shards[i], 2 + (int)(k % 2));
    }
}

/* $! is a shell; its process group is that of mpirun and the ranks. */
static const char pids_of_ranks[] = "pgrep -f '^[^ ]*fl-mpi .*--output victim.tsv' | sort -R";

/* Runs that last long enough to be killed. */
static const ranked victims[] = {
    {"enumerate", "--n 22 --jd 0.5 --samples 400 --seed 5", false},
    {"enumerate", "--n 22 --jd 0.5 --samples 150 --eta 0,0.2,0.4", false},
    {"count", "--n 40 --jd 0.5 --samples 6 --population 3000 --sweeps 4", false},
    {"access", "run --n 200 --jd 0.3 --samples 60 --per-sample", false},
    {"overlap", "histogram --n 20 --jd 0.5 --samples 60", false},
    {"message", "solve --n 200 --jd 0.3 --samples 40 --per-sample", false},
    {"train",
     "sweep --jd 0:0.5:0.25 --seeds 4 --train 200 --test 50 --epochs 4 --hidden 100 --features 50",
     false},
    {"train", "capacity --hidden 40 --modules 1,2 --load 0.25,0.5 --epochs 40 --seeds 4", false},
    {"train",
     "baseline --kind linear,mlp --seeds 6 --train 400 --test 40 --epochs 20 --features 60", false},
    {"dmft", "trace --jd 0.1:0.5:0.1 --time 100 --trajectories 2000 --repetitions 4", false},
};

/* One rank is killed, or all; mpirun of Open MPI 4.1 itself may wait for ever in a lock when its ranks
 * die while it starts them, and is killed then. Then other numbers of ranks continue, and one process. */
static void kill_and_go_on(const ranked *r, int trial) {
    char words[1500];
    snprintf(
        words, sizeof words,
        "run='%s %s --output victim.tsv --threads 1'; "
        "for ranks in 3 2; do timeout -s KILL 120 $MPI -n $ranks fl-mpi $run --resume >/dev/null 2>&1 & "
        "for i in $(seq 600); do sleep 0.05; test -s victim.tsv.journal && break; done; "
        "sleep 0.%d; kill -9 $(%s | head -%d) 2>/dev/null; wait $!; done; "
        "test -e victim.tsv || fl-$run --resume",
        r->tool, r->words, 1 + 2 * (trial % 4), pids_of_ranks, trial % 2 ? 9 : 1);
    run_well(words);
    test_assert_rows("one.tsv", "victim.tsv");
    remove(test_path("victim.tsv"));
    remove(test_path("victim.tsv.journal")); /* of a run that was killed when its table was there */
}

static void kills_and_goes_on(void **state) {
    (void)state;
    need_mpi();
    bool all = getenv("FIXLAND_LONG");
    for (size_t k = 0; k < (all ? sizeof victims / sizeof *victims : 1); k++) {
        if (!is_wanted(&victims[k]))
            continue;
        alone(&victims[k]);
        for (int trial = 0; trial < (!all ? 1 : k ? 2 : 6); trial++)
            kill_and_go_on(&victims[k], trial);
    }
}

/* The mpirun of MPICH may lose the status of a rank when it gets a signal itself. */
static void assert_stopped(int code) {
    bool open = mpi_shell("mpirun --version 2>/dev/null | grep -q 'Open MPI'", NULL) == 0;
    assert_true(code == 3 || (code == 0 && !open));
}

/* SIGUSR1 to mpirun reaches all ranks, also those that wait in vain for a loop; exit status 3, and
 * others go on. */
static void stops_politely(void **state) {
    (void)state;
    need_mpi();
    char *err;
    assert_stopped(mpi_shell(
        "$MPI -n 3 fl-mpi enumerate --n 26 --jd 0.5 --samples 100000 --output victim.tsv & "
        "for i in $(seq 1200); do sleep 0.05; test -s victim.tsv.journal && break; done; "
        "kill -USR1 $!; wait $!",
        &err));
    assert_non_null(strstr(err, "tasks, by SIGUSR1; --resume continues"));
    free(err);
    assert_int_equal(
        mpi_shell("$MPI -n 2 fl-mpi enumerate --n 26 --jd 0.5 --samples 100000 --output "
                  "victim.tsv --resume --time-limit 0.2",
                  &err),
        3);
    assert_non_null(strstr(err, "by the time limit"));
    assert_false(test_exists(test_path("victim.tsv")));
    free(err);
    assert_stopped(
        mpi_shell("$MPI -n 3 fl-mpi train train --hidden 400 --epochs 100000 --train 100 "
                  "--output alone.tsv >/dev/null 2>&1 & for i in $(seq 1200); do sleep "
                  "0.05; ls alone.tsv*.checkpoint.h5 alone.tsv.tmp-* >/dev/null 2>&1 && "
                  "break; done; sleep 0.2; kill -USR1 $!; wait $!",
                  &err));
    free(err);
}

/* A task that would go on for hours and does not see the stop, on all ranks: they end within some seconds,
 * nothing is left but the checkpoint, which is whole. And so does a mode without one. */
static void long_tasks_are_left(void **state) {
    (void)state;
    static const char *const runs[] = {
        "count run --n 256 --jd 0.3 --samples 4 --population 64 --sweeps 10000000 --threads 1",
        "phase levels --levels 1,2,3"};
    need_mpi();
    if (!getenv("FIXLAND_LONG"))
        skip();
    for (int k = 0; k < 2; k++) {
        char words[600], *err;
        snprintf(
            words, sizeof words,
            "timeout -s KILL 60 $MPI -n 3 fl-mpi %s --output victim.tsv & for i in $(seq 600); "
            "do sleep 0.1; ls victim.tsv.* >/dev/null 2>&1 && break; done; sleep 3; "
            "kill -USR1 $(pgrep -P $! -x mpirun || echo $!); wait $!",
            runs[k]);
        assert_stopped(mpi_shell(words, &err));
        assert_non_null(strstr(err, k ? "fl-phase: stopped by SIGUSR1"
                                      : "fl-count: stopped within a task, by SIGUSR1; --resume"));
        free(err);
        assert_int_equal(mpi_shell("ls victim.tsv* | grep -v journal", NULL), 1);
    }
    assert_int_equal(mpi_shell("fl-count run --n 256 --jd 0.3 --samples 4 --population 64 "
                               "--sweeps 10000000 --output victim.tsv --resume --time-limit 0.1",
                               NULL),
                     3);
}

/* The stderr of the ranks is a pipe; the bar is drawn where that of mpirun is a terminal, once. Times are
 * those of all ranks. */
static void progress_is_one_line(void **state) {
    (void)state;
    need_mpi();
    static const char run[] =
        "$MPI -n 3 fl-mpi enumerate --n 22 --jd 0.5 --samples 1500 --threads 1 "
        "--force --output bar.tsv";
    char words[600], *err;
    if (mpi_shell("command -v script >/dev/null", NULL) != 0)
        skip();
    snprintf(words, sizeof words,
             "script -qefc \"%s --timing\" drawn.txt >/dev/null; script -qefc \"%s 2>log.txt\" "
             "no.txt >/dev/null; test ! -s log.txt",
             run, run);
    assert_int_equal(mpi_shell(words, &err), 0);
    free(err);
    char *text = test_slurp(test_path("drawn.txt"));
    const char *bar = strstr(text, "samples, 3 ranks  [");
    assert_non_null(bar);
    assert_non_null(strstr(text, "1500 tasks took"));
    assert_non_null(strstr(text, "on 3 ranks, each of 1 thread"));
    const char *last = bar;
    for (const char *at = bar; (at = strstr(at + 1, "samples, 3 ranks  ["));)
        last = at;
    assert_null(memchr(bar, '\n', (size_t)(last - bar)));
    free(text);
    text = test_slurp(test_path("no.txt"));
    assert_null(strstr(text, "ranks  ["));
    free(text);
}

static void errors_are_one_sentence(void **state) {
    (void)state;
    need_mpi();
    static const struct {
        int code;
        const char *words, *sentence;
    } cases[] = {
        {2,
         "$MPI -n 3 fl-mpi enumerate --n 2000 2>&1 >/dev/null | grep -c '^fl-enumerate: .*allowed' "
         "| grep -qx 1; exit 2",
         ""},
        {2, "$MPI -n 2 fl-mpi nothing", "fl-mpi: unknown tool nothing"},
        {1, "$MPI -n 2 fl-mpi enumerate --network nowhere.txt", "nowhere.txt"},
        {2, "fl-mpi", "usage: mpirun"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char *err;
        assert_int_equal(mpi_shell(cases[k].words, &err), cases[k].code);
        assert_non_null(strstr(err, cases[k].sentence));
        free(err);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_mode_is_here, test_empty_scratch),
        cmocka_unit_test_setup(rows_are_the_same, test_empty_scratch),
        cmocka_unit_test_setup(shards_on_ranks, test_empty_scratch),
        cmocka_unit_test_setup(kills_and_goes_on, test_empty_scratch),
        cmocka_unit_test_setup(stops_politely, test_empty_scratch),
        cmocka_unit_test_setup(long_tasks_are_left, test_empty_scratch),
        cmocka_unit_test_setup(progress_is_one_line, test_empty_scratch),
        cmocka_unit_test_setup(errors_are_one_sentence, test_empty_scratch),
    };
    cmocka_set_test_filter(getenv("FIXLAND_ONLY"));
    return cmocka_run_group_tests_name("mpi", tests, NULL, NULL);
}
