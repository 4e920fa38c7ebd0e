"""docs/point-map.md says what the chapters hold; when they change, the failure shows the new text."""

from repository import ROOT

from grader.course.build import chapters


def point_map() -> str:
    """A line for each chapter: what it is worth by tests and by hand, and its exercises."""
    read = chapters(ROOT / "course")
    tests = [sum(map(chapter.points, chapter.exercises)) for chapter in read]
    hand = [sum(float(cell.options["points"]) for cell in chapter.of_kind("manual")) for chapter in read]
    lines = [
        f"| `{chapter.name}` | {chapter.title} | {by_tests:g} | {by_hand:g} | {exercises(chapter)} |"
        for chapter, by_tests, by_hand in zip(read, tests, hand, strict=True)
    ]
    return "\n".join([*lines, f"| | **all** | **{sum(tests):g}** | **{sum(hand):g}** | |"])


def exercises(chapter) -> str:
    return ", ".join(f"{name} {chapter.points(name):g}" for name in chapter.exercises)


def test_the_map_is_that_of_the_chapters():
    text = (ROOT / "docs" / "point-map.md").read_text()
    table = [line for line in text.splitlines() if line.startswith(("| `", "| |"))]
    assert "\n".join(table) == point_map()
