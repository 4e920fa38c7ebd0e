"""Filters on their way through the channels of a picture, with stride and padding, sum by sum."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from cs231nlib import look
from cs231nlib.figures.convolution import correlation
from cs231nlib.figures.ink import number

TINTS = {"red": "Reds", "green": "Greens", "blue": "Blues"}  # a channel's name -> its colours
FRAME: dict[str, Any] = {"fill": False, "ec": look.ORANGE, "lw": 3, "zorder": 3}
PALE = 0.3  # share of the range of colours that numbers stay readable on


def volume_steps(
    picture: np.ndarray, W: np.ndarray, b: np.ndarray, stride: int = 1, pad: int = 0
) -> dict[str, Any]:
    """What `scrub(**...)` takes: a frame for each filter and place, with the sums of the channels as caption.

    picture: (H, W, 3), small numbers. W: (k, k, 3, F). b: (F,). Filter after filter, each row by row.
    """
    padded = np.pad(np.asarray(picture, float), ((pad, pad), (pad, pad), (0, 0)))
    sums = _sums(padded, np.asarray(W, float), stride)
    maps = sums.sum(axis=-1) + np.asarray(b, float)[:, None, None]
    frames, captions, labels = [], [], []
    for done, (f, row, column) in enumerate(np.ndindex(maps.shape), 1):
        seen = np.where(np.arange(maps.size).reshape(maps.shape) < done, maps, np.nan)
        corner = np.array([column, row]) * stride
        parts = [
            f"{name} {number(float(part))}" for name, part in zip(TINTS, sums[f, row, column], strict=True)
        ]
        frames.append(_fig_volume(padded, W[..., f], seen, (f, row, column), corner, pad, parts))
        captions.append(
            f"{' + '.join(parts)} + bias {number(float(b[f]))} = {number(float(maps[f, row, column]))}"
        )
        frames[-1].alt = f"Filter {f} at rows {corner[1]} to {corner[1] + len(W) - 1}. {captions[-1]}."
        labels.append(f"filter {f}, row {row}, column {column}")
    return {"frames": frames, "captions": captions, "labels": labels, "name": "place"}


def _sums(padded, W, stride):
    """(F, H', W', C): the sum of each filter's weights times the window, channel by channel."""
    filters = np.moveaxis(W, (3, 2), (0, 1))
    channels = np.moveaxis(padded, 2, 0)
    sums = [[correlation(x, w) for x, w in zip(channels, one, strict=True)] for one in filters]
    return np.moveaxis(np.array(sums)[..., ::stride, ::stride], 1, -1)


@look.style()
def _fig_volume(padded, weights, maps, place, corner, pad, parts):
    (f, row, column), k = place, len(weights)
    fig = look.figure(look.WIDTH, 5.0)
    grid = fig.add_gridspec(len(TINTS), 3)
    for c, (name, tint) in enumerate(TINTS.items()):
        left, middle = (fig.add_subplot(grid[c, side]) for side in (0, 1))
        _numbers(left, padded[..., c], tint, f"picture, {name}")
        _numbers(middle, weights[..., c], tint, f"filter {f}: {parts[c]}")
        inner = len(padded) - 2 * pad
        left.add_patch(Rectangle((pad - 0.5, pad - 0.5), inner, inner, fill=False, ec=look.PENCIL, ls="--"))
        left.add_patch(Rectangle(corner - 0.5, k, k, **FRAME))
    for i, one in enumerate(maps):
        right = fig.add_subplot(grid[i, 2])
        _numbers(right, one, "Greys", f"map {i}")
        if i == f:
            right.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, **FRAME))
    return fig


def _numbers(ax: Axes, array: np.ndarray, tint: str, title: str) -> None:
    most = max(1.0, np.nanmax(np.abs(array), initial=0.0)) / PALE
    ax.imshow(np.abs(array), cmap=tint, vmin=0, vmax=most)
    for (row, column), value in np.ndenumerate(array):
        if np.isfinite(value):
            ax.text(column, row, number(value), ha="center", va="center", fontsize=9)
    ax.set_title(title, fontsize=10, fontweight="normal")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(True)
