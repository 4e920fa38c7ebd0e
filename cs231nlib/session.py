"""The IPython session around us, if there is one."""

from __future__ import annotations

import sys
from typing import Any


def find_shell() -> Any:
    """The running InteractiveShell, or None in plain Python; it imports nothing for that."""
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None


def cell_id() -> str:
    """The id of the cell that a notebook page runs now; "" where no page asked."""
    return _request().get("metadata", {}).get("cellId") or ""


def cell_source() -> str:
    """The source of the cell that a notebook page runs now; "" where no page asked."""
    return _request().get("content", {}).get("code") or ""


def _request() -> dict:
    kernel = getattr(find_shell(), "kernel", None)
    return kernel.get_parent() if kernel else {}
