"""The pictures of chapter 00: a named drawing, a line of a picture, what an index picks, how shapes meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cs231nlib import look
from cs231nlib.doodles import name_doodle

CHANNELS = {"red": ("#CC3311", "-"), "green": ("#228833", "--"), "blue": ("#4477AA", ":")}


@look.style()
def fig_doodle(drawing: np.ndarray) -> Figure:
    """A drawing (16, 16) of 0 and 1, and what the trained net takes it for. Returns a Figure."""
    chances = name_doodle(drawing)
    best = max(chances, key=lambda name: chances[name])
    alt = f"A drawing of 16 by 16 dots, and a bar chart: the net takes it for a {best}, {chances[best]:.0%}."
    fig = look.figure(6.8, 2.8, alt=alt)
    left, right = fig.subplots(1, 2, width_ratios=(2, 3))
    left.imshow(drawing, cmap="gray_r", vmin=0, vmax=1)
    left.set(xticks=[], yticks=[], title="what you drew")
    colours = [look.BLUE if name == best else look.LINE for name in chances]
    bars = right.barh(list(chances), list(chances.values()), color=colours)
    right.bar_label(bars, [f"{chance:.0%}" for chance in chances.values()], padding=4)
    right.set(xlim=(0, 1.15), xticks=[], title=f"what the net says: {best}")
    right.invert_yaxis()
    return fig


@look.style()
def fig_line(picture: np.ndarray, row: int, source: str = "") -> Figure:
    """A picture (H, W, 3) uint8 with one line marked, and the three numbers of each of its pixels."""
    values = picture[row]
    means = ", ".join(f"{name} {values[:, k].mean():.0f}" for k, name in enumerate(CHANNELS))
    alt = (
        f"Left the picture with line {row} marked; right the red, green and blue of that line. Mean {means}."
    )
    fig = look.figure(6.8, 2.7, alt=alt)
    left, right = fig.subplots(1, 2, width_ratios=(2, 3))
    left.imshow(picture)
    for colour, width in (("black", 3), ("white", 1)):
        left.axhline(row, color=colour, lw=width)
    for k, (name, (colour, dashes)) in enumerate(CHANNELS.items()):
        right.step(range(len(values)), values[:, k], where="mid", color=colour, ls=dashes, lw=1.8, label=name)
    left.set(title=f"{source} picture, row {row}".strip(), xlabel="column", ylabel="row")
    right.set(ylim=(0, 300), yticks=[0, 128, 255], xlabel="column")
    right.legend(loc="upper center", ncols=3)
    return fig


@look.style()
def fig_pick(table: np.ndarray, pick: Callable, words: str) -> Figure:
    """The places of a table that an index picks, and what comes out, with its shape. Returns a Figure.

    table: (R, C), integers that all differ. pick: array -> what the index gives. words: how it is written.
    """
    part = pick(table)
    fig = look.figure(
        look.WIDTH, 2.2, alt=f"{words} of {table.tolist()} is {part.tolist()}, shape {part.shape}."
    )
    left, right = fig.subplots(1, 2)
    _marked(left, table, np.isin(table, part), f"a, shape {table.shape}")
    _marked(
        right, np.atleast_2d(part), np.ones(np.atleast_2d(part).shape, bool), f"{words}, shape {part.shape}"
    )
    left.set(xticks=range(table.shape[1]), yticks=range(len(table)))
    left.tick_params(length=0)
    right.set(xlim=left.get_xlim(), ylim=left.get_ylim(), xticks=[], yticks=[])
    return fig


def _marked(ax, array, marked, title):
    """Numbers in a grid; the marked ones bold, on orange."""
    for (i, j), value in np.ndenumerate(array):
        colour = "#FBE3B5" if marked[i, j] else "white"
        ax.add_patch(Rectangle((j - 0.46, i - 0.46), 0.92, 0.92, fc=colour, ec=look.INK))
        weight = "bold" if marked[i, j] else "normal"
        ax.text(j, i, str(value), ha="center", va="center", weight=weight)
    ax.set(xlim=(-0.5, array.shape[1] - 0.5), ylim=(len(array) - 0.5, -0.5), aspect="equal")
    ax.spines[:].set_visible(False)
    ax.set_title(title, fontsize=11)


@look.style()
def fig_broadcast(a: np.ndarray, b: np.ndarray) -> Figure:
    """How NumPy adds arrays of two shapes: copies along every axis of length 1, or a refusal.

    a, b: arrays of integers with one or two axes. Returns a Figure.
    """
    try:
        total = a + b
        rows, columns = total.shape
        words = f"the sum has shape {total.shape}"
    except ValueError:
        total, (rows, columns) = None, a.shape
        words = "they do not fit"
    alt = f"{a.tolist()} of shape {a.shape} plus {b.tolist()} of shape {b.shape}: {words}."
    fig, ax = look.canvas(look.WIDTH, 1.45, 14, alt=alt)
    _grid(ax, 0.4, a, (rows, columns))
    ax.text(4.6, 1.7, "+", fontsize=20, ha="center", va="center")
    _grid(ax, 5.1, b, (rows, columns) if total is not None else b.shape)
    ax.text(9.3, 1.7, "=" if total is not None else "✗", fontsize=20, ha="center", va="center")
    if total is None:
        ax.text(11.6, 1.7, f"last axes: {a.shape[-1]} and {b.shape[-1]}", ha="center", va="center")
    else:
        _grid(ax, 9.8, total, total.shape)
    return fig


def _grid(ax, left, array, shape):
    """The cells of an array, repeated in pale ones up to `shape`; its own shape below."""
    own = np.atleast_2d(array).shape
    full = np.atleast_2d(np.broadcast_to(array, shape))
    for i, j in np.ndindex(full.shape):
        first = i < own[0] and j < own[1]
        place = left + 1.3 * j, 1.75 - 0.9 * i
        style: dict[str, Any] = (
            {"fc": "white", "ec": look.INK} if first else {"fc": look.PAPER, "ec": look.LINE, "ls": "--"}
        )
        ax.add_patch(Rectangle(place, 1.2, 0.8, **style))
        centre = place[0] + 0.6, place[1] + 0.4
        colour = look.INK if first else look.PENCIL
        ax.text(*centre, str(full[i, j]), ha="center", va="center", color=colour)
    ax.text(left + 0.65 * full.shape[1], 0.15, str(np.shape(array)), ha="center", color=look.BLUE)


@look.style()
def fig_counts(names: Sequence[str], counts: np.ndarray, source: str = "") -> Figure:
    """A bar for each class, and a dashed line where all would be equal. Returns a Figure."""
    fair = sum(counts) / len(names)
    said = ", ".join(f"{name} {count}" for name, count in zip(names, counts, strict=True))
    fig = look.figure(6.6, 2.8, alt=f"How many pictures each class has: {said}. Equal shares: {fair:g}.")
    ax = fig.subplots()
    bars = ax.bar(names, counts, color=look.BLUE)
    ax.bar_label(bars, label_type="center", color="white", weight="bold")
    ax.axhline(fair, color=look.VERMILLION, ls="--", lw=1.5)
    ax.tick_params(axis="x", rotation=45)
    ax.set(ylabel="pictures", title=f"{sum(counts)} pictures ({source})")
    return fig
