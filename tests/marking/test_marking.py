"""Marking by hand in a browser, by the keyboard alone; the marks reach every place where marks are read."""

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from chromium import chromium
from harmful import MARK
from nbgrader.api import Gradebook as Nbgrader
from reports import class_with_reports
from small_course import submit, write_course

from grader.course.directory import open_course
from grader.grading.assignment import grade_assignment
from grader.marking.pile import open_piles
from grader.pages.export.sheet import open_sheet
from grader.pages.feedback import write_feedback
from grader.pages.report import write_report
from grader.records import Status

REPORTS = 200
SLOW = """const direct = window.fetch; window.fetch = async (...how) => {
    await new Promise((go) => setTimeout(go, 250)); return direct(...how); }"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return class_with_reports(tmp_path_factory.mktemp("marking"), REPORTS)


@pytest.fixture(scope="module")
def address(course):
    """Where `grader mark` serves, with its token."""
    command = [f"{sys.prefix}/bin/grader", "mark", "ps", "--no-browser", "--course-dir", str(course)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    yield re.search(r"http://\S+", server.stdout.readline())[0]
    server.terminate()
    server.wait(20)


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def page(browser, address):
    context = browser.new_context()
    context.add_init_script(f"window.ran = 0; window.{MARK} = () => {{ window.ran += 1 }}")
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("#list button")
    return page


def wait_for(page, text):
    page.locator("#where", has_text=text).wait_for()


def test_two_hundred_reports_are_marked_by_the_keyboard(page, course):
    """One key for each answer, once the rubric has its lines."""
    assert "0 of 200 marked" in page.inner_text("#list")
    page.keyboard.press("Enter")
    wait_for(page, "Answer 1 of 200, 0 marked")
    for points, words in (("1.5", "Say <why>."), ("2", "=Good & clear")):
        for key in ("p", *points, "Escape", "c"):
            page.keyboard.press(key)
        page.keyboard.press("Control+A")
        page.keyboard.type(words)
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        page.wait_for_function(
            "words => document.getElementById('rubric').textContent.includes(words)", arg=words
        )
        page.evaluate("document.getElementById('points').value = ''")
    for number in range(20):
        page.keyboard.press("12"[number % 2])
        wait_for(page, f"{number + 1} marked")
    page.keyboard.press("f")
    wait_for(page, "21 marked")
    page.keyboard.press("0")
    wait_for(page, "Answer 23 of 200, 22 marked")
    page.keyboard.press("k")
    wait_for(page, "Answer 22 of 200")
    page.keyboard.press("p")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    page.get_by_text("This question is worth 2 points", exact=True).wait_for()
    assert page.evaluate("window.ran") == 0
    assert (
        page.evaluate("document.querySelectorAll('#answer script, #answer iframe, #answer style').length")
        == 0
    )
    rubric = json.loads((course / "rubrics" / "ps.json").read_text())
    assert rubric["ps/why"][0] == {"points": 1.5, "text": "Say <why>."}


def test_the_marks_are_everywhere(page, course):
    """After the test above: nbgrader's rows, and with them formgrader, feedback, report and export."""
    first = list(open_piles(course, "ps").students("ps", "why").values())[:23]
    with Nbgrader(f"sqlite:///{course}/gradebook.db", "small") as book:
        grades = [book.find_grade("why", "ps", "ps", student) for student in first]
        assert [grade.manual_score for grade in grades] == [1.5, 2.0] * 10 + [2.0, 0.0, None]
        assert [grade.needs_manual_grade for grade in grades] == [False] * 22 + [True]
        assert book.find_comment("why", "ps", "ps", first[1]).comment == "=Good & clear"
    (told,) = write_feedback(course, "ps", first[0])
    assert "Say &lt;why&gt;." in told.read_text() and "4.5" in told.read_text()
    facts = json.loads(write_report(course, "ps").with_suffix(".json").read_text())
    assert {one["student"]: one["points"] for one in facts["students"]}[first[0]] == 4.5
    marks = open_sheet(open_course(course), "ps").marks
    assert (marks[first[0]].score, marks[first[22]].score) == (4.5, None)


