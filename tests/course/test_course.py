"""Chapters -> source -> release: same bytes each time, faults named, nothing leaks."""

import json
from pathlib import Path

import nbformat
import pytest
from repository import MINI, ROOT

from grader.course.build import build, chapters
from grader.course.chapter import PRIVATE, read_chapter
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.course.release import release
from grader.errors import CourseError
from grader.notebook.names import defined, used

CHAPTERS = sorted((ROOT / "course" / "chapters").glob("*.md"))


def test_a_build_gives_the_same_bytes_and_nbgraders_metadata(mini_course):
    (path,) = build(mini_course)
    first = path.read_bytes()
    assert build(mini_course)[0].read_bytes() == first
    nb = nbformat.read(path, as_version=4)
    nbformat.validate(nb)
    grading = {c.id: c.metadata.nbgrader for c in nb.cells if "nbgrader" in c.metadata}
    assert set(grading) == {"relu", "test_relu"}
    assert grading["test_relu"].points == 4 and grading["test_relu"].locked


def test_the_set_up_the_test_cells_and_hidden_plain_cells_are_folded(mini_course):
    path = mini_course / "chapters" / "00_mini.md"
    path.write_text(MINI + "\n```{code-cell}\n:demo: true\n:hide: true\n\nprint(relu(2))\n```\n")
    build(mini_course)
    for folder in ("source", "release"):
        release(mini_course, "00_mini")
        nb = nbformat.read(mini_course / folder / "00_mini" / "00_mini.ipynb", as_version=4)
        folded = [c.source for c in nb.cells if c.metadata.get("jupyter") == {"source_hidden": True}]
        assert nb.cells[0].id == "set-up" and nb.cells[0].metadata.tags == ["demo"]
        starts = [source.split("\n")[0][:8] for source in folded]
        assert starts == ["# Set-up", "grade = ", "print(re"]
        assert sum("grade_id" in c.metadata.get("nbgrader", {}) for c in nb.cells) == 2


def test_an_exercise_is_not_hidden(mini_course):
    (mini_course / "chapters" / "00_mini.md").write_text(
        MINI.replace(":points: 4", ":points: 4\n:hide: false")
    )
    with pytest.raises(CourseError, match="unknown cell option hide"):
        build(mini_course)


FAULTS = {
    "duplicate id": (":wrong: relu\n:loses: 2", ":solution: relu", "duplicate id: already used on line"),
    "points missing": (":points: 4\n", "", "points missing"),
    "unknown exercise": (":right: relu", ":right: rleu", "unknown exercise"),
    "no markers": ("    ### BEGIN SOLUTION\n", "", "without its markers"),
    "open hidden tests": ("### END HIDDEN TESTS\n", "", "unbalanced markers"),
    "undefined name": ("np.maximum(z, 0))\n###", "np.maximum(z, zero))\n###", "uses zero, which no cell"),
    "no hint": (":hint:", ":hnt:", "unknown cell option hnt"),
    "an id with a space": (":right: relu", ":right: re lu", "cannot be the name of an exercise"),
    "an option without its colon": (":loses: 2", ":loses 2", "not a cell option: :loses 2"),
    "no YAML": (":points: 4", ":points: [4", "not readable: :points: [4"),
    "tabs": ("    return np.maximum", "\treturn np.maximum", "no Python: inconsistent use of tabs"),
    "loses too much": (":loses: 2", ":loses: 5", "what it loses"),
}


EXACT = {"an option without its colon", "no YAML", "tabs"}  # these are blamed on the very line


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_name_file_line_and_remedy(mini_course, fault):
    old, new, says = FAULTS[fault]
    assert old in MINI
    text = MINI.replace(old, new)
    if fault == "duplicate id":
        text = "\n".join(line for line in text.split("\n") if not line.startswith(":hint:"))
    (mini_course / "chapters" / "00_mini.md").write_text(text)
    with pytest.raises(CourseError) as error:
        build(mini_course)
    assert says in str(error.value)
    if fault in EXACT:
        assert new in text.split("\n")[error.value.line - 1]
    assert error.value.line and error.value.remedy and "00_mini.md" in error.value.file


def test_a_head_that_is_no_yaml_is_told(mini_course):
    text = MINI.replace("language: python}", "language: python", 1)
    assert text != MINI
    (mini_course / "chapters" / "00_mini.md").write_text(text)
    with pytest.raises(CourseError, match="not readable as MyST: Notebook metadata"):
        build(mini_course)


def test_a_chapter_that_begins_with_an_empty_cell_has_the_title_of_its_file(tmp_path):
    (tmp_path / "00_mini.md").write_text("```{code-cell}\n```\n")
    assert read_chapter(tmp_path / "00_mini.md").title == "00_mini"


def test_the_release_holds_no_private_line(mini_course):
    build(mini_course)
    release(mini_course, "00_mini")
    assert leaks(mini_course / "chapters" / "00_mini.md", mini_course / "release") == []


def test_a_leak_would_be_seen(mini_course):
    """The near miss: a source notebook in place of the release must be refused by the same check."""
    build(mini_course)
    assert leaks(mini_course / "chapters" / "00_mini.md", mini_course / "source")


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_committed_releases_are_in_step_and_leak_nothing(path, tmp_path):
    course = tmp_path / "course"
    course.mkdir()
    for name in ("chapters", "nbgrader_config.py", "../assets"):
        (course / name).symlink_to((ROOT / "course" / name).resolve())
    build(course, path.stem)
    fresh = release(course, path.stem)
    committed = ROOT / "course" / "release" / path.stem
    assert files(committed) == files(fresh), "run `make release` and commit course/release"
    assert leaks(path, committed.parent) == []


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def leaks(chapter_path: Path, released: Path) -> list[str]:
    """Lines that only private parts of a chapter hold and that stand in a released notebook all the same."""
    name = chapter_path.stem
    cells = json.loads((released / name / f"{name}.ipynb").read_text())["cells"]
    shown = {line.strip() for cell in cells for line in "".join(cell["source"]).splitlines()}
    public, private = set(), set()
    for cell in read_chapter(chapter_path).cells:
        inside = cell.kind in PRIVATE
        for line in cell.source.splitlines():
            inside = inside or line.strip().startswith("### BEGIN")
            (private if inside else public).add(line.strip())
            inside = inside and not line.strip().startswith("### END")
            inside = inside or cell.kind in PRIVATE
    return sorted(line for line in (private - public) & shown if len(line) > 8)


def test_an_unknown_assignment_is_named(mini_course):
    with pytest.raises(CourseError, match="chapters here: 00_mini"):
        chapters(mini_course, "07_nothing")


def test_names_of_a_cell():
    source = "%matplotlib inline\nimport numpy as np\ndef f(x, *, k=2):\n    return x + np.e + later(k)"
    assert defined(source) == ["np", "f"]
    assert used(source) == {"later"}
    assert used("with grade('a', 1) as g:\n    [i for i in range(n)]") == {"grade", "n"}


def test_a_chapter_that_was_edited_and_not_built_grades_nobody(mini_course):
    build(mini_course)
    assert load_key(open_course(mini_course), "00_mini").digest
    path = mini_course / "chapters" / "00_mini.md"
    path.write_text(MINI.replace(":points: 4", ":points: 5"))
    with pytest.raises(CourseError, match=r"not what 00_mini.md says now -- run `grader build 00_mini`"):
        load_key(open_course(mini_course), "00_mini")


def test_a_name_that_was_mistyped_is_guessed(mini_course):
    build(mini_course)
    with pytest.raises(CourseError, match=r"did you mean 00_mini\?"):
        load_key(open_course(mini_course), "00_mni")
