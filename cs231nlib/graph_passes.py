"""A forward and a backward pass through a graph, step by step: a picture and one line of arithmetic each."""

from __future__ import annotations

from collections.abc import Sequence

from cs231nlib.figures.ink import number
from cs231nlib.graph_drawing import draw_graph, formula


def passes(order: Sequence) -> dict[str, list]:
    """What `scrub` takes to go through both passes: scrub(**passes(order)).

    order: nodes, parents first, each with its name, its value and its final grad. Returns a dict of frames,
    labels and captions, twice as many as there are nodes that are no plain numbers.
    """
    order = [node for node in order if node.op != "number"]
    out, steps = order[-1], range(1, len(order) + 1)
    frames = [draw_graph(out, values=order[:k], grads=[], at=order[k - 1]) for k in steps]
    frames += [draw_graph(out, grads=order[-k:], at=order[-k]) for k in steps]
    labels = ["forward"] * len(order) + ["backward"] * len(order)
    captions = [_computed(node) for node in order] + [_passed_on(node, out) for node in order[::-1]]
    return {"frames": frames, "labels": labels, "captions": captions}


def _computed(node):
    """How the node got its value: "q = x + y = −2 + 5 = 3"."""
    if not node.parents:
        return f"{node.name} = {number(node.value)} is given"
    names, values = ([word(parent) for parent in node.parents] for word in (_name, _value))
    return f"{node.name} = {formula(node.op, names)} = {formula(node.op, values)} = {number(node.value)}"


def _passed_on(node, out):
    """What the node passes on: "q.grad is complete: −4. x.grad += −4 × 1; y.grad += −4 × 1"."""
    start = "the output's own gradient" if node is out else "complete"
    shares = [
        f"{parent.name}.grad += {_signed(node.grad)} × {_signed(local)}"
        for parent, local in zip(node.parents, node.local_grads, strict=True)
        if parent.op != "number"
    ]
    return f"{node.name}.grad = {number(node.grad)}, {start}. {'; '.join(shares)}".strip()


def _name(node):
    return _value(node) if node.op == "number" else node.name


def _value(node):
    return _signed(node.value)


def _signed(value):
    """A number that may follow a sign: negative ones in brackets."""
    return f"({number(value)})" if value < 0 else number(value)
