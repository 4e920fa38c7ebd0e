"""Answers that are texts to run: queries, expressions, commands, paths. None of them runs in the judge."""

import os

from foreign_course import grade, points, write

from grader.records import Place

TEXT = """
#% plain
import os, pickle, sqlite3, subprocess
import pandas as pd
conn = sqlite3.connect(":memory:")
conn.executescript("create table s(id int); insert into s values (1), (2)")
df = pd.DataFrame({"a": [1, 2, 3]})
#% solution
### BEGIN SOLUTION
every, more = "select id from s where id > 1", "select count(*) as n from s"
large, double = "a > 1", "2 * x"
path, command = "out.txt", "echo hi"
def packed(x):
    return pickle.dumps(x)
### END SOLUTION
#% test 1
assert conn.execute(every).fetchall() == [(2,)]
#% test 1
assert pd.read_sql_query(more, conn).n.tolist() == [2]
#% test 1
assert len(df.query(large)) == 2 and len(df.query("a > 0")) == 3
#% test 1
assert eval(double, {"x": 4}) == 8
#% test 1
with open(path, "w") as file:
    file.write("x")
assert os.path.exists(path)
os.remove(path)
#% test 1
assert subprocess.run(command, shell=True, capture_output=True, text=True).stdout == "hi\\n"
#% test 1
assert pickle.loads(packed([1])) == [1]
"""
OTHER = """
every, more = "SELECT * FROM s WHERE id = 2", "select 1 + 1 as n"
large, double = "a >= 2", "x + x"
path, command = "./mine", "printf 'hi\\\\n'"
def packed(x):
    return pickle.dumps(x, 2)
"""
EVIL = """
every, more = "attach '{0}/sql' as g", "create table g.x(id int)"
large = "@pd.io.common.os.system('touch {0}/query') == 0 or a > 1"
double = "2 * x + 0 * __import__('os').system('touch {0}/eval')"
path, command = "{0}/mine", "touch {0}/command; echo hi"
class Evil:
    def __reduce__(self):
        return os.system, ("touch {0}/pickle",)
def packed(x):
    return pickle.dumps(Evil())
"""


def test_no_text_of_an_answer_runs_in_the_judge_and_right_ones_are_paid(tmp_path):
    (tmp_path / "mine").write_text("of somebody else")
    answers = {"other": {"solution1": OTHER}, "evil": {"solution1": EVIL.format(tmp_path)}}
    runs = grade(write(tmp_path, TEXT), answers)
    assert points(runs["reference"]) == points(runs["other"]) == [1] * 7
    assert points(runs["blank"]) == [0] * 7
    assert points(runs["evil"])[:2] == [0, 0]
    places = {s.grade_id: s.where for _, s in runs["evil"].scores}
    outside = {name for name, place in places.items() if place is Place.OUTSIDE}
    assert outside == {"test1", "test2", "test5"}
    assert sorted(os.listdir(tmp_path)) == ["course", "mine"]
    assert (tmp_path / "mine").read_text() == "of somebody else"
