"""The net that chapter 00 shows: does it name what people draw, and is a drawing read as it was typed?"""

import numpy as np
import pytest

from cs231nlib.doodles import NAMES, fill_paper, make_doodles, name_doodle, read_doodle

TYPED = {
    "house": [
        "......##",
        ".....#..#",
        "....#....#",
        "...########",
        "...#......#",
        "...#..##..#",
        "...########",
    ],
    "smiley": [
        "  ####  ",
        " #    # ",
        "# #  # #",
        "#      #",
        "# #  # #",
        "#  ##  #",
        " #    # ",
        "  ####  ",
    ],
    "boat": [
        "     #",
        "     ##",
        "     ###",
        "     ####",
        "     #",
        "############",
        " #        #",
        "  ########",
    ],
    "arrow": ["      #", "       #", "#########", "       #", "      #"],
    "cross": ["#     #", " #   #", "  # #", "   #", "  # #", " #   #", "#     #"],
    "circle": ["  ###", " #   #", "#     #", "#     #", "#     #", " #   #", "  ###"],
    "square": ["########", "#      #", "#      #", "#      #", "#      #", "########"],
    "triangle": ["    #", "   # #", "  #   #", " #     #", "#########"],
}


@pytest.mark.parametrize("name", NAMES)
def test_it_names_what_a_person_typed(name):
    chances = name_doodle(read_doodle("\n".join(TYPED[name])))
    assert max(chances, key=chances.get) == name
    assert sum(chances.values()) == pytest.approx(1)


def test_it_names_nearly_all_new_drawings():
    drawings, labels = make_doodles(300, rng=7)
    named = [max(chances, key=chances.get) for chances in map(name_doodle, drawings)]
    assert np.mean(np.array(NAMES)[labels] == named) > 0.97


def test_a_drawing_comes_into_the_middle_and_fills_the_paper():
    drawing = read_doodle("#.\n##")
    assert drawing.shape == (16, 16) and drawing.sum() == 3 and drawing[7:9, 7:9].tolist() == [[1, 0], [1, 1]]
    full = fill_paper(drawing)
    assert full[0, 0] == full[-1, 0] == full[-1, -1] == 1 and full[0, -1] == 0
    assert not fill_paper(read_doodle("")).any()


def test_too_large_a_drawing_says_how_much_fits():
    with pytest.raises(ValueError, match="16 x 16 dots"):
        read_doodle("#" * 17)


def test_a_seed_draws_the_same_again():
    (first, labels), (second, again) = make_doodles(5, rng=1), make_doodles(5, rng=1)
    assert np.array_equal(first, second) and np.array_equal(labels, again)
    assert not np.array_equal(first, make_doodles(5, rng=2)[0])
