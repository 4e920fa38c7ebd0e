"""Where this checkout lies, and a tiny chapter of its own for tests, written as an author would."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MINI = (Path(__file__).parent / "chapters" / "00_mini.md").read_text()
