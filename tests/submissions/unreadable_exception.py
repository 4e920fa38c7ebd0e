# expect: scale=2 relu=0 counter=2
# %% solution relu
class Bad(Exception):
    def __str__(self): raise self
    __repr__ = __str__
def relu(x):
    raise Bad("x" * 20_000_000)
