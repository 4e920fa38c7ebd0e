"""Train the capstone's own solution on this machine, and write down what it reaches.

    python benchmarks/capstone.py --source synthetic
    python benchmarks/capstone.py --source cifar10 --data DIR [--train 50000]    # DIR: cifar-10-batches-py

It runs the functions of the notebook with the reference answers, a few seeds each. Every run goes to
benchmarks/capstone.json. From all runs so far it writes the table docs/capstone-results.md and the steps of
the ladder, cs231nlib/ladder.json; on the stand-in also the nets that the reference hands in,
course/chapters/08_capstone/*.npz (seed 0, weights stored as float16).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # so that CPU times say the same on every machine

import numpy as np
from finished import names_of

from cs231nlib.cifar import load_CIFAR10
from cs231nlib.ladder import RUNGS, SOURCES
from cs231nlib.synthetic import make_synthetic_CIFAR10
from grader.course.build import chapters

ROOT = Path(__file__).resolve().parents[1]
COURSE, NAME = ROOT / "course", "08_capstone"
RUNS, LADDER = ROOT / "benchmarks" / "capstone.json", ROOT / "cs231nlib" / "ladder.json"
TABLE, HANDED_IN = ROOT / "docs" / "capstone-results.md", COURSE / "chapters" / NAME
SEEDS, FEW, ALL = (0, 1, 2), 10_000, 50_000
CHANCE, MARGIN, REACH, STEPS = 10.0, 1.0, 5.0, 5  # percent, percent, percent, and how many steps
LONG = {  # what changes with five times as many pictures
    "softmax": {"lr": 0.0005, "reg": 0.01, "epochs": 20, "augment": None, "patience": 20},
    "two_layer": {"reg": 0.001},
    "regularized": {"hidden": 512, "reg": 0.001, "epochs": 25, "keep": 1.0},
}
TEXT = """\
# What the capstone's own solution reaches

Shares of right answers on the test pictures, in percent, one net per seed. A seed decides which training
pictures are taken, how they are split into train and val (1,000), the first weights, and the batches.
Early stopping and settings look at val only. The standard error is that of the mean over the seeds; the
10,000 test pictures of CIFAR-10 alone leave ±0.5 points to each number, the 2,000 of the stand-in ±1.1.
Made by `benchmarks/capstone.py`, which also derives the steps of the ladder ({ladder}).

| pictures | trained on | rung | test, by seed | mean ± standard error | val, mean | CPU s | wall s |
|---|---|---|---|---|---|---|---|
{table}

Times are those of training one net, on {machine} with 2 cores and one BLAS thread, beside other work. The
settings on {few:,} pictures are those of the reference answer in `course/chapters/08_capstone.md`; on {all:,}
they change to {long}.

A rung's last step lies {margin:g} point below the weakest result, on test or on val, of the seeds on {few:,}
pictures, rounded down. Its first
step is one fifth of the way up from where it begins: {reach:g} points below the last, or halfway down to the
rung below (chance, for the first rung) where that is further.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", choices=SOURCES, required=True)
    parser.add_argument("--data", help="where the pictures are, or are written")
    parser.add_argument("--train", type=int, default=FEW)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--rungs", nargs="+", default=RUNGS)
    chosen = parser.parse_args()
    names = names_of(NAME)
    for seed in chosen.seeds:
        data = pictures(chosen, seed)
        deal(names, data, seed)
        for rung in chosen.rungs:
            keep(measure(names, data, rung, chosen, seed))
    write_results()


def pictures(chosen, seed: int):
    """The training pictures of a seed, and all test pictures."""
    root = chosen.data
    if chosen.source == "synthetic":
        root = make_synthetic_CIFAR10(root, FEW, 2_000)
    return load_CIFAR10(root, n_train=chosen.train, n_test=None, seed=seed)


def deal(names: dict, data, seed: int) -> None:
    """Run what the notebook's cell does after loading the pictures: split them and scale them."""
    cells = chapters(COURSE, NAME)[0].cells
    (cell,) = (c for c in cells if "scaler = Standardizer()" in c.source)
    names |= {"data": data, "SEED": seed, "N": len(data.X_train)}
    exec(cell.source[cell.source.index("parts = split") :], names)


