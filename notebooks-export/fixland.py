"""fixland from Python: run a tool, read a table, read a store, draw in the style of the report.

    import fixland as fl
    t = fl.run("overlap histogram", n=20, jd=[0.1, 0.3], samples=1000)   # -> Table
    t.overlap, t.pairs_mean                 # columns are numpy arrays
    t.where(jd=0.3)                         # rows of one parameter value
    t.meta["command"], t.frame()            # provenance; a pandas.DataFrame
    fl.read("mine.tsv")                     # a table that a tool has written
    fl.store("points.h5")                   # {(n, sample, jd): array of +-1}

Needs numpy; matplotlib for style(), data(), theory(); h5py for stores; pandas for Table.frame().
"""
import hashlib
import json
import math
import os
import pathlib
import shutil
import subprocess
import time

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("FIXLAND_CACHE", ".fixland-cache"))


def _folders():
    """Where the tools may be: $FIXLAND_BIN, a clone, an installation, what `make course` noted."""
    yield os.environ.get("FIXLAND_BIN")
    yield HERE.parent / "build" / "bin"
    yield HERE.parents[2] / "bin" if len(HERE.parents) > 2 else None
    noted = HERE / "tools.txt"
    yield noted.read_text().strip() if noted.is_file() else None


def tool(name):
    """Path of the program fl-NAME."""
    for folder in _folders():
        if folder and (pathlib.Path(folder) / f"fl-{name}").is_file():
            return str(pathlib.Path(folder) / f"fl-{name}")
    found = shutil.which(f"fl-{name}")
    if not found:
        raise FileNotFoundError(
            f"fl-{name} is neither in $FIXLAND_BIN, nor in build/bin, nor on the PATH: "
            "run `make` in the fixland folder, or set FIXLAND_BIN to the folder of the tools")
    return found


# ---------------------------------------------------------------- tables

class Table:
    """Named columns of equal length: numbers as float, texts as str; `units` by name (or None), `meta`
    the provenance as a dictionary of strings."""

    def __init__(self, columns, data, meta=None, units=None):
        self.columns, self.meta, self.units = list(columns), meta or {}, units or {}
        self._data = dict(zip(self.columns, data))

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self._data[name]
        except KeyError:
            raise AttributeError(
                f"no column {name}; there are: {' '.join(self.columns)}") from None

    def __getitem__(self, name):
        return getattr(self, name) if name not in self._data else self._data[name]

    def __len__(self):
        return len(self._data[self.columns[0]])

    def where(self, **values):
        """The rows in which these columns have these values."""
        keep = np.ones(len(self), bool)
        for name, value in values.items():
            c = self[name]
            keep &= (c == value) if c.dtype.kind in "US" else \
                (c == value) | np.isclose(c, value, rtol=1e-9, atol=1e-12)
        return Table(self.columns, [self._data[c][keep] for c in self.columns], self.meta,
                     self.units)

    def frame(self):
        """The same as a pandas.DataFrame."""
        import pandas
        return pandas.DataFrame(self._data)

    def __repr__(self):
        lines = [f"{len(self)} rows: " + " ".join(self.columns)]
        for k in range(min(len(self), 8)):
            row = (self._data[c][k] for c in self.columns)
            lines.append("  ".join(f"{v:.6g}" if isinstance(v, (float, np.floating)) else str(v)
                                   for v in row))
        return "\n".join(lines + (["..."] if len(self) > 8 else []))


def _column(values):
    """One column: floats, or strings where one value is no number."""
    try:
        return np.array([math.nan if v is None else float(v) for v in values])
    except ValueError:
        return np.array([str(v) for v in values])


def _from_json(text):
    j = json.loads(text)
    columns = list(zip(*j["rows"])) or [[] for _ in j["columns"]]
    meta = dict(j["meta"], rows=j["row_count"]) if "row_count" in j else j["meta"]
    return Table(j["columns"], [_column(c) for c in columns], meta,
                 dict(zip(j["columns"], j["units"])))


def _from_text(text):
    meta, names, rows = {}, [], []
    for line in text.splitlines():
        if line.startswith("# columns:"):
            names = line.split()[2:]
        elif line.startswith("#"):
            key, _, value = line[1:].partition(":")
            meta[key.strip()] = value.strip()
        elif line.strip():
            rows.append(line.split())
    units = {n.partition("[")[0]: n.partition("[")[2].rstrip("]") or None for n in names}
    columns = list(zip(*rows)) or [[] for _ in names]
    return Table(list(units), [_column(c) for c in columns], meta, units)


