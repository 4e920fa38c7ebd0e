"""`grader propose`: a draft that is put into the chapter, with a hint, is proven as it stands."""

import json

from click.testing import CliRunner
from repository import MINI

from grader.cli import main
from grader.course.build import build
from grader.pages import drafts
from grader.pages.failures import FailureGroup

ODD = '''def name(z):
    """Not needed, by Ada."""


def relu(z):  # by Ada
    """Ada's."""
    return np.sqrt(np.abs(z))'''


def call(course, *words):
    return CliRunner().invoke(main, [*words, "00_mini", "--course-dir", str(course)])


def test_a_draft_is_proven_once_it_has_a_hint(mini_course, monkeypatch):
    (path,) = build(mini_course)
    nb = json.loads(path.read_text())
    for cell in nb["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "relu":
            cell["source"] = ODD
    for student in ("ada", "bob"):
        folder = mini_course / "submitted" / student / "00_mini"
        folder.mkdir(parents=True)
        (folder / "00_mini.ipynb").write_text(json.dumps(nb))
    assert call(mini_course, "grade").exit_code == 0
    draft = call(mini_course, "propose").output
    assert "2 students" in draft and "Ada" not in draft
    with monkeypatch.context() as patch:
        odd = FailureGroup("00_mini", "test_relu", (), "--->", 2, 1.0, "x = 1")
        patch.setattr(drafts, "groups", lambda *_: [odd])
        assert call(mini_course, "propose").output.count("-->") == 2  # no message ends its comment

    chapter = mini_course / "chapters" / "00_mini.md"
    chapter.write_text(f"{MINI}\n{draft}")
    refused = call(mini_course, "check")
    assert refused.exit_code == 2 and "without a hint" in refused.output
    chapter.write_text(f"{MINI}\n{draft.replace('…?', 'What is the root of 4?')}")
    proven = call(mini_course, "check")
    assert proven.exit_code == 0 and "wrong 2" in proven.output, proven.output
