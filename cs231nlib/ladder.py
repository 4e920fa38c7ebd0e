"""The ladder of the capstone and of chapter 10: which pictures a net is asked about, what a step wants.

In a student's own copy a net is asked about the validation pictures named in its file; when it is graded,
about the test pictures, which nobody has looked at before.

What is wanted was measured, for each source of pictures: `benchmarks/capstone.py` trains the course's own
solution and writes ladder.json; for the rung "depth" `benchmarks/last_rung.py` does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from cs231nlib.cifar import load_CIFAR10
from cs231nlib.expectations import Mistake
from cs231nlib.grading import NotGraded
from cs231nlib.shape_pictures import draw_pictures
from cs231nlib.synthetic import N_TEST

SOURCES = ("cifar10", "synthetic")
RUNGS = ("softmax", "two_layer", "regularized")
SETTINGS = ("hidden", "step", "state", "lr", "epochs", "batch", "patience")
DEPTHS = {"softmax": 1, "two_layer": 2}  # layers; the last rung may have any number
PIECE = 2000  # pictures asked about at once
PIECES = {"depth": 100}  # maps of a picture weigh far more than the picture
MOST = {"depth": 2000}  # pictures, of 10,000: who takes them one by one is slow, not wrong

OTHER_NET = (
    "The net of {0}.npz is that of another rung."
    " Which file does `load_net` open for each name, and was each net saved under its own?"
)
OTHER_SETTINGS = (
    "{}, which belongs to another rung."
    " What is asked of {}, and where does your function tell the names apart?"
)


def steps(source: str, rung: str) -> tuple[float, ...]:
    """The percentages of a rung, lowest first: a tuple of floats.

    source: "cifar10" or "synthetic". rung: "softmax", "two_layer", "regularized" or "depth".
    ValueError for others.
    """
    table = _table()
    if source not in SOURCES or rung not in table[source]:
        raise ValueError(f"There are no steps for the rung {rung!r} with pictures of the source {source!r}.")
    return tuple(table[source][rung])


@cache
def test_pictures(source: str) -> tuple[np.ndarray, np.ndarray]:
    """All test pictures of a source, "cifar10" or "synthetic": X (n,32,32,3) uint8 and y (n,) int64.

    ValueError for another source. NotGraded when CIFAR-10 is not on this machine.
    """
    if source not in SOURCES:
        raise ValueError(f"source is {source!r}; it should be one of {SOURCES}.")
    if source == "synthetic":
        return draw_pictures("test", 0, N_TEST)
    try:
        data = load_CIFAR10(n_train=1, n_test=10_000, allow_synthetic=False)
    except FileNotFoundError as error:
        raise NotGraded(f"The nets were trained on CIFAR-10. {error}") from None
    return data.X_test, data.y_test


vars(test_pictures)["__test__"] = False  # no test of ours, whatever pytest thinks of its name


def asked_pictures(net: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray, str]:
    """What a net is asked about: X (n,32,32,3) uint8, y (n,) int64, and the name of the set, "val" or "test".

    net: dict with source, and for a student's own copy also pictures (how many were loaded for training and
    validation) and val (the rows of them that were kept for validation). ValueError for a net of other
    pictures than this machine has.
    """
    source = str(net["source"])
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        return *test_pictures(source), "test"
    data = _loaded(int(net["pictures"]))
    if data.source != source:
        raise ValueError(
            f"This net learned from {source} pictures, but here are {data.source} ones: train it again."
        )
    rows = np.asarray(net["val"])
    return data.X_train[rows], data.y_train[rows], "val"


def percent_right(rung: str, net: Mapping[str, Any], predict: Callable, seed: int) -> tuple[float, str]:
    """How many percent of the asked pictures `predict(net, X)` gets right, and the name of their set.

    rung: decides how many layers the net may have. seed: of a little noise that no net should mind.
    AssertionError with a sentence for the student when the net cannot be asked.
    """
    lost = [name for name in ("source", "mean", "std", "W1", "b1") if name not in (net or {})]
    assert not lost, f'load_net("{rung}") holds no {", ".join(lost)}.'
    deep = 1 + ("W2" in net) + ("W3" in net)
    if DEPTHS.get(rung, deep) != deep:
        raise Mistake(f"{rung}.npz holds a net with the layers of another rung.", OTHER_NET.format(rung))
    X, y, part = asked_pictures(net)
    X, y = X[: MOST.get(rung)], y[: MOST.get(rung)]
    piece = PIECES.get(rung, PIECE)
    noise = np.random.default_rng(seed).integers(-2, 3, (piece, *X.shape[1:]), dtype=np.int16)
    right = []
    for at in range(0, len(X), piece):
        noisy = np.clip(X[at : at + piece] + noise[: len(X) - at], 0, 255).astype(np.uint8)
        said = predict(net, noisy)
        assert np.shape(said) == (len(noisy),), f"predict gave shape {np.shape(said)}, not {(len(noisy),)}."
        right.extend(np.asarray(said) == y[at : at + piece])
    return 100 * float(np.mean(right)), part


def check_settings(rung: str, chosen: Mapping[str, Any]) -> None:
    """AssertionError, with a sentence for the student, unless `climb` can train this rung with `chosen`.

    chosen: what settings(rung) returned, a dict with hidden, step, state, lr, epochs, batch and patience.
    """
    lost = [name for name in SETTINGS if name not in chosen]
    assert not lost, f'settings("{rung}") lacks the key {", ".join(lost)}.'
    assert callable(chosen["step"]), f'settings("{rung}"): step is no function such as momentum.'
    if bool(chosen["hidden"]) != (rung != "softmax"):
        said = f'settings("{rung}") has hidden = {chosen["hidden"]!r}'
        raise Mistake(f"{said}: that is another rung.", OTHER_SETTINGS.format(said, rung))


def to_hand_in(folder: str | Path = ".") -> list[str]:
    """Print which of the three files are in `folder` and which are missing. Returns the missing ones."""
    paths = [Path(folder, f"{rung}.npz") for rung in RUNGS]
    for path in paths:
        there = (
            f"{path.stat().st_size / 1e6:.1f} MB, hand it in"
            if path.is_file()
            else "MISSING: climb writes it"
        )
        print(f"{path.name:16} {there}")
    return [path.name for path in paths if not path.is_file()]


@cache
def _loaded(n_train):
    return load_CIFAR10(n_train=n_train, n_test=1)


@cache
def _table():
    return json.loads(files("cs231nlib").joinpath("ladder.json").read_text(encoding="utf-8"))
