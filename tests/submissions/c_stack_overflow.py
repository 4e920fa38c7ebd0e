# expect: scale=2 relu=0 counter=2
# %% solution relu
import sys
def relu(x):
    sys.setrecursionlimit(10**8)
    def deeper(y):
        return [deeper(z) for z in [y]]
    return deeper(x)
