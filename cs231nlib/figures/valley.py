"""What a cloud of inputs does to gradient descent: the loss of a two-weight model, and the path down it."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look
from cs231nlib.toydata import make_gaussian_cloud

REACH, REST, MOST = 1.15, 0.01, 10_000


@look.style()
def fig_valley(points: np.ndarray | None = None, name: str = "a cloud") -> Figure:
    """Inputs (N, 2), and gradient descent on the squared error of s = w1 x1 + w2 x2 over them.

    The best weights lie at (0, 0). Descent starts where the flattest and the steepest direction hold half of
    the loss each, its learning rate is 1 / (largest curvature), and its steps are counted until 1 % of the
    loss is left. points: a tilted cloud by default. name: the title of the left panel. Returns a Figure.
    """
    points = make_gaussian_cloud() if points is None else points
    H = np.round(points.T @ points / len(points), 9)  # the gradient of the loss at w is H w
    (flat, steep), axes = np.linalg.eigh(H)
    start = -(axes * np.sign(axes[0])) @ (1 / np.sqrt([flat, steep]))
    start = np.round(REACH * start / np.abs(start).max(), 9)  # rounded: each CPU draws the same bytes
    path = descent(H, start, 1 / steep)
    fig = look.figure(look.WIDTH, 3.4)
    left, right = fig.subplots(1, 2)
    left.scatter(*points.T, s=9, color=look.BLUE, alpha=0.5, lw=0)
    left.plot(0, 0, "+", color=look.INK, ms=14)
    left.set(xlim=(-8, 18), ylim=(-8, 18), aspect="equal", xlabel="$x_1$", ylabel="$x_2$", title=name)
    _contours(right, H, path[0])
    right.plot(*path.T, ".-", color=look.VERMILLION, lw=1.5)
    count = f"{len(path) - 1} step{'s' * (len(path) > 2)} to 1 % of the loss"
    right.set(aspect="equal", xlabel="$w_1$", ylabel="$w_2$")
    right.set_title(f"condition number {steep / flat:.3g}\n{count}")
    fig.alt = (
        f"Left, the inputs, {name}: mean {_pair(points.mean(axis=0))}, standard deviation "
        f"{_pair(points.std(axis=0))}. Right, contours of the loss and the path of descent: "
        f"condition number {steep / flat:.3g}, {count}."
    )
    return fig


def descent(H: np.ndarray, start: np.ndarray, rate: float) -> np.ndarray:
    """The weights (n, 2) of gradient descent on ½ wᵀHw until 1 % of the loss is left, or for 10,000 steps."""
    path, enough = [start], REST * (start @ H @ start)
    while path[-1] @ H @ path[-1] > enough and len(path) <= MOST:
        path.append(path[-1] - rate * (H @ path[-1]))
    return np.array(path)


def _pair(values):
    return f"({', '.join(f'{abs(value):.1f}' if abs(value) < 0.05 else f'{value:.1f}' for value in values)})"


def _contours(ax, H, start):
    side = np.linspace(-1.3, 1.3, 90)
    w1, w2 = np.meshgrid(side, side)
    loss = H[0, 0] * w1**2 + 2 * H[0, 1] * w1 * w2 + H[1, 1] * w2**2
    levels = np.round(start @ H @ start, 9) * np.array([0.02, 0.1, 0.3, 0.7, 1.5, 3, 6])
    ax.contour(side, side, loss, levels, colors=look.LINE, linewidths=1)
