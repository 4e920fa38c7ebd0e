"""What chapters 06 to 10 say and store, computed anew; names that must not leak out of their test cells."""

import ast

import numpy as np
import pytest
from repository import ROOT

from cs231nlib.diary import Diary
from cs231nlib.figures.convolution import window_steps
from cs231nlib.figures.receptive import receptive_width
from cs231nlib.figures.valley import descent
from cs231nlib.figures.volume import volume_steps
from cs231nlib.known_nets import KNOWN_NETS
from cs231nlib.selftest import codes
from cs231nlib.toydata import make_gaussian_cloud
from grader.course.chapter import read_chapter

NAMES = ("06_preprocessing", "07_regularization", "08_capstone", "09_convolution", "10_depth")


def chapter(name):
    return read_chapter(ROOT / "course" / "chapters" / f"{name}.md")


def answers(name):
    """The reference answers of a chapter, run."""
    names = {"np": np}
    for cell in chapter(name).cells:
        if cell.kind == "solution" and cell.exercise != "regularized_loss":
            exec(cell.source, names)
    return names


def self_test(name):
    """The right answers to a chapter's three questions, from its reference answers."""
    mine = answers(name)
    if name == "06_preprocessing":
        moved = mine["mean_subtract"](np.array([[2.0], [4.0], [6.0]]), np.array([[10.0]]))[1][1]
        scaler = mine["Standardizer"]().fit(np.array([[2.5], [3.5]]))
        remembered = mine["Standardizer"]().fit(np.random.default_rng(0).normal(size=(500, 7)))
        count = remembered.mean.size + remembered.std.size
        return [moved.item(), scaler.transform(np.array([[4.0]])).item(), count]
    if name == "07_regularization":
        net = {"W1": np.array([[3.0, -1.0]]), "b1": np.array([7.0])}
        kept = mine["dropout_forward"](np.full(100, 3.0), 0.25, True, np.random.default_rng(0))[0].max()
        return [mine["l2_penalty"](net, 0.2)[0], float(kept), mine["weight_decay_factor"](0.5, 0.2, 2)]
    if name == "09_convolution":
        return [
            mine["conv_size"](28, 5, 2, 2),
            mine["conv_parameters"](3, 16, 32),
            receptive_width([("", 3, 1)] * 2),
        ]
    if name == "10_depth":
        old, x = {"mean": np.full(32, 2.0), "var": np.ones(32)}, np.full((3, 32), 7.0)
        moved = mine["norm_forward"](x, np.ones(32), np.zeros(32), old, True, memory=0.8)
        grads = mine["norm_backward"](x, moved[1])[1:]
        return [0.5**10, round(moved[2]["mean"][0], 9), sum(grad.size for grad in grads)]
    w, state = np.zeros(1), {"lr": 0.1, "mu": 0.9}
    for _ in range(2):
        w, state = mine["momentum"](w, np.array([10.0]), state)
    step = mine["adam"](np.zeros(1), np.array([0.001]), {"lr": 1, "beta1": 0.9, "beta2": 0.999, "eps": 0})[0]
    seen = [30, 41, 40, 44, 43, 44, 42]
    best = max(n for n in range(1, 8) if mine["watch"](seen[:n], 9)[0])
    return [round(state["v"].item(), 6), round(abs(step.item()), 6), best]


@pytest.mark.parametrize("name", NAMES)
def test_the_stored_answers_of_the_self_test_are_those_of_the_reference(name):
    (cell,) = (c for c in chapter(name).cells if "selftest(" in c.source and c.kind == "plain")
    call = ast.parse(cell.source).body[-1].value
    assert codes(name[:2], self_test(name)) == ast.literal_eval(call.args[2])


def test_the_condition_numbers_in_the_text_of_06_are_those_of_its_cloud():
    raw = make_gaussian_cloud(300, mean=(3, 6), cov=((1.0, 1.2), (1.2, 16.0)), rng=1)
    text = (ROOT / "course" / "chapters" / "06_preprocessing.md").read_text()
    numbers = [np.linalg.cond(X.T @ X) for X in (raw, raw - raw.mean(axis=0))]
    assert "from {:.1f} to {:.1f} only".format(*numbers) in text


