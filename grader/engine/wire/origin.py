"""Where in a student's code an exception arose, and what did not fit there: said by both sides alike.

ValueError: (4, 2) @ (3, 2) do not fit
line 2 of your affine_forward: `dout @ W`
"""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Any

import numpy as np

MOST = 200  # characters of a line
NOTEBOOK = "__main__"  # the module of its cells
_SIGNS = {ast.MatMult: "@", ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_BROADCAST = re.compile(r"could not be broadcast together with shapes (\([\d,]*\)) (\([\d,]*\))")
_INNER = re.compile(r"\(size (\d+) is different from (\d+)\)")
_DOT = re.compile(r"shapes (\([\d,]*\)) and (\([\d,]*\)) not aligned")


class Origin:
    """The innermost place of an exception in code of the student's, if there is one."""

    def __init__(self, error: BaseException, test: str = "", library: str = ""):
        """test: the file name of the test cell, where it runs beside the student's cells. library: the module
        of the student's answers to earlier chapters, where the course has one."""
        self._error, self._library = error, library
        self._trace: TracebackType | None = None
        self._named: FrameType | None = None
        for trace in _traces(error.__traceback__):
            frame = trace.tb_frame
            if (
                frame.f_globals.get("__name__") in (NOTEBOOK, library or NOTEBOOK)
                and frame.f_code.co_filename != test
            ):
                self._trace = trace
                self._named = frame if not frame.f_code.co_name.startswith("<") else self._named

    @property
    def what(self) -> str:
        """The exception's message, or, of shapes that do not fit, these: "(4, 2) @ (3, 2) do not fit"."""
        message = str(self._error)
        found = _BROADCAST.search(message) or _DOT.search(message)
        node = _operation(self._trace) if self._trace else None
        sign = _SIGNS.get(type(node.op), "") if node else ""
        if found:
            return _misfit([_spaced(shape) for shape in found.groups()], sign)
        if inner := _INNER.search(message):
            shapes = _shapes(node, self._trace.tb_frame) if node and self._trace else []
            if len(shapes) == 2 and all(shapes):
                return _misfit(shapes, sign)
            return f"the inner sizes of the two, {inner[2]} and {inner[1]}, do not fit"
        return message

    @property
    def place(self) -> str:
        """ "line 2 of your affine_forward: `dout @ W`", or ""."""
        if self._trace is None:
            return ""
        text = (_segment(self._trace) or _line(self._trace)).strip()[:MOST]
        return self._whose(self._trace) + (f": `{text}`" if text else "")

    def _whose(self, trace: TracebackType) -> str:
        code, line = trace.tb_frame.f_code, trace.tb_lineno
        around = self._named.f_code if self._named else code
        if code.co_name.startswith("<") and around.co_filename == code.co_filename:
            code = around
        file = f"{self._library}.py"
        where = f" in {file}" if self._library and code.co_filename.endswith(file) else ""
        if code.co_name.startswith("<"):
            return f"line {line} of your cell{where}"
        return f"line {line - code.co_firstlineno + 1} of your {code.co_name}{where}"


def _traces(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _line(trace: TracebackType) -> str:
    frame = trace.tb_frame
    return linecache.getline(frame.f_code.co_filename, trace.tb_lineno, frame.f_globals)


def _segment(trace: TracebackType) -> str:
    """The expression that failed; "" when it is longer than its line, or unknown."""
    positions = list(trace.tb_frame.f_code.co_positions())
    line, end_line, start, end = positions[trace.tb_lasti // 2]
    if line is None or line != end_line or start is None:
        return ""
    return _line(trace).encode()[start:end].decode("utf-8", "replace")


def _operation(trace: TracebackType) -> ast.BinOp | None:
    try:
        node = ast.parse(_segment(trace).strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return node if isinstance(node, ast.BinOp) else None


def _value(node: ast.expr, frame: FrameType) -> Any:
    """What a name, or its transpose, stands for there; nothing is computed."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        value = _value(node.value, frame)
        return value.T if type(value) is np.ndarray else None
    if not isinstance(node, ast.Name):
        return None
    return frame.f_locals.get(node.id, frame.f_globals.get(node.id))


def _shapes(node: ast.BinOp, frame: FrameType) -> list[str]:
    return [_shape(_value(side, frame)) for side in (node.left, node.right)]


def _shape(value: Any) -> str:
    return str(value.shape) if type(value) is np.ndarray else ""


def _spaced(shape: str) -> str:
    return str(tuple(int(size) for size in shape.strip("()").split(",") if size))


def _misfit(shapes: list[str], sign: str) -> str:
    return f" {sign} ".join(shapes) + " do not fit" if sign else f"{' and '.join(shapes)} do not fit together"
