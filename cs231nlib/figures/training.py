"""How a net learns: its boxes, what scores cost, runs side by side, and what it learns too much of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look
from cs231nlib.alt_text import course
from cs231nlib.figures import ink

SPAN, FILLS = 1.08, ("#D6E8F4", "#FDF1DA")


@look.style()
def fig_two_layers() -> Figure:
    """Affine, ReLU, affine, softmax loss as boxes: values to the right, gradients to the left. A Figure."""
    alt = "Boxes in a row: affine, ReLU, affine, softmax loss. Values go right, gradients come back left."
    fig, ax = look.canvas(look.WIDTH, 2.6, 14, alt=alt)
    frame = {"boxstyle": "round,pad=0.6", "fc": look.PAPER, "ec": look.LINE}
    for x, name in ((2.3, "affine"), (5.5, "ReLU"), (8.7, "affine"), (12, "softmax\nloss")):
        ax.text(x, 2.6, name, ha="center", va="center", fontsize=12, bbox=frame)
    for a, b, name in ((0.2, 1.2, "X"), (3.4, 4.6, "z"), (6.4, 7.6, "hidden"), (9.8, 10.9, "scores")):
        _wire(ax, (a, 2.9), (b, 2.9), look.FORWARD, name, (0, 0.4))
    for a, b, name in ((3.4, 4.6, "dz"), (6.4, 7.6, "dhidden"), (9.8, 10.9, "dscores")):
        _wire(ax, (b, 2.3), (a, 2.3), look.BACKWARD, name, (0, -0.4))
    for x, layer in ((2.3, 1), (8.7, 2)):
        _wire(ax, (x, 4.4), (x, 3.3), look.FORWARD, f"W{layer}, b{layer}", (0.9, 0.3))
        _wire(ax, (x, 1.9), (x, 0.8), look.BACKWARD, f"dW{layer}, db{layer}", (1.1, -0.3))
    return fig


def _wire(ax, start, end, colour, name, off):
    ink.arrow(ax, start, end, colour, lw=2)
    x, y = (start[0] + end[0]) / 2 + off[0], (start[1] + end[1]) / 2 + off[1]
    ax.text(x, y, name, color=colour, ha="center", va="center", fontsize=12)


@look.style()
def fig_scores(scores: np.ndarray, p: np.ndarray, right: int) -> Figure:
    """Bars: the scores (C,) of one example and the probabilities p (C,); class `right` is blue. A Figure."""
    alt = f"The right class has score {scores[right]:g} and probability {p[right]:.3f}."
    fig = look.figure(look.WIDTH, 2.6, alt=alt)
    left, other = fig.subplots(1, 2)
    colours = [look.BLUE if k == right else look.LINE for k in range(len(scores))]
    for ax, heights, name, low, high in ((left, scores, "scores", -4, 8), (other, p, "probabilities", 0, 1)):
        bars = ax.bar(range(len(scores)), heights, color=colours)
        ax.bar_label(bars, [f"{height:.2g}" for height in heights], fontsize=9)
        ax.set(
            title=name, xlabel=f"class; {right} is right", ylim=(low, 1.15 * high), xticks=range(len(scores))
        )
    return fig


@look.style()
def fig_runs(curves: Mapping[Any, Sequence[float]], chosen: Any, floor: float) -> Figure:
    """The loss by epoch of several runs, the chosen one blue, the others grey. Returns a Figure.

    curves: key -> losses, one for each epoch. chosen: a key. floor: the loss of a net that knows nothing.
    """
    fig = look.figure(look.WIDTH, 3.0, alt=f"The loss of the chosen run by epoch, {course(curves[chosen])}.")
    ax = fig.subplots()
    for key, losses in curves.items():
        mine = (
            {"color": look.BLUE, "lw": 2.6, "zorder": 3} if key == chosen else {"color": look.LINE, "lw": 1}
        )
        ax.semilogy(range(1, len(losses) + 1), losses, **mine)
    ax.axhline(floor, color=look.PENCIL, lw=1, ls="--")
    ax.text(len(losses), floor * 1.1, "knows nothing: ln 3", color=look.PENCIL, ha="right")
    ax.set(xlabel="epoch", ylabel="mean loss of the epoch", ylim=(0.008, 10))
    return fig


@look.style()
def fig_regions(
    predict: Callable,
    train: tuple[np.ndarray, np.ndarray],
    new: tuple[np.ndarray, np.ndarray],
    border: Callable,
) -> Figure:
    """What a classifier of the plane has made of noisy points. Returns a Figure.

    predict: (M, 2) -> (M,) of 0 and 1. train: (X, y), filled marks, with a cross where the label is wrong.
    new: (X, y) that it has not seen, hollow. border: x1 -> x2 of the truth, dashed.
    """
    side = np.linspace(-SPAN, SPAN, 161)
    grid = np.stack(np.meshgrid(side, side), axis=-1)
    regions = np.asarray(predict(grid.reshape(-1, 2))).reshape(161, 161)
    wrong = train[1] != (train[0][:, 1] > border(train[0][:, 0]))
    caught = int(np.sum(np.asarray(predict(train[0]))[wrong] == train[1][wrong]))
    alt = f"Two regions and the true border; the net agrees with {caught} of {wrong.sum()} wrong labels."
    fig = look.figure(5.0, 4.4, alt=alt)
    ax = fig.subplots()
    ax.contourf(side, side, regions, levels=(-0.5, 0.5, 1.5), colors=FILLS)
    ax.plot(side, border(side), color=look.INK, lw=1.6, ls=(0, (4, 3)), label="truth")
    for c, (colour, marker) in enumerate(zip(look.CLASSES, look.MARKERS[:2], strict=False)):
        style: dict[str, Any] = {"ec": colour, "marker": marker}
        _points(ax, new[0][new[1] == c], s=26, fc="none", lw=1, **style)
        _points(ax, train[0][train[1] == c], s=42, fc=colour, lw=0.6, zorder=3, **style | {"ec": look.INK})
    _points(ax, train[0][wrong], s=90, marker="x", color=look.INK, lw=1.4, zorder=4, label="wrong label")
    ax.set(xlim=(-SPAN, SPAN), ylim=(-SPAN, SPAN), aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    fig.legend(loc="outside upper center", ncols=2)
    return fig


def _points(ax, points, **style):
    ax.scatter(points[:, 0], points[:, 1], **style)


@look.style()
def fig_two_losses(epochs: Sequence[int], known: Sequence[float], new: Sequence[float]) -> Figure:
    """Training loss and loss on new examples by epoch, with a line where the second is lowest. A Figure."""
    best = epochs[int(np.argmin(new))]
    alt = f"Training loss, {course(known)}. Loss on new points, {course(new)}, at epoch {best}."
    fig = look.figure(look.WIDTH, 3.0, alt=alt)
    ax = fig.subplots()
    ax.plot(epochs, known, color=look.BLUE, label="the points it trains on")
    ax.plot(epochs, new, color=look.ORANGE, ls="--", label="new points")
    ax.axvline(best, color=look.PENCIL, lw=1)
    ax.set(xlabel="epoch", ylabel="loss", title=f"lowest on new points: epoch {best}", ylim=(0, None))
    ax.legend()
    return fig
