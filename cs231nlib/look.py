"""How every picture of the course looks: one palette, one font, one meaning for each colour.

The palette is the one of Okabe and Ito ("Color Universal Design", 2008), which stays readable with every
common form of colour blindness. Green and blue mean *forward* (values), vermillion means *backward*
(gradients), in all chapters.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib.style
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from cs231nlib.alt_text import alt_of, as_html, img

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILLION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"

FORWARD, BACKWARD = GREEN, VERMILLION
INK, PENCIL, LINE, PAPER = "#1F2933", "#5F6C7B", "#A7B1BC", "#F5F7F9"
CLASSES = (BLUE, ORANGE, GREEN, PURPLE, SKY, BLACK)  # not vermillion: that is for gradients
MARKERS = ("o", "^", "s", "D", "v", "P")

WIDTH = 7.0  # inches: with 100 dots an inch, the 700 pixels of a notebook's text column

RC = {
    "figure.figsize": (WIDTH, 4.0),
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "font.family": ["DejaVu Sans"],
    "mathtext.fontset": "dejavusans",
    "font.size": 11,
    "text.color": INK,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.labelsize": 11,
    "axes.labelcolor": INK,
    "axes.edgecolor": LINE,
    "axes.linewidth": 1.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=CLASSES),
    "grid.color": "#E3E8ED",
    "xtick.color": PENCIL,
    "ytick.color": PENCIL,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.frameon": False,
    "legend.fontsize": 10,
    "lines.linewidth": 2.2,
    "lines.solid_capstyle": "round",
    "image.cmap": "cividis",
    "svg.hashsalt": "cs231n",
    "path.sketch": None,
}


class Drawing(Figure):
    """A figure that shows itself in any notebook, sharp also in print, without pyplot's global state.

    alt: what the picture shows, in a sentence or two, for those who cannot see it. It goes to the page as
    HTML, because JupyterLab and Notebook give no alt text to a bare PNG.
    """

    alt = ""

    def _repr_mimebundle_(self, include=None, exclude=None):
        width, alt, picture = round(self.get_figwidth() * 100), alt_of(self), _sharp_png(self)
        bundle = {
            "text/html": img(picture, alt, f"width:{width}px;max-width:100%"),
            "image/png": picture,
            "text/plain": f"<Drawing {width} px wide: {alt}>",
        }
        return bundle, {"image/png": {"width": width, "alt": alt}}


@contextmanager
def style() -> Iterator[None]:
    """Context manager and decorator: the course's rcParams inside, the reader's own ones after it."""
    with matplotlib.style.context(["default", RC]):
        yield


def use() -> None:
    """Give all later plots of this session the look of the course, and those of pyplot an alt text, too."""
    matplotlib.style.use(["default", RC])
    # where IPython asks; a formatter of its own would be dropped by `%matplotlib`
    setattr(Figure, "_repr_html_", as_html)  # noqa: B010


def figure(width: float = WIDTH, height: float = 4.0, alt: str = "") -> Drawing:
    """An empty Drawing of `width` x `height` inches with its alt text; call it inside `style()`."""
    return _drawing(width, height, alt, layout="constrained")


def canvas(width: float, height: float, units: float, alt: str = "") -> tuple[Drawing, Axes]:
    """A Drawing whose only Axes, without frame, spans x = 0..units with equal scales. Returns (fig, ax)."""
    fig = _drawing(width, height, alt)
    ax = fig.add_axes((0, 0, 1, 1), frameon=False, xticks=[], yticks=[])
    ax.set(xlim=(0, units), ylim=(0, units * height / width))
    return fig, ax


def _drawing(width, height, alt, layout=None):
    fig = Drawing(figsize=(width, height), layout=layout)
    FigureCanvasAgg(fig)
    fig.alt = alt
    return fig


def png(fig: Figure, dpi: float = 100) -> bytes:
    """PNG bytes of a figure, the same bytes for the same picture (no date, no version inside)."""
    out = io.BytesIO()
    _drawn(fig, dpi).save(out, format="PNG", compress_level=6, dpi=(dpi, dpi))
    return out.getvalue()


def light_png(fig: Figure, dpi: float = 100) -> bytes:
    """PNG bytes of a figure in 256 colours: a third of the size, and noisy photographs lose a little."""
    out = io.BytesIO()
    few = image(fig, dpi).quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(out, format="PNG")
    return out.getvalue()


def image(fig: Figure, dpi: float = 100) -> Image.Image:
    """The figure as a PIL image, RGB."""
    return _drawn(fig, dpi).convert("RGB")


def _drawn(fig, dpi):
    """As `savefig` would, which draws twice where the layout is found while drawing."""
    before, canvas = fig.dpi, fig.canvas
    try:
        with style():
            fig.dpi = dpi
            FigureCanvasAgg(fig).draw()
            return Image.fromarray(np.asarray(fig.canvas.buffer_rgba()))
    finally:
        fig.set_canvas(canvas)
        fig.dpi = before


def _sharp_png(fig):
    """For print, too; photographs keep all their colours."""
    return png(fig, dpi=200) if any(ax.images for ax in fig.axes) else light_png(fig, dpi=200)


def svg(fig: Figure) -> bytes:
    """SVG bytes of a figure, the same bytes for the same picture."""
    out = io.BytesIO()
    with style():
        fig.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()
