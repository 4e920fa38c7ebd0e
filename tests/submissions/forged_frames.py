# expect: scale=2 relu=0 counter=2
# status: died
# %% solution relu
import os, struct
def relu(x):
    for fd in range(3, 64):
        for frame in (b"(\x02\0\0\0T", b"A" * 100, b"r\xff\xff\xff\xff", b"[" + b"\xff" * 4):
            try: os.write(fd, struct.pack("<I", len(frame)) + frame)
            except OSError: pass
    return x
