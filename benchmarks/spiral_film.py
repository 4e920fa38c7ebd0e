"""Film the answers of chapter 05 while they learn the spiral: the picture at the head of the README.

    python benchmarks/spiral_film.py

Writes docs/images/spiral.gif.
"""

import os
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from finished import library_before

from cs231nlib.decision_boundary import plot_decision_boundary
from cs231nlib.film import film
from cs231nlib.toydata import make_spiral

ROOT = Path(__file__).resolve().parents[1]
FILM = ROOT / "docs" / "images" / "spiral.gif"
EPOCHS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 17, 20, 24, 28, 33, 39, 46, 54, 64, 76, 90, 110, 135, 165, 200)
HIDDEN, RATE, BATCH = 100, 1.0, 32
ALT = "A spiral of three arms; a net's regions, straight at first, bend until each holds its own arm."


def main() -> None:
    mynet = library_before("08_capstone")
    X, y = make_spiral(100, classes=3, noise=0.2, rng=0)
    made = film(frames(mynet, X, y), FILM, fps=6, alt=ALT)
    print(f"{made.path}: {made.frames} frames, {made.path.stat().st_size:,} bytes")


def frames(mynet, X, y):
    """A picture of the net after each of EPOCHS."""
    rng = np.random.default_rng(0)
    W1, W2 = rng.normal(size=(2, HIDDEN)), 0.01 * rng.normal(size=(HIDDEN, 3))
    params, rng = {"W1": W1, "b1": np.zeros(HIDDEN), "W2": W2, "b2": np.zeros(3)}, np.random.default_rng(1)
    for before, epoch in zip((0, *EPOCHS), EPOCHS, strict=False):
        if epoch:
            params, _ = mynet.train(mynet.net_loss, params, X, y, RATE, epoch - before, BATCH, rng)

        def classify(points, params=params):
            return mynet.net_scores(params, points).argmax(axis=1)

        title = f"epoch {epoch}: {np.mean(classify(X) == y):.0%} right"
        yield plot_decision_boundary(classify, X, y, 150, title=title)


if __name__ == "__main__":
    main()
