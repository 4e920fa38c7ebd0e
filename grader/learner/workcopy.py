"""A student's working copy of the release: made once, never overwritten, new releases offered beside."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from grader.learner.start_page import write_start_page
from grader.learner.try_log import WORKING_COPY


def refresh(release: Path, work: Path) -> list[str]:
    """Bring `work` up to date with `release`; return a line for each new or newly offered file.

    A file that the student never touched follows the release. One that the student changed stays as it
    is; when the release has moved on, the new one is put beside it as `NAME.new.ipynb`.
    """
    work.mkdir(parents=True, exist_ok=True)
    record = _read_record(work)
    lines = []
    for source in sorted(path for path in release.rglob("*") if path.is_file()):
        name = source.relative_to(release).as_posix()
        lines += _refresh_file(source, work / name, record.get(name))
        record[name] = _digest(source)
    (work / WORKING_COPY).write_text(json.dumps(record, indent=1, sort_keys=True))
    return lines


def _refresh_file(source: Path, copy: Path, released: str | None) -> list[str]:
    new = _digest(source)
    if not copy.exists():
        return [_copy(source, copy, "copied")]
    if new in (released, _digest(copy)):
        return []
    if _digest(copy) == released:
        return [_copy(source, copy, "updated")]
    return [_copy(source, copy.with_suffix(f".new{copy.suffix}"), "a new release is beside your work:")]


def _copy(source: Path, copy: Path, verb: str) -> str:
    copy.parent.mkdir(parents=True, exist_ok=True)
    part = copy.with_name(copy.name + ".part")
    shutil.copyfile(source, part)
    os.replace(part, copy)
    return f"{verb} {copy}"


def _read_record(work: Path) -> dict[str, str]:
    try:
        return json.loads((work / WORKING_COPY).read_text())
    except (OSError, ValueError):
        return {}


def _digest(path: Path) -> str:
    data = path.read_bytes()
    return hashlib.sha256(_content(data) if path.suffix == ".ipynb" else data).hexdigest()


def _content(data: bytes) -> bytes:
    """What of a notebook is written: to open it, or to run it, changes the rest of the file."""
    try:
        cells = json.loads(data)["cells"]
        parts = [[c["cell_type"], "".join(c["source"]), c["metadata"].get("nbgrader")] for c in cells]
    except (ValueError, LookupError, TypeError, AttributeError):
        return data
    return json.dumps(parts, sort_keys=True).encode()


def _opening(work: Path) -> list[str]:
    page = write_start_page(work)
    return [f"--LabApp.default_url=/lab/tree/{page.name}"] if page else []


def open_lab(config: Path, work: Path, *, port: int, browser: bool) -> int:
    """Run JupyterLab on `work` until it ends; its exit code. `config`: a folder of Jupyter settings."""
    environment, command = lab_command(config, work, port=port, browser=browser)
    os.chdir(work)  # where its terminals begin
    if os.name == "nt":  # there, exec would return to the prompt at once
        return subprocess.run(command, env=environment).returncode
    os.execvpe(command[0], command, environment)


def lab_command(config: Path, work: Path, *, port: int, browser: bool) -> tuple[dict, list[str]]:
    """Environment and command of a JupyterLab with Validate but without the instructor's panels."""
    command = [sys.executable, "-P", "-m", "jupyterlab", f"--ServerApp.root_dir={work.resolve()}"]
    command += [f"--ServerApp.port={port}", "--LabApp.news_url=", *_opening(work)]
    command += [] if browser else ["--no-browser"]
    root = hasattr(os, "geteuid") and os.geteuid() == 0  # the usual case in a container
    command += ["--allow-root"] if root else []
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))  # of its terminals
    return os.environ | {"JUPYTER_CONFIG_PATH": str(config.resolve()), "PATH": path}, command
