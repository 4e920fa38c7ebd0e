"""The answer key of an assignment, from any nbgrader course directory."""

import pytest
from small_course import HIDDEN, source_notebook, write_course

from grader.course.build import build
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.errors import CourseError
from grader.notebook.cells import find_cell


def test_a_course_without_chapters_or_gradebook(tmp_path):
    course = write_course(tmp_path)
    key = load_key(open_course(course), "ps")
    assert list(key.notebooks) == ["ps"]
    assert key.files == {"data.csv": b"1,2\n"}
    assert key.mistakes == {}
    assert sorted(path.name for path in course.iterdir()) == ["nbgrader_config.py", "source"]


def test_unsolved_holds_tests_and_no_solution(tmp_path):
    unsolved = load_key(open_course(write_course(tmp_path)), "ps").unsolved["ps"]
    assert HIDDEN in find_cell(unsolved, "test_relu").source
    assert "np.maximum" not in find_cell(unsolved, "relu").source
    assert "NotImplementedError" in find_cell(unsolved, "relu").source
    assert len(find_cell(unsolved, "why").metadata.nbgrader.checksum) == 32


def test_stubs_follow_the_course_configuration(tmp_path):
    course = write_course(tmp_path)
    with (course / "nbgrader_config.py").open("a") as config:
        config.write('c.ClearSolutions.code_stub = {"python": "..."}\n')
    assert find_cell(load_key(open_course(course), "ps").unsolved["ps"], "relu").source.endswith("    ...")


def test_mistakes_come_from_the_chapter(mini_course):
    build(mini_course, "00_mini")
    (mistake,) = load_key(open_course(mini_course), "00_mini").mistakes["test_relu"]
    assert mistake.loses == 2
    assert "z[z < 0] = 0" in mistake.source


def test_what_is_ignored_is_not_handed_to_students(tmp_path):
    course = write_course(tmp_path)
    (course / "source" / "ps" / "__pycache__").mkdir()
    (course / "source" / "ps" / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert list(load_key(open_course(course), "ps").files) == ["data.csv"]


def test_the_digest_says_whether_something_changed(tmp_path):
    first = load_key(open_course(write_course(tmp_path / "a")), "ps").digest
    assert load_key(open_course(write_course(tmp_path / "b")), "ps").digest == first
    changed = source_notebook()
    changed.cells[4].source += "\nassert True"
    assert load_key(open_course(write_course(tmp_path / "c", changed)), "ps").digest != first
    changed = source_notebook()
    find_cell(changed, "test_relu").metadata["inplace"] = True
    assert load_key(open_course(write_course(tmp_path / "e", changed)), "ps").digest != first
    course = write_course(tmp_path / "d")
    (course / "source" / "ps" / "data.csv").write_text("3\n")
    assert load_key(open_course(course), "ps").digest != first


def _twice(nb):
    nb.cells.append(nb.cells[4])


def _without_points(nb):
    del nb.cells[4].metadata.nbgrader["points"]


@pytest.mark.parametrize(("damage", "said"), [(_twice, "2 times"), (_without_points, "no points")])
def test_material_that_cannot_be_graded_names_the_cell(tmp_path, damage, said):
    nb = source_notebook()
    damage(nb)
    with pytest.raises(CourseError, match=said) as error:
        load_key(open_course(write_course(tmp_path, nb)), "ps")
    assert "[test_relu]" in str(error.value)
    assert "ps.ipynb" in str(error.value)


def test_faults_of_the_course_are_one_line(tmp_path):
    course = write_course(tmp_path)
    with pytest.raises(CourseError, match="no notebook of this assignment"):
        load_key(open_course(course), "ps9")
    (course / "source" / "ps" / "ps.ipynb").write_text("{")
    with pytest.raises(CourseError, match="not a readable notebook"):
        load_key(open_course(course), "ps")
    (course / "nbgrader_config.py").write_text("1 / 0")
    with pytest.raises(CourseError, match="ZeroDivisionError"):
        load_key(open_course(course), "ps")
    with pytest.raises(CourseError, match="no such course"):
        load_key(open_course(tmp_path / "nowhere"), "ps")
