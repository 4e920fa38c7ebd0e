# expect: scale=2 relu=0 counter=2
# cause: RecursionError
# %% solution relu
def relu(x):
    return relu(x)
