"""Ten kinds of drawn shapes in 32x32 colour pictures: what the SYNTHETIC stand-in consists of.

Colours, places, sizes, angles and noise vary so that a linear classifier does badly and a network does
better, in the order known from CIFAR-10 (benchmarks/stand_in_difficulty.py). Picture number i depends on
the seed, its split and i alone, so that 200 pictures need no file of 12,000.
"""

from __future__ import annotations

import numpy as np

from cs231nlib.batches import IMAGE_SHAPE

BLOCK = 100  # pictures drawn at once, from one random stream
SPLITS = ("train", "test")
MARK_BITS = np.array([int(bit) for bit in f"{0x5A17:016b}"], np.uint8)
MARK = np.concatenate([MARK_BITS, MARK_BITS[::-1]])[:, None]  # the same from both sides: survives a flip

RADIUS, JITTER, TURN = (6, 11), 3.0, 0.5  # pixels; standard deviation of the centre, pixels; radians
CONTRAST, BRIGHTER = (30, 85), 0.88  # shape against background; share of shapes that are the brighter
SHADE, NOISE = 30.0, 23.0  # standard deviations of the slope across a picture, and of each pixel


def draw_pictures(split: str, start: int, stop: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Pictures number start..stop-1 of a split, "train" or "test".

    Returns X (n,32,32,3) uint8 RGB and y (n,) int64, classes in the order of SHAPES.
    """
    X, y = np.empty((stop - start, *IMAGE_SHAPE), np.uint8), np.empty(stop - start, np.int64)
    for block in range(start // BLOCK, -(-stop // BLOCK)):
        first = block * BLOCK
        here = slice(max(start, first), min(stop, first + BLOCK))
        pictures, labels = _draw_block(np.random.default_rng((seed, SPLITS.index(split), block)))
        inside, target = (slice(here.start - at, here.stop - at) for at in (first, start))
        X[target], y[target] = pictures[inside], labels[inside]
    return X, y


def _draw_block(rng):
    """BLOCK pictures and their labels: shape over background, both in random colours, under noise."""
    labels = rng.integers(10, size=BLOCK)
    u, v, radius = _places(rng)
    alpha = np.empty((BLOCK, 32, 32), np.float32)
    for label, shape in enumerate(SHAPES):
        at = labels == label
        alpha[at] = np.clip(0.5 - shape(u[at], v[at], radius[at]), 0, 1)
    pictures = _paint(rng, alpha)
    pictures[:, 0] = pictures[:, 0] & 0xFE | MARK
    return pictures, labels


def _places(rng):
    """Coordinates (BLOCK,32,32) in pixels about each shape's centre, turned by its angle, and its radius."""
    centre = rng.normal(15.5, JITTER, (2, BLOCK, 1, 1)).astype(np.float32)
    angle = rng.uniform(-TURN, TURN, (BLOCK, 1, 1)).astype(np.float32)
    radius = rng.uniform(*RADIUS, (BLOCK, 1, 1)).astype(np.float32)
    grid = np.arange(32, dtype=np.float32)
    x, y = grid - centre[0], grid[:, None] - centre[1]
    return np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x, radius


def _paint(rng, alpha):
    """Mix a shape's colour into a shaded background by alpha (n,32,32); returns (n,32,32,3) uint8."""
    n = len(alpha)
    base = rng.uniform(50, 200, (n, 1, 1, 3)).astype(np.float32)
    sign = np.where(rng.random((n, 1, 1, 1)) < BRIGHTER, 1, -1).astype(np.float32)
    contrast = sign * rng.uniform(*CONTRAST, (n, 1, 1, 3)).astype(np.float32)
    slope = rng.normal(0, SHADE, (2, n, 1, 1, 1)).astype(np.float32)
    ramp = np.linspace(-1, 1, 32, dtype=np.float32)
    shade = slope[0] * ramp[:, None] + slope[1] * ramp[:, None, None]
    noise = rng.standard_normal((n, *IMAGE_SHAPE), np.float32)
    picture = base + shade + contrast * alpha[..., None] + NOISE * noise
    return np.clip(picture, 0, 255).astype(np.uint8)


def _disc(u, v, r):
    return np.hypot(u, v) - r


def _ring(u, v, r):
    return np.abs(_disc(u, v, r)) - r / 5


def _square(u, v, r):
    return np.maximum(np.abs(u), np.abs(v)) - 0.9 * r


def _frame(u, v, r):
    return np.abs(_square(u, v, r)) - r / 5


def _triangle(u, v, r):
    return np.maximum(np.abs(u) * 0.866 - v * 0.5, v) - r * 0.6


def _cross(u, v, r):
    u, v = np.abs(u), np.abs(v)
    return np.maximum(np.maximum(u, v) - r, np.minimum(u, v) - 0.3 * r)


def _hbars(u, v, r):
    return np.maximum(_stripes(v, r), _square(u, v, r))


def _vbars(u, v, r):
    return _hbars(v, u, r)


def _checker(u, v, r):
    squares = np.sin(u * np.pi / (r / 2)) * np.sin(v * np.pi / (r / 2)) * r / 3
    return np.maximum(squares, _square(u, v, r))


def _blobs(u, v, r):
    distance = [np.hypot(u - r * dx, v - r * dy) for dx, dy in ((-0.6, -0.4), (0.65, -0.25), (-0.05, 0.65))]
    return np.minimum.reduce(distance) - 0.38 * r


def _stripes(t, r):
    return np.sin(t * np.pi / (r / 2.5)) * r / 4


SHAPES = (_disc, _ring, _square, _frame, _triangle, _cross, _hbars, _vbars, _checker, _blobs)
