"""Every picture for every eye and hand, in JupyterLab light and dark, in Notebook, in an exported page."""

import re

import nbformat
import pytest
from chromium import PATIENCE, chromium, jupyterlab
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CAPTIONS = ["q = −2 + 5 = 3", "q = 0 + 5 = 5", "q = 2 + 5 = 7"]
CELLS = (
    """
from cs231nlib import look
from cs231nlib.figures import fig_chain, fig_half_plane
from cs231nlib.film import film
from cs231nlib.graph import draw_graph, trace
from cs231nlib.grading import Grade
from cs231nlib.interact import scrub, slider
look.use()
fig_chain()
""",
    f"scrub([fig_chain(x) for x in (-2, 0, 2)], ['−2', '0', '2'], name='x', captions={CAPTIONS})",
    "slider(lambda w1, b: fig_half_plane((w1, 1), b), start={'w1': 1}, w1=(-1.0, 1.0, 0.5), b=(-1, 1))",
    "draw_graph(trace('f = (x + y) * z', x=1, y=2, z=3))",
    """
import matplotlib.pyplot as plt
plt.plot([1, 2])
plt.title("mine")
plt.show()
""",
    """
grade = Grade(points=2)
with grade("passes", 1):
    pass
with grade("fails", 1):
    1 / 0
grade.total()
""",
    "film([fig_chain(x) for x in (-2, 0, 2)], 'chain.gif', alt='x grows from −2 to 2')",
)
OURS = ".jp-OutputArea-output"
PICTURES = 1 + 3 + 5 * 3 + 1 + 1 + 1
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    work = tmp_path_factory.mktemp("lab") / "lab"
    with jupyterlab(work, port=8961) as (server, _, token):
        cells = [new_markdown_cell("# Pictures"), *(new_code_cell(source.strip()) for source in CELLS)]
        kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
        nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), work / "pictures.ipynb")
        yield server, token, work / "pictures.ipynb"


@pytest.fixture(scope="module")
def opened(lab):
    """A function that opens a new page; the notebook has been run in JupyterLab and saved by then."""
    server, token, _ = lab
    with chromium() as browser:

        def opened(address):
            page = browser.new_page(viewport={"width": 1100, "height": 900})
            page.set_default_timeout(PATIENCE * 1000)
            page.goto(address)
            return page

        page = opened(f"{server}/lab/tree/pictures.ipynb?{token}")
        page.wait_for_selector("text=| Idle")
        page.wait_for_timeout(1000)
        page.click("text=Run >> nth=0")
        page.click("text=Run All Cells")
        page.wait_for_selector("img[alt='x grows from −2 to 2']", state="attached")
        opened.page = page
        yield opened


def silent(page):
    """Pictures without alt text."""
    return [image for image in page.locator(f"{OURS} img").all() if not image.get_attribute("alt")]


