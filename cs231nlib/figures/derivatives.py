"""Slopes: a secant that becomes a tangent, and the gradient of a product."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from cs231nlib import look
from cs231nlib.figures.ink import arrow, number

VALUES = LinearSegmentedColormap.from_list("values", [look.BLUE, "#FFFFFF", look.ORANGE])


@look.style()
def fig_secant(f: Callable = np.sin, x: float = 1.0, h: float = 0.8, kind: str = "central") -> Figure:
    """The line through two points of a curve, whose slope estimates the derivative at x.

    f: array -> array. h: step. kind: "central" (x − h and x + h) or "forward" (x and x + h). Returns a
    Figure; draw it for several h and scrub.
    """
    ends = np.array([x - h if kind == "central" else x, x + h])
    slope = (f(ends[1]) - f(ends[0])) / (ends[1] - ends[0])
    around = np.linspace(x - 2, x + 2, 300)
    fig = look.figure(look.WIDTH, 3.5)
    ax = fig.subplots()
    ax.plot(around, f(around), color=look.FORWARD, label="$f$")
    ax.plot(around, f(ends[0]) + slope * (around - ends[0]), color=look.BACKWARD, lw=1.8, label="line")
    ax.plot(ends, f(ends), "o", color=look.BACKWARD, ms=7)
    ax.plot(x, f(np.float64(x)), "o", mfc="white", mec=look.INK, mew=1.8, ms=8, zorder=5)
    ax.set(xlim=(x - 2, x + 2), ylim=_window(f(around)), xlabel="$x$")
    ax.set_title(f"{kind} difference, h = {number(h)}:  slope {slope:.4f}".replace("-", "−"))
    ax.legend(loc="upper left")
    places = (
        f"at x = {number(x)} and {number(h)} ahead of it"
        if kind == "forward"
        else f"{number(h)} on both sides of x = {number(x)}"
    )
    fig.alt = (
        f"A curve, and the straight line through its points {places}: the slope of the line is {slope:.4f}."
    )
    return fig


def _window(heights):
    margin = 0.15 * np.ptp(heights)
    return heights.min() - margin, heights.max() + margin


@look.style()
def fig_product(x: float = 4.0, y: float = -3.0) -> Figure:
    """Level lines of f(x, y) = x y, and its gradient at one point, drawn at a third of its length.

    Returns a Figure.
    """
    side = np.linspace(-6, 6, 121)
    fig = look.figure(5.2, 4.3)
    ax = fig.subplots()
    levels = np.arange(-36, 37, 6)
    filled = ax.contourf(side, side, np.outer(side, side), levels=levels, cmap=VALUES)
    some = levels[levels != 0]
    ax.contour(side, side, np.outer(side, side), some, colors=look.PENCIL, linewidths=0.7, linestyles="-")
    ax.axhline(0, color=look.PENCIL, lw=0.9)
    ax.axvline(0, color=look.PENCIL, lw=0.9)
    fig.colorbar(filled, ax=ax, label="$f(x, y) = x\\,y$")
    arrow(ax, (x, y), (x + y / 3, y + x / 3), look.BACKWARD, lw=3, mutation_scale=18)
    ax.plot(x, y, "o", color=look.INK, ms=8, zorder=5)
    ax.set(xlim=(-6, 6), ylim=(-6, 6), aspect="equal", xlabel="$x$", ylabel="$y$")
    ax.set_title(f"at ({number(x)}, {number(y)}): f = {number(x * y)}, gradient ({number(y)}, {number(x)})")
    fig.alt = (
        "Level lines of f = x y: high in the upper right and the lower left, low in the other two corners, "
        f"0 on the axes. From ({number(x)}, {number(y)}) an arrow points along the gradient, "
        f"({number(y)}, {number(x)})."
    )
    return fig
