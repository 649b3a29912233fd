#!/usr/bin/env python3
"""Notebooks from their sources, and what keeps them honest. Only the standard library.

    make.py write            source/NN-name.md -> NN-name.ipynb (for students), solutions/NN-name.ipynb
    make.py check            is any of them out of date? is a line of code too long for a page?
    make.py run [NAME ...]   execute the solutions without Jupyter: every check must pass
    make.py students [NAME]  execute the student versions: only tasks may fail, by NotImplementedError
    make.py seeds [NAME ...] the solutions with every seed of --seeds, one at a time: a table of failures
    make.py course DIR       student notebooks, fixland.py and a README into DIR, for a class

Source: Markdown. A fence ```python opens a code cell, everything between is text; words after `python`
are tags (`setup`, `check`). A line `---` alone splits a text into two cells. Between the lines
### BEGIN SOLUTION and ### END SOLUTION (in code) stands what students do not get: they get the lines
`# YOUR CODE HERE` and `raise NotImplementedError`. A text between <!-- BEGIN SOLUTION --> and
<!-- END SOLUTION --> becomes a cell of its own, for students "*Your answer here.*" The same source
gives the same bytes. Cells carry what nbgrader asks for.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
WIDEST = 100    # characters of a line of code: a page shows it whole
FENCE = re.compile(r"^```(python)?([^\n`]*)$")
CODE = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n.*?^[ \t]*### END SOLUTION\n?", re.S | re.M)
TEXT = re.compile(r"<!-- BEGIN SOLUTION -->\n(.*?)<!-- END SOLUTION -->", re.S)


def sources(names=()):
    found = sorted((HERE / "source").glob("[0-9]*.md"))
    return [p for p in found if not names or any(p.stem.startswith(n) for n in names)]


def cells(text):
    """(kind, tags, source) one after the other."""
    kind, tags, lines = "markdown", [], []
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if kind == "markdown" and fence and fence[1]:
            yield kind, tags, "\n".join(lines)
            kind, tags, lines = "code", fence[2].split(), []
        elif kind == "code" and line == "```":
            yield kind, tags, "\n".join(lines)
            kind, tags, lines = "markdown", [], []
        elif kind == "markdown" and line == "---":
            yield kind, tags, "\n".join(lines)
            lines = []
        else:
            lines.append(line)
    if kind == "code":
        sys.exit(f"a code fence is not closed before line {number}")
    yield kind, tags, "\n".join(lines)


def split_text(source):
    """A text with solutions in it, piece by piece: (piece, is it a solution?)."""
    at = 0
    for m in TEXT.finditer(source):
        yield source[at:m.start()], False
        yield m[1], True
        at = m.end()
    yield source[at:], False


def student_code(source):
    return CODE.sub(lambda m: f"{m[1]}# YOUR CODE HERE\n{m[1]}raise NotImplementedError\n",
                    source + "\n").rstrip("\n")


def solution_code(source):
    return re.sub(r"^[ \t]*### (BEGIN|END) SOLUTION\n", "", source + "\n", flags=re.M).rstrip("\n")


def code_cells(path, solution):
    """(tags, code) of a notebook; the tag `task` where students have something to write."""
    for kind, tags, source in cells(path.read_text()):
        if kind == "code":
            asked = bool(CODE.search(source + "\n"))
            yield tags + ["task"] * asked, (solution_code if solution else student_code)(source)


# ---------------------------------------------------------------- notebooks

def grading(tags, name):
    """nbgrader's metadata of a cell; every other program ignores it."""
    if not {"task", "check"} & set(tags):
        return {}
    graded = "check" in tags
    points = {"points": 1} if graded else {}
    return {"nbgrader": {"grade": graded, "locked": graded, "solution": "task" in tags,
                         "schema_version": 3, "task": False, "grade_id": name, **points}}


