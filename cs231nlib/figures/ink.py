"""The strokes all diagrams share: a unit, an arrow, a bent wire, a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, Patch
from matplotlib.path import Path

from cs231nlib import look


def unit(
    ax: Axes,
    centre: tuple[float, float] | np.ndarray,
    radius: float,
    edge: str = look.INK,
    fill: str = "white",
    **style: Any,
) -> Patch:
    """A neuron, an operation or an input: a filled circle. Returns the patch."""
    return ax.add_patch(
        Circle((centre[0], centre[1]), radius, fc=fill, ec=edge, zorder=3, **{"lw": 1.8, **style})
    )


def arrow(
    ax: Axes,
    start: tuple[float, float] | None,
    end: tuple[float, float] | None,
    colour: str = look.PENCIL,
    gap: float = 0.0,
    **style: Any,
) -> Patch:
    """An arrow between two points; `gap` (points) keeps its ends clear of what they point at."""
    style = {"arrowstyle": "-|>", "mutation_scale": 14, "lw": 1.8, "zorder": 2, **style}
    return ax.add_patch(FancyArrowPatch(start, end, color=colour, shrinkA=gap, shrinkB=gap, **style))


def bend(ax: Axes, start: Sequence[float], corner: float, gate: Sequence[float], radius: float) -> Patch:
    """A wire that runs level up to x = `corner`, under its numbers, then bends into a gate of that radius."""
    (x0, y0), (x1, y1) = start, gate
    down = (y0 > y1) - (y0 < y1)
    end = (x1 - radius * 0.8, y1 + down * radius * 0.62)
    points = [(x0, y0), (corner, y0), (corner + 0.55 * (end[0] - corner), y0)]
    points += [(end[0] - 1.07 * radius, end[1] + 0.95 * radius * down), end]
    codes = [Path.MOVETO, Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    return arrow(ax, None, None, path=Path(points, codes))


def number(value: float) -> str:
    """A value as a student would write it: at most four significant digits, a true minus sign."""
    text = f"{value:.4g}"
    return text.replace("-", "−")
