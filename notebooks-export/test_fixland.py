#!/usr/bin/env python3
"""fixland.py against the tools: a table of every tool in both formats, every kind of store, and the lines
that doc/formats.md gives to those who do without fixland.py. Plain python3; exit status 1 on a failure."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
os.environ.setdefault("FIXLAND_BIN", str(HERE.parent / "build" / "bin"))
os.chdir(tempfile.mkdtemp(prefix="fixland-test-"))
import fixland as fl  # noqa: E402

# Every tool and mode at its smallest, and every option that gives a table other columns. Files are those of inputs().
# every_table() asks the tools which there are, so that a new one without a line here fails.
TINY = dict(epochs=1, train=100, test=50, hidden=20, features=20)
TABLES = {
    "entropy count": dict(n=[10, 20], jd=[0, 0.5]), "entropy pairs": dict(n=8),
    "entropy potential": dict(jd=0.3, distance="0.1:0.3:0.1"),
    "entropy fluctuations": dict(jd=[0, 0.3], n=20), "entropy cycles": dict(jd=[0, 0.3], n=10),
    "entropy input": dict(jd=0.5, strength=[0.5, 1]),
    "entropy chain": dict(jd=0, lambda_=[0.2, 0.4], modules=2),
    "phase levels": dict(levels=1), "phase critical": {}, "phase gaps": dict(m="2:3"),
    "phase curve": dict(jd=0.1, points=4), "phase curve --levels=2": dict(jd=0.074, points=2, from_=0.035, to=0.04),
    "phase tuples": dict(jd=0.1, m=2, distance=0.1),
    "phase tuples --levels=2": dict(jd=0.07, m=12, x1=4, distance=0.1, inner=0.02),
    "phase modules": dict(modules=1, m=2), "phase modules --distances=0.05": dict(m=2, lambda_=0),
    "phase plane": dict(lambda_=0.1), "phase perceptron": dict(m=2), "phase perceptron --levels=1": dict(),
    "enumerate": dict(n=10, jd=[0, 0.3], samples=3),
    "enumerate --summary": dict(n=10, jd=0.3, samples=5),
    "enumerate --limit=2": dict(n=12, jd=0.5, samples=3),
    "enumerate --estimate=4": dict(n=24, jd=0, samples=2),
    "count run": dict(n=20, jd=0.3, population=512),
    "count run --summary": dict(n=20, jd=0.3, population=512, samples=2),
    "count run --diagnostics": dict(n=20, jd=0.3, population=512),
    "count check": dict(n=16, jd=0.3, population=512),
    "overlap histogram": dict(n=8, jd=0.3, samples=3),
    "overlap histogram --test": dict(n=8, jd=0.3, samples=30),
    "overlap histogram --smooth=0.1": dict(n=8, jd=0.3, samples=3),
    "overlap histogram --shard=1/2": dict(n=8, jd=0.3, samples=3),
    "overlap between all.h5 ends.h5": {}, "overlap between all.h5 ends.h5 --matrix": {},
    "overlap between all.h5 ends.h5 --shard=1/2": {},
    "overlap clusters": dict(n=8, jd=0.3, samples=3),
    "overlap clusters --summary": dict(n=8, jd=0.3, samples=3),
    "overlap clusters all.h5 ends.h5 --reached": {},
    "overlap clusters --shard=1/2": dict(n=8, jd=0.3, samples=3),
    "overlap sizes": dict(n=8, jd=0.3, samples=3), "overlap map": dict(n=8, jd=0.5),
    "overlap sizes --shard=1/2": dict(n=8, jd=0.3, samples=3), "overlap map --shard=2/2": dict(n=8, jd=0.5),
    "overlap gap": dict(n=8, jd=0.3, samples=3, m=2, q=0),
    "overlap gap --shard=1/2": dict(n=8, jd=0.3, samples=3, m=2, q=0),
    "access run": dict(n=30, jd=[0, 0.5], samples=3, sweeps=50),
    "access run --per-sample": dict(n=30, jd=0.5, samples=3, sweeps=50),
    "access collect runs.tsv": {}, "access threshold runs.tsv": dict(resamples=20),
    "access trace": dict(n=50, jd=0.5, sweeps=10),
    "access basins": dict(n=10, jd=0.5, starts=50),
    "access basins --points": dict(n=10, jd=0.5, starts=50),
    "access return --start=ends.h5": dict(trials=2),
    "access return --start=ends.h5 --summary": dict(trials=2),
    "access near --start=all.h5": {}, "access near --start=all.h5 --summary": {},
    "message solve": dict(n=60, jd=0.3, samples=2),
    "message solve --per-sample": dict(n=60, jd=0.3, samples=2),
    "message local": dict(n=40, jd=0.5, samples=1, gamma=[1, 0.5]),
    "message local --summary": dict(n=40, jd=0.5, samples=2),
    "message entropy": dict(n=12, jd=0.5, samples=2),
    "message perceptron": dict(n=50, samples=1), "message perceptron --shard=1/2": dict(n=30, samples=2),
    "dmft trace": dict(jd=0.5, time=5, trajectories=512, repetitions=2),
    "dmft plateau": dict(jd=0.5, p=1, trajectories=16, repetitions=2),
    "dmft threshold": dict(trajectories=16, repetitions=2, unstable="0.08:0.16:0.02"),
    "dmft threshold --points": dict(trajectories=16, repetitions=2, unstable="0.1:0.2:0.1"),
    "dmft retrieval": dict(jd=0.9, overlap=0.8, time=3, trajectories=512, repetitions=2),
    "train": TINY, "train eval model.h5": {}, "train overlaps model.h5": {},
    "train export model.h5": dict(network="coupling.npy"),
    "train sweep": dict(TINY, jd=[0, 0.5], seeds=2), "train presets": {},
    "train baseline": dict(epochs=1, train=100, test=50, features=20, kind="linear"),
    "train continual": dict(TINY, tasks="0,1/2", seeds=2, beside="none"),
    "train continual --shard=1/2": dict(TINY, tasks="0,1/2", seeds=2, beside="none"),
    "train capacity": dict(hidden=20, features=20, load=0.1, epochs=2, seeds=2),
    "plot list": {}, "merge part1.tsv part2.tsv": {}, "merge part1.tsv --missing": {},
}
NO_TABLE = {"plot draw": "a figure"}
SLOW = {"phase critical --levels": "ten seconds; its rows are as those of phase levels"}


def inputs():
    """What the modes that read something are given."""
    quiet = dict(quiet=True)
    fl.run("enumerate", n=10, jd=0.5, samples=2, store="all.h5", **quiet)
    fl.run("access run", n=10, jd=0.5, samples=2, replicas=5, sweeps=50, store="ends.h5", **quiet)
    fl.run("train", save="model.h5", **TINY, **quiet)
    for file, command, options in (
            ("runs.tsv", "access run --per-sample", dict(n=[30, 60], jd="0.1:0.5:0.2", samples=6, sweeps=50)),
            ("part1.tsv", "enumerate", dict(n=10, jd=0.5, samples=4, shard="1/2")),
            ("part2.tsv", "enumerate", dict(n=10, jd=0.5, samples=4, shard="2/2"))):
        subprocess.run(command_line(command, options, file, "tsv"), check=True)


def said(program, *words):
    return subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout


def programs():
    """The tools; fl-mpi runs any of them and has no tables of its own."""
    return sorted(p for p in pathlib.Path(fl.tool("entropy")).parent.glob("fl-*") if p.name != "fl-mpi")


def asked():
    """(tool and mode, options any of which gives a table of its own) of all there are; no options: the plain one."""
    for program in programs():
        for mode in said(program, "--print", "modes").split() or [""]:
            name = f"{program.name[len('fl-'):]} {mode}".strip()
            yield name, ()
            for heading in re.findall(r"^Columns with (.*):$", said(program, *mode.split(), "--help"), re.M):
                yield name, tuple(re.findall(r"--[a-z-]+", heading))


def every_table():
    """No mode, and no option that gives other columns, is left out above."""
    words = [(c.split() + [f"--{o}" for o in options]) for c, options in TABLES.items()]
    words += [["train", "train", *w[1:]] for w in words if w[:1] == ["train"]]      # the mode that may be left out

    def tested(name, options):
        cases = (w for w in words if w[:len(name.split())] == name.split())
        return any(not options or {x.partition("=")[0] for x in w} & set(options) for w in cases)

    left = [f"{name} {' or '.join(options)}".strip() for name, options in asked()
            if name not in NO_TABLE and not tested(name, options)]
    left = [name for name in left if name not in SLOW]
    assert not left, f"not tested: {left}"


def command_line(command, options, output, form):
    """`train eval model.h5 --flag` and options as the words of a command line."""
    name, *rest = command.split()
    return [fl.tool(name), *rest, *fl._words(options), f"--format={form}", f"--output={output}", "--force",
            "--quiet"]


def both_formats(command, options):
    """The same table from both formats: names, units, texts, numbers."""
    name = "".join(c for c in command if c.isalnum())
    made = []
    for form in ("tsv", "json"):
        for output in options.get("network", ()) and [options["network"]]:
            pathlib.Path(output).unlink(missing_ok=True)
        done = subprocess.run(command_line(command, options, f"{name}.{form}", form), capture_output=True,
                              text=True)
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


def enumerated_store():
    """All fixed points, sets of several sizes and self-couplings."""
    t = fl.run("enumerate", n=[9, 12], jd=[0, 0.3], samples=4, store="sets.h5", quiet=True)
    sets = fl.store("sets.h5")
    for k in range(len(t)):
        key = int(t.n[k]), int(t.sample[k]), float(t.jd[k])
        assert len(sets[key]) == t["count"][k], key
        assert set(np.unique(sets[key])) <= {-1, 1}
    assert all(np.all(w == 1) for w in fl.weights("sets.h5").values())
    assert not fl.networks("sets.h5")


def matrix_store():
    """Of one given matrix, against brute force."""
    rng = np.random.default_rng(5)
    J = rng.normal(size=(12, 12)) / np.sqrt(12)
    np.fill_diagonal(J, 0.3)
    np.save("J.npy", J)
    fl.run("enumerate", network="J.npy", jd=0, store="one.h5", quiet=True)
    (points,) = fl.store("one.h5").values()
    brute = [s for s in fl.configurations(12) if fixed(J, s)]
    assert {tuple(s) for s in points} == {tuple(s) for s in brute}


def networks_in_stores():
    """Every tool that keeps its networks: what is stored is fixed under what is stored beside it."""
    for command, options in (("enumerate", {}), ("access run", dict(replicas=5)), ("message solve", {}),
                             ("count run", dict(population=512))):
        file = command.split()[0] + "-networks.h5"
        fl.run(command, n=14, jd=0.6, samples=2, store=file, store_networks=True, quiet=True, **options)
        matrices, seen = fl.networks(file), 0
        assert set(matrices) == {(14, 0), (14, 1)}, command
        for (n, sample, jd), points in fl.store(file).items():
            J = matrices[n, sample].copy()
            np.fill_diagonal(J, J.diagonal() + jd)
            assert all(fixed(J, s) for s in points), command
            seen += len(points)
        assert seen, command


def reached_store():
    """One row a run of a dynamics; one row a network of message passing."""
    t = fl.run("access run", n=30, jd=0.9, samples=2, replicas=5, store="reached.h5", quiet=True)
    assert t.success[0] == 1 and [len(s) for s in fl.store("reached.h5").values()] == [5, 5]
    t = fl.run("message solve", n=60, jd=0.3, samples=3, store="solved.h5", quiet=True)
    assert sum(map(len, fl.store("solved.h5").values())) == round(3 * t.success[0]) > 0


def drawn_store():
    """Weights add up to the count."""
    t = fl.run("count", n=20, jd=0.3, samples=2, population=2048, store="drawn.h5", quiet=True)
    weights = fl.weights("drawn.h5")
    for k in range(len(t)):
        w = weights[20, int(t.sample[k]), 0.3]
        if np.isfinite(t.log_count[k]):
            assert abs(np.log(w.sum()) - t.log_count[k]) < 0.2


def state_stores():
    """States that a trained network ends in: a set a class, and that of one example."""
    t = fl.run("train overlaps", "model.h5", states="states.h5", quiet=True)
    sets = fl.store("states.h5")
    assert len(t) and sets and {s.shape[1] for s in sets.values()} == {TINY["hidden"]}
    fl.run("train export", "model.h5", network="given.npy", state="state.h5", input="field.txt", quiet=True)
    (state,) = fl.store("state.h5").values()
    J, field = np.load("given.npy"), np.loadtxt("field.txt").ravel()
    assert state.shape == (1, len(J)) and np.all(state[0] * (J @ state[0] + field) >= 0)


def model_store():
    """Couplings of a trained network, as its export and as the file itself tell them."""
    import h5py
    fl.run("train", save="couplings.h5", **TINY, quiet=True)
    subprocess.run([fl.tool("train"), "export", "couplings.h5", "--network=exported.npy", "--quiet"], check=True,
                   capture_output=True)
    J = np.load("exported.npy")
    assert J.shape == (20, 20) and np.allclose(J.diagonal(), 0.5)
    with h5py.File("couplings.h5") as f:
        found = []
        f.visititems(lambda _, x: found.append(x[()]) if getattr(x, "size", 0) == 400 else None)
    off = ~np.eye(20, dtype=bool)
    assert any(np.allclose(x.reshape(20, 20)[off], J[off], atol=1e-6) for x in found)


def every_store():
    """No option that writes a file of configurations is left out above."""
    found = {(program.name, option) for program in programs()
             for mode in said(program, "--print", "modes").split() or [""]
             for option in re.findall(r"^  --(\S+) FILE.h5 +(?:keep|write)",
                                      said(program, *mode.split(), "--help"), re.M)}
    assert found == {("fl-enumerate", "store"), ("fl-access", "store"), ("fl-count", "store"), ("fl-message", "store"),
                     ("fl-train", "save"), ("fl-train", "states"), ("fl-train", "state")}, found


def cut_shards():
    """A shard tells how many rows it has, in both formats; without one of them it is refused."""
    for form in ("tsv", "json"):
        file = pathlib.Path(f"shard.{form}")
        subprocess.run([fl.tool("enumerate"), "--n=9", "--samples=6", "--shard=1/2", f"--output={file}",
                        f"--format={form}"], check=True)
        whole, text = fl.read(file), file.read_text()
        assert len(whole) == 3 and "rows" not in whole.meta
        row = next(x for x in text.splitlines(keepends=True) if x.startswith(("9 0", "[9,0")))
        end = "# rows: 3\n" if form == "tsv" else ',\n"row_count": 3'
        for cut in (text.replace(row, "", 1), text.replace(end, "")):
            assert cut != text
            file.write_text(cut)
            try:
                fl.read(file)
            except ValueError as error:
                assert "it was cut" in str(error)
            else:
                raise AssertionError(f"{form}: a row is missing, and nothing is said")


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
    inputs()
    tests += [(f.__name__, f) for f in (every_table, enumerated_store, matrix_store, networks_in_stores,
                                        reached_store, drawn_store, state_stores,
                                        model_store, every_store, cut_shards, errors, kept)]
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
