# %% plain setup
import numpy as np
from numpy.testing import assert_allclose
# %% solution scale
def scale(f, x):
    """f(x) doubled."""
    return 2 * f(x)
# %% test scale 2
assert_allclose(scale(lambda v: v + 1, np.arange(3.0)), [2.0, 4.0, 6.0])
# %% solution relu
def relu(x):
    """Element-wise max(x, 0); x is left alone."""
    return np.maximum(x, 0)
# %% test relu 3
x = np.array([-1.5, 2.0])
assert_allclose(relu(x), np.maximum(x, 0))
points = 2
### BEGIN HIDDEN TESTS
# HIDDEN-WORDS-7d1f
secret = np.array([-31.25, 77.5])
before = secret.copy()
assert_allclose(relu(secret), [0.0, 77.5])
if np.array_equal(secret, before):
    points = points + 1
### END HIDDEN TESTS
float(points)
# %% solution counter
class Counter:
    """Counts up from a start."""

    def __init__(self, start=0):
        self.count = start

    def step(self):
        self.count += 1
        return self.count
# %% test counter 2
c = Counter(5)
assert c.step() == 6
assert c.step() == 7 and c.count == 7
