"""The library's names: the seed's import lines work, and nothing in it is the answer to an exercise."""

import ast
import importlib
import inspect
import pkgutil
import re
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import cs231nlib

CHAPTERS = Path(__file__).resolve().parents[2] / "course" / "chapters"
SEED = """
# helpers, nothing interesting inside
from cs231nlib.utils import load_CIFAR10;
from cs231nlib.utils import visualize_CIFAR;
"""
rng = np.random.default_rng(7)


def test_the_seeds_import_lines_work_in_a_new_process(tmp_path):
    code = SEED + "print(load_CIFAR10.__name__, visualize_CIFAR.__name__)"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["load_CIFAR10", "visualize_CIFAR"] and run.stderr == ""


def test_the_other_names_of_the_data_module_stand_where_a_reader_looks():
    from cs231nlib.cifar import cifar10_status, load_CIFAR10
    from cs231nlib.download import download_CIFAR10
    from cs231nlib.synthetic import make_synthetic_CIFAR10
    from cs231nlib.utils import load_CIFAR_batch

    names = (cifar10_status, load_CIFAR10, download_CIFAR10, make_synthetic_CIFAR10, load_CIFAR_batch)
    assert all(len(inspect.getdoc(name)) > 60 for name in names)


def modules():
    found = pkgutil.walk_packages(cs231nlib.__path__, "cs231nlib.")
    return [importlib.import_module(info.name) for info in found if not info.name.endswith("__main__")]


def callables():
    """Every function and class of the library, private ones and methods too, as (name, callable)."""
    for module in modules():
        for name, thing in vars(module).items():
            if getattr(thing, "__module__", None) == module.__name__ and callable(thing):
                yield f"{module.__name__}.{name}", thing
                if inspect.isclass(thing):
                    yield from ((f"{module.__name__}.{name}.{n}", m) for n, m in methods(thing))


def methods(cls):
    return [
        (n, m)
        for n, m in inspect.getmembers(cls, inspect.isroutine)
        if m.__qualname__.startswith(cls.__name__)
    ]


def test_public_functions_and_classes_are_documented():
    lacking = [
        name
        for name, thing in callables()
        if not any(part.startswith("_") for part in name.split(".")) and not inspect.getdoc(thing)
    ]
    assert lacking == []


def without_hints(thing):
    """The parameters, and the result, of a function that no annotation tells of."""
    signature = inspect.signature(inspect.unwrap(thing))
    bare = [p.name for p in signature.parameters.values() if p.annotation is p.empty and p.name != "self"]
    return bare + (["the result"] if signature.return_annotation is signature.empty else [])


def test_public_functions_say_their_types():
    public = {
        name: thing
        for name, thing in callables()
        if inspect.isfunction(inspect.unwrap(thing))
        and thing.__module__.startswith("cs231nlib.")
        and not any(p.startswith("_") for p in name.split("."))
    }
    assert without_hints(lambda x: x) == ["x", "the result"]
    assert {name: bare for name, thing in public.items() if (bare := without_hints(thing))} == {}


def solution_names():
    """The functions and classes that the solution cells of the chapters define."""
    for chapter in CHAPTERS.glob("*.md"):
        cells = re.findall(r"^```{code-cell}\n(.*?)^```", chapter.read_text(), re.S | re.M)
        for cell in cells:
            if re.match(r"(:\w+:.*\n)*:solution:", cell):
                code = re.sub(r"^(:\w+:.*\n)+", "", cell)
                kinds = (ast.FunctionDef, ast.ClassDef)
                yield from (node.name for node in ast.parse(code).body if isinstance(node, kinds))


def test_no_name_of_the_library_is_that_of_a_solution():
    exercises = set(solution_names())
    assert {"to_rows", "numerical_gradient", "relative_error"} <= exercises
    taken = {name for name, _ in callables() if name.rsplit(".")[-1].lstrip("_") in exercises}
    assert taken == set()


