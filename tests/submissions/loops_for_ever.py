# expect: scale=2 relu=0 counter=2
# status: timed out
# cause: in time
# %% solution relu
def relu(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
