"""The values in each layer of a network, as histograms on one scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look
from cs231nlib.figures.ink import number
from cs231nlib.titles import headline, padded_figure, put_title


@look.style()
def plot_hist_per_layer(
    layers: Sequence[np.ndarray],
    names: Sequence[str] | None = None,
    bins: int = 40,
    source: str | None = None,
) -> Figure:
    """Histograms side by side of the values (arrays of any shape) in each layer, on one scale.

    The mean and the standard deviation stand above each; layers that die out or saturate are seen at once.
    """
    layers = [np.asarray(values, float).ravel() for values in layers]
    names = names or [f"layer {i}" for i in range(1, len(layers) + 1)]
    low, high = min(v.min() for v in layers), max(v.max() for v in layers)
    edges = np.linspace(low, high if high > low else low + 1, bins + 1)
    fig = padded_figure(look.WIDTH, 2.6)
    for i, (values, name) in enumerate(zip(layers, names, strict=True)):
        _histogram(fig.add_subplot(1, len(layers), i + 1), values, name, edges)
    put_title(fig, headline("Values by layer", source=source))
    sentences = (
        f"{name}: mean {number(_mean(v))}, standard deviation {v.std():.2g}"
        for name, v in zip(names, layers, strict=True)
    )
    fig.alt = f"{fig.get_suptitle()}, as histograms. {'; '.join(sentences)}."
    return fig


def _histogram(ax, values, name, edges):
    numbers = f"mean {_mean(values):.1g}\nstd {values.std():.2g}".replace("-", "−")
    ax.hist(values, bins=edges, weights=np.full(len(values), 1 / len(values)), color=look.BLUE)
    ax.set_title(name, fontsize=10, pad=32)
    ax.text(0.5, 1.04, numbers, transform=ax.transAxes, ha="center", fontsize=9, color=look.PENCIL)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)


def _mean(values):
    """The mean, or 0 where a thousandth of the spread is more than it."""
    mean = values.mean()
    return 0.0 if abs(mean) < values.std() / 1000 else mean
