"""Collecting downloads: every shape finds its students; hostile archives cost nobody but themselves."""

import io
import json
import os
import zipfile
from datetime import datetime
from functools import partial

import damaged
import nbformat
import pytest
from click.testing import CliRunner
from damaged import as_bytes, cell, submission
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.api import Gradebook as Nbgrader

from grader.cli import main
from grader.course.directory import open_course
from grader.errors import CourseError
from grader.intake import archives, parcel, quota
from grader.intake.collect import collect
from grader.intake.contents import Member
from grader.intake.platforms import SentFile
from grader.intake.roster import Sender, read_students, roster_of
from grader.intake.submissions import read_submission
from grader.plainfiles import name_problem

ROSTER = """id,first_name,last_name,email,lms_user_id
alice,Alice,Liddell,alice@example.org,101
bob,Bob,O'Neill Smith,bob@example.org,102
jose,José,Ñandú,jose@example.org,103
"""
NOTEBOOK = as_bytes(submission())
OTHER = as_bytes(submission() | {"metadata": {"version": 2}})


@pytest.fixture
def course(tmp_path):
    source = tmp_path / "course" / "source" / "ps1"
    source.mkdir(parents=True)
    nbformat.write(damaged.SOURCE, source / "ps1.ipynb")
    return tmp_path / "course"


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "students.csv"
    path.write_text(ROSTER, encoding="utf-8-sig")
    return roster_of(read_students(path))


def zipped(files, **options):
    """A zip archive of name -> bytes (or a ZipInfo -> bytes) as bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, data)
    return file.getvalue()


@pytest.fixture
def download(tmp_path):
    """Put files into a folder, or into a zip when the name says so, and return its path."""

    def make(name, files):
        path = tmp_path / name
        if name.endswith(".zip"):
            path.write_bytes(zipped(files))
            return path
        for inner, data in files.items():
            (path / inner).parent.mkdir(parents=True, exist_ok=True)
            (path / inner).write_bytes(data)
        return path

    return make


def submitted(course):
    """Everything below submitted/ by relative path."""
    root = course / "submitted"
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def outcomes(intake):
    return {entry.student: entry.outcome for entry in intake.collected}


# --- shapes

CLASS = ["alice", "bob", "jose"]
GRADESCOPE = """
submission_11:
  :submitters:
  - :name: Alice Liddell
    :sid: alice
    :email: alice@example.org
  :created_at: 2026-01-31 10:00:00.000000000 +01:00
submission_12:
  :submitters:
  - :name: Bob O'Neill Smith
    :email: BOB@example.org
  - :name: José Ñandú
