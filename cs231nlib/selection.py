"""Which pictures of a data set are asked for: a run of neighbours, the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike


@dataclass(frozen=True)
class Selection:
    """n_train, n_test: how many; None asks for all, or for no more test pictures than training ones.

    seed: decides which. dtype: of the pictures.
    """

    n_train: int | None
    n_test: int | None
    seed: int
    dtype: DTypeLike

    def windows(self, total_train: int, total_test: int) -> tuple[slice, slice]:
        """Where they stand among all. Raises ValueError for more than there are."""
        rng = np.random.default_rng(self.seed)
        n_test = self.n_test
        if n_test is None and self.n_train is not None:
            n_test = min(self.n_train, total_test)
        train = _window("n_train", self.n_train, total_train, rng)
        return train, _window("n_test", n_test, total_test, rng)

    def as_dtype(self, images: np.ndarray) -> np.ndarray:
        """The pictures themselves, or a copy of another dtype."""
        return images.astype(self.dtype, copy=False)


def _window(name: str, n: int | None, total: int, rng: np.random.Generator) -> slice:
    n = total if n is None else n
    if not 1 <= n <= total:
        raise ValueError(f"{name} is {n}; it can be 1 to {total} here.")
    start = int(rng.integers(total - n + 1))
    return slice(start, start + n)
