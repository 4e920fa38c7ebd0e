"""Reading submitted/: odd names are students like others; links, pipes and floods cost nobody a grade."""

import os
import zipfile
from datetime import datetime

import pytest

from grader.course.directory import open_course
from grader.intake.archives import MAX_FILE
from grader.intake.submissions import MAX_FILES, list_submissions, read_submission


@pytest.fixture
def course(tmp_path):
    hand_in(tmp_path, "alice", {"ps1.ipynb": b"{}"})
    return tmp_path


def hand_in(course, student, files):
    folder = course / "submitted" / student / "ps1"
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


ODD = ["m[a-z]*?", "'); DROP TABLE student;--", ".hidden", "new\nline", "x" * 200, "José", "two words"]


@pytest.mark.parametrize("student", ODD)
def test_an_odd_name_is_a_student_like_others(course, student):
    hand_in(course, student, {"ps1.ipynb": b"odd"})
    assert list_submissions(open_course(course), "ps1") == sorted(["alice", student])
    assert list_submissions(open_course(course), "ps1", student) == [student]
    assert read_submission(open_course(course), "ps1", student).files == {"ps1.ipynb": b"odd"}


def test_only_those_who_handed_in_this_assignment_are_listed(course):
    (course / "submitted" / "bob" / "ps2").mkdir(parents=True)
    assert list_submissions(open_course(course), "ps1") == ["alice"]
    assert list_submissions(open_course(course), "ps1", "b*") == []
    assert list_submissions(open_course(course / "submitted"), "ps1") == []


def test_a_thousand_links_are_told_of_in_a_few_lines(course):
    folder = hand_in(course, "eve", {"ps1.ipynb": b"mine"})
    for number in range(1000):
        os.symlink("/etc/passwd", folder / f"link{number}")
    notes = read_submission(open_course(course), "ps1", "eve").notes
    assert len(notes) == 21 and notes[-1] == "980 more notes of this kind."


def test_links_pipes_and_odd_names_are_left_out_with_a_line_each(course):
    folder = hand_in(course, "eve", {"ps1.ipynb": b"mine", "ok.txt": b"", "ps1\n.ipynb": b"{}"})
    (course / "gradebook.db").write_bytes(b"secret")
    os.symlink("../../../gradebook.db", folder / "data.csv")
    os.symlink("../../../submitted", folder / "all")
    os.mkfifo(folder / "other.ipynb")
    submission = read_submission(open_course(course), "ps1", "eve")
    assert set(submission.files) == {"ps1.ipynb", "ok.txt"}
    assert sorted(submission.notes) == [
        "all was left out: it is a link.",
        "data.csv was left out: it is a link.",
        "other.ipynb was left out: it is not a plain file.",
        "ps1\\n.ipynb was left out: its name holds control characters.",
    ]


def test_a_folder_with_the_name_of_the_notebook_is_told(course):
    (hand_in(course, "eve", {}) / "ps1.ipynb").mkdir()
    submission = read_submission(open_course(course), "ps1", "eve")
    assert (submission.files, submission.notes) == ({}, ("ps1.ipynb is a folder, not a notebook.",))


def test_a_flood_of_files_is_bounded_and_the_notebook_is_among_those_read(course):
    folder = hand_in(course, "eve", {"zz.ipynb": b"mine"})
    for number in range(MAX_FILES + 3):
        (folder / f"a{number}").touch()
    submission = read_submission(open_course(course), "ps1", "eve")
    assert len(submission.files) == MAX_FILES
    assert "zz.ipynb" in submission.files
    assert submission.notes == (f"Only {MAX_FILES} of {MAX_FILES + 4} files were read, the notebooks first.",)


def test_a_file_too_large_is_left_out_without_being_read(course):
    folder = hand_in(course, "eve", {"ps1.ipynb": b"mine"})
    with open(folder / "huge.bin", "wb") as file:
        file.truncate(1 << 40)
    submission = read_submission(open_course(course), "ps1", "eve")
    assert set(submission.files) == {"ps1.ipynb"}
    assert submission.notes == ("huge.bin was left out: it is larger than 64 MB.",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"2026-01-31 10:00:00.5 UTC", datetime(2026, 1, 31, 10, 0, 0, 500000)),
        (b"2026-01-31T10:00:00+02:00\n", datetime(2026, 1, 31, 8)),
        (b"", None),
    ],
)
def test_the_time_is_read_as_nbgrader_reads_it(course, text, expected):
    hand_in(course, "bob", {"timestamp.txt": text})
    submission = read_submission(open_course(course), "ps1", "bob")
    assert (submission.submitted_at, submission.notes) == (expected, ())


@pytest.mark.parametrize("text", [b"yesterday evening, sorry!", b"\xff\xfe", b"9" * 5000, b"2026-13-45"])
def test_a_garbled_time_is_unknown_and_told(course, text):
    hand_in(course, "bob", {"timestamp.txt": text})
    submission = read_submission(open_course(course), "ps1", "bob")
    assert submission.submitted_at is None
    assert len(submission.notes) == 1


def test_a_submission_without_a_notebook_says_what_it_holds_instead(course):
    hand_in(course, "bob", {"report.pdf": b"%PDF", "sub.zip": b"PK"})
    notes = read_submission(open_course(course), "ps1", "bob").notes
    assert notes == ("There is no notebook in the submission, only report.pdf, sub.zip.",)


def test_why_a_notebook_was_not_taken_out_of_an_archive_is_told(course):
    folder = hand_in(course, "bob", {"timestamp.txt": b""})
    with zipfile.ZipFile(folder / "sub.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ps1.ipynb", b" " * (MAX_FILE + 1))
        archive.writestr("../notes.txt", b"outside")
    notes = read_submission(open_course(course), "ps1", "bob").notes
    assert notes == (
        "There is no notebook in the submission, only sub.zip.",
        "ps1.ipynb in sub.zip was left out: it is larger than 64 MB.",
    )


def test_a_submission_that_is_a_link_is_not_followed(course):
    (course / "submitted" / "eve").mkdir()
    os.symlink("../alice/ps1", course / "submitted" / "eve" / "ps1")
    submission = read_submission(open_course(course), "ps1", "eve")
    assert (submission.files, len(submission.notes)) == ({}, 1)
