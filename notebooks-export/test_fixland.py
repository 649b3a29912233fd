#!/usr/bin/env python3
"""fixland.py against the tools: a table of every tool in both formats, every kind of store, and the lines
that doc/formats.md gives to those who do without fixland.py. Plain python3; exit status 1 on a failure."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
os.environ.setdefault("FIXLAND_BIN", str(HERE.parent / "build" / "bin"))
os.chdir(tempfile.mkdtemp(prefix="fixland-test-"))
import fixland as fl  # noqa: E402

TABLES = {      # every tool and mode, at its smallest
    "entropy count": dict(n=[10, 20], jd=[0, 0.5]), "entropy pairs": dict(n=8),
    "entropy potential": dict(jd=0.3, distance="0.1:0.3:0.1"),
    "entropy chain": dict(jd=0, lambda_=[0.2, 0.4], modules=2),
    "phase levels": dict(levels=1), "phase critical": {}, "phase gaps": dict(m="2:3"), "phase curve": dict(jd=0.1, points=4),
    "phase tuples": dict(jd=0.1, m=2, distance=0.1), "phase plane": dict(lambda_=0.1),
    "phase perceptron": dict(m=2), "enumerate": dict(n=10, jd=[0, 0.3], samples=3),
    "enumerate --summary": dict(n=10, jd=0.3, samples=5),
    "enumerate --estimate=4": dict(n=24, jd=0, samples=2),
    "count run": dict(n=20, jd=0.3, population=512), "count check": dict(n=16, jd=0.3, population=512),
    "overlap histogram": dict(n=8, jd=0.3, samples=3), "overlap clusters": dict(n=8, jd=0.3, samples=3),
    "overlap sizes": dict(n=8, jd=0.3, samples=3), "overlap map": dict(n=8, jd=0.5),
    "overlap gap": dict(n=8, jd=0.3, samples=3, m=2, q=0),
    "access run": dict(n=30, jd=[0, 0.5], samples=3, sweeps=50),
    "access run --per-sample": dict(n=30, jd=0.5, samples=3, sweeps=50),
    "access trace": dict(n=50, jd=0.5, sweeps=10),
    "dmft trace": dict(jd=0.5, time=5, trajectories=512, repetitions=2),
    "dmft plateau": dict(jd=0.5, p=1, trajectories=8, repetitions=2),
    "train": dict(epochs=1, train=100, test=50, hidden=20, features=20),
    "train sweep": dict(epochs=1, train=100, test=50, hidden=20, features=20, jd=[0, 0.5], seeds=2),
    "train presets": {}, "train baseline": dict(epochs=1, train=100, test=50, features=20, kind="linear"),
    "train capacity": dict(hidden=20, features=20, load=0.1, epochs=2, seeds=2),
    "plot list": {},
}


def both_formats(command, options):
    """The same table from both formats: names, units, texts, numbers."""
    name = command.replace(" ", "-").replace("-", "")
    made = []
    for form in ("tsv", "json"):
        words, *flags = command.split(" --")
        argv = [fl.tool(words.split()[0]), *words.split()[1:], *("--" + f for f in flags),
                *fl._words(options), f"--format={form}", f"--output={name}.{form}", "--quiet"]
        done = subprocess.run(argv, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        made.append(fl.read(f"{name}.{form}"))
    text, js = made
    assert text.columns == js.columns and len(text) == len(js) > 0
    assert text.units == js.units
    assert text.meta["program"] == js.meta["program"] == f"fl-{command.split()[0]}"
    for c in text.columns:
        a, b = text[c], js[c]
        assert a.dtype.kind == b.dtype.kind, c
        if c == "seconds":      # of two runs
            continue
        assert (a == b).all() if a.dtype.kind == "U" else np.array_equal(a, b, equal_nan=True), c
    return name


def without_helper(name):
    """numpy and pandas by the lines of doc/formats.md."""
    file = f"{name}.tsv"
    # numpy
    names = [x for x in open(file) if x.startswith("# columns:")][0].split()[2:]
    t = np.genfromtxt(file, names=[x.split("[")[0] for x in names], dtype=None, encoding="utf-8",
                      deletechars="")
    ours = fl.read(file)
    for c in ours.columns:
        got = np.atleast_1d(t[c])
        if ours[c].dtype.kind != "U" and got.dtype.kind != "U":
            assert np.array_equal(got.astype(float), ours[c], equal_nan=True), c
    # pandas, or anything that takes names and rows
    j = json.load(open(f"{name}.json"))
    assert j["columns"] == ours.columns and len(j["rows"]) == len(ours)
    try:
        import pandas
    except ImportError:
        return
    frame = pandas.read_csv(file, sep=" ", comment="#", names=names)
    assert frame.shape == (len(ours), len(ours.columns))
    assert ours.frame().shape == frame.shape


def fixed(J, s):
    return np.all(s * (s @ J.T) >= 0)


def stores():
    """Enumerated, reached, counted, and with the networks in it."""
    enumerated = fl.run("enumerate", n=[9, 12], jd=[0, 0.3], samples=4, store="all.h5", quiet=True)
    sets = fl.store("all.h5")
    for k in range(len(enumerated)):
        key = int(enumerated.n[k]), int(enumerated.sample[k]), float(enumerated.jd[k])
        assert len(sets[key]) == enumerated["count"][k], key
        assert set(np.unique(sets[key])) <= {-1, 1}
    rng = np.random.default_rng(5)
    J = rng.normal(size=(12, 12)) / np.sqrt(12)
    np.fill_diagonal(J, 0.3)
    np.save("J.npy", J)
    fl.run("enumerate", network="J.npy", jd=0, store="one.h5", quiet=True)
    (points,) = fl.store("one.h5").values()
    brute = [s for s in fl.configurations(12) if fixed(J, s)]
    assert {tuple(s) for s in points} == {tuple(s) for s in brute}
    fl.run("access run", n=30, jd=0.5, samples=2, replicas=5, store="ends.h5", quiet=True)
    assert {k[0] for k in fl.store("ends.h5")} == {30}
    counted = fl.run("count", n=20, jd=0.3, samples=2, population=2048, store="drawn.h5", quiet=True)
    weights = fl.weights("drawn.h5")
    for k in range(len(counted)):
        w = weights[20, int(counted.sample[k]), 0.3]
        if np.isfinite(counted.log_count[k]):
            assert abs(np.log(w.sum()) - counted.log_count[k]) < 0.2
    assert all(np.all(w == 1) for w in fl.weights("all.h5").values())
    for J in fl.networks("all.h5").values():
        assert J.shape[0] == J.shape[1]


def errors():
    """A tool's own sentence comes through; a column that is not there is named."""
    try:
        fl.run("enumerate", n=200, quiet=True)
    except RuntimeError as error:
        assert "200" in str(error)
    else:
        raise AssertionError("--n 200 went through")
    try:
        fl.run("entropy count", jd=0, n=4, quiet=True).no_such
    except AttributeError as error:
        assert "mean_count" in str(error)
    else:
        raise AssertionError("a column that is not there was found")


def kept():
    """A second run comes from the cache and is equal; other options are another run."""
    a, b = (fl.run("enumerate", n=8, jd=0.3, samples=2, quiet=True) for _ in range(2))
    c = fl.run("enumerate", n=8, jd=0.3, samples=2, seed=2, quiet=True)
    assert np.array_equal(a["count"], b["count"]) and a.meta["date"] == b.meta["date"]
    assert a.meta["seed"] != c.meta["seed"]


def main():
    failed = 0
    tests = [(c, lambda c=c, o=o: without_helper(both_formats(c, o))) for c, o in TABLES.items()]
    tests += [("stores", stores), ("errors", errors), ("cache", kept)]
    for name, test in tests:
        try:
            test()
        except Exception as error:
            failed += 1
            print(f"FAILED {name}: {type(error).__name__}: {error}")
    print(f"test_fixland: {len(tests) - failed} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
