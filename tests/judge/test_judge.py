"""What a test cell may do with a student's code, idiom by idiom; what it cannot do says so."""

import pytest
from idiom_answers import ANSWERS
from idioms import CANNOT, IDIOMS
from nbformat import v4
from questions import cell

from grader.answer_key import AnswerKey
from grader.engine.execute import execute
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.records import Limits, Status


@pytest.fixture(scope="module")
def verdicts():
    """All idioms as the test cells of one notebook, run once."""
    cells = [
        cell("plain", "setup", 0, "import numpy as np\nx = np.arange(4.0)"),
        cell("solution", "answers", 0, ANSWERS),
    ]
    sources = [*IDIOMS.items(), *((name, source) for name, (source, _) in CANNOT.items())]
    cells += [cell("test", f"i{n}", 1, source.strip()) for n, (_name, source) in enumerate(sources)]
    files = {"data.txt": b"beside", "helper_module.py": b"VALUE = 'ours'"}
    nb = v4.new_notebook(cells=cells)
    with Judges(AnswerKey("a", {"nb": nb}, files, "idioms")) as judges, Zygote() as zygote:
        run = execute(zygote, judges, "nb", nb, Limits(), seed=7)
    assert run.status is Status.COMPLETED, run.detail
    return {name: run.verdicts[f"test_i{n}"] for n, (name, _source) in enumerate(sources)}


@pytest.mark.parametrize("name", IDIOMS)
def test_idiom(verdicts, name):
    verdict = verdicts[name]
    assert verdict.points == 1, verdict.detail


@pytest.mark.parametrize("name", CANNOT)
def test_what_cannot_cross_says_so(verdicts, name):
    verdict = verdicts[name]
    assert verdict.points == 0
    assert CANNOT[name][1] in verdict.detail
    assert verdict.detail.startswith("line ")
