"""What students get back: clear, complete, without hidden tests, and harmless to open."""

import base64
import html
import json
import shutil
import time

import pytest
from bs4 import BeautifulSoup
from harmful import HARMFUL, MARK
from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.api import Gradebook as Nbgrader
from small_course import GOOD, HIDDEN, answered, write_course

from grader.books.autograded import write_autograded
from grader.books.gradebook import Gradebook
from grader.books.runs import run_of, write_run
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.errors import FeedbackError
from grader.grading.score import score_cells
from grader.pages.check_ids import CheckIds
from grader.pages.feedback import write_feedback
from grader.pages.feedback_template import PAGES_BYTES
from grader.pages.formulas import formula_html
from grader.pages.questions import split_questions
from grader.pages.student_html import HTML_BYTES, PageBudget, markdown_html
from grader.records import Check, Execution, GradedSubmission, Repair, Status, Submission, Verdict
from grader.sanitize import clean_html

PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n0000").decode()


@pytest.fixture
def course(tmp_path):
    return write_course(tmp_path)


def page(course, answers=GOOD, verdicts=(), outputs=(), own=(), status=Status.COMPLETED, **more):
    """The feedback page of one student whose run went as told."""
    key, nb = load_key(open_course(course), "ps"), answered(answers)
    nb.cells[3].outputs = list(outputs)
    nb.cells[3:3] = list(own)
    known = {verdict.grade_id: verdict for verdict in verdicts}
    read = status is Status.COMPLETED
    run = Execution(nb if read else None, status, 0.1, 1.0, more.get("detail", ""), known)
    scores = {"ps": score_cells(run, key.unsolved["ps"])}
    submission = Submission(more.get("student", "ada"), "ps", None, {}, more.get("notes", ()))
    graded = GradedSubmission(submission, status, {"ps": run}, scores, more.get("repairs", ()))
    (course / "submitted" / submission.student / "ps").mkdir(parents=True, exist_ok=True)
    write_autograded(course / "autograded" / submission.student / "ps", key, graded)
    if more.get("recorded"):
        with Gradebook(open_course(course), key) as book:
            book.store_key()
            book.record(graded)
    write_run(course, run_of(graded, 1))
    (path,) = write_feedback(course, "ps")
    assert path == course / "feedback" / submission.student / "ps" / "ps.html"
    return path.read_text()


def words(text):
    return " ".join(BeautifulSoup(text, "html.parser").get_text(" ").split())


def relu(points, **more):
    return Verdict("test_relu", Status.COMPLETED, points, **more)


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


def test_scores_checks_and_hints_are_shown(course):
    checks = (Check("positive", 1, 1), Check("negative", 0, 2, "relu(-1) gave 1, but should give 0."))
    text = words(page(course, verdicts=[relu(1.0, checks=checks, hint="What is max(0, -1)?")]))
    for said in (
        "Cut off",
        "1 / 3",
        "positive",
        "relu(-1) gave 1, but should give 0.",
        "What is max(0, -1)?",
    ):
        assert said in text
    assert "return np . maximum ( x , 0 )" in text
    assert "To read again: Functions in ps.ipynb" in text  # the section that the question's own heading is in


def test_hidden_checks_are_masked(course):
    checks = (Check("keeps it", 1, 1), Check("secret label", 0, 2, f"secret message {HIDDEN}", hidden=True))
    text = page(course, verdicts=[relu(1.0, checks=checks)])
    assert "a hidden check (2 points) did not pass" in words(text)
    assert "keeps it" in text
    for secret in ("secret", HIDDEN, "[-3]", "HIDDEN TESTS"):
        assert secret not in text


def test_a_hidden_check_that_failed_asks_its_nudge_and_one_that_passed_does_not(course):
    failed = Check("secret label", 0, 1, "secret message", hidden=True, nudge="Is your <input> still whole?")
    passed = Check("other label", 1, 1, hidden=True, nudge="What does one row give?")
    text = page(course, verdicts=[relu(1.0, checks=(failed, passed))])
    assert "Is your &lt;input&gt; still whole?" in text
    assert "secret" not in text and "one row" not in text


def test_a_failed_hidden_assertion_is_masked(course):
    text = page(course, verdicts=[relu(0.0, cause="a test you cannot see failed (AssertionError)")])
    assert "a hidden check (3 points) did not pass" in words(text)
    assert "AssertionError" not in text


def test_a_failed_visible_assertion_is_told(course):
    text = words(page(course, verdicts=[relu(0.0, cause="relu of -1 and 2")]))
    quoted = CheckIds("ps", "ps").of("test_relu", "")
    assert f"this test did not pass {quoted} 0 / 3 relu of -1 and 2" in text


