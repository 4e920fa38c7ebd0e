"""Every command that a page tells is typed by a test as it stands there, or named with who sees to it."""

import re
from itertools import takewhile
from pathlib import Path

import pytest
from pages import NOT_RUN, PAGES, blocks, commands, is_run, mentioned, unrun
from repository import ROOT

from grader.cli import main

TYPED = {  # in the tests beside this one
    *(
        f"docs/instructor/{name}.md"
        for name in ("evening", "marking", "moving-in", "jupyterhub", "publishing")
    ),
    *(
        f"docs/{name}.md"
        for name in ("alike-answers", "collecting", "exporting", "migrating", "scale", "security")
    ),
    *(f"docs/guides/{name}.md" for name in ("instructor", "learner")),
    "README.md",
    "grader/README.md",
}


def unknown(words):
    """What of a command of ours does not exist."""
    name, *more = words
    if name not in main.commands:
        return name
    options = {option for one in main.commands[name].params for option in (*one.opts, *one.secondary_opts)}
    more = takewhile(lambda word: word != "--", more)
    return next((one for one in more if one.startswith("-") and one.partition("=")[0] not in options), None)


def ours(text):
    """The commands of `grader` in a page, without their first word, in blocks and in its text."""
    told = [command.split() for command in commands(text)]
    return [words[1:] for words in told if Path(words[0]).name == "grader"] + mentioned(text, "grader")


def test_each_page_with_a_command_is_typed():
    told = {name for name, text in PAGES.items() if any(map(is_run, commands(text)))}
    assert told == TYPED


def test_what_is_not_typed_is_told_somewhere():
    told = [command for text in PAGES.values() for command in commands(text)]
    assert [pattern for pattern in NOT_RUN if all(is_run(command, [pattern]) for command in told)] == []


@pytest.mark.parametrize("page", PAGES)
def test_no_command_stands_where_it_is_not_seen(page):
    assert unrun(PAGES[page]) == []


@pytest.mark.parametrize(
    "text",
    [
        "```text\n$ grader grade ps1\n```",
        "```\nnbgrader collect ps1\n```",
        "```console\n.venv/bin/grader grade ps1\n```",
        "```sh\n$ grader grade ps1\n```",
        "1. So:\n\n   ```bash\n   pip install x\n   ```",
        "So:\n\n    grader mark ps1\n",
        "````markdown\n```sh\nmake a\n```\n````",
    ],
)
def test_a_command_that_is_not_seen_is_found(text):
    assert unrun(text)


def test_a_command_is_what_a_reader_types():
    text = (
        "1. So:\n\n   ```sh\n   cd a   # there\n   # and then\n   b c \\\n       --e\n   ```\n\n```sh\nf\n```"
    )
    assert blocks(text) == [["cd a", "b c --e"], ["f"]]


@pytest.mark.parametrize("page", PAGES)
def test_our_commands_exist(page):
    assert [words for words in ours(PAGES[page]) if unknown(words)] == []


def test_what_does_not_exist_is_seen():
    told = [
        words
        for line in ("markk ps1", "mark ps1 --prt 1", "mark --no-browser")
        for words in ours(f"`grader {line}`")
    ]
    assert [unknown(one) for one in told] == ["markk", "--prt", None]


@pytest.mark.parametrize("page", PAGES)
def test_files_and_targets_in_commands_exist(page):
    words = [word for command in commands(PAGES[page]) for word in command.split()]
    words += [
        word for program in ("python", "pytest") for more in mentioned(PAGES[page], program) for word in more
    ]
    assert [
        word for word in words if re.fullmatch(r"\w[\w/]*\.py", word) and not (ROOT / word).is_file()
    ] == []
    targets = [words[0] for words in mentioned(PAGES[page], "make")]
    targets += [command.split()[1] for command in commands(PAGES[page]) if command.startswith("make ")]
    assert [
        name
        for name in targets
        if f" {name}" not in re.search(r"\.PHONY:.*", (ROOT / "Makefile").read_text())[0]
    ] == []
