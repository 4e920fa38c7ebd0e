"""Makes the pictures of the README and of the instructor's pages: `make pictures`.

The instructor's are of a made-up class, graded for them. The README's is the slider of chapter 01, recorded.
"""

from __future__ import annotations

import copy
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from cs231nlib import look
from cs231nlib.figures import fig_secant
from cs231nlib.interact import scrub
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.grading.assignment import grade_assignment
from grader.notebook.cells import get_cell
from grader.pages.feedback import write_feedback
from grader.pages.report import write_report
from grader.pages.similar import write_similar
from grader.rehearsal.demo import prepare

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
LAUNCH = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}
ASSIGNMENT, STUDENTS = "01_gradients", 30
STEPS = (1.8, 1.4, 1, 0.6, 0.3, 0.1, 0.01)  # as in the chapter
MILLISECONDS = 450  # a frame
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


ESSAYS = (
    "It is the Fibonacci sequence: each number is the sum of the two before it, $F_n = F_{n-1} + F_{n-2}$.",
    "It calls itself twice, so it computes $f(n-2)$ again and again: about $1.6^n$ calls.",
    "It adds numbers.",
    "A recursion with two base cases, $f(0) = 0$ and $f(1) = 1$.",
)


def main() -> None:
    """Make the pictures that are named, or all of them."""
    wanted = set(sys.argv[1:]) or {"scrub", "report", "feedback", "similar", "marking"}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as browsers:
        browser = browsers.chromium.launch(**LAUNCH)
        if "scrub" in wanted:
            record(browser)
        if wanted - {"marking", "scrub"}:
            for name, page in class_pages(Path(folder) / "class").items():
                take(browser, page.as_uri(), name)
        if "marking" in wanted:
            with marking(essays(Path(folder))) as address:
                take(browser, address, "marking", open_first=True)


def record(browser: Browser) -> None:
    """The slider of chapter 01 drawn from one end to the other and back, as docs/images/scrub.gif."""
    look.use()
    frames = [fig_secant(lambda t: t**3 / 4 - t, 1.0, h, "forward") for h in STEPS]
    page = browser.new_page(viewport={"width": 720, "height": 410})
    page.set_content(f"<div style='padding: 0 1em'>{scrub(frames, labels=STEPS, name='h').html}</div>")
    places = [*range(len(STEPS)), *range(len(STEPS) - 2, 0, -1)]
    first, *others = [shot(page, place) for place in places]
    path = IMAGES / "scrub.gif"
    first.save(path, save_all=True, append_images=others, duration=MILLISECONDS, loop=0, optimize=True)
    page.close()


def shot(page: Page, place: int) -> Image.Image:
    """A scrubber with its slider at `place`."""
    slider = page.locator("input")
    slider.fill(str(place))
    slider.blur()
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)


def class_pages(course: Path) -> dict[str, Path]:
    """The pages about a made-up class of a chapter."""
    prepare(ROOT / "course", course, ASSIGNMENT, STUDENTS)
    copied(course)
    grade_assignment(course, ASSIGNMENT)
    return {
        "report": write_report(course, ASSIGNMENT),
        "feedback": write_feedback(course, ASSIGNMENT)[8],
        "similar": write_similar(course, ASSIGNMENT).page,
    }


def essays(folder: Path) -> Path:
    """nbgrader's example course, with an answer in words by each of four students."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(["nbgrader", "quickstart", "example"], cwd=folder, env=environment, check=True)
    course = folder / "example"
    for number, words in enumerate(ESSAYS):
        nb = copy.deepcopy(load_key(open_course(course), "ps1").unsolved["problem2"])
        get_cell(nb, "part-a").source = words
        place = course / "submitted" / f"student{number}" / "ps1"
        place.mkdir(parents=True)
        (place / "problem2.ipynb").write_text(json.dumps(nb))
    grade_assignment(course, "ps1")
    return course


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
    command = [f"{sys.prefix}/bin/grader", "mark", "ps1", "--no-browser", "--course-dir", str(course)]
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
        page.locator("#list button").filter(has_text="0 of 4").first.click()
        page.locator("#answer *").first.wait_for()
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)
    page.close()


if __name__ == "__main__":
    main()
