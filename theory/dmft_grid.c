/* What fl-dmft solves, as the tasks of one loop: see dmft_modes.h. A task is a repetition of a problem; its
 * numbers wait until those of all repetitions are there. */
#include <stdlib.h>
#include <string.h>

#include "fixland/replicas.h"
#include "theory/dmft_modes.h"

fl_status dmft_add(dmft_problems *problems, const dmft_problem *problem) {
    if (problems->count == problems->room) {
        size_t room = 2 * problems->room + 16;
        dmft_problem *more = realloc(problems->all, room * sizeof *more);
        if (!more)
            return fl_fail(FL_ENOMEM, "out of memory for %zu solutions", room);
        problems->all = more;
        problems->room = room;
    }
    problems->all[problems->count++] = *problem;
    return FL_OK;
}

typedef struct solving {
    const dmft_problems *problems;
    size_t repetitions;
    double *numbers; /* of the problem at hand: repetitions x width */
    dmft_take *take;
    void *context;
} solving;

static const dmft_problem *problem_of(const solving *x, uint64_t task) {
    return &x->problems->all[task / x->repetitions];
}

static fl_status solve_repetition(uint64_t task, void *context, fl_result *result) {
    const solving *x = context;
    const dmft_problem *problem = problem_of(x, task);
    double *numbers = calloc(problem->width, sizeof *numbers);
    if (!numbers)
        return fl_fail(FL_ENOMEM, "out of memory for %zu numbers", problem->width);
    fl_status status = problem->solve(problem, task % x->repetitions, numbers);
    if (status == FL_OK)
        *result = (fl_result){numbers, problem->width * sizeof *numbers};
    else
        free(numbers);
    return status;
}

static fl_status emit_repetition(uint64_t task, void *context, const void *data, size_t length) {
    solving *x = context;
    const dmft_problem *problem = problem_of(x, task);
    size_t repetition = task % x->repetitions;
    memcpy(x->numbers + repetition * problem->width, data, length);
    return repetition + 1 < x->repetitions
               ? FL_OK
               : x->take(x->context, task / x->repetitions, problem, x->numbers);
}

static size_t repetition_length(uint64_t task, void *context, bool kept) {
    (void)kept;
    return problem_of(context, task)->width * sizeof(double);
}

static fl_status allocate_numbers(solving *x) {
    size_t most = 1;
    for (size_t k = 0; k < x->problems->count; k++)
        if (x->problems->all[k].width > most)
            most = x->problems->all[k].width;
    x->numbers = calloc(x->repetitions * most, sizeof *x->numbers);
    return x->numbers ? FL_OK
                      : fl_fail(FL_ENOMEM, "out of memory for %zu repetitions", x->repetitions);
}

fl_status dmft_solve_all(fl_run *run, fl_journal *journal, const dmft_problems *problems,
                         dmft_take *take, void *context) {
    solving x = {.problems = problems, .take = take, .context = context};
    if (problems->count == 0)
        return FL_OK;
    x.repetitions = problems->all[0].plan.repetitions;
    FL_CHECK(allocate_numbers(&x));
    const fl_replicas loop = {
        .tasks = (uint64_t)problems->count * x.repetitions,
        .effort = fl_run_effort(run),
        .context = &x,
        .work = solve_repetition,
        .emit = emit_repetition,
        .record = {.kind = "repetitions of solutions", .length = repetition_length},
        .journal = journal};
    fl_progress_start(run, "repetitions", (double)loop.tasks);
    fl_status status = fl_replicas_run(&loop);
    fl_progress_end();
    free(x.numbers);
    return status;
}

/* ---- a table of all J_D and p ---- */

typedef struct grid {
    const dmft_settings *s;
    const dmft_mode *mode;
    uint64_t from, until;   /* points of the shard */
    dmft_problems problems; /* equally many of each point */
    double *inputs;         /* of --input FILE */
    size_t input_count;
    fl_table *table;
} grid;

static fl_status pose_problems(fl_run *run, grid *g) {
    const dmft_settings *s = g->s;
    FL_CHECK(fl_shard_part(s->shard, s->jd.count * s->p.count, &g->from, &g->until));
    for (uint64_t at = g->from; at < g->until; at++) {
        double jd = s->jd.values[at / s->p.count];
        fl_dmft plan = dmft_plan(run, s, jd - s->margin, s->p.values[at % s->p.count]);
        plan.inputs = g->inputs;
        plan.input_count = g->input_count;
        FL_CHECK(g->mode->pose(s, &plan, &g->problems));
    }
    return FL_OK;
}

static fl_status write_problem(void *context, size_t which, const dmft_problem *problem,
                               const double *numbers) {
    const grid *g = context;
    size_t each = g->problems.count / (size_t)(g->until - g->from);
    size_t at = (size_t)g->from + which / each;
    return g->mode->write(g->table, g->s->jd.values[at / g->s->p.count], g->s, problem, numbers);
}

static fl_status write_grid(fl_run *run, grid *g) {
    fl_outputs files;
    fl_status status = fl_outputs_open(&files, run, NULL, g->mode->columns, g->mode->count);
    g->table = files.table;
    if (status == FL_OK)
        status = dmft_solve_all(run, files.journal, &g->problems, write_problem, g);
    return fl_outputs_close(&files, status);
}

fl_status dmft_write(fl_run *run, const dmft_settings *s, const dmft_mode *mode) {
    grid g = {.s = s, .mode = mode};
    if (s->drive.path && s->drive.strength != 0)
        return fl_fail(FL_EUSAGE, "--input and --input-strength are two inputs; give one");
    fl_status status = FL_OK;
    if (s->drive.path)
        status = fl_numbers_read(s->drive.path, &g.inputs, &g.input_count);
    if (status == FL_OK && s->drive.path)
        status = fl_run_inputs(run, &s->drive.path, 1);
    if (status == FL_OK)
        status = pose_problems(run, &g);
    if (status == FL_OK)
        status = write_grid(run, &g);
    free(g.problems.all);
    free(g.inputs);
    return status;
}
