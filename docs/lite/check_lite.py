"""Opens the built JupyterLite in Chromium: the kernel starts, cells run, and only what we know of is foreign.

    python docs/lite/check_lite.py

A request to another machine is answered as where there is no network, and is told if it is not one of the
wheels that `build.py` names.
"""

from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from wheels import NEEDED, address, closure, fetched

SITE = Path(__file__).resolve().parents[1] / "_build"
LAUNCH = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu", "--disable-quic"]}
PATIENCE = 240_000  # ms: Python itself is loaded
# Each cell, and what it says. The last ones are all of the library that needs no NumPy.
CELLS = (
    ("import sys; print(6 * 7, sys.platform)", "42 emscripten"),
    ("import cs231nlib; print(cs231nlib.__name__, 'is here')", "cs231nlib is here"),
    (
        "from cs231nlib import cell_marks, earlier, exercises, known_nets, pace, patience, progress, scope\n"
        "from cs231nlib import selftest, session, sources, stumbles, tutor\n"
        "print('all of', len(dir(tutor)) > 9)",
        "all of True",
    ),
    ("from cs231nlib.tutor import hint; hint('derivative')", "rise divided by run"),
    ("from cs231nlib.tutor import solution; solution('derivative')", "try it yourself first"),
    ("one = patience.Patience(); one.start(); print('stopped', repr(one.stop(False)))", "stopped ''"),
)


def main() -> int:
    """Say what is wrong; 1 if anything is."""
    foreign: set[str] = set()
    with serving(SITE) as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        context = browser.new_context()
        context.route(lambda url: not url.startswith(home), lambda route: refuse(route, foreign))
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{home}/lite/lab/index.html?path=00_toolbox/00_toolbox.ipynb")
        page.locator(".jp-NotebookPanel h1").filter(has_text="Toolbox").wait_for()
        page.goto(f"{home}/lite/lab/index.html?reset")  # a long notebook moves while it is drawn
        page.locator(".jp-LauncherCard").filter(has_text="Pyodide").first.click()
        problems = [problem for cell in CELLS for problem in run(page, *cell)]
        page.screenshot(path=SITE / "lite.png")
        browser.close()
    named = {address(one) for one in closure(NEEDED) if fetched(one) is None}
    problems += [f"asks another machine: {url}" for url in sorted(foreign - named)]
    problems += [f"was not asked for: {url}" for url in sorted(named - foreign)]
    print(
        *problems,
        f"JupyterLite: {len(CELLS)} cells, {len(foreign)} foreign wheels, {len(problems)} problems",
        sep="\n",
    )
    return int(bool(problems))


def refuse(route, foreign: set[str]) -> None:
    """Note a request, and answer as where there is no network."""
    foreign.add(route.request.url)
    route.abort()


def run(page: Page, code: str, expected: str) -> Iterator[str]:
    """Run code in the only cell of a new notebook; a line if it does not say what is expected."""
    cell = page.locator(".jp-NotebookPanel .jp-CodeCell").first
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)
    page.keyboard.press("Control+Enter")
    output = cell.locator(".jp-OutputArea")
    try:
        output.filter(has_text=expected).wait_for()
    except Exception:
        yield f"{code}\n    said {output.all_inner_texts()}, not {expected!r}"


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A web server of this machine alone on `folder`; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietHandler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_) -> None:
        """Say nothing."""


if __name__ == "__main__":
    sys.exit(main())
