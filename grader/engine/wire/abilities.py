"""Which of Python's special methods an object has: told with each handle, as one number."""

from __future__ import annotations

_ARITHMETIC = tuple(
    "add sub mul matmul truediv floordiv mod pow lshift rshift xor divmod and or".split()  # noqa: SIM905
)
_IN_PLACE = tuple(f"i{name}" for name in _ARITHMETIC if name != "divmod")
_OTHERS = """
    eq call len iter reversed next getitem setitem delitem contains enter exit float int bool hash
    neg pos abs invert lt le gt ge fspath
""".split()  # noqa: SIM905
ABILITIES = (*_OTHERS, *_ARITHMETIC, *(f"r{name}" for name in _ARITHMETIC), *_IN_PLACE)
_SPECIAL = [f"__{name}__" for name in ABILITIES]
_OF_ALL = {name: vars(object).get(name) for name in _SPECIAL if name != "__hash__"}
MAX_MASK = 1 << len(ABILITIES)


def abilities_of(value: object) -> int:
    """A bit for each of ABILITIES that the class of `value` defines; what every object has is none."""
    mask, of_class = 0, [vars(kind) for kind in type(value).__mro__]  # getattr would ask the metaclass, too
    for bit, name in enumerate(_SPECIAL):
        found = next((names[name] for names in of_class if name in names), None)
        if found is not None and found is not _OF_ALL.get(name):
            mask |= 1 << bit
    return mask


def abilities_in(mask: int) -> list[str]:
    """The names that the bits stand for."""
    return [name for bit, name in enumerate(ABILITIES) if mask >> bit & 1]
