/* A tool with an option of every kind that does nothing. */
#ifndef FIXLAND_FUZZ_TOOL_H
#define FIXLAND_FUZZ_TOOL_H

/* Runs it with these words, silently; the exit code. */
int fuzz_tool(int argc, char **argv);

/* Only as far as its settings are there, which is most of what words and files of options can decide, and a
 * small part of the time. */
void fuzz_tool_settings(int argc, char **argv);

#endif
