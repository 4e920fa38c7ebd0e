"""One frame of a moving picture: from what a chapter draws to what stands on the page."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from cs231nlib import look
from cs231nlib.alt_text import UNDESCRIBED, alt_of, img


@dataclass(frozen=True)
class Frame:
    """HTML of a frame, and its width on the page in pixels."""

    html: str
    width: int


def frame_of(thing: Any, alt: str = "") -> Frame:
    """The Frame of a figure, an image (H, W) or (H, W, 3) uint8, or a string of HTML, which stays as it is.

    alt: what a figure without an alt text of its own, or an image, shows. ValueError for None.
    """
    if thing is None:
        raise ValueError("a frame is a figure, an image or HTML; the function returned nothing")
    if isinstance(thing, str):
        return Frame(thing, round(100 * look.WIDTH))
    if isinstance(thing, Figure):
        plt.close(thing)  # or pyplot would show it a second time below the cell
        width = round(100 * thing.get_figwidth())
        return _frame(look.light_png(thing, dpi=150), alt_of(thing, alt), width)
    image, out = Image.fromarray(np.asarray(thing, np.uint8)), io.BytesIO()
    image.save(out, format="PNG")
    return _frame(out.getvalue(), alt or UNDESCRIBED, max(320, image.width), "image-rendering:pixelated")


def _frame(data, alt, width, style=""):
    return Frame(img(data, alt, f"width:{width}px;max-width:100%;{style}"), width)
