"""The pictures of chapter 01: a map of two knobs, its arrows, the error of a slope, a forecast, a descent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look
from cs231nlib.figures.ink import number

LEVELS = np.arange(-30, 31, 3)
BOLD: dict[str, Any] = {
    "fontsize": 12,
    "weight": "bold",
    "bbox": {"fc": "white", "ec": "none", "alpha": 0.8, "pad": 1},
}


@look.style()
def fig_hill() -> Figure:
    """The map of f(x, y) = x y around (4, -3), and the two directions in which one could move."""
    alt = (
        "Contour lines of f = x y, falling from upper left to lower right. A dot at x = 4, y = −3 says "
        "f = −12; an arrow to the right asks: more x? An arrow up asks: more y?"
    )
    fig = look.figure(6.6, 4.0, alt=alt)
    ax = fig.subplots()
    _contours(ax, (1, 7), (-5, -1), LEVELS, skipped=-12)
    for east, north, words in ((0.8, 0, "more x?"), (0, 0.8, "more y?")):
        _arrow(ax, (4, -3), (4 + east, -3 + north))
        ax.text(4.1 + east, -2.95 + north, words, color=look.VERMILLION, **BOLD)
    ax.plot(4, -3, "o", color=look.INK, ms=9)
    ax.text(3.85, -3.15, "f = −12", ha="right", va="top", **BOLD)
    return fig


@look.style()
def fig_arrows(gradient: Callable) -> Figure:
    """The map of f(x, y) = x y with an arrow along the gradient at each of 30 points, and at (4, -3).

    gradient: arrays x, y -> the pair of slopes, as arrays.
    """
    alt = (
        "Contour lines of f = x y, a saddle: high in the upper right and the lower left, low in the two "
        "other corners. Arrows cross the lines at right angles towards higher ground, longer where the "
        "lines are closer; at the centre there is none."
    )
    fig = look.figure(6.6, 4.2, alt=alt)
    ax = fig.subplots()
    _contours(ax, (-6, 6), (-5, 5), LEVELS[::2])
    east, north = np.meshgrid(np.arange(-5, 6, 2.0), np.arange(-4, 5, 2.0))
    ax.quiver(east, north, *gradient(east, north), color=look.VERMILLION, width=0.005, scale=70)
    ax.quiver(4, -3, *gradient(4.0, -3.0), color=look.INK, width=0.008, scale=70, zorder=3)
    ax.plot(4, -3, "o", color=look.INK, ms=6)
    ax.set(aspect="equal")
    return fig


def _contours(ax, xs, ys, levels, skipped=None):
    x, y = np.meshgrid(np.linspace(xs[0], xs[1], 80), np.linspace(ys[0], ys[1], 80))
    ax.contourf(x, y, x * y, levels, cmap="PuOr", alpha=0.35, extend="both")
    lines = ax.contour(x, y, x * y, levels, colors=look.PENCIL, linewidths=0.8)
    ax.clabel(lines, [level for level in levels if level not in (0, skipped)], fmt="%g", fontsize=8)
    ax.set(xlabel="x", ylabel="y", title="f(x, y) = x y")


def _arrow(ax, start, end):
    style = {"arrowstyle": "-|>", "color": look.VERMILLION, "lw": 2}
    ax.annotate("", end, start, arrowprops=style)


@look.style()
def fig_error(error: Callable, exponent: float) -> Figure:
    """The error of both differences for h from 0.1 down to 1e-14, and at 10**exponent.

    error: function (h, kind) -> positive number, kind "forward" or "central".
    """
    fig = look.figure(6.8, 3.6)
    ax = fig.subplots()
    hs, said = np.logspace(-1, -14, 79), []
    for kind, colour, mark in (("forward", look.ORANGE, "^"), ("central", look.BLUE, "o")):
        here = error(10.0**exponent, kind)
        ax.loglog(hs, [error(h, kind) for h in hs], color=colour, lw=1.6)
        ax.plot(10.0**exponent, here, mark, color=colour, ms=9, label=f"{kind}: {here:.0e}")
        said.append(f"{kind} {here:.0e}")
    ax.set(xlabel="h", ylabel="error", ylim=(1e-13, 1), title=f"h = 1e{exponent}")
    ax.legend(title="error", loc="upper center")
    at = f"at h = 1e{exponent}: {', '.join(said)}"
    fig.alt = f"Two U-shaped error curves over h, both axes in powers of ten; {at}."
    return fig


@look.style()
def fig_forecast(f: Callable, forecast: Callable, t: float) -> Figure:
    """f along a straight walk of step t, its linear forecast from the start, and the gap between them."""
    true, said = f(t), forecast(t)
    fig = look.figure(6.4, 3.2)
    ax = fig.subplots()
    s = np.linspace(0, 2.5, 100)
    ax.plot(s, f(s), color=look.GREEN, label="f")
    ax.plot(s, forecast(s), color=look.VERMILLION, ls="--", label="forecast")
    ax.plot([t, t], [said, true], "o-", color=look.INK)
    title = f"f = {number(true)}, forecast {number(said)}, gap {number(true - said)}"
    ax.set(xlabel="step t in x and in y", title=title)
    ax.legend()
    fig.alt = f"A curve that bends upwards, and its tangent at 0 below it. At t = {t:g}: {title}."
    return fig


@look.style()
def fig_descent(loss: Callable, t: np.ndarray, y: np.ndarray, path: np.ndarray, rate: float) -> Figure:
    """Left: the map of a loss over (w0, w1) and a path on it. Right: the points and the lines w0 + w1 t.

    loss: function of an array (2,). t, y: (N,). path: (steps + 1, 2), the start first.
    """
    last = loss(path[-1])
    fig = look.figure(look.WIDTH, 3.3)
    left, right = fig.subplots(1, 2)
    w0, w1 = np.meshgrid(np.linspace(-1.5, 4.5, 60), np.linspace(-1.5, 2.5, 60))
    height = np.array([loss(np.array(w)) for w in zip(w0.flat, w1.flat, strict=True)]).reshape(w0.shape)
    left.contour(w0, w1, height, np.array([0.2, 0.5, 1, 2, 4, 7, 11, 16, 22]), colors=look.LINE, linewidths=1)
    left.plot(*path.T, "o-", color=look.VERMILLION, ms=3.5, lw=1.2)
    left.plot(*path[0], "o", color=look.INK, ms=7)
    left.set(xlim=(-1.5, 4.5), ylim=(-1.5, 2.5), xlabel="$w_0$", ylabel="$w_1$", title="the loss, from above")
    ends = np.array([t.min(), t.max()])
    for place in path[:: max(1, len(path) // 6)]:
        right.plot(ends, place[0] + place[1] * ends, color=look.LINE, lw=1)
    right.plot(ends, path[-1][0] + path[-1][1] * ends, color=look.BLUE, label=f"after {len(path) - 1} steps")
    right.plot(t, y, "o", color=look.INK, ms=5)
    right.set(ylim=(-3, 5), xlabel="t", ylabel="y", title=f"rate {number(rate)}: loss {number(last)}")
    right.legend(loc="lower right")
    fig.alt = (
        f"Left, oval contour lines of the loss around its lowest point and the path of {len(path) - 1} steps "
        f"with rate {rate:g}; right, {len(t)} points and the line reached. Its loss is {last:.3g}."
    )
    return fig
