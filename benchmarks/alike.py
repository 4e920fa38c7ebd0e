"""What `grader similar` finds, and in how much time: a made-up class with planted copies.

python benchmarks/alike.py [--students 2000] [--copies 50]
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "similarity"))
from class_of_answers import class_of

from grader.similarity.pairs import find_pairs
from grader.similarity.tokens import code_tokens
from grader.similarity.winnowing import fingerprints

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=2000)
    parser.add_argument("--copies", type=int, default=50)
    wanted = parser.parse_args()
    sources, planted = class_of(wanted.students, wanted.copies)
    started = time.process_time()
    prints = {
        (student, question): fingerprints(code_tokens(source))
        for student, own in sources.items()
        for question, source in own.items()
    }
    read = time.process_time() - started
    pairs = find_pairs(prints, {})
    seconds = time.process_time() - started
    above = {pair.students for pair in pairs.worth_a_look}
    honest = wanted.students * (wanted.students - 1) / 2 - len(planted)
    print(f"{len(prints)} answers: {seconds:.1f} CPU s, {read:.1f} of them for reading")
    print(f"{len(planted & above)} of {len(planted)} copies found")
    print(f"{len(above - planted)} honest pairs above the line: {len(above - planted) / honest:.5%}")
