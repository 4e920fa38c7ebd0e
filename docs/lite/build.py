"""The chapters in JupyterLite: a JupyterLab whose Python runs in the reader's own browser, with no server.

    python docs/lite/build.py FOLDER

writes a site that asks another machine for the wheels that Pyodide alone has, and after `wheels.py` for none.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION
from wheels import CORE, NEEDED, ROOT, WHEELS, address, closure, fetched, gather, lock, plain

from cs231nlib.progress import HEADER, LIBRARY

HERE = Path(__file__).parent
LITE = ROOT / ".cache" / "lite"
KNOWN = LITE / ".jupyterlite.doit.db"  # of an earlier build: what it says is done would not be done again
CORE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
# Whoever imports the name gets the package, and with it what it needs.
OURS = {
    "comm": {"imports": ["comm"], "depends": []},
    "nbgrader-judge": {"imports": ["grader"], "depends": []},
    "cs231n-course": {"imports": ["cs231nlib"], "depends": [*NEEDED[:4], "nbgrader-judge"]},
}


def main(folder: Path) -> None:
    """Build the site of a checkout into `folder`."""
    version = json.loads((CORE / "package.json").read_text())["version"]
    if version != PYODIDE_VERSION:
        sys.exit(f"{CORE} is Pyodide {version}, and the kernel wants {PYODIDE_VERSION}: see the Makefile")
    KNOWN.unlink(missing_ok=True)
    gather()
    lay_pyodide(LITE / "static" / "pyodide")
    lay_contents(LITE / "contents")
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("jupyter_lite_config.json", "jupyter-lite.json"):
        shutil.copy(HERE / name, LITE)
    kernel = Path(sys.prefix, "share", "jupyter", "labextensions", "@jupyterlite", "pyodide-kernel-extension")
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", LITE]
    command += ["--output-dir", folder.resolve(), f"--LiteBuildConfig.federated_extensions={kernel}"]
    subprocess.run(command, cwd=LITE, check=True, stdout=subprocess.DEVNULL)


def lay_pyodide(folder: Path) -> None:
    """Put Pyodide's core, its lock file made ours, and all wheels that are here into `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in CORE_FILES:
        shutil.copy(CORE / name, folder)
    listed = {plain(package["name"]): entry(package) for package in [*closure(NEEDED), *own()]}
    for package in listed.values():
        if "/" not in package["file_name"]:
            shutil.copy(WHEELS / package["file_name"], folder)
    (folder / "pyodide-lock.json").write_text(json.dumps({**lock(), "packages": listed}, indent=1))


def own() -> list[dict]:
    """Entries for what Pyodide does not know."""
    common = {"install_dir": "site", "package_type": "package", "unvendored_tests": False}
    return [{"name": name, **common, **more} for name, more in OURS.items()]


def entry(package: dict) -> dict:
    """An entry of the lock file: the wheel that is here, or the official address; each with its sha256."""
    wheel = fetched(package)
    if wheel is None:
        return {**package, "file_name": address(package)}
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return {**package, "version": wheel.name.split("-")[1], "file_name": wheel.name, "sha256": digest}


def lay_contents(folder: Path) -> None:
    """Put the notebooks as students get them into `folder`, and the library that they fill."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "course" / "release", folder)
    (folder / f"{LIBRARY}.py").write_text(HEADER)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
