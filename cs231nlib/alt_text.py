"""What a picture says to those who do not see it: the alt text of a figure, the `<img>` that carries it."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable

from matplotlib.figure import Figure

from cs231nlib.session import find_shell

UNDESCRIBED = "Picture without a description"


def alt_of(fig: Figure, default: str = "") -> str:
    """The alt text of a figure: its own `fig.alt`, else `default`, else its titles and axis labels."""
    return " ".join((getattr(fig, "alt", "") or default or _lettering(fig)).split())


def img(data: bytes, alt: str, style: str = "") -> str:
    """An HTML `<img>` that holds the PNG bytes `data` and tells screen readers `alt`."""
    source = base64.b64encode(data).decode()
    return (
        f'<img alt="{html.escape(alt)}" style="display:block;{style}" src="data:image/png;base64,{source}">'
    )


def as_html(fig: Figure) -> str | None:
    """HTML of a figure of pyplot: the PNG that the notebook would show anyway, with its alt text."""
    if (shell := find_shell()) is None:
        return None
    picture = shell.display_formatter.formatters["image/png"](fig)
    picture = base64.b64decode(picture) if isinstance(picture, str) else picture
    return None if picture is None else img(picture, alt_of(fig), "max-width:100%")


def course(values: Iterable[float]) -> str:
    """How a series of numbers goes, in words: its first and last, and its extremes where they lie between."""
    values = [float(value) for value in values]
    words = f"from {values[0]:.3g} to {values[-1]:.3g}"
    for extreme, name in ((min(values), "lowest"), (max(values), "highest")):
        words += f", {name} {extreme:.3g}" if extreme not in (values[0], values[-1]) else ""
    return words


def _lettering(fig):
    """For a figure that nobody described: it says so, and reads out what is lettered in it."""
    words = [fig.get_suptitle()]
    for ax in fig.axes:
        words += [ax.get_title(), ax.get_xlabel(), ax.get_ylabel()]
    return "; ".join([UNDESCRIBED, *(word for word in words if word.strip())])