def test_descent_takes_about_twice_as_many_steps_as_the_condition_number():
    for condition in (5.0, 20.0, 100.0):
        H = np.diag([1.0, condition])
        steps = len(descent(H, 1 / np.sqrt(np.diag(H)), 1 / condition)) - 1
        assert 1.7 < steps / condition < 2.1


@pytest.mark.parametrize("name", NAMES)
def test_a_hidden_check_has_a_nudge(name):
    for cell in chapter(name).of_kind("test"):
        hidden = cell.source.partition("### BEGIN HIDDEN TESTS")[2]
        checks = [line for line in hidden.splitlines() if line.strip().startswith("with grade(")]
        assert [line for line in checks if "nudge=" not in line] == [], cell.exercise


@pytest.mark.parametrize("name", NAMES)
def test_a_test_cell_rebinds_no_argument_of_an_answer_and_no_answer(name):
    read = chapter(name)
    taken = {name for cell in read.of_kind("solution") for name in arguments_and_answers(cell.source)}
    for cell in read.of_kind("test"):
        assert bound(cell.source) & taken == set(), cell.exercise


def arguments_and_answers(source):
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    arguments = {arg.arg for f in functions for arg in (*f.args.args, f.args.vararg) if arg}
    return arguments | {f.name for f in functions}


def bound(source):
    """The names that the cell's own statements give a value, not those of its inner functions."""
    found, todo = set(), list(ast.parse(source).body)
    while todo:
        node = todo.pop()
        if isinstance(
            node, ast.FunctionDef | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
        ):
            found |= {node.name} if isinstance(node, ast.FunctionDef) else set()
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        todo += ast.iter_child_nodes(node)
    return found


def test_a_diary_tells_which_parameters_it_was_asked_about():
    diary = Diary([0.2, 0.7])
    X_train, y_train, X_val, y_val = diary.data
    after_six = {"W1": np.full((2, 2), -6.0), "b1": np.full(3, -12.0)}
    assert diary.measure(after_six, X_val, y_val) == (1006.0, 0.7)
    assert diary.measure(after_six, X_train[:4], y_train[:4]) == (6.0, -1.0)


def test_the_famous_nets_of_09_have_the_parameters_of_their_papers():
    mine = answers("09_convolution")
    count = {"conv": mine["conv_parameters"], "dense": lambda D, M: (D + 1) * M, "norm": lambda F: F}
    totals = [sum(count[kind](*sizes) for kind, *sizes in layers) for layers in KNOWN_NETS.values()]
    assert totals == [61_706, 60_965_224, 138_357_544, 25_557_032]
    text = (ROOT / "course" / "chapters" / "09_convolution.md").read_text()
    assert "three times as many layers, one dense layer, a fifth of the parameters" in text


def test_the_window_of_09_writes_down_its_sum():
    steps = window_steps(np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]]), np.array([[1.0, 2.0], [0.0, -1.0]]))
    assert steps["captions"] == ["1·1 + 2·2 + 1·−1 = 4", "2·1 + 3·−1 = −1"]
    assert [frame.alt.split("gets ")[1] for frame in steps["frames"]] == [
        "4 at row 0, column 0.",
        "−1 at row 0, column 1.",
    ]


def test_a_filter_of_09_adds_up_the_channels_at_each_second_place():
    W = np.array([1, -1, 2]).reshape(1, 1, 3, 1)
    steps = volume_steps(np.arange(12).reshape(2, 2, 3), W, np.array([5]), stride=2, pad=1)
    assert steps["captions"][0] == "red 0 + green 0 + blue 0 + bias 5 = 5"
    assert steps["captions"][3] == "red 9 + green −10 + blue 22 + bias 5 = 26"
    assert steps["labels"] == [f"filter 0, row {i}, column {j}" for i in (0, 1) for j in (0, 1)]
    assert steps["frames"][3].alt.startswith("Filter 0 at rows 2 to 2. red 9")
