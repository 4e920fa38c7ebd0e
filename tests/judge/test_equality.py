"""Whether two objects of a class that the student wrote are equal, in a test that runs outside."""

import pytest
from questions import answer_key, submission

from grader.engine.execute import execute
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.records import Limits

PLAIN = """# %% plain a
import dataclasses
# %% solution account
class Account:
    def __init__(self, owner): self.owner = owner
# %% test account 1
a, b = Account("a"), Account("b")
assert a != b and b in [a, b] and a not in [b] and [a, b].index(b) == 1
"""
DATACLASS = "@dataclasses.dataclass\nclass Account:\n    owner: str"
SAYS_YES = DATACLASS + "\n    def __eq__(self, other): return True"


@pytest.mark.parametrize("answer", [DATACLASS, SAYS_YES])
def test_objects_of_a_students_class_are_equal_where_the_same_if_no_class_of_the_answer_says_more(answer):
    with Zygote() as zygote, Judges(answer_key(PLAIN)) as judges:
        run = execute(
            zygote, judges, "nb", submission(PLAIN, "# %% solution account\n" + answer), Limits(), seed=3
        )
    assert run.verdicts["test_account"].points == 1, run.verdicts["test_account"].detail
