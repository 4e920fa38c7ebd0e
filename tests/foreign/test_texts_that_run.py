"""Answers that are texts to run: queries, expressions, commands, paths. None of them runs in the judge."""

import os
import pickle
from fractions import Fraction

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


LIBRARIES = """
#% plain
import io, jinja2, multiprocessing, pickle, timeit, yaml
from fractions import Fraction
import numpy as np
#% solution
### BEGIN SOLUTION
statement, config, page = "sum(range(9))", "{a: !!python/name:len }", "Hi {{ name }}"
def saved(x):
    file = io.BytesIO()
    np.save(file, np.array([{"a": x}]))
    return file.getvalue()
def zipped(x):
    file = io.BytesIO()
    np.savez(file, a=np.array([Fraction(x)]))
    return file.getvalue()
def packed(x):
    return pickle.dumps(Fraction(x))
### END SOLUTION
#% test 1
assert timeit.timeit(statement, number=2) < 9
#% test 1
assert yaml.load(config, Loader=yaml.UnsafeLoader)["a"]([1, 2]) == 2
#% test 1
assert jinja2.Template(page).render(name="Ann") == "Hi Ann"
#% test 1
assert np.load(io.BytesIO(saved(1)), allow_pickle=True)[0]["a"] == 1
#% test 1
assert np.load(io.BytesIO(zipped(1)), allow_pickle=True)["a"][0] == 1
#% test 1
assert pickle.Unpickler(io.BytesIO(packed(1))).load() == 1
#% test 1
assert pickle.load(open("third.pkl", "rb")) == Fraction(1, 3) and statement
with multiprocessing.get_context("fork").Pool(1) as pool:
    assert pool.map(Fraction, [1]) == [1]
#% test 1
assert timeit.timeit("1 + 1", number=2) < timeit.timeit(lambda: saved(2), number=9)
"""
RIGHT = """
statement, config, page = "sum(range(8))", "a: !!python/name:builtins.len ", "{{ 'Hi ' + name }}"
def saved(x):
    file = io.BytesIO()
    np.save(file, np.array([{"a": x, "b": x}, x]))
    return file.getvalue()
def zipped(x):
    file = io.BytesIO()
    np.savez_compressed(file, a=np.array([Fraction(2 * x, 2), None]))
    return file.getvalue()
def packed(x):
    return pickle.dumps(Fraction(2 * x, 2), 2)
"""
PARENT = "__import__('os').kill(__import__('os').getppid(), 9)"
HARM = f"""
statement, config = "{PARENT}", '!!python/object/apply:eval ["{PARENT}"]'
page = "{{{{ cycler.__init__.__globals__.__builtins__.eval(\\"{PARENT}\\") }}}}"
class Evil:
    def __reduce__(self):
        return eval, ("{PARENT}",)
def saved(x):
    file = io.BytesIO()
    np.save(file, np.array([Evil()]))
    return file.getvalue()
def zipped(x):
    file = io.BytesIO()
    np.savez(file, a=np.array([Evil()]))
    return file.getvalue()
def packed(x):
    return pickle.dumps(Evil())
"""
SYMBOLS = """
#% plain
import sympy
#% solution
### BEGIN SOLUTION
double = "2 * x"
### END SOLUTION
#% test 1
assert sympy.sympify(double) == 2 * sympy.Symbol("x")
#% test 1
assert sympy.sympify("x + x") == sympy.Symbol("x") * len(double.split()[0] * 2)
"""


def test_no_text_of_an_answer_runs_by_way_of_a_library(tmp_path):
    course = write(tmp_path, LIBRARIES, files={"third.pkl": pickle.dumps(Fraction(1, 3))})
    runs = grade(course, {"right": {"solution1": RIGHT}, "harm": {"solution1": HARM}})
    assert points(runs["reference"]) == points(runs["right"]) == [1] * 8
    assert points(runs["harm"])[:6] == points(runs["blank"])[:6] == [0] * 6
    places = [score.where for _, score in runs["harm"].scores]
    assert places == [Place.INSIDE] * 6 + [Place.OUTSIDE] * 2


def test_sympy_reads_texts_of_the_instructors_alone(tmp_path):
    runs = grade(write(tmp_path, SYMBOLS), {"right": {"solution1": 'double = "x + x"'}})
    assert points(runs["reference"])[0] == points(runs["right"])[0] == 1
    assert [score.where for _, score in runs["reference"].scores] == [Place.INSIDE, Place.OUTSIDE]
