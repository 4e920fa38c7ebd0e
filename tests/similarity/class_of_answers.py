"""A made-up class whose members each write seven functions in their own way, and copies with disguises."""

import random
import re

QUESTIONS = [f"q{number}" for number in range(7)]
NAMES = ["x", "data", "values", "z", "arr", "inp", "scores", "a", "v", "xs", "batch", "m"]
STEPS = [
    "{t} = np.{f}({x}, axis={n})",
    "{t} = {x} - {x}.{r}(axis={n}, keepdims=True)",
    "{t} = np.exp({x} * {c})",
    "for i in range({x}.shape[{n}]):\n    {t} += {x}[i] * {c}",
    "{t} = np.where({x} > {c}, {x}, {n})",
    "if {x}.ndim == {n}:\n    {x} = {x}.reshape({n}, -1)",
    "{t} = {x} @ {x}.T / {c}",
    "while {t} < {c}:\n    {t} = {t} + {n}",
    "{t} = sum({x}[i, {n}] for i in range(len({x})))",
    "{x} = np.{f}({x} + {c}, {x})",
    "assert {x}.{r}() >= {n}",
    "{t} = {t} ** {n} + {x}.{r}()",
    "{t} = np.clip({x}, {n}, {c})",
    "{t} = [{x}[k] for k in sorted(range(len({x})), key=lambda k: -{c})]",
]
OWN = 3
CALLS, REDUCTIONS = ["maximum", "minimum", "add", "dot"], ["sum", "mean", "max", "min", "std"]
USUAL = """def {q}({x}):
    {t} = np.maximum({x}, 0)
    {t} = {t} / {t}.sum(axis=1, keepdims=True)
    return np.log({t} + 1e-9).mean()"""


def answer(question: str, chance: random.Random) -> str:
    """One student's own answer: for a third of them the one that comes to everybody's mind."""
    x, t = chance.sample(NAMES, 2)
    if chance.random() < 0.33:
        return USUAL.format(q=question, x=x, t=t)
    steps = chance.choices(STEPS, k=chance.randint(4, 9))
    lines = [_line(step, x, t, chance) for step in steps]
    body = "\n".join(lines).replace("\n", "\n    ")
    return f"def {question}({x}):\n    {t} = 0.0\n    {body}\n    return {t}"


def _line(step: str, x: str, t: str, chance: random.Random) -> str:
    function, reduction = chance.choice(CALLS), chance.choice(REDUCTIONS)
    number, constant = chance.randint(0, 3), f"{chance.random():.2f}"
    return step.format(x=x, t=t, n=number, c=constant, f=function, r=reduction)


def disguised(source: str, chance: random.Random) -> str:
    """A copy: other names, other spacing, comments, and two independent halves of a body swapped."""
    for name in NAMES:
        source = re.sub(rf"\b{name}\b", f"{name}_{chance.randint(1, 9)}new", source)
    source = source.replace(" = ", "=").replace(", ", ",  ")
    head, *body, last = source.split("\n")
    starts = [n for n, line in enumerate(body) if not line.startswith("     ")]
    cut = starts[len(starts) // 2]
    lines = [head, '    """My own work."""', *body[cut:], "    # first part", *body[:cut], last]
    return "\n".join(f"{line}  # {chance.random():.3f}" if chance.random() < 0.4 else line for line in lines)


def class_of(students: int, copies: int, seed: int = 1):
    """(student -> question -> source, the pairs that were planted).

    Who is copied wrote at least OWN answers of their own: a copy of what everybody writes tells nothing.
    """
    chance = random.Random(seed)
    names = [f"s{number:05}" for number in range(students)]
    sources = {name: {question: answer(question, chance) for question in QUESTIONS} for name in names}
    planted = set()
    owners = [
        name for name in reversed(names) if sum("np.log(" not in one for one in sources[name].values()) >= OWN
    ]
    for copier, owner in zip(names[:copies], owners, strict=False):
        sources[copier] = {q: disguised(text, chance) for q, text in sources[owner].items()}
        planted.add((copier, owner))
    return sources, planted
