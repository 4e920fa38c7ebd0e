"""Draws of hidden tests can't be foretold, neither from what student code sees nor from what all know."""

import dataclasses
import json
import multiprocessing
import stat

import numpy as np
import pytest
from questions import LIMITS, answer_key, submission
from small_course import GOOD, answered, submit, write_course

from grader.books.run_files import read_run, write_run
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.course.salt import FILE, salt_of
from grader.engine.execute import execute
from grader.engine.judge import seeds
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.errors import CourseError
from grader.grading.assignment import grade_assignment
from grader.grading.fingerprint import fingerprint, submission_seed
from grader.intake.submissions import read_submission

INSTRUCTOR = """# %% plain a
import numpy as np
from cs231nlib.grading import Grade
# %% solution classify
def classify(X):
    return (X.mean(axis=1) > 0.5).astype(int)
# %% test classify 4
grade = Grade(points=4)
### BEGIN HIDDEN TESTS
with grade("accuracy on new data", 4):
    y = grade.rng.integers(0, 2, size=50)
    X = y[:, None] + 0.1 * grade.rng.normal(size=(50, 8))
    assert (classify(X) == y).mean() > 0.95
### END HIDDEN TESTS
grade.total()
"""
KNOWN = "course|ps|mallory"
GUESSES = {
    "numpy's words": "np.random.get_state()[1][:8].tolist()",
    "numpy's words when the cell ran": "WORDS",
    "the seed of the legacy generator": "[np.random.get_state()[1][0].item()]",
    "python's words": "list(random.getstate()[1][:8])",
    "the environment": "[int(v) for v in os.environ.values() if v.isdigit()]",
    "draws": "[np.random.randint(1 << 31), random.getrandbits(32)]",
    "the ids that everybody knows": f"[int(hashlib.sha256({KNOWN!r}.encode()).hexdigest()[:8], 16)]",
}


def points(guess, seed):
    """What a submission earns that takes `guess`, a list of numbers, for the seed of the hidden draws."""
    attack = f"""# %% solution classify
import hashlib, os, random
WORDS = np.random.get_state()[1][:8].tolist()
def classify(X):
    for seed in {guess}:
        rng = np.random.default_rng(seed)
        y = rng.integers(0, 2, size=len(X))
        if np.allclose(y[:, None] + 0.1 * rng.normal(size=X.shape), X):
            return y
    return np.zeros(len(X))
"""
    with Zygote() as zygote, Judges(answer_key(INSTRUCTOR)) as judges:
        run = execute(zygote, judges, "nb", submission(INSTRUCTOR, attack), LIMITS, seed=seed)
    return run.verdicts["test_classify"].points


@pytest.mark.parametrize("guess", GUESSES.values(), ids=GUESSES)
def test_what_student_code_sees_tells_nothing_of_hidden_draws(guess):
    assert points(guess, submission_seed("secret", "ps", "mallory")) == 0


def test_who_knew_the_key_could_foretell_them():
    """The near miss."""
    assert points("[3]", 3) == 4


def test_the_keys_are_long_and_tell_nothing_of_each_other():
    made = [submission_seed(salt, "ps", who) for salt in ("a", "b") for who in ("ada", "bob", "a\udc80b")]
    keys = [*made, *map(seeds.hidden, made), *map(seeds.visible, made)]
    assert len(set(keys)) == len(keys) and min(key.bit_length() for key in keys) > 128
    assert submission_seed("a", "p|s", "x") != submission_seed("a", "p", "s|x")


def test_the_global_generators_start_the_same_in_each_run():
    """... but from another number than the seed, also where an old record names a short one."""
    attack = "# %% solution classify\nprint(np.random.get_state()[1][0])\n"
    nb = submission(INSTRUCTOR, attack)
    with Zygote() as zygote, Judges(answer_key(INSTRUCTOR)) as judges:
        runs = [execute(zygote, judges, "nb", nb, LIMITS, seed=3) for _ in range(2)]
    words = [run.notebook.cells[1].outputs[0].text for run in runs]
    assert words[0] == words[1] and words[0].strip() not in ("3", str(seeds.hidden(3)))


# The secret of a course


def test_the_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    course = open_course(write_course(tmp_path))
    salt = salt_of(course)
    assert len(bytes.fromhex(salt)) == 32 and salt == salt_of(course)
    assert stat.S_IMODE((course.root / FILE).stat().st_mode) == 0o600
    assert salt != salt_of(open_course(write_course(tmp_path / "another")))
    assert not list(course.root.glob(".new-*"))