def read(path):
    """A table that a tool has written with --output, in either format. ValueError: a shard of which rows are missing."""
    text = pathlib.Path(path).read_text(encoding="utf-8-sig")
    table = _from_json(text) if text.lstrip().startswith("{") else _from_text(text)
    told = int(table.meta.pop("rows", -1))
    if "shard" in table.meta and told != len(table):
        raise ValueError(f"{path}: {len(table)} rows" + (f", and its end tells of {told}" if told >= 0 else "") + ": it was cut")
    return table


# ---------------------------------------------------------------- tools

def _words(options):
    for name, value in options.items():
        flag = "--" + name.rstrip("_").replace("_", "-")      # lambda_, from_: words of Python
        if value is True:
            yield flag
        elif value is not None and value is not False:
            if isinstance(value, (list, tuple, np.ndarray)):
                value = ",".join(_number(v) for v in value)
            yield f"{flag}={_number(value)}"


def _number(value):
    return repr(float(value)) if isinstance(value, (float, np.floating)) else str(value)


def _kept(argv, files):
    """The file of the cache for this command: its name knows the tool and the inputs by their dates."""
    dates = [os.stat(f).st_mtime_ns for f in (argv[0], *files)]
    key = hashlib.sha256(json.dumps([dates, argv[1:]]).encode()).hexdigest()
    return CACHE / f"{key[:20]}.json"


def run(command, *files, quiet=False, cache=True, **options):
    """Run `fl-COMMAND FILES --option=value ...` and return its table.

    command: tool and mode, "overlap histogram". Options as on the command line, with _ for - (and
    lambda_, from_); lists and ranges ("0:1:0.1") are allowed; True is a switch. The command and its
    time are printed unless `quiet`. Results are kept in .fixland-cache, so that a cell that is run
    twice costs nothing. Where the tool fails its own sentence is raised as RuntimeError. Two threads,
    or $FIXLAND_THREADS.
    """
    name, *mode = command.split()
    argv = [tool(name), *mode, *map(str, files), *_words(options), "--format=json", "--quiet"]
    shown = " ".join(["fl-" + name, *argv[1:-2]])
    writes = command == "train export" or any(
        o in options for o in ("store", "save", "output", "states", "task_times"))
    inputs = [str(f).partition(".h5:")[0] + ".h5" if ".h5:" in str(f) else f
              for f in (*files, *(v for v in options.values() if isinstance(v, (str, pathlib.Path))))]
    kept = _kept(argv, [f for f in inputs if os.path.isfile(f)])
    start = time.time()
    if cache and not writes and kept.is_file():
        text, how = kept.read_text(), "kept from before"
    else:
        threads = os.environ.get("FIXLAND_THREADS", "2")
        done = subprocess.run(argv, capture_output=True, text=True,
                              env={**os.environ, "OMP_NUM_THREADS": threads})
        if done.returncode:
            raise RuntimeError(done.stderr.strip() or f"{shown}: exit status {done.returncode}")
        text, how = done.stdout, f"{time.time() - start:.1f} s"
        if "output" in options:
            text = pathlib.Path(options["output"]).read_text()
        if cache and not writes:
            CACHE.mkdir(exist_ok=True)
            kept.write_text(text)
    if not quiet:
        print(f"$ {shown}    ({how})")
    return _from_json(text)


# ---------------------------------------------------------------- stores

def _sets(path, what):
    """{(n, sample, jd): what(group of the size, rows of the set)} of a store."""
    import h5py
    out = {}
    with h5py.File(path, "r") as f:
        for group in (g for name, g in f.items() if name.startswith("n") and "index" in g):
            columns = (group["index"][k][:] for k in ("first", "count", "sample", "jd"))
            for first, count, sample, jd in zip(*columns):
                rows = slice(int(first), int(first + count))
                out[int(group.attrs["n"]), int(sample), float(jd)] = what(group, rows)
    return out


def store(path):
    """Configurations of a store: {(n, sample, jd): array of +-1, one configuration a row}."""
    def unpack(group, rows):
        bits = np.unpackbits(group["spins"][rows], axis=1, count=int(group.attrs["n"]),
                             bitorder="little")
        return 2 * bits.astype(np.int8) - 1
    return _sets(path, unpack)


def weights(path):
    """How many configurations each row of store() stands for (1 where the store has no weights)."""
    return _sets(path, lambda g, rows: g["weight"][rows] if "weight" in g
                 else np.ones(rows.stop - rows.start))


