"""Where in a student's code an exception arose, and what did not fit there: said by both sides alike.

ValueError: (4, 2) @ (3, 2) do not fit
line 2 of your affine_forward: `dout @ W`
"""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import numpy as np

MOST = 200  # characters of a line
LIBRARY = "mynet"  # the student's own file of earlier answers
_OWN = ("__main__", LIBRARY)  # the modules of a notebook's cells and of that file
_SIGNS = {ast.MatMult: "@", ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_BROADCAST = re.compile(r"could not be broadcast together with shapes (\([\d,]*\)) (\([\d,]*\))")
_INNER = re.compile(r"\(size (\d+) is different from (\d+)\)")
_DOT = re.compile(r"shapes (\([\d,]*\)) and (\([\d,]*\)) not aligned")


class Origin:
    """The innermost place of an exception in code of the student's; `frame` is None where there is none."""

    def __init__(self, error: BaseException, test: str = ""):
        """test: the file name of the test cell, where it runs beside the student's cells."""
        self._error = error
        self.frame, self._trace, self._named = None, None, None
        for trace in _traces(error.__traceback__):
            frame = trace.tb_frame
            if frame.f_globals.get("__name__") in _OWN and frame.f_code.co_filename != test:
                self.frame, self._trace = frame, trace
                self._named = frame if not frame.f_code.co_name.startswith("<") else self._named

    @property
    def what(self) -> str:
        """The exception's message, or, of shapes that do not fit, these: "(4, 2) @ (3, 2) do not fit"."""
        message = str(self._error)
        found = _BROADCAST.search(message) or _DOT.search(message)
        node = self._operation() if self.frame else None
        sign = _SIGNS.get(type(node.op), "") if node else ""
        if found:
            return _misfit([_spaced(shape) for shape in found.groups()], sign)
        if inner := _INNER.search(message):
            shapes = [_shape(self._value(side)) for side in (node.left, node.right)] if node else []
            if len(shapes) == 2 and all(shapes):
                return _misfit(shapes, sign)
            return f"the inner sizes of the two, {inner[2]} and {inner[1]}, do not fit"
        return message

    @property
    def place(self) -> str:
        """ "line 2 of your affine_forward: `dout @ W`", or ""."""
        if self.frame is None:
            return ""
        text = (self._segment() or self._line()).strip()[:MOST]
        return self._whose() + (f": `{text}`" if text else "")

    def _whose(self) -> str:
        code, line = self.frame.f_code, self._trace.tb_lineno
        around = self._named.f_code if self._named else code
        if code.co_name.startswith("<") and around.co_filename == code.co_filename:
            code = around
        where = " in mynet.py" if code.co_filename.endswith(f"{LIBRARY}.py") else ""
        if code.co_name.startswith("<"):
            return f"line {line} of your cell{where}"
        return f"line {line - code.co_firstlineno + 1} of your {code.co_name}{where}"

    def _line(self) -> str:
        return linecache.getline(self.frame.f_code.co_filename, self._trace.tb_lineno, self.frame.f_globals)

    def _segment(self) -> str:
        """The expression that failed; "" when it is longer than its line, or unknown."""
        positions = list(self.frame.f_code.co_positions())
        line, end_line, start, end = positions[self._trace.tb_lasti // 2]
        if line is None or line != end_line or start is None:
            return ""
        return self._line().encode()[start:end].decode("utf-8", "replace")

    def _operation(self) -> ast.BinOp | None:
        try:
            node = ast.parse(self._segment().strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        return node if isinstance(node, ast.BinOp) else None

    def _value(self, node: ast.expr) -> Any:
        """What a name, or its transpose, stands for there; nothing is computed."""
        if isinstance(node, ast.Attribute) and node.attr == "T":
            value = self._value(node.value)
            return value.T if type(value) is np.ndarray else None
        if not isinstance(node, ast.Name):
            return None
        return self.frame.f_locals.get(node.id, self.frame.f_globals.get(node.id))


def _traces(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _shape(value: Any) -> str:
    return str(value.shape) if type(value) is np.ndarray else ""


def _spaced(shape: str) -> str:
    return str(tuple(int(size) for size in shape.strip("()").split(",") if size))


def _misfit(shapes: list[str], sign: str) -> str:
    return f" {sign} ".join(shapes) + " do not fit" if sign else f"{' and '.join(shapes)} do not fit together"
