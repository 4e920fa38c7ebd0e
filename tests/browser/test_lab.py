"""`grader lab` in a real browser: Validate is there and speaks, the instructor's panels are not."""

import nbformat
import pytest
from chromium import PATIENCE, chromium, jupyterlab


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a running JupyterLab on a working copy of the release, and the copy's folder."""
    work = tmp_path_factory.mktemp("lab") / "lab"
    with jupyterlab(work, port=8959) as address:
        yield address, work


@pytest.fixture(scope="module")
def page(lab):
    (url, token), _ = lab
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(f"{url}/tree/01_gradients/01_gradients.ipynb?{token}")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        yield page


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
