"""Layered networks: how they are counted, and what dropout leaves of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, pairwise, product

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from cs231nlib import look
from cs231nlib.figures.ink import unit

RADIUS, GAP, STEP, MARGIN, MOST = 0.25, 0.8, 1.5, 0.85, 7
EDGES = {"input": look.PENCIL, "hidden": look.BLUE, "output": look.ORANGE}
FILLS = {"input": look.PAPER, "hidden": "#DCEBF5", "output": "#FCF0D6"}


@look.style()
def fig_neural_nets(sizes: Sequence[Sequence[int]] = ((3, 4, 2), (3, 4, 4, 1))) -> Figure:
    """Fully connected networks side by side, with their layers named and their parameters counted.

    sizes: a tuple of networks, each a tuple of layer widths, input first; a layer of more than 7 units is
    shortened. Returns a Figure.
    """
    widths = [STEP * (len(net) - 1) + 2 * MARGIN for net in sizes]
    tall = GAP * min(MOST, max(max(net) for net in sizes))
    scale = look.WIDTH / max(sum(widths), 9)
    fig, ax = look.canvas(look.WIDTH, scale * (tall + 2.2), look.WIDTH / scale)
    left, layers = (look.WIDTH / scale - sum(widths)) / 2, []
    for net, width in zip(sizes, widths, strict=True):
        _network(ax, net, left + MARGIN, 1.85 + tall / 2)
        layers.append(_count(ax, net, left + width / 2))
        left += width
    fig.alt = f"Fully connected networks. Units in each layer, from the input on: {'; '.join(layers)}."
    return fig


@look.style()
def fig_dropout(keep: float = 0.5, seed: int = 33, sizes: Sequence[int] = (4, 6, 6, 2)) -> Figure:
    """A network (left) and what one draw of dropout leaves of it (right): crossed units are silent.

    keep: probability that a hidden unit stays. seed: of the draw. Returns a Figure.
    """
    rng = np.random.default_rng(seed)
    alive = [np.ones(n, bool) for n in sizes]
    for layer in range(1, len(sizes) - 1):
        alive[layer] = rng.random(sizes[layer]) < keep
    tall, width = GAP * max(sizes), STEP * (len(sizes) - 1) + 2 * MARGIN
    fig, ax = look.canvas(look.WIDTH, look.WIDTH * (tall + 1.4) / (2 * width), 2 * width)
    _network(ax, sizes, MARGIN, 1.0 + tall / 2)
    _network(ax, sizes, width + MARGIN, 1.0 + tall / 2, alive)
    stay, hidden = sum(map(sum, alive[1:-1])), sum(sizes[1:-1])
    _caption(ax, width / 2, 0.45, "at test time: every unit", 11)
    _caption(ax, 1.5 * width, 0.45, f"one training step: {stay} of {hidden} hidden units", 11)
    fig.alt = (
        f"A network twice. Left, at test time, with all {hidden} hidden units. Right, in one training step: "
        f"{hidden - stay} of them are crossed out with all their connections, {stay} are left."
    )
    return fig


def _network(ax, sizes, left, middle, alive=None):
    """Draw one network; with `alive` (one boolean array per layer) some units are crossed out."""
    columns = [[(left + STEP * i, y) for y in _heights(n, middle)] for i, n in enumerate(sizes)]
    alive = alive or [np.ones(len(column), bool) for column in columns]
    for a, b, live_a, live_b in zip(columns, columns[1:], alive, alive[1:], strict=False):
        ends = product(compress(a, live_a), compress(b, live_b))
        ax.add_collection(LineCollection(list(ends), colors=look.LINE, linewidths=1.1, zorder=1))
    for i, column in enumerate(columns):
        kind = "input" if i == 0 else "output" if i == len(sizes) - 1 else "hidden"
        for place, on in zip(column, alive[i], strict=True):
            _unit(ax, place, kind, on)
        if sizes[i] > MOST:
            ax.text(left + STEP * i, middle, "⋮", fontsize=16, ha="center", va="center")


def _heights(n, middle):
    """Heights of the units of a layer of n, from the top; the middle one of a long layer is left out."""
    shown = min(n, MOST)
    places = [middle + GAP * ((shown - 1) / 2 - i) for i in range(shown)]
    return places if n <= MOST else [y for i, y in enumerate(places) if i != MOST // 2]


def _unit(ax, place, kind, on):
    if on:
        unit(ax, place, RADIUS, edge=EDGES[kind], fill=FILLS[kind])
        return
    unit(ax, place, RADIUS, edge=look.LINE, ls=(0, (2, 1.5)), lw=1.3)
    d = RADIUS * 0.62
    for sign in (1, -1):
        ends = (place[0] - d, place[0] + d), (place[1] - sign * d, place[1] + sign * d)
        ax.plot(*ends, color=look.INK, lw=2, zorder=4)


def _count(ax, net, x):
    """Letter the layers and the parameters of a network below it; returns that as one line."""
    weights, biases = sum(a * b for a, b in pairwise(net)), sum(net[1:])
    for i, n in enumerate(net):
        hidden = "hidden" if len(net) == 3 else f"hidden {i}"
        name = "input" if i == 0 else "output" if i == len(net) - 1 else hidden
        _caption(ax, x + STEP * (i - (len(net) - 1) / 2), 1.5, f"{name}\n{n:,}", 9.5, color=look.PENCIL)
    _caption(ax, x, 0.75, f"{weights:,} weights + {biases:,} biases", 10.5)
    _caption(ax, x, 0.33, f"{weights + biases:,} parameters", 11.5, weight="bold")
    return f"{', '.join(f'{n:,}' for n in net)}: {weights + biases:,} parameters"


def _caption(ax, x, y, text, size, **style):
    ax.text(x, y, text, fontsize=size, ha="center", va="center", linespacing=1.35, **style)
