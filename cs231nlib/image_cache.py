"""The pictures of a data folder as arrays: parsed once, kept as .npy beside the data, then memory-mapped.

The cache is a folder `npy-<fingerprint>` in the data folder; the fingerprint changes with the size or the
time of any batch, so a changed batch is parsed anew. Where nothing can be written, the arrays live in
memory and the next call parses again.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

import numpy as np

from cs231nlib.batches import BATCH_FILES, IMAGE_SHAPE, ROW, TEST_FILE, TRAIN_FILES, fill_images, read_rows
from cs231nlib.plain_pickle import BatchError

SPLITS = {"train": TRAIN_FILES, "test": (TEST_FILE,)}
ARRAYS = ("X_train", "y_train", "X_test", "y_test")


def open_images(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """X_train, y_train, X_test, y_test of a data folder: (n,32,32,3) uint8 and (n,) int64.

    The arrays may be written to: a mapped page is copied when it is changed, the files stay as they are.
    Raises BatchError for a batch that is missing, damaged or dangerous.
    """
    cache = folder / f"npy-{_fingerprint(folder)}"
    try:
        return _map(cache)
    except (OSError, ValueError, EOFError):  # no cache yet, or a damaged one
        return _build(folder, cache)


def _fingerprint(folder):
    digest = hashlib.sha256()
    for name in BATCH_FILES:
        try:
            stat = (folder / name).stat()
        except OSError:
            raise BatchError(folder / name, "this file is missing") from None
        digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _map(cache):
    return tuple(np.asarray(np.load(cache / f"{name}.npy", mmap_mode="c")) for name in ARRAYS)


def _build(folder, cache):
    try:
        draft = Path(tempfile.mkdtemp(prefix=".npy-draft-", dir=folder))
    except OSError:
        return (*_parse(folder, "train"), *_parse(folder, "test"))
    try:
        _save(folder, draft)
        _replace(draft, cache)
        return _map(cache)
    except OSError:  # the disk is full, or another process builds the same
        return (*_parse(folder, "train"), *_parse(folder, "test"))
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _save(folder, draft):
    for split in SPLITS:
        X, y = _parse(folder, split)
        np.save(draft / f"X_{split}.npy", X)
        np.save(draft / f"y_{split}.npy", y)
        del X


def _replace(draft, cache):
    """Put the finished draft in place, and sweep the caches of former batches."""
    for old in cache.parent.glob("npy-*"):
        shutil.rmtree(old, ignore_errors=True)
    draft.chmod(0o755)
    draft.rename(cache)


def _parse(folder, split):
    """All batches of a split, one after the other, into one array: a single batch is held twice at most."""
    files = [folder / name for name in SPLITS[split]]
    X = np.empty((sum(path.stat().st_size // ROW for path in files), *IMAGE_SHAPE), np.uint8)
    labels, start = [], 0
    for path in files:
        rows, y = read_rows(path)
        fill_images(X[start : start + len(rows)], rows)
        labels.append(y)
        start += len(rows)
        del rows
    return X[:start], np.concatenate(labels)
