"""One neuron on two inputs cuts the plane in halves."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look
from cs231nlib.figures.ink import arrow, number


@look.style()
def fig_half_plane(
    w: Any = (1.5, 1.0),
    b: float = -0.8,
    points: np.ndarray | None = None,
    labels: np.ndarray | None = None,
) -> Figure:
    """The line w·x + b = 0, the half that switches the neuron on, and the direction of w.

    w: two weights. b: bias. points: (N, 2) to draw as well, with labels (N,) of 0 and 1. Returns a Figure.
    """
    w = np.asarray(w, float)
    side = np.linspace(-3, 3, 201)
    total = w[0] * side[None, :] + w[1] * side[:, None] + b
    where = f"{number(w[0])} x₁ {_signed(w[1])} x₂ {_signed(b)} > 0"
    fig = look.figure(4.6, 4.2, alt=f"The plane, shaded where the neuron is on: {where}.")
    ax = fig.subplots()
    ax.contourf(side, side, total, levels=(-np.inf, 0, np.inf), colors=("#F2F4F6", "#D6E8F4"))
    if total.min() < 0 < total.max():
        ax.contour(side, side, total, levels=(0,), colors=look.INK, linewidths=2)
    if w.any():
        foot = -b * w / (w @ w)
        arrow(ax, foot, foot + w / np.linalg.norm(w), look.BLUE, lw=3, mutation_scale=18)
    if points is not None:
        _scatter(ax, np.asarray(points), np.asarray(labels))
    ax.set(xlim=(-3, 3), ylim=(-3, 3), aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    ax.set_title(f"on where {number(w[0])} $x_1$ {_signed(w[1])} $x_2$ {_signed(b)} > 0")
    return fig


@look.style()
def fig_probability(w: np.ndarray, b: float, points: np.ndarray, labels: np.ndarray) -> Figure:
    """What a sigmoid neuron says at every point of the plane, as a shade, and its decision boundary, p = 1/2.

    w: two weights. b: bias. points: (N, 2) with labels (N,) of 0 and 1. Returns a Figure.
    """
    side = np.linspace(-2.5, 2.5, 161)
    z = w[0] * side[None, :] + w[1] * side[:, None] + b
    p = (1 + np.tanh(z / 2)) / 2
    where = f"{number(w[0])} x₁ {_signed(w[1])} x₂ {_signed(b)} = 0"
    alt = f"Points in two classes; the shade is p, from white, 0, to dark blue, 1. Boundary: {where}."
    fig = look.figure(5.2, 4.2, alt=alt)
    ax = fig.subplots()
    shades = ax.contourf(side, side, p, levels=np.linspace(0, 1, 11), cmap="Blues", alpha=0.75)
    if z.min() < 0 < z.max():
        ax.contour(side, side, p, levels=(0.5,), colors=look.INK, linewidths=2)
    _scatter(ax, np.asarray(points), np.asarray(labels))
    ax.set(xlim=(-2.5, 2.5), ylim=(-2.5, 2.5), aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    fig.colorbar(shades, ax=ax, label="p: chance of a triangle", ticks=(0, 0.5, 1))
    return fig


def _signed(value):
    return f"{'+' if value >= 0 else '−'} {number(abs(value))}"


def _scatter(ax, points, labels):
    for label, colour, marker in ((0, look.ORANGE, "o"), (1, look.BLUE, "^")):
        mine = points[labels == label]
        ax.scatter(*mine.T, s=46, color=colour, marker=marker, ec=look.INK, lw=0.6, zorder=3)
