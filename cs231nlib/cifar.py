"""CIFAR-10 for the notebooks: load it in little memory, or a stand-in for it, and say what is there.

A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

from cs231nlib.batches import META_FILE, is_official, read_names
from cs231nlib.data_places import data_home, find_CIFAR10, find_synthetic, places_text
from cs231nlib.image_cache import open_images
from cs231nlib.plain_pickle import BatchError
from cs231nlib.selection import Selection
from cs231nlib.shape_pictures import draw_pictures
from cs231nlib.synthetic import N_TEST, N_TRAIN, SYNTHETIC_NAMES, has_pictures, make_synthetic_CIFAR10

ADVICE = "download_CIFAR10() fetches the real ones (170 MB)"
MAX_TRAIN, MAX_TEST = 50_000, 10_000  # as many as CIFAR-10 has
FEW = 4_000  # so many stand-in pictures are drawn at once, without writing files


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Pictures and labels; unpacks as `Xtr, Ytr, Xte, Yte = load_CIFAR10(root)`.

    X_train, X_test: (n,32,32,3), RGB, 0..255.  y_train, y_test: (n,) int64, indices into `names`.
    source: "cifar10" or "synthetic".  root: the folder of the batches, None for pictures drawn just now.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    names: tuple[str, ...]
    source: str
    root: Path | None

    def __iter__(self) -> Iterator[np.ndarray]:
        return iter((self.X_train, self.y_train, self.X_test, self.y_test))

    def __len__(self) -> int:
        return 4

    def __repr__(self) -> str:
        n = f"{len(self.X_train):,} training and {len(self.X_test):,} test pictures"
        return f"<Dataset {self.source}: {n}, {self.X_train.dtype}, from {self.root or 'memory'}>"


@dataclass(frozen=True)
class DatasetStatus:
    """What `cifar10_status` found. md5_ok: the batches are the official ones, byte by byte."""

    found: bool
    n_images: int
    md5_ok: bool
    path: Path | None
    advice: str


def load_CIFAR10(
    root: str | Path | None = None,
    *,
    n_train: int | None = None,
    n_test: int | None = None,
    seed: int = 0,
    dtype: DTypeLike = np.uint8,
    allow_synthetic: bool = True,
) -> Dataset:
    """Load CIFAR-10, or the SYNTHETIC stand-in when it is nowhere to be found. Returns a Dataset.

    root       where to look, and nowhere else (default: the places listed in data_places.py)
    n_train    how many training pictures (default all); which ones, `seed` decides: a run of neighbours,
               the same for the same seed
    n_test     how many test pictures (default as many as n_train, or all)
    dtype      of the pictures; another one than uint8 makes a copy of those asked for

    The first call parses the batches (a few seconds) and leaves .npy files beside them; later calls map
    those and are immediate. Raises BatchError (a ValueError) naming a batch that is missing or damaged,
    FileNotFoundError if there are no data and allow_synthetic is False, ValueError for too many pictures.
    """
    folder = find_CIFAR10(root)
    if folder is None and not allow_synthetic:
        raise FileNotFoundError(f"CIFAR-10 was not found in {places_text(root)}; {ADVICE}.")
    selection = Selection(n_train, n_test, seed, dtype)
    return _stand_in(root, selection) if folder is None else _from_folder(folder, selection)


def cifar10_status(root: str | Path | None = None) -> DatasetStatus:
    """Look for CIFAR-10 and check it: a DatasetStatus. Damaged data are a result here, not an error."""
    folder = find_CIFAR10(root)
    if folder is None:
        return DatasetStatus(
            False, 0, False, None, f"CIFAR-10 was not found in {places_text(root)}; {ADVICE}."
        )
    try:
        X_train, _, X_test, _ = open_images(folder)
    except BatchError as error:
        return DatasetStatus(False, 0, False, folder, str(error))
    md5_ok = is_official(folder)
    advice = "Ready." if md5_ok else "Ready, though the files are not the official ones."
    return DatasetStatus(True, len(X_train) + len(X_test), md5_ok, folder, advice)


def _stand_in(root: str | Path | None, selection: Selection) -> Dataset:
    """The stand-in: read from its files, written first for many pictures, drawn at once for a few."""
    print(
        f"CIFAR-10 was not found in {places_text(root)}: these are SYNTHETIC stand-in pictures "
        f"({', '.join(SYNTHETIC_NAMES)}); {ADVICE}."
    )
    folder = find_synthetic(root)
    if folder is None or not has_pictures(folder, selection.n_train or 1, selection.n_test or 1):
        return _drawn(folder.parent if folder else data_home(root), selection)
    return _from_folder(folder, selection)


def _drawn(home: Path, selection: Selection) -> Dataset:
    """Stand-in pictures drawn just now: many go to files below home if it can be written, a few do not."""
    totals = max(selection.n_train or N_TRAIN, N_TRAIN), max(selection.n_test or N_TEST, N_TEST)
    train, test = selection.windows(min(totals[0], MAX_TRAIN), min(totals[1], MAX_TEST))
    if train.stop - train.start + test.stop - test.start > FEW:
        with contextlib.suppress(OSError):
            return _from_folder(make_synthetic_CIFAR10(home, *totals), selection)
    X_train, y_train = draw_pictures("train", train.start, train.stop)
    X_test, y_test = draw_pictures("test", test.start, test.stop)
    images = selection.as_dtype(X_train), y_train, selection.as_dtype(X_test), y_test
    return Dataset(*images, SYNTHETIC_NAMES, "synthetic", None)


def _from_folder(folder: Path, selection: Selection) -> Dataset:
    names = read_names(folder / META_FILE)
    X_train, y_train, X_test, y_test = open_images(folder)
    train, test = selection.windows(len(X_train), len(X_test))
    images = (
        selection.as_dtype(X_train[train]),
        y_train[train],
        selection.as_dtype(X_test[test]),
        y_test[test],
    )
    return Dataset(*images, names, "synthetic" if names == SYNTHETIC_NAMES else "cifar10", folder)
