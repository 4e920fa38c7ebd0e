"""A course with marks of its own around solutions and hidden tests, and tests made by AUTOTEST."""

import nbformat
import pytest
from foreign_course import grade, hand_in, notebook, points, write

from grader.course.directory import open_course
from grader.course.key import load_key
from grader.errors import CourseError
from grader.grading.assignment import grade_assignment
from grader.pages.feedback import write_feedback

TEXT = """
#% solution
import math
def area(r):
    ### ANSWER BEGIN
    return math.pi * r * r
    ### ANSWER END
#% test 2
assert area(1) > 3
# HIDE BEGIN
assert round(area(2)) == 13, "SECRET of the hidden test"
# HIDE END
"""
CONFIG = """
c.CourseDirectory.release_directory = "out"
c.ClearSolutions.begin_solution_delimeter = "ANSWER BEGIN"
c.ClearSolutions.end_solution_delimeter = "ANSWER END"
c.ClearHiddenTests.begin_test_delimeter = "HIDE BEGIN"
c.ClearHiddenTests.end_test_delimeter = "HIDE END"
c.ClearSolutions.code_stub = {"python": "pass  # yours"}
"""
POOR = {"solution1": "def area(r):\n    return 3.5"}


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    course = write(tmp_path_factory.mktemp("marks"), TEXT, CONFIG)
    return course, grade(course, {"poor": POOR})


def test_marks_of_its_own_cost_nobody_a_word(marked):
    _course, runs = marked
    assert {name: points(run) for name, run in runs.items()} == {"reference": [2], "blank": [0], "poor": [0]}
    assert [run.repairs for run in runs.values()] == [(), (), ()]


def test_what_stands_between_marks_of_its_own_stays_hidden(marked):
    course, runs = marked
    ((_, score),) = runs["poor"].scores
    assert score.cause == "a test you cannot see failed (AssertionError)"
    write_feedback(course, "ps")
    pages = [path.read_text() for path in (course / "feedback").rglob("*.html")]
    assert len(pages) == 3
    assert not any("SECRET" in page or "HIDE" in page for page in pages)
    assert all("area(1) &gt; 3" in page or "area" in page for page in pages)


def test_what_nbgrader_stores_is_as_the_instructor_wrote_it(marked):
    key = load_key(open_course(marked[0]), "ps")
    stored = [cell.source for cell in key.unsolved["nb"].cells]
    assert "# HIDE BEGIN" in stored[1]
    assert stored[0].endswith("pass  # yours")


def test_a_string_that_reads_like_a_mark_is_left_alone(tmp_path):
    text = '#% solution\nsay = "HIDE BEGIN"\n#% test 1\nassert say == "HIDE BEGIN"\n'
    source = write(tmp_path, text, CONFIG)
    key = load_key(open_course(source), "ps")
    assert [c.source for c in key.notebooks["nb"].cells] == [c.source for c in notebook(text).cells]


def test_a_region_without_an_end_names_the_file(tmp_path):
    course = write(tmp_path, "#% solution\n### ANSWER BEGIN\nx = 1\n#% test 1\nassert x\n", CONFIG)
    with pytest.raises(CourseError, match="no end solution statement found"):
        load_key(open_course(course), "ps")


def test_a_test_that_changed_after_its_release_had_been_edited_by_nobody(tmp_path):
    text = "#% solution\n### BEGIN SOLUTION\nx = 3\n### END SOLUTION\n#% test 1\n# one point\nassert x == 3\n"
    course = write(tmp_path, text)
    answers = {"edited": {"solution1": "x = 3", "test1": "# one point\nassert x == 3 or x"}}
    hand_in(course, {"honest": {"solution1": "x = 3"}, **answers})
    path = course / "source" / "ps" / "nb.ipynb"
    nb = nbformat.read(path, 4)
    nb.cells[1].source = "# two points\nassert x == 3\nassert x < 4"
    nb.cells[1].metadata.nbgrader.points = 2
    nbformat.write(nb, path)
    honest, edited = sorted(grade_assignment(course, "ps").runs, key=lambda run: run.student, reverse=True)
    assert (points(honest), honest.repairs) == ([2], ())
    assert points(edited) == [2]
    assert [repair.what for repair in edited.repairs] == [
        "The test cell test1 had been edited; it was put back."
    ]


AUTOTESTS = r'''
python3:
    setup: "import math"
    hash: 'str({{snippet}}).encode("utf-8")'
    dispatch: "type({{snippet}})"
    normalize: "str({{snippet}})"
    check: 'assert str({{snippet}}) == """{{value}}""", """{{message}}"""'
    success: "print('done')"
    templates:
        default:
            - test: "type({{snippet}})"
              fail: "the type of {{snippet}} is another"
            - test: "{{snippet}}"
              fail: "{{snippet}} is another"
'''


def test_autotest_lines_become_tests_as_in_the_release(tmp_path):
    text = """
#% solution
def twice(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
#% test 2
### AUTOTEST twice(4); twice("ab")
"""
    course = write(tmp_path, text, files={"autotests.yml": AUTOTESTS.encode()})
    near = {"solution1": "def twice(x):\n    return x + x if x == 4 else x"}
    runs = grade(course, {"near": near})
    assert {name: points(run) for name, run in runs.items()} == {"reference": [2], "blank": [0], "near": [0]}
