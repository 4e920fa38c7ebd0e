"""Loaded into a worker of Dask (`--preload`): it breaks down at one submission, or is of another version.

The first worker that meets the text $POISON falls silent as a whole, the next ones are killed.
"""

import os
import signal
from pathlib import Path

from grader.grading import environment, station_pool

POISON = os.environ["POISON"].encode()
grade = station_pool.grade


def break_down(token, request, seconds):
    if POISON not in request:
        return grade(token, request, seconds)
    try:
        Path(os.environ["FALLEN_SILENT"]).touch(exist_ok=False)
    except FileExistsError:
        os.kill(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGSTOP)


station_pool.grade = break_down
if "OTHER_NUMPY" in os.environ:
    environment.versions = lambda real=environment.versions: real() | {"numpy": os.environ["OTHER_NUMPY"]}
