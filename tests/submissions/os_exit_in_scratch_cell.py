# expect: scale=2 relu=3 counter=2
# %% extra relu
import os
os._exit(0)