def measure(names: dict, data, rung: str, chosen, seed: int) -> dict:
    """Train one net; on the stand-in, seed 0 hands it in."""
    settings = names["settings"](rung) | (LONG[rung] if chosen.train == ALL else {})
    wall, cpu = time.perf_counter(), time.process_time()
    best, history = names["train"](settings, seed=seed)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    net = best | {"mean": names["scaler"].mean, "std": names["scaler"].std}
    chosen_on = {"pictures": names["N"], "val": names["parts"]["val"].astype(np.int32)}
    answers = [names["predict"](net, part) for part in np.array_split(data.X_test, 10)]
    test = 100 * float(np.mean(np.concatenate(answers) == data.y_test))
    if data.source == "synthetic" and seed == 0:
        hand_in(rung, net, chosen_on | {"source": data.source})
    val, epochs = 100 * max(history["val_acc"]), len(history["val_acc"])
    run = {"source": data.source, "train": chosen.train, "rung": rung, "seed": seed, "val": round(val, 2)}
    return run | {"test": round(test, 2), "epochs": epochs, "cpu": round(cpu, 1), "wall": round(wall, 1)}


def hand_in(rung: str, net: dict, where: dict) -> None:
    HANDED_IN.mkdir(exist_ok=True)
    small = {name: array.astype(np.float16 if name[0] == "W" else np.float32) for name, array in net.items()}
    np.savez_compressed(HANDED_IN / f"{rung}.npz", **where, **small)


def keep(run: dict) -> None:
    """Put a run in place of an earlier one of the same kind."""
    print(*(f"{name} {value}" for name, value in run.items()), flush=True)
    same = ("source", "train", "rung", "seed")
    runs = [old for old in read_runs() if any(old[name] != run[name] for name in same)]
    RUNS.write_text(json.dumps([*runs, run], indent=1) + "\n")


def read_runs() -> list[dict]:
    return json.loads(RUNS.read_text()) if RUNS.exists() else []


def write_results() -> None:
    """The table and the ladder, from all runs so far."""
    groups: dict[tuple, list[dict]] = {}
    for run in sorted(
        read_runs(), key=lambda run: (run["source"], run["train"], RUNGS.index(run["rung"]), run["seed"])
    ):
        groups.setdefault((run["source"], run["train"], run["rung"]), []).append(run)
    table = "\n".join(row(place, runs) for place, runs in groups.items())
    facts = {"table": table, "ladder": LADDER.relative_to(ROOT), "machine": platform.machine(), "long": LONG}
    TABLE.write_text(TEXT.format(**facts, few=FEW, all=ALL, margin=MARGIN, reach=REACH))
    whole = [source for source in SOURCES if all((source, FEW, rung) in groups for rung in RUNGS)]
    ladder = json.loads(LADDER.read_text())
    for source in whole:
        ladder[source] |= ladder_of({rung: groups[source, FEW, rung] for rung in RUNGS})
    LADDER.write_text(json.dumps(ladder, indent=1) + "\n")


def row(place: tuple[str, int, str], runs: list[dict]) -> str:
    source, train, rung = place
    test, val, cpu, wall = (np.array([run[name] for run in runs]) for name in ("test", "val", "cpu", "wall"))
    error = f" ± {test.std(ddof=1) / len(test) ** 0.5:.1f}" if len(test) > 1 else ""
    seeds = ", ".join(f"{one:.1f}" for one in test)
    means = f"{test.mean():.1f}{error} | {val.mean():.1f} | {cpu.mean():.1f} | {wall.mean():.1f}"
    return f"| {source} | {train:,} | {rung} | {seeds} | {means} |"


def ladder_of(runs: dict[str, list[dict]]) -> dict[str, list[float]]:
    """rung -> the percentages of its steps"""
    below, ladder = CHANCE, {}
    for rung in RUNGS:
        ladder[rung] = five_steps(below, [min(run["test"], run["val"]) for run in runs[rung]])
        below = ladder[rung][-1]
    return ladder


def five_steps(below: float, reached: list[float]) -> list[float]:
    """The percentages of one rung, from the last of the rung below and what each seed reached."""
    last = float(np.floor(min(reached) - MARGIN))
    begin = min(last - REACH, (below + last) / 2)
    return [round(float(p), 1) for p in np.linspace(begin, last, STEPS + 1)[1:]]


if __name__ == "__main__":
    main()
