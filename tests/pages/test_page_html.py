"""What students made, on a page: harmless, bounded in size and time, with pictures and formulas."""

import base64
import html
import time

import pytest
from bs4 import BeautifulSoup
from feedback_page import page, relu
from harmful import HARMFUL, MARK
from nbformat.v4 import new_code_cell, new_output
from small_course import GOOD

from grader.pages.formulas import formula_html
from grader.pages.output_html import HTML_BYTES
from grader.pages.page_budget import PageBudget
from grader.pages.student_html import markdown_html
from grader.records import Check, Repair
from grader.sanitize import clean_html

PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n0000").decode()


def assert_harmless(text):
    """Nothing on the page runs or is loaded: no script, frame, handler or foreign address."""
    soup = BeautifulSoup(text, "html.parser")
    assert "default-src 'none'" in soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert not soup.find_all(["script", "iframe", "object", "embed", "form", "link", "svg", "base"])
    assert len(soup.find_all("style")) == 1
    for element in soup.find_all(True):
        for name, value in element.attrs.items():
            assert not name.startswith("on")
            assert name != "srcdoc"
            if name in ("href", "src", "action", "xlink:href"):
                assert value.startswith(("#", "https://", "http://", "data:image/png;base64,"))


@pytest.mark.parametrize("harmful", HARMFUL)
def test_nothing_a_student_makes_runs_on_the_page(course, harmful):
    def shown(**data):
        return new_output(
            "display_data", data={kind.replace("_", "/"): value for kind, value in data.items()}
        )

    outputs = [
        shown(text_html=harmful),
        shown(text_html=[f"<table><tr><td>{harmful}</td></tr></table>"]),
        shown(text_markdown=harmful),
        shown(text_plain=harmful),
        shown(application_javascript=harmful),
        new_output("display_data", data={"image/svg+xml": harmful, "text/plain": harmful}),
        new_output("display_data", data={"image/png": f'"><{harmful}', "text/plain": "a picture"}),
        new_output("stream", name="stdout", text=harmful),
        new_output("error", ename=harmful, evalue=harmful, traceback=[harmful]),
    ]
    check = Check(harmful, 0, 3, harmful)
    text = page(
        course,
        {"relu": harmful, "why": f"{harmful}\n\n[a](javascript:{MARK}()) ![b](//{MARK})"},
        [relu(0.0, checks=(check,), cause=harmful, hint=harmful)],
        outputs,
        own=[new_code_cell(harmful)],
        repairs=(Repair("ps", harmful, harmful),),
        notes=(harmful,),
    )
    assert_harmless(text)


TANGLED = [
    "<div>",
    "<b><p>",
    "<ul><li>",
    "<a href=x>",
    "<",
    "<!--",
    "<a ",
    "</b>",
    "<svg>",
    "&#",
    "<a href='",
]


@pytest.mark.parametrize("piece", TANGLED)
def test_tangled_html_takes_no_time(piece):
    rich = piece * (HTML_BYTES // len(piece))
    started = time.process_time()
    clean_html(rich), clean_html("".join(f"<b a={n}><p>" for n in range(4000)))
    assert time.process_time() - started < 2


def test_html_stays_within_its_place_on_the_page():
    assert clean_html("</div></main><b>x<i>y</b>z") == "<b>x<i>y</i></b>z"
    assert clean_html("<a href='https://x.org' onclick=a()>x &lt;&#x202e;y<td colspan=2 rowspan=9999>") == (
        '<a href="https://x.org">x &lt;\ufffdy<td colspan="2"></td></a>'
    )
    assert clean_html('<img src=x onerror=a()><img alt="a &lt;b&gt;" src=x>') == '<img alt="a &lt;b&gt;">'
    assert clean_html("<a href='java&#10;script:a()' title='\"><script>'>x</a>").startswith("<a")


def test_what_no_longer_fits_is_not_even_made():
    budget, made = PageBudget(100), []
    for _ in range(50):
        budget.take(lambda text: made.append(text) or text, "x" * 30)
    assert len(made) < 10


def test_the_check_of_harmlessness_sees_harm(course):
    text = page(course)
    assert_harmless(text)
    for harmful in HARMFUL[:6]:
        with pytest.raises(AssertionError):
            assert_harmless(text.replace("</main>", harmful + "</main>"))


def test_pictures_are_shown_when_they_are_pictures(course):
    outputs = [
        new_output("display_data", data={"image/png": PIXEL}),
        new_output("display_data", data={"image/jpeg": PIXEL, "text/plain": "no jpeg"}),
    ]
    soup = BeautifulSoup(page(course, outputs=outputs), "html.parser")
    assert [image["src"] for image in soup.find_all("img")] == [f"data:image/png;base64,{PIXEL}"]
    assert "no jpeg" in soup.get_text()


def test_a_picture_says_what_it_shows(course):
    kinds = {"text/html": '<img alt="a &lt;curve&gt;" src="x">', "text/plain": "<Figure size 640x480>"}
    outputs = [
        new_output("display_data", data={"image/png": PIXEL} | kinds),
        new_output("display_data", data={"image/png": PIXEL, "text/plain": kinds["text/plain"]}),
    ]
    soup = BeautifulSoup(page(course, outputs=outputs), "html.parser")
    assert [image["alt"] for image in soup.find_all("img")] == [
        "a <curve>",
        "picture made by your code: Figure size 640x480",
    ]


FORMULAS = {
    r"$\frac{a}{2}$": ["mfrac", "2"],
    "$$\nx^2 < y\n$$": ["msup", "<"],
    "\\begin{align}\na &= b\n\\end{align}": ["mtable", "b"],
    r"$\text{<img src=x onerror=harm()> &lt;script&gt;}$": [
        "mtext",
        "<img\xa0src=x\xa0onerror=harm()>\xa0<script>",
    ],
}


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_mathml_and_nothing_else(formula):
    soup = BeautifulSoup(markdown_html(f"Before\n\n{formula}\n\nand costs $5 or $6."), "html.parser")
    (math,) = soup.find_all("math")
    tag, text = FORMULAS[formula]
    assert math.find(tag) and text in math.get_text() and math["alttext"]
    assert "costs $5 or $6." in soup.get_text() and not soup.find_all(["img", "script"])


UNSAFE = [
    r"\href{javascript:harm()}{x}",
    r"\style{background:url(//harm)}{x}",
    r"\class{score}{x}",
    r"\color{red' onclick='harm()}{x}",
    r"\color{red\" onclick=\"harm()}{x}",
]


@pytest.mark.parametrize("latex", UNSAFE)
def test_a_formula_has_no_address_style_or_handler(latex):
    for element in BeautifulSoup(formula_html(latex), "html.parser").find_all(True):
        assert set(element.attrs) <= {"alttext", "display"}


@pytest.mark.parametrize("latex", [r"\def\a{\b\b}\a", r"\newcommand{\a}{x}\a", "x" * 3000, r"\left("])
def test_what_is_no_plain_formula_stays_as_typed(latex):
    assert formula_html(latex) == f"<code>{html.escape(latex)}</code>"


@pytest.mark.parametrize("answer", [">" * 20_000, "[" * 20_000, "\x1b[31m\x00\u202e\udc80", "*" * 20_000])
def test_odd_text_is_no_trouble(course, answer):
    text = page(course, GOOD | {"why": answer}, own=[new_code_cell(answer)])
    assert_harmless(text)
    assert not set("\x1b\x00\u202e") & set(text)


def test_odd_names_are_escaped(course):
    text = page(course, student="<b>a & b")
    assert html.escape("<b>a & b") in text
