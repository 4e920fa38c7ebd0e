"""Pictures of any kind as (h,w,3) uint8, and many of them on one sheet."""

from __future__ import annotations

from typing import Any

import numpy as np

GAP = 2  # white pixels between pictures


def class_rows(
    X: np.ndarray, y: np.ndarray, classes: int, samples: int, rng: np.random.Generator
) -> np.ndarray:
    """One sheet (h,w,3) with a row of up to `samples` pictures, drawn by `rng`, for each class."""
    height, width = X.shape[1:3]
    sheet = np.full((classes * (height + GAP) - GAP, samples * (width + GAP) - GAP, 3), 255, np.uint8)
    for c in range(classes):
        members = np.flatnonzero(y == c)
        chosen = rng.choice(members, min(samples, len(members)), replace=False)
        for column, picture in enumerate(X[np.sort(chosen)]):
            top, left = c * (height + GAP), column * (width + GAP)
            sheet[top : top + height, left : left + width] = rgb(picture)
    return sheet


def pictures_in(X: Any) -> np.ndarray:
    """X as (n,h,w,3) or (n,h,w); a single picture becomes one of one."""
    X = np.asarray(X)
    alone = X.ndim == 2 or (X.ndim == 3 and X.shape[-1] == 3)
    X = X[None] if alone else X
    if X.ndim not in (3, 4) or not len(X):
        raise ValueError(f"Pictures have shape (n,height,width,3); got {X.shape}.")
    return X


def rgb(picture: np.ndarray) -> np.ndarray:
    """One picture as (h,w,3) uint8; floats are 0..1, or 0..255 if one of them is above 1."""
    picture = np.asarray(picture)
    if picture.dtype != np.uint8:
        scale = 255 if picture.max() <= 1 else 1
        picture = np.clip(picture * scale, 0, 255).astype(np.uint8)
    return np.stack([picture] * 3, axis=-1) if picture.ndim == 2 else picture
