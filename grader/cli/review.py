"""Commands for who looks at a graded class: report, mark, propose, similar, explain."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from grader.cli.commands import course_option, main
from grader.cli.terminal import console, say


@main.command()
@click.argument("assignment")
@course_option
def report(assignment, course_dir):
    """A page about the whole class: scores, difficulty, which mistakes were made how often."""
    tell_report(course_dir, assignment)


def tell_report(course_dir: Path, assignment: str) -> Path:
    from grader.pages.report import summary_table, write_report

    page = write_report(course_dir, assignment)
    console.print(summary_table(json.loads(page.with_suffix(".json").read_text())))
    say(f"report: {page}")
    return page


@main.command()
@click.argument("assignment")
@course_option
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="By default any that is free.")
@click.option("--browser/--no-browser", default=True, show_default=True)
def mark(assignment, course_dir, port, browser):
    """Mark answers by hand, question by question, in a browser on this machine."""
    from grader.marking.pile import open_piles
    from grader.marking.server import serve

    def ready(address: str) -> None:
        say(f"marking {assignment}: {address}")
        say("Ctrl-C ends it; what is saved stays.")
        if browser:
            click.launch(address)

    try:
        serve(open_piles(course_dir, assignment), port, ready)
    except KeyboardInterrupt:
        sys.exit(0)


@main.command()
@click.argument("assignment")
@course_option
@click.option("--most", type=click.IntRange(1), default=3, show_default=True, help="How many groups.")
def propose(assignment, course_dir, most):
    """Drafts of known-wrong answers: what many students got wrong alike, and no hint is for yet."""
    from grader.pages.drafts import drafts

    click.echo("\n".join(drafts(course_dir, assignment, most)))


@main.command()
@click.argument("assignment")
@course_option
@click.option("--dolos", type=click.Path(path_type=Path, dir_okay=False), help="A zip for Dolos, too.")
def similar(assignment, course_dir, dolos):
    """Answers that are too alike, side by side: evidence for a conversation, not a verdict."""
    from grader.pages.similar import write_similar

    found = write_similar(course_dir, assignment, dolos)
    many = len(found.pairs.worth_a_look)
    say(f"{many} pair{'' if many == 1 else 's'} of {found.pairs.students} students to look at: {found.page}")


@main.command()
@click.argument("student")
@click.argument("question")
@click.option("--assignment", default="", help="Where several assignments have such a question.")
@click.option("--replay", is_flag=True, help="Grade the submission once more and compare.")
@course_option
def explain(student, question, assignment, replay, course_dir):
    """Why a question has its mark: QUESTION is its id, or the five letters that a feedback page shows."""
    from grader.grading.replay import replay as run_again
    from grader.pages.explain import compare, find
    from grader.pages.explain import explain as explained

    for found in find(course_dir, student, question, assignment):
        for line in explained(course_dir, found):
            say(line)
        if replay:
            graded, unchanged = run_again(course_dir, found.run)
            for line in compare(found, graded, unchanged=unchanged):
                say(line)
