"""What chapter 09's own answers reach on CIFAR-10, and what im2col costs beside the product it contains.

    python benchmarks/convolution.py --ratio
    python benchmarks/convolution.py --data DIR [--train 50000] [--epochs 20]    # DIR: cifar-10-batches-py

The net is three stages of `conv_net` (32, 64, 128 filters, 3 x 3) and a dense layer; it learns with `fit`,
`adam` and `augment` of the chapters before. Every run goes to benchmarks/convolution.json, and from all runs
so far the table docs/convolution-results.md is written.
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
from cs231nlib.conv_weights import draw_weights

ROOT = Path(__file__).resolve().parents[1]
NAME = "09_convolution"
RUNS, TABLE = ROOT / "benchmarks" / "convolution.json", ROOT / "docs" / "convolution-results.md"
STAGES, SHIFT, DECAY = ((3, 32), (3, 64), (3, 128)), 3, 5e-4
ADAM = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
LAYERS = ((64, 32, 3, 32), (64, 16, 32, 64), (64, 8, 64, 128))  # N, side, C, F
TEXT = """\
# What chapter 09's own solution reaches

Shares of right answers on the 10,000 test pictures of CIFAR-10, in percent, by a net of three stages
of F filters k × k, (k, F) = {stages}. The test pictures are asked once, at the end; the best
epoch is chosen on 1,000 val pictures. Made by `benchmarks/convolution.py` on {machine} with one BLAS
thread, beside other work.

| trained on | epochs | test | val | CPU min | wall min |
|---|---|---|---|---|---|
{table}

The layer by im2col takes {low:.1f} to {high:.1f} times as long, forward, as the matrix product inside it
(layers N, side, C, F: {layers}).
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data")
    parser.add_argument("--ratio", action="store_true")
    parser.add_argument("--train", type=int, default=10_000)
    parser.add_argument("--epochs", type=int, default=20)
    chosen, names = parser.parse_args(), names_of(NAME)
    results = json.loads(RUNS.read_text()) if RUNS.exists() else {"runs": [], "ratios": []}
    if chosen.ratio:
        results["ratios"] = [ratio(names, *layer) for layer in LAYERS]
    if chosen.data:
        results["runs"] = [run for run in results["runs"] if run["train"] != chosen.train]
        results["runs"].append(measure(names, chosen))
    print(json.dumps(results, indent=1))
    RUNS.write_text(json.dumps(results, indent=1) + "\n")
    if results["ratios"] and results["runs"]:
        TABLE.write_text(text(**results))


def ratio(names: dict, N: int, side: int, C: int, F: int) -> float:
    """CPU time of conv_forward over that of its product, each the best of nine, in turns."""
    rng = np.random.default_rng(0)
    x, W = (rng.normal(size=shape).astype(np.float32) for shape in ((N, side, side, C), (3, 3, C, F)))
    b, rows, flat = np.zeros(F, np.float32), names["im2col"](x, 3, 1, 1), W.reshape(-1, F)
    pairs = [(cpu(lambda: names["conv_forward"](x, W, b, 1, 1)), cpu(lambda: rows @ flat)) for _ in range(9)]
    whole, bare = np.min(pairs, axis=0)
    return round(float(whole / bare), 2)


def cpu(work) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def measure(names: dict, chosen) -> dict:
    """Train one net and ask it about the test pictures."""
    data = load_CIFAR10(chosen.data, n_train=chosen.train, n_test=None)
    mean, std = (array.astype(np.float32) for array in names["channel_stats"](data.X_train))
    X = (data.X_train - mean) / std
    sets = X[1000:], data.y_train[1000:], X[:1000], data.y_train[:1000]
    settings = {"step": names["adam"], "state": ADAM, "lr": 0.002, "batch": 50, "patience": chosen.epochs}
    wall, begin = time.perf_counter(), time.process_time()
    loss, ask = loss_of(names), measure_of(names)
    first = draw_weights(np.random.default_rng(0), 32, 3, STAGES)
    first = {name: array.astype(np.float32) for name, array in first.items()}
    best, history = names["fit"](
        loss, ask, first, sets, settings | {"epochs": chosen.epochs}, np.random.default_rng(0)
    )
    wall, spent = time.perf_counter() - wall, time.process_time() - begin
    test = ask(best, (data.X_test - mean) / std, data.y_test)[1]
    run = {"train": chosen.train, "epochs": chosen.epochs, "test": round(100 * test, 2)}
    val = round(100 * max(history["val_acc"]), 2)
    return run | {"val": val, "cpu": round(spent / 60, 1), "wall": round(wall / 60, 1)}


def loss_of(names: dict):
    """The loss with the penalty, on pictures that are mirrored and shifted anew each time."""

    def loss(params, X, y, rng):
        value, grads = names["conv_net_loss"](params, names["augment"](X, SHIFT, rng), y)
        penalty, pull = names["l2_penalty"](params, np.float32(DECAY))
        return value + penalty, {name: grads[name] + pull[name] for name in params}

    return loss


def measure_of(names: dict):
    def measure(params, X, y):
        parts = zip(np.array_split(X, len(X) // 500), np.array_split(y, len(X) // 500), strict=True)
        asked = [(names["conv_net"](params, part)[0], right) for part, right in parts]
        loss = np.mean([names["softmax_loss"](scores, right)[0] for scores, right in asked])
        return float(loss), float(np.mean([scores.argmax(axis=1) == right for scores, right in asked]))

    return measure


def text(runs: list[dict], ratios: list[float]) -> str:
    columns = ("train", "epochs", "test", "val", "cpu", "wall")
    rows = ["| " + " | ".join(f"{run[name]:,}" for name in columns) + " |" for run in runs]
    facts = {"table": "\n".join(rows), "low": min(ratios), "high": max(ratios), "layers": LAYERS}
    return TEXT.format(stages=STAGES, machine=platform.machine(), **facts)


if __name__ == "__main__":
    main()