@pytest.mark.parametrize(
    ("status", "said"),
    [(Status.TIMED_OUT, "longer than the time limit"), (Status.OUT_OF_MEMORY, "more memory than the limit")],
)
def test_a_limit_is_named(course, status, said):
    assert said in words(page(course, verdicts=[Verdict("test_relu", status, 0.0, cause="20 s")]))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.UNREADABLE, "could not be read"),
        (Status.MISSING, "was not handed in"),
        (Status.NOT_GRADED, "not been graded yet"),
    ],
)
def test_what_was_not_run_says_why(course, status, said):
    text = words(page(course, status=status, detail="the reason <b>", notes=("x.csv was left out.",)))
    assert said in text
    assert "the reason <b>" in text
    assert "x.csv was left out." in text


def test_repairs_are_listed(course):
    repairs = (Repair("ps", "test_relu", "The test cell was put back."), Repair("other", "x", "not here"))
    text = words(page(course, repairs=repairs))
    assert "test_relu : The test cell was put back." in text
    assert "not here" not in text


def test_comments_and_points_of_humans_are_shown(course):
    page(course, GOOD | {"why": "Because."}, recorded=True)
    with Nbgrader(f"sqlite:///{course}/gradebook.db", "small") as book:
        book.find_grade("why", "ps", "ps", "ada").manual_score = 1.5
        book.find_comment("why", "ps", "ps", "ada").manual_comment = "Say <why>."
        book.db.commit()
    (path,) = write_feedback(course, "ps")
    text = words(path.read_text())
    assert "1.5 / 2" in text
    assert "Say <why>." in text


def test_the_same_is_told_in_markdown_and_json_and_no_more(course):
    checks = (
        Check("positive", 1, 1),
        Check("*negative*", 0, 1, "relu(-1) gave <1>, but should give 0."),
        Check("secret label", 0, 1, "secret message", hidden=True, nudge="Is it whole?"),
    )
    path = course / "feedback" / "ada" / "ps" / "ps.md"
    page(
        course, verdicts=[relu(1.0, checks=checks, hint="max?")], repairs=(Repair("ps", "x", "[put](back)"),)
    )
    text, quoted = path.read_text(), CheckIds("ps", "ps").of("test_relu", "*negative*")
    assert "**1 of 7.5 points**" in text and "## Cut off: 1 of 3" in text and "- Hint: max?" in text
    assert rf"- ✗ \*negative\* ({quoted}): 0 of 1" in text and r"gave \<1\>, but" in text
    assert r"\[put\](back)" in text and "Is it whole?" in text
    facts = json.loads(path.with_suffix(".json").read_text())
    assert (facts["points"], facts["max_points"]) == (1.0, 7.5)
    told = facts["questions"][0]["results"][0]["checks"]
    assert [(one["label"], one["passed"]) for one in told][:2] == [("positive", True), ("*negative*", False)]
    assert "secret" not in text and "secret" not in json.dumps(facts)


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
    started = time.monotonic()
    clean_html(rich), clean_html("".join(f"<b a={n}><p>" for n in range(4000)))
    assert time.monotonic() - started < 2


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


def test_only_a_lost_question_says_what_to_read_again(course):
    assert "To read again" not in words(page(course, verdicts=[relu(3.0)])).partition("Share")[0]


def test_the_trail_tells_sections_and_links_but_nothing_of_an_answer():
    cells = [
        new_markdown_cell("# All\n```python\n# no heading\n```"),
        new_markdown_cell(
            "## Rectifiers\nSee [the paper](https://example.org/relu) and ![no](https://p.org)."
        ),
        new_markdown_cell("### `relu`"),
        _marked(new_code_cell("def relu(x): ..."), "relu", solution=True),
        _marked(new_code_cell("assert relu(1) == 1"), "test_relu", grade=True),
        _marked(new_markdown_cell("# As in [secret](https://secret.org)"), "why", grade=True, solution=True),
        _marked(
            new_markdown_cell("---\n### Draw\n### BEGIN MARK SCHEME\n[x](https://s.org)"), "draw", task=True
        ),
    ]
    first, why, draw = split_questions(new_notebook(cells=cells))
    assert (first.title, first.reading.section) == ("relu", "Rectifiers")
    assert first.reading.links == (("the paper", "https://example.org/relu"),)
    assert (why.title, why.reading) == ("relu", first.reading)
    assert (draw.title, draw.reading) == ("Draw", first.reading)


