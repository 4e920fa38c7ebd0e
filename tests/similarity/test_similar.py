"""Copies are found in whatever clothes they come; honest answers are left alone; the page is safe to open."""

import csv
import io
import json
import random
import zipfile

import pytest
from bs4 import BeautifulSoup
from class_of_answers import answer, class_of, disguised
from click.testing import CliRunner
from harmful import HARMFUL
from small_course import GOOD, answered, write_course

from grader.cli import main
from grader.similarity.pairs import find_pairs
from grader.similarity.tokens import code_tokens, word_tokens
from grader.similarity.winnowing import GRAM, WINDOW, fingerprints

HARMLESS = set("p h1 h2 h3 strong section details summary span code div pre mark".split(" "))  # noqa: SIM905
LONG = """def relu(x):
    total = 0.0
    for row in range(x.shape[0]):
        total += np.where(x[row] > 0.25, x[row] ** 3, -1).sum()
    {harm}
    return np.maximum(x, 0) + 0 * total"""


def prints(sources):
    return {
        (student, question): fingerprints(code_tokens(source))
        for student, own in sources.items()
        for question, source in own.items()
    }


def words(source):
    return [token.text for token in code_tokens(source)]


def test_names_layout_and_comments_do_not_count():
    first = "def f(x, total):\n    return np.maximum(x, total) + 3  # mine"
    second = "def  g( data,t ):\n    '''Doc.'''\n    # other\n    return np.maximum(data,\n        t) + 7"
    assert words(first) == words(second)
    assert words(first) != words(first.replace("maximum", "minimum"))
    assert words(first) != words(first.replace("+", "-"))


def test_what_stands_around_a_passage_does_not_matter():
    passage = "v = np.dot(a, b) - np.sum(c, axis=0) * d[0]\n"
    assert len(code_tokens(passage)) >= GRAM + WINDOW - 1
    alone = set(fingerprints(code_tokens(passage)))
    inside = set(fingerprints(code_tokens("if x: print(7)\n" + passage + "while y: y.pop()")))
    assert alone & inside
    assert fingerprints(code_tokens("a + b")) == {}


@pytest.mark.parametrize("source", ["x = '" + "a" * 90_000, "((((" * 4_000, "\n" * 50_000, "\0é\udc80 = 1"])
def test_odd_sources_take_no_time(source):
    assert len(code_tokens(source)) <= 20_000 and len(word_tokens(source)) <= 20_000


@pytest.fixture(scope="module")
def compared():
    sources, planted = class_of(150, 12)
    return find_pairs(prints(sources), {}), planted


def test_every_planted_copy_is_found_and_honest_pairs_are_not(compared):
    pairs, planted = compared
    above = {pair.students for pair in pairs.worth_a_look}
    assert planted <= above
    assert len(above - planted) <= 0.01 * 150 * 149 / 2
    assert {pair.students for pair in pairs.found[: len(planted)]} == planted  # the most telling ones


def test_one_copied_answer_of_seven_is_enough():
    sources, _ = class_of(150, 0)
    chance = random.Random(5)
    own = next(source for q in sources["s00007"] if len(source := answer(q, chance)) > 300)
    sources["s00007"]["q3"], sources["s00031"]["q3"] = own, disguised(own, chance)
    (pair,) = [
        one for one in find_pairs(prints(sources), {}).worth_a_look if one.students == ("s00007", "s00031")
    ]
    assert pair.matches[0].question == "q3" and pair.matches[0].share > 0.5


def test_what_many_wrote_or_the_course_gave_says_nothing():
    sources = {f"s{n}": {"q": LONG.format(harm=f"y = {n} * {'+'.join('x' * n)}")} for n in range(1, 40)}
    assert not find_pairs(prints(sources), {}).worth_a_look  # 39 of 39 share it
    two = {name: {"q": LONG if name in ("s1", "s2") else f"z = {'-'.join(name * 9)}"} for name in sources}
    assert [pair.students for pair in find_pairs(prints(two), {}).worth_a_look] == [("s1", "s2")]
    assert not find_pairs(prints(two), {"q": fingerprints(code_tokens(LONG))}).worth_a_look


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    course = write_course(tmp_path_factory.mktemp("similar"))
    for number in range(30):
        harm = "; ".join(f"z{n} = {harm!r}" for n, harm in enumerate(HARMFUL)) if number < 2 else ""
        source = LONG.format(harm=harm) if number < 2 else f"def relu(x):\n    return x{' + x' * number}"
        nb = answered(GOOD | {"relu": source})
        name = "<b>ada" if number == 0 else f"s{number}"
        for step in ("submitted", "autograded"):
            folder = course / step / name / "ps"
            folder.mkdir(parents=True)
            (folder / "ps.ipynb").write_text(json.dumps(nb))
    words = ["similar", "ps", "--course-dir", str(course), "--dolos", str(course / "dolos.zip")]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    assert "1 pair of 30 students to look at" in result.output
    return course / "report" / "ps-similar.html"


def test_the_page_shows_both_side_by_side_and_nothing_of_a_student_is_alive(page):
    soup = BeautifulSoup(page.read_text(), "html.parser")
    assert "not a verdict" in soup.get_text()
    assert [pre.mark is not None for pre in soup.find_all("pre")] == [True, True]
    assert "<b>ada and s1" in soup.get_text()
    assert {tag.name for tag in soup.main.find_all(True)} <= HARMLESS
    assert not [tag for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert "default-src 'none'" in soup.find("meta", {"http-equiv": True})["content"]


def test_dolos_gets_a_file_for_each_student(page):
    with zipfile.ZipFile(page.parents[1] / "dolos.zip") as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("info.csv").decode())))
        assert [row["full_name"] for row in rows][:2] == ["<b>ada", "s1"] and len(rows) == 30
        assert "np.where(x[row] > 0.25" in archive.read(rows[0]["filename"]).decode()