"""
SHAPES = {
    "canvas": {
        "liddellalice_101_5001_ps1.ipynb": NOTEBOOK,
        "oneillsmithbob_LATE_102_5002_ps1-1.ipynb": NOTEBOOK,
        "ñandújosé_103_5003_my work.ipynb": NOTEBOOK,
    },
    "moodle": {
        "Alice Liddell_900_assignsubmission_file_/ps1.ipynb": NOTEBOOK,
        "Bob O'Neill Smith_901_assignsubmission_file_ps1.ipynb": NOTEBOOK,
        "José Ñandú_902_assignsubmission_file_/hand_in.zip": zipped({"hw/ps1.ipynb": NOTEBOOK}),
    },
    "gradescope": {
        "assignment_7_export/submission_metadata.yml": GRADESCOPE.encode(),
        "assignment_7_export/submission_11/ps1.ipynb": NOTEBOOK,
        "assignment_7_export/submission_12/ps1.ipynb": NOTEBOOK,
    },
    "nbgrader": {f"ps1_{name}_attempt_2026-01-31-10-00-00_ps1.ipynb": NOTEBOOK for name in CLASS},
    "folders": {
        "submitted/alice/ps1/ps1.ipynb": NOTEBOOK,
        "submitted/bob/ps1/ps1.ipynb": NOTEBOOK,
        "submitted/jose/ps1/ps1.ipynb": NOTEBOOK,
    },
    "github": {
        f"clones/ps1-{name}/{inner}": data
        for name in CLASS
        for inner, data in {"ps1.ipynb": NOTEBOOK, ".git/HEAD": b"ref", ".git/hooks/x": b"rm -rf /"}.items()
    },
}


@pytest.mark.parametrize("name", ["all", "all.zip"])
@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_finds_its_students(course, roster, download, shape, name):
    name = "all" if shape == "github" else name  # clones come as a folder
    intake = collect("ps1", [download(name, SHAPES[shape])], course, roster=roster)
    assert list(intake.shapes.values()) == [shape]
    assert (outcomes(intake), intake.unknown, intake.refused) == (dict.fromkeys(CLASS, "new"), [], [])
    notebooks = {path for path in submitted(course) if not path.endswith("timestamp.txt")}
    assert notebooks == {f"{name}/ps1/ps1.ipynb" for name in CLASS}


def test_files_named_for_their_student_need_a_roster(course, roster, download):
    made = download("flat", {"alice.ipynb": NOTEBOOK, "bob.zip": zipped({"ps1.ipynb": NOTEBOOK})})
    assert outcomes(collect("ps1", [made], course)) == {}
    assert outcomes(collect("ps1", [made], course, roster=roster)) == {"alice": "new", "bob": "new"}


def test_several_archives_and_single_files_go_together(course, download):
    one = download("one.zip", {"alice/ps1.ipynb": NOTEBOOK})
    two = download("two", {"bob/ps1.ipynb": NOTEBOOK})
    three = download("ps1_jose_attempt_2026-01-31-10-00-00_x.zip", {"ps1.ipynb": NOTEBOOK})
    assert outcomes(collect("ps1", [one, two, three], course)) == dict.fromkeys(CLASS, "new")


def test_githubs_names_are_translated_by_the_classrooms_roster(course, roster, download):
    table = b"identifier,github_username\nalice,cheshire-cat\n"
    files = {"classroom_roster.csv": table}
    files |= {f"homework-cheshire-cat/{name}": NOTEBOOK for name in ("ps1.ipynb", ".git/HEAD")}
    made = download("clones", files)
    assert outcomes(collect("ps1", [made], course, roster=roster)) == {"alice": "new"}


def test_unknown_senders_are_listed_and_never_guessed(course, roster, download):
    files = {
        f"{name}_{n}_7_ps1.ipynb": NOTEBOOK for n, name in enumerate(["smith", "liddell", "aliceliddel"])
    }
    intake = collect("ps1", [download("canvas.zip", files)], course, roster=roster)
    assert outcomes(intake) == {}
    assert intake.unknown == [
        "smith, 0 (canvas.zip)",
        "liddell, 1 (canvas.zip)",
        "aliceliddel, 2 (canvas.zip)",
    ]


def test_a_name_that_two_students_share_finds_neither(tmp_path):
    path = tmp_path / "students.csv"
    path.write_text(ROSTER + "al2,Alice,Liddell,,\n")
    roster = roster_of(read_students(path))
    assert roster.find(Sender(name="Alice Liddell")) is None
    assert roster.find(Sender(name="Bob ONeill-Smith")) == "bob"
    assert roster.find(Sender(email="Alice@Example.org")) == "alice"


@pytest.mark.parametrize("bad", ["id\n../evil\n", "id\na\na\n", "name\nx\n", "id\n.git\n", "id\na/b\n"])
def test_a_roster_with_an_impossible_id_is_an_error(tmp_path, bad):
    (tmp_path / "students.csv").write_text(bad)
    with pytest.raises(CourseError, match="student id"):
        read_students(tmp_path / "students.csv")


# --- names, versions, times


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


def test_what_was_typed_into_moodle_is_kept_for_who_typed_it(course, roster, download):
    typed = {"Alice Liddell_900_assignsubmission_onlinetext_/onlinetext.html": b"<p>here</p>"}
    intake = collect("ps1", [download("moodle", typed)], course, roster=roster)
    assert submitted(course) == {"alice/ps1/onlinetext.html": b"<p>here</p>"}
    assert intake.collected[0].notes == ("ps1.ipynb was not sent.", "sent, but not counted: onlinetext.html")


def test_the_platforms_time_is_kept_and_the_students_own_is_not(course, download):
    inner = zipped({"ps1.ipynb": NOTEBOOK, "timestamp.txt": b"2020-01-01 00:00:00 UTC"})
    made = download("all.zip", {"ps1_alice_attempt_2026-01-31-10-20-30_x.zip": inner})
    intake = collect("ps1", [made], course)
    assert read_submission(open_course(course), "ps1", "alice").submitted_at == datetime(
        2026, 1, 31, 10, 20, 30
    )
    assert [entry.path for entry in intake.refused] == ["timestamp.txt"]


def test_nbgraders_own_timestamp_is_kept(course, download):
    files = {"alice/ps1/ps1.ipynb": NOTEBOOK, "alice/ps1/timestamp.txt": b"2026-01-31 10:00:00 UTC"}
    collect("ps1", [download("submitted", files)], course)
    assert read_submission(open_course(course), "ps1", "alice").submitted_at == datetime(2026, 1, 31, 10)


def test_gradescopes_time_is_in_utc(course, roster, download):
    collect("ps1", [download("all.zip", SHAPES["gradescope"])], course, roster=roster)
    assert read_submission(open_course(course), "ps1", "alice").submitted_at == datetime(2026, 1, 31, 9)


def test_data_beside_the_notebook_keeps_its_place(course, download):
    inner = zipped({"hw 1/ps1.ipynb": NOTEBOOK, "hw 1/data/größe.csv": b"1", "readme.txt": b"r"})
    collect("ps1", [download("d", {"alice/hand in.zip": inner})], course)
    assert set(submitted(course)) == {
        f"alice/ps1/{name}" for name in ("ps1.ipynb", "data/größe.csv", "readme.txt")
    }


# --- again and over


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


# --- hostile archives


def member(name, mode=0o100644, **fields):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    for field, value in fields.items():
        setattr(info, field, value)
    return info


HOSTILE = {
    "traversal": (member("../../../../nbgrader_config.py"), "leads out"),
    "absolute": (member("/etc/passwd"), "leads out"),
    "windows": (member("..\\..\\win.txt"), "leads out"),
    "drive": (member("C:\\win.txt"), "leads out"),
    "link": (member("link", 0o120777), "a link or a device"),
    "device": (member("dev", 0o020666), "a link or a device"),
    "pipe": (member("pipe", 0o010644), "a link or a device"),
    "control": (member("a\x1b[2Jb"), "control characters"),
    "dots": (member("a/./b"), "not a plain one"),
    "long": (member("x" * 300), "too long"),
    "deep": (member("/".join("d" * 60)), "too deep"),
    "case": (member("PS1.IPYNB"), "same name"),
    "file as folder": (member("ps1.ipynb/x"), "same name"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_member_is_refused_and_the_rest_collected(course, download, case, tmp_path):
    info, why = HOSTILE[case]
    inner = zipped([("ps1.ipynb", NOTEBOOK), (info, b"evil")])
    made = download("class", {"alice/sub.zip": inner, "bob/sub.zip": zipped({"ps1.ipynb": NOTEBOOK})})
    outside = sorted(tmp_path.rglob("*"))
    intake = collect("ps1", [made], course)
    assert [(entry.student, why in entry.why) for entry in intake.refused] == [("alice", True)]
    assert outcomes(intake) == {"alice": "new", "bob": "new"}
    assert submitted(course) == {f"{name}/ps1/ps1.ipynb": NOTEBOOK for name in ("alice", "bob")}
    assert [p for p in sorted(tmp_path.rglob("*")) if "submitted" not in p.parts] == outside


def test_names_that_differ_only_in_unicode_form_collide(course, download):
    inner = zipped({"ps1.ipynb": NOTEBOOK, "caf\u00e9.txt": b"1", "cafe\u0301.txt": b"2"})
    intake = collect("ps1", [download("d", {"alice/sub.zip": inner})], course)
    assert [entry.why for entry in intake.refused] == ["another file has the same name"]
    assert submitted(course)["alice/ps1/caf\u00e9.txt"] == b"1"


def test_utf_8_names_without_their_flag_are_read_as_such(course, download):
    inner = zipped({"ps1.ipynb": NOTEBOOK, "gr\u00f6\u00dfe.txt": b"1"})
    for header, flags in ((b"PK\3\4", 7), (b"PK\1\2", 9)):
        at = inner.rindex(header) + flags
        assert inner[at] == 8
        inner = inner[:at] + b"\0" + inner[at + 1 :]
    collect("ps1", [download("d", {"alice/sub.zip": inner})], course)
    assert "alice/ps1/gr\u00f6\u00dfe.txt" in submitted(course)


def encrypted(data):
    """The same archive with the flag of encryption on its first member."""
    flagged = bytearray(data)
    flagged[data.index(b"PK\1\2") + 8] |= 1
    return bytes(flagged)


GOOD_ZIP = zipped({"ps1.ipynb": NOTEBOOK})
BOMB = zipped({"ps1.ipynb": b" " * (archives.MAX_FILE - 1)})
BROKEN = {
    "cut": (GOOD_ZIP[: len(GOOD_ZIP) // 2], "not a whole zip"),
    "no zip": (b"hello", "not a whole zip"),
    "damaged": (GOOD_ZIP.replace(GOOD_ZIP[60:80], b"\xff" * 20), "damaged"),
    "encrypted": (encrypted(GOOD_ZIP), "encrypted"),
    "bomb": (BOMB, "zip bomb"),
    "large": (zipped({"ps1.ipynb": b" " * (archives.MAX_FILE + 1)}), "larger than"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_archive_is_told_and_kept_as_it_came(course, download, case):
    data, why = BROKEN[case]
    made = download("class", {"alice/sub.zip": data, "bob/sub.zip": GOOD_ZIP})
    intake = collect("ps1", [made], course)
    assert [(entry.student, why in entry.why) for entry in intake.refused] == [("alice", True)]
    assert submitted(course) == {"alice/ps1/sub.zip": data, "bob/ps1/ps1.ipynb": NOTEBOOK}


def test_archives_in_archives_are_opened_twice_and_no_deeper(course, download):
    data = GOOD_ZIP
    for student in ("alice", "bob"):
        data = zipped({"inner.zip": data})
        collect("ps1", [download(student, {f"{student}/sub.zip": data})], course)
    assert set(submitted(course)) == {"alice/ps1/ps1.ipynb", "bob/ps1/sub.zip"}


def test_a_member_named_like_another_student_stays_with_its_sender(course, download):
    forged = "ps1_bob_attempt_2026-02-01-10-00-00_x/ps1.ipynb"
    inner = zipped({"ps1.ipynb": NOTEBOOK, forged: OTHER})
    made = download("ps1_alice_attempt_2026-01-05-10-00-00_sub.zip", {})
    made.write_bytes(inner)
    assert outcomes(collect("ps1", [made], course)) == {"alice": "new"}


def test_a_table_of_contents_too_large_is_refused_unread(course, download):
    end = b"PK\5\6" + b"\0" * 6 + b"\xff\xff" + (archives.MAX_DIRECTORY + 1).to_bytes(4, "little") + b"\0" * 6
    made = download("class", {"alice/sub.zip": b"x" * 100 + end, "bob/sub.zip": GOOD_ZIP})
    intake = collect("ps1", [made], course)
    assert [entry.why for entry in intake.refused] == ["it has far too many members"]
    assert outcomes(intake)["bob"] == "new"


def test_very_many_members_are_bounded_and_the_notebook_is_among_those_taken(course, download):
    files = {"ps1.ipynb": NOTEBOOK} | {f"f{n}": b"" for n in range(quota.MAX_FILES + 299)}
    intake = collect("ps1", [download("d", {"alice/sub.zip": zipped(files)})], course)
    assert intake.collected[0].files == quota.MAX_FILES
    assert len(intake.refused) == 201
    assert (intake.refused[0].why, intake.refused[-1].path) == (quota.TOO_MUCH, "100 more")
    assert "alice/ps1/ps1.ipynb" in submitted(course)


def test_archives_without_a_notebook_are_not_unpacked_without_end(course, download, monkeypatch):
    files = {f"alice/{n}.zip": zipped({f"{n}{m}.csv": b"1" * 5000 for m in range(3)}) for n in range(3)}
    monkeypatch.setattr(parcel, "Quota", partial(parcel.Quota, to_read=8000))
    intake = collect("ps1", [download("d", files)], course)
    assert set(submitted(course)) == {"alice/ps1/0.zip"}
    assert {entry.why for entry in intake.refused} == {quota.TOO_MUCH}
    assert [entry.path for entry in intake.refused] == ["02.csv", "1.zip", "2.zip"]


def test_an_entry_that_claims_less_than_it_holds_is_damaged(course, download):
    data = bytearray(zipped({"ps1.ipynb": NOTEBOOK}))
    at = data.index(b"PK\1\2") + 24
    data[at : at + 4] = (10).to_bytes(4, "little")
    intake = collect("ps1", [download("d", {"alice/sub.zip": bytes(data)})], course)
    assert [entry.why for entry in intake.refused] == ["it is damaged"]


CHANGES = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6)


@settings(max_examples=300, deadline=None)
@given(CHANGES, CHANGES, st.integers(1, 20_000))
def test_an_archive_changed_at_random_is_unpacked_or_told(front, back, length):
    data = bytearray(zipped({"ps1.ipynb": b"{}", "a/b.txt": b"x" * 100, "c.txt": b""}))
    for at, byte in front:
        data[at % len(data)] = byte
    for at, byte in back:
        data[-1 - at % 200] = byte  # the table of contents
    sent = bytes(data[:length])
    packed = parcel.pack([SentFile(Sender(("a",)), "sub.zip", Member("sub.zip", lambda: sent))], {}, [])
    assert packed.files
    assert all(name_problem(path) == "" and ".." not in path.split("/") for path in packed.files)


def test_a_download_that_is_not_there_is_a_line_of_its_own(course, tmp_path):
    intake = collect("ps1", [tmp_path / "nothing.zip"], course)
    assert [(entry.download, entry.why) for entry in intake.refused] == [
        ("nothing.zip", "No such file or directory")
    ]


def test_gradescopes_table_of_wrong_types_names_nobody(course, roster, download):
    for table in ({"submission_11": 3}, {"submission_11": {":submitters": [None, 4]}}, [1], "x"):
        files = {"submission_metadata.yml": json.dumps(table).encode(), "submission_11/ps1.ipynb": NOTEBOOK}
        assert outcomes(collect("ps1", [download("g.zip", files)], course, roster=roster)) == {}


# --- the class


def command(course, *words):
    return CliRunner().invoke(main, ["collect", "ps1", *map(str, words), "--course-dir", str(course)])


def test_a_roster_reaches_the_gradebook_and_need_not_be_given_again(course, download, tmp_path):
    (tmp_path / "students.csv").write_text(ROSTER.replace(",", ";"), encoding="utf-8-sig")
    made = download("canvas.zip", dict.fromkeys(list(SHAPES["canvas"])[:2], NOTEBOOK))
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
