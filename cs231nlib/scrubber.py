"""The page fragment of a scrubber: frames on top of each other and sliders that choose among them."""

from __future__ import annotations

import html
import json
import os
from dataclasses import dataclass

import numpy as np

from cs231nlib import look
from cs231nlib.frames import frame_of
from cs231nlib.stumbles import excuse, unwritten

MOST_FRAMES, MOST_BYTES = 64, 3_000_000

# The handler finds its own <figure>, so any number of them share a page without ids.
SHOW = """
const box = this.closest('figure'), words = JSON.parse(this.dataset.words)[this.value];
const place = [...box.querySelectorAll('input')].reduce((n, e) => n * (+e.max + 1) + +e.value, 0);
const caption = box.querySelector('figcaption');
[...box.querySelectorAll('[data-frame]')].forEach((e, i) => {
  e.style.display = i === place ? '' : 'none';
  if (i === place && caption) caption.textContent = e.dataset.caption;
});
this.setAttribute('aria-valuetext', words);
this.nextElementSibling.textContent = words;
"""
# data-lm-suppress-shortcuts keeps JupyterLab from taking the arrow keys.
PAGE = """<figure class="scrub" style="margin:0;max-width:{width}px">
{frames}
{caption}{controls}
</figure>"""
FRAME = '<div data-frame="{place}" data-caption="{caption}" style="{hidden}">{picture}</div>'
CAPTION = """<figcaption aria-live="polite" style="padding:.3em 0;text-align:center;min-height:1.4em">
{caption}</figcaption>
"""
CONTROL = """<label style="display:flex;gap:.8em;align-items:center;padding:.3em 0;font-family:sans-serif">
<span style="min-width:3em">{name}</span><input type="range" min="0" max="{last}" value="{value}" step="1"
 data-words="{words}" aria-label="{name}" aria-valuetext="{word}"
 oninput="{show}" data-lm-suppress-shortcuts="true" style="flex:1;min-width:0;accent-color:{colour}">
<output aria-live="off" style="min-width:5em">{word}</output></label>"""


@dataclass(frozen=True)
class Scrubber:
    """Frames and what their sliders say. It is drawn when a notebook shows it, or when its `html` is read.

    draw: one function per frame that returns it. words: name of each slider -> its labels; the last slider
    runs fastest over the frames. start: position of each slider. alt: what the frames show that have no alt
    text of their own. captions: a line of text for each frame, or none.
    """

    draw: tuple
    words: dict
    start: tuple
    alt: str = ""
    captions: tuple = ()

    def __post_init__(self) -> None:
        if not 0 < len(self.draw) <= MOST_FRAMES:
            raise ValueError(f"{len(self.draw)} frames; a scrubber takes 1 to {MOST_FRAMES}: draw fewer")

    @property
    def html(self) -> str:
        """The page fragment; ValueError above 3 MB."""
        page = self._page([self._frame(place) for place in range(len(self.draw))])
        if len(page) > MOST_BYTES:
            raise ValueError(
                f"the frames take {len(page):,} bytes, over {MOST_BYTES:,}: draw fewer or smaller ones"
            )
        return page

    def _repr_html_(self):
        try:
            if "NBGRADER_EXECUTION" in os.environ:  # nobody is there to move it
                return self._frame(self._first).html
            return self.html
        except NotImplementedError as error:  # which IPython takes for "nothing to show"
            return html.escape(unwritten(error))
        except Exception as error:
            if words := excuse(error):
                return f"<pre>{html.escape(words)}</pre>"
            raise

    def __repr__(self) -> str:
        return f"<Scrubber of {len(self.draw)} frames>"

    @property
    def _shape(self):
        return [len(labels) for labels in self.words.values()]

    @property
    def _first(self):
        return int(np.ravel_multi_index(self.start, self._shape))

    def _frame(self, place):
        at = np.unravel_index(place, self._shape)
        state = ", ".join(
            f"{name} {labels[i]}" for (name, labels), i in zip(self.words.items(), at, strict=True)
        )
        return frame_of(self.draw[place](), f"{self.alt}, {state}" if self.alt else "")

    def _page(self, frames):
        captions = [html.escape(text) for text in self.captions] or [""] * len(frames)
        shown = [
            FRAME.format(
                place=i,
                caption=captions[i],
                hidden="" if i == self._first else "display:none",
                picture=frame.html,
            )
            for i, frame in enumerate(frames)
        ]
        controls = [
            _control(name, labels, at)
            for (name, labels), at in zip(self.words.items(), self.start, strict=True)
        ]
        return PAGE.format(
            width=max(frame.width for frame in frames),
            frames="\n".join(shown),
            caption=CAPTION.format(caption=captions[self._first]) if self.captions else "",
            controls="\n".join(controls),
        )


def _control(name, labels, at):
    quoted = {"name": name, "words": json.dumps(labels), "word": labels[at], "show": SHOW}
    quoted = {key: html.escape(text) for key, text in quoted.items()}
    return CONTROL.format(**quoted, last=len(labels) - 1, value=at, colour=look.BLUE)
