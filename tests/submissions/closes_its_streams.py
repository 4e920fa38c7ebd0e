# status: completed
# expect: scale=2 relu=3 counter=2
# shows: still heard
# %% solution scale
import os, sys
def scale(f, x):
    sys.stdout.close()
    sys.stderr = sys.__stdout__ = None
    print("into nothing")
    os.close(1)
    os.close(2)
    return 2 * f(x)
# %% solution relu
def relu(x):
    import subprocess, sys
    print("still heard")
    sys.stderr.write("and here")
    subprocess.run(["true"])
    return np.maximum(x, 0)
