"""Pictures in rows and columns: samples of each class, single images, weights, mistakes.

Pictures are (n,32,32,3) RGB (any height and width will do, and (n,h,w) is shown grey): uint8 0..255, floats
0..1, or floats 0..255 if one is above 1. Every function returns a Figure that a notebook shows when it is
the last value of a cell. Pictures of the stand-in are titled SYNTHETIC: its mark is in the pixels, its
class names are its own, and where neither is at hand say source="synthetic".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look
from cs231nlib.picture_grid import listing, picture_grid, strip_axes
from cs231nlib.pixels import GAP, class_rows, pictures_in, rgb
from cs231nlib.synthetic import SYNTHETIC_NAMES, is_synthetic
from cs231nlib.titles import EDGE, HEAD, NAMES, headline, put_title, title_width

CIFAR10_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


@look.style()
def visualize_CIFAR(
    X: np.ndarray,
    y: np.ndarray,
    samples_per_class: int = 7,
    names: Sequence[str] | None = None,
    rng: int | np.random.Generator | None = None,
    ax: Any = None,
) -> Figure:
    """A row of randomly chosen pictures for each class. Returns the Figure.

    X (n,32,32,3), y (n,) integers, names: the class names, as in `Dataset.names` (default: CIFAR-10's, or the
    stand-in's for its pictures). rng: a Generator or a seed. ax: draw there instead of in a new figure.
    A class with fewer pictures leaves its places empty; raises ValueError if X and y differ in length.
    """
    X, y = pictures_in(X), np.asarray(y)
    if len(X) != len(y):
        raise ValueError(f"{len(X)} pictures and {len(y)} labels do not belong together.")
    names = names or _usual_names(X)
    sheet = class_rows(X, y, len(names), samples_per_class, np.random.default_rng(rng))
    title = headline("Some pictures of each class", X, names)
    if ax is None:
        ax = _sheet_axes(sheet, title)
        rows = f"a row of up to {samples_per_class} for each class: {', '.join(names)}"
        ax.figure.alt = f"{title}; {rows}."
    else:
        ax.set_title(title)
    ax.imshow(sheet, interpolation="nearest")
    cell = X.shape[1] + GAP
    ax.set_yticks([cell * (c + 0.5) - GAP / 2 for c in range(len(names))], names)
    strip_axes(ax)
    return ax.figure


def _usual_names(X):
    return SYNTHETIC_NAMES if is_synthetic(X) else CIFAR10_NAMES


def _sheet_axes(sheet, title):
    """Axes for the sheet, half an inch a picture if they fit, with the names of the classes left of it."""
    height, width = (0.55 * side / 34 for side in sheet.shape[:2])
    scale = min(1, (look.WIDTH - NAMES - EDGE) / width)
    total_width = max(NAMES + scale * width + EDGE, title_width(title))
    total_height = scale * height + HEAD + EDGE
    fig = look.figure(total_width, total_height)
    fig.set_layout_engine("none")
    put_title(fig, title)
    left = (total_width - scale * width + NAMES - EDGE) / 2
    size = scale * width / total_width, scale * height / total_height
    return fig.add_axes((left / total_width, EDGE / total_height, *size))


@look.style()
def show_images(
    X: Any, titles: Sequence | None = None, cols: int = 8, source: str | None = None, title: str = ""
) -> Figure:
    """Pictures side by side, `cols` to a row, each below its title (a list of n strings or numbers)."""
    X = pictures_in(X)
    fig, axes = picture_grid(len(X), cols, headline(title, X, source=source), lines=titles is not None)
    for i, (ax, picture) in enumerate(zip(axes, X, strict=True)):
        ax.imshow(rgb(picture), interpolation="nearest")
        if titles is not None:
            ax.set_title(str(titles[i]), fontsize=9, fontweight="normal", pad=3)
    fig.alt = listing(fig.get_suptitle() or "Pictures", len(X), titles)
    return fig


@look.style()
def show_weights(
    W: np.ndarray,
    shape: tuple[int, int, int] = (32, 32, 3),
    cols: int = 10,
    names: Sequence[str] | None = None,
    source: str | None = None,
) -> Figure:
    """The weights W (D,H) of H units as pictures of the given shape, D = height * width * channels.

    Middle grey is zero and each unit has a scale of its own. names: H titles, for instance the class names
    for the weights of a linear classifier. Raises ValueError if D does not fit the shape.
    """
    W = np.asarray(W, float)
    if W.ndim != 2 or len(W) != np.prod(shape):
        raise ValueError(f"W has shape {W.shape}; it needs {np.prod(shape)} rows for pictures {shape}.")
    scale = np.maximum(np.abs(W).max(axis=0), 1e-12)
    pictures = (W / scale * 0.5 + 0.5).T.reshape(-1, *shape)
    title = headline("Weights, grey is zero", None, names or (), source)
    fig, axes = picture_grid(len(pictures), cols, title, lines=names is not None)
    for i, (ax, picture) in enumerate(zip(axes, pictures, strict=True)):
        ax.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        if names is not None:
            ax.set_title(names[i], fontsize=9, fontweight="normal", pad=3)
    fig.alt = listing(title, len(pictures), names)
    return fig


@look.style()
def plot_misclassified(
    X: np.ndarray,
    y: np.ndarray,
    yhat: np.ndarray,
    p: np.ndarray,
    k: int = 12,
    names: Sequence[str] | None = None,
    source: str | None = None,
) -> Figure:
    """The k mistakes the classifier was surest of: what it is, what was said, how sure.

    X (n,32,32,3), y and yhat (n,) true and predicted classes, p (n,) the probability given to yhat, or
    (n,C) those of all classes. names: the class names (default as in visualize_CIFAR).
    """
    X, y, yhat, p = (np.asarray(values) for values in (X, y, yhat, p))
    names = names or _usual_names(X)
    sure = p[np.arange(len(p)), yhat] if p.ndim == 2 else p
    wrong = np.flatnonzero(y != yhat)
    worst = wrong[np.argsort(-sure[wrong], kind="stable")][:k]
    if not len(worst):
        raise ValueError("There is nothing to show: every prediction is right.")
    title = headline("Surest mistakes: the class, and what was said", X, names, source)
    fig, axes = picture_grid(len(worst), 6, title, lines=2)
    for ax, i in zip(axes, worst, strict=True):
        ax.imshow(rgb(X[i]), interpolation="nearest")
        _caption(ax, names[y[i]], f"{names[yhat[i]]} {sure[i]:.0%}")
    pairs = [f"{names[y[i]]} said to be {names[yhat[i]]}, {sure[i]:.0%}" for i in worst]
    fig.alt = listing(title, len(worst), pairs)
    return fig


def _caption(ax, true, said):
    ax.set_title(f"{true}\n", fontsize=9, fontweight="normal", pad=3)
    ax.text(0.5, 1.04, said, transform=ax.transAxes, ha="center", fontsize=9, color=look.VERMILLION)
