"""The cells of a notebook, one after the other, in an IPython of their own: `python -m` this, cells at stdin.

stdin: JSON, [source, grade_id of a test or ""] of each cell. argument: a file, which gets a line of JSON for
each test that ended: [grade_id, {"checks": rows of its Grade, "cause": how it failed otherwise}].
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from grader.engine.wire.grade_format import MIME


def main(place: Path) -> None:
    """Run the cells; a test that ends is told at once, so that what comes after it cannot take it away."""
    cells = json.loads(sys.stdin.read())
    sys.path.append(os.getcwd())  # after all else: what lies there hides no module
    shell = InteractiveShell.instance()
    with place.open("w", encoding="utf-8") as answers:
        for source, test in cells:
            with capture_output() as captured:
                result = shell.run_cell(source)
            if test:
                error = result.error_before_exec or result.error_in_exec
                answers.write(json.dumps([test, _report(captured.outputs, error)]) + "\n")
                answers.flush()


def _report(outputs: list, error: BaseException | None) -> dict[str, Any]:
    shown = [output.data[MIME] for output in outputs if MIME in (output.data or {})]
    cause = f"{type(error).__name__}: {error}".removesuffix(": ") if error else ""
    return {"checks": shown[-1] if shown else [], "cause": cause}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
