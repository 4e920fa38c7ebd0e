# expect: scale=2 relu=0 counter=2
# cause: UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff
# %% solution relu
def relu(x):
    try:
        raise ExceptionGroup("several", [ValueError("one")])
    except ExceptionGroup:
        b"\xff".decode()
