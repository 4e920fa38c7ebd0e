"""Pictures that move under the reader's hand: `scrub` needs no server, `slider` uses one when it is there."""

import base64
import html
import io
import itertools
import json
import sys
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from cs231nlib import look

MOST_FRAMES, MOST_BYTES, STEPS = 64, 3_000_000, 21

# The handler finds its own <figure>, so any number of them share a page without ids.
SHOW = """
const box = this.closest('figure'), words = JSON.parse(this.dataset.words)[this.value];
const place = [...box.querySelectorAll('input')].reduce((n, e) => n * (+e.max + 1) + +e.value, 0);
[...box.querySelectorAll('[data-frame]')].forEach((e, i) => e.style.display = i === place ? '' : 'none');
this.setAttribute('aria-valuetext', words);
this.nextElementSibling.textContent = words;
"""
# The attribute on the <figure> keeps JupyterLab's shortcuts from taking the arrow keys.
PAGE = """<figure class="scrub" data-lm-suppress-shortcuts="true" style="margin:0;max-width:{width}px">
{frames}
{controls}
</figure>"""
FRAME = '<div data-frame="{place}" style="{hidden}">{picture}</div>'
CONTROL = """<label style="display:flex;gap:.8em;align-items:center;padding:.3em 0;font-family:sans-serif">
<span>{name}</span><input type="range" min="0" max="{last}" value="{value}" step="1" data-words="{words}"
 aria-label="{name}" aria-valuetext="{word}" oninput="{show}" style="flex:1;accent-color:{colour}">
<output style="min-width:5em">{word}</output></label>"""


@dataclass(frozen=True)
class Scrub:
    """A finished page fragment, shown by any notebook; `html` is the fragment itself."""

    html: str
    frames: int

    def _repr_html_(self):
        return self.html

    def __repr__(self):
        return f"<Scrub of {self.frames} frames, {len(self.html) // 1000} kB>"


def scrub(frames, labels=None, name="step", start=0):
    """A slider over ready-made pictures, in plain HTML: works offline, in JupyterLab and in exported pages.

    frames: at most 64 figures, images (H, W) or (H, W, 3) uint8, or strings of HTML or SVG, which go into
    the page as they are. labels: a text for each frame (default 1, 2, ...). name: what the slider changes.
    start: index of the frame shown first. ValueError for no frames, too many, or more than 3 MB of them.
    """
    frames = list(frames)
    words = [str(label) for label in (range(1, len(frames) + 1) if labels is None else labels)]
    if len(words) != len(frames):
        raise ValueError(f"{len(frames)} frames need {len(frames)} labels; there are {len(words)}")
    return _page(frames, {name: words}, [range(len(frames))[start]] if frames else [0])


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
    frames = [fn(**dict(zip(choices, point, strict=True))) for point in points]
    words = {name: [f"{value:.4g}" for value in values] for name, values in choices.items()}
    return _page(frames, words, [len(values) // 2 for values in words.values()])


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

    def control(name, values):
        options = [(f"{value:.4g}", value) for value in values]
        middle = values[len(values) // 2]
        return ipywidgets.SelectionSlider(options=options, value=middle, description=name)

    return ipywidgets.interactive(fn, **{name: control(name, values) for name, values in choices.items()})


def _page(frames, words, start):
    """words: name of each slider -> its labels; the last slider runs fastest over the frames."""
    if not 0 < len(frames) <= MOST_FRAMES:
        raise ValueError(f"{len(frames)} frames; a scrubber takes 1 to {MOST_FRAMES}: draw every second one")
    first = np.ravel_multi_index(start, [len(labels) for labels in words.values()])
    shown = [
        FRAME.format(place=i, hidden="" if i == first else "display:none", picture=_picture(frame))
        for i, frame in enumerate(frames)
    ]
    controls = [_control(name, labels, at) for (name, labels), at in zip(words.items(), start, strict=True)]
    page = PAGE.format(width=round(look.WIDTH * 100), frames="\n".join(shown), controls="\n".join(controls))
    if len(page) > MOST_BYTES:
        raise ValueError(
            f"the frames take {len(page):,} bytes, more than {MOST_BYTES:,}: draw fewer or smaller ones"
        )
    return Scrub(page, len(frames))


def _control(name, labels, at):
    quoted = {"name": name, "words": json.dumps(labels), "word": labels[at], "show": SHOW}
    quoted = {key: html.escape(text) for key, text in quoted.items()}
    return CONTROL.format(**quoted, last=len(labels) - 1, value=at, colour=look.BLUE)


def _picture(frame):
    if isinstance(frame, str):
        return frame
    if isinstance(frame, Figure):
        plt.close(frame)  # or pyplot would show it a second time below the cell
        drawn = Image.open(io.BytesIO(look.png(frame, dpi=150))).convert("RGB")
        image, style = drawn.quantize(128, dither=Image.Dither.NONE), "width:100%"
    else:
        image = Image.fromarray(np.asarray(frame, np.uint8))
        style = f"width:{max(320, image.width)}px;max-width:100%;image-rendering:pixelated"
    out = io.BytesIO()
    image.save(out, format="PNG", optimize=True)
    data = base64.b64encode(out.getvalue()).decode()
    return f'<img alt="" style="display:block;{style}" src="data:image/png;base64,{data}">'
