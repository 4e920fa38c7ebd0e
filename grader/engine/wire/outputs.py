"""What a cell shows: recorded as nbclient would record it, bounded in number and size.

`OutputCapture` collects on the student's side. What it hands over is a claim: `admitted` is the judge's side
of the same thing, which keeps well-formed outputs of known kinds within the bound and drops the rest.
"""

from __future__ import annotations

import io
from typing import Any

MAX_OUTPUTS = 200  # outputs of one cell
MAX_MESSAGE = 4_000  # characters of an exception's message
MAX_TRACEBACK = 40_000
LAST_WORDS = 2_000  # of the error of a cell that has used up its bound
LAST_VALUE = 100  # characters of a last value that are kept, however much was shown: they may be points
DECISIVE = ("execute_result", "error")  # what a test is worth; at the bound they take the last place
MIME_TYPES = frozenset(
    ("text/plain", "text/html", "text/latex", "text/markdown", "image/png", "image/jpeg", "image/svg+xml")
)


class OutputCapture:
    """Collects the outputs of a cell, up to `max_chars` characters; `overflowed` when some were dropped."""

    def __init__(self, max_chars: int = 1 << 19):
        self.max_chars = max_chars
        self.start()

    def start(self) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.overflowed = False
        self._left, self._last_words = self.max_chars, LAST_WORDS

    def take(self) -> tuple[list[dict[str, Any]], bool]:
        """The outputs since `start` or the last `take`, and whether some were dropped."""
        outputs, overflowed = self.outputs, self.overflowed
        self.outputs, self.overflowed = [], False
        return outputs, overflowed

    def stream(self, name: str, text: str) -> None:
        """Of what goes to stderr at least the first character is kept: that there is some may cost points."""
        first = text[:1] if name == "stderr" and not self._has_errors() else ""
        text = self._cut(text) or first
        last = self.outputs[-1] if self.outputs else {}
        if text and last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        elif text:
            self._add({"output_type": "stream", "name": name, "text": text})

    def display(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        kind: str = "display_data",
        **more: Any,
    ) -> None:
        data = {mime: value for mime, value in data.items() if mime in MIME_TYPES and isinstance(value, str)}
        size = sum(map(len, data.values()))
        text = data.get("text/plain", "")
        if kind == "execute_result" and size > self._left and 0 < len(text) <= LAST_VALUE:
            data, size = {"text/plain": text}, 0
        elif size > self._left or not self._left:  # an empty one takes its place in the file, too
            self.overflowed = True
            return
        self._left -= size
        self._add({"output_type": kind, "data": data, "metadata": {}, **more})

    def error(self, name: str, message: str, traceback: list[str]) -> None:
        if self._left < self._last_words:
            self._left, self._last_words = self._last_words, 0
        if not self._left:
            self.overflowed = True
            return
        message = message[: min(MAX_MESSAGE, self._left // 2)]
        self._left -= len(message)
        text = self._shortened("\n".join(traceback))  # in one part: many are more than a message carries
        self._add({"output_type": "error", "ename": name[:200], "evalue": message, "traceback": [text]})

    def _shortened(self, text: str) -> str:
        """What there is room for, of the beginning and of the end."""
        share = min(MAX_TRACEBACK, self._left)
        self._left -= min(share, len(text))
        if len(text) <= share:
            return text
        self.overflowed |= share < MAX_TRACEBACK
        return text[: share // 2] + "\n[...]\n" + text[len(text) - share // 2 :]

    def _cut(self, text: str) -> str:
        if len(text) > self._left:
            self.overflowed, text = True, text[: self._left]
        self._left -= len(text)
        return text

    def _add(self, output: dict[str, Any]) -> None:
        if len(self.outputs) < MAX_OUTPUTS:
            self.outputs.append(output)
            return
        self.overflowed = True
        if output["output_type"] in DECISIVE:
            self.outputs[-1] = output
        elif output.get("name") == "stderr" and not self._has_errors():
            self.outputs[0] = output

    def _has_errors(self) -> bool:
        return any(output.get("name") == "stderr" for output in self.outputs)


class Stream(io.TextIOBase):
    """A text file that writes into a capture; its `buffer` takes bytes, as sys.stdout.buffer does."""

    encoding = "utf-8"

    def __init__(self, capture: OutputCapture, name: str):
        self._capture, self.name, self.buffer = capture, name, _Bytes(self)

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        """One who closes the standard streams does not close them for those that come after."""

    def write(self, text: str) -> int:
        self._capture.stream(self.name, str(text))
        return len(text)


class _Bytes(io.RawIOBase):
    def __init__(self, stream: Stream):
        self._stream = stream

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._stream.write(bytes(data).decode("utf-8", "replace"))
        return len(data)
