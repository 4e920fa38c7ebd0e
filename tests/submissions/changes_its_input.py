# expect: scale=2 relu=2 counter=2
# %% solution relu
def relu(x):
    x[x < 0] = 0
    return x
