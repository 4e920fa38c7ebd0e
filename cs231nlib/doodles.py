"""Drawings of 16 x 16 dots, and a small trained net that names them: what the course leads up to.

The weights in doodle_net.npz come from the course's own code (benchmarks/doodle_net.py): one hidden layer,
trained on drawings that this module makes, and never on anybody's hand-drawn ones.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
from PIL import Image, ImageDraw

SIDE, FINE = 16, 8  # dots of a drawing; pixels per dot while a stroke is drawn
DOODLES = {  # name -> its strokes: corners x y in a unit square, y downwards
    "circle": ("oval 0.05 0.05 0.95 0.95",),
    "square": ("0.05 0.05 0.95 0.05 0.95 0.95 0.05 0.95 0.05 0.05",),
    "triangle": ("0.5 0.03 0.97 0.95 0.03 0.95 0.5 0.03",),
    "cross": ("0.05 0.05 0.95 0.95", "0.95 0.05 0.05 0.95"),
    "house": (
        "0.1 0.45 0.9 0.45 0.9 0.98 0.1 0.98 0.1 0.45",
        "0.05 0.45 0.5 0.0 0.95 0.45",
        "maybe 0.38 0.98 0.38 0.68 0.62 0.68 0.62 0.98",
    ),
    "smiley": (
        "oval 0.0 0.0 1.0 1.0",
        "0.33 0.3 0.33 0.42",
        "0.67 0.3 0.67 0.42",
        "0.25 0.62 0.4 0.75 0.6 0.75 0.75 0.62",
    ),
    "boat": ("0.0 0.68 1.0 0.68 0.78 0.97 0.22 0.97 0.0 0.68", "0.48 0.65 0.48 0.0 0.92 0.56 0.48 0.56"),
    "arrow": ("0.0 0.5 1.0 0.5", "0.62 0.15 1.0 0.5 0.62 0.85"),
}
NAMES = tuple(DOODLES)


def read_doodle(text: str) -> np.ndarray:
    """A drawing typed with characters: up to 16 lines of up to 16, where a space or a dot is empty paper.

    Returns an array (16, 16) uint8 of 0 and 1; what is smaller comes into the middle. ValueError for more.
    """
    lines = text.strip("\n").splitlines()
    width = max(map(len, lines), default=0)
    if len(lines) > SIDE or width > SIDE:
        raise ValueError(f"the paper has {SIDE} x {SIDE} dots; this takes {len(lines)} lines of {width}")
    ink = np.zeros((SIDE, SIDE), np.uint8)
    top, left = (SIDE - len(lines)) // 2, (SIDE - width) // 2
    for row, line in enumerate(lines, start=top):
        for column, mark in enumerate(line, start=left):
            ink[row, column] = mark not in " ."
    return ink


def make_doodles(n: int, rng: int | np.random.Generator = 0) -> tuple[np.ndarray, np.ndarray]:
    """n drawings from a seed: X (n, 16, 16) uint8 of 0 and 1, y (n,) int64, their places in NAMES.

    Size, place, tilt, proportions and the width of the pen vary, and the hand shakes. rng: a
    numpy.random.Generator or an integer.
    """
    rng = np.random.default_rng(rng)
    y = rng.integers(len(NAMES), size=n)
    return np.stack([_draw(NAMES[label], rng) for label in y]), y


def fill_paper(drawing: np.ndarray) -> np.ndarray:
    """A drawing (16, 16) stretched until its ink touches all four edges: (16, 16) float64 from 0 to 1."""
    lines, columns = np.nonzero(drawing)
    if not len(lines):
        return np.zeros((SIDE, SIDE))
    ink = drawing[lines.min() : lines.max() + 1, columns.min() : columns.max() + 1]
    picture = Image.fromarray((255 * ink).astype(np.uint8)).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    return np.asarray(picture) / 255


def name_doodle(drawing: np.ndarray) -> dict[str, float]:
    """What the trained net takes a drawing (16, 16) of 0 and 1 for: dict of name -> probability."""
    net = _net()
    hidden = np.maximum(0, fill_paper(drawing).reshape(-1) @ net["W1"] + net["b1"])
    scores = hidden @ net["W2"] + net["b2"]
    chances = np.exp(scores - scores.max())
    return dict(zip(NAMES, (chances / chances.sum()).tolist(), strict=True))


@cache
def _net():
    with files("cs231nlib").joinpath("doodle_net.npz").open("rb") as file, np.load(file) as stored:
        return {name: stored[name].astype(np.float64) for name in stored.files}


def _draw(name, rng):
    """One drawing (16, 16) of 0 and 1, made with a shaky hand."""
    paper = Image.new("L", (SIDE * FINE, SIDE * FINE))
    pen, width = ImageDraw.Draw(paper), int(rng.integers(FINE * 3 // 4, 2 * FINE))
    move = _placement(rng)
    for stroke in DOODLES[name]:
        if stroke.startswith("maybe") and rng.random() < 0.5:
            continue
        corners = move(_corners(stroke))
        pen.line([tuple(corner) for corner in corners], fill=255, width=width, joint="curve")
    share = np.asarray(paper, float).reshape(SIDE, FINE, SIDE, FINE).mean(axis=(1, 3)) / 255
    return (share > rng.uniform(0.3, 0.5)).astype(np.uint8)


def _corners(stroke):
    """The points (n, 2) of a stroke, in the unit square."""
    if not stroke.startswith("oval"):
        return np.array(stroke.removeprefix("maybe").split(), float).reshape(-1, 2)
    left, top, right, bottom = map(float, stroke.split()[1:])
    angle = np.linspace(0, 2 * np.pi, 25)
    x = (left + right + (right - left) * np.cos(angle)) / 2
    return np.stack([x, (top + bottom + (bottom - top) * np.sin(angle)) / 2], axis=1)


def _placement(rng):
    """A function that moves points of the unit square to where one drawing puts them, in fine pixels."""
    size = rng.uniform(0.5, 1.0) * SIDE * FINE * rng.uniform(0.65, 1, 2)
    angle = rng.normal(0, 0.12)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    spare = SIDE * FINE - size
    centre = size / 2 + spare * rng.uniform(0, 1, 2)
    return lambda points: ((points - 0.5) * size) @ turn + centre + rng.normal(0, 2.5, points.shape)
