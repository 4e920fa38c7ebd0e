"""`cs231n-course lab`: the notebooks of the course, opened in JupyterLab, with nothing to clone."""

from __future__ import annotations

import argparse
from pathlib import Path

from grader.learner.workcopy import open_lab, refresh


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    chosen = _parser().parse_args(arguments)
    for line in refresh(place_of("release"), chosen.work_dir):
        print(line)
    return open_lab(place_of("lab_config"), chosen.work_dir, port=chosen.port, browser=not chosen.no_browser)


def place_of(name: str) -> Path:
    """The folder "release" (notebooks as students get them) or "lab_config" (Validate, no instructor's
    panels): in an installed package, or in a checkout."""
    installed = Path(__file__).parent / name
    return installed if installed.is_dir() else Path(__file__).parents[1] / "course" / name


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cs231n-course", description=__doc__)
    lab = parser.add_subparsers(required=True, metavar="lab").add_parser(
        "lab", help="open the notebooks; what you wrote is never overwritten"
    )
    lab.add_argument("--work-dir", type=Path, default=Path("cs231n"), help="your own copy (default: cs231n)")
    lab.add_argument("--port", type=int, default=8888)
    lab.add_argument("--no-browser", action="store_true")
    return parser
