"""A made-up training run that notes what a training loop asks for: the capstone's `fit` is tested with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

ROWS, BATCH = 7, 3
STEPS = -(-ROWS // BATCH)  # in one epoch


class Diary:
    """Seven training rows, four validation rows, and the functions a training loop calls. Each notes it.

    accuracies: the validation accuracy after each epoch. `loss` gives W1 the gradient 1 and b1 the gradient
    2, and `step` subtracts it, so that after n steps from zero W1 holds -n and b1 holds -2n: what a parameter
    is tells when it was taken. The rows' labels are the rows plus 100.
    """

    X, y = np.arange(float(ROWS))[:, None], np.arange(ROWS) + 100
    X_val, y_val = 50 + np.arange(4.0)[:, None], np.arange(4)

    def __init__(self, accuracies: Sequence[float]) -> None:
        self.accuracies = list(accuracies)
        self.batches: list = []
        self.labels: list = []
        self.draws: list = []
        self.seen: list = []
        self.states: list = []
        self.measured: list = []

    @property
    def data(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """X_train, y_train, X_val, y_val: what `fit` takes."""
        return self.X.copy(), self.y.copy(), self.X_val.copy(), self.y_val.copy()

    def loss(
        self, params: dict[str, np.ndarray], X: np.ndarray, y: np.ndarray, rng: np.random.Generator
    ) -> tuple[float, dict[str, np.ndarray]]:
        """(number, grads); the gradients come in another order than the parameters."""
        self.batches.append([int(row) for row in X[:, 0]])
        self.labels.append([int(label) for label in y])
        self.draws.append(float(rng.random()))
        self.seen.append(-float(params["W1"].flat[0]))
        return 0.5, {"b1": np.full_like(params["b1"], 2.0), "W1": np.ones_like(params["W1"])}

    def measure(self, params: dict[str, np.ndarray], X: np.ndarray, y: np.ndarray) -> tuple[float, float]:
        """(loss, accuracy): the loss counts the steps of the parameters, plus 1000 on the validation rows."""
        steps, rows = -float(params["W1"].flat[0]), [int(row) for row in X[:, 0]]
        self.measured.append((steps, rows))
        on_val = rows == [50, 51, 52, 53] and list(y) == [0, 1, 2, 3]
        epoch = round(steps / STEPS) - 1
        known = on_val and 0 <= epoch < len(self.accuracies)
        return steps + 1000 * on_val, float(self.accuracies[epoch]) if known else -1.0

    def step(self, w: np.ndarray, dw: np.ndarray, state: dict) -> tuple[np.ndarray, dict]:
        """w - dw, and a state that counts the steps of its own parameter by its size."""
        self.states.append(dict(state))
        return w - dw, state | {"t": state.get("t", 0) + np.size(w)}
