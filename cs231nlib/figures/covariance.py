"""A cloud of data and its ellipse: centred, turned to its own axes, and whitened."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

from cs231nlib import look
from cs231nlib.figures.ink import arrow

PANELS = (("centred", look.PENCIL), ("decorrelated", look.BLUE), ("whitened", look.GREEN))


@look.style()
def fig_covariance(cov: Any = ((2.6, 1.5), (1.5, 1.3)), seed: int = 0, n: int = 300) -> Figure:
    """A Gaussian cloud of n points after each step of whitening, with the ellipse of 2 standard deviations.

    cov: covariance the cloud is drawn with, (2, 2). Arrows: the principal axes. Returns a Figure.
    """
    cloud = np.random.default_rng(seed).multivariate_normal((0, 0), cov, n)
    cloud -= cloud.mean(axis=0)
    spread, axes = np.linalg.eigh(cloud.T @ cloud / n)
    spread, axes = np.sqrt(spread[::-1]), axes[:, ::-1] * np.sign(axes[0, ::-1])
    turned = cloud @ axes
    views = ((cloud, axes, spread), (turned, np.eye(2), spread), (turned / spread, np.eye(2), np.ones(2)))
    fig = look.figure(look.WIDTH, 2.85)
    panels = fig.subplots(1, 3, sharex=True, sharey=True)
    for ax, view, (title, colour) in zip(panels, views, PANELS, strict=True):
        _panel(ax, *view, colour)
        ax.set_title(title)
    fig.alt = (
        "A cloud of points and its ellipse, three times. Centred: as it was drawn, around 0. "
        "Decorrelated: the ellipse lies along the axes. Whitened: it is a circle."
    )
    return fig


def _panel(ax, points, axes, spread, colour):
    ax.axhline(0, color=look.LINE, lw=0.9, zorder=0)
    ax.axvline(0, color=look.LINE, lw=0.9, zorder=0)
    ax.scatter(*points.T, s=10, color=colour, alpha=0.45, lw=0)
    turn = np.degrees(np.arctan2(axes[1, 0], axes[0, 0]))
    ax.add_patch(Ellipse((0, 0), *(4 * spread), angle=turn, fc="none", ec=look.INK, lw=1.6, zorder=3))
    for axis, length in zip(axes.T, spread, strict=True):
        arrow(ax, (0, 0), 2 * length * axis, look.PURPLE, lw=2.2, zorder=4)
    ax.set(xlim=(-5, 5), ylim=(-5, 5), aspect="equal", xticks=(-4, -2, 0, 2, 4), yticks=(-4, -2, 0, 2, 4))
