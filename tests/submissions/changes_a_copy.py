# expect: scale=2 relu=3 counter=2
# %% solution relu
def relu(x):
    x = x.copy()
    x[x < 0] = 0
    return x
