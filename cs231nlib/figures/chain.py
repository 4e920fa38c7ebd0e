"""The first computation graph: f = (x + y) z, values forward above, gradients backward below."""

from __future__ import annotations

from matplotlib.figure import Figure

from cs231nlib import look
from cs231nlib.figures.ink import arrow, bend, number, unit

ADD, TIMES, RADIUS = (3.55, 3.85), (7.05, 2.45), 0.42
LEAVES = {"x": (0.6, 4.7), "y": (0.6, 3.0), "z": (0.6, 0.95)}
LABELS = {"x": (1.75, 4.7), "y": (1.75, 3.0), "z": (2.6, 0.95), "q": (4.75, 3.85), "f": (8.45, 2.45)}


@look.style()
def fig_chain(x: float = -2.0, y: float = 5.0, z: float = -4.0, show_grad: bool = True) -> Figure:
    """The graph of f(x, y, z) = (x + y) z. Values in green above each wire, gradients of f below it.

    x, y, z: numbers. show_grad: draw the backward pass too. Returns a Figure.
    """
    fig, ax = look.canvas(look.WIDTH, 3.7, 10)
    _graph(ax)
    _write(ax, {"x": x, "y": y, "z": z, "q": x + y, "f": (x + y) * z}, look.FORWARD, 0.09, "bottom")
    if show_grad:
        _write(ax, {"x": z, "y": z, "z": x + y, "q": z, "f": 1.0}, look.BACKWARD, -0.13, "top")
    _legend(ax, show_grad)
    fig.alt = (
        f"Graph of f = (x + y) z. Forward: x = {number(x)} and y = {number(y)} enter a plus, "
        f"q = {number(x + y)} leaves it and enters a times with z = {number(z)}; f = {number((x + y) * z)}."
    )
    if show_grad:
        fig.alt += f" Backward: 1 at f, {number(x + y)} at z, {number(z)} at q, and the same at x and y."
    return fig


def _graph(ax):
    for name, place in LEAVES.items():
        unit(ax, place, RADIUS, fill=look.PAPER)
        ax.text(*place, f"${name}$", fontsize=18, ha="center", va="center_baseline", zorder=4)
    for place, sign, meaning in ((ADD, "+", "q = x + y"), (TIMES, "×", "f = q\\,z")):
        unit(ax, place, RADIUS)
        ax.text(*place, sign, fontsize=20, ha="center", va="center_baseline", zorder=4)
        ax.text(place[0], place[1] - 0.75, f"${meaning}$", fontsize=13, ha="center", color=look.PENCIL)
    for name, gate in (("x", ADD), ("y", ADD), ("z", TIMES)):
        bend(ax, LEAVES[name], LABELS[name][0] + 0.5, gate, RADIUS)
    bend(ax, ADD, LABELS["q"][0] + 0.5, TIMES, RADIUS)
    arrow(ax, (TIMES[0] + RADIUS, TIMES[1]), (9.55, TIMES[1]))


def _write(ax, numbers, colour, offset, side):
    for name, value in numbers.items():
        x, y = LABELS[name]
        ax.text(x, y + offset, number(value), color=colour, fontsize=15, weight="bold", ha="center", va=side)


def _legend(ax, show_grad):
    arrow(ax, (6.4, 4.8), (7.1, 4.8), look.FORWARD, lw=2.4)
    ax.text(7.25, 4.8, "forward: values", color=look.FORWARD, va="center", fontsize=12)
    if show_grad:
        arrow(ax, (7.1, 4.35), (6.4, 4.35), look.BACKWARD, lw=2.4)
        ax.text(7.25, 4.35, "backward: gradients", color=look.BACKWARD, va="center", fontsize=12)
