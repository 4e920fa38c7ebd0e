# expect: scale=2 relu=3 counter=2
# status: output limit
# %% solution relu
def relu(x):
    for i in range(1_000):
        print("flood " * 20)
    return np.maximum(x, 0)
# %% extra end
print("x" * 5_000_000)
