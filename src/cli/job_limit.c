/* --time-limit auto: how long the job of the batch system may still run. Slurm tells the time of a
 * job's end in its environment, or squeue tells what is left. */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "src/cli/internal.h"

/* "12", "5:12", "3:05:12", "1-03:05:12": with each colon what came before counts 60 times. */
static bool parse_left(const char *text, double *seconds) {
    double days = 0, all = 0, part = 0;
    bool digits = false;
    for (const char *at = text; *at; at++) {
        if (isdigit((unsigned char)*at)) {
            part = 10 * part + (*at - '0');
            digits = true;
            continue;
        }
        if (!digits || (*at != ':' && (*at != '-' || days > 0 || all > 0)))
            return false;
        if (*at == '-')
            days = part;
        else
            all = 60 * (all + part);
        part = 0;
        digits = false;
    }
    *seconds = 86400 * days + all + part;
    return digits;
}

fl_status fl_cli_job_left(const char *text, double *seconds) {
    if (strcmp(text, "UNLIMITED") == 0)
        *seconds = INFINITY;
    else if (!parse_left(text, seconds))
        return fl_fail(FL_EUSAGE,
                       "--time-limit auto: squeue answers '%.60s', which is no time; allowed: a "
                       "duration such as 90, 15m, 2h or 1d",
                       text);
    return FL_OK;
}

/* What squeue says is left to a job, without the end of line. */
static fl_status ask_squeue(const char *job, double *seconds) {
    char command[120], answer[80] = "";
    snprintf(command, sizeof command, "squeue -h -j %.40s -o %%L 2>/dev/null", job);
    FILE *pipe = popen(command, "r");
    if (pipe && !fgets(answer, sizeof answer, pipe))
        *answer = 0;
    if (pipe)
        pclose(pipe);
    answer[strcspn(answer, " \n")] = 0;
    return fl_cli_job_left(answer, seconds);
}

static bool is_number(const char *text) {
    return text && *text && !text[strspn(text, "0123456789")];
}

double fl_cli_job_share(double left) {
    if (isinf(left))
        return 0;
    double reserve = fmin(fmax(left / 20, 5), 120);
    return fmax(left - reserve, 0.001);
}

fl_status fl_cli_job_limit(double *limit) {
    const char *job = getenv("SLURM_JOB_ID"), *end = getenv("SLURM_JOB_END_TIME");
    double left;
    if (!is_number(job))
        return fl_fail(FL_EUSAGE, "--time-limit auto: this is no job of Slurm (SLURM_JOB_ID is not "
                                  "set); allowed: a duration such as 90, 15m, 2h or 1d");
    if (is_number(end))
        left = fmax(strtod(end, NULL) - (double)time(NULL), 0);
    else
        FL_CHECK(ask_squeue(job, &left));
    *limit = fl_cli_job_share(left);
    return FL_OK;
}
