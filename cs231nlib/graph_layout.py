"""Where the nodes of a computation graph stand, layer by layer, and how its wires run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

MOST_NODES, ROW, RADIUS = 40, 1.5, 0.38


class Bend:
    """Where a wire passes a column on its way to a later one."""


def reached(out: Any) -> dict[Any, int]:
    """All nodes that `out` was computed from, itself included, as the keys of a dict."""
    found: dict[Any, int] = {}
    waiting = [out]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found[node] = 0
            waiting.extend(reversed(node.parents))
    if len(found) > MOST_NODES:
        raise ValueError(f"{len(found)} nodes do not fit in a picture; at most {MOST_NODES}")
    return found


def depths(depth: dict[Any, int]) -> dict[Any, int]:
    """Column of each node: one after its last parent; a leaf stands just before its first child."""
    for _ in depth:
        for node in depth:
            depth[node] = max((depth[parent] + 1 for parent in node.parents), default=0)
    for leaf in [node for node in depth if not node.parents]:
        depth[leaf] = min((depth[node] for node in depth if leaf in node.parents), default=1) - 1
    return depth


def layers(depth: dict[Any, int]) -> tuple[list[list], list[tuple]]:
    """Columns of nodes and bends in a good order, and the wires (stations, operand, operands)."""
    columns = [[node for node in depth if depth[node] == i] for i in range(max(depth.values()) + 1)]
    wires: list[tuple] = []
    trunk: dict[tuple, Bend] = {}  # the long wires of a node share their bends
    for node in depth:
        for operand, parent in enumerate(node.parents):
            passed = range(depth[parent] + 1, depth[node])
            bends = [trunk.setdefault((parent, i), Bend()) for i in passed]
            wires.append(([parent, *bends, node], operand, len(node.parents)))
    for (_, i), bend in trunk.items():
        columns[i].append(bend)
    _untangle(columns, wires)
    return columns, wires


def _untangle(columns, wires):
    """From the output back, sort each column by the mean height of the inputs it feeds."""
    fed: dict[Any, list] = {item: [] for column in columns for item in column}
    for path, operand, _ in wires:
        for a, b in pairwise(path):
            fed[a].append((b, operand if b is path[-1] else 0))
    for column in columns[::-1]:
        height = {item: y for item, (_, y) in places(columns)}
        column.sort(key=lambda item: -np.mean([height[b] - 0.1 * k for b, k in fed[item]] or [0]))


def places(columns: list[list]) -> Iterator[tuple[Any, tuple[float, float]]]:
    """Each item with its (x, y), the columns centred on y = 0."""
    for i, column in enumerate(columns):
        for k, item in enumerate(column):
            yield item, (spacing(columns) * i, ROW * ((len(column) - 1) / 2 - k))


def spacing(columns: list[list]) -> float:
    """How far columns stand apart."""
    return 1.75 if len(columns) < 7 else 1.35
