"""Each small notebook in tests/submissions/ through the real thing: sandbox, judge and all."""

import json
from dataclasses import replace

import nbformat
import pytest
from exercise import INSTRUCTOR, run
from questions import FOLDER, LIMITS, answer_key, expectations, notebook, submission

from grader.engine.execute import execute
from grader.engine.judge.client import Judges
from grader.records import Place, Status

SUBMISSIONS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "instructor")


@pytest.fixture(scope="module")
def judges():
    with Judges(answer_key(INSTRUCTOR)) as judges:
        yield judges


def points(execution) -> dict[str, float]:
    return {name.removeprefix("test_"): verdict.points for name, verdict in execution.verdicts.items()}


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_submission(zygote, judges, name):
    text = (FOLDER / f"{name}.py").read_text()
    wanted = expectations(text)
    run = execute(zygote, judges, "nb", submission(INSTRUCTOR, text), LIMITS, seed=3)
    nbformat.writes(run.notebook).encode()
    shown = json.dumps(run.notebook.cells)
    causes = " ".join(verdict.cause for verdict in run.verdicts.values())
    assert " ".join(f"{name}={p:g}" for name, p in points(run).items()) == wanted["expect"], causes
    assert run.status == wanted.get("status", run.status) != Status.NOT_GRADED
    assert wanted.get("cause", "") in causes
    assert wanted.get("shows", "") in shown
    if "never" in wanted:
        sources = json.dumps([cell.source for cell in run.notebook.cells])
        assert (shown + causes).count(wanted["never"]) == sources.count(wanted["never"])


def test_the_notebook_tells_nbgrader_the_same_score(zygote, judges):
    from nbgrader.utils import determine_grade

    text = (FOLDER / "changes_its_input.py").read_text()
    run = execute(zygote, judges, "nb", submission(INSTRUCTOR, text), LIMITS)
    tests = [cell for cell in run.notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert [determine_grade(cell) for cell in tests] == [(2.0, 2.0), (2.0, 3.0), (2.0, 2.0)]
    nothing = execute(
        zygote, judges, "nb", submission(INSTRUCTOR, (FOLDER / "not_started.py").read_text()), LIMITS
    )
    tests = [cell for cell in nothing.notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert [determine_grade(cell)[0] for cell in tests] == [0, 0, 0]


WORTH = {
    "": 4.0, "None": 4.0, "2.5": 2.5, "3": 3.0, "0": 0.0, "4.0": 4.0, "2.5;": 2.5,
    "np.float64(2.5)": 0.0, "True": 0.0, "'4.0'": 0.0, "4.01": 0.0, "-1": 0.0, "float('nan')": 0.0,
    "[4.0]": 0.0, "object()": 0.0,
}  # fmt: skip


@pytest.mark.parametrize(("value", "earned"), WORTH.items())
def test_last_value(zygote, value, earned):
    text = (
        f"# %% plain a\nimport numpy as np\n# %% solution scale\nscale = 1\n# %% test scale 4\npass\n{value}"
    )
    with Judges(answer_key(text)) as judges:
        run = execute(zygote, judges, "nb", notebook(text), LIMITS)
    verdict = run.verdicts["test_scale"]
    assert verdict.points == earned
    assert bool(verdict.cause) == (earned == 0 and value != "0")


STRICT = """
# %% solution f
def f():
    return 1
# %% test f 1
import sys
try:
    assert f() == 1
except Exception:
    print("wrong", file=sys.stderr)
"""


@pytest.mark.parametrize("show", ["print('x' * 9999)", "for n in range(300): display(n)"])
def test_what_costs_points_by_stderr_costs_them_however_much_was_shown_before(zygote, show):
    """By cells above, which use up what a notebook may show, or by the answer itself."""
    cells = "".join(f"# %% plain p{n}\n{show}\n" for n in range(5))
    for above in ("", cells):
        answer = f"# %% solution f\ndef f():\n    {show}\n"
        limits, places = replace(LIMITS, output_kb=4), {"test_f": Place.STRICT}
        ran = run(zygote, above + STRICT, answer, limits, places=places, key={"whole": True})
        assert [v.points for v in ran.verdicts.values()] == [0]
