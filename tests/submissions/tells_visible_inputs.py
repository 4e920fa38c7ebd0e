# expect: scale=2 relu=3 counter=2
# shows: input [-1.5
# never: 31.25
# %% solution relu
def relu(x):
    print("input", x)
    return np.maximum(x, 0)
