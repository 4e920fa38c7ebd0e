"""`grader lab` in a real browser: Validate is there and speaks, the instructor's panels are not."""

import os
import re
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from conftest import ROOT
from test_interact import CHROMIUM, FLAGS

PORT = 8959
PATIENCE = 120  # seconds for a loaded machine


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a running JupyterLab on a working copy of the release, and the copy's folder."""
    if not CHROMIUM.exists():
        pytest.skip(f"NO BROWSER TEST: there is no {CHROMIUM}")
    work = tmp_path_factory.mktemp("lab") / "lab"
    log = work.with_suffix(".log")
    options = ["--work-dir", str(work), "--port", str(PORT), "--no-browser"]
    command = [f"{sys.prefix}/bin/grader", "lab", "--course-dir", str(ROOT / "course"), *options]
    with log.open("w") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
    yield _address(log), work
    os.killpg(server.pid, signal.SIGTERM)
    server.wait(30)


def _address(log):
    for _ in range(PATIENCE * 2):
        if found := re.search(rf"http://localhost:{PORT}/lab\?token=\w+", log.read_text()):
            return found[0].split("?")
        time.sleep(0.5)
    raise AssertionError(log.read_text()[-2000:])


@pytest.fixture(scope="module")
def page(lab):
    playwright = pytest.importorskip("playwright.sync_api", reason="NO BROWSER TEST: playwright is missing")
    (url, token), _ = lab
    with playwright.sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS.split())
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(f"{url}/tree/01_gradients/01_gradients.ipynb?{token}")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        yield page
        browser.close()


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


def test_the_working_copy_is_the_release(lab):
    _, work = lab
    copy = nbformat.read(work / "01_gradients" / "01_gradients.ipynb", as_version=4)
    assert any("raise NotImplementedError" in cell.source for cell in copy.cells)
    assert (work / "mynet.py").is_file()
