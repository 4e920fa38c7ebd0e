"""Slopes of a function, measured by central differences, and how far claimed ones are off."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

DIRECTIONS = 8


def slope(f: Callable, x: np.ndarray, direction: np.ndarray, h: float) -> float:
    """Slope of f: array -> one number at x along one direction of x's shape, with steps of h times it."""
    up, down = f(x + h * direction), f(x - h * direction)
    if np.ndim(up) or np.ndim(down):
        raise ValueError(f"f must return one number, not an array of shape {np.shape(up)}")
    return (float(up) - float(down)) / (2 * h)


def one_hot(x: np.ndarray, place: int) -> np.ndarray:
    """The direction, of x's shape, of its entry number `place`."""
    direction = np.zeros(x.size)
    direction[place] = 1
    return direction.reshape(x.shape)


def across(
    f: Callable, x: np.ndarray, analytic: np.ndarray, h: float, rng: np.random.Generator
) -> np.ndarray:
    """Claimed and measured slopes (2, 8) along random directions of length 1: each sees every entry."""
    rays = [ray / np.linalg.norm(ray) for ray in rng.normal(size=(DIRECTIONS, *x.shape))]
    h *= x.size**0.25  # a longer step: the slope along a ray is small beside f's rounding error
    return np.array([[np.sum(analytic * ray), slope(f, x, ray, h)] for ray in rays]).T


def misfit(slopes: np.ndarray) -> float:
    """Relative error between the two rows of (2, n) slopes, claimed and measured."""
    size = np.linalg.norm(slopes, axis=1).sum()
    return float(np.linalg.norm(np.diff(slopes, axis=0)) / size) if size else 0.0
