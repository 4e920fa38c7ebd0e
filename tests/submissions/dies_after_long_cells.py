# expect: scale=2 relu=0 counter=2
# status: died
# shows: ran once
# %% extra scale
import time
time.sleep(0.2)
print("ran once")
# %% solution relu
def relu(x):
    import os
    os.abort()
# %% extra counter
assert "time" in globals()
