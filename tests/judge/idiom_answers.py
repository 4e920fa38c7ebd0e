"""Answers of every kind, which the idioms of test cells are tried on."""

ANSWERS = '''
class Dropout:
    """Inverted dropout."""

    def __init__(self, p):
        self.p = p
        self.params = {"W": np.ones(3)}

    def forward(self, x):
        self.mask = (np.random.rand(*x.shape) > self.p) / (1 - self.p)
        return x * self.mask

    def sum_w(self):
        return float(self.params["W"].sum())

class Vector:
    def __init__(self, a, b): self.a, self.b = a, b
    def __add__(self, other): return Vector(self.a + other.a, self.b + other.b)
    def __rmul__(self, k): return Vector(k * self.a, k * self.b)
    def __eq__(self, other): return (self.a, self.b) == (other.a, other.b)
    def __len__(self): return 2
    def __getitem__(self, i): return (self.a, self.b)[i]
    def __iter__(self): return iter((self.a, self.b))
    def __float__(self): return float(self.a)
    def __enter__(self): return self.a
    def __exit__(self, *why): self.a = 0

class Negative(ValueError): pass

def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros_like(x)
    for i in range(x.size):
        step = np.zeros_like(x)
        step[i] = h
        grad[i] = (f(x + step) - f(x - step)) / (2 * h)
    return grad

def sgd(params, grads, rate=0.1):
    for name in params: params[name] -= rate * grads[name]

def refuse_negative(x):
    if x < 0: raise Negative(f"{x} is negative")
    return x

def stop(x): raise StopIteration(x)
def add_one(x): x += 1; return x
def same(x): return x
def looping(X): return np.array([row.sum() for row in X])
def first_two(x): return x[:2]
def apply(functions, x):
    for f in functions: x = f(x)
    return x
def squares(n):
    for i in range(n): yield i * i
def drawing(f, rng): return [f(rng), float(rng.random()), f(rng)]
def handing_on(f, a, b): return f(b, b)
def compose(f, g): return lambda x: f(g(x))
def draw(n): return np.random.randn(n)
def draw_from(rng, n): return rng.normal(size=n)
def shuffled(rng, items): rng.shuffle(items); return items
def over(x): return x > LIMIT
def raw_bytes(): return np.zeros(2, "V3")
def reverse(items): items.reverse()
def pair(): return {"a": (1, 2.5), "b": [np.float32(1), "x"]}
class Agreeable:
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __contains__(self, item): return True
    def __iter__(self): return iter([1, 2])
def agree(): return Agreeable()
def say(text): print(text)
def made_over(value):
    import copy
    return copy.deepcopy(value)
def tally(counter, queue): counter.update("a"); queue.append(9)
def plot():
    import matplotlib.pyplot as plt
    fig, ax = plt.subplots()
    ax.plot([1, 2], [3, 4])
    ax.set_title("T")
    return fig, ax
LIMIT = 0.25
'''  # fmt: skip
