"""The work of a call, counted in the interpreter's steps: the same number on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def count_events(fn: Callable, *args: Any) -> int:
    """Bytecodes that Python executes during fn(*args), the same number on every machine."""
    events = 0

    def tracer(frame, event, _):
        nonlocal events
        frame.f_trace_opcodes = True
        events += event == "opcode"
        return tracer

    before = sys.gettrace()
    sys._getframe().f_trace_opcodes = True  # Python 3.12 looks for it once, when tracing begins
    sys.settrace(tracer)
    try:
        fn(*args)
    finally:
        sys.settrace(before)
    return events
