"""What formgrader shows of a student's notebook runs nothing: who opens it may do anything on the server."""

import re
from pathlib import Path

import nbformat
import nbgrader
import pytest
from bs4 import BeautifulSoup
from harmful import HARMFUL, MARK
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell
from small_course import GOOD, answered, write_course
from traitlets.config import Config

from grader.books.autograded import write_autograded
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.engine.wire.admission import admitted
from grader.records import Execution, GradedSubmission, Status, Submission

TEMPLATES = Path(nbgrader.__file__).parent / "server_extensions/formgrader/templates"
LINKS = [
    f"[a]({scheme}alert('{MARK}'))"
    for scheme in ("javascript:", "JavaScript&colon;", "java&Tab;script:", "javascript&#58;", "javascript\\:")
]
LINKS += [
    f"[a][b]\n\n[b]: javascript:{MARK}()",
    f"![a](x)<img/src=x\nonerror={MARK}()>",
    f"<a\nhref='{MARK}'>",
]


def formgrader_page(nb):
    config = Config()
    config.HTMLExporter.update(template_name="formgrade", extra_template_basedirs=[str(TEMPLATES)])
    names = ("base_url", "submission_id", "notebook_id", "assignment_id", "mathjax_url")
    resources = {"index": 0, "total": 1} | dict.fromkeys(names, "")
    return HTMLExporter(config=config).from_notebook_node(nb, resources=resources)[0]


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    """A function from a student's notebook to the page of formgrader."""
    course = write_course(tmp_path_factory.mktemp("formgrader"))
    key = load_key(open_course(course), "ps")

    def page(nb):
        run = Execution(nb, Status.COMPLETED, 0.1, 1.0)
        submission = Submission("ada", "ps", None, {})
        write_autograded(
            course / "autograded", key, GradedSubmission(submission, run.status, {"ps": run}, {})
        )
        nb = nbformat.read(course / "autograded" / "ps.ipynb", as_version=4)
        return formgrader_page(nb)

    return page


def alive(page):
    """The tags of the page in which something of the student's would run or be loaded."""
    for tag in BeautifulSoup(page, "html.parser").find_all(True):
        texts = [value for name, value in tag.attrs.items() if name not in ("title", "id", "name", "href")]
        scheme = re.sub(r"[\0-\x20]", "", tag.get("href", "")).partition(":")[0].lower()
        loads = tag.name in ("script", "style", "iframe", "svg", "math", "form", "meta", "link")
        runs = scheme in ("javascript", "vbscript", "data") or (loads and MARK in tag.decode_contents())
        if runs or any(MARK in text for text in texts):
            yield str(tag)


def own_cells(text):
    data = {"text/html": text, "text/markdown": text, "text/latex": text}
    outputs = [new_output("display_data", {kind: text}) for kind, text in data.items()]
    outputs += admitted([new_output("display_data", {"image/png": f"x' onerror='{MARK}()"})], 10_000)[0]
    return [new_markdown_cell(text), new_raw_cell(text), new_code_cell(text, outputs=outputs)]


@pytest.mark.parametrize("harmful", [*HARMFUL, *LINKS])
def test_nothing_a_student_writes_is_alive(show, harmful):
    nb = answered(GOOD | {"why": harmful})
    nb.cells += own_cells(harmful)
    page = show(nb)
    assert list(alive(page)) == []
    assert page.count(MARK) >= 3  # it is shown all the same


def test_the_check_sees_what_is_alive(show, monkeypatch):
    monkeypatch.setattr("grader.books.autograded.defuse", lambda nb, key, name: None)
    nb = answered(GOOD)
    nb.cells += own_cells(HARMFUL[1])
    assert len(list(alive(show(nb)))) >= 3


def test_formulas_and_tables_look_as_before(show):
    nb = answered(GOOD | {"why": "If $a<b$ then `x<y` and **so**."})
    table = "<table><tr><td>7</td></tr></table>"
    nb.cells.append(new_code_cell("frame", outputs=[new_output("display_data", {"text/html": table})]))
    page = show(nb).replace("\u2060", "")
    assert "$a&lt;b$" in page and "<code>x&lt;y</code>" in page and "<strong>so</strong>" in page
    assert table in page
