# expect: scale=0 relu=0 counter=0
# cause: NotImplementedError
# %% solution scale
def scale(f, x):
    raise NotImplementedError
# %% solution relu
def relu(x):
    raise NotImplementedError
# %% solution counter
# YOUR CODE HERE
