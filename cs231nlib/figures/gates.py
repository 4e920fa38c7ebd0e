"""What three gates do with the gradient that comes back to them."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from cs231nlib import look
from cs231nlib.figures.ink import arrow, bend, number, unit

CARDS = (
    ("add", "+", "hands the gradient\non to both inputs"),
    ("multiply", "×", "times the value\nof the other input"),
    ("max", "max", "all of it to the\nlarger input"),
)
RADIUS = 0.36


@look.style()
def fig_gates(x: float = 3.0, y: float = -4.0, upstream: float = 2.0) -> Figure:
    """Three cards, add, multiply and max: values in green, gradients below them in vermillion.

    x, y: the inputs of each gate. upstream: the gradient that arrives at its output. Returns a Figure.
    """
    fig, ax = look.canvas(look.WIDTH, 2.75, 12)
    larger = x >= y
    passes = (
        (x + y, upstream, upstream),
        (x * y, upstream * y, upstream * x),
        (max(x, y), upstream * larger, upstream * (not larger)),
    )
    for i, (card, numbers) in enumerate(zip(CARDS, passes, strict=True)):
        _card(ax, 4 * i, card, (x, y, numbers[0]), (*numbers[1:], upstream))
    sentences = (
        f"{card[0]} gives {number(out)} and passes back {number(dx)} and {number(dy)}"
        for card, (out, dx, dy) in zip(CARDS, passes, strict=True)
    )
    fig.alt = (
        f"Three gates with inputs {number(x)} and {number(y)}; the gradient {number(upstream)} comes back "
        f"to each: {'; '.join(sentences)}."
    )
    return fig


def _card(ax, left, card, values, grads):
    name, sign, meaning = card
    style: dict[str, Any] = {
        "boxstyle": "round,pad=0,rounding_size=0.2",
        "fc": look.PAPER,
        "ec": "none",
        "zorder": 0,
    }
    ax.add_patch(FancyBboxPatch((left + 0.12, 0.12), 3.76, 4.47, **style))
    ax.text(left + 2, 4.2, name, fontsize=13, weight="bold", ha="center", va="center")
    gate = (left + 2.05, 2.6)
    unit(ax, gate, RADIUS)
    ax.text(*gate, sign, fontsize=9.5 if len(sign) > 1 else 17, ha="center", va="center_baseline", zorder=4)
    arrow(ax, gate, (left + 3.7, gate[1]))
    spots = ((left + 0.72, 3.3), (left + 0.72, 1.9), (left + 2.95, gate[1]))
    for x, y in spots[:2]:
        bend(ax, (x - 0.42, y), x + 0.3, gate, RADIUS)
    for (x, y), value, grad in zip(spots, values, grads, strict=True):
        bold = {"fontsize": 12.5, "weight": "bold", "ha": "center"}
        ax.text(x, y + 0.12, number(value), color=look.FORWARD, va="bottom", **bold)
        ax.text(x, y - 0.14, number(grad), color=look.BACKWARD, va="top", **bold)
    ax.text(
        left + 2, 0.65, meaning, fontsize=10, color=look.PENCIL, ha="center", va="center", linespacing=1.3
    )
