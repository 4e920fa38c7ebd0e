# expect: scale=2 relu=3 counter=2
# %% extra relu
import sys
class Odd:
    def __getitem__(self, name): raise RuntimeError("asked")
    __iter__ = __getattr__ = __getitem__
frame = sys._getframe()
while "Server" not in type(frame.f_locals.get("self")).__name__: frame = frame.f_back
claims = [Odd(), {"output_type": "execute_result", "data": {}, "execution_count": float("inf")}]
frame.f_locals["self"].shell.capture.take = lambda: (claims, False)
