"""The shapes of downloads: each finds its students, its times and its files."""

import json
from datetime import datetime

import pytest
from downloads import NOTEBOOK, ROSTER, outcomes, submitted, zipped

from grader.course.directory import open_course
from grader.errors import CourseError
from grader.intake.collect import collect
from grader.intake.roster import Sender, read_students, roster_of
from grader.intake.submissions import read_submission

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
        "Alice Liddell_900_assignsubmission_file/ps1.ipynb": NOTEBOOK,
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


def test_a_file_beside_the_notebook_keeps_its_name_though_canvas_may_have_numbered_it(
    course, roster, download
):
    sent = {"88_ps1-1.ipynb": NOTEBOOK, "89_net-1.npz": b"1", "90_two.csv": b"2", "91_two-2.csv": b"3"}
    collect(
        "ps1", [download("c", {f"liddellalice_101_{k}": v for k, v in sent.items()})], course, roster=roster
    )
    folder = course / "submitted" / "alice" / "ps1"
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".txt"}
    wanted = {"net-1.npz": b"1", "net.npz": b"1", "two.csv": b"2", "two-2.csv": b"3"}
    assert found == wanted | {"ps1.ipynb": NOTEBOOK}


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
    } | {f"LATE_anon_a4B3d_8_{file}": NOTEBOOK for file in ("ps1.ipynb", "notes.ipynb")}
    intake = collect("ps1", [download("canvas.zip", files)], course, roster=roster)
    assert outcomes(intake) == {}
    assert intake.unknown == [
        "smith, 0 (canvas.zip)",
        "liddell, 1 (canvas.zip)",
        "aliceliddel, 2 (canvas.zip)",
        "anon_a4B3d (canvas.zip)",
    ]


def test_a_name_that_two_students_share_finds_neither(tmp_path):
    path = tmp_path / "students.csv"
    path.write_text(ROSTER + "al2,Alice,Liddell,,\n")
    roster = roster_of(read_students(path))
    assert roster.find(Sender(name="Alice Liddell")) is None
    assert roster.namesakes(Sender(name="Liddell Alice")) == ["al2", "alice"]
    assert roster.namesakes(Sender(name="Bob ONeill-Smith")) == roster.namesakes(Sender()) == []
    assert roster.find(Sender(name="Bob ONeill-Smith")) == "bob"
    assert roster.find(Sender(email="Alice@Example.org")) == "alice"


@pytest.mark.parametrize("bad", ["id\n../evil\n", "id\na\na\n", "id\n.git\n", "id\na/b\n"])
def test_a_roster_with_an_impossible_id_is_an_error(tmp_path, bad):
    (tmp_path / "students.csv").write_text(bad)
    with pytest.raises(CourseError, match="student id"):
        read_students(tmp_path / "students.csv")


@pytest.mark.parametrize(
    ("bad", "why"), [("", "no column id"), ("name\nx\n", "no column id"), ("id\n", "without st")]
)
def test_a_roster_of_nobody_is_an_error(tmp_path, bad, why):
    (tmp_path / "students.csv").write_text(bad)
    with pytest.raises(CourseError, match=why):
        read_students(tmp_path / "students.csv")


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("Alice Liddell_900_assignsubmission_onlinetext/onlinetext.html", "onlinetext.html"),
        ("liddellalice_LATE_101_text.html", "text.html"),
    ],
)
def test_what_was_typed_into_a_platform_is_kept_for_who_typed_it(course, roster, download, path, kept):
    intake = collect("ps1", [download("typed", {path: b"<p>here</p>"})], course, roster=roster)
    assert submitted(course) == {f"alice/ps1/{kept}": b"<p>here</p>"}
    assert {"ps1.ipynb was not sent.", f"sent, but not counted: {kept}"} <= set(intake.collected[0].notes)


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


def test_gradescopes_table_of_wrong_types_names_nobody(course, roster, download):
    for table in ({"submission_11": 3}, {"submission_11": {":submitters": [None, 4]}}, [1], "x"):
        files = {"submission_metadata.yml": json.dumps(table).encode(), "submission_11/ps1.ipynb": NOTEBOOK}
        assert outcomes(collect("ps1", [download("g.zip", files)], course, roster=roster)) == {}
