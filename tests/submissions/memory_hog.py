# expect: scale=2 relu=0 counter=2
# %% solution relu
def relu(x):
    hoard = []
    while True:
        hoard.append(np.ones(1 << 22))
