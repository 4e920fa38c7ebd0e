# expect: scale=2 relu=3 counter=2
# shows: in time
# %% extra relu
while True:
    pass
