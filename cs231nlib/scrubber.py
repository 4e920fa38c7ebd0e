"""The page fragment of a scrubber: frames on top of each other and sliders that choose among them."""

import base64
import html
import io
import json
import os
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from cs231nlib import look

MOST_FRAMES, MOST_BYTES = 64, 3_000_000

# The handler finds its own <figure>, so any number of them share a page without ids.
SHOW = """
const box = this.closest('figure'), words = JSON.parse(this.dataset.words)[this.value];
const place = [...box.querySelectorAll('input')].reduce((n, e) => n * (+e.max + 1) + +e.value, 0);
[...box.querySelectorAll('[data-frame]')].forEach((e, i) => e.style.display = i === place ? '' : 'none');
this.setAttribute('aria-valuetext', words);
this.nextElementSibling.textContent = words;
"""
# data-lm-suppress-shortcuts keeps JupyterLab from taking the arrow keys.
PAGE = """<figure class="scrub" style="margin:0;max-width:{width}px">
{frames}
{controls}
</figure>"""
FRAME = '<div data-frame="{place}" style="{hidden}">{picture}</div>'
CONTROL = """<label style="display:flex;gap:.8em;align-items:center;padding:.3em 0;font-family:sans-serif">
<span>{name}</span><input type="range" min="0" max="{last}" value="{value}" step="1" data-words="{words}"
 aria-label="{name}" aria-valuetext="{word}" oninput="{show}" data-lm-suppress-shortcuts="true"
 style="flex:1;accent-color:{colour}">
<output style="min-width:5em">{word}</output></label>"""


@dataclass(frozen=True)
class Scrub:
    """Frames and what their sliders say. It is drawn when a notebook shows it, or when its `html` is read.

    draw: one function per frame that returns it. words: name of each slider -> its labels; the last slider
    runs fastest over the frames. start: position of each slider.
    """

    draw: tuple
    words: dict
    start: tuple

    def __post_init__(self):
        if not 0 < len(self.draw) <= MOST_FRAMES:
            raise ValueError(f"{len(self.draw)} frames; a scrubber takes 1 to {MOST_FRAMES}: draw fewer")

    @property
    def html(self):
        """The page fragment; ValueError above 3 MB."""
        page = _page([picture(draw()) for draw in self.draw], self.words, self.start)
        if len(page) > MOST_BYTES:
            raise ValueError(
                f"the frames take {len(page):,} bytes, over {MOST_BYTES:,}: draw fewer or smaller ones"
            )
        return page

    def _repr_html_(self):
        if "NBGRADER_EXECUTION" in os.environ:  # nobody is there to move it
            return picture(self.draw[_first(self.words, self.start)]())
        return self.html

    def __repr__(self):
        return f"<Scrub of {len(self.draw)} frames>"


def _page(frames, words, start):
    first = _first(words, start)
    shown = [
        FRAME.format(place=i, hidden="" if i == first else "display:none", picture=frame)
        for i, frame in enumerate(frames)
    ]
    controls = [_control(name, labels, at) for (name, labels), at in zip(words.items(), start, strict=True)]
    width = round(look.WIDTH * 100)
    return PAGE.format(width=width, frames="\n".join(shown), controls="\n".join(controls))


def _first(words, start):
    return int(np.ravel_multi_index(start, [len(labels) for labels in words.values()]))


def _control(name, labels, at):
    quoted = {"name": name, "words": json.dumps(labels), "word": labels[at], "show": SHOW}
    quoted = {key: html.escape(text) for key, text in quoted.items()}
    return CONTROL.format(**quoted, last=len(labels) - 1, value=at, colour=look.BLUE)


def picture(frame):
    """HTML of one frame: a figure, an image array or HTML."""
    if isinstance(frame, str):
        return frame
    if isinstance(frame, Figure):
        plt.close(frame)
        image = look.image(frame, dpi=150).quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        style = f"width:{round(100 * frame.get_figwidth())}px;max-width:100%"
    elif frame is None:
        raise ValueError("a frame is a figure, an image or HTML; the function returned nothing")
    else:
        image = Image.fromarray(np.asarray(frame, np.uint8))
        style = f"width:{max(320, image.width)}px;max-width:100%;image-rendering:pixelated"
    out = io.BytesIO()
    image.save(out, format="PNG")
    data = base64.b64encode(out.getvalue()).decode()
    return f'<img alt="" style="display:block;{style}" src="data:image/png;base64,{data}">'
