"""Notebooks that begin alike: the beginning runs once, and the verdicts are those of each by itself."""

from exercise import GRADED
from questions import LIMITS, answer_key, submission

from grader.answer_key import Mistake
from grader.engine.alike import execute_alike
from grader.engine.execute import execute
from grader.engine.judge.client import Judges

COURSE = GRADED.replace("# %% solution", "seen = []\n# %% solution", 1)
LIMITED = "seen.append(1)\n    return np.maximum(z, 0) if len(seen) < 3 else z"
WRONG = "return np.abs(z) + 0 * len(seen)"
ANSWERS = {
    "needs less of the beginning": "return np.maximum(z, 0)",
    "counts its calls": LIMITED,
    "counts them, too": f"'The two calls of the test, if nobody came before.'\n    {LIMITED}",
    "is wrong": WRONG,
    "changes its input": "z[np.less(z, 0)] = len(seen)\n    return z",
    "ends the process": "import os; os._exit(len(seen) or 3)",
    "comes after that": LIMITED + "  # a process of its own again",
}
SHARED = [name for name in ANSWERS if name not in ("ends the process", "needs less of the beginning")]


def told(run):
    verdict = run.verdicts["test_relu"]
    return verdict.points, verdict.status, verdict.cause, verdict.hint, verdict.checks, verdict.detail


def test_each_ends_as_by_itself_and_meets_nothing_of_the_others(zygote):
    texts = [f"# %% solution relu\ndef relu(z):\n    {body}" for body in ANSWERS.values()]
    notebooks = [submission(COURSE, text) for text in texts]
    known = {"test_relu": (Mistake("def relu(z):\n    return abs(z)", 2, "which sign?"),)}
    how = {"seed": 3, "files": {}, "only": ["test_relu"]}
    with Judges(answer_key(COURSE, mistakes=known)) as judges:
        together = execute_alike(zygote, judges, "nb", notebooks, LIMITS, **how)
        alone = [execute(zygote, judges, "nb", notebook, LIMITS, **how) for notebook in notebooks]
    assert [told(run) for run in together] == [told(run) for run in alone]
    assert [run.verdicts["test_relu"].points for run in alone] == [4, 4, 4, 2, 2, 0, 4]
    assert alone[3].verdicts["test_relu"].hint == "which sign?"
    # What ran with others has no CPU time of its own: the rest was executed by itself.
    assert [name for name, run in zip(ANSWERS, together, strict=True) if not run.cpu] == SHARED