def _marked(cell, grade_id, **marks):
    cell.metadata.nbgrader = from_dict(
        {"grade_id": grade_id, "grade": False, "solution": False, "task": False, "points": 1} | marks
    )
    return cell


def test_pages_stay_small(course):
    big = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 1_500_000).decode()
    outputs = [new_output("display_data", data={"image/png": big}) for _ in range(9)]
    outputs += [new_output("stream", name="stdout", text="y" * 6_000_000)]
    outputs += [new_output("error", ename="E", evalue="z" * 3_000_000, traceback=["z" * 3_000_000])]
    own = [new_code_cell(f"x{n} = {n}") for n in range(2_000)]
    text = page(course, outputs=outputs, own=own, verdicts=[relu(0.0, cause="w" * 1_000_000)])
    assert len(text.encode()) < PAGES_BYTES + 200_000


@pytest.mark.parametrize("answer", [">" * 20_000, "[" * 20_000, "\x1b[31m\x00\u202e\udc80", "*" * 20_000])
def test_odd_text_is_no_trouble(course, answer):
    text = page(course, GOOD | {"why": answer}, own=[new_code_cell(answer)])
    assert_harmless(text)
    assert not set("\x1b\x00\u202e") & set(text)


def test_the_page_is_the_same_each_time(course):
    assert page(course) == page(course)


def test_odd_names_are_escaped(course):
    text = page(course, student="<b>a & b")
    assert html.escape("<b>a & b") in text


def test_a_notebook_that_is_gone_still_has_its_scores(course):
    page(course, verdicts=[relu(3.0)])
    (course / "autograded" / "ada" / "ps" / "ps.ipynb").write_text(json.dumps([]))
    (course / "autograded" / "ada" / "ps" / "ps.ipynb").unlink()
    (path,) = write_feedback(course, "ps")
    assert "3 / 3" in words(path.read_text())


def test_a_page_that_cannot_be_made_stops_no_other(course):
    page(course, student="zoe")
    for step in ("submitted", "runs", "autograded"):
        shutil.copytree(course / step / "zoe", course / step / "ada")
    (course / "autograded" / "ada" / "ps" / "ps.ipynb").write_text('{"cells": [{"cell_type": "code"}]}')
    own = course / "feedback" / "zoe" / "ps" / "ps.html"
    own.unlink()
    with pytest.raises(FeedbackError, match=r"no feedback page for ada .AttributeError.* --force"):
        write_feedback(course, "ps")
    assert own.is_file()


def test_the_same_marks_are_the_same_pages(course):
    """Whatever the seed was and however long it took; and nobody needs a secret without an exchange."""
    page(course, recorded=True)
    place, record = course / "feedback" / "ada" / "ps", course / "runs" / "ada" / "ps.json"
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    told = json.loads(record.read_text())
    told["seed"], told["fingerprint"] = told["seed"] + 1, "other"
    told["notebooks"]["ps"] |= {"seconds": 99.0, "cpu": {"student": 9.0}}
    record.write_text(json.dumps(told))
    for path in place.iterdir():
        path.unlink()
    write_feedback(course, "ps")
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before
    assert {"ps.html", "ps.md", "ps.json"} <= before.keys() and "submission_secret.txt" not in before
    told["notebooks"]["ps"]["scores"][0]["auto_score"] = 0.5
    record.write_text(json.dumps(told))
    write_feedback(course, "ps")
    assert (place / "ps.html").read_bytes() != before["ps.html"]


def test_a_page_that_would_be_as_it_is_stays(course):
    page(course, recorded=True)
    place = course / "feedback" / "ada" / "ps"

    def writes(*, comment=""):
        """The pages that are written anew."""
        before = {path: path.stat().st_mtime_ns for path in place.iterdir()}
        if comment:
            with Nbgrader(f"sqlite:///{course / 'gradebook.db'}") as book:
                book.find_comment("why", "ps", "ps", "ada").manual_comment = comment
                book.db.commit()
        write_feedback(course, "ps", jobs=2)
        return {path.suffix for path in place.iterdir() if path.stat().st_mtime_ns != before.get(path)}

    assert writes() == set()
    assert writes(comment="Well said.") == {".html", ".md", ".json"}
    assert "Well said." in (place / "ps.html").read_text() and writes() == set()
    (place / "ps.md").unlink()
    assert writes() == {".html", ".md", ".json"}
    (place / "ps.html").write_text((place / "ps.html").read_text()[:-9])
    assert writes() == {".html", ".md", ".json"}
