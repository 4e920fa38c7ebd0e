# expect: scale=2 relu=0 counter=2
# %% solution relu
def relu(x):
    return np.zeros(20_000_000)
