"""`grader watch`, killed in the middle of a submission and started again: nothing lost, nothing twice."""

import json
import signal
import subprocess
import sys
import time

from small_course import ASSIGNMENT, GOOD, answered, write_class

from grader.books.runs import read_run

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
