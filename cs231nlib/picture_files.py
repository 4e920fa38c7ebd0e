"""Picture files and their bytes: imageio decodes and encodes, Pillow reads a header before any pixel."""

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

MOST_BYTES = 100_000_000  # of a file
MOST_PIXELS = 50_000_000  # of a picture; a telephone's have 12 to 48 million

UPRIGHT: dict[int, Callable] = {  # EXIF: how the camera was held -> what sets the array upright
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, 3),
    7: lambda a: np.rot90(a, 2).swapaxes(0, 1),
    8: np.rot90,
}


def read_rgb(path: Path) -> np.ndarray:
    """The picture in a file as (H, W, 3) uint8, upright; errors as those of `pictures.imread`."""
    data = _bytes(path)
    header = _header(path, data)
    try:
        return np.ascontiguousarray(UPRIGHT.get(header.getexif().get(0x0112), np.asarray)(_rgb(data, header)))
    except Exception as error:  # on damaged bytes Pillow raises nearly every exception there is
        raise ValueError(f"{path} is damaged: {_line(error)}. Download or copy it again.") from None


def encode(picture: np.ndarray | list[np.ndarray], suffix: str, **options: Any) -> bytes:
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
        grey = _decode(data, None)
        return np.repeat(np.rint(grey / 257).astype(np.uint8)[..., None], 3, axis=-1)
    if not header.has_transparency_data:
        return _decode(data, "RGB")
    colours = _decode(data, "RGBA").astype(np.float32)
    opaque = colours[..., 3:] / 255
    return np.rint(colours[..., :3] * opaque + 255 * (1 - opaque)).astype(np.uint8)


def _decode(data, mode):
    return iio.imread(data, plugin="pillow", index=0, mode=mode)


def _line(error):
    return " ".join(str(error).split()) or type(error).__name__
