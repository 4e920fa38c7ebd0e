"""The picture of a computation graph, layer by layer from the inputs to the output."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from cs231nlib import look
from cs231nlib.figures.ink import arrow, number, unit
from cs231nlib.graph_layout import RADIUS, ROW, Bend, depths, layers, places, reached, spacing

SYMBOLS = {"*": "×", "-": "−", "/": "÷", "neg": "−", "**": "^"}


@look.style()
def draw_graph(
    out: Any,
    show: str = "both",
    values: Collection | None = None,
    grads: Collection | None = None,
    at: Any = None,
) -> Figure:
    """Draw all that led to `out`: values in green above the nodes, gradients in vermillion below.

    show: "value", "grad" or "both". values, grads: only these nodes get their number (for pictures of a
    pass on its way). at: a node to ring. Returns a Figure; ValueError above 40 nodes.
    """
    columns, wires = layers(depths(reached(out)))
    place = dict(places(columns))
    nodes = [item for item in place if not isinstance(item, Bend)]
    labelled = [node for node in nodes if node.op != "number"]
    fig, ax, scale = _paper(columns)
    for path, operand, operands in wires:
        _wire(ax, [place[item] for item in path], operand, operands)
    for node in nodes:
        _node(ax, node, place[node], scale, node is at)
    shown = {"value": labelled if values is None else values, "grad": labelled if grads is None else grads}
    shown = {kind: list(some) if show in (kind, "both") else [] for kind, some in shown.items()}
    for kind, some in shown.items():
        for node in some:
            _label(ax, node, kind, place[node], scale)
    fig.alt = _told(labelled, **shown)
    return fig


def _told(nodes, value, grad):
    """The graph in words: how each node comes about, and the numbers that stand at it."""
    called = {node: node.name or f"node {i}" for i, node in enumerate(nodes, 1)}
    lines = []
    for node in nodes:
        operands = [called.get(parent, number(parent.value)) for parent in node.parents]
        words = [called[node], *([formula(node.op, operands)] if operands else [])]
        words += [number(node.value)] * (node in value)
        lines.append(" = ".join(words) + f", gradient {number(node.grad)}" * (node in grad))
    return f"Computation graph: {'; '.join(lines)}."


def formula(op: str, operands: list[str]) -> str:
    """An operation in words, as a line of mathematics has it: x × y, −x, max(x, y)."""
    sign = SYMBOLS.get(op, op)
    if len(operands) == 1 and sign != op:
        return sign + operands[0]
    return f"{op}({', '.join(operands)})" if op.isalpha() else f" {sign} ".join(operands)


def _paper(columns):
    """Figure and Axes that hold the columns, and inches per unit."""
    wide, tall = spacing(columns) * (len(columns) - 1) + 2, ROW * max(map(len, columns)) + 0.2
    scale = min(look.WIDTH / wide, 0.85)
    fig, ax = look.canvas(look.WIDTH, scale * tall, look.WIDTH / scale)
    spare = look.WIDTH / scale - wide
    ax.set(xlim=(-1 - spare / 2, wide - 1 + spare / 2), ylim=(-tall / 2, tall / 2))
    return fig, ax, scale


def _wire(ax, stations, operand, operands):
    (x, y), stations = stations[0], stations[1:]
    angle = np.pi + (operand - (operands - 1) / 2) * 0.9
    points, codes = [(x + RADIUS, y)], [Path.MOVETO]
    for i, (x, y) in enumerate(stations):
        last = i == len(stations) - 1
        end = (x + RADIUS * np.cos(angle), y + RADIUS * np.sin(angle)) if last else (x, y)
        half = (end[0] - points[-1][0]) / 2
        points += [(points[-1][0] + half, points[-1][1]), (end[0] - half, end[1]), end]
        codes += [Path.CURVE4] * 3
    arrow(ax, None, None, path=Path(points, codes), lw=1.5, mutation_scale=12)


def _node(ax, node, place, scale, ringed):
    unit(ax, place, RADIUS, fill="white" if node.parents else look.PAPER)
    if ringed:
        unit(ax, place, RADIUS, edge=look.ORANGE, fill="none", lw=4.5)
    words = _words(node)
    size = scale * (22 if len(words) < 2 or "$" in words else 16 if len(words) < 4 else 12)
    ax.text(*place, words, fontsize=size, ha="center", va="center_baseline", zorder=4)


def _words(node):
    if node.op == "number":
        return number(node.value)
    if node.op != "input":
        return SYMBOLS.get(node.op, node.op)
    letter, index = node.name[:1], node.name[1:]
    return (
        f"${letter}_{{{index}}}$" if index.isdigit() else f"${letter}$" if letter and not index else node.name
    )


def _label(ax, node, kind, place, scale):
    above = kind == "value"
    words = number(getattr(node, kind))
    if above and node.parents and node.name:
        words = f"{node.name} = {words}"
    ax.text(
        place[0],
        place[1] + (RADIUS + 0.08) * (1 if above else -1),
        words,
        color=look.FORWARD if above else look.BACKWARD,
        fontsize=16.5 * scale,
        weight="bold",
        ha="center",
        va="bottom" if above else "top",
        zorder=5,
    )
