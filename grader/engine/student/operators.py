"""What the judge can ask of a student's object beside calling it: Python's operators, by name."""

from __future__ import annotations

import inspect
import operator
import os

from grader.engine.wire.bytecodes import count_events

_NAMES = """
    add sub mul matmul truediv floordiv mod pow and_ or_ lshift rshift xor neg pos abs invert
    iadd isub imul imatmul itruediv ifloordiv imod ipow iand ior ilshift irshift ixor
    eq ne lt le gt ge getitem setitem delitem
"""
OPERATORS = {name: getattr(operator, name) for name in _NAMES.split()}
OPERATORS |= {"divmod": divmod, "len": len, "iter": iter, "reversed": reversed, "next": next}
OPERATORS |= {"float": float, "int": int, "bool": bool, "fspath": os.fspath, "count_events": count_events}
OPERATORS |= {"isinstance": isinstance, "issubclass": issubclass, "str": str, "repr": repr, "dir": dir}
OPERATORS |= {"enter": lambda value: value.__enter__(), "exit": lambda value, *why: value.__exit__(*why)}
OPERATORS["own_class"] = lambda value: type(value).__module__ == "__main__"
OPERATORS["signature"] = lambda function: [
    (p.name, int(p.kind), p.default is not p.empty, None if p.default is p.empty else p.default)
    for p in inspect.signature(function).parameters.values()
]
