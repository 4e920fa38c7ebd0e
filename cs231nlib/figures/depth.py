"""What depth does: signals that fade or explode, a plane in pieces, curves from kinks, folds of folds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look
from cs231nlib.alt_text import course


@look.style()
def fig_spreads(curves: Mapping[str, Sequence[float]], title: str = "") -> Figure:
    """How widely the values of each layer still spread, one line for each scheme. Returns a Figure.

    curves: name -> standard deviations, one for each layer.
    """
    words = "; ".join(f"{name} {course(spreads)}" for name, spreads in curves.items())
    fig = look.figure(look.WIDTH, 3.4, alt=f"Spread by layer, {title}. {words}.")
    ax = fig.subplots()
    for (name, spreads), colour, marker in zip(curves.items(), look.CLASSES, look.MARKERS, strict=False):
        ax.semilogy(range(1, len(spreads) + 1), spreads, colour, marker=marker, label=name)
    ax.set(xlabel="layer", ylabel="standard deviation", ylim=(1e-11, 1e6), title=title)
    ax.legend(loc="upper left", ncols=4)
    return fig


@look.style()
def fig_plane(scores: np.ndarray, span: float, title: str = "") -> Figure:
    """Scores (n, n) over a square of the plane as coloured steps. Returns a Figure."""
    side = np.linspace(-span, span, len(scores))
    fig = look.figure(4.4, 3.8, alt=f"The score of a random network at every point of the plane, {title}.")
    ax = fig.subplots()
    ax.contourf(side, side, scores, 16, cmap="cividis")
    ax.set(xlabel="first input", ylabel="second input", title=title, aspect="equal")
    return fig


@look.style()
def fig_pieces(on: np.ndarray, line: np.ndarray, span: float, title: str = "") -> tuple[Figure, int]:
    """A bold line across the pieces of the plane in which the same ReLU units are on; more on, darker.

    on: (n, n, units) bool over a square of the plane. line: (n, n) bool, the sides of the bold line, which
    cuts the pieces, too. Returns (Figure, number of pieces seen).
    """
    n, sides = len(on), np.dstack([on, line])
    count = len(np.unique(sides.reshape(n * n, -1), axis=0))
    fig = look.figure(4.4, 3.9, alt=f"A line across the plane, which now has {count} pieces; {title}.")
    ax, side = fig.subplots(), np.linspace(-span, span, n)
    ends = (-span, span, -span, span)
    ax.imshow(on.sum(axis=-1), "Blues", vmin=0, vmax=11, origin="lower", extent=ends, interpolation="nearest")
    for unit in np.moveaxis(on, -1, 0):
        ax.contour(side, side, unit, levels=(0.5,), colors=look.INK, linewidths=0.8)
    ax.contour(side, side, line, levels=(0.5,), colors=look.ORANGE, linewidths=3.5)
    ax.set(xlabel="first input", ylabel="second input", title=title)
    return fig, count


@look.style()
def fig_hinges(x: np.ndarray, parts: Mapping[str, np.ndarray], total: np.ndarray, title: str) -> Figure:
    """Curves that are added up (dashed) and their sum (bold). parts: name -> heights. Returns a Figure."""
    fig = look.figure(look.WIDTH, 3.2, alt=f"Two bent lines and their sum; {title}.")
    ax = fig.subplots()
    for (name, heights), colour, dashes in zip(parts.items(), look.CLASSES, ("--", ":"), strict=False):
        ax.plot(x, heights, dashes, color=colour, label=name)
    ax.plot(x, total, color=look.INK, lw=3, label="0.5 + both")
    ax.set(xlabel="x", ylim=(-5, 7), title=title)
    ax.legend(loc="upper left")
    return fig


@look.style()
def fig_tents(x: np.ndarray, tent: Callable, times: int) -> Figure:
    """A function (dashed) and what it makes of its own output when it is applied `times` times (bold).

    x: (n,), ascending. tent: array -> array of the same shape. Returns a Figure.
    """
    drawn = x
    for _ in range(times):
        drawn = tent(drawn)
    turns = 1 + np.count_nonzero(np.diff(np.sign(np.diff(drawn))))
    title = " of ".join(["tent"] * times) + f": {turns} straight pieces"
    fig = look.figure(look.WIDTH, 2.6, alt=f"A zigzag between 0 and 1. {title}.")
    ax = fig.subplots()
    ax.plot(x, tent(x), "--", color=look.PENCIL)
    ax.plot(x, drawn, color=look.BLUE, lw=2.5)
    ax.set(xlabel="x", title=title)
    return fig


@look.style()
def fig_fit(
    x: np.ndarray,
    curve: np.ndarray,
    network: np.ndarray,
    promised: tuple[float, float] | None = None,
    title: str = "",
    names: tuple[str, str] = ("curve", "network"),
) -> Figure:
    """A curve (wide) and the network that follows it (thin), over x; `promised` = (low, high) is shaded."""
    apart = np.abs(curve - network).max()
    fig = look.figure(
        look.WIDTH, 2.9, alt=f"{' and '.join(names)}: at most {apart:.2g} apart. {title}".strip()
    )
    ax = fig.subplots()
    if promised:
        ax.axvspan(*promised, color=look.PAPER)
    ax.plot(x, curve, color=look.ORANGE, lw=5, alpha=0.5, label=names[0])
    ax.plot(x, network, color=look.BLUE, lw=1.6, label=names[1])
    ax.set(xlabel="x", title=title)
    fig.legend(loc="outside upper left", ncols=2)
    return fig
