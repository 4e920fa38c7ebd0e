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
from cs231nlib.synthetic import SYNTHETIC_NAMES, is_synthetic

CIFAR10_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
GAP = 2  # white pixels between pictures
MOST_NAMED = 24  # pictures named in an alt text
EDGE, HEAD, NAMES = 0.12, 0.42, 1.0  # inches: margin, room for the title and for class names


def headline(
    title: str, X: np.ndarray | None = None, names: Sequence[str] = (), source: str | None = None
) -> str:
    """The title, with a label behind it when the data are the SYNTHETIC stand-in."""
    drawn = source == "synthetic" or (bool(names) and set(names) <= set(SYNTHETIC_NAMES))
    if not drawn and not (X is not None and is_synthetic(X)):
        return title
    return f"{title}  (SYNTHETIC stand-in)" if title else "SYNTHETIC stand-in"


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
    X, y = _pictures(X), np.asarray(y)
    if len(X) != len(y):
        raise ValueError(f"{len(X)} pictures and {len(y)} labels do not belong together.")
    names = names or (SYNTHETIC_NAMES if is_synthetic(X) else CIFAR10_NAMES)
    sheet = _class_rows(X, y, len(names), samples_per_class, np.random.default_rng(rng))
    cell = X.shape[1] + GAP
    own = ax is None
    title = headline("Some pictures of each class", X, names)
    ax = _sheet_axes(sheet, title) if own else ax
    ax.imshow(sheet, interpolation="nearest")
    ax.set_yticks([cell * (c + 0.5) - GAP / 2 for c in range(len(names))], names)
    _bare(ax)
    if own:
        rows = f"a row of up to {samples_per_class} for each class: {', '.join(names)}"
        ax.figure.alt = f"{title}; {rows}."
    else:
        ax.set_title(title)
    return ax.figure


def _class_rows(X, y, classes, samples, rng):
    height, width = X.shape[1:3]
    sheet = np.full((classes * (height + GAP) - GAP, samples * (width + GAP) - GAP, 3), 255, np.uint8)
    for c in range(classes):
        members = np.flatnonzero(y == c)
        chosen = rng.choice(members, min(samples, len(members)), replace=False)
        for column, picture in enumerate(X[np.sort(chosen)]):
            top, left = c * (height + GAP), column * (width + GAP)
            sheet[top : top + height, left : left + width] = _rgb(picture)
    return sheet


def _sheet_axes(sheet, title):
    """Axes for the sheet, half an inch a picture if they fit, with the names of the classes left of it."""
    height, width = (0.55 * side / 34 for side in sheet.shape[:2])
    scale = min(1, (look.WIDTH - NAMES - EDGE) / width)
    total_width = max(NAMES + scale * width + EDGE, _title_width(title))
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
    X = _pictures(X)
    fig, axes = _grid(len(X), cols, headline(title, X, source=source), lines=titles is not None)
    for i, (ax, picture) in enumerate(zip(axes, X, strict=True)):
        ax.imshow(_rgb(picture), interpolation="nearest")
        if titles is not None:
            ax.set_title(str(titles[i]), fontsize=9, fontweight="normal", pad=3)
    fig.alt = _listed(fig.get_suptitle() or "Pictures", len(X), titles)
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
    fig, axes = _grid(len(pictures), cols, title, lines=names is not None)
    for i, (ax, picture) in enumerate(zip(axes, pictures, strict=True)):
        ax.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        if names is not None:
            ax.set_title(names[i], fontsize=9, fontweight="normal", pad=3)
    fig.alt = _listed(title, len(pictures), names)
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
    names = names or (SYNTHETIC_NAMES if is_synthetic(X) else CIFAR10_NAMES)
    sure = p[np.arange(len(p)), yhat] if p.ndim == 2 else p
    wrong = np.flatnonzero(y != yhat)
    worst = wrong[np.argsort(-sure[wrong], kind="stable")][:k]
    if not len(worst):
        raise ValueError("There is nothing to show: every prediction is right.")
    title = headline("Surest mistakes: the class, and what was said", X, names, source)
    fig, axes = _grid(len(worst), 6, title, lines=2)
    for ax, i in zip(axes, worst, strict=True):
        ax.imshow(_rgb(X[i]), interpolation="nearest")
        said = f"{names[yhat[i]]} {sure[i]:.0%}"
        ax.set_title(f"{names[y[i]]}\n", fontsize=9, fontweight="normal", pad=3)
        ax.text(0.5, 1.04, said, transform=ax.transAxes, ha="center", fontsize=9, color=look.VERMILLION)
    pairs = [f"{names[y[i]]} said to be {names[yhat[i]]}, {sure[i]:.0%}" for i in worst]
    fig.alt = _listed(title, len(worst), pairs)
    return fig


def _listed(title, n, names):
    """Alt text of n pictures, with the names of the first of them."""
    told = "" if names is None else ": " + "; ".join(str(name) for name in names[:MOST_NAMED])
    more = f"; and {n - MOST_NAMED} more" if told and n > MOST_NAMED else ""
    return f"{title}. {n} picture{'s' * (n != 1)}{told}{more}."


def _grid(n, cols, title, lines=0):
    """A titled figure of n square axes, `cols` to a row, with room for `lines` of text above each."""
    cols = max(1, min(cols, n))
    rows = -(-n // cols)
    side, text = min(1.2, (look.WIDTH - 2 * EDGE) / cols), 0.17 * lines
    width = max(cols * side + 2 * EDGE, _title_width(title))
    height = rows * (side + text) + HEAD + EDGE
    fig = look.figure(width, height)
    fig.set_layout_engine("none")
    put_title(fig, title)
    left = (width - cols * side) / 2
    axes = []
    for i in range(n):
        x, y = left + i % cols * side, height - HEAD - (i // cols + 1) * (side + text)
        axes.append(fig.add_axes((x / width, y / height, 0.94 * side / width, 0.94 * side / height)))
        _bare(axes[-1])
        axes[-1].set_yticks([])
    return fig, axes


def _bare(ax):
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def put_title(fig: Figure, text: str) -> None:
    """The title of a whole figure, in the style of the course."""
    place = {} if fig.get_layout_engine() else {"y": 1 - 0.1 / fig.get_figheight(), "va": "top"}
    fig.suptitle(text, fontsize=12, fontweight="bold", color=look.INK, **place)


def _title_width(title):
    return 0.1 * len(title) + 2 * EDGE


def _pictures(X):
    """X as (n,h,w,3) or (n,h,w); a single picture becomes one of one."""
    X = np.asarray(X)
    alone = X.ndim == 2 or (X.ndim == 3 and X.shape[-1] == 3)
    X = X[None] if alone else X
    if X.ndim not in (3, 4) or not len(X):
        raise ValueError(f"Pictures have shape (n,height,width,3); got {X.shape}.")
    return X


def _rgb(picture):
    """One picture as (h,w,3) uint8; floats are 0..1, or 0..255 if one of them is above 1."""
    picture = np.asarray(picture)
    if picture.dtype != np.uint8:
        scale = 255 if picture.max() <= 1 else 1
        picture = np.clip(picture * scale, 0, 255).astype(np.uint8)
    return np.stack([picture] * 3, axis=-1) if picture.ndim == 2 else picture
