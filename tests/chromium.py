"""A real browser for tests, and a JupyterLab as `grader lab` starts it."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from repository import ROOT

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
PATIENCE = 120  # seconds for a loaded machine


@contextlib.contextmanager
def chromium():
    """A playwright Browser; where there is none, the test is skipped, loudly."""
    playwright = pytest.importorskip("playwright.sync_api", reason="NO BROWSER TEST: playwright is missing")
    if not CHROMIUM.exists():
        pytest.skip(f"NO BROWSER TEST: there is no {CHROMIUM}")
    with playwright.sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS.split())
        yield browser
        browser.close()


@contextlib.contextmanager
def jupyterlab(work, port):
    """A JupyterLab on a working copy of the release in `work`: its server, where it begins, its token."""
    if not CHROMIUM.exists():
        pytest.skip(f"NO BROWSER TEST: there is no {CHROMIUM}")
    log = work.with_suffix(".log")
    options = ["--work-dir", str(work), "--port", str(port), "--no-browser"]
    command = [f"{sys.prefix}/bin/grader", "lab", "--course-dir", str(ROOT / "course"), *options]
    places = ("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")  # not the tabs and theme of who tests
    own = {name: str(work.parent / name.lower()) for name in places}
    with log.open("w") as out:
        server = subprocess.Popen(
            command, stdout=out, stderr=out, start_new_session=True, env=os.environ | own
        )
    try:
        yield _address(log, port)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def _address(log, port):
    for _ in range(PATIENCE * 2):
        if found := re.search(rf"(http://localhost:{port})(/lab[\w./]*)\?(token=\w+)", log.read_text()):
            return found.groups()
        time.sleep(0.5)
    raise AssertionError(log.read_text()[-2000:])
