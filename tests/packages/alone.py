"""Each notebook by itself, as on Colab: in an empty folder, from its set-up cell to its end.

    python tests/packages/alone.py [NAME ...]

It makes an environment that knows nothing of the course and has what such places have: Jupyter's kernel,
NumPy, Matplotlib, Pillow. The set-up cell must fetch the rest, from wheels made of this checkout. It takes
minutes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
RELEASE = ROOT / "course" / "release"
THERE = ("ipykernel", "nbclient", "numpy", "matplotlib", "pillow")
FETCHED = ("cs231n-course", "nbgrader-judge", "imageio")
RUN = """
import sys, nbformat
from nbclient import NotebookClient
nb = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(nb, timeout=600, kernel_name="python3").execute()
nbformat.write(nb, sys.argv[1])
"""


def main(names: list[str]) -> int:
    """Say of each notebook whether it ran; 1 if one did not."""
    with tempfile.TemporaryDirectory() as folder:
        here, failed = Path(folder), 0
        wheels, python = make_wheels(here / "wheels"), make_environment(here / "env")
        for name in names or sorted(path.stem for path in RELEASE.glob("*/*.ipynb")):
            trouble = run_alone(here / name, name, wheels, python)
            failed += bool(trouble)
            print(name, trouble or "ran alone", flush=True)
    return int(bool(failed))


def make_wheels(folder: Path) -> Path:
    """Wheels of both distributions, and of what the set-up cell fetches beside them."""
    sys.path.insert(0, str(ROOT / "tests"))
    from test_wheels import make_wheels as make

    make(folder.parent / "source", folder)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, FETCHED[-1]]
    subprocess.run(command, check=True)
    return folder


def make_environment(folder: Path) -> Path:
    """An environment with what is there already; its Python."""
    venv.create(folder, with_pip=True)
    subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", *THERE], check=True)
    return folder / "bin" / "python"


def run_alone(empty: Path, name: str, wheels: Path, python: Path) -> str:
    """Run a notebook in an empty folder; "" if it came to its end, else what stopped it."""
    subprocess.run([python, "-m", "pip", "uninstall", "--quiet", "--yes", *FETCHED], check=True)
    empty.mkdir()
    nb = nbformat.read(RELEASE / name / f"{name}.ipynb", as_version=4)
    nbformat.write(nb, empty / f"{name}.ipynb")
    offline = os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PYTHONPATH": ""}
    done = subprocess.run(
        [python, "-P", "-c", RUN, f"{name}.ipynb"], cwd=empty, env=offline, capture_output=True, text=True
    )
    return done.stderr[-1500:] if done.returncode else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
