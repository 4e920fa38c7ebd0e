"""What the text of chapters 03 to 05 says in numbers is what their cells compute."""

import ast
from functools import cache

import matplotlib.pyplot as plt
import numpy as np
import pytest
from repository import ROOT

from grader.course.chapter import read_chapter

STOP = ("keep(", "selftest(")


@cache
def played(name: str) -> tuple[dict, dict]:
    """The names after a chapter, tests left out, and the last value of each cell by its first words."""
    names, shown = {}, {}
    for cell in read_chapter(ROOT / "course" / "chapters" / f"{name}.md").cells:
        if (
            cell.cell_type == "code"
            and cell.kind in ("plain", "solution")
            and not any(s in cell.source for s in STOP)
        ):
            tree, last = ast.parse(cell.source), None
            if isinstance(tree.body[-1], ast.Expr):
                last = compile(ast.Expression(tree.body.pop().value), name, "eval")
            exec(compile(tree, name, "exec"), names)
            shown[cell.source[:40]] = eval(last, names) if last else None
    plt.close("all")
    return names, shown


def value(name, begin):
    """The last value of the one cell of the chapter that begins so."""
    (found,) = [thing for words, thing in played(name)[1].items() if words.startswith(begin)]
    return found


def says(name, words):
    assert words in (ROOT / "course" / "chapters" / f"{name}.md").read_text(), words


def test_03_where_the_sigmoids_end():
    says("03_neuron", "it is 0 from −38 on; the short form is 0 from −710 on")
    with np.errstate(over="ignore"):
        tanh, short = (
            played("03_neuron")[0]["ways"][name] for name in ("(1 + tanh(z / 2)) / 2", "1 / (1 + exp(−z))")
        )
        assert tanh(np.float64(-38)) == 0 < tanh(np.float64(-37)) and short(np.float64(-710)) == 0 < short(
            np.float64(-709)
        )


def test_03_two_settings_of_the_slider_are_right():
    says("03_neuron", "Two settings put all triangles, and no circle, on the blue side.")
    names, _ = played("03_neuron")
    right = [
        np.sum((names["points"] @ (w1, w2) + b > 0) == names["labels"])
        for w1 in names["grid"]
        for w2 in names["grid"]
        for b in (-1.0, -0.5, 0.0, 0.5)
    ]
    assert sorted(right)[-3:] == [39, 40, 40]


def test_03_what_the_training_does():
    says("03_neuron", "One step gets 39 of 40 right.")
    captions = value("03_neuron", "frames, captions, steps").captions
    assert captions[0].endswith("loss 0.6931, 20 of 40 right")
    right = [caption.split(", ")[-1] for caption in captions[1:]]
    assert right == ["39 of 40 right"] * 6 + ["40 of 40 right"] * 2
    says("03_neuron", "After a thousand steps it still says ½ to everything")
    assert played("03_neuron")[0]["truth"]["loss of the neuron trained on XOR"] == pytest.approx(np.log(2))


def test_04_counts():
    says("04_architectures", "124 of its 138 million parameters")
    count = played("04_architectures")[0]["count_parameters"]
    assert round(count((25088, 4096, 4096, 1000))["total"] / 1e6) == 124


def test_04_signals():
    says("04_architectures", "**He for ReLU, Xavier for tanh** keep the signal alive.")
    schemes = played("04_architectures")[0]["schemes"]
    assert 0.3 < schemes["ReLU", "he"][-1] < 3 and 0.1 < schemes["tanh", "xavier"][-1] < 1
    assert schemes["ReLU", "small"][4] < 1e-3 and schemes["tanh", "small"][4] < 1e-3


def test_04_kinks_and_folds():
    says("04_architectures", "Twice the units, about a **quarter** of the error.")
    errors = np.array(played("04_architectures")[0]["errors"])
    assert (errors[1:-1] / errors[2:] > 3).all() and (errors[1:-1] / errors[2:] < 5).all()
    says("04_architectures", "From three folds on, depth is the cheaper way.")
    count = played("04_architectures")[0]["count_parameters"]
    wide, deep = (
        [count((1, *hidden(k), 1))["total"] for k in range(1, 9)]
        for hidden in (lambda k: [2**k], lambda k: [2] * k)
    )
    assert wide[:2] == deep[:2] and all(a > b for a, b in zip(wide[2:], deep[2:], strict=True))
    assert set(np.diff(deep)) == {6}


def test_05_the_spiral():
    truth = played("05_training")[0]["truth"]
    assert (
        truth["accuracy of the straight borders"]
        < 0.6
        < 0.99
        < truth["accuracy of 100 hidden units, trained"]
    )
    says("05_training", "thirty steps and needs a large rate")
    runs = played("05_training")[0]["runs"]
    assert runs[0.001, 2][1] > 0.9 and runs[3, 2][1] < 0.5, "small batches"
    assert runs[0.01, 300][1] < 0.7 and runs[1, 300][1] > 0.95 and runs[1, 300][2] == 30, "one batch"


def test_05_too_stiff_and_too_free():
    says("05_training", "eight are wrong")
    says("05_training", "reaches most of the wrong labels too")
    names, _ = played("05_training")
    X, y, new = names["noisy_X"], names["noisy_y"], names["on_new"]
    wrong = y != (X[:, 1] > names["true_border"](X[:, 0]))
    assert wrong.sum() == 8 and max(new, key=new.get) == 6 and new[100] < new[6] - 0.03
    frames = value("05_training", "widths, on_new, frames").captions
    right = [int(caption.split("%")[0].split()[-1]) for caption in frames]
    assert max(right[:3]) < 80 and right[-1] > 95, "too stiff for what it has seen; nearly all memorised"


def test_05_the_loss_on_new_points_turns():
    names, _ = played("05_training")
    known, new = np.array(names["known"]), np.array(names["new"])
    assert 0 < np.argmin(new) < len(new) // 3 and new[-1] > 1.3 * new.min() and known[-1] == known.min()


def test_05_fifty_pictures(capsys):
    says("05_training", "within fifty steps")
    names = dict(played("05_training")[0])
    source = next(
        c.source
        for c in read_chapter(ROOT / "course" / "chapters" / "05_training.md").cells
        if "few_X =" in c.source
    )
    capsys.readouterr()
    exec(source.rsplit("show_images", 1)[0], names)
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if " layers, " in line]
    found = {(int(words[0]), words[2].strip(":")): (words[-4], int(words[-2])) for words in lines}
    for layers in (3, 5):
        assert found[layers, "He"][0] == "100%" and found[layers, "He"][1] <= 50
        assert found[layers, "0.01"][1] == 100 and int(found[layers, "0.01"][0].strip("%")) < 30
