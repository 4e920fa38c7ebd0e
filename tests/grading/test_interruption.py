"""A worker that dies or a batch that is interrupted costs nobody a grade."""

import multiprocessing
import threading
import time

import pytest
from small_course import GOOD, scores, submit, write_course

from grader.grading.assignment import grade_assignment


def test_a_worker_that_dies_costs_nobody_a_grade(tmp_path):
    course = write_course(tmp_path)
    for student in ("ada", "bob", "eve"):
        submit(course, student, GOOD)
    over = threading.Event()

    def kill_workers():
        while not over.is_set():
            for worker in multiprocessing.active_children():
                worker.kill()
            time.sleep(0.02)

    killer = threading.Thread(target=kill_workers)

    def begin(done, total):
        if done == 1:
            killer.start()
            time.sleep(0.2)

    try:
        summary = grade_assignment(course, "ps", jobs=1, on_progress=begin)
    finally:
        over.set()
        killer.join()
    assert scores(summary)["ada"]["test_relu"] == 3.0
    assert [run.student for run in summary.not_graded] == ["bob", "eve"]
    assert scores(summary)["eve"]["test_relu"] is None
    again = grade_assignment(course, "ps", jobs=1)
    assert (again.unchanged, scores(again)["eve"]["test_relu"]) == (1, 3.0)


def test_an_interrupted_grading_goes_on_where_it_stopped(tmp_path):
    course = write_course(tmp_path)
    for student in ("ada", "bob", "eve"):
        submit(course, student, GOOD)

    def interrupt(done, total):
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade_assignment(course, "ps", jobs=1, on_progress=interrupt)
    summary = grade_assignment(course, "ps", jobs=1)
    assert summary.unchanged == 1
    assert {student: found["test_relu"] for student, found in scores(summary).items()} == dict.fromkeys(
        ("ada", "bob", "eve"), 3.0
    )
