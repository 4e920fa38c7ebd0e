"""Titles of whole figures, with a label where the data are the SYNTHETIC stand-in, and the room they need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look
from cs231nlib.synthetic import SYNTHETIC_NAMES, is_synthetic

EDGE, HEAD, NAMES = 0.12, 0.42, 1.0  # inches: margin, room for the title and for class names


def headline(
    title: str, X: np.ndarray | None = None, names: Sequence[str] = (), source: str | None = None
) -> str:
    """The title, with a label behind it when the data are the SYNTHETIC stand-in."""
    drawn = source == "synthetic" or (bool(names) and set(names) <= set(SYNTHETIC_NAMES))
    if not drawn and not (X is not None and is_synthetic(X)):
        return title
    return f"{title}  (SYNTHETIC stand-in)" if title else "SYNTHETIC stand-in"


def put_title(fig: Figure, text: str) -> None:
    """The title of a whole figure, in the style of the course."""
    place = {} if fig.get_layout_engine() else {"y": 1 - 0.1 / fig.get_figheight(), "va": "top"}
    fig.suptitle(text, fontsize=12, fontweight="bold", color=look.INK, **place)


def title_width(title: str) -> float:
    """Inches, about."""
    return 0.1 * len(title) + 2 * EDGE


def padded_figure(width: float, height: float) -> Any:
    """A figure of so many inches, its panels a little apart."""
    fig: Any = look.figure(width, height)
    fig.get_layout_engine().set(w_pad=0.08, h_pad=0.08)
    return fig
