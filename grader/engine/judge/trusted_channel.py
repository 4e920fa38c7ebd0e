"""Messages of plain values between the grading process and the judge, both trusted."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from typing import Any

from grader.engine.wire.channel import Channel, WireError
from grader.engine.wire.decoding import Decoder
from grader.engine.wire.encoding import Encoder
from grader.records import USUAL, Limits, Reach


class TrustedChannel:
    """Messages of plain values between the grading process and the judge, both trusted."""

    def __init__(self, sock: socket.socket):
        self.sock, self.frames = sock, Channel(sock)

    def send(self, *message: Any) -> None:
        encoder = Encoder(_refuse)
        encoder.add(message)
        self.frames.send(encoder.parts)

    def receive(self) -> tuple:
        return Decoder(self.frames.receive(), _refuse).value()


def _refuse(*value: Any) -> Any:
    raise WireError(f"{value} is no plain value")


@dataclass(frozen=True)
class StudentCell:
    """A code cell of the student's notebook, as `kind_of` calls it; `grade_id` is that of a test cell."""

    index: int
    source: str
    kind: str = "plain"
    grade_id: str = ""


def ask_trial(
    channel: TrustedChannel,
    cells: list[StudentCell],
    limits: Limits,
    seed: int,
    lost: Mapping[str | int, str],
    only: list[str],
    short: list[str],
    places: Mapping[str, str],
    reach: Reach | None = USUAL,
    endings: Sequence[list[StudentCell]] = (),
) -> None:
    """Send what `process.try_submission` receives. endings: of notebooks that all begin with `cells`.
    reach: what tests reach beyond what all may; None lets them read everything and notes what they do."""
    rows = [astuple(cell) for cell in cells]
    where = {name: str(place) for name, place in places.items()}
    ends = [[astuple(cell) for cell in ending] for ending in endings]
    more = reach and asdict(reach)
    channel.send(rows, asdict(limits), seed, dict(lost), only, short, where, ends, more)
