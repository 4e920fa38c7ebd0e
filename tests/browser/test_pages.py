"""The pages of the evening in a browser: nothing of a student's runs, all can read them, nothing loads."""

import json
import shutil

import pytest
from chromium import chromium
from harmful import HARMFUL, MARK
from nbformat.v4 import new_output
from small_course import GOOD, answered, write_course

from grader.books.run_files import write_run
from grader.books.runs import NotebookRun, Run
from grader.pages.feedback import write_feedback
from grader.pages.report import write_report
from grader.pages.similar import write_similar
from grader.records import CellScore, Check, Repair, Status

ALIKE = "\n    y = np.where(x > 0.25, x ** 3, -1).sum() + x.shape[0] * np.abs(x).mean(axis=0)" * 4


def run(student, harm):
    """The record of a submission in which `harm` stands wherever a student's words can come."""
    checks = (Check(harm, 0, 1, harm), Check("fine", 2, 2), Check("s", 0, 1, "s", hidden=True, nudge=harm))
    scores = (
        CellScore("test_relu", 2.0, 4.0, False, Status.COMPLETED, harm, harm, checks),
        CellScore("test_share", 0.0, 2.5, False, Status.TIMED_OUT, harm),
        CellScore("why", None, 2.0, True, Status.COMPLETED),
    )
    parts = {"ps": NotebookRun(Status.COMPLETED, harm, 0.5, 60.0, "full", {}, scores)}
    repairs = (Repair("ps", harm, harm),)
    return Run(student, "ps", Status.COMPLETED, harm, None, 7, "f" * 64, (harm,), repairs, parts)


def notebook(number, harm):
    nb = answered(GOOD | {"relu": f"def relu(x):{ALIKE}\n    return {harm!r}", "why": harm})
    if number > 2:
        nb = answered(GOOD | {"relu": f"def relu(x):\n    return x{' + x' * number}"})
    nb.cells[3].outputs = [
        new_output("display_data", data={"text/html": harm, "text/markdown": harm}),
        new_output("stream", name="stdout", text=harm),
    ]
    return nb


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Every page that holds something of a student's, by its name."""
    course = write_course(tmp_path_factory.mktemp("pages"))
    for number in range(24):
        harm = HARMFUL[number % len(HARMFUL)]
        student = harm.replace("/", "") if number < 3 else f"s{number}"
        write_run(course, run(student, harm))
        for step in ("submitted", "autograded"):
            folder = course / step / student / "ps"
            folder.mkdir(parents=True)
            (folder / "ps.ipynb").write_text(json.dumps(notebook(number, harm)))
    feedback = write_feedback(course, "ps")
    assert len(feedback) == 24
    made = {f"feedback {number}": path for number, path in enumerate(feedback)}
    return made | {"report": write_report(course, "ps"), "alike answers": write_similar(course, "ps").page}


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser, tmp_path):
    """A function that opens a page: what it asked for beside itself, and how often harm was done."""
    contexts = {}

    def opened(path, **how):
        key = repr(how)
        if key not in contexts:
            context = browser.new_context(**how)
            context.add_init_script(f"window.ran = 0; window.{MARK} = () => {{ window.ran += 1 }}")
            contexts[key] = context.new_page()
        page, asked = contexts[key], []
        shutil.copy(path, tmp_path / "page.html")  # its own name is a student's, too
        page.on("request", listen := lambda request: asked.append(request.url))
        page.goto((tmp_path / "page.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        page.wait_for_timeout(20)
        page.remove_listener("request", listen)
        foreign = [url for url in asked if not url.endswith("/page.html") and not url.startswith("data:")]
        return page, foreign, page.evaluate("window.ran")

    yield opened
    for page in contexts.values():
        page.context.close()


def test_nothing_runs_and_nothing_is_loaded(pages, visit):
    assert len(HARMFUL) >= 20
    for name, path in pages.items():
        assert visit(path)[1:] == ([], 0), name


def test_the_test_would_see_harm(visit, tmp_path):
    """The near miss: the same payloads, not escaped."""
    (tmp_path / "harm.html").write_text("<!doctype html>" + "".join(HARMFUL))
    _, foreign, ran = visit(tmp_path / "harm.html")
    assert ran > 3 and foreign


@pytest.mark.parametrize("name", ["feedback 5", "report", "alike answers"])
def test_everybody_can_read_it(pages, visit, name):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="NO AXE: it is not installed")
    phone = {"viewport": {"width": 360, "height": 740}, "bypass_csp": True}
    for theme, ground in (("light", "rgb(245, 247, 249)"), ("dark", "rgb(18, 23, 29)")):
        page, *_ = visit(pages[name], color_scheme=theme, **phone)
        found = axe.Axe().run(page).response["violations"]
        grave = [one for one in found if one["impact"] in ("serious", "critical")]
        assert not [(one["id"], one["nodes"][0]["html"]) for one in grave]
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
        page.emulate_media(media="print", color_scheme=theme)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.evaluate("getComputedStyle(document.querySelector('.card')).printColorAdjust") == "exact"
