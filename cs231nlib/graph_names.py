"""A list of nodes, told by their names: for the tests of an exercise that puts a graph in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cs231nlib.expectations import Mistake

NO_NODE = (
    "Your list holds things of kind {}, where each should be a Node."
    " What do you append: the thing itself, or something that it holds?"
)
MISSING = (
    "{}: missing from what comes back. On which way through your function should it get in,"
    " and does that way lead to the very first, the very last, and to every parent?"
)
TWICE = (
    "The same {} stands there more than once. When you meet it again, how do you know that it is in already?"
)
FORMER = (
    "What an earlier call has gathered is still there."
    " Where does your list begin its life: at each call, inside the function?"
)
EARLY = (
    "Something stands in your list before what it is computed from."
    " When do you put it in: as soon as you reach it, or once all of its parents are in?"
)


def names_of(what: str, found: Any, wanted: Sequence[str]) -> list[str]:
    """The names of the nodes in `found`, in its order, once it is known to hold each of `wanted` once.

    what: the call that gave it, for the message. Raises AssertionError with a sentence for the student, a
    Mistake where there is also something to ask.
    """
    assert found is not None, f"{what} is None. Is there a `return` at its end?"
    assert not isinstance(found, set | dict), f"{what} should be a list, not a {type(found).__name__}."
    if other := [type(node).__name__ for node in found if not hasattr(node, "parents")]:
        raise Mistake(f"Each place of {what} should be a Node, not a {other[0]}.", NO_NODE.format(other[0]))
    names = [node.name for node in found]
    if missing := ", ".join(name for name in wanted if name not in names):
        raise Mistake(f"{what} lacks {missing}.", MISSING.format(missing))
    if twice := [node.name for at, node in enumerate(found) if any(node is one for one in found[:at])]:
        raise Mistake(f"{what} holds {twice[0]} more than once.", TWICE.format(twice[0]))
    if len(names) != len(wanted):
        raise Mistake(f"{what} holds nodes of an earlier call.", FORMER)
    return names


def check_parents_first(what: str, order: Sequence[str], child: str, parents: Iterable[str]) -> None:
    """Mistake, unless each of `parents` comes before `child` in the names that the call `what` gave."""
    if early := [parent for parent in parents if order.index(parent) > order.index(child)]:
        raise Mistake(f"{child} is computed from {early}, but comes earlier in {what}: {order}", EARLY)
