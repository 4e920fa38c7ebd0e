# expect: scale=2 relu=0 counter=2
# status: died
# %% solution relu
import sys
def relu(x):
    frame = sys._getframe()
    while type(frame.f_locals.get("self")).__name__ != "Server":
        frame = frame.f_back
    server = type(frame.f_locals["self"])
    print("so that its outputs are asked for")
    server.on_names = lambda *a: 1 / 0
    server.on_outputs = lambda self, *a: self._reply(5)
    server.on_cell = lambda self, *a: self._reply(("x", 5))
    return np.maximum(x, 0)
