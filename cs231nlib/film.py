"""Films of something that learns: pictures one after the other, in an animated GIF."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look
from cs231nlib.alt_text import UNDESCRIBED
from cs231nlib.picture_files import encode
from cs231nlib.pictures import pixels

MOST_FRAMES, MOST_PIXELS = 300, 100_000_000
NARROW = 320  # pixels; smaller pictures are enlarged, each pixel to a square
REST = 1500  # milliseconds that the last frame stays before the film starts again


@dataclass(frozen=True)
class Film:
    """A film in its file. A notebook plays it when it is the last value of a cell."""

    path: Path
    frames: int
    alt: str

    def _repr_html_(self):
        data = base64.b64encode(self.path.read_bytes()).decode()
        return (
            f'<img alt="{html.escape(self.alt)}" style="max-width:100%" src="data:image/gif;base64,{data}">'
        )


def film(frames: Iterable, path: str | Path, fps: float = 8, alt: str = "") -> Film:
    """Write pictures to an animated GIF that plays for ever, resting on the last one. Returns the Film.

    frames: 2 to 300 figures, or arrays (H, W, 3) or (H, W) uint8, all of one size. path: ends in .gif. fps:
    frames a second, 1 to 50. alt: what the film shows, for those who cannot see it. ValueError for anything
    else, and for over 100 million pixels in all.
    """
    path, frames = Path(path), list(frames)
    if path.suffix.lower() != ".gif":
        raise ValueError(f"{path} does not end in .gif: film writes nothing else.")
    if not 2 <= len(frames) <= MOST_FRAMES:
        raise ValueError(f"{len(frames)} frames; a film takes 2 to {MOST_FRAMES}.")
    if not 1 <= fps <= 50:
        raise ValueError(f"{fps} frames a second; browsers play 1 to 50.")
    shots = _shots(frames)
    times = [round(1000 / fps)] * (len(shots) - 1) + [max(REST, round(1000 / fps))]
    path.write_bytes(encode(shots, ".gif", duration=times, loop=0))
    return Film(path, len(shots), alt or UNDESCRIBED)


def _shots(frames):
    shots = []
    for i, frame in enumerate(frames, 1):
        shots.append(_shot(frame))
        if shots[-1].shape != shots[0].shape:
            raise ValueError(f"Frame {i} has shape {shots[-1].shape}, the first one {shots[0].shape}.")
        if shots[0][..., 0].size * len(frames) > MOST_PIXELS:
            raise ValueError(
                f"The frames have over {MOST_PIXELS:,} pixels in all: draw fewer or smaller ones."
            )
    return shots


def _shot(frame):
    """A frame as (H, W, 3) uint8."""
    if isinstance(frame, Figure):
        plt.close(frame)
        return np.asarray(look.image(frame, dpi=100))
    frame = pixels(frame)
    frame = np.stack([frame] * 3, axis=-1) if frame.ndim == 2 else frame
    times = max(1, NARROW // frame.shape[1])
    return frame.repeat(times, axis=0).repeat(times, axis=1)