@pytest.mark.parametrize("theme, ground", [("light", "rgb(245, 247, 249)"), ("dark", "rgb(18, 23, 29)")])
def test_everybody_can_mark(browser, address, theme, ground):
    """On a phone, in the dark, on paper, and by what a screen reader is told."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="NO AXE: it is not installed")
    phone = {"viewport": {"width": 360, "height": 740}, "bypass_csp": True, "color_scheme": theme}
    page, asked = browser.new_context(**phone).new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.wait_for_selector("#list button")
    assert _grave(axe, page) == []
    page.keyboard.press("Enter")
    wait_for(page, "of 200")
    assert _grave(axe, page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    before = page.inner_text("#where")
    page.get_by_label("Next answer").click()  # no keyboard on a phone
    page.wait_for_function("before => document.getElementById('where').textContent !== before", arg=before)
    page.get_by_label("Previous answer").click()
    wait_for(page, before)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
    page.emulate_media(media="print", color_scheme=theme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert asked and all(url.startswith(address.partition("?")[0]) for url in asked)
    page.context.close()


def _grave(axe, page):
    found = axe.Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]


def test_two_markers_do_not_overwrite_each_other(browser, address):
    """Whoever comes second to an answer is shown the mark that is there; the next one is still open."""
    first, second = (browser.new_context().new_page() for _ in range(2))
    for page in (first, second):
        page.goto(address)
        page.wait_for_selector("#list button")
        page.keyboard.press("Enter")
        page.locator("#where", has_text="Answer").wait_for()
    place, marked = re.fullmatch(r"(Answer \d+ of 200), (\d+) marked", first.inner_text("#where")).groups()
    assert second.inner_text("#where") == first.inner_text("#where")
    first.keyboard.press("f")
    wait_for(first, f"{int(marked) + 1} marked")
    second.keyboard.press("0")
    second.get_by_text("Somebody else has marked this answer meanwhile").wait_for()
    assert (second.input_value("#points"), second.inner_text("#where").split(",")[0]) == ("2", place)
    second.keyboard.press("n")
    wait_for(second, f"{int(marked) + 1} marked")
    assert second.inner_text("#where") == first.inner_text("#where")


def test_what_is_typed_before_the_next_answer_is_there_marks_nothing(browser, address, course):
    """A slow gradebook: the comment that somebody begins has an f in it, and an Enter at its end."""
    page = browser.new_context().new_page()
    page.add_init_script(SLOW)
    page.goto(address)
    page.wait_for_selector("#list button")
    page.keyboard.press("Enter")
    page.locator("#where", has_text="Answer").wait_for()
    marked = int(re.search(r"(\d+) marked", page.inner_text("#where"))[1])
    page.keyboard.press("f")
    page.keyboard.type("pHalf of it", delay=80)
    page.keyboard.press("Enter")
    wait_for(page, f"{marked + 1} marked")
    page.get_by_text("You typed before this answer was here").wait_for()
    page.wait_for_timeout(500)
    page.keyboard.press("0")
    wait_for(page, f"{marked + 2} marked")
    page.keyboard.press("t")
    page.locator("#asked", has_text="YOUR ANSWER HERE").wait_for()
    page.context.close()


def test_the_order_is_shuffled_and_stays(course):
    piles = open_piles(course, "ps")
    names = list(piles.students("ps", "why").values())
    assert names != sorted(names) and names == list(open_piles(course, "ps").students("ps", "why").values())
    assert [(one.title, one.count) for one in piles.manual_questions()] == [("In words", REPORTS)]


def request(url, body=None, **headers):
    """The status that a request gets."""
    asked = urllib.request.Request(
        url, data=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    try:
        return urllib.request.urlopen(asked, timeout=20).status
    except urllib.error.HTTPError as error:
        return error.code


def test_nobody_comes_in_without_the_token(address):
    root, token = address.split("?token=")
    assert request(f"{root}questions") == 403
    assert request(f"{root}questions?token=wrong") == 403
    assert request(f"{root}questions?token={token}") == 200
    assert request(f"{root}questions?token={token}", Host="evil.example") == 403


def test_no_other_page_can_send_a_mark_and_nonsense_is_refused(address, course):
    root, token = address.split("?token=")
    number = next(iter(open_piles(course, "ps").students("ps", "why")))
    where = f"{root}answer?token={token}&notebook=ps&grade_id=why&number="
    mark = json.dumps({"points": 1}).encode()
    assert request(where + number, mark) == 403  # a form of another page cannot set the header
    assert request(where + "17", mark, X_Marking=token) == 404
    assert request(where.replace("why", "test_relu") + number, mark, X_Marking=token) == 404
    for bad in (
        b"{",
        b"[]",
        b'{"points": NaN}',
        b'{"points": -1}',
        b'{"points": 3}',
        b'{"points": "x"}',
        b"{}",
    ):
        assert request(where + number, bad, X_Marking=token) == 400, bad


def test_what_cannot_be_read_is_on_no_pile(tmp_path):
    """The gradebook says of its cells that a human should look; there is nothing to look at."""
    course = write_course(tmp_path)
    submit(course, "ada", {"why": "Because."})
    submit(course, "bob", b"this is no notebook")
    summary = grade_assignment(course, "ps")
    assert [run.status for run in summary.runs] == [Status.COMPLETED, Status.UNREADABLE]
    piles = open_piles(course, "ps")
    assert [one.count for one in piles.manual_questions()] == [1]
    assert list(piles.students("ps", "why").values()) == ["ada"]
