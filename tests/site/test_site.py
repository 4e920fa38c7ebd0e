"""What the web site says, as far as that can be seen without building it (`make site`, `make check-site`)."""

import json
import pkgutil
import re
import sys
import tomllib

import pytest
import yaml
from repository import ROOT

sys.path.insert(0, str(ROOT / "docs"))
import executed
from docstrings import as_rst

NAMES = [path.stem for path in sorted((ROOT / "course" / "chapters").glob("*.md"))]
LINK = re.compile(r"\]\(([\w./-]+\.(?:md|png|gif))")
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_a_chapter_holds_no_answer(name):
    """The near miss: the notebook that is executed does hold them."""
    answered = executed.answered(name)
    for cell in answered.cells:
        if cell.cell_type == "code":
            cell.outputs = [{"output_type": "stream", "name": "stdout", "text": f"of {cell.id}"}]
    page = executed.page(answered, executed.released(name))
    own = [
        (one.source, other)
        for one, other in zip(answered.cells, page.cells, strict=True)
        if executed.is_answer(other)
    ]
    assert own and all(answer != shown.source for answer, shown in own)
    assert not any(shown.get("outputs") for _, shown in own)
    shown = json.dumps(page)
    assert "BEGIN SOLUTION" not in shown and "of cell-" in shown and "HIDDEN TESTS" not in shown


def test_a_docstring_is_text_and_code():
    text = ["A |b| of *all* `x_1`.", "", "    keep(f)", "", "Last: one_two."]
    assert as_rst(text) == [
        "A \\|b\\| of \\*all\\* \\ ``x_1``\\ .", "", "::", "", "    keep(f)", "", "Last\\: one\\_two.", "",
    ]  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_link_of_a_page_leads_nowhere(page):
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).is_file()] == []


def test_every_page_is_in_the_contents():
    text = (ROOT / "docs" / "index.md").read_text()
    trees = "".join(re.findall(r"^```{toctree}\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
    listed = {line for line in trees.splitlines() if not line.startswith(":")}
    pages = [path.relative_to(ROOT / "docs") for path in PAGES if ROOT / "docs" in path.parents]
    names = {path.with_suffix("").as_posix() for path in pages if "_build" not in path.parts}
    assert names - listed == {"index"} and listed - names == set()


def test_one_version_everywhere():
    versions = [
        tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"],
        tomllib.loads((ROOT / "grader" / "pyproject.toml").read_text())["project"]["version"],
        yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"],
        re.search(r"^## ([\d.]+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[1],
    ]
    assert len(set(versions)) == 1


def test_every_function_that_a_student_writes_has_its_name_elsewhere():
    text = (ROOT / "docs" / "elsewhere.md").read_text()
    ours = [row.split("|")[1] for row in text.splitlines() if row.startswith("| **")]
    named = set(re.findall(r"`(\w+)`", "".join(ours) + text.split("Experiments")[1].split("\n\n")[0]))
    files = (ROOT / "cs231nlib" / "hints").glob("*.json")
    exercises = [one for file in files for one in json.loads(file.read_text())["exercises"].values()]
    assert named - {"Node"} == {name for exercise in exercises for name in exercise["names"]}  # Node is given


def test_settings_of_other_places_can_be_read():
    for path in [*(ROOT / ".github").rglob("*.yml"), ROOT / ".pre-commit-config.yaml"]:
        assert yaml.safe_load(path.read_text()), path
    assert json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())["postCreateCommand"]


def test_badges_open_notebooks_of_the_one_repository():
    home = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Repository"]
    for name in ("README.md", "docs/guides/hub.md"):
        text = (ROOT / name).read_text()
        homes = re.findall(r"(?:colab\S+/github|mybinder\S+/gh|codespaces\.new)/([\w.-]+/[\w.-]+)", text)
        notebooks = re.findall(r"(?:main|tree)/(course/release/[\w/]+\.ipynb)", text)
        assert [f"https://github.com/{one}" for one in homes] == [home] * 3, name
        assert [(ROOT / one).is_file() for one in notebooks] == [True] * 2, name


DIRECTIVE = re.compile(
    r"^\.\. auto\w+:: ([\w.]+)\n(?: +:(?!members).*\n)*(?: +:members:(.*)\n)?", re.MULTILINE
)


@pytest.mark.parametrize("page", ["engine", "library"])
def test_what_the_pages_for_programmers_name_is_there(page):
    """`make site` would stop at a name that is not."""
    found = DIRECTIVE.findall((ROOT / "docs" / "api" / f"{page}.md").read_text())
    assert found
    for name, members in found:
        thing = pkgutil.resolve_name(name)
        assert [one for one in re.findall(r"\w+", members) if not hasattr(thing, one)] == [], name
