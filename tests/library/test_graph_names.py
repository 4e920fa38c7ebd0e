"""What the test of `topological_order` says of a list of nodes, and what it asks."""

import pytest

from cs231nlib.expectations import Mistake
from cs231nlib.graph import trace
from cs231nlib.graph_names import check_parents_first, names_of

Q = trace("q = x + y", x=1.0, y=2.0)
X, Y = Q.parents
WRONG = {
    "lacks y": ([X, Q], "y: missing from what comes back"),
    "should be a Node": ([X, Y, "q"], "of kind str"),
    "holds x more than once": ([X, Y, X, Q], "The same x"),
    "of an earlier call": (
        [X, Y, Q, *trace("p = x + y", x=1.0, y=2.0).parents],
        "an earlier call has gathered",
    ),
}


@pytest.mark.parametrize("said", WRONG)
def test_a_list_that_is_not_the_graph_is_asked_about(said):
    found, asked = WRONG[said]
    with pytest.raises(Mistake, match=said) as error:
        names_of("f(q)", found, "xyq")
    assert asked in error.value.ask


def test_parents_come_first():
    names = names_of("f(q)", [X, Q, Y], "xyq")
    check_parents_first("f(q)", names, "q", ["x"])
    with pytest.raises(Mistake, match=r"q is computed from \['y'\]") as error:
        check_parents_first("f(q)", names, "q", ["x", "y"])
    assert "before what it is computed from" in error.value.ask
