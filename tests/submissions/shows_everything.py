# expect: scale=2 relu=3 counter=2
# shows: execute_result
# %% extra relu
from IPython.display import HTML, display
display(HTML("<b>bold</b>"))
print("printed")
6 * 7
