"""Three blocks in a row, plain and with a skip around each, and the gradient on its way back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cs231nlib import look
from cs231nlib.figures.ink import arrow, number, unit

BLOCKS, WIDE, HIGH = (2.6, 6.6, 10.6), 1.5, 0.9


@look.style()
def fig_skip(slope: float) -> Figure:
    """What a gradient of 1 becomes on its way back through three blocks whose own slope is `slope`."""
    fig, ax = look.canvas(look.WIDTH, 3.0, 14)
    plain, skipped = slope ** np.arange(4), (1 + slope) ** np.arange(4)
    _row(ax, 4.0, plain, f"plain: each block multiplies the gradient by {number(slope)}")
    _row(ax, 0.9, skipped, f"with a skip: by 1 + {number(slope)} = {number(1 + slope)}")
    for middle in BLOCKS:
        _skip(ax, middle, 0.9)
    ways = (f"{name} {', '.join(map(number, row))}" for name, row in (("plain", plain), ("skip", skipped)))
    fig.alt = f"Three blocks F in a row; gradients from the last to the first: {'; with a '.join(ways)}."
    return fig


def _row(ax: Axes, y: float, gradients: np.ndarray, title: str) -> None:
    ax.text(0.3, y + 1.45, title, fontsize=11, fontweight="bold")
    ends = (0.2, *BLOCKS, 13.8)
    for left, right in pairwise(ends):
        start = left + (WIDE / 2 if left in BLOCKS else 0)
        arrow(ax, (start, y), (right - (WIDE / 2 if right in BLOCKS else 0), y), look.FORWARD)
    for middle in BLOCKS:
        corner = (middle - WIDE / 2, y - HIGH / 2)
        ax.add_patch(Rectangle(corner, WIDE, HIGH, fc=look.PAPER, ec=look.INK, lw=1.6, zorder=3))
        ax.text(middle, y, "F", ha="center", va="center", zorder=4)
    for x, gradient in zip((1.0, 5.05, 9.05, 13.1), gradients[::-1], strict=True):
        ax.text(x, y - 0.3, f"← {number(gradient)}", color=look.BACKWARD, ha="center", va="top", fontsize=11)


def _skip(ax: Axes, middle: float, y: float) -> None:
    """A wire over the block, and the sum that it ends in."""
    begin, end, top = middle - 1.15, middle + 1.2, y + 0.85
    ax.plot([begin, begin, end], [y, top, top], color=look.FORWARD, lw=1.8, zorder=2)
    arrow(ax, (end, top), (end, y + 0.2), look.FORWARD)
    unit(ax, (end, y), 0.24)
    ax.text(end, y, "+", ha="center", va="center", zorder=4, fontsize=11)
