# expect: scale=2 relu=3 counter=2
# shows: image/png
# %% extra relu
%matplotlib qt
import matplotlib.pyplot as plt
plt.plot([1, 2])
plt.show(block=True)
