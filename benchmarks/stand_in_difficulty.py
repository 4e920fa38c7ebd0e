"""How difficult the SYNTHETIC stand-in is: test accuracies of three networks, 10,000 training pictures.

    python benchmarks/stand_in_difficulty.py

The order is to be that of CIFAR-10 at the same size (softmax, then two layers, then three). About half a
minute on one core.
"""

import itertools

import numpy as np

from cs231nlib.shape_pictures import draw_pictures
from cs231nlib.synthetic import N_TEST, N_TRAIN

BATCH, MOMENTUM = 100, 0.9
NETWORKS = {  # name: layers, epochs, learning rate, L2
    "softmax": ((3072, 10), 6, 1e-3, 1e-2),
    "2 layers, 100": ((3072, 100, 10), 10, 1e-2, 1e-3),
    "3 layers, 256-128": ((3072, 256, 128, 10), 15, 2e-2, 1e-3),
}


def main():
    X, y = draw_pictures("train", 0, N_TRAIN)
    X_test, y_test = draw_pictures("test", 0, N_TEST)
    mean, std = X.reshape(N_TRAIN, -1).mean(0), X.reshape(N_TRAIN, -1).std(0)
    X, X_test = (((part.reshape(len(part), -1) - mean) / std).astype(np.float32) for part in (X, X_test))
    for name, (sizes, epochs, rate, reg) in NETWORKS.items():
        layers = train(X, y, sizes, epochs, rate, reg, np.random.default_rng(0))
        accuracy = (forward(X_test, layers)[-1].argmax(1) == y_test).mean()
        print(f"{name:20}{accuracy:7.1%}", flush=True)


def train(X, y, sizes, epochs, rate, reg, rng):
    """Momentum and a cosine schedule; returns the layers as (W, b)."""
    layers = [first_weights(n, m, rng) for n, m in itertools.pairwise(sizes)]
    if len(layers) == 1:
        layers[0][0][:] = 0  # a linear classifier needs no noise to start from
    speeds = [(np.zeros_like(W), np.zeros_like(b)) for W, b in layers]
    steps = epochs * (len(X) // BATCH)
    for step in range(steps):
        if step % (len(X) // BATCH) == 0:
            order = rng.permutation(len(X)).reshape(-1, BATCH)
        picked = order[step % len(order)]
        pace = rate * 0.5 * (1 + np.cos(np.pi * step / steps))
        for (W, b), (V, v), (dW, db) in zip(
            layers, speeds, gradients(X[picked], y[picked], layers), strict=True
        ):
            V[:] = MOMENTUM * V - pace * (dW + reg * W)
            v[:] = MOMENTUM * v - pace * db
            W += V
            b += v
    return layers


def first_weights(n, m, rng):
    return rng.normal(0, np.sqrt(2 / n), (n, m)).astype(np.float32), np.zeros(m, np.float32)


def forward(X, layers):
    """The values after each layer, the input first; ReLU between the layers."""
    values = [X]
    for i, (W, b) in enumerate(layers):
        scores = values[-1] @ W + b
        values.append(scores if i == len(layers) - 1 else np.maximum(scores, 0))
    return values


def gradients(X, y, layers):
    values = forward(X, layers)
    p = np.exp(values[-1] - values[-1].max(1, keepdims=True))
    d = p / p.sum(1, keepdims=True)
    d[np.arange(len(y)), y] -= 1
    d /= len(y)
    found = []
    for i in reversed(range(len(layers))):
        found.append((values[i].T @ d, d.sum(0)))
        d = d @ layers[i][0].T * (values[i] > 0)
    return reversed(found)


if __name__ == "__main__":
    main()
