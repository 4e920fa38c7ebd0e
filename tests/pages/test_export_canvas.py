"""Marks for Canvas: its own columns, each mark in the row of the right student."""

from class_with_marks import CANVAS, export, table
from click.testing import CliRunner

from grader.cli import main
from grader.course.directory import open_course
from grader.pages.export.canvas import canvas_rows, read_canvas
from grader.pages.export.sheet import open_sheet
from grader.spreadsheet import read_table, write_table


def test_canvas_gets_its_own_ids_and_keeps_what_is_not_ours(marked, tmp_path):
    said = export(
        marked,
        "--to",
        "canvas",
        "--from",
        str(marked / "canvas.csv"),
        output=tmp_path / "out.csv",
    )
    rows = {row["ID"]: row["ps (77)"] for row in table(tmp_path / "out.csv") if row["ID"]}
    assert rows == {
        "9001": "6.75", "102": "5.5", "9003": "2.5", "9004": "4", "9005": "3", "9006": "",
        "9008": "EX", "9009": "-1", "9010": "",
    }  # fmt: skip
    assert "not written, no row of canvas.csv with this id or address: again, fresh" in said
    assert "ps (77) is worth 10.0 in Canvas, 7.5 in the gradebook" in said


def test_two_rows_that_claim_one_student_get_no_mark(marked, tmp_path):
    twice = [*CANVAS, ("Double", "9011", "ada", "", "A", "", "", "")]
    write_table(tmp_path / "twice.csv", twice)
    sheet = open_sheet(open_course(marked), "ps", marked / "students.csv")
    rows, notes = canvas_rows(sheet, read_canvas(tmp_path / "twice.csv"))
    assert {row[-1] for row in rows if row[1] in ("9001", "9011")} == {""}
    assert any(note.startswith("not written, 2 rows") and note.endswith(": ada") for note in notes)


def test_an_id_of_canvas_that_looks_like_a_student_is_not_that_student(marked, tmp_path):
    write_table(tmp_path / "near.csv", [*CANVAS[:4], ("Other, Olaf", "late", "", "olaf", "A", "", "", "")])
    sheet = open_sheet(open_course(marked), "ps", marked / "students.csv")
    rows, _ = canvas_rows(sheet, read_canvas(tmp_path / "near.csv"))
    assert rows[-1][-1] == ""


def test_canvas_export_with_semicolons_stays_one(marked, tmp_path):
    two = [(*row[0].split(", ", 1), "")[:2] + row[1:] for row in CANVAS[1:]]  # last and first name apart
    write_table(tmp_path / "canvas.csv", [("LastName", "FirstName", *CANVAS[0][1:]), *two], separator=";")
    export(marked, "--to", "canvas", "--from", str(tmp_path / "canvas.csv"), output=tmp_path / "out.csv")
    rows, separator = read_table(tmp_path / "out.csv")
    assert separator == ";" and rows[3][:4] == ["Lovelace", "Ada", "9001", ""] and rows[3][-1] == "6.75"


def test_what_canvas_calls_the_assignment_can_be_told(marked, tmp_path):
    words = ["export", "ps", "--course-dir", str(marked), "--to", "canvas", "--from"]
    output = ["-o", str(tmp_path / "out.csv")]
    write_table(tmp_path / "canvas.csv", [("Student", "ID", "Problem set 1 (5)"), ("A", "1", "")])
    refused = CliRunner().invoke(main, [*words, str(tmp_path / "canvas.csv"), *output])
    assert (
        refused.exit_code == 2 and "there is: Problem set 1 (5) -- name one with --column" in refused.output
    )
    told = [*words, str(tmp_path / "canvas.csv"), "--column", "Problem set 1", *output]
    assert CliRunner().invoke(main, told).exit_code == 0
