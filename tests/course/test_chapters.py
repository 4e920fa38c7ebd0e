"""Every released chapter, run from top to bottom as a student would who answers everything right.

The chapters run in their order in one working copy, so that mynet.py grows from one to the next.
"""

import re
from itertools import pairwise

import nbformat
import pytest
from bs4 import BeautifulSoup
from repository import ROOT
from nbclient import NotebookClient

from cs231nlib.alt_text import UNDESCRIBED
from cs231nlib.grading import MIME
from grader.course.build import source_notebook
from grader.course.chapter import read_chapter
from grader.learner.workcopy import refresh

NAMES = [path.stem for path in sorted((ROOT / "course" / "chapters").glob("*.md"))]
MAX_LINES, MAX_WORDS = 25, 150
MAX_WIDTH = 100  # characters of code: what a laptop shows of a line beside the list of files
LINK = re.compile(r"\]\(([^)#\s]+)")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    refresh(ROOT / "course" / "release", folder)
    return folder


def released(name):
    return nbformat.read(ROOT / "course" / "release" / name / f"{name}.ipynb", as_version=4)


def answered(name):
    """The released notebook with the reference answers put in."""
    answers = {cell.id: cell.source for cell in source_notebook(read(name)).cells}
    nb = released(name)
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = answers[cell.id]
    return nb


def read(name):
    return read_chapter(ROOT / "course" / "chapters" / f"{name}.md")


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_runs_from_top_to_bottom_without_a_warning(name, lab, monkeypatch):
    monkeypatch.setenv("PYTHONWARNINGS", "default")
    monkeypatch.setenv("PYTHONPATH", str(lab))
    nb = answered(name)
    resources = {"metadata": {"path": str(lab / name)}}
    NotebookClient(nb, timeout=300, kernel_name="python3", resources=resources).execute()
    outputs = [out for cell in nb.cells for out in cell.get("outputs", [])]
    warned = [out.text for out in outputs if out.get("name") == "stderr"]
    assert [text for text in warned if "scipy.misc is deprecated" not in text] == []  # 00 repairs that line
    assert_full_marks(nb)
    assert undescribed(nb) == []


def undescribed(nb):
    """Ids of the cells that show a picture without alt text of its own."""
    return [cell.id for cell in nb.cells for out in cell.get("outputs", []) if shows_undescribed(out)]


def shows_undescribed(out):
    images = BeautifulSoup(out.get("data", {}).get("text/html", ""), "html.parser").find_all("img")
    words = [image.get("alt", "") for image in images] or [""] * ("image/png" in out.get("data", {}))
    return not all(words) or any(UNDESCRIBED in alt for alt in words)


@pytest.mark.parametrize(
    "data, silent",
    [
        ({"text/html": '<img alt="A rising line." src="">', "image/png": "iVBOR"}, False),
        ({"text/html": '<img alt="A rising line." src=""><img src="">'}, True),
        ({"text/html": f'<img alt="{UNDESCRIBED}; loss" src="">'}, True),
        ({"image/png": "iVBOR"}, True),
        ({"text/html": "<p>no picture</p>"}, False),
    ],
)
def test_a_picture_without_alt_text_would_be_seen(data, silent):
    assert shows_undescribed(nbformat.v4.new_output("display_data", data=data)) is silent


def assert_full_marks(nb):
    """The student sees every check pass; a `grade.total()` ends each test."""
    for cell in nb.cells:
        settings = cell.metadata.get("nbgrader", {})
        if settings.get("grade") and cell.cell_type == "code":
            (rows,) = [out.data[MIME] for out in cell.outputs if MIME in out.get("data", {})]
            assert rows and all(row["passed"] for row in rows), settings.grade_id


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_keeps_to_the_form(name):
    nb = released(name)
    for cell in nb.cells:
        lines, words = len(cell.source.splitlines()), len(cell.source.split())
        assert cell.cell_type != "code" or lines <= MAX_LINES, f"{cell.id}: {lines} lines"
        assert cell.cell_type == "code" or words <= MAX_WORDS, f"{cell.id}: {words} words"
        wide = [line for line in cell.source.splitlines() if len(line) > MAX_WIDTH]
        assert cell.cell_type != "code" or is_folded(cell) or wide == [], cell.id
    kinds = "".join("m" if cell.cell_type == "markdown" else "c" for cell in nb.cells)
    assert "mmm" not in kinds, "more than two text cells in a row"


@pytest.mark.parametrize("name", NAMES)
def test_at_most_a_quarter_of_a_chapter_is_code_of_ours_on_show(name):
    cells = released(name).cells
    shown = sum(lines_of(cell) for cell in cells if is_on_show(cell))
    most = 1 / 3 if name == "00_toolbox" else 1 / 4  # in 00 the code itself is what one looks at
    assert shown <= most * sum(map(lines_of, cells)), f"{shown} lines; fold what only draws"


def lines_of(cell):
    """How many lines a cell fills, with text wrapped as JupyterLab does."""
    width = 95 if cell.cell_type == "markdown" else 10**6
    return sum(-(-len(line) // width) for line in cell.source.splitlines())


def is_on_show(cell):
    """Whether it is code that is neither folded nor an exercise."""
    return cell.cell_type == "code" and not is_folded(cell) and "nbgrader" not in cell.metadata


def is_folded(cell):
    return cell.metadata.get("jupyter", {}).get("source_hidden", False)


@pytest.mark.parametrize("name", NAMES)
def test_no_heading_stands_twice(name):
    text = "\n".join(cell.source for cell in released(name).cells if cell.cell_type == "markdown")
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert sorted(headings) == sorted(set(headings))


@pytest.mark.parametrize("name", NAMES)
def test_the_question_of_a_text_answer_stands_before_it(name):
    """The release empties the answer's own cell."""
    cells = released(name).cells
    for before, cell in pairwise(cells):
        settings = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and settings.get("grade"):
            assert cell.source == "YOUR ANSWER HERE", cell.id
            assert before.cell_type == "markdown" and "points" in before.source, cell.id


@pytest.mark.parametrize("name", NAMES)
def test_links_and_pictures_resolve(name):
    folder = ROOT / "course" / "release" / name
    texts = [cell.source for cell in released(name).cells if cell.cell_type == "markdown"]
    local = [link for text in texts for link in LINK.findall(text) if "://" not in link]
    assert [link for link in local if not (folder / link).exists()] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_has_its_wrong_and_right_answers(name):
    chapter = read(name)
    for exercise in chapter.exercises:
        assert len(chapter.mistakes(exercise)) >= 4, exercise
        assert len(chapter.rights(exercise)) >= 1, exercise
        assert len(chapter.hints(exercise)) >= 2, f"{exercise}: a hint and an example"


def test_the_points_of_the_course():
    planned = dict(enumerate((20, 80, 110, 80, 90, 140, 70, 100, 100, 90, 85)))
    for name in NAMES:
        chapter = read(name)
        points = sum(chapter.points(exercise) for exercise in chapter.exercises)
        assert points == planned[int(name[:2])], name
