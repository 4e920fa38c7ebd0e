"""Small two-dimensional data sets, drawn anew from a seed.

Everywhere: X (n,2) float64, one example per row; y (n,) int64 class numbers from 0; `rng` is a
numpy.random.Generator or an integer seed, the same seed gives the same points. The examples come
shuffled where there are classes. Raises ValueError for sizes below 1 and for negative noise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def make_spiral(
    n: int = 100, classes: int = 3, noise: float = 0.2, rng: int | np.random.Generator = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Interleaved spiral arms of n points each. Returns X (n*classes,2) within about the unit disc, y.

    Each arm turns by four radians from the centre outwards; `noise` is the standard deviation of the angle,
    in radians. (The arms of the case study in the notes of Stanford's course CS231n.)
    """
    draw = _rng(rng, n, noise, classes)
    y = np.repeat(np.arange(classes), n)
    radius = np.tile(np.linspace(0.02, 1, n), classes)
    angle = 4 * radius + 2 * np.pi * y / classes + draw.normal(0, noise, n * classes)
    return _shuffled(np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1), y, draw)


def make_moons(
    n: int = 100, noise: float = 0.1, rng: int | np.random.Generator = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Two interleaved half circles of radius 1 with n points each. Returns X (2n,2), y.

    `noise` is the standard deviation added to both coordinates.
    """
    draw = _rng(rng, n, noise)
    angle = draw.uniform(0, np.pi, 2 * n)
    y = np.repeat([0, 1], n)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    X = np.where(y[:, None] == 0, upper, [1.0, 0.5] - upper)
    return _shuffled(X + draw.normal(0, noise, X.shape), y, draw)


def true_border(x1: np.ndarray | float) -> np.ndarray | float:
    """x2 of the wavy border between the regions of `make_noisy_regions`, for an array or number x1."""
    return 0.45 * np.sin(5 * x1)


def make_noisy_regions(
    n: int = 60, flip: float = 0.15, rng: int | np.random.Generator = 3
) -> tuple[np.ndarray, np.ndarray]:
    """Two regions with a wavy border, and a share of wrong labels: made for overfitting. Returns X (n,2), y.

    The points are uniform in [-1,1] x [-1,1]; class 1 is above `true_border`, and then each label is
    exchanged with probability `flip`. flip=0 gives clean points for testing. With the default points a net
    of one hidden unit is too stiff, one of six does well, and one of a hundred learns the wrong labels too.
    """
    draw = _rng(rng, n)
    if not 0 <= flip <= 1:
        raise ValueError(f"flip is a probability, from 0 to 1; got {flip}.")
    X = draw.uniform(-1, 1, (n, 2))
    above = X[:, 1] > true_border(X[:, 0])
    return X, (above ^ (draw.random(n) < flip)).astype(np.int64)


def make_gaussian_cloud(
    n: int = 500,
    mean: ArrayLike = (3.0, 2.0),
    cov: ArrayLike = ((3.0, 1.6), (1.6, 1.2)),
    rng: int | np.random.Generator = 0,
) -> np.ndarray:
    """One cloud of n normally distributed points, without classes. Returns X (n,2).

    mean (2,) and cov (2,2); the default lies off the centre and is stretched and tilted, so that each step
    of preprocessing has something to do.
    """
    draw = _rng(rng, n)
    return draw.multivariate_normal(np.asarray(mean, float), np.asarray(cov, float), size=n)


def _rng(rng, n, noise=0.0, classes=1):
    if n < 1 or classes < 1 or noise < 0:
        raise ValueError("There must be at least one point and one class, and noise cannot be negative.")
    return np.random.default_rng(rng)


def _shuffled(X, y, rng):
    order = rng.permutation(len(y))
    return X[order], y[order].astype(np.int64)
