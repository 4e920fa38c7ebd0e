"""Opens every page of the built site in Chromium, light and wide, dark and narrow: `make check-site`.

It says, and ends with 1, what a reader would stumble over: a request to another machine, a link to nowhere,
a page wider than a phone, serious findings of axe.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import Page, sync_playwright

SITE = Path(__file__).parent / "_build"
LAUNCH = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}
OTHERS = ("_static", "lite")  # the theme's own; JupyterLite, which lite/check_lite.py opens
PATIENCE = 180_000  # ms: a chapter is long, and the machine may be busy
SERIOUS = ("serious", "critical")
LOOKS = ({"width": 1300, "height": 1000}, "light"), ({"width": 390, "height": 800}, "dark")


def main() -> int:
    """Look at all pages, or at those whose names are given; 1 if anything is wrong."""
    chosen = [path for path in pages() if path.stem in sys.argv[1:] or not sys.argv[1:]]
    problems = 0
    for problem in problems_of(chosen):
        problems += 1
        print(problem, flush=True)
    print(f"{len(chosen)} pages, {problems} problems")
    return int(bool(problems))


def pages() -> list[Path]:
    """The pages that readers open; the index of names and the search page are Sphinx's own."""
    return [
        path
        for path in sorted(SITE.rglob("*.html"))
        if path.name not in ("genindex.html", "search.html") and path.relative_to(SITE).parts[0] not in OTHERS
    ]


def problems_of(chosen: list[Path]) -> Iterator[str]:
    """A line for each thing that is wrong. Meanwhile says which page is looked at, for it takes minutes."""
    for path in chosen:
        yield from (f"{path.name}: {problem}" for problem in broken_links(path))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        for number, path in enumerate(chosen, 1):
            print(f"{number} of {len(chosen)}: {path.relative_to(SITE)}", flush=True)
            for viewport, scheme in LOOKS:
                page = browser.new_page(viewport=viewport, color_scheme=scheme)
                yield from (f"{path.name}, {scheme}: {problem}" for problem in look_at(page, path))
                page.close()
        browser.close()


def broken_links(path: Path) -> Iterator[str]:
    """Links and pictures of a page that lead to no file of the site, or to no place in it."""
    soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    for address in [tag.get("href") or tag.get("src") for tag in soup.select("a[href], img[src]")]:
        parts = urlsplit(address)
        if not parts.scheme and parts.path and not (path.parent / unquote(parts.path)).exists():
            yield f"leads to nowhere: {address}"
        if (
            not parts.scheme
            and not parts.path
            and parts.fragment
            and not soup.find(id=unquote(parts.fragment))
        ):
            yield f"no such place: {address}"


def look_at(page: Page, path: Path) -> Iterator[str]:
    """What is wrong with a page as it is drawn."""
    foreign: list[str] = []
    page.on(
        "request", lambda request: foreign.append(request.url) if request.url.startswith("http") else None
    )
    page.set_default_timeout(PATIENCE)
    page.goto(path.as_uri(), wait_until="load")
    page.wait_for_function(
        "!window.MathJax?.startup?.promise || window.MathJax.startup.promise.then(() => true)"
    )
    yield from (f"asks another machine: {url}" for url in foreign)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        yield "wider than the screen"
    for finding in Axe().run(page).response["violations"]:
        if finding["impact"] in SERIOUS:
            places = [node["target"] for node in finding["nodes"]]
            yield f"{finding['id']} at {len(places)} places: {places[:3]}"


if __name__ == "__main__":
    sys.exit(main())
