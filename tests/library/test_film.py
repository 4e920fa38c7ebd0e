"""Films: every frame is there, in order, at its pace, and the page is told what it shows."""

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image, ImageSequence

from cs231nlib import look
from cs231nlib.film import film


def line(angle):
    with look.style():
        fig = look.figure(3, 2)
        fig.add_subplot(title=f"{angle}").plot([0, np.cos(angle)], [0, np.sin(angle)])
    return fig


def frames(path):
    image = Image.open(path)
    return [
        (frame.info["duration"], np.asarray(frame.convert("RGB"))) for frame in ImageSequence.Iterator(image)
    ]


def test_figures_become_a_film_that_rests_at_its_end(tmp_path):
    made = film([line(a) for a in (0, 0.5, 1)], tmp_path / "turn.gif", fps=5, alt="A line turns")
    shown = frames(made.path)
    assert [time for time, _ in shown] == [200, 200, 1500] and made.frames == 3
    for (_, seen), angle in zip(shown, (0, 0.5, 1), strict=True):
        assert np.abs(seen.astype(int) - np.asarray(look.image(line(angle)))).mean() < 1
    (image,) = BeautifulSoup(made._repr_html_(), "html.parser").find_all("img")
    assert image["alt"] == "A line turns" and image["src"].startswith("data:image/gif;base64,R0lGOD")
    assert Image.open(made.path).info["loop"] == 0


def test_small_pictures_are_enlarged_with_sharp_edges(tmp_path):
    rng = np.random.default_rng(0)
    shots = [rng.integers(0, 2, (8, 8), dtype=np.uint8) * 255 for _ in range(3)]
    for (_, seen), shot in zip(frames(film(shots, tmp_path / "a.gif").path), shots, strict=True):
        assert seen.shape == (320, 320, 3)
        np.testing.assert_array_equal(seen[20::40, 20::40, 0], shot)


SHOT = np.zeros((8, 8, 3), np.uint8)


@pytest.mark.parametrize(
    ("shots", "options", "message"),
    [
        ([SHOT], {}, "1 frames; a film takes 2 to 300"),
        ([SHOT] * 301, {}, "301 frames"),
        ([SHOT, SHOT[:4]], {}, r"Frame 2 has shape \(160, 320, 3\), the first one"),
        ([SHOT, SHOT / 2], {}, "float64"),
        ([np.zeros((4000, 4000), np.uint8)] * 8, {}, "over 100,000,000 pixels"),
        ([SHOT, SHOT], {"fps": 0}, "browsers play 1 to 50"),
        ([SHOT, SHOT], {"path": "a.mp4"}, "does not end in .gif"),
    ],
)
def test_what_is_no_film_is_said(tmp_path, shots, options, message):
    with pytest.raises(ValueError, match=message):
        film(shots, tmp_path / options.pop("path", "a.gif"), **options)
    assert not list(tmp_path.iterdir())
