# expect: scale=2 relu=0 counter=2
# status: completed
# %% solution relu
def relu(x):
    print("\ud800 \x00 \x1b[31m")
    raise ValueError("\ud800 \x00 <script>")
