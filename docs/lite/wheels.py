"""The wheels of the browser's Python: fetched, or named by their official address.

    python docs/lite/wheels.py          # fetch those that no package index has, too: then nothing is foreign

What is pure Python comes from the package index. Compiled for the browser, Pyodide's own are at its official
address alone; the lock file that Pyodide ships tells the sha256 of each.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from urllib.request import urlopen

from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / ".cache" / "pyodide" / "package"  # Pyodide itself, as npm has it
WHEELS = ROOT / ".cache" / "lite" / "wheels"
NEEDED = ("numpy", "matplotlib", "pillow", "imageio", "ipython", "jedi", "micropip")
# What the kernel asks for and Pyodide does not list; and the one compiled package that the index has as well.
UNLISTED = ("comm==0.2.3", "contourpy==1.4.0")
WASM = ("--platform", "pyemscripten_2026_0_wasm32", "--python-version", "3.14", "--abi", "cp314")
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


def main() -> None:
    """Fetch what only Pyodide's own address has, each checked by its sha256."""
    WHEELS.mkdir(parents=True, exist_ok=True)
    for package in closure(NEEDED):
        if is_compiled(package) and not fetched(package):
            with urlopen(address(package)) as answer:
                data = answer.read()
            if hashlib.sha256(data).hexdigest() != package["sha256"]:
                sys.exit(f"{address(package)} is not what Pyodide's lock file tells")
            (WHEELS / package["file_name"]).write_bytes(data)
            print(f"fetched {package['file_name']}")


def lock() -> dict:
    """Pyodide's lock file."""
    return json.loads((CORE / "pyodide-lock.json").read_text())


def closure(names: Iterable[str]) -> list[dict]:
    """The entries of Pyodide's lock file for packages and all that they need."""
    packages, found, waiting = lock()["packages"], {}, list(names)
    while waiting:
        name = plain(waiting.pop())
        if name not in found:
            found[name] = packages[name]
            waiting += packages[name]["depends"]
    return [found[name] for name in sorted(found)]


def plain(name: str) -> str:
    """The name by which an entry is found."""
    return name.lower().replace("_", "-")


def is_compiled(package: dict) -> bool:
    """Whether a package is built for the browser's machine."""
    return not package["file_name"].endswith("-none-any.whl")


def address(package: dict) -> str:
    """Where Pyodide itself offers a wheel."""
    return f"{PYODIDE_CDN_URL}/{package['file_name']}"


def fetched(package: dict) -> Path | None:
    """The wheel of a package that is on this machine, if it is."""
    name = package["name"].replace("-", "_").lower()
    return next((path for path in WHEELS.glob("*.whl") if path.name.lower().split("-")[0] == name), None)


def gather() -> None:
    """Fetch from the package index what it has, and make the wheels of this very checkout."""
    WHEELS.mkdir(parents=True, exist_ok=True)
    missing = [package for package in closure(NEEDED) if not is_compiled(package) and not fetched(package)]
    wanted = [f"{package['name']}=={package['version']}" for package in missing]
    wanted += [one for one in UNLISTED if not [*WHEELS.glob(f"{one.replace('==', '-')}-*.whl")]]
    download = (*PIP, "download", "--no-deps", "--only-binary=:all:", "--dest", WHEELS, *WASM)
    if wanted:
        subprocess.run([*download, *wanted], check=True)
    with tempfile.TemporaryDirectory() as copy:  # a build leaves folders behind
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, copy)
        for name in ("cs231nlib", "course/release", "course/lab_config", "grader"):
            shutil.copytree(
                ROOT / name, Path(copy, name), ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
            )
        subprocess.run(
            [*PIP, "wheel", "--no-deps", "--wheel-dir", WHEELS, copy, f"{copy}/grader"], check=True
        )


if __name__ == "__main__":
    main()
