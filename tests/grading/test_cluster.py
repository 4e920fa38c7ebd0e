"""Grading at real workers of Dask, with TLS: the same marks, whatever breaks down."""

import os
import pickle
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from dask.config import set as dask_config
from small_course import ASSIGNMENT, GOOD, submit, write_class

from grader.course.directory import open_course
from grader.course.key import load_key
from grader.errors import ClusterError
from grader.grading.assignment import grade_assignment
from grader.grading.reply import MOST_BYTES, MalformedReply, Reply, from_bytes, to_bytes
from grader.records import Execution, GradedSubmission, Repair, Status, Submission

WORSE = GOOD | {"relu": "def relu(x):\n    return x"}
ANSWERS = {
    "ada": GOOD,
    "bob": WORSE,
    "cy": {},
    "di": GOOD | {"share": "import os\nos._exit(1)"},
    "eva": WORSE,
}
POISON = "BRINGS-DOWN-EACH-WORKER"
DAMAGED = b'{"cells": [{"cell_type"'
HALF = GOOD | {"share": 'def share(x):\n    return "\\ud800"\nprint("\\ud800")'}


def make_course(root: Path) -> Path:
    course = write_class(root, 'c.Grader.salt = "the same"\n', ANSWERS | {"fay": HALF})
    submit(course, "gus", DAMAGED)
    return course


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def dask(*arguments: str, **settings: str):
    """A command of Dask's, killed in the end."""
    command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
    process = subprocess.Popen(command, env=os.environ | settings, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def certificate(folder: Path) -> dict[str, str]:
    """Settings of Dask for one certificate that vouches for itself and serves all three."""
    key, own = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-subj", "/CN=grading", "-days", "2", "-keyout", key, "-out", own],
        check=True, capture_output=True,
    )  # fmt: skip
    files = {"cert": str(own), "key": str(key)}
    names = {
        f"{role}.{file}": path for role in ("client", "scheduler", "worker") for file, path in files.items()
    }
    return {f"distributed.comm.tls.{name}": value for name, value in (names | {"ca-file": str(own)}).items()}


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """Encryption is required here; the same settings for what is started from here, as its environment."""
    settings = certificate(tmp_path_factory.mktemp("tls")) | {
        "distributed.comm.require-encryption": True,
        "distributed.scheduler.worker-ttl": "8s",
    }
    with dask_config(settings):
        yield {
            f"DASK_{name.replace('.', '__').replace('-', '_')}".upper(): str(v)
            for name, v in settings.items()
        }


@pytest.fixture(scope="module")
def scheduler(tls):
    address = f"tls://127.0.0.1:{free_port()}"
    with dask("scheduler", "--host", address, **tls):
        yield address


@contextmanager
def workers(scheduler: str, folder: Path, tls, *names: str, **settings: str):
    with ExitStack() as stack:
        settings |= {"FALLEN_SILENT": str(folder / "fallen-silent"), "PYTHONPATH": str(Path(__file__).parent)}
        settings["POISON"] = POISON
        for name in names:
            stack.enter_context(
                dask("worker", scheduler, "--name", name, "--nthreads", "1", "--no-nanny",
                     "--preload", "poor_worker", "--local-directory", str(folder), **tls, **settings)
            )  # fmt: skip
        yield


def facts(runs) -> dict:
    """What must be the same wherever it ran; by an equal fingerprint neither side grades it again."""
    return {
        run.student: (run.status, run.fingerprint, [(s.grade_id, s.auto_score) for _, s in run.scores])
        for run in runs
    }


def autograded(course: Path) -> dict[str, str]:
    return {path.parts[-3]: path.read_text() for path in course.glob("autograded/*/*/*.ipynb")}


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path)


def test_the_same_marks_whatever_breaks_down(scheduler, tls, tmp_path):
    here, there = make_course(tmp_path / "here"), make_course(tmp_path / "there")
    submit(there, "max", GOOD | {"share": f"# {POISON}\n" + GOOD["share"]})
    with (
        workers(scheduler, tmp_path, tls, "one", "two", "three"),
        workers(scheduler, tmp_path, tls, "strange", OTHER_NUMPY="0.1"),
    ):
        summary = grade_assignment(there, ASSIGNMENT, scheduler=scheduler)
    runs = {run.student: run for run in summary.runs}
    poisoned, expected = runs.pop("max"), grade_assignment(here, ASSIGNMENT).runs
    assert facts(runs.values()) == facts(expected)
    assert autograded(there) == autograded(here)
    assert poisoned.status is Status.NOT_GRADED and "quarantined" in poisoned.detail
    assert any("strange" in note and "numpy is 0.1, not" in note for note in summary.notes)


def test_nobody_to_grade(scheduler, course, monkeypatch):
    monkeypatch.setattr("grader.grading.crew.JOIN_SECONDS", 1.0)
    with pytest.raises(ClusterError, match=r"there is none.*dask worker tls://"):
        grade_assignment(course, ASSIGNMENT, scheduler=scheduler)


def test_a_stranger_is_not_let_in(scheduler, course, tmp_path_factory, monkeypatch):
    monkeypatch.setattr("grader.grading.cluster.CONNECT_SECONDS", 2)
    with (
        dask_config(certificate(tmp_path_factory.mktemp("stranger"))),
        pytest.raises(ClusterError, match="no Dask scheduler answers"),
    ):
        grade_assignment(course, ASSIGNMENT, scheduler=scheduler)
    with pytest.raises(ClusterError, match="no Dask scheduler answers"):
        grade_assignment(course, ASSIGNMENT, scheduler=scheduler.replace("tls", "tcp"))


def test_the_scheduler_ends(tls, course):
    address = f"tls://127.0.0.1:{free_port()}"
    with dask("scheduler", "--host", address, **tls) as process, ThreadPoolExecutor(1) as pool:
        grading = pool.submit(grade_assignment, course, ASSIGNMENT, scheduler=address)
        time.sleep(2.0)
        process.kill()
        with pytest.raises(ClusterError, match=r"gone.*the same command again|no Dask scheduler"):
            grading.result(timeout=60)


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return load_key(open_course(write_class(tmp_path_factory.mktemp("key"), "", {})), ASSIGNMENT)


def graded(name: str = ASSIGNMENT, **more) -> GradedSubmission:
    run = Execution(None, Status.COMPLETED, 1.0, 2.0, "\ud800")
    return GradedSubmission(
        Submission("ada", ASSIGNMENT, None, {"x": b"1"}), Status.COMPLETED, {name: run}, {name: ()}, **more
    )


def test_a_reply_comes_back_without_files(key):
    told = from_bytes(to_bytes(Reply(graded=graded(repairs=(Repair("a", "b", "c"),)))), key).graded
    assert told == replace(graded(repairs=(Repair("a", "b", "c"),)), submission=told.submission)
    assert not told.submission.files


@pytest.mark.parametrize(
    "data",
    [
        pickle.dumps(Reply(failure="x")),
        b"[" * 1_000_000,
        b"[]",
        b'{"failure": 1}',
        b'{"graded": {"status": "completed"}}',
        to_bytes(Reply(graded=graded("another"))),
        to_bytes(Reply(graded=graded())).replace(b'"seconds": 1.0', b'"seconds": "1"'),
        to_bytes(Reply(graded=graded())).replace(b'"completed"', b'"a pass"'),
        b" " * (MOST_BYTES + 1),
        "a text",
    ],
    ids=["pickle", "depth", "list", "number", "part", "notebook", "text", "status", "large", "no bytes"],
)
def test_what_is_no_reply_is_nonsense(data, key):
    with pytest.raises(MalformedReply):
        from_bytes(data, key)
