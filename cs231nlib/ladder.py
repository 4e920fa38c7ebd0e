"""The accuracy ladder of the capstone: on which pictures a net is asked, and how many percent a step wants.

In a student's own copy a net is asked about the validation pictures named in its file; when it is graded,
about the test pictures, which nobody has looked at before.

What is wanted was measured, for each source of pictures: `benchmarks/capstone.py` trains the course's own
solution and writes ladder.json.
"""

import json
import os
from functools import cache
from importlib.resources import files

from pathlib import Path

import numpy as np

from cs231nlib.cifar import load_CIFAR10
from cs231nlib.grading import NotGraded
from cs231nlib.shape_pictures import draw_pictures
from cs231nlib.synthetic import N_TEST

SOURCES = ("cifar10", "synthetic")
RUNGS = ("softmax", "two_layer", "regularized")


def steps(source, rung):
    """The percentages of a rung, lowest first: a tuple of floats.

    source: "cifar10" or "synthetic". rung: "softmax", "two_layer" or "regularized". ValueError for others.
    """
    table = _table()
    if source not in SOURCES or rung not in table[source]:
        raise ValueError(f"There are no steps for the rung {rung!r} with pictures of the source {source!r}.")
    return tuple(table[source][rung])


@cache
def test_pictures(source):
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


test_pictures.__test__ = False  # no test of ours, whatever pytest thinks of its name


def asked_pictures(net):
    """What a net is asked about: X (n,32,32,3) uint8, y (n,) int64, and the name of the set, "val" or "test".

    net: dict with source, and for a student's own copy also pictures (how many were loaded for training and
    validation) and val (the rows of them that were kept for validation). ValueError for a net of other
    pictures than this machine has.
    """
    source = str(net["source"])
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        return *test_pictures(source), "test"
    data = load_CIFAR10(n_train=int(net["pictures"]), n_test=1)
    if data.source != source:
        raise ValueError(
            f"This net learned from {source} pictures, but here are {data.source} ones: train it again."
        )
    rows = np.asarray(net["val"])
    return data.X_train[rows], data.y_train[rows], "val"


def to_hand_in(folder="."):
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
def _table():
    return json.loads(files("cs231nlib").joinpath("ladder.json").read_text(encoding="utf-8"))