def _salt(root):
    return salt_of(open_course(root))


def test_many_who_make_it_at_once_have_the_same(tmp_path):
    course = write_course(tmp_path)
    with multiprocessing.get_context("fork").Pool(8) as pool:
        assert len(set(pool.map(_salt, [course] * 40, chunksize=1))) == 1


def test_a_salt_in_the_configuration_goes_first(tmp_path):
    course = write_course(tmp_path)
    with open(course / "nbgrader_config.py", "a") as config:
        config.write('c.Grader.salt = "pepper"\n')
    assert salt_of(open_course(course)) == "pepper" and not (course / FILE).exists()


@pytest.mark.parametrize("broken", ["", "00ff", "no hex " * 20])
def test_a_broken_secret_is_the_staffs_to_mend(tmp_path, broken):
    course = write_course(tmp_path)
    (course / FILE).write_text(broken)
    with pytest.raises(CourseError, match=r"\.grader_salt"):
        salt_of(open_course(course))


def test_a_dry_run_makes_none(tmp_path):
    course = write_course(tmp_path)
    submit(course, "ada", GOOD)
    summary = grade_assignment(course, "ps", dry_run=True)
    assert summary.runs[0].label == "graded" and not (course / FILE).exists()


def test_no_student_process_reads_it(tmp_path):
    course = write_course(tmp_path)
    salt = salt_of(open_course(course))
    looking = f"""
import glob, os, subprocess
for place in [{str(course / FILE)!r}, *glob.glob("/proc/*/environ"), *glob.glob("/proc/*/cmdline")]:
    try: print(open(place).read())
    except OSError as error: print("closed", error)
print(dict(os.environ), subprocess.run(["find", {str(course)!r}], capture_output=True, text=True).stdout)
"""
    submit(course, "eve", GOOD | {"relu": GOOD["relu"] + looking})
    run = grade_assignment(course, "ps").runs[0]
    page = (course / "autograded" / "eve" / "ps" / "ps.ipynb").read_text()
    assert "closed" in page and "OMP_NUM_THREADS" in page
    assert salt not in page and str(run.seed) not in page and str(seeds.hidden(run.seed)) not in page


# Records of earlier versions

NOISY = "def relu(x):\n    return np.maximum(x, 0)\nprint(np.random.get_state()[1][0])"


@pytest.fixture
def recorded(tmp_path):
    """A course whose one submission was graded with a short seed, as earlier versions did."""
    course = write_course(tmp_path)
    submit(course, "ada", GOOD | {"relu": NOISY})
    run = grade_assignment(course, "ps").runs[0]
    opened = open_course(course)
    given = load_key(opened, "ps"), read_submission(opened, "ps", "ada"), opened.limits, 4711
    write_run(course, dataclasses.replace(run, seed=4711, fingerprint=fingerprint(*given)))
    (course / FILE).unlink()
    return course


def test_a_record_with_a_short_seed_goes_on(recorded):
    assert grade_assignment(recorded, "ps").unchanged == 1
    forced = grade_assignment(recorded, "ps", force=True)
    assert [run.seed for run in forced.runs] == [4711] == [read_run(recorded, "ada", "ps").seed]
    assert seeds.hidden(4711) == 4711  # what `grade.rng` drew from then


def test_who_hands_in_anew_gets_a_long_seed(recorded):
    submit(recorded, "ada", GOOD)
    (run,) = grade_assignment(recorded, "ps").runs
    assert run.seed.bit_length() > 128
    assert run.seed == submission_seed(salt_of(open_course(recorded)), "ps", "ada")
    assert grade_assignment(recorded, "ps").unchanged == 1


def test_a_lost_secret_changes_no_mark(tmp_path):
    course = write_course(tmp_path)
    submit(course, "ada", json.dumps(answered(GOOD)).encode())
    (before,) = grade_assignment(course, "ps").runs
    (course / FILE).unlink()
    assert grade_assignment(course, "ps").unchanged == 1
    (after,) = grade_assignment(course, "ps", force=True).runs
    assert before.seed == after.seed != submission_seed(salt_of(open_course(course)), "ps", "ada")


def test_a_long_key_is_a_key_of_numpys():
    assert np.random.default_rng(seeds.hidden(1 << 255)).integers(1 << 62) > 0
