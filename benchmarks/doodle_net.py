"""Train the small net that names drawings in chapter 00, with the course's own answers.

    python benchmarks/doodle_net.py

Chapter 05 gives `train`, chapter 07 the loss. Writes cs231nlib/doodle_net.npz (weights as float16) and prints
the share of new drawings that the net names rightly.
"""

import os
from functools import partial
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from finished import library_before

from cs231nlib.doodles import NAMES, SIDE, fill_paper, make_doodles, name_doodle

ROOT = Path(__file__).resolve().parents[1]
NET = ROOT / "cs231nlib" / "doodle_net.npz"
HIDDEN, DRAWINGS, SETTINGS = 48, 20_000, {"lr": 0.3, "epochs": 30, "B": 64}


def main() -> None:
    mynet = library_before("08_capstone")
    rng = np.random.default_rng(0)
    drawings, y = make_doodles(DRAWINGS, rng=1)
    X = np.stack([fill_paper(drawing).reshape(-1) for drawing in drawings])
    loss = partial(mynet.regularized_loss, keep=0.8, reg=1e-4, train=True, rng=rng)
    params, _ = mynet.train(loss, first_weights(rng), X, y, **SETTINGS, rng=rng)
    np.savez_compressed(NET, **{name: array.astype(np.float16) for name, array in params.items()})
    drawings, y = make_doodles(2_000, rng=2)
    named = [max(chances, key=chances.__getitem__) for chances in map(name_doodle, drawings)]
    print(f"{np.mean(np.array(NAMES)[y] == named):.1%} of 2,000 new drawings")


def first_weights(rng) -> dict:
    """He's initial weights and zero biases for one hidden layer."""
    D, C = SIDE * SIDE, len(NAMES)
    return {
        "W1": rng.normal(size=(D, HIDDEN)) * np.sqrt(2 / D),
        "b1": np.zeros(HIDDEN),
        "W2": rng.normal(size=(HIDDEN, C)) * np.sqrt(2 / HIDDEN),
        "b2": np.zeros(C),
    }


if __name__ == "__main__":
    main()
