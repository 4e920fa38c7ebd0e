"""Grades notebooks: student code runs in a sandbox, the tests run where it cannot reach them."""

import contextlib
import sys
from types import SimpleNamespace

# Importing nbformat makes jsonschema compile a grammar of web addresses: a second of CPU for a check that
# no notebook needs. Without this module jsonschema leaves that one format unchecked.
sys.modules.setdefault("rfc3987_syntax", None)


def _import_nbgrader() -> None:
    """Import nbgrader without its four Jupyter server extensions: half a second for pages nobody asked for.

    Only their entry points are missing in it; the modules themselves can be imported afterwards.
    """
    extensions = ("assignment_list", "course_list", "validate_assignment", "formgrader")
    names = [f"nbgrader.server_extensions.{name}" for name in extensions]
    sys.modules.update(dict.fromkeys(names, SimpleNamespace(load_jupyter_server_extension=None)))
    with contextlib.suppress(ImportError):  # whoever needs it will say so
        import nbgrader  # noqa: F401
    for name in names:
        del sys.modules[name]


if "nbgrader" not in sys.modules:
    _import_nbgrader()
