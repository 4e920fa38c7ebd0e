"""A nerve cell beside the model that took its name; the same colour marks the part that corresponds."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from cs231nlib import look
from cs231nlib.figures.ink import arrow, unit

DENDRITE, SYNAPSE, BODY, AXON = look.BLUE, look.ORANGE, look.PURPLE, look.GREEN
SOMA, MODEL = np.array([2.95, 3.75]), np.array([11.1, 3.75])

# Each branch: start, two control points and end of a Bezier curve, then its width at both ends.
DENDRITES = (
    ((2.5, 4.2), (1.9, 4.8), (1.5, 5.0), (0.75, 5.75), 0.34, 0.07),
    ((1.9, 4.72), (1.55, 5.05), (1.8, 5.6), (1.72, 6.15), 0.18, 0.06),
    ((2.4, 3.8), (1.8, 3.9), (1.3, 3.5), (0.45, 3.95), 0.34, 0.07),
    ((1.45, 3.72), (1.0, 3.5), (0.9, 3.3), (0.4, 3.15), 0.15, 0.06),
    ((2.6, 3.3), (2.1, 2.7), (1.6, 2.6), (0.8, 1.95), 0.34, 0.07),
    ((2.05, 2.8), (1.6, 2.5), (1.8, 1.9), (1.55, 1.4), 0.18, 0.06),
    ((3.1, 4.3), (3.2, 5.0), (2.8, 5.4), (3.05, 6.1), 0.3, 0.06),
    ((3.1, 3.2), (3.2, 2.6), (2.8, 2.2), (3.0, 1.6), 0.3, 0.06),
)
AXONS = (
    ((3.4, 3.75), (4.3, 3.75), (4.9, 3.55), (5.75, 3.75), 0.3, 0.15),
    ((5.65, 3.72), (6.0, 3.95), (6.1, 4.5), (6.6, 4.7), 0.13, 0.07),
    ((5.65, 3.74), (6.1, 3.8), (6.4, 3.75), (6.8, 3.75), 0.13, 0.07),
    ((5.65, 3.72), (6.0, 3.5), (6.1, 3.0), (6.6, 2.8), 0.13, 0.07),
)
WORDS = (
    "Left, a nerve cell: an axon reaches a dendrite through a synapse, dendrites lead to the cell body, an "
    "axon leads away and branches into terminals. Right, its model: inputs x are multiplied by weights w, "
    "summed with a bias b, and the activation f of the sum is the output."
)
INCOMING = ((-0.1, 6.7), (0.2, 6.6), (0.3, 6.3), (0.58, 5.95), 0.13, 0.1)


@look.style()
def fig_neuron_net() -> Figure:
    """Sketch of a nerve cell (left) and of the artificial neuron (right). Returns a Figure."""
    fig, ax = look.canvas(look.WIDTH, 3.5, 14, alt=WORDS)
    ax.set_ylim(0.45, 7.45)
    _cell(ax)
    _names(ax)
    _model(ax)
    for x, title in ((4.2, "a nerve cell"), (10.9, "its mathematical model")):
        ax.text(x, 7.05, title, ha="center", va="center", fontsize=13, weight="bold")
    return fig


def _cell(ax):
    for branches, colour in (((*AXONS, INCOMING), AXON), (DENDRITES, DENDRITE)):
        for branch in branches:
            ax.add_patch(Polygon(_tapered(*branch), fc=colour, ec="none", zorder=2))
    angle = np.linspace(0, 2 * np.pi, 200)
    radius = 0.72 * (1 + 0.07 * np.cos(3 * angle + 0.4) + 0.04 * np.cos(5 * angle))
    outline = SOMA + radius[:, None] * np.c_[np.cos(angle), np.sin(angle)]
    ax.add_patch(Polygon(outline, fc="#F3DDEA", ec=BODY, lw=2.2, zorder=3))
    unit(ax, SOMA, 0.27, edge="none", fill=BODY)
    for branch in AXONS[1:]:
        unit(ax, branch[3], 0.13, edge="none", fill=AXON)
    unit(ax, (0.63, 5.88), 0.16, edge="white", fill=SYNAPSE, lw=1.2)


def _tapered(p0, p1, p2, p3, wide, narrow):
    """Outline of a cubic Bezier curve whose width falls from `wide` to `narrow`: (80, 2)."""
    t = np.linspace(0, 1, 40)[:, None]
    p0, p1, p2, p3 = map(np.array, (p0, p1, p2, p3))
    curve = (1 - t) ** 3 * p0 + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t**2 * p2 + t**3 * p3
    along = np.gradient(curve, axis=0)
    across = along[:, ::-1] * (-1, 1) / np.linalg.norm(along, axis=1, keepdims=True)
    half = (wide + (narrow - wide) * t) / 2
    return np.concatenate([curve + half * across, (curve - half * across)[::-1]])


def _names(ax):
    labels = (
        ("synapse", SYNAPSE, (1.15, 6.75), (0.7, 6.0)),
        ("dendrites", DENDRITE, (0.95, 0.85), (1.2, 2.15)),
        ("cell body", BODY, (4.25, 2.35), (3.4, 3.25)),
        ("axon", AXON, (4.7, 4.45), (4.7, 3.8)),
        ("axon terminals", AXON, (5.85, 5.4), (6.55, 4.85)),
    )
    for name, colour, place, target in labels:
        ax.annotate(
            name,
            target,
            place,
            color=look.INK,
            ha="center",
            va="center",
            fontsize=10.5,
            arrowprops={"arrowstyle": "-", "color": colour, "lw": 1.1, "shrinkB": 1},
        )


def _model(ax):
    for i, y in enumerate((5.75, 3.75, 1.75)):
        start = np.array([8.15, y])
        direction = (MODEL - start) / np.linalg.norm(MODEL - start)
        synapse, end = start + 0.75 * direction, MODEL - 1.33 * direction
        ax.plot(*zip(start, synapse, strict=True), color=AXON, lw=2.4)
        arrow(ax, synapse, end, DENDRITE, lw=2.4)
        unit(ax, synapse, 0.17, edge="white", fill=SYNAPSE, lw=1.2)
        ax.text(start[0] - 0.15, y, f"$x_{i}$", fontsize=14, ha="right", va="center")
        ax.text(synapse[0], synapse[1] + 0.3, f"$w_{i}$", fontsize=12, ha="center", va="bottom")
    unit(ax, MODEL, 1.3, edge=BODY, fill="#F3DDEA", lw=2.2)
    ax.text(11.1, 4.03, r"$z=\sum_i w_i x_i+b$", fontsize=10.5, ha="center", va="center", zorder=4)
    ax.text(11.1, 3.25, "$f(z)$", fontsize=13, ha="center", va="center", zorder=4)
    arrow(ax, (12.4, 3.75), (13.75, 3.75), AXON, lw=2.4)
    _captions(ax)


def _captions(ax):
    captions = (
        ((7.6, 6.45), "signals of\nother neurons", "left"),
        ((10.0, 5.75), "weighted\nsignals $w_i x_i$", "left"),
        ((11.1, 2.0), "sum, then\nactivation $f$", "center"),
        ((13.1, 4.35), "output", "center"),
    )
    for (x, y), text, side in captions:
        ax.text(x, y, text, fontsize=10, color=look.PENCIL, ha=side, va="center", linespacing=1.3)
