"""Collecting: a second run changes nothing, force loses nothing, and a bad download costs itself alone."""

import os

import pytest
from click.testing import CliRunner
from damaged import as_bytes, cell
from downloads import NOTEBOOK, OTHER, ROSTER, outcomes, submitted, zipped
from nbgrader.api import Gradebook as Nbgrader

from grader.cli import main
from grader.intake.collect import collect


def test_a_wrong_name_is_found_by_content_and_told(course, download):
    made = download("d", {"alice/final FINAL (2).ipynb": NOTEBOOK, "alice/scratch.ipynb": b"{}"})
    entry = collect("ps1", [made], course).collected[0]
    assert submitted(course)["alice/ps1/ps1.ipynb"] == NOTEBOOK
    assert entry.notes == (
        "final FINAL (2).ipynb was taken for ps1.ipynb, by what it holds.",
        "sent, but not counted: scratch.ipynb",
    )


def test_a_notebook_of_something_else_is_kept_but_not_taken_for_it(course, download):
    other = as_bytes({"cells": [cell("code", "print('other course')", "x")]})
    entry = collect("ps1", [download("d", {"alice/lab.ipynb": other})], course).collected[0]
    assert entry.notes == ("ps1.ipynb was not sent.", "sent, but not counted: lab.ipynb")
    assert set(submitted(course)) == {"alice/ps1/lab.ipynb"}


def test_a_right_name_on_something_else_gives_way_to_the_notebook(course, download):
    other = as_bytes({"cells": [cell("code", "print('other course')", "x")]})
    collect("ps1", [download("d", {"alice/ps1.ipynb": other, "alice/real.ipynb": NOTEBOOK})], course)
    assert submitted(course) == {"alice/ps1/ps1.ipynb": NOTEBOOK, "alice/ps1/earlier/other/ps1.ipynb": other}


@pytest.mark.parametrize(
    "files",
    [
        {"liddellalice_101_900_ps1-1.ipynb": OTHER, "liddellalice_101_88_ps1.ipynb": NOTEBOOK},
        {
            "ps1_alice_attempt_2026-02-01-10-00-00_ps1.ipynb": OTHER,
            "ps1_alice_attempt_2026-01-31-10-00-00_ps1.ipynb": NOTEBOOK,
        },
    ],
    ids=["canvas", "nbgrader"],
)
def test_of_two_versions_the_last_sent_counts_and_the_other_is_kept(course, roster, download, files):
    entry = collect("ps1", [download("all.zip", files)], course, roster=roster).collected[0]
    assert submitted(course)["alice/ps1/ps1.ipynb"] == OTHER
    assert submitted(course)["alice/ps1/earlier/1/ps1.ipynb"] == NOTEBOOK
    assert entry.notes == ("ps1.ipynb was sent more than once; the last one counts.",)


def test_of_two_copies_in_one_hand_in_the_one_with_the_name_counts_and_the_other_is_named(
    course, roster, download
):
    moodle = "Alice Liddell_900_assignsubmission_"
    made = download("moodle", {f"{moodle}file_/ps1 (1).ipynb": OTHER, f"{moodle}file_/ps1.ipynb": NOTEBOOK})
    (entry,) = collect("ps1", [made], course, roster=roster).collected
    assert submitted(course)["alice/ps1/ps1.ipynb"] == NOTEBOOK
    assert entry.notes == ("sent, but not counted: ps1 (1).ipynb",)


def test_data_beside_the_notebook_keeps_its_place(course, download):
    inner = zipped({"hw 1/ps1.ipynb": NOTEBOOK, "hw 1/data/größe.csv": b"1", "readme.txt": b"r"})
    collect("ps1", [download("d", {"alice/hand in.zip": inner})], course)
    assert set(submitted(course)) == {
        f"alice/ps1/{name}" for name in ("ps1.ipynb", "data/größe.csv", "readme.txt")
    }


def test_a_download_may_be_called_in_capitals(course, download):
    made = download("ALL.ZIP", {"alice/ps1.ipynb": NOTEBOOK})
    assert outcomes(collect("ps1", [made], course)) == {"alice": "new"}


def test_files_that_no_folder_can_hold_cost_their_sender_alone(course, download):
    odd = zipped({"hw/ps1.ipynb": NOTEBOOK, "hw/data/x.csv": b"1", "data": b"2"})
    intake = collect("ps1", [download("d", {"alice/in.zip": odd, "bob/ps1.ipynb": NOTEBOOK})], course)
    assert outcomes(intake) == {"alice": "empty", "bob": "new"}
    assert "cannot be written: " in intake.collected[0].notes[0]
    assert set(submitted(course)) == {"bob/ps1/ps1.ipynb"}


