# expect: scale=2 relu=0 counter=2
# cause: nobody can answer
# %% solution relu
def relu(x):
    return float(input("x? "))
