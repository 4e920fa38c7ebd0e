"""What of claimed outputs is let in: well-formed ones of known kinds, within the bound; the judge's side."""

from __future__ import annotations

import re
from typing import Any

from grader.engine.wire.outputs import OutputCapture

MAX_COUNT = 1_000_000  # cells that ran
PICTURES = frozenset(("image/png", "image/jpeg"))
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_CONTROLS = {code: "�" for code in range(32) if chr(code) not in "\n\t\r\b\x1b"} | {0x7F: "�"}


def admitted(outputs: Any, max_chars: int) -> tuple[list[dict[str, Any]], bool]:
    """The well-formed ones of claimed outputs that fit in `max_chars`, and whether some were dropped."""
    capture = OutputCapture(max_chars)
    for output in outputs if isinstance(outputs, list) else ():
        try:
            _admit(capture, output)
        except (KeyError, TypeError):
            capture.overflowed = True
    return capture.take()


def _admit(capture: OutputCapture, output: Any) -> None:
    """Touches nothing but plain values: an object of the student's would answer for itself."""
    output = _plain(dict, output)
    kind = _plain(str, output["output_type"])
    if kind == "stream":
        name = _plain(str, output["name"])
        capture.stream("stderr" if name == "stderr" else "stdout", clean(output["text"]))
    elif kind == "error":
        traceback = [clean(line) for line in _plain(list, output["traceback"])]
        capture.error(clean(output["ename"]), clean(output["evalue"]), traceback)
    elif kind == "execute_result":
        count = _plain(int, output["execution_count"]) % MAX_COUNT
        capture.display(_texts(output["data"]), kind=kind, execution_count=count)
    else:
        capture.display(_texts(output["data"]))


def _texts(data: Any) -> dict[str, str]:
    texts = {_plain(str, mime): clean(value) for mime, value in _plain(dict, data).items()}
    return {m: text for m, text in texts.items() if m not in PICTURES or BASE64.fullmatch(text)}


def _plain(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"no plain {kind.__name__}")
    return value


def clean(value: Any) -> str:
    """A string without lone surrogates and control characters (but tabs, line ends, backspace and escape)."""
    text = str.__str__(value).encode("utf-8", "replace").decode("utf-8")
    return text.translate(_CONTROLS)
