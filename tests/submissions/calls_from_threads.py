# status: completed
# expect: scale=2 relu=3 counter=2
# %% solution scale
from concurrent.futures import ThreadPoolExecutor

def scale(f, x):
    with ThreadPoolExecutor(8) as pool:
        return np.array([2 * value for value in pool.map(f, list(x) * 20)])[: len(x)]
