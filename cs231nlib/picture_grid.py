"""A titled figure of square axes in rows, for pictures side by side, and its alt text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from cs231nlib import look
from cs231nlib.titles import EDGE, HEAD, put_title, title_width

MOST_NAMED = 24  # pictures named in an alt text


def listing(title: str, n: int, names: Sequence | None) -> str:
    """Alt text of n pictures, with the names of the first of them."""
    named = "" if names is None else ": " + "; ".join(str(name) for name in names[:MOST_NAMED])
    more = f"; and {n - MOST_NAMED} more" if named and n > MOST_NAMED else ""
    return f"{title}. {n} picture{'s' * (n != 1)}{named}{more}."


def picture_grid(n: int, cols: int, title: str, lines: int = 0) -> tuple[look.Drawing, list[Axes]]:
    """A titled figure of n square axes, `cols` to a row, with room for `lines` of text above each."""
    cols = max(1, min(cols, n))
    rows = -(-n // cols)
    side, text = min(1.2, (look.WIDTH - 2 * EDGE) / cols), 0.17 * lines
    width = max(cols * side + 2 * EDGE, title_width(title))
    height = rows * (side + text) + HEAD + EDGE
    fig = look.figure(width, height)
    fig.set_layout_engine("none")
    put_title(fig, title)
    left = (width - cols * side) / 2
    axes = []
    for i in range(n):
        x, y = left + i % cols * side, height - HEAD - (i // cols + 1) * (side + text)
        axes.append(fig.add_axes((x / width, y / height, 0.94 * side / width, 0.94 * side / height)))
        strip_axes(axes[-1])
        axes[-1].set_yticks([])
    return fig, axes


def strip_axes(ax: Any) -> None:
    """Leave nothing of the axes but the labels of their rows."""
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
