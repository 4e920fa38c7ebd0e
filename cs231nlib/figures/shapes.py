"""The arrays of a forward pass as rectangles, each with its shape."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cs231nlib import look
from cs231nlib.figures.ink import arrow

MOST, LABEL, GAP, WORDS = 9, 0.52, 0.32, 0.5  # longest side in cells; the others in inches
DATA, PARAMETERS = ("#DDF1EA", look.GREEN), ("#DCEBF5", look.BLUE)


@look.style()
def fig_shape_flow(sizes: Sequence[int] = (3, 4, 4, 1), n: int = 5) -> Figure:
    """The forward pass of a network on a batch as arrays with their shapes; rows are examples.

    sizes: layer widths, input first. n: examples in the batch. A side longer than 9 is drawn as 9. Returns
    a Figure.
    """
    widths = [sizes[0], *np.repeat(sizes[1:], 2)]
    cell, slots = _show_all(np.minimum(widths, MOST), look.WIDTH - 0.3 - GAP * (len(widths) - 1))
    tall = cell * min(MOST, max(n, *sizes[:-1]))
    middle = tall / 2 + 0.4 + cell + WORDS
    fig, ax = look.canvas(look.WIDTH, middle + tall / 2 + WORDS, look.WIDTH)
    left = (look.WIDTH - slots.sum() - GAP * (len(slots) - 1)) / 2
    for i, slot in enumerate(slots):
        _column(ax, i, sizes, n, (left + slot / 2, middle), cell)
        left += slot + GAP
        if i + 1 < len(slots):
            _between(ax, left - GAP / 2, middle, joins=i % 2 == 0)
    layers = (
        f"@ W{i} {pair} + b{i} ({pair[1]},) makes ({n}, {pair[1]})"
        for i, pair in enumerate(pairwise(sizes), 1)
    )
    fig.alt = f"Arrays as rectangles, from left to right: X ({n}, {sizes[0]}) {', '.join(layers)}."
    return fig


def _show_all(widths, room):
    """The largest cell with which all columns fit, and the width of each: none is narrower than its label."""
    for cell in np.linspace(0.19, 0.05, 29):
        slots = np.maximum(cell * widths, LABEL)
        if slots.sum() <= room:
            break
    return cell, slots


def _column(ax, i, sizes, n, place, cell):
    """Column i of the picture: even ones hold data, odd ones the weights and biases of a layer."""
    layer, (x, middle) = (i + 1) // 2, place
    side = cell * min(MOST, sizes[layer])
    if i % 2 == 0:
        name = "$X$" if i == 0 else "scores" if layer == len(sizes) - 1 else f"$h_{layer}$"
        tall = cell * min(MOST, n)
        _box(ax, x, middle, side, tall, DATA)
        _say(ax, x, middle + tall / 2 + 0.08, f"{name}\n({n}, {sizes[layer]})", "bottom")
        return
    tall = cell * min(MOST, sizes[layer - 1])
    _box(ax, x, middle, side, tall, PARAMETERS)
    _say(ax, x, middle + tall / 2 + 0.08, f"$W_{layer}$\n({sizes[layer - 1]}, {sizes[layer]})", "bottom")
    floor = middle - tall / 2 - 0.32
    _say(ax, x, (middle - tall / 2 + floor) / 2 + 0.02, "+", "center")
    _box(ax, x, floor - cell / 2, side, cell, PARAMETERS)
    _say(ax, x, floor - cell - 0.08, f"$b_{layer}$\n({sizes[layer]},)", "top")


def _box(ax, x, y, wide, tall, colours):
    fill, edge = colours
    ax.add_patch(Rectangle((x - wide / 2, y - tall / 2), wide, tall, fc=fill, ec=edge, lw=1.6))


def _say(ax, x, y, text, side):
    ax.text(x, y, text, fontsize=10, ha="center", va=side, linespacing=1.3)


def _between(ax, x, y, joins):
    if joins:
        _say(ax, x, y, "@", "center")
    else:
        arrow(ax, (x - 0.13, y), (x + 0.13, y), mutation_scale=10)
