"""The files of the feedback pages: of bounded size, the same for the same marks, written anew only then."""

import base64
import json
import shutil

import pytest
from feedback_page import page, relu, words
from nbformat.v4 import new_code_cell, new_output
from nbgrader.api import Gradebook as Nbgrader

from grader.errors import FeedbackError
from grader.pages.feedback import write_feedback
from grader.pages.feedback_template import PAGES_BYTES


def test_pages_stay_small(course):
    big = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 1_500_000).decode()
    outputs = [new_output("display_data", data={"image/png": big}) for _ in range(9)]
    outputs += [new_output("stream", name="stdout", text="y" * 6_000_000)]
    outputs += [new_output("error", ename="E", evalue="z" * 3_000_000, traceback=["z" * 3_000_000])]
    own = [new_code_cell(f"x{n} = {n}") for n in range(2_000)]
    text = page(course, outputs=outputs, own=own, verdicts=[relu(0.0, cause="w" * 1_000_000)])
    assert len(text.encode()) < PAGES_BYTES + 200_000


def test_the_page_is_the_same_each_time(course):
    assert page(course) == page(course)


def test_a_notebook_that_is_gone_still_has_its_scores(course):
    page(course, verdicts=[relu(3.0)])
    (course / "autograded" / "ada" / "ps" / "ps.ipynb").write_text(json.dumps([]))
    (course / "autograded" / "ada" / "ps" / "ps.ipynb").unlink()
    (path,) = write_feedback(course, "ps")
    assert "3 / 3" in words(path.read_text())


def test_a_page_that_cannot_be_made_stops_no_other(course):
    page(course, student="zoe")
    for step in ("submitted", "runs", "autograded"):
        shutil.copytree(course / step / "zoe", course / step / "ada")
    (course / "autograded" / "ada" / "ps" / "ps.ipynb").write_text('{"cells": [{"cell_type": "code"}]}')
    own = course / "feedback" / "zoe" / "ps" / "ps.html"
    own.unlink()
    with pytest.raises(FeedbackError, match=r"no feedback page for ada .AttributeError.* --force"):
        write_feedback(course, "ps")
    assert own.is_file()


def test_the_same_marks_are_the_same_pages(course):
    """Whatever the seed was and however long it took; and nobody needs a secret without an exchange."""
    page(course, recorded=True)
    place, record = course / "feedback" / "ada" / "ps", course / "runs" / "ada" / "ps.json"
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    told = json.loads(record.read_text())
    told["seed"], told["fingerprint"] = told["seed"] + 1, "other"
    told["basis"]["rest"] = "other"
    told["notebooks"]["ps"] |= {"seconds": 99.0, "cpu": {"student": 9.0}}
    record.write_text(json.dumps(told))
    for path in place.iterdir():
        path.unlink()
    write_feedback(course, "ps")
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before
    assert {"ps.html", "ps.md", "ps.json"} <= before.keys() and "submission_secret.txt" not in before
    told["notebooks"]["ps"]["scores"][0]["auto_score"] = 0.5
    record.write_text(json.dumps(told))
    write_feedback(course, "ps")
    assert (place / "ps.html").read_bytes() != before["ps.html"]


def test_a_page_that_would_be_as_it_is_stays(course):
    page(course, recorded=True)
    place = course / "feedback" / "ada" / "ps"

    def writes(*, comment=""):
        """The pages that are written anew."""
        before = {path: path.stat().st_mtime_ns for path in place.iterdir()}
        if comment:
            with Nbgrader(f"sqlite:///{course / 'gradebook.db'}") as book:
                book.find_comment("why", "ps", "ps", "ada").manual_comment = comment
                book.db.commit()
        write_feedback(course, "ps", jobs=2)
        return {path.suffix for path in place.iterdir() if path.stat().st_mtime_ns != before.get(path)}

    assert writes() == set()
    assert writes(comment="Well said.") == {".html", ".md", ".json"}
    assert "Well said." in (place / "ps.html").read_text() and writes() == set()
    (place / "ps.md").unlink()
    assert writes() == {".html", ".md", ".json"}
    (place / "ps.html").write_text((place / "ps.html").read_text()[:-9])
    assert writes() == {".html", ".md", ".json"}
