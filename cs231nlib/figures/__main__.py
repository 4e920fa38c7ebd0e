"""python -m cs231nlib.figures DIRECTORY: draw every asset of the course as PNG (for print) and SVG."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from matplotlib.figure import Figure

from cs231nlib import figures, look


def drawings() -> Iterator[tuple[str, Figure]]:
    """Name of the asset -> its Figure, one after the other."""
    for name in figures.__all__:
        yield name.removeprefix("fig_"), getattr(figures, name)()


def save(directory: str | Path) -> None:
    """Write NAME.png (200 dots an inch) and NAME.svg for each asset into `directory`."""
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    for name, fig in drawings():
        (directory / f"{name}.png").write_bytes(look.png(fig, dpi=200))
        (directory / f"{name}.svg").write_bytes(look.svg(fig))


if __name__ == "__main__":
    save(sys.argv[1] if len(sys.argv) > 1 else "assets")
