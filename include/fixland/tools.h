/* The tools as functions, so that tests and the report call them in process. Each parses argv as
 * main would, writes its table, and returns the exit code. */
#ifndef FIXLAND_TOOLS_H
#define FIXLAND_TOOLS_H

#ifdef __cplusplus
extern "C" {
#endif

int fl_tool_entropy(int argc, char **argv);
int fl_tool_enumerate(int argc, char **argv);
int fl_tool_count(int argc, char **argv);
int fl_tool_merge(int argc, char **argv);
int fl_tool_message(int argc, char **argv);
int fl_tool_overlap(int argc, char **argv);
int fl_tool_access(int argc, char **argv);
int fl_tool_dmft(int argc, char **argv);
int fl_tool_phase(int argc, char **argv);
int fl_tool_plot(int argc, char **argv);
int fl_tool_train(int argc, char **argv);

/* The modes sweep and capacity of fl-train alone. */
int fl_tool_train_trials(int argc, char **argv);

/* For a program that is one tool and nothing else: from now on a tool whose run has not seen a stop (a signal, a
 * time limit) more than a second later ends the process, with the sentence and exit code of a stop. Without this
 * call no tool ever ends the process that calls it. */
void fl_tools_may_exit(void);

#ifdef __cplusplus
}
#endif
#endif
