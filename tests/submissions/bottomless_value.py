# expect: scale=2 relu=0 counter=2
# %% solution relu
def relu(x):
    value = []
    for _ in range(100_000):
        value = [value]
    return value
