# expect: scale=2 relu=0 counter=2
# shows: exit() was called
# %% solution relu
exit()
def relu(x):
    return x
