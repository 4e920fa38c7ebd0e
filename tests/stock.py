"""Stock nbgrader's own commands, in a course directory."""

import os
import subprocess
import sys
from pathlib import Path

WITHOUT = Path(__file__).parent / "without"  # hides what takes half of nbgrader's start and is not used here


def nbgrader(course: Path, *command: str, python: str = sys.executable) -> str:
    """What the command says; it must say by its exit code that all went well."""
    path = f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(WITHOUT)}
    run = [python, "-m", "nbgrader", *command]
    done = subprocess.run(run, cwd=course, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stderr