def serious(page):
    """What axe finds serious or worse in the outputs: the rule and where."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="NO AXE: it is not installed"
    ).Axe()
    found = axe.run(page, OURS).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found if rule["impact"] in SERIOUS]


def scrub_by_keyboard(page):
    """The caption before and after two keys, and what the slider says of itself."""
    handle, caption = page.locator("figure.scrub input").first, page.locator("figcaption")
    handle.focus()
    seen = [caption.inner_text()]
    for key in ("End", "ArrowLeft"):
        page.keyboard.press(key)
        seen.append(caption.inner_text())
    assert page.evaluate("document.activeElement.type") == "range"  # the page took no key for itself
    return seen, handle.get_attribute("aria-label"), handle.get_attribute("aria-valuetext")


def switch_theme(page, theme):
    page.evaluate("document.activeElement.blur()")
    page.click("text=Settings >> nth=0")
    page.hover("text=Theme >> nth=0")
    page.click(f"li[data-command='apputils:change-theme'] >> text=/^{theme}$/")
    page.wait_for_selector(f"body[data-jp-theme-name='{theme}']", state="attached")


def test_in_jupyterlab_every_picture_is_described_and_moves_by_keyboard(opened):
    page = opened.page
    assert page.locator(f"{OURS} img").count() == PICTURES and silent(page) == []
    assert scrub_by_keyboard(page) == ([CAPTIONS[0], CAPTIONS[2], CAPTIONS[1]], "x", "0")
    assert page.locator("figure.scrub").nth(1).locator("output").all_inner_texts() == ["1", "0"]


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_serious_in_either_theme(opened, theme):
    switch_theme(opened.page, theme)
    assert serious(opened.page) == []


def test_a_picture_without_alt_text_would_be_seen(opened):
    """The near miss."""
    image = opened.page.locator(f"{OURS} img").first
    words = image.get_attribute("alt")
    image.evaluate("image => image.removeAttribute('alt')")
    assert len(silent(opened.page)) == 1 and [rule for rule, _ in serious(opened.page)] == ["image-alt"]
    image.evaluate("(image, words) => image.alt = words", words)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_words_and_marks_stand_out_from_what_is_behind_them(opened, theme):
    """axe passes over single letters, and over what lies in JupyterLab's scrolled panels."""
    switch_theme(opened.page, theme)
    for words in ("span:text-is('✓')", "span:text-is('✗')", "figcaption", "label > span", "output"):
        ink, paper = opened.page.locator(f"{OURS} {words}").first.evaluate(COLOURS)
        assert contrast(ink, paper) >= 4.5, words
    green = "rgb(0, 122, 94)"  # the near miss: good on white alone
    assert contrast(green, "rgb(17, 17, 17)") < 4.5 < contrast(green, "rgb(255, 255, 255)")


COLOURS = """mark => {
    let behind = mark;
    while (getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
    return [getComputedStyle(mark).color, getComputedStyle(behind).backgroundColor];
}"""


def contrast(one, other):
    """WCAG's contrast ratio of two colours such as "rgb(0, 122, 94)"."""
    lights = sorted(map(_luminance, (one, other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_at_125_percent_the_sliders_stand_below_their_pictures_and_within_the_page(opened):
    page = opened.page
    page.set_viewport_size({"width": 880, "height": 720})  # as many pixels of CSS as 1100 x 900 at 125 %
    for figure in page.locator("figure.scrub").all():
        picture = figure.locator("[data-frame]:visible img").bounding_box()
        for handle in figure.locator("input").all():
            box = handle.bounding_box()
            assert box["y"] > picture["y"] + picture["height"] and box["width"] > 0.6 * picture["width"]
            assert box["x"] + box["width"] <= 880
    page.set_viewport_size({"width": 1100, "height": 900})


def test_the_next_day_it_still_moves_in_notebook_without_a_kernel(opened, lab):
    server, token, _ = lab
    opened.page.evaluate("document.activeElement.blur()")
    opened.page.click("text=File >> nth=0")
    opened.page.click("text=Save Notebook >> nth=0")
    opened.page.wait_for_selector(".jp-DirListing-item:has-text('chain.gif')")
    page = opened(f"{server}/notebooks/pictures.ipynb?{token}")
    page.wait_for_selector("figure.scrub")
    assert "Error displaying widget" not in page.inner_text("body")
    assert silent(page) == [] and scrub_by_keyboard(page)[0][1:] == [CAPTIONS[2], CAPTIONS[1]]


def test_the_exported_page_is_as_good_without_a_network(opened, lab, tmp_path):
    nb = nbformat.read(lab[2], as_version=4)
    (tmp_path / "page.html").write_text(HTMLExporter().from_notebook_node(nb)[0], encoding="utf-8")
    page = opened((tmp_path / "page.html").as_uri())
    assert page.locator(f"{OURS} img").count() == PICTURES and silent(page) == [] and serious(page) == []
    assert scrub_by_keyboard(page)[0] == [CAPTIONS[0], CAPTIONS[2], CAPTIONS[1]]
    page.locator("figcaption").evaluate("caption => caption.style.color = '#aaa'")  # a near miss
    assert [rule for rule, _ in serious(page)] == ["color-contrast"]
