"""Three views of one cloud of data: as it came, centred, and scaled to equal spread."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look

PANELS = (("original data", look.PENCIL), ("zero-centred", look.BLUE), ("standardised", look.GREEN))


@look.style()
def fig_normalization(seed: int = 0, n: int = 300) -> Figure:
    """A cloud of n points in the plane: original, minus its mean, divided by its standard deviation.

    All three panels have the same axes. seed: of the cloud. Returns a Figure.
    """
    rng = np.random.default_rng(seed)
    cloud = rng.normal(size=(n, 2)) @ np.array([[2.1, 0.9], [0.0, 0.5]]) + (4.0, 4.2)
    centred = cloud - cloud.mean(axis=0)
    fig = look.figure(look.WIDTH, 2.95)
    axes = fig.subplots(1, 3, sharex=True, sharey=True)
    for ax, points, (title, colour) in zip(
        axes, (cloud, centred, centred / cloud.std(axis=0)), PANELS, strict=True
    ):
        _panel(ax, points, title, colour)
    axes[0].plot([], color=look.INK, lw=2.2, label="mean ± standard\ndeviation")
    axes[0].legend(loc="lower right", handlelength=1.2, frameon=True, framealpha=1, edgecolor="white")
    axes[0].set_ylabel("feature 2")
    (mx, my), (sx, sy) = cloud.mean(axis=0), cloud.std(axis=0)
    fig.alt = (
        f"A cloud of points on the same axes three times. Original: mean ({mx:.1f}, {my:.1f}), standard "
        f"deviations {sx:.1f} and {sy:.1f}. Zero-centred: moved to (0, 0). Standardised: both deviations 1."
    )
    return fig


def _panel(ax, points, title, colour):
    ax.axhline(0, color=look.LINE, lw=1.1, zorder=1)
    ax.axvline(0, color=look.LINE, lw=1.1, zorder=1)
    ax.scatter(*points.T, s=11, color=colour, alpha=0.5, lw=0, zorder=2)
    (mx, my), (sx, sy) = points.mean(axis=0), points.std(axis=0)
    bars = {"color": look.INK, "lw": 2.2, "capsize": 4, "capthick": 2.2, "zorder": 4}
    ax.errorbar(mx, my, xerr=sx, yerr=sy, **bars)
    ax.set(title=title, xlabel="feature 1", xlim=(-7, 11), ylim=(-7, 11), aspect="equal")
    ax.set(xticks=(-5, 0, 5, 10), yticks=(-5, 0, 5, 10))
