"""Taking apart what a student merged into one cell: the instructor's cells, their prose, several answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from grader.repair.celltext import cut, lines, names, words
from grader.repair.claims import Matching
from grader.repair.statements import statements


@dataclass(frozen=True)
class Piece:
    """Some text of the student; `at` says where it stood, fractions lie between cells."""

    at: float
    kind: str
    text: str
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)

    @cached_property
    def names(self) -> frozenset[str]:
        """What the text defines."""
        return names(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(words(self.text))


def take_apart(matching: Matching, piece: Piece, answers_in: str = "") -> list[Piece]:
    """What stands before, between and after cells of the instructor that were merged into a text.

    A cell that stands in its own place, too, may be meant here, but not its prose in what `answers_in` code.
    """
    pieces = [piece]
    for target, claims in zip(matching.targets, matching.claims, strict=True):
        is_prose = target.kind == piece.kind == "markdown" and answers_in == "code"
        if target.is_answer or (claims and not is_prose):
            continue
        for number, whole in enumerate(pieces):
            if around := cut(whole.text, target.text):
                before, after = (
                    replace(whole, text=around[0]),
                    replace(whole, text=around[1], kind=target.kind),
                )
                pieces[number : number + 1] = [before, after]
                break
    full = [one for one in pieces if lines(one.text)]
    return [replace(one, at=piece.at + 0.01 * number) for number, one in enumerate(full)]


def share(
    matching: Matching, key: int, text: str, later: bool = True, but: frozenset[str] = frozenset()
) -> tuple[str, str]:
    """What of a text belongs to this answer, `but` for some of its names, and what to others.

    What belongs to none, such as imports, goes with what runs first: with this answer if `later`.
    """
    own = matching.targets[key].names - but
    others = {name for target in matching.targets for name in target.names} - own
    if not others & names(text):
        return text, ""
    mine, rest = list[str](), list[str]()
    for statement in statements(text):
        defined = names(statement)
        (mine if own & defined or (later and not others & defined) else rest).append(statement)
    return "\n".join(mine), "\n".join(rest)