def test_a_second_run_changes_nothing(course, download):
    made = download("d", {"alice/ps1.ipynb": NOTEBOOK, "alice/a.txt": b"1"})
    collect("ps1", [made], course)
    before = {p: p.stat().st_mtime_ns for p in course.rglob("*")}
    assert outcomes(collect("ps1", [made], course)) == {"alice": "unchanged"}
    assert {p: p.stat().st_mtime_ns for p in course.rglob("*")} == before


def test_what_is_there_is_replaced_only_by_force(course, download):
    collect("ps1", [download("one", {"alice/ps1.ipynb": NOTEBOOK, "alice/old.txt": b""})], course)
    new = download("two", {"alice/ps1.ipynb": OTHER})
    assert outcomes(collect("ps1", [new], course)) == {"alice": "kept"}
    assert submitted(course)["alice/ps1/ps1.ipynb"] == NOTEBOOK
    assert outcomes(collect("ps1", [new], course, force=True)) == {"alice": "replaced"}
    assert submitted(course) == {"alice/ps1/ps1.ipynb": OTHER}


def test_a_link_in_submitted_is_not_written_through(course, download, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (course / "submitted").mkdir()
    os.symlink(tmp_path / "elsewhere", course / "submitted" / "alice")
    intake = collect("ps1", [download("d", {"alice/ps1.ipynb": NOTEBOOK})], course, force=True)
    assert outcomes(intake) == {"alice": "kept"}
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("student", ["..", ".", ".ssh", "a\nb", "x" * 300])
def test_an_id_that_cannot_be_a_folder_is_not_taken(course, download, student):
    made = download("all.zip", {f"ps1_{student}_attempt_2026-01-31-10-00-00_ps1.ipynb": NOTEBOOK})
    intake = collect("ps1", [made], course)
    assert outcomes(intake) == {}
    (line,) = [*intake.unknown, *(entry.path for entry in intake.refused)]
    assert "\n" not in line


def test_a_download_that_is_not_there_is_a_line_of_its_own(course, tmp_path):
    intake = collect("ps1", [tmp_path / "nothing.zip"], course)
    assert [(entry.download, entry.why) for entry in intake.refused] == [
        ("nothing.zip", "No such file or directory")
    ]


def command(course, *words):
    return CliRunner().invoke(main, ["collect", "ps1", *map(str, words), "--course-dir", str(course)])


def test_a_roster_reaches_the_gradebook_and_need_not_be_given_again(course, download, tmp_path):
    (tmp_path / "students.csv").write_text(ROSTER.replace(",", ";"), encoding="utf-8-sig")
    names = ("liddellalice_101_5001_ps1.ipynb", "oneillsmithbob_LATE_102_5002_ps1.ipynb")
    made = download("canvas.zip", dict.fromkeys(names, NOTEBOOK))
    told = command(course, made, "--roster", tmp_path / "students.csv").output
    assert "canvas.zip: a download of Canvas" in told
    assert "bob: handed in late, the platform says" in told
    assert "nothing handed in: 1 of 3: jose" in told
    with Nbgrader(f"sqlite:///{course}/gradebook.db") as book:
        assert book.find_student("bob").last_name == "O'Neill Smith"
    assert "collected: 2 unchanged" in command(course, made).output
    assert sorted(path.name for path in (course / "submitted").iterdir()) == ["alice", "bob"]


def test_what_force_replaces_is_kept(course, download):
    command(course, download("one", {"alice/ps1.ipynb": NOTEBOOK}))
    told = command(course, download("two", {"alice/ps1.ipynb": OTHER}), "--force").output
    (kept,) = (course / "replaced" / "alice" / "ps1").iterdir()
    assert (kept / "ps1.ipynb").read_bytes() == NOTEBOOK
    assert (course / "submitted" / "alice" / "ps1" / "ps1.ipynb").read_bytes() == OTHER
    assert f"lies in replaced/alice/ps1/{kept.name}" in told


def test_where_nothing_can_be_taken_the_command_fails(course, download, tmp_path):
    (tmp_path / "bad.zip").write_bytes(b"PK no archive")
    assert command(course, tmp_path / "bad.zip").exit_code == 1
