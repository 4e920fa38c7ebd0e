"""The shapes of a layer Y = X W, and of the gradients that come back."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cs231nlib import look


@look.style()
def fig_layer(N: int = 4, D: int = 3, M: int = 2) -> Figure:
    """Each array of Y = X @ W as a rectangle of its shape: values in green, gradients in vermillion."""
    shapes = {"X": (N, D), "W": (D, M), "Y": (N, M), "dout": (N, M), "dX": (N, D), "dW": (D, M)}
    words = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
    gaps = {"W": 1, "Y": 1, "dout": 2, "dX": 1, "dW": 1}
    width = sum(columns for _, columns in shapes.values()) + sum(gaps.values())
    fig, ax = look.canvas(look.WIDTH, 1.9, width + 0.4, alt=f"Six rectangles with their shapes: {words}.")
    left, middle = 0.2, ax.get_ylim()[1] / 2
    for name, (rows, columns) in shapes.items():
        left += gaps.get(name, 0)
        if name in "WY":
            ax.text(left - 0.5, middle, "@" if name == "W" else "=", ha="center", va="center", fontsize=15)
        colour = look.BACKWARD if name.startswith("d") else look.FORWARD
        ax.add_patch(Rectangle((left, middle - rows / 2), columns, rows, fc=colour, ec=colour, alpha=0.3))
        style: dict[str, Any] = {"color": look.INK, "weight": "bold", "ha": "center", "va": "center"}
        ax.text(left + columns / 2, middle, f"{name}\n({rows}, {columns})", **style)
        left += columns
    return fig
