"""What the notebooks plot: pictures, weights, histories, confusion, decision boundaries, layers.

Every function returns a Figure that a notebook shows when it is the last value of a cell. `source` is that
of the Dataset: with "synthetic", or with the stand-in's class names, the title says SYNTHETIC.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cs231nlib import look
from cs231nlib.alt_text import course
from cs231nlib.decision_boundary import plot_decision_boundary
from cs231nlib.image_grids import plot_misclassified, show_images, show_weights, visualize_CIFAR
from cs231nlib.layer_histograms import plot_hist_per_layer
from cs231nlib.titles import headline, padded_figure, put_title

__all__ = [
    "plot_confusion",
    "plot_decision_boundary",
    "plot_hist_per_layer",
    "plot_history",
    "plot_misclassified",
    "show_images",
    "show_weights",
    "visualize_CIFAR",
]

PANELS = {"loss": "loss", "acc": "accuracy"}
PARTS = {
    "train": (look.BLUE, "-"),
    "val": (look.VERMILLION, (0, (5, 2))),
    "test": (look.GREEN, (0, (1, 1.2))),
}
MANY = 200  # values; a longer series is drawn faint, with its moving average on top


@look.style()
def plot_history(hist: Mapping[str, Sequence[float]], source: str | None = None) -> Figure:
    """How a training went. hist: name -> list of numbers, one for each step or epoch.

    Names with "loss" share a panel, names with "acc" a second one, others a third; "train", "val" and
    "test" in a name choose its colour. Series of different lengths in a panel span the same width.
    """
    panels: dict[str, dict[str, np.ndarray]] = {}
    for name, values in hist.items():
        title = next((title for part, title in PANELS.items() if part in name), "other")
        panels.setdefault(title, {})[name] = np.asarray(values, float)
    if not panels:
        raise ValueError("The history is empty: it needs at least one list of numbers.")
    fig = padded_figure(look.WIDTH, 3.2)
    for i, (title, series) in enumerate(panels.items()):
        _panel(fig.add_subplot(1, len(panels), i + 1), title, series)
    put_title(fig, headline("Training history", source=source))
    courses = (f"{name} {course(values)}" for series in panels.values() for name, values in series.items())
    fig.alt = f"{fig.get_suptitle()}. {'; '.join(courses)}."
    return fig


def _panel(ax, title, series):
    longest = max(map(len, series.values()))
    for i, (name, values) in enumerate(series.items()):
        fallback = (look.CLASSES[i % len(look.CLASSES)], "-")
        colour, dashes = next((PARTS[part] for part in PARTS if part in name), fallback)
        at = np.linspace(1, longest, len(values))
        if len(values) > MANY:
            ax.plot(at, values, color=colour, alpha=0.25, linewidth=0.8)
            at, values = _smooth(at), _smooth(values)
        ax.plot(at, values, color=colour, linestyle=dashes, label=name)
    ax.set(title=title, xlabel="step" if longest > MANY else "epoch")
    ax.grid(axis="y")
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    ax.legend()


def _smooth(values, width=MANY // 8):
    return np.convolve(values, np.ones(width) / width, mode="valid")


@look.style()
def plot_confusion(cm: np.ndarray, names: Sequence[str], source: str | None = None) -> Figure:
    """A confusion matrix cm (C,C): cm[i, j] examples of class i were said to be j.

    Each row is coloured by its shares, so that classes of different size compare.
    """
    cm = np.asarray(cm)
    if cm.ndim != 2 or cm.shape != (len(names), len(names)):
        raise ValueError(f"cm has shape {cm.shape}; {len(names)} names need {(len(names),) * 2}.")
    share = cm / np.maximum(cm.sum(axis=1, keepdims=True), 1)
    side = min(look.WIDTH, 1.8 + 0.52 * len(names))
    fig = padded_figure(side, side - 0.2)
    ax = fig.add_subplot()
    ax.imshow(share, vmin=0, vmax=max(share.max(), 0.01), cmap="Blues")
    for (i, j), count in np.ndenumerate(cm):
        colour = "white" if share[i, j] > 0.5 * share.max() else look.INK
        ax.text(j, i, f"{count:g}", ha="center", va="center", fontsize=9, color=colour)
    ax.set_xticks(range(len(names)), names, rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set(
        xlabel="predicted class", ylabel="true class", title=headline("Confusion matrix", None, names, source)
    )
    fig.alt = _confused(ax.get_title(), cm, names)
    return fig


def _confused(title, cm, names):
    """A confusion matrix in words: how much is right, and the three largest confusions."""
    wrong = np.where(np.eye(len(cm), dtype=bool), 0, cm)
    worst = [divmod(int(i), len(cm)) for i in np.argsort(-wrong, axis=None, kind="stable")[:3]]
    pairs = [
        f"{names[i]} said to be {names[j]}, {cm[i, j]:g} of {cm[i].sum():g}" for i, j in worst if wrong[i, j]
    ]
    right = f"{title} of {cm.sum():g} examples: {np.trace(cm):g} on the diagonal, right"
    return f"{right}; most often wrong: {'; '.join(pairs)}." if pairs else f"{right}; none is wrong."
