"""One filter on its way over a picture: the window, its arithmetic, and the map that it leaves behind."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cs231nlib import look
from cs231nlib.figures.ink import number

GLYPH = np.array([[row >> (6 - i) & 1 for i in range(7)] for row in b"\x00\x3e\x3e\x06\x0c\x18\x00"], float)
GREY, LIGHT = "gray", 0.45  # a picture of numbers; below this share of the range, ink on it is white


def window_steps(picture: np.ndarray, kernel: np.ndarray) -> dict[str, Any]:
    """What `scrub(**...)` takes: a frame for each place of the window, row by row, with its sum as caption.

    picture: (H, W). kernel: (k, k), k <= H and W; at most 64 places. The map fills up as the window moves.
    """
    picture, kernel = np.asarray(picture, float), np.asarray(kernel, float)
    sums, k = correlation(picture, kernel), len(kernel)
    frames, captions, labels = [], [], []
    for place in np.ndindex(sums.shape):
        row, column = place
        window = picture[row : row + k, column : column + k]
        frames.append(_fig_window(picture, kernel, np.where(_until(sums, place), sums, np.nan), place))
        captions.append(f"{_terms(window, kernel)} = {number(float(sums[place]))}")
        labels.append(f"row {row}, column {column}")
    return {"frames": frames, "captions": captions, "labels": labels, "name": "window"}


def correlation(picture: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """The map of a filter (k, k) on a picture (H, W), all places at once, rounded to nine decimals.

    By the correlation theorem: a picture has no business to show anybody's answer.
    """
    spectrum = np.fft.rfft2(picture) * np.conj(np.fft.rfft2(kernel, picture.shape))
    height, width = np.subtract(picture.shape, kernel.shape) + 1
    return np.fft.irfft2(spectrum, picture.shape)[:height, :width].round(9) + 0.0


def _until(sums, place):
    return np.arange(sums.size).reshape(sums.shape) <= np.ravel_multi_index(place, sums.shape)


def _terms(window, kernel):
    """The products that are not 0, as a sum."""
    pairs = [(x, w) for x, w in zip(window.ravel(), kernel.ravel(), strict=True) if x and w]
    return " + ".join(f"{number(x)}·{number(w)}" for x, w in pairs) or "0"


@look.style()
def _fig_window(picture, kernel, sums, place):
    (row, column), k = place, len(kernel)
    fig = look.figure(look.WIDTH, 2.9)
    left, middle, right = fig.subplots(1, 3, width_ratios=(picture.shape[1], k, sums.shape[1]))
    _numbers(left, picture, "picture")
    _numbers(middle, kernel, "filter")
    _numbers(right, sums, "map")
    frame: dict[str, Any] = {"fill": False, "ec": look.ORANGE, "lw": 3}
    left.add_patch(Rectangle((column - 0.5, row - 0.5), k, k, **frame))
    right.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, **frame))
    window = f"rows {row} to {row + k - 1}, columns {column} to {column + k - 1} of the picture"
    fig.alt = f"The window covers {window}; the map gets {number(sums[place])} at row {row}, column {column}."
    return fig


def _numbers(ax, array, title):
    low, high = min(0, np.nanmin(array)), max(1, np.nanmax(array))
    ax.imshow(array, cmap=GREY, vmin=low, vmax=high)
    for (row, column), value in np.ndenumerate(array):
        if np.isfinite(value):
            dark = value - low < LIGHT * (high - low)
            style = {"ha": "center", "va": "center", "fontsize": 8, "color": "white" if dark else look.INK}
            ax.text(column, row, number(value), **style)
    ax.set(title=title, xticks=[], yticks=[], anchor="N")
    ax.spines[:].set_visible(True)


@look.style()
def fig_map(picture: np.ndarray, kernel: np.ndarray, answer: np.ndarray, title: str = "") -> Figure:
    """A picture, the filter at its side, and the map it gives: purple below zero, orange above.

    picture: (H, W) or (H, W, 3), numbers 0..255. kernel: (k, k). answer: (H', W').
    """
    kernel, answer = np.asarray(kernel, float), np.asarray(answer, float)
    fig = look.figure(look.WIDTH, 2.8)
    left, middle, right = fig.subplots(1, 3, width_ratios=(5, 2, 5))
    left.imshow(np.asarray(picture, np.uint8), cmap=GREY, vmin=0, vmax=255)
    _numbers(middle, kernel, "filter")
    most = max(np.abs(answer).max(), 1e-12)
    right.imshow(answer, cmap="PuOr_r", vmin=-most, vmax=most)
    left.set(title=title or "picture", xticks=[], yticks=[], anchor="N")
    right.set(title="map", xticks=[], yticks=[], anchor="N")
    strongest = np.unravel_index(np.abs(answer).argmax(), answer.shape)
    where = f"row {strongest[0]}, column {strongest[1]}"
    rows = "; ".join(" ".join(number(value) for value in row) for row in kernel)
    fig.alt = f"{title or 'A picture'}, the filter {rows}, and its map, strongest at {where}: {most:.3g}."
    return fig
