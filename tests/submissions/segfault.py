# expect: scale=0 relu=3 counter=2
# %% solution scale
import ctypes
ctypes.string_at(0)
