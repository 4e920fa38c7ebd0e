"""The regions of a classifier of points in the plane."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look
from cs231nlib.titles import padded_figure


@look.style()
def plot_decision_boundary(
    predict: Callable, X: np.ndarray, y: np.ndarray, steps: int = 200, ax: Any = None, title: str = ""
) -> Figure:
    """The regions of a classifier of points in the plane, below the points X (n,2) with classes y (n,).

    predict: (m,2) float64 -> (m,) class numbers; it is called once, on a grid of steps x steps points.
    """
    X, y = np.asarray(X, float), np.asarray(y).astype(int)
    low, high = X.min(axis=0), X.max(axis=0)
    margin = 0.08 * (high - low) + 1e-9
    sides = np.linspace(low - margin, high + margin, steps).T
    grid = np.stack(np.meshgrid(*sides), axis=-1)
    regions = np.asarray(predict(grid.reshape(-1, 2))).reshape(steps, steps).astype(int)
    if ax is None:
        ax = padded_figure(4.6, 4.4).add_subplot()
        ax.figure.alt = _regions(X, y, sides, regions, title)
    top = max(regions.max(), y.max())
    for c in range(top + 1):
        colour, marker = look.CLASSES[c % len(look.CLASSES)], look.MARKERS[c % len(look.MARKERS)]
        ax.contourf(*sides, regions == c, levels=(0.5, 1.5), colors=[colour], alpha=0.22)
        ax.scatter(
            *X[y == c].T, s=26, color=colour, marker=marker, ec="white", lw=0.6, zorder=3, label=f"class {c}"
        )
        ax.contour(*sides, regions == c, levels=(0.5,), colors=look.INK, linewidths=0.8)
    ax.set(xlabel="$x_1$", ylabel="$x_2$", title=title)
    ax.legend(loc="upper right", frameon=True, framealpha=0.85, edgecolor="none")
    return ax.figure


def _regions(X, y, sides, regions, title):
    """The regions in words: how many points lie in that of their class, read off the grid."""
    column, row = (np.abs(side - x[:, None]).argmin(axis=1) for side, x in zip(sides, X.T, strict=True))
    inside = np.mean(regions[row, column] == y)
    found = len(np.unique(regions))
    words = f"The plane in regions of {found} class{'es' * (found != 1)}, with {len(X)} points"
    return f"{f'{title}. ' if title else ''}{words}, {inside:.0%} of them in the region of their own class."
