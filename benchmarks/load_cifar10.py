"""How much memory and time load_CIFAR10 needs for all 60,000 pictures, beside the usual loader.

    python benchmarks/load_cifar10.py [ROOT]

ROOT holds `cifar-10-batches-py/`; without it 60,000 stand-in pictures are drawn into a temporary folder.
Each line is a process of its own: seconds for the call, seconds until every pixel has been read once, and
the peak of the resident memory, all of Python and NumPy included.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cs231nlib.batches import BATCH_FILES
from cs231nlib.data_places import find_CIFAR10
from cs231nlib.synthetic import make_synthetic_CIFAR10

MEASURE = """
import resource, sys, time
import numpy as np
from cs231nlib.batches import TRAIN_FILES, TEST_FILE
from cs231nlib.cifar import load_CIFAR10

def usual(folder):
    import pickle
    def batch(name):
        with open(f"{folder}/{name}", "rb") as file:
            content = pickle.load(file, encoding="latin1")
        X = content["data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1).astype("float")
        return X, np.array(content["labels"])
    parts = [batch(name) for name in TRAIN_FILES]
    return (np.concatenate([X for X, _ in parts]), np.concatenate([y for _, y in parts]), *batch(TEST_FILE))

start = time.perf_counter()
data = usual(sys.argv[2]) if sys.argv[1] == "usual" else load_CIFAR10(sys.argv[2])
loaded = time.perf_counter() - start
X_train, _, X_test, _ = data
total = sum(int(part.sum()) for X in (X_train, X_test) for part in np.array_split(X, 60))
seen = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{len(X_train) + len(X_test):>9,} {X_train.dtype!s:>9} {loaded:>9.3f} {seen:>9.3f} {peak:>9.0f}")
"""


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("root", nargs="?", type=Path)
    source = parser.parse_args().root
    with tempfile.TemporaryDirectory() as place:
        folder = _copy(source, Path(place)) if source else make_synthetic_CIFAR10(place, 50_000, 10_000)
        print(f"{'':24}{'pictures':>9} {'dtype':>9} {'s':>9} {'s, read':>9} {'peak MB':>9}")
        for label in ("first call", "second call", "third call", "usual loader, float64"):
            way = "usual" if label.startswith("usual") else "ours"
            command = [sys.executable, "-c", MEASURE, way, str(folder)]
            line = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
            print(f"{label:24}{line}", flush=True)


def _copy(source: str, place: Path) -> Path:
    """A copy without the cache, so that the first call is a first call."""
    folder = find_CIFAR10(source)
    if folder is None:
        sys.exit(f"no CIFAR-10 in {source}")
    for path in folder.iterdir():
        if path.name in (*BATCH_FILES, "batches.meta"):
            shutil.copy2(path, place)
    return place


if __name__ == "__main__":
    main()
