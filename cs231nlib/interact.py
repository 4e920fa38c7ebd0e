"""Pictures that move under the reader's hand, in plain HTML: no server, no kernel, the same the next day."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from cs231nlib.scrubber import MOST_FRAMES, Scrubber

STEPS = 21  # of a slider between two floats


def scrub(
    frames: Sequence,
    labels: Sequence | None = None,
    name: str = "step",
    start: int = 0,
    alt: str = "",
    captions: Sequence[str] | None = None,
) -> Scrubber:
    """A slider below ready-made pictures: works offline, in JupyterLab, in exported pages, by keyboard.

    frames: at most 64 figures, images (H, W) or (H, W, 3) uint8, or strings of HTML or SVG, which go into
    the page as they are. labels: a text for each frame (default 1, 2, ...). name: what the slider changes.
    start: index of the frame shown first. alt: what the pictures show, for those who cannot see them; a
    frame with an alt text of its own (`look.figure(..., alt=...)`) keeps it, the others get `alt` with name
    and label behind it. captions: a line of text for each frame, shown below the picture and spoken by screen
    readers when it changes. ValueError for no frames, too many, or another number of labels or captions.
    """
    frames = list(frames)
    for frame in frames:
        if isinstance(frame, Figure):
            plt.close(frame)  # or pyplot would show it a second time below the cell
    words = [str(label) for label in (range(1, len(frames) + 1) if labels is None else labels)]
    captions = tuple(str(caption) for caption in captions or ())
    for lines, kind in ((words, "labels"), (captions, "captions")):
        if len(lines) != len(frames) and (lines or kind == "labels"):
            raise ValueError(f"{len(frames)} frames need {len(frames)} {kind}; there are {len(lines)}")
    draw = tuple(partial(_same, frame) for frame in frames)
    return Scrubber(draw, {name: words}, (start % max(1, len(frames)),), alt, captions)


def slider(fn: Callable, alt: str = "", start: Mapping[str, Any] | None = None, **ranges: Any) -> Scrubber:
    """Call `fn` with each value that sliders can take, and scrub through what it returns.

    fn: returns anything that `scrub` takes. ranges: for each argument of fn a list of values, or (low, high),
    or (low, high, step). start: argument -> the value it opens at, or the one nearest to it (default: the
    middle one). alt: as in `scrub`. All frames are drawn when the cell shows them, so a saved notebook moves
    without a kernel. Above 64 frames the longest ranges are thinned out; ends and start stay.
    """
    choices = {name: _choices(given) for name, given in ranges.items()}
    opening = {name: _nearest(values, (start or {}).get(name)) for name, values in choices.items()}
    choices = _thinned(choices, opening)
    points = itertools.product(*choices.values())
    draw = tuple(partial(fn, **dict(zip(choices, point, strict=True))) for point in points)
    words = {name: [_word(value) for value in values] for name, values in choices.items()}
    at = tuple(values.index(opening[name]) for name, values in choices.items())
    return Scrubber(draw, words, at, alt)


def _same(frame):
    return frame


def _word(value):
    """A minus, not a hyphen, which screen readers pass over."""
    return f"{value:.4g}".replace("-", "−") if isinstance(value, int | float) else str(value)


def _choices(given):
    if isinstance(given, list):
        return given
    low, high, *step = given
    if not step and isinstance(low, int) and isinstance(high, int):
        step = [1]
    count = round((high - low) / step[0]) + 1 if step else STEPS
    return [low + i * (high - low) / (count - 1) if not step else low + i * step[0] for i in range(count)]


def _nearest(values, wanted):
    if wanted is None:
        return values[len(values) // 2]
    if wanted in values:
        return wanted
    return min(values, key=lambda value: abs(value - wanted))


def _thinned(choices, opening):
    """The choices, the longest one shortened until all combinations are few enough to draw."""
    counts = {name: len(values) for name, values in choices.items()}
    while math.prod(counts.values()) > MOST_FRAMES:
        longest = max(counts, key=counts.__getitem__)
        counts[longest] -= 1
    return {name: _some(values, counts[name], opening[name]) for name, values in choices.items()}


def _some(values, count, kept):
    """`count` of the values in even steps, both ends and `kept` among them."""
    places = [round(i) for i in np.linspace(0, len(values) - 1, count)]
    must = values.index(kept)
    if must not in places:
        places[min(range(1, count - 1), key=lambda i: abs(places[i] - must), default=0)] = must
    return [values[place] for place in places]
