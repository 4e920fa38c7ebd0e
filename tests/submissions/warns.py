# expect: scale=2 relu=3 counter=2
# status: completed
# %% solution relu
import sys, warnings
def relu(x):
    warnings.warn("careful")
    print("on stderr", file=sys.stderr)
    np.log(np.zeros(1))
    return np.maximum(x, 0)
