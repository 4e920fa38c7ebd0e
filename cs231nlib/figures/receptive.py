"""Rows of units seen from the side: which inputs a window covers, and which ones a unit far above can see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cs231nlib import look

CELL = 0.86  # side of a unit, in units of the picture


@look.style()
def fig_windows(n: int, k: int, stride: int = 1, pad: int = 0) -> Figure:
    """A row of n inputs, `pad` zeros at both ends (hollow), and a bar for each place of the window."""
    starts = range(-pad, n + pad - k + 1, stride)
    fig, ax = look.canvas(look.WIDTH, 1.2 + 0.16 * len(starts), n + 2 * pad + 1)
    top = ax.get_ylim()[1] - 1.1
    for i in range(-pad, n + pad):
        real = 0 <= i < n
        style: dict[str, Any] = (
            {"fc": look.SKY, "ec": look.BLUE} if real else {"fc": "none", "ec": look.LINE, "ls": "--"}
        )
        ax.add_patch(Rectangle((i + pad + 0.55, top), CELL, CELL, lw=1.2, **style))
    space = top / (len(starts) + 1)
    for line, start in enumerate(starts, 1):
        y = top - line * space
        ax.plot([start + pad + 0.6, start + pad + k + 0.36], [y, y], color=look.ORANGE, lw=4)
    zeros = f" and {pad} zeros at each end" if pad else ""
    last = starts[-1] + k if len(starts) else -pad
    rest = f"; {n + pad - last} at the end are never seen" if n + pad > last else ""
    fig.alt = f"{n} inputs{zeros}: a window of {k} with stride {stride} has {len(starts)} places{rest}."
    return fig


@look.style()
def fig_receptive(layers: Sequence[tuple[str, int, int]], n: int = 29) -> Figure:
    """What the middle unit of the last layer sees, row by row down to the n inputs. Returns a Figure.

    layers: (name, k, stride) from the input upwards, windows of k units without padding.
    """
    sizes, spans = _spans(layers, n)
    fig, ax = look.canvas(look.WIDTH, 0.55 * len(sizes) + 0.25, n + 6)
    steps, rise = np.cumprod([1, *(stride for _, _, stride in layers)]), ax.get_ylim()[1] / len(sizes)
    offsets = np.cumsum([0, *((k - 1) / 2 * step for (_, k, _), step in zip(layers, steps, strict=False))])
    names = ["input", *(f"{name}" for name, _, _ in layers)]
    for level, (size, (low, high)) in enumerate(zip(sizes, spans, strict=True)):
        y = (level + 0.15) * rise
        for i in range(size):
            seen = low <= i <= high
            colours: dict[str, Any] = {
                "fc": look.ORANGE if seen else look.PAPER,
                "ec": look.PENCIL if seen else look.LINE,
            }
            ax.add_patch(Rectangle((5.5 + offsets[level] + i * steps[level], y), CELL, CELL, **colours))
        ax.text(5, y + CELL / 2, names[level], ha="right", va="center", fontsize=10)
    widths = [high - low + 1 for low, high in spans]
    fig.alt = "Units seen by one unit at the top, from the top down: " + ", ".join(
        f"{name} {width}" for name, width in zip(names[::-1], widths[::-1], strict=True)
    )
    return fig


def _spans(layers, n):
    """The number of units in each row, and the first and last of them that the top's middle unit sees."""
    sizes = [n]
    for _, k, stride in layers:
        sizes.append((sizes[-1] - k) // stride + 1)
    spans = [(sizes[-1] // 2, sizes[-1] // 2)]
    for _, k, stride in layers[::-1]:
        low, high = spans[-1]
        spans.append((low * stride, high * stride + k - 1))
    return sizes, spans[::-1]


def receptive_width(layers: Sequence[tuple[str, int, int]]) -> int:
    """How many inputs, along one side, a unit above these (name, k, stride) layers sees."""
    low, high = _spans(layers, 10_000)[1][0]
    return high - low + 1
