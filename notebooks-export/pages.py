#!/usr/bin/env python3
"""Executed solutions and their pages: build/notebooks/NN-name.ipynb, .html.

Needs nbclient, nbformat, ipykernel (python3-nbclient, python3-ipykernel) and pandoc, which turns formulas
into MathML: a page holds its figures and needs no other machine. Prints the time of each notebook;
exit status 1 when one of them fails.

    pages.py [--to FOLDER] [NAME ...]
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import time

import nbclient
import nbformat

HERE = pathlib.Path(__file__).resolve().parent
LIMIT = 600       # seconds of a cell; the longest takes some 20 on two free cores
WORDS = re.compile(r"^\*In words:\* (.*)", re.S)


def solutions(names):
    found = sorted((HERE / "solutions").glob("[0-9]*.ipynb"))
    return [p for p in found if not names or any(p.stem.startswith(n) for n in names)]


def execute(book, folder):
    """Runs all cells in `folder`; the error of the first that fails, or None."""
    client = nbclient.NotebookClient(book, timeout=LIMIT, kernel_name="python3",
                                     resources={"metadata": {"path": str(folder)}})
    try:
        client.execute()
    except nbclient.exceptions.CellExecutionError as error:
        return str(error)
    return None


def sentence(cell):
    """What fl.describe has said in this cell."""
    for output in cell.get("outputs", ()):
        said = WORDS.match(output.get("data", {}).get("text/markdown", ""))
        if said:
            return said[1]
    return ""


def for_page(book):
    """A copy in which the sentences of fl.describe are texts, and the figures' alternative texts."""
    shown, alts = nbformat.from_dict(book), []
    shown.cells = []
    for cell in nbformat.from_dict(book).cells:
        shown.cells.append(cell)
        said = sentence(cell)
        for output in cell.get("outputs", ()):
            if "image/png" in output.get("data", {}):
                alts.append(said or "figure")
                output["data"].pop("text/plain", None)
        if said:
            cell.outputs = [o for o in cell.outputs if "text/markdown" not in o.get("data", {})]
            shown.cells.append(nbformat.v4.new_markdown_cell(f"*In words:* {said}"))
    return shown, alts


def page(book, path, target):
    """The notebook as one HTML file."""
    shown, alts = for_page(book)
    done = subprocess.run(
        ["pandoc", "--from=ipynb", "--to=html5", "--standalone", "--self-contained", "--mathml",
         f"--metadata=title:{path.stem}", f"--css={HERE / 'page.css'}", "--highlight-style=tango",
         "-"], input=nbformat.writes(shown), capture_output=True, text=True, cwd=path.parent)
    if done.returncode:
        sys.exit(f"pandoc on {path}: {done.stderr.strip()}")
    text = re.sub(r"<(pre|code|style|annotation)\b.*?</\1>", "", done.stdout, flags=re.S)
    raw = re.search(r"[^>]{0,30}\$[^<]{0,30}", text)
    if raw:
        sys.exit(f"{path.stem}: a formula has stayed as it was typed: {raw[0]}")
    left = iter(alts)

    def with_alt(found):
        alt = next(left, "figure").replace("&", "&amp;").replace('"', "&quot;")
        return f'<img alt="{alt}" src="data:image/png'

    target.write_text(re.sub(r'<img src="data:image/png', with_alt, done.stdout))


def make_page(path, folder):
    book = nbformat.read(path, as_version=4)
    start = time.time()
    failure = execute(book, folder)
    seconds = time.time() - start
    executed = folder / path.name
    nbformat.write(book, executed)
    page(book, executed, executed.with_suffix(".html"))
    print(f"{'FAILED' if failure else 'ok':6} {path.stem:18} {seconds:6.1f} s", flush=True)
    if failure:
        print(failure, file=sys.stderr)
    return failure


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=pathlib.Path, default=HERE.parent / "build" / "notebooks")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    folder = given.to.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fixland.py").write_bytes((HERE / "fixland.py").read_bytes())
    (folder / "tools.txt").write_text(f"{HERE.parent / 'build' / 'bin'}\n")
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"      # the kernel's debugger, which nobody starts
    failures = [make_page(path, folder) for path in solutions(given.names)]
    return int(any(failures))


if __name__ == "__main__":
    sys.exit(main())
