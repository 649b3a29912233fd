/* A tool with an option of every kind that does nothing. */
#ifndef FIXLAND_FUZZ_TOOL_H
#define FIXLAND_FUZZ_TOOL_H

/* Runs it with these words, silently; the exit code. */
int fuzz_tool(int argc, char **argv);

#endif
