"""Small, middling and large networks trained on the same forty noisy points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look

SIDE, SPAN, FLIPPED = 141, 1.7, 5


@look.style()
def fig_overfitting(hidden: Sequence[int] = (3, 6, 20), seed: int = 6) -> Figure:
    """Decision regions of networks with one hidden layer, trained here and now on 40 noisy points.

    hidden: widths of the hidden layers. seed: of the points and of the starting weights. Dashed: the true
    border; ringed: the five points with a wrong label. Returns a Figure.
    """
    points, labels, noisy = _noisy_points(np.random.default_rng(seed))
    fig, sentences = look.figure(look.WIDTH, 3.0), []
    for ax, width in zip(fig.subplots(1, len(hidden), squeeze=False)[0], hidden, strict=True):
        scores, grid = _trained(points, np.where(labels, 1.0, -1.0), width, seed)
        right = np.mean((scores > 0) == labels)
        _panel(ax, points, labels, noisy, grid)
        ax.set(
            title=f"{width} hidden unit{'s' * (width != 1)}",
            xlabel=f"{round(100 * right)} % of the points right",
        )
        sentences.append(f"{width} hidden units get {right:.0%} of the 40 points right")
    fig.alt = f"Decision regions of networks trained on noisy points. {'; '.join(sentences)}."
    return fig


@look.style()
def fig_l2(decay: Sequence[float] = (0.002, 0.2, 1.0), hidden: int = 20, seed: int = 6) -> Figure:
    """The same points as in fig_overfitting, one large network, and more and more L2 regularisation.

    decay: the weights of the penalty. hidden: width of the hidden layer. Returns a Figure.
    """
    points, labels, noisy = _noisy_points(np.random.default_rng(seed))
    fig, sentences = look.figure(look.WIDTH, 3.0), []
    for ax, much in zip(fig.subplots(1, len(decay), squeeze=False)[0], decay, strict=True):
        scores, grid = _trained(points, np.where(labels, 1.0, -1.0), hidden, seed, much)
        right = np.mean((scores > 0) == labels)
        _panel(ax, points, labels, noisy, grid)
        ax.set(title=f"λ = {much:g}", xlabel=f"{round(100 * right)} % of the points right")
        sentences.append(f"λ = {much:g} leaves {right:.0%} of the 40 points right")
    fig.alt = f"Decision regions of one network with more and more weight decay. {'; '.join(sentences)}."
    return fig


def _border(x):
    return 0.5 * np.sin(1.7 * x)


def _noisy_points(rng):
    """Forty points on a jittered lattice: (40, 2), their labels (40,) bool, which labels were flipped."""
    lattice = np.linspace(-1.45, 1.45, 8), np.linspace(-1.35, 1.35, 5)
    points = np.stack(np.meshgrid(*lattice), -1).reshape(-1, 2) + rng.normal(0, 0.13, (40, 2))
    noisy = np.zeros(40, bool)
    noisy[rng.choice(40, FLIPPED, replace=False)] = True
    return points, (points[:, 1] > _border(points[:, 0])) ^ noisy, noisy


def _trained(points, targets, width, seed, decay=0.002, steps=120):
    """Fit targets of ±1 by Levenberg and Marquardt's method. Returns scores of the points and of a grid.

    The Jacobian comes from complex steps: exact, and short. Rounding after each step keeps the picture the
    same on every machine.
    """
    theta, damping = np.random.default_rng(seed).normal(0, 1.2, 4 * width + 1), 1.0
    pull = decay * np.repeat((1, 0, 1, 0), (2 * width, width, width, 1))  # on weights, not on biases
    probes = 1e-20j * np.eye(theta.size)

    def cost(theta):
        return np.sum((targets - _output(theta, width, points)) ** 2) + pull @ theta**2

    for _ in range(steps):
        jacobian = _output(theta + probes, width, points).imag.T / 1e-20
        downhill = jacobian.T @ (targets - _output(theta, width, points)) - pull * theta
        curvature = jacobian.T @ jacobian + np.diag(pull + damping)
        moved = np.round(theta + np.linalg.solve(curvature, downhill), 8)
        better = cost(moved) < cost(theta)
        theta, damping = (moved, damping / 2) if better else (theta, damping * 3)
    side = np.linspace(-SPAN, SPAN, SIDE)
    lattice = np.stack(np.meshgrid(side, side), -1).reshape(-1, 2)
    return _output(theta, width, points), _output(theta, width, lattice).reshape(SIDE, SIDE)


def _output(theta, width, at):
    """Scores at points (M, 2) for parameters (..., 4 width + 1): (..., M)."""
    first, bias, second, shift = np.split(theta[..., None, :], np.cumsum((2 * width, width, width)), axis=-1)
    hidden = np.tanh(at @ first.reshape(*theta.shape[:-1], 2, width) + bias)
    return (hidden * second).sum(-1) + shift[..., 0]


def _panel(ax, points, labels, noisy, grid):
    side = np.linspace(-SPAN, SPAN, SIDE)
    ax.contourf(side, side, grid, levels=(-np.inf, 0, np.inf), colors=("#D6E8F4", "#FDF1DA"))
    ax.contour(side, side, grid, levels=(0,), colors=look.INK, linewidths=1.6)
    ax.plot(side, _border(side), color=look.PENCIL, lw=1.2, ls=(0, (4, 3)))
    for label, colour, marker in ((False, look.BLUE, "o"), (True, look.ORANGE, "^")):
        mine = points[labels == label]
        ax.scatter(*mine.T, s=32, color=colour, marker=marker, ec=look.INK, lw=0.6, zorder=3)
    ax.scatter(*points[noisy].T, s=95, fc="none", ec=look.INK, lw=1.2, zorder=4)
    ax.set(xlim=(-SPAN, SPAN), ylim=(-SPAN, SPAN), xticks=(), yticks=(), aspect="equal")
