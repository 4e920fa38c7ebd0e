"""A working copy follows the release without ever losing what the student wrote."""

from grader.learner.workcopy import refresh


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


def test_a_copy_without_its_record_is_still_kept(tmp_path):
    release, work = tmp_path / "release", tmp_path / "lab"
    release.mkdir()
    (release / "a.ipynb").write_text("v1")
    refresh(release, work)
    (work / "a.ipynb").write_text("my answer")
    (work / ".released.json").write_text("{broken")
    refresh(release, work)
    assert (work / "a.ipynb").read_text() == "my answer"
