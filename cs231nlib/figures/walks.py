"""Walks down a narrow valley, twenty-four times as steep across as along it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look

START, CURVATURES = np.array([-9.0, 1.6]), np.array([1.0, 24.0])


def valley_gradient(w: np.ndarray) -> np.ndarray:
    """The gradient at w (2,) of the valley f(w) = w0² / 2 + 12 w1²; (2,) float64."""
    return CURVATURES * w


@look.style()
def fig_walks(paths: Mapping[str, np.ndarray] | None = None) -> Figure:
    """Paths in the valley f(w) = w0² / 2 + 12 w1², whose minimum is marked with a cross.

    paths: dict name -> array (n, 2) of points; the valley alone by default. Returns a Figure.
    """
    fig = look.figure(look.WIDTH, 2.5)
    ax = fig.subplots()
    x, y = np.meshgrid(np.linspace(-10, 7, 150), np.linspace(-2, 2, 80))
    ax.contour(x, y, x**2 / 2 + 12 * y**2, np.arange(1, 9) ** 2, colors="0.8", linewidths=0.8)
    sentences = []
    for (name, path), colour, marker in zip((paths or {}).items(), look.CLASSES, look.MARKERS, strict=False):
        ax.plot(*np.clip(path, -50, 50).T, marker=marker, ms=4, lw=1, color=colour, label=name)
        end = np.linalg.norm(path[-1])
        away = " and away from it" if end > 10 else ""
        sentences.append(f"{name}: after {len(path) - 1} steps {end:.2g} from the minimum{away}")
    ax.plot(0, 0, "x", color=look.INK)
    ax.set(xlabel="$w_0$", ylabel="$w_1$", xlim=(-10, 7), ylim=(-2, 2))
    if paths:
        ax.legend(loc="lower right", ncols=3, frameon=True, framealpha=0.85, edgecolor="none")
    fig.alt = (
        "; ".join(["Walks from the left side of a long, narrow valley towards its minimum", *sentences]) + "."
    )
    return fig
