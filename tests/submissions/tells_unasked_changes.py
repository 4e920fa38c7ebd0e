# expect: scale=2 relu=0 counter=2
# status: died
# cause: nonsense
# %% solution relu
import sys
def relu(x):
    frame = sys._getframe()
    while type(frame.f_locals.get("self")).__name__ != "Server":
        frame = frame.f_back
    server = frame.f_locals["self"]
    original = server.conversation.reply
    server._reply = lambda result, objects=(), changed=(), let_in=False, link=None: original(
        result, objects, changed, True, link
    )
    x[:] = 0
    return x
