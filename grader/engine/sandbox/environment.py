"""The environment of the warm process: all that student code can ever read of one."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import sys
from pathlib import Path

from grader import shared_data, workspace
from grader.answer_key import Surroundings

# All that student code can ever read of an environment, in os.environ and in /proc/self/environ.
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/nonexistent",
    "USER": "student",
    "LANG": "C.UTF-8",
    "NBGRADER_EXECUTION": "autograde",  # as nbgrader tells a notebook that it is graded
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
INHERITED = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LD_LIBRARY_PATH", "TMPDIR")


def environment(surroundings: Surroundings) -> dict[str, str]:
    """Of student processes: `python` and the programs that packages bring are those of the interpreter."""
    own = ENVIRONMENT | {name: os.environ[name] for name in INHERITED if name in os.environ}
    own["PATH"] = f"{Path(surroundings.python or sys.executable).parent}{os.pathsep}{own['PATH']}"
    if surroundings.python:  # another environment, which need not hold the grader
        own["PYTHONPATH"] = str(_engine_alone())
    return own | shared_data.environment(surroundings.data)


@functools.cache
def _engine_alone() -> Path:
    """A folder that holds this package and nothing else of our environment, as long as this process lives."""
    folder, _held = workspace.make()
    Path(folder, "grader").symlink_to(Path(__file__).parents[2])
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
