"""The batch files of CIFAR-10: read them, write them as the official archive has them.

The official batches were pickled by Python 2 (protocol 2): a dict with `data` (n,3072) uint8, each row a
32x32 picture as red plane, green plane, blue plane, and `labels`, a list of n integers; `batches.meta`
holds `label_names`. See https://www.cs.toronto.edu/~kriz/cifar.html.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cs231nlib.plain_pickle import BatchError, as_text, read_pickle
from cs231nlib.python2_pickle import dumps

TRAIN_FILES = tuple(f"data_batch_{i}" for i in range(1, 6))
TEST_FILE, META_FILE = "test_batch", "batches.meta"
BATCH_FILES = (*TRAIN_FILES, TEST_FILE)
BATCH_MD5 = {
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
}

IMAGE_SHAPE = (32, 32, 3)
ROW = 32 * 32 * 3


def load_CIFAR_batch(path: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """Read one batch file. Returns X (n,32,32,3) uint8 RGB and y (n,) int64.

    Raises BatchError for a file that is missing, truncated, not a CIFAR-10 batch, or tries anything else.
    """
    data, y = read_rows(path)
    X = np.empty((len(data), *IMAGE_SHAPE), np.uint8)
    fill_images(X, data)
    return X, y


def fill_images(X: np.ndarray, data: np.ndarray) -> None:
    """Fill X (n,32,32,3) with the pictures of the rows data (n,3072), without a copy in between."""
    X[...] = data.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)


def read_rows(path: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """The rows of one batch as they are in the file, (n,3072) uint8, and its labels (n,) int64 in 0..9."""
    batch = read_pickle(path)
    data, labels = batch.get("data"), batch.get("labels")
    if not isinstance(data, np.ndarray) or data.dtype != np.uint8 or data.ndim != 2 or data.shape[1] != ROW:
        raise BatchError(path, f"its data are not rows of {ROW} bytes")
    if not isinstance(labels, list) or len(labels) != len(data):
        raise BatchError(path, f"it has {len(data)} pictures and another number of labels")
    if not all(type(label) is int and 0 <= label < 10 for label in labels):
        raise BatchError(path, "its labels are not integers from 0 to 9")
    return data, np.array(labels, np.int64)


def read_names(path: str | Path) -> tuple[str, ...]:
    """The ten class names in a `batches.meta`, a tuple of str."""
    names = read_pickle(path).get("label_names")
    if not isinstance(names, list) or len(names) != 10 or not all(isinstance(n, bytes | str) for n in names):
        raise BatchError(path, "it does not hold ten class names")
    return tuple(as_text(name) for name in names)


def is_official(folder: str | Path) -> bool:
    """True if all six batches are there and are, byte by byte, those of the official archive."""
    return all(_md5(Path(folder) / name) == BATCH_MD5[name] for name in BATCH_FILES)


def _md5(path):
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()


def write_batch(path: Path, label: str, X: np.ndarray, y: np.ndarray, filenames: Sequence[str]) -> None:
    """Write X (n,32,32,3) uint8 and y (n,) with the opcodes of the official batches."""
    rows = np.ascontiguousarray(X.transpose(0, 3, 1, 2)).reshape(len(X), ROW)
    items = {"batch_label": label, "labels": list(map(int, y)), "data": rows, "filenames": filenames}
    Path(path).write_bytes(dumps(items))


def write_meta(path: Path, names: Sequence[str], **more: int | str) -> None:
    """Write a `batches.meta` with the class names and further numbers or strings."""
    Path(path).write_bytes(dumps({"label_names": list(names), **more}))
