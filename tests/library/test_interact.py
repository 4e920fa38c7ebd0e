"""Do scrubbers work in a real browser, without a network, several on a page?"""

import base64
import io
import re

import numpy as np
import pytest
from bs4 import BeautifulSoup
from chromium import chromium
from nbconvert import HTMLExporter
from nbformat import v4
from PIL import Image

from cs231nlib import look
from cs231nlib.alt_text import UNDESCRIBED
from cs231nlib.figures import fig_chain, fig_relu
from cs231nlib.interact import Scrubber, scrub, slider

CAPTIONS = ["two steps left", "at <0>", "two steps right"]


def noise(seed, size=8):
    return np.random.default_rng(seed).integers(0, 255, (size, size, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A notebook with three scrubbers, exported by nbconvert and opened in Chromium without a network."""
    file = tmp_path_factory.mktemp("page") / "notebook.html"
    file.write_text(exported(), encoding="utf-8")
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 900, "height": 1200}, offline=True)
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(file.as_uri(), wait_until="domcontentloaded")
        yield page


def exported():
    chain = scrub(
        [fig_chain(x) for x in (-2, 0, 2)], ["x = −2", "x = 0", "x = 2"], name="x", captions=CAPTIONS
    )
    both = slider(lambda red, blue: noise(red + 10 * blue), red=(0, 2), blue=[0, 1])
    tricky = scrub(["<b>one</b>", "<b>two</b>"], ['"</output>', "'<script>'"], name='a"b')
    cells = [
        v4.new_code_cell("", outputs=[v4.new_output("display_data", data={"text/html": each.html})])
        for each in (chain, both, tricky)
    ]
    return HTMLExporter().from_notebook_node(v4.new_notebook(cells=cells))[0]


def shown(figure):
    """Indices of the frames that can be seen."""
    return [i for i, frame in enumerate(figure.locator("[data-frame]").all()) if frame.is_visible()]


def state(page):
    return [shown(figure) for figure in page.locator("figure.scrub").all()]


def press(page, slider, *keys):
    page.locator("figure.scrub input").nth(slider).focus()
    for key in keys:
        page.keyboard.press(key)


def test_the_keyboard_moves_one_scrubber_and_no_other(page):
    page.reload(wait_until="domcontentloaded")
    assert state(page) == [[0], [3], [0]]
    before = page.locator("figure.scrub").first.screenshot()
    press(page, 0, "ArrowRight", "ArrowRight")
    assert state(page) == [[2], [3], [0]]
    assert page.locator("figure.scrub").first.screenshot() != before
    press(page, 0, "Home")
    assert page.locator("output").all_inner_texts()[0] == "x = −2"


def test_the_caption_follows_the_frame_and_is_announced(page):
    page.reload(wait_until="domcontentloaded")
    caption = page.locator("figcaption")
    assert caption.count() == 1 and caption.get_attribute("aria-live") == "polite"
    assert caption.inner_text() == CAPTIONS[0]
    press(page, 0, "ArrowRight")
    assert caption.inner_text() == CAPTIONS[1]
    press(page, 1, "ArrowRight")
    assert caption.inner_text() == CAPTIONS[1]


def test_two_sliders_reach_every_frame_of_their_product(page):
    page.reload(wait_until="domcontentloaded")
    reached = set()
    for red in range(3):
        press(page, 1, "Home", *["ArrowRight"] * red)
        for end in ("Home", "End"):
            press(page, 2, end)
            reached |= set(state(page)[1])
    assert reached == set(range(6))
    assert state(page)[1] == [5] and page.locator("output").all_inner_texts()[1:3] == ["2", "1"]


def test_labels_are_text_and_are_spoken(page):
    page.reload(wait_until="domcontentloaded")
    handle = page.locator("figure.scrub input").nth(3)
    assert handle.get_attribute("aria-label") == 'a"b'
    assert handle.get_attribute("aria-valuetext") == '"</output>'
    press(page, 3, "ArrowRight")
    assert handle.get_attribute("aria-valuetext") == "'<script>'"
    assert page.locator("figure.scrub b:visible").inner_text() == "two"
    assert not [error for error in page.errors if "MathJax" not in error and "require" not in error]


def test_the_mouse_moves_it_too(page):
    page.reload(wait_until="domcontentloaded")
    box = page.locator("figure.scrub input").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    assert state(page)[0] == [2]


def test_a_page_holds_no_address_and_no_id():
    html = scrub([fig_relu(kind) for kind in ("relu", "tanh")]).html
    assert not re.search(r"\bid=|https?:|//cdn|<script", html)
    assert html == scrub([fig_relu(kind) for kind in ("relu", "tanh")]).html


def test_frames_are_light_and_bounded():
    many = scrub([fig_chain(x) for x in range(20)])
    assert len(many.html) < 700_000
    for frames, complaint in (
        ([], "0 frames"),
        (["x"] * 65, "65 frames"),
        ([noise(i, 800) for i in range(3)], "over 3,000,000"),
    ):
        with pytest.raises(ValueError, match=complaint):
            assert scrub(frames).html
    with pytest.raises(ValueError, match="2 frames need 2 labels"):
        scrub(["a", "b"], ["only one"])
    with pytest.raises(ValueError, match="2 frames need 2 captions"):
        scrub(["a", "b"], captions=["only one"])
    with pytest.raises(ValueError, match="returned nothing"):
        assert slider(lambda n: None, n=(1, 3)).html


def test_only_one_frame_is_drawn_where_a_notebook_is_graded(monkeypatch):
    drawn = []
    made = slider(lambda n: drawn.append(n) or f"frame {n}", n=(1, 5))
    assert drawn == []  # not before it is shown
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert made._repr_html_() == "frame 3" and drawn == [3]
    monkeypatch.delenv("NBGRADER_EXECUTION")
    assert made._repr_html_() == made.html and drawn == [3, *[1, 2, 3, 4, 5] * 2]


def test_figures_of_pyplot_are_not_left_open():
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    scrub([plt.figure() for _ in range(3)])
    assert plt.get_fignums() == []


def test_a_slider_with_too_many_values_thins_them_out():
    calls = []
    made = slider(lambda **values: calls.append(values) or "frame", a=(0.0, 1.0), b=(1, 100), c=[5, 7])
    assert isinstance(made, Scrubber) and made.html and len(made.draw) == len(calls) == 6 * 5 * 2
    assert {call["c"] for call in calls} == {5, 7} and {call["b"] for call in calls} >= {1, 51, 100}
    assert {call["a"] for call in calls} >= {0.0, 0.5, 1.0}


def test_a_drawing_shows_itself_sharp_and_at_the_notebooks_width():
    data, about = fig_relu()._repr_mimebundle_()
    assert Image.open(io.BytesIO(data["image/png"])).size == (1400, 580) and len(data["image/png"]) < 40_000
    assert about["image/png"]["width"] == 700
    assert data["text/html"].count(base64.b64encode(data["image/png"]).decode()) == 1


def test_a_drawing_tells_what_it_shows():
    fig = look.figure(4, 3, alt='a "step" & a <ramp>')
    assert parsed(fig._repr_mimebundle_()[0]["text/html"]) == ['a "step" & a <ramp>']
    fig.alt = "changed later"
    data, about = fig._repr_mimebundle_()
    assert parsed(data["text/html"]) == ["changed later"] == [about["image/png"]["alt"]]
    assert look.canvas(4, 3, 8, alt="empty")[0].alt == "empty"
    fig.alt = ""
    fig.add_subplot(title="Two\nramps", xlabel="x")
    assert parsed(fig._repr_mimebundle_()[0]["text/html"]) == [f"{UNDESCRIBED}; Two ramps; x"]


def parsed(html):
    return [image["alt"] for image in BeautifulSoup(html, "html.parser").find_all("img")]


def test_each_frame_has_its_own_alt_text_or_the_common_one_with_the_state():
    own, plain = look.figure(1, 1, alt="a line"), look.figure(1, 1)
    assert parsed(scrub([own, plain], ["a", "b"], "w", alt="Two lines").html) == ["a line", "Two lines, w b"]
    assert parsed(slider(lambda w, b: noise(w + 1), "Noise", w=(-1, 0), b=[5]).html) == [
        "Noise, w −1, b 5",
        "Noise, w 0, b 5",
    ]
    assert UNDESCRIBED in parsed(scrub([noise(1)]).html)[0]


def test_a_slider_opens_where_it_is_told():
    made = slider(lambda a, b: "frame", start={"a": 2, "b": 0.31}, a=(0, 9), b=(0.0, 1.0, 0.25))
    assert made.start == (2, 1)
    many = slider(lambda a, b: "frame", start={"a": 1}, a=(0, 99), b=[1, 2])
    assert len(many.draw) <= 64 and many.words["a"][many.start[0]] == "1"
    assert {"0", "99"} <= set(many.words["a"]) and len(set(many.words["a"])) == len(many.words["a"]) == 32
