"""Pictures in and out of files, and at another size: all of them are RGB bytes.

The first notebook of the course took `imread`, `imsave` and `imresize` from scipy.misc, which SciPy removed.
Here a picture is always an array (H, W, 3) uint8: rows from the top, columns from the left, red green blue,
0 to 255. Whatever a file holds becomes that, or a ValueError says in one line why it cannot.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from cs231nlib.picture_files import MOST_PIXELS, WRITABLE, encode, read_rgb


def imread(path: str | Path) -> np.ndarray:
    """The picture in a PNG, JPEG, GIF, BMP, WebP or TIFF file as an array (H, W, 3) uint8.

    Grey, black-and-white, palette and CMYK pictures become RGB. 16-bit grey is divided by 257, so white stays
    white. What is transparent shows white. Of an animation you get the first picture. A photo is turned the
    way the camera was held. FileNotFoundError when nothing is there; ValueError for a file that is empty,
    damaged, no such picture, over 100 MB, over 50 million pixels, or of numbers without a white (32-bit).
    """
    return read_rgb(Path(path))


def imsave(path: str | Path, picture: np.ndarray) -> None:
    """Write a picture (H, W, 3) or, grey, (H, W) uint8 to a .png, .jpg, .bmp, .gif or .tiff file.

    A .png keeps every number, a .jpg only what the eye sees. ValueError for another ending, shape or dtype:
    floats are not scaled behind your back.
    """
    path = Path(path)
    if path.suffix.lower() not in WRITABLE:
        raise ValueError(f"{path} ends in {path.suffix or 'nothing'}; imsave writes {', '.join(WRITABLE)}.")
    path.write_bytes(encode(pixels(picture), path.suffix.lower(), **WRITABLE[path.suffix.lower()]))


def imresize(picture: np.ndarray, size: float | tuple[int, int]) -> np.ndarray:
    """The picture (H, W, 3) or (H, W) uint8 at another size, as a new array of uint8.

    size: (height, width) in pixels, or a fraction such as 0.5. The new size need not keep the proportions.
    Each new pixel is a mean over the old ones it covers (Pillow's bicubic), so that nothing flickers.
    ValueError for a size without pixels or over 50 million of them.
    """
    picture = pixels(picture)
    if isinstance(size, float) and 0 < size < 1000:
        size = tuple(max(1, round(side * size)) for side in picture.shape[:2])
    if not isinstance(size, tuple | list) or len(size) != 2:
        raise ValueError(f"imresize takes a (height, width) or a fraction such as 0.5, not {size!r}.")
    height, width = (int(side) for side in size)
    if min(height, width) < 1 or height * width > MOST_PIXELS:
        raise ValueError(f"A picture of {height} x {width} pixels cannot be made.")
    return np.array(Image.fromarray(picture).resize((width, height), Image.Resampling.BICUBIC))


def pixels(picture: np.ndarray) -> np.ndarray:
    """`picture` as an array, if it is one of (H, W, 3) or (H, W) uint8; else ValueError."""
    picture = np.asarray(picture)
    if picture.dtype != np.uint8:
        spread = (
            f" from {picture.min():.4g} to {picture.max():.4g}"
            if picture.dtype.kind in "iuf" and picture.size
            else ""
        )
        raise ValueError(
            f"A picture is uint8, 0 to 255; this one is {picture.dtype}{spread}. "
            "Scale it to 0..255, then take .astype(np.uint8)."
        )
    if picture.ndim not in (2, 3) or picture.shape[2:] not in ((), (3,)) or not picture.size:
        raise ValueError(f"A picture has shape (H, W, 3) or (H, W); this one has {picture.shape}.")
    return picture
