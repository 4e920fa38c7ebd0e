"""First weights of a small convolutional net."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Stage = tuple[int, int]  # k, F: F filters of k x k


def draw_weights(
    rng: np.random.Generator, side: int, C: int, stages: Sequence[Stage], classes: int = 10
) -> dict[str, np.ndarray]:
    """W1, b1, ... of stages, each with a pooling that halves the side, and a dense layer: a dict, float64.

    rng: np.random.Generator. side, C: of the pictures, (side, side, C). stages: (k, F) each, F filters k x k.
    Weights are normal with variance 2 over the number of inputs of a unit; biases are 0.
    """
    widths = [C, *(F for _, F in stages)]
    shapes: list[tuple[int, ...]] = [(k, k, c, F) for (k, F), c in zip(stages, widths, strict=False)]
    shapes.append(((side >> len(stages)) ** 2 * widths[-1], classes))
    params: dict[str, np.ndarray] = {}
    for i, shape in enumerate(shapes, 1):
        params[f"W{i}"] = rng.normal(0, np.sqrt(2 / np.prod(shape[:-1])), shape)
        params[f"b{i}"] = np.zeros(shape[-1])
    return params
