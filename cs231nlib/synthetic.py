"""The SYNTHETIC stand-in for CIFAR-10, for whoever has no data set at hand.

(A train, an exam room, a grading sandbox.) The classes have names of their own, the files the official
layout, and every picture carries a mark in the lowest bits of its top row, so that a plot can say SYNTHETIC
without being told.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np

from cs231nlib.batches import IMAGE_SHAPE, META_FILE, TEST_FILE, TRAIN_FILES, write_batch, write_meta
from cs231nlib.data_places import SYNTHETIC_FOLDER
from cs231nlib.plain_pickle import read_pickle
from cs231nlib.shape_pictures import MARK, draw_pictures

SYNTHETIC_NAMES = (
    "disc",
    "ring",
    "square",
    "frame",
    "triangle",
    "cross",
    "hbars",
    "vbars",
    "checker",
    "blobs",
)
N_TRAIN, N_TEST = 10_000, 2_000


def make_synthetic_CIFAR10(
    root: str | Path, n_train: int = N_TRAIN, n_test: int = N_TEST, seed: int = 0
) -> Path:
    """Write the stand-in below root as `synthetic-10-batches-py/`, laid out like the official archive.

    Returns the Path of that folder. The default takes about two seconds and 37 MB. The folder appears only
    when it is complete; one that was there before is replaced. Raises OSError where it cannot be written.
    """
    root = Path(root)
    root.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".synthetic-", dir=root))
    try:
        for name, part in zip(TRAIN_FILES, np.array_split(np.arange(n_train), len(TRAIN_FILES)), strict=True):
            _write(draft / name, "train", part, seed)
        _write(draft / TEST_FILE, "test", np.arange(n_test), seed)
        write_meta(draft / META_FILE, SYNTHETIC_NAMES, synthetic=1, seed=seed, n_train=n_train, n_test=n_test)
        shutil.rmtree(root / SYNTHETIC_FOLDER, ignore_errors=True)
        draft.chmod(0o755)
        return draft.rename(root / SYNTHETIC_FOLDER)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write(path, split, numbers, seed):
    start = int(numbers[0]) if len(numbers) else 0
    X, y = draw_pictures(split, start, start + len(numbers), seed)
    filenames = [f"{SYNTHETIC_NAMES[label]}_{i:06d}.png" for i, label in enumerate(y, start)]
    write_batch(path, f"SYNTHETIC {split} pictures from number {start}", X, y, filenames)


def has_pictures(folder: Path, n_train: int, n_test: int) -> bool:
    """True if the stand-in in that folder has at least so many pictures."""
    meta = read_pickle(folder / META_FILE)
    return meta.get("n_train", 0) >= n_train and meta.get("n_test", 0) >= n_test


def is_synthetic(X: np.ndarray) -> bool:
    """True if a picture of X (n,32,32,3) carries the stand-in's mark: uint8, floats 0..255 or 0..1, flipped.

    By chance one in 2**96 pictures does.
    """
    X = np.asarray(X)
    if X.ndim != 4 or X.shape[1:] != IMAGE_SHAPE or not len(X):
        return False
    top = X[:64, 0].astype(np.float64)
    whole = np.rint(top * 255 if top.max() <= 1 else top)
    whole = np.where((whole >= 0) & (whole < 256), whole, 1 - MARK).astype(np.int64)
    return bool(np.any(np.all(whole & 1 == MARK, axis=(1, 2))))
