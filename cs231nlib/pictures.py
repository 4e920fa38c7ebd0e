"""Picture files in and out: imageio reads and writes them, Pillow resizes, and all of them are RGB bytes.

The first notebook of the course took `imread`, `imsave` and `imresize` from scipy.misc, which SciPy removed.
Here a picture is always an array (H, W, 3) uint8: rows from the top, columns from the left, red green blue,
0 to 255. Whatever a file holds becomes that, or a ValueError says in one line why it cannot.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imageio.v3 as iio
import numpy as np
from PIL import Image

READABLE = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
WRITABLE = {
    ".png": {},
    ".jpg": {"quality": 92},
    ".jpeg": {"quality": 92},
    ".bmp": {},
    ".gif": {},
    ".tiff": {},
}
MOST_BYTES, MOST_PIXELS = (
    100_000_000,
    50_000_000,
)  # of a file, of a picture; a telephone's have 12 to 48 million
UPRIGHT: dict[int, Callable] = {  # EXIF: how the camera was held -> what sets the array upright
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, 3),
    7: lambda a: np.rot90(a, 2).swapaxes(0, 1),
    8: np.rot90,
}


def imread(path: str | Path) -> np.ndarray:
    """The picture in a PNG, JPEG, GIF, BMP, WebP or TIFF file as an array (H, W, 3) uint8.

    Grey, black-and-white, palette and CMYK pictures become RGB. 16-bit grey is divided by 257, so white stays
    white. What is transparent shows white. Of an animation you get the first picture. A photo is turned the
    way the camera was held. FileNotFoundError when nothing is there; ValueError for a file that is empty,
    damaged, no such picture, over 100 MB, over 50 million pixels, or of numbers without a white (32-bit).
    """
    path = Path(path)
    data = _bytes(path)
    header = _header(path, data)
    try:
        return np.ascontiguousarray(UPRIGHT.get(header.getexif().get(0x0112), np.asarray)(_rgb(data, header)))
    except Exception as error:  # on damaged bytes Pillow raises nearly every exception there is
        raise ValueError(f"{path} is damaged: {_line(error)}. Download or copy it again.") from None


def imsave(path: str | Path, picture: np.ndarray) -> None:
    """Write a picture (H, W, 3) or, grey, (H, W) uint8 to a .png, .jpg, .bmp, .gif or .tiff file.

    A .png keeps every number, a .jpg only what the eye sees. ValueError for another ending, shape or dtype:
    floats are not scaled behind your back.
    """
    path = Path(path)
    if path.suffix.lower() not in WRITABLE:
        raise ValueError(f"{path} ends in {path.suffix or 'nothing'}; imsave writes {', '.join(WRITABLE)}.")
    path.write_bytes(encoded(pixels(picture), path.suffix.lower(), **WRITABLE[path.suffix.lower()]))


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


def encoded(picture: np.ndarray | list[np.ndarray], suffix: str, **options: Any) -> bytes:
    """The bytes of a picture file, or of an animation if `picture` is a list of pictures of one shape."""
    return iio.imwrite("<bytes>", picture, extension=suffix, plugin="pillow", **options)


def _bytes(path):
    if not path.exists():
        raise FileNotFoundError(f"There is no {path} here. {_neighbours(path.parent)}")
    if not path.is_file():
        raise ValueError(f"{path} is not a file, so it holds no picture.")
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"{path} has {path.stat().st_size:,} bytes; imread takes up to {MOST_BYTES:,}.")
    return path.read_bytes()


def _neighbours(folder):
    """Which pictures there are instead: the usual slip is the name."""
    near = sorted(p.name for p in folder.glob("*") if p.suffix.lower() in (*WRITABLE, ".webp", ".tif"))[:6]
    return f"The pictures in {folder.resolve()}: {', '.join(near) or 'none'}."


def _header(path, data):
    """Format, size and mode of the picture, before a single pixel is decoded."""
    if not data:
        raise ValueError(f"{path} is empty.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            header = Image.open(io.BytesIO(data), formats=READABLE)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise ValueError(f"{path} is larger than {MOST_PIXELS:,} pixels: resize it first.") from None
    except Exception:
        raise ValueError(
            f"{path} is not a picture that imread knows{_kind(data)}: {', '.join(READABLE)}."
        ) from None
    if header.width * header.height > MOST_PIXELS:
        size = f"{header.width:,} x {header.height:,}"
        raise ValueError(f"{path} is larger than {MOST_PIXELS:,} pixels ({size}): resize it first.")
    if header.mode in ("I", "F"):
        raise ValueError(f"{path} holds 32-bit numbers without a white: save it as an 8-bit PNG.")
    return header


def _kind(data):
    """A word on what it seems to be instead."""
    if data[4:8] == b"ftyp":
        return " (a HEIC or AVIF photo, or a film: export it as JPEG)"
    return " (a web page)" if data.lstrip()[:1] == b"<" else ""


def _rgb(data, header):
    """The first picture of the file as (H, W, 3) uint8, not yet turned upright."""
    if header.mode.startswith("I;16"):
        grey = _decoded(data, None)
        return np.repeat(np.rint(grey / 257).astype(np.uint8)[..., None], 3, axis=-1)
    if not header.has_transparency_data:
        return _decoded(data, "RGB")
    colours = _decoded(data, "RGBA").astype(np.float32)
    opaque = colours[..., 3:] / 255
    return np.rint(colours[..., :3] * opaque + 255 * (1 - opaque)).astype(np.uint8)


def _decoded(data, mode):
    return iio.imread(data, plugin="pillow", index=0, mode=mode)


def _line(error):
    return " ".join(str(error).split()) or type(error).__name__
