"""A list of nodes, told by their names: for the tests of an exercise that puts a graph in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def names_of(what: str, found: Any, wanted: Sequence[str]) -> list[str]:
    """The names of the nodes in `found`, in its order, once it is known to hold each of `wanted` once.

    what: the call that gave it, for the message. Raises AssertionError with a sentence for the student.
    """
    assert found is not None, f"{what} is None. Is there a `return` at its end?"
    assert not isinstance(found, set | dict), f"{what} should be a list, not a {type(found).__name__}."
    other = [node for node in found if not hasattr(node, "parents")]
    assert not other, f"Each place of {what} should be a Node, not a {type(other[0]).__name__}."
    names = [node.name for node in found]
    missing = [name for name in wanted if name not in names]
    assert not missing, f"{what} lacks {', '.join(missing)}."
    twice = [node.name for at, node in enumerate(found) if any(node is one for one in found[:at])]
    assert not twice, f"{what} holds {twice[0]} more than once."
    assert len(names) == len(wanted), f"{what} holds nodes of an earlier call."
    return names
