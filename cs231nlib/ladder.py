"""The accuracy ladder of the capstone: on which pictures nets are asked, and how many percent a step wants.

What is wanted was measured, for each source of pictures: `benchmarks/capstone.py` trains the course's own
solution and writes ladder.json.
"""

import json
from functools import cache
from importlib.resources import files

from cs231nlib.cifar import load_CIFAR10
from cs231nlib.grading import NotGraded
from cs231nlib.shape_pictures import draw_pictures
from cs231nlib.synthetic import N_TEST

SOURCES = ("cifar10", "synthetic")


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


@cache
def _table():
    return json.loads(files("cs231nlib").joinpath("ladder.json").read_text(encoding="utf-8"))
