"""`grader lab` in a real browser: Validate is there and speaks, the instructor's panels are not."""

import nbformat
import pytest
from chromium import PATIENCE, chromium, jupyterlab
from repository import ROOT

from grader.learner.start_page import write_start_page
from grader.learner.workcopy import refresh


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address that a running JupyterLab tells, and the folder of its working copy of the release."""
    work = tmp_path_factory.mktemp("lab") / "lab"
    with jupyterlab(work, port=8959) as (server, start, token):
        yield f"{server}{start}?{token}", work


@pytest.fixture(scope="module")
def start(lab):
    """JupyterLab as a student's browser is sent to it."""
    address, _ = lab
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(address)
        yield page


@pytest.fixture(scope="module")
def page(start):
    reach(start, "Gradients: how much does it matter?")
    start.keyboard.press("Enter")
    start.wait_for_selector(".jp-Notebook .jp-Cell")
    return start


def reach(page, what):
    """Go to a link or a button by the key that goes from one to the next."""
    for _ in range(60):
        if what == page.evaluate("document.activeElement.textContent"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {what}")


def test_the_lab_opens_with_the_chapters_and_the_keyboard_goes_to_the_next_one(start):
    table = start.locator(".jp-RenderedMarkdown table")
    table.get_by_text("00_toolbox").wait_for()
    assert table.locator("tr").count() == 12 and "0 of 80" in table.inner_text()
    next_one = start.locator(".jp-RenderedMarkdown p", has_text="Next:").get_by_role("link")
    assert next_one.inner_text() == "Toolbox: the notebook, the grader, the picture"


def test_validate_tells_the_student_what_is_missing(page):
    page.click("text=Validate")
    page.wait_for_selector(".jp-Dialog")
    text = page.inner_text(".jp-Dialog")
    assert "failed" in text.lower() and "not started" in text.lower()
    page.click(".jp-Dialog button")


def test_the_instructors_panels_are_not_there(page):
    assert page.get_by_role("button", name="Validate").count() or "Validate" in page.inner_text("body")
    for panel in ("Formgrader", "Create Assignment", "Course List", "Assignment List"):
        assert panel not in page.inner_text("body")
    assert page.locator("text=Nbgrader").count() == 0


FORWARD = "def derivative(f, x, h=1e-5, kind='central'):\n    return (f(x + h) - f(x)) / h"
SWAPPED = "def grad_product(x, y):\n    return x, y"
MENDED = "def grad_product(x, y):\n    return y, x"
CENTRAL = FORWARD.replace(
    "    return", "    if kind == 'central':\n        return (f(x + h) - f(x - h)) / (2 * h)\n    return"
)


ACTIVE = ".jp-Notebook .jp-Cell.jp-mod-active"


class Desk:
    """A student at the keyboard, in the notebook that the page shows."""

    def __init__(self, page, notebook):
        cells = nbformat.read(notebook, as_version=4).cells
        self.page, self.place = page, {cell.id: number for number, cell in enumerate(cells)}

    def cell(self, name):
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{self.place[name]}"]')

    def go_to(self, name):
        """Select a cell by the keys that go up and down; they pass over cells that are folded."""
        self.page.keyboard.press("Escape")
        while at := self.place[name] - self.active():
            before = self.active()
            self.page.keyboard.press("j" if at > 0 else "k")
            self.page.wait_for_selector(f'{ACTIVE}:not([data-windowed-list-index="{before}"])')

    def active(self):
        return int(self.page.locator(ACTIVE).get_attribute("data-windowed-list-index"))

    def run(self, name, source=""):
        """Run a cell, with `source` written into it, and the folded test below where it is an answer."""
        self.go_to(name)
        if source:
            for key in ("Enter", "Control+a"):
                self.page.keyboard.press(key)
            self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Shift+Enter")
        if f"test_{name}" in self.place:
            self.page.keyboard.press("Shift+Enter")

    def asked(self, name, source, question, example):
        """Answer wrongly: what stands below the test then, the question in it, and its example, folded."""
        self.run(name, source)
        below = self.cell(f"test_{name}")
        below.get_by_text(question).wait_for()
        folded = below.get_by_text(example)
        assert not folded.is_visible()
        return below, folded

    def unfold(self, what, key):
        """Go with `key` to what is folded in an output, and unfold it."""
        for _ in range(20):
            self.page.keyboard.press(key)
            if what == self.page.evaluate("document.activeElement.textContent"):
                return self.page.keyboard.press("Enter")
        raise AssertionError(f"no {what} among what {key} reaches")


@pytest.fixture(scope="module")
def desk(page, lab):
    _, work = lab
    desk = Desk(page, work / "01_gradients" / "01_gradients.ipynb")
    page.click(".jp-Notebook .jp-Cell >> nth=0")
    desk.run("cell-01")
    return desk


def test_a_wrong_answer_gets_its_question_the_next_hint_and_once_mended_its_points(desk):
    question = "You always take the forward difference"
    below, example = desk.asked("derivative", FORWARD, question, "A car stands at kilometre")
    for label in ("Next hint", "Show example"):
        below.get_by_text(label).click()
    example.wait_for()
    desk.run("derivative", CENTRAL)
    below.get_by_text("7 of 10 points so far").wait_for()
    assert not below.get_by_text("You always take").count()


def test_the_keyboard_alone_is_enough(desk):
    question = "Your two answers have changed places"
    below, example = desk.asked("grad_product", SWAPPED, question, "Another function: g(x, y)")
    desk.unfold("Next hint", "Shift+Tab")
    desk.unfold("Show example", "Tab")
    example.wait_for()
    desk.run("grad_product", MENDED)
    below.get_by_text("2 of 4 points so far").wait_for()
    desk.run("cell-01", "progress()")
    drawn = desk.cell("cell-01")
    drawn.get_by_text("of 80").wait_for()
    assert "01_gradients         ◪◪□" in drawn.inner_text()


def test_opened_the_next_day_the_lab_tells_what_is_done_and_keeps_what_was_written(desk, lab):
    address, work = lab
    desk.page.keyboard.press("Control+s")
    notebook = work / "01_gradients" / "01_gradients.ipynb"
    desk.page.wait_for_function("!document.querySelector('.jp-mod-dirty')")
    assert MENDED in [cell.source for cell in nbformat.read(notebook, as_version=4).cells]
    saved = notebook.read_bytes()
    assert refresh(ROOT / "course" / "release", work) == []
    write_start_page(work)
    desk.page.goto(address)
    desk.page.locator(".jp-RenderedMarkdown tr", has_text="01_gradients").get_by_text("9 of 80").wait_for()
    assert notebook.read_bytes() == saved


def test_the_working_copy_is_the_release(lab):
    _, work = lab
    copy = nbformat.read(work / "01_gradients" / "01_gradients.ipynb", as_version=4)
    assert any("raise NotImplementedError" in cell.source for cell in copy.cells)
