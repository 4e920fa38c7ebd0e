"""A small data set under CIFAR-10's own folder and class names, and archives of it."""

import io
import tarfile
from pathlib import Path

import numpy as np

from cs231nlib.batches import BATCH_FILES, write_batch, write_meta
from cs231nlib.image_grids import CIFAR10_NAMES
from cs231nlib.shape_pictures import draw_pictures


def write_data(root, n_each=20, seed=5):
    """A small data set under CIFAR-10's own folder and class names."""
    folder = Path(root) / "cifar-10-batches-py"
    folder.mkdir(parents=True)
    for i, name in enumerate(BATCH_FILES):
        X, y = draw_pictures("train", i * n_each, (i + 1) * n_each, seed)
        write_batch(folder / name, name, X, y, ["x.png"] * n_each)
    write_meta(folder / "batches.meta", CIFAR10_NAMES)
    return folder


def pack(path, members):
    """A .tar.gz of (name, bytes or TarInfo); returns its bytes. Of a TarInfo only the head."""
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members:
            if isinstance(content, tarfile.TarInfo):
                tar.fileobj.write(content.tobuf())
                continue
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path.read_bytes()


def is_mapped(array):
    """Whether an array is a view of a file."""
    while array is not None:
        if isinstance(array, np.memmap):
            return True
        array = getattr(array, "base", None)
    return False
