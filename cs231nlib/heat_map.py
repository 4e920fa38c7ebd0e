"""A table of accuracies: ways to prepare the data against learning rates, over several seeds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look
from cs231nlib.titles import headline


@look.style()
def plot_rates(
    scores: np.ndarray, ways: Sequence[str], rates: Sequence[float], source: str | None = None
) -> Figure:
    """Accuracies (way, rate, seed), 0 to 1, as a heat map: the mean over the seeds, and ± half their range.

    ways, rates: names of the rows and numbers of the columns. The best mean of each row is bold. source: of
    the pictures, as in `headline`. Returns a Figure.
    """
    scores = np.asarray(scores, float)
    means, spread = scores.mean(axis=2), np.ptp(scores, axis=2) / 2
    fig = look.figure(look.WIDTH, 3.8)
    ax = fig.subplots()
    ax.imshow(means, cmap="Blues", vmin=0.05, vmax=1.6 * means.max(), aspect="auto")
    for (i, j), mean in np.ndenumerate(means):
        weight = "bold" if mean == means[i].max() else "normal"
        ax.text(j, i, f"{mean:.2f}", ha="center", va="bottom", weight=weight, fontsize=12)
        ax.text(j, i, f"± {spread[i, j]:.2f}", ha="center", va="top", fontsize=8.5)
    ax.set_xticks(range(len(rates)), [f"{rate:g}" for rate in rates])
    ax.set_yticks(range(len(ways)), list(ways))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set(xlabel="learning rate", title=headline("Validation accuracy", source=source))
    rows = (_row(way, rates, row) for way, row in zip(ways, means, strict=True))
    fig.alt = "Validation accuracies, a row for each way to prepare the data. " + " ".join(rows)
    return fig


def _row(way, rates, means):
    best = np.argmax(means)
    return f"{way}: at most {means[best]:.2f}, at the rate {rates[best]:g}."