def networks(path):
    """Couplings that a store keeps beside its configurations: {(n, sample): J with its diagonal}."""
    import h5py
    with h5py.File(path, "r") as f:
        return {(int(g.attrs["n"]), int(name[len("sample"):])): matrix[:]
                for g in f.values() if "networks" in g for name, matrix in g["networks"].items()}


def scratch(name):
    """A file for --store, --save or --network that may be written again, relative to the notebook."""
    CACHE.mkdir(exist_ok=True)
    (CACHE / name).unlink(missing_ok=True)
    return str(CACHE / name)


# ---------------------------------------------------------------- numbers

_erfc = np.vectorize(math.erfc, otypes=[float])


def Phi(x):
    """Standard normal distribution."""
    return 0.5 * _erfc(-np.asarray(x, float) / math.sqrt(2))


def phi(x):
    """Standard normal density."""
    return np.exp(-np.square(x) / 2) / math.sqrt(2 * math.pi)


def configurations(n):
    """All 2^n configurations, one a row, n up to about 16."""
    return 1 - 2 * ((np.arange(2 ** n)[:, None] >> np.arange(n)) & 1)


def check(what, value, expected, tol=None, error=None, sigmas=4, hint=None):
    """Self-check: |value - expected| <= tol, or <= sigmas * error. Says what it compared either way."""
    if value is None or value is Ellipsis:
        raise AssertionError(f"{what}: still to be done")
    allowed = tol if tol is not None else sigmas * error
    how = f"{float(value):.6g}, expected {float(expected):.6g} +- {allowed:.2g}"
    if not abs(float(value) - float(expected)) <= allowed:
        raise AssertionError(f"{what}: {how}" + (f"\nHint: {hint}" if hint else ""))
    print(f"ok   {what}: {how}")


def _tail(k, n, p):
    """The smaller of the probabilities of at most and of at least k successes in n trials."""
    if not 0 < p < 1:
        return float(k == n * p)
    def log_term(j):
        return (math.lgamma(n + 1) - math.lgamma(j + 1) - math.lgamma(n - j + 1)
                + j * math.log(p) + (n - j) * math.log1p(-p))
    below = sum(math.exp(log_term(j)) for j in range(k + 1))
    above = sum(math.exp(log_term(j)) for j in range(k, n + 1))
    return min(below, above)


def check_share(what, share, runs, low, high=None, level=1e-6):
    """Self-check of a share of `runs` independent runs: would a probability between low and high
    (low alone: exactly that) give it? Exact binomial tails; fails where their probability is below `level`."""
    if share is None or share is Ellipsis:
        raise AssertionError(f"{what}: still to be done")
    high = low if high is None else high
    nearest = min(max(float(share), low), high)
    chance = _tail(round(float(share) * runs), runs, nearest)
    how = (f"{float(share):.4g} of {runs} runs, expected "
           + (f"{low:.4g}" if low == high else f"between {low:.4g} and {high:.4g}"))
    if not chance >= level:
        raise AssertionError(f"{what}: {how}; this would happen with probability {chance:.1g}")
    print(f"ok   {what}: {how}")


# ---------------------------------------------------------------- figures

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
MARKERS = ["o", "s", "^", "v", "D", "x", "+"]


def style():
    """The look of the report: theory as lines, data as points with bars, Okabe and Ito's palette."""
    import matplotlib
    from cycler import cycler
    matplotlib.rcParams.update({
        "figure.figsize": (6.4, 4.4), "figure.dpi": 100, "savefig.dpi": 150,
        "figure.constrained_layout.use": True, "font.size": 11,
        "axes.prop_cycle": cycler(color=COLOURS), "axes.spines.top": False,
        "axes.spines.right": False, "axes.linewidth": 0.8, "lines.linewidth": 1.5,
        "lines.markersize": 5, "errorbar.capsize": 2, "legend.frameon": False,
        "legend.handlelength": 1.6, "mathtext.fontset": "dejavusans"})


def data(ax, k, x, y, error=None, label=None, **more):
    """Series k as points with error bars."""
    return ax.errorbar(x, y, error, fmt=MARKERS[k % 7], color=COLOURS[k % 7], elinewidth=1,
                       label=label, **more)


def theory(ax, k, x, y, label=None, **more):
    """Series k as a line."""
    return ax.plot(x, y, "-", color=COLOURS[k % 7], label=label, **more)


def describe(text):
    """One sentence under a figure, for readers who do not see it; the pages use it as its alt text."""
    from IPython.display import Markdown, display
    display(Markdown(f"*In words:* {text}"))