def notebook(path, solution):
    out = []

    def add(kind, tags, source, **metadata):
        source = source.strip("\n")
        if not source.strip():
            return
        ident = hashlib.sha256(f"{path.stem} {len(out)} {source}".encode()).hexdigest()[:12]
        metadata.update({"tags": tags} if tags else {})
        cell = {"cell_type": kind, "id": ident, "metadata": metadata,
                "source": source.splitlines(keepends=True)}
        if kind == "code":
            cell.update(execution_count=None, outputs=[])
        out.append(cell)

    for kind, tags, source in cells(path.read_text()):
        if kind == "code":
            tags = tags + ["task"] * bool(CODE.search(source + "\n"))
            code = (solution_code if solution else student_code)(source)
            add("code", tags, code, **grading(tags, f"{path.stem}-{len(out)}"))
        else:
            for part, answer in split_text(source):
                hidden = answer and not solution
                add("markdown", tags + ["answer"] * answer,
                    "*Your answer here.*" if hidden else part)
    return {"cells": out, "metadata": {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}


def products():
    """(path, text) of every notebook that the sources make."""
    for path in sources():
        for folder, solution in ((HERE, False), (HERE / "solutions", True)):
            text = json.dumps(notebook(path, solution), indent=1, ensure_ascii=False) + "\n"
            yield folder / f"{path.stem}.ipynb", text


def write():
    for path, text in products():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def complaints():
    """What is wrong with sources and notebooks, a line each."""
    made = {}
    for path, text in products():
        made[path] = text
        if not path.is_file() or path.read_text() != text:
            yield f"{path.relative_to(HERE)} is out of date: run `make notebooks`"
    for path in [*HERE.glob("*.ipynb"), *HERE.glob("solutions/*.ipynb")]:
        if path not in made:
            yield f"{path.relative_to(HERE)} has no source"
    for path in sources():
        for _, code in code_cells(path, True):
            for line in code.splitlines():
                if len(line) > WIDEST:
                    yield f"{path.stem}: a line of {len(line)} characters: {line.strip()[:40]}..."


def check():
    wrong = list(complaints())
    for line in wrong:
        print(line, file=sys.stderr)
    return len(wrong)


# ---------------------------------------------------------------- execution without Jupyter

def quiet_display():
    """fl.describe shows its sentence through IPython; without it, on the terminal."""
    import fixland
    fixland.describe = lambda text: print(f"In words: {text}")


def execute(path, solution, seed, allowed=lambda tags, error: False):
    """Runs the code cell by cell; errors that are not `allowed` are told and counted."""
    scope, failed = {"__name__": "__main__"}, 0
    for number, (tags, code) in enumerate(code_cells(path, solution), 1):
        if seed is not None:
            code = re.sub(r"^seed = \d+", f"seed = {seed}", code, flags=re.M)
        try:
            exec(compile(code, f"{path.stem}, code cell {number}", "exec"), scope)
        except Exception as error:
            if not allowed(tags, error):
                failed += 1
                print(f"FAILED {path.stem}, code cell {number}: {type(error).__name__}: {error}")
    scope["plt"].close("all") if "plt" in scope else None
    return failed


def unfinished(tags, error):
    """What a student version may raise: NotImplementedError, and what follows from it in later cells."""
    if isinstance(error, (NotImplementedError, NameError)):
        return bool({"task", "check"} & set(tags))
    return "check" in tags and isinstance(error, AssertionError)


def cpu_seconds():
    """Of this process and of the tools that it has waited for."""
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (
        resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def run(names, seed, solution, work):
    import matplotlib
    matplotlib.use("Agg")
    sys.path.insert(0, str(HERE))
    work.mkdir(parents=True, exist_ok=True)
    os.chdir(work)
    quiet_display()
    failed = 0
    for path in sources(names):
        start, cpu = time.time(), cpu_seconds()
        bad = execute(path, solution, seed) if solution else execute(path, False, seed, unfinished)
        print(f"== {path.stem}: {bad} failed, {time.time() - start:.1f} s, "
              f"CPU {cpu_seconds() - cpu:.1f} s", flush=True)
        failed += bad
    return failed


def span(text):
    """1-3,7 -> [1, 2, 3, 7]"""
    ends = [[int(x) for x in part.split("-")] for part in text.split(",")]
    return [k for e in ends for k in range(e[0], e[-1] + 1)]


def one_seed(name, seed, work):
    """A notebook with one seed in a process of its own: (what failed, a line each; CPU seconds)."""
    done = subprocess.run([sys.executable, __file__, "run", name, "--seed", str(seed), "--work", str(work)],
                          capture_output=True, text=True)
    wrong = [x for x in done.stdout.splitlines() if x.startswith("FAILED")]
    spent = re.search(r"CPU ([\d.]+) s", done.stdout)
    if not spent:
        wrong.append(f"FAILED {name}: {done.stderr.strip() or 'no result'}")
    return wrong, float(spent[1]) if spent else float("nan")


def seeds(names, wanted, work, jobs):
    """The table of failures; a folder for each seed, so that nothing comes from another's cache."""
    print("| notebook | " + " | ".join(map(str, wanted)) + " | CPU s |")
    print("|---" * (len(wanted) + 2) + "|", flush=True)
    told = []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        rows = [(path, [pool.submit(one_seed, path.stem, seed, work / f"seed-{seed}") for seed in wanted])
                for path in sources(names)]
        for path, row in rows:
            results = [one.result() for one in row]
            marks = [str(len(wrong)) if wrong else "ok" for wrong, _ in results]
            mean = sum(spent for _, spent in results) / len(results)
            print(f"| {path.stem} | " + " | ".join(marks) + f" | {mean:.0f} |", flush=True)
            told += [f"seed {seed}: {line}" for seed, (wrong, _) in zip(wanted, results) for line in wrong]
    print(f"\n{len(told)} checks failed", *told, sep="\n")
    return len(told)


# ---------------------------------------------------------------- a class

def course(folder):
    """Students work in a copy, so that a later `git pull` never meets their answers."""
    if folder.exists() and any(folder.iterdir()):
        sys.exit(f"{folder} is there and not empty; name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    for path in [*sorted(HERE.glob("*.ipynb")), HERE / "fixland.py", HERE / "README.md"]:
        shutil.copy(path, folder)
    (folder / "tools.txt").write_text(f"{HERE.parent / 'build' / 'bin'}\n")
    print(f"now: cd {folder} && jupyter notebook 00-start.ipynb")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["write", "check", "run", "students", "seeds", "course"])
    parser.add_argument("names", nargs="*", help="notebooks, by the beginning of their names; or DIR")
    parser.add_argument("--seed", type=int, help="run, students: in place of the seed in the notebook")
    parser.add_argument("--seeds", type=span, default=span("1-10"), help="seeds: such as 1-3,7; 1-10 if not given")
    parser.add_argument("--jobs", type=int, default=1, help="seeds: so many notebooks at a time")
    parser.add_argument("--work", type=pathlib.Path, default=HERE.parent / "build" / "notebooks",
                        help="run, students, seeds: folder for what the notebooks write")
    given = parser.parse_intermixed_args()
    if given.action == "course" and len(given.names) != 1:
        parser.error("course: name one folder")
    if given.action == "write":
        return write()
    if given.action == "check":
        return min(check(), 1)
    if given.action == "course":
        return course(pathlib.Path(given.names[0]).expanduser().resolve())
    if given.action == "seeds":
        return min(seeds(given.names, given.seeds, given.work.resolve(), given.jobs), 1)
    return min(run(given.names, given.seed, given.action == "run", given.work.resolve()), 1)


if __name__ == "__main__":
    sys.exit(main())
