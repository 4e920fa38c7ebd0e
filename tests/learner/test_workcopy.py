"""A working copy follows the release without ever losing what the student wrote."""

import json
import os
import shutil
import sys
from pathlib import Path

from repository import ROOT

from grader.learner.start_page import write_start_page
from grader.learner.try_log import Tries, TryLog
from grader.learner.workcopy import open_lab, refresh


def test_a_students_work_is_never_overwritten(tmp_path):
    release, work = tmp_path / "release", tmp_path / "lab"
    (release / "01").mkdir(parents=True)
    mine, untouched = release / "01" / "mine.ipynb", release / "01" / "untouched.ipynb"
    mine.write_text("v1")
    untouched.write_text("v1")
    assert len(refresh(release, work)) == 2
    (work / "01" / "mine.ipynb").write_text("my answer")
    assert refresh(release, work) == []

    mine.write_text("v2")
    untouched.write_text("v2")
    assert len(refresh(release, work)) == 2
    assert (work / "01" / "mine.ipynb").read_text() == "my answer"
    assert (work / "01" / "mine.new.ipynb").read_text() == "v2"
    assert (work / "01" / "untouched.ipynb").read_text() == "v2"
    assert refresh(release, work) == []


def test_to_open_and_to_run_a_notebook_is_no_change(tmp_path):
    release, work = tmp_path / "release", tmp_path / "lab"
    release.mkdir()
    cell = {"cell_type": "code", "source": ["a = ", "1"], "metadata": {}, "outputs": []}
    book = {"cells": [cell], "metadata": {}}
    (release / "a.ipynb").write_text(json.dumps(book))
    refresh(release, work)
    opened = {"cells": [cell | {"source": "a = 1", "outputs": [1]}], "metadata": {"language_info": {}}}
    (work / "a.ipynb").write_text(json.dumps(opened))
    (release / "a.ipynb").write_text(json.dumps({"cells": [cell | {"source": "a = 2"}], "metadata": {}}))
    assert refresh(release, work) == [f"updated {work / 'a.ipynb'}"]
    opened["cells"][0]["source"] = "a = 3"
    (work / "a.ipynb").write_text(json.dumps(opened))
    (release / "a.ipynb").write_text(json.dumps(book))
    assert [line.split(":")[0] for line in refresh(release, work)] == ["a new release is beside your work"]


def test_a_copy_without_its_record_is_still_kept(tmp_path):
    release, work = tmp_path / "release", tmp_path / "lab"
    release.mkdir()
    (release / "a.ipynb").write_text("v1")
    refresh(release, work)
    (work / "a.ipynb").write_text("my answer")
    (work / ".released.json").write_text("{broken")
    refresh(release, work)
    assert (work / "a.ipynb").read_text() == "my answer"


def test_the_start_page_says_what_is_done_and_what_is_next(tmp_path):
    for name, heading in (("00_a", "# Begin | here"), ("01_b", "# Go on"), ("02_c", "no heading")):
        cell = {"cell_type": "code", "source": "", "metadata": {"nbgrader": {"points": 4}}}
        cells = [{"cell_type": "markdown", "source": [heading], "metadata": {}}, cell]
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.ipynb").write_text(json.dumps({"cells": cells}))
    (tmp_path / "02_c" / "02_c.ipynb").write_text("{cut off")
    (tmp_path / "01_b" / "mine.ipynb").write_text("{}")
    record = TryLog(tmp_path)
    record.keep("00_a", "x", Tries(points=3, max_points=4, fine=True))  # the rest is hidden
    record.keep("01_b", "y", Tries(points=1, max_points=4))
    record.save()
    text = write_start_page(tmp_path).read_text(encoding="utf-8")
    assert "**Next:** [Go on](01_b/01_b.ipynb)" in text
    assert "| `00_a` | [Begin &#124; here](00_a/00_a.ipynb) | ✓ 3 of 4 |" in text
    assert "| 1 of 4 |" in text and "[02_c](02_c/02_c.ipynb) | – |" in text and "mine" not in text
    (tmp_path / "Start.md").write_text("my notes")
    assert write_start_page(tmp_path) is None and (tmp_path / "Start.md").read_text() == "my notes"


def test_terminals_of_the_lab_begin_at_the_notebooks_and_find_grader(tmp_path, monkeypatch):
    (tmp_path / "lab").mkdir()
    monkeypatch.chdir(tmp_path)
    started = []
    monkeypatch.setattr(os, "execvpe", lambda *command: started.append((*command, Path.cwd())))
    open_lab(ROOT / "course" / "lab_config", Path("lab"), port=1, browser=False)
    ((_, _, environment, folder),) = started
    assert folder == tmp_path / "lab"
    assert shutil.which("grader", path=environment["PATH"]) == f"{sys.prefix}/bin/grader"
