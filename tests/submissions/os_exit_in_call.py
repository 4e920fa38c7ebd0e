# expect: scale=2 relu=0 counter=2
# status: died
# cause: exit code 0
# %% solution relu
import os
def relu(x):
    os._exit(0)