def softmax(scores):
    e = np.exp(scores - scores.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


z = rng.normal(size=(4, 3))
X, W, b = rng.normal(size=(4, 5)), rng.normal(size=(5, 3)), rng.normal(size=3)
labels = np.array([2, 0, 1, 1])
images = rng.integers(0, 256, (4, 32, 32, 3)).astype(np.uint8)
rows = images.transpose(0, 3, 1, 2).reshape(4, -1)
dout, square = rng.normal(size=(4, 3)), lambda a: float((a**2).sum())
loss = -np.log(softmax(z)[np.arange(4), labels]).mean()
PROBES = {
    "to_rows": [((images,), images.reshape(4, -1))],
    "to_images": [((rows,), images), ((rows.astype(float),), images)],
    "class_counts": [((labels, 3), np.bincount(labels, minlength=3))],
    "derivative": [((np.sin, 0.7), np.cos(0.7)), ((np.sin, 0.7, 1e-5), np.cos(0.7))],
    "numerical_gradient": [((square, z.copy()), 2 * z), ((square, z.copy(), 1e-5), 2 * z)],
    "relative_error": [
        ((z, dout), np.linalg.norm(z - dout) / (np.linalg.norm(z) + np.linalg.norm(dout))),
    ],
    "matmul": [((dout, X, W), (dout @ W.T, X.T @ dout))],
    "sigmoid": [((z,), 1 / (1 + np.exp(-z))), ((0.3,), 1 / (1 + np.exp(-0.3)))],
    "relu": [((z,), np.maximum(z, 0))],
    "affine": [((X, W, b), X @ W + b)],
    "softmax": [((z,), softmax(z))],
    "softmax_loss": [((z, labels), loss)],
    "count_parameters": [(([3, 4, 2],), 26), ((3, 4, 2), 26)],
    "l2_penalty": [(({"W1": W, "b1": b}, 0.1), 0.05 * (W**2).sum()), ((W, 0.1), 0.05 * (W**2).sum())],
    "mean_subtract": [((X,), X - X.mean(0))],
    "standardise": [((X,), (X - X.mean(0)) / X.std(0))],
    "channel_stats": [((images,), (images.mean((0, 1, 2)), images.std((0, 1, 2))))],
    "sgd": [((W, X.T @ dout, 0.1), W - 0.1 * X.T @ dout)],
    "weight_decay": [((0.1, 0.2, 5), (1 - 0.02) ** 5)],
}


def same(got, wanted):
    """True if an answer, or the first part of it, is the wanted one."""
    if isinstance(wanted, tuple):
        return isinstance(got, tuple | list) and len(got) == 2 and all(map(same, got, wanted))
    if isinstance(got, tuple | list) and len(got) and same(got[0], wanted):
        return True
    if isinstance(got, dict):
        return any(same(value, wanted) for value in got.values())
    try:
        got = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        return False
    return got.shape == np.shape(wanted) and bool(np.allclose(got, wanted, rtol=1e-4, atol=1e-6))


def answers(thing, exercise):
    """True if the callable gives the right answer to any probe of the exercise."""
    return any(same(_call(thing, arguments), wanted) for arguments, wanted in PROBES[exercise])


def _call(thing, arguments):
    signal.setitimer(signal.ITIMER_REAL, 1)
    try:
        copies = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
        return thing(*copies)
    except Exception:
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _late(*_):
    raise TimeoutError


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """Strange calls may write or look for files: let them do it in an empty place, and not for ever."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CS231N_DATA", str(tmp_path))
    old = signal.signal(signal.SIGALRM, _late)
    yield
    signal.signal(signal.SIGALRM, old)


@pytest.mark.usefixtures("alone")
def test_nothing_in_the_library_solves_an_exercise():
    things = [(name, thing) for name, thing in callables() if fits(thing) and not draws(name)]
    assert len(things) > 100
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found = [(name, e) for name, thing in things for e in PROBES if answers(thing, e)]
    assert found == []


def draws(name):
    """True for the functions that return a Figure, which answers nothing and takes time."""
    return re.search(r"\.(fig|plot|show|visualize|draw)_[^.]*$", name)


def fits(thing):
    """True for what can be called with arguments by position."""
    try:
        parameters = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        return False
    return any(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.VAR_POSITIONAL) for p in parameters)


@pytest.mark.parametrize(
    ("exercise", "solution"),
    [
        ("relu", lambda x: np.maximum(0, x)),
        ("sigmoid", lambda x: 0.5 * (1 + np.tanh(x / 2))),
        ("softmax_loss", lambda s, y: (loss, softmax(s))),
        ("to_images", lambda r: r.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)),
        ("numerical_gradient", lambda f, x: 2 * x),
        ("channel_stats", lambda i: [i.mean((0, 1, 2)), i.std((0, 1, 2))]),
        ("count_parameters", lambda *sizes: {"weights": 20, "total": 26}),
    ],
)
@pytest.mark.usefixtures("alone")
def test_the_probes_recognise_a_solution(exercise, solution):
    assert answers(solution, exercise)
    assert not answers(lambda *a: None if a[0] is None else np.asarray(a[0]) + 1, exercise)
