"""Whoever reads what a student made takes time in proportion to its length, whatever it says."""

import io
import json
import time
import zipfile

import damaged
import pytest
from nbformat.v4 import new_output

from grader.engine.wire.admission import admitted
from grader.intake.archives import open_zip
from grader.notebook.given_lines import with_given
from grader.notebook.planner import make_plan
from grader.notebook.students_part import students_part
from grader.pages.output_html import outputs_html
from grader.pages.student_html import RICH_SECONDS, code_html, inline_html, markdown_html
from grader.repair import celltext, statements
from grader.repair.reading import read_notebook
from grader.repair.repair import repair
from grader.sanitize import clean_html, defused

PLAN = make_plan(damaged.SOURCE)
SOLUTION = "import math\nLIMIT = 3\ndef f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION"
STUB = damaged.stub("shout")


def one_cell(text, kind="code", **more):
    return json.dumps({"cells": [damaged.cell(kind, text, "c-shout", more.get("metadata"))]}).encode()


def archive(text):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for at in range(0, len(text), 60_000):
            file.writestr(f"{at}{text[at : at + 60_000]}", b"")
    return open_zip(packed).members


READERS = {
    "a file": lambda text: read_notebook(text.encode()),
    "a file that begins as one": lambda text: read_notebook(b'{"cells": [' + text.encode()),
    "a cell cut off": lambda text: read_notebook(
        b'{"cells": [{"cell_type": "code", "source": ' + text.encode()
    ),
    "a string cut off": lambda text: read_notebook(b'{"cells": [{"cell_type": "' + text.encode()),
    "a cell": lambda text: repair(one_cell(text), damaged.SOURCE, "boxes"),
    "an answer": lambda text: repair(
        one_cell(text, metadata=damaged.mark("shout", solution=True)), damaged.SOURCE, "boxes"
    ),
    "a text cell": lambda text: repair(one_cell(text, "markdown"), damaged.SOURCE, "boxes"),
    "names": celltext.names,
    "emptiness": lambda text: celltext.is_empty(text, STUB, "code"),
    "statements": statements.statements,
    "what was added": lambda text: celltext.added(STUB + text, STUB),
    "what was merged": lambda text: celltext.cut(text + STUB + text, STUB),
    "given lines": lambda text: with_given(text, SOLUTION),
    "mentioned names": lambda text: students_part(
        PLAN, [(kind, text) for kind in ("demo", "solution", "plain")]
    ),
    "HTML": clean_html,
    "Markdown of others": defused,
    "a line": inline_html,
    "outputs": lambda text: outputs_html(
        [new_output("display_data", {"text/html": text, "image/png": text})]
    ),
    "claimed outputs": lambda text: admitted(
        [{"output_type": "display_data", "data": {"image/png": text, "text/html": text}}], 1 << 30
    ),
    "names in an archive": archive,
}
ATOMS = [
    *"<&[{(\\\"'`*_~|!#-=@:;,.%?^/1aé\t\r\n \x1b\0",
    *("<a", "<a ", "</a", "</a>", "<a>", "<!--", "<!", "<?", "<script", "</script ", "<svg>", "<td>"),
    *("a=", "a='", ' a="', "&#1", "&#x", "&a", "&amp;", "<a x=1 ", "x y", "a b\n", "a\n", "a \n"),
    *(
        '{"',
        '{ "',
        '{"a":',
        "[[",
        '"\\',
        '\\"',
        "\\u",
        "\\u1",
        '",',
        '{"cell_type":',
        "1.",
        "1e",
        "-1",
        "nul",
    ),
    *("<<<<<<< \n", "=======\n", ">>>>>>> \n", "{}", "{},", "[],", '{"source": "", "cell_type": "code"},'),
    *("a,", "a ,", "a, ", "a = ", "a=None\n", "a:", "a: b = ", "def ", "async ", "class A", "@a\n", " x\n"),
    *(
        "f'{",
        "f'{x}'",
        "'''",
        '"""',
        "r'",
        "b'",
        "\\\n",
        "if x:\n",
        "x;",
        "lambda:",
        "not ",
        "a.",
        "a(",
        "f(",
    ),
    *(
        "[a](",
        "![a](",
        "[a][",
        "<a@",
        "`a",
        "``",
        "**a",
        "*a ",
        "~~a",
        "| a ",
        "|-",
        "> ",
        "- a\n",
        "1. ",
        "***",
    ),
    *(
        "    a\n",
        "\n ",
        "\n\n",
        " \n",
        "```\n",
        "```a",
        "# ",
        "a\n=\n",
        "[a]: b\n",
        "&colon;",
        "script:",
        "data ",
    ),
    *("java\tscript", "s\nc\n", "\x1b[0", "\x1b[", "### BEGIN SOLUTION\n", "raise NotImplementedError()\n"),
]
ENDS = [("", ""), ("<a ", ">")]
SIZE, TIMES = 3_000, 4
FREE_SECONDS = 0.1  # what is done in so little time is not measured


def cost(read, text, tries=1):
    """CPU seconds; the least of `tries`."""
    spent = []
    for _ in range(tries):
        started = time.process_time()
        read(text)
        spent.append(time.process_time() - started)
    return min(spent)


def grows(read, short, long, tries=1):
    """The CPU seconds of both texts where the long one takes too much, else nothing."""
    slow = cost(read, long, tries)
    quick = cost(read, short, tries) if slow > 2 * FREE_SECONDS else slow
    return (quick, slow) if slow > 2 * TIMES * max(quick, FREE_SECONDS / TIMES) else None


@pytest.mark.parametrize("name", READERS)
def test_four_times_the_text_takes_about_four_times_as_long(name):
    read, grown = READERS[name], {}
    for atom in ATOMS:
        for before, after in ENDS:
            short, long = (before + times * (SIZE // len(atom)) * atom + after for times in (1, TIMES))
            if grows(read, short, long) and (found := grows(read, short, long, tries=3)):
                grown[before, atom, after] = found
    assert grown == {}


SLOW = [
    "\\begin{a}\n",
    "$x",
    "\n ",
    "\n\n",
    "[a](",
    "**a",
    "*a ",
    "`a",
    "[a][",
    "![a](",
    "<a@",
    "> ",
    "f'{",
    "_a*",
    "| a ",
]


@pytest.mark.parametrize("atom", SLOW)
@pytest.mark.parametrize("read", [code_html, markdown_html])
def test_what_a_library_makes_pretty_is_bounded_in_time(read, atom):
    started = time.process_time()
    page = read("x = 1" + atom * (18_000 // len(atom)) + "\ny = 2")
    assert time.process_time() - started < RICH_SECONDS + 0.5
    assert page
