# expect: scale=2 relu=3 counter=0
# status: died
# %% extra scale
import time
time.sleep(0.2)
# %% solution counter
import os
class Counter:
    def __init__(self, start):
        os.kill(os.getppid(), 9)
        os._exit(3)
