"""Makes the pictures of the instructor's pages from a made-up class, graded for them: `make pictures`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from grader.grading.assignment import grade_assignment
from grader.pages.feedback import write_feedback
from grader.pages.report import write_report
from grader.pages.similar import write_similar
from grader.rehearsal.demo import prepare

ROOT = Path(__file__).resolve().parents[1]
LAUNCH = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}
ASSIGNMENT, STUDENTS = "01_gradients", 30
COLOURS = 64  # of the palette: pages have few
WRITTEN = """def descend(f, x, rate, steps):
    {v} = np.empty((steps + 1, len(x)))
    {v}[0, :] = np.asarray(x, dtype=float)
    {n} = 0
    while {n} < steps:
        slope = numerical_gradient(f, {v}[{n}].copy())
        np.subtract({v}[{n}], np.multiply(rate, slope), out={v}[{n} + 1])
        {n} += 1
    return {v}.astype(np.float64, copy=False)
"""
COPY = [{"v": "path", "n": "k"}, {"v": "where", "n": "step"}]  # of two students who wrote one answer


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as browsers:
        course = Path(folder)
        prepare(ROOT / "course", course, ASSIGNMENT, STUDENTS)
        copied(course)
        grade_assignment(course, ASSIGNMENT)
        feedback = write_feedback(course, ASSIGNMENT)[8]
        pages = {
            "report": write_report(course, ASSIGNMENT),
            "feedback": feedback,
            "similar": write_similar(course, ASSIGNMENT).page,
        }
        browser = browsers.chromium.launch(**LAUNCH)
        for name, page in pages.items():
            take(browser, page.as_uri(), name)
        with marking(course) as address:
            take(browser, address, "marking", open_first=True)


def copied(course: Path) -> None:
    """Two late comers hand in the same unusual answer under other names."""
    students = sorted((course / "submitted").iterdir())[-2:]
    for student, names in zip(students, COPY, strict=True):
        path = student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        nb = json.loads(path.read_text())
        for cell in nb["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == "descend":
                cell["source"] = WRITTEN.format(**names)
        path.write_text(json.dumps(nb))


@contextmanager
def marking(course: Path) -> Iterator[str]:
    """The address at which the answers are marked by hand."""
    command = [f"{sys.prefix}/bin/grader", "mark", ASSIGNMENT, "--no-browser", "--course-dir", str(course)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield re.findall(r"http://\S+", server.stdout.readline() if server.stdout else "")[0]
    finally:
        server.terminate()
        server.wait(20)


def take(browser: Browser, address: str, name: str, *, open_first: bool = False) -> None:
    """The top of a page as docs/images/NAME.png."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(address)
    if open_first:
        page.locator("#list button").first.click()
        page.locator("#answer *").first.wait_for()
    path = ROOT / "docs" / "images" / f"{name}.png"
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)
    page.close()


if __name__ == "__main__":
    main()
