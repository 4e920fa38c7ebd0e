# expect: scale=2 relu=3 counter=2
# status: completed
# %% solution scale
scale = lambda f, x: np.add(f(x), f(x))
# %% solution relu
def relu(x):
    return (x + abs(x)) / 2
