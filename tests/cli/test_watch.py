"""`grader watch`, killed in the middle of a submission and started again: nothing lost, nothing twice."""

import json
import signal
import subprocess
import sys
import time
from io import FileIO

from small_course import ASSIGNMENT, GOOD, answered, write_class

from grader.books.run_files import read_run
from grader.cli.journal import Journal, journal

SLOW = GOOD | {"relu": "import time\ntime.sleep(2)\n" + GOOD["relu"]}


def test_killed_in_the_middle(tmp_path):
    course, inbound = write_class(tmp_path, "", {}), tmp_path / "inbound"
    inbound.mkdir()
    (inbound / "ada.ipynb").write_text(json.dumps(answered(SLOW)))
    record = course / "runs" / f"{ASSIGNMENT}.arrivals.json"
    command = [sys.executable, "-m", "grader", "watch", ASSIGNMENT, str(inbound), "--course-dir", str(course)]
    command += ["--attempts", "1", "--every", "0.2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as watch:
        began = time.monotonic()
        while not (course / "submitted" / "ada").is_dir():
            assert watch.poll() is None and time.monotonic() - began < 60
            time.sleep(0.05)
        watch.send_signal(signal.SIGKILL)
    (begun,) = json.loads(record.read_text())
    assert begun["day"] and not begun["done"] and not read_run(course, "ada", ASSIGNMENT)

    (inbound / "bob.ipynb").write_text(json.dumps(answered(GOOD | {"share": "def share(x):\n    return x"})))
    told = subprocess.run([*command, "--once"], capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stderr
    known = json.loads(record.read_text())
    assert [(one["student"], one["done"]) for one in known] == [("ada", True), ("bob", True)]
    assert known[0]["at"] == begun["at"] and known[0]["day"] == begun["day"]
    scores = {name: read_run(course, name, ASSIGNMENT).scores for name in ("ada", "bob")}
    assert {name: sum(s.auto_score or 0 for _, s in of) for name, of in scores.items()} == {
        "ada": 5.5,
        "bob": 3,
    }
    for name in scores:
        place = course / "feedback" / name / ASSIGNMENT
        assert (place / f"{ASSIGNMENT}.html").is_file()
        assert (place / "attempts.txt").read_text().startswith("Attempt 1 of 1 today")
    logs = [line for log in (course / "logs").iterdir() for line in log.read_text().splitlines()]
    events = [json.loads(line) for line in logs]
    assert sorted(e["student"] for e in events if e["event"] == "graded") == ["ada", "bob"]

    grade = [sys.executable, "-m", "grader", "grade", ASSIGNMENT, "--course-dir", str(course), "--json"]
    told = subprocess.run(
        [*grade, "--student", "bob", "--force"], capture_output=True, text=True, timeout=120
    )
    began, graded, ended, summary = map(json.loads, told.stdout.splitlines())
    assert [e["event"] for e in (began, graded, ended, summary)] == ["began", "graded", "ended", "summary"]
    assert (graded["student"], graded["done"], graded["total"], graded["labels"]) == (
        "bob",
        1,
        1,
        {"graded": 1},
    )
    assert graded["per_second"] > 0 and graded["seconds_left"] == 0
    assert [run["points"] for run in summary["runs"]] == [3.0]
    assert len(list((course / "logs").iterdir())) == 3, "each run has a log of its own"


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path):
    (tmp_path / "logs").write_text("a file")
    with journal(tmp_path, ASSIGNMENT, keep=True, echo=False, advance=lambda *_: None) as log:
        log.note("graded")
    with FileIO("/dev/full", "w") as full:
        Journal([lambda line: full.write(line.encode())], lambda *_: None).note("graded")
