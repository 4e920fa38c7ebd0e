"""Small, middling and large networks trained on the same forty noisy points."""

import numpy as np

from cs231nlib import look

SIDE, SPAN, FLIPPED = 141, 1.7, 5


@look.style()
def fig_overfitting(hidden=(3, 6, 20), seed=6):
    """Decision regions of networks with one hidden layer, trained here and now on 40 noisy points.

    hidden: widths of the hidden layers. seed: of the points and of the starting weights. Dashed: the true
    border; ringed: the five points with a wrong label. Returns a Figure.
    """
    points, labels, noisy = _noisy_points(np.random.default_rng(seed))
    fig = look.figure(look.WIDTH, 3.0)
    for ax, width in zip(fig.subplots(1, len(hidden), squeeze=False)[0], hidden, strict=True):
        scores, grid = _trained(points, np.where(labels, 1.0, -1.0), width, seed)
        right = np.mean((scores > 0) == labels)
        _panel(ax, points, labels, noisy, grid)
        ax.set(
            title=f"{width} hidden unit{'s' * (width != 1)}",
            xlabel=f"{round(100 * right)} % of the points right",
        )
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


def _trained(points, targets, width, seed, steps=120):
    """Fit targets of ±1 by Levenberg and Marquardt's method. Returns scores of the points and of a grid.

    The Jacobian comes from complex steps: exact, and short. Rounding after each step keeps the picture the
    same on every machine.
    """

    def output(theta, at):
        inner = np.tanh(
            at @ theta[..., : 2 * width].reshape(*theta.shape[:-1], 2, width) + hidden_bias(theta)
        )
        return (inner * theta[..., None, 3 * width : 4 * width]).sum(-1) + theta[..., -1:]

    def hidden_bias(theta):
        return theta[..., None, 2 * width : 3 * width]

    theta, damping = np.random.default_rng(seed).normal(0, 1.2, 4 * width + 1), 1.0
    probes = 1e-20j * np.eye(theta.size)
    for _ in range(steps):
        jacobian = output(theta + probes, points).imag.T / 1e-20
        error = targets - output(theta, points)
        curvature = jacobian.T @ jacobian + damping * np.eye(theta.size)
        step = np.linalg.solve(curvature, jacobian.T @ error - 1e-3 * theta)
        better = np.sum((targets - output(theta + step, points)) ** 2) < np.sum(error**2)
        theta = np.round(theta + step, 8) if better else theta
        damping = damping / 2 if better else damping * 3
    side = np.linspace(-SPAN, SPAN, SIDE)
    lattice = np.stack(np.meshgrid(side, side), -1).reshape(-1, 2)
    return output(theta, points), output(theta, lattice).reshape(SIDE, SIDE)


def _panel(ax, points, labels, noisy, grid):
    side = np.linspace(-SPAN, SPAN, SIDE)
    ax.contourf(side, side, grid, levels=(-np.inf, 0, np.inf), colors=("#D6E8F4", "#FADFCC"))
    ax.contour(side, side, grid, levels=(0,), colors=look.INK, linewidths=1.6)
    ax.plot(side, _border(side), color=look.PENCIL, lw=1.2, ls=(0, (4, 3)))
    for label, colour, marker in ((False, look.BLUE, "o"), (True, look.VERMILLION, "^")):
        mine = points[labels == label]
        ax.scatter(*mine.T, s=30, color=colour, marker=marker, ec="white", lw=0.7, zorder=3)
    ax.scatter(*points[noisy].T, s=95, fc="none", ec=look.INK, lw=1.2, zorder=4)
    ax.set(xlim=(-SPAN, SPAN), ylim=(-SPAN, SPAN), xticks=(), yticks=(), aspect="equal")
