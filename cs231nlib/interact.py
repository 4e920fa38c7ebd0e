"""Pictures that move under the reader's hand: `scrub` needs no server, `slider` uses one when it is there."""

import itertools
import sys
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from cs231nlib.scrubber import MOST_FRAMES, Scrub, picture

STEPS = 21  # of a slider between two floats


def scrub(frames, labels=None, name="step", start=0):
    """A slider over ready-made pictures, in plain HTML: works offline, in JupyterLab and in exported pages.

    frames: at most 64 figures, images (H, W) or (H, W, 3) uint8, or strings of HTML or SVG, which go into
    the page as they are. labels: a text for each frame (default 1, 2, ...). name: what the slider changes.
    start: index of the frame shown first. ValueError for no frames or too many.
    """
    frames = list(frames)
    for frame in frames:
        if isinstance(frame, Figure):
            plt.close(frame)  # or pyplot would show it a second time below the cell
    words = [str(label) for label in (range(1, len(frames) + 1) if labels is None else labels)]
    if len(words) != len(frames):
        raise ValueError(f"{len(frames)} frames need {len(frames)} labels; there are {len(words)}")
    return Scrub(
        tuple(partial(_same, frame) for frame in frames), {name: words}, (start % max(1, len(frames)),)
    )


def slider(fn, **ranges):
    """Call `fn` with the values of sliders and show what it returns (anything that `scrub` takes).

    ranges: for each argument of fn a list of values, or (low, high), or (low, high, step). With a notebook
    open before the kernel these are ipywidgets; otherwise the frames are drawn beforehand and scrubbed,
    with the values thinned out until there are at most 64 frames.
    """
    choices = {name: _choices(given) for name, given in ranges.items()}
    if _notebook_is_open():
        return _widgets(fn, choices)
    few = int(MOST_FRAMES ** (1 / len(choices)) + 1e-9)
    choices = {name: _thinned(values, few) for name, values in choices.items()}
    points = itertools.product(*choices.values())
    draw = tuple(partial(fn, **dict(zip(choices, point, strict=True))) for point in points)
    words = {name: [_word(value) for value in values] for name, values in choices.items()}
    return Scrub(draw, words, tuple(len(values) // 2 for values in words.values()))


def _same(frame):
    return frame


def _word(value):
    return f"{value:.4g}" if isinstance(value, int | float) else str(value)


def _choices(given):
    if isinstance(given, list):
        return given
    low, high, *step = given
    if not step and isinstance(low, int) and isinstance(high, int):
        step = [1]
    count = round((high - low) / step[0]) + 1 if step else STEPS
    return [low + i * (high - low) / (count - 1) if not step else low + i * step[0] for i in range(count)]


def _thinned(values, few):
    if len(values) <= few:
        return values
    return [values[round(i)] for i in np.linspace(0, len(values) - 1, few)]


def _notebook_is_open():
    """Whether a notebook page asked for this cell: only those name the cell they run."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    kernel = getattr(shell, "kernel", None)
    return kernel is not None and "cellId" in kernel.get_parent().get("metadata", {})


def _widgets(fn, choices):
    import ipywidgets  # belongs to the notebook, not needed without one
    from IPython.display import HTML, display

    def control(name, values):
        options = [(_word(value), value) for value in values]
        middle = values[len(values) // 2]
        return ipywidgets.SelectionSlider(options=options, value=middle, description=name)

    def show(**values):
        display(HTML(picture(fn(**values))))

    return ipywidgets.interactive(show, **{name: control(name, values) for name, values in choices.items()})
