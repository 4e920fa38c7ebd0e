# expect: scale=2 relu=0 counter=2
# %% solution relu
import os
os._exit(0)
