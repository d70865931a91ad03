"""Python as the executors take it: plain, as a notebook cell, in Python 2, broken."""

from __future__ import annotations

import ast
import time

import pytest

from rune.code.python.source import is_python, parse


def spelled(source: str) -> str:
    return "\n".join(ast.unparse(tree) for tree in parse(source).trees)


@pytest.mark.parametrize(
    ("source", "python"),
    [
        pytest.param("x = 1", "x = 1", id="plain"),
        pytest.param("  x = 1\n  y = 2", "x = 1\ny = 2", id="indented"),
        pytest.param("!ls -la\nx = 1", "get_ipython().system('ls -la')\nx = 1", id="shell line"),
        pytest.param("out = !ls", "out = get_ipython().system('ls')", id="shell line with a result"),
        pytest.param("!rm {name} now", "get_ipython().system('rm ' + str(name) + ' now')", id="shell line with an expression"),
        pytest.param("%pip install a", "get_ipython().system('pip install a')", id="pip"),
        pytest.param("%matplotlib inline\nx", "None\nx", id="setting"),
        pytest.param("%time f(1)", "f(1)", id="timed"),
        pytest.param("%run a.py", "runpy.run_path('a.py')", id="run"),
        pytest.param("%%bash\nls\ncd x", "get_ipython().system('ls\\ncd x')", id="shell cell"),
        pytest.param("%%time\nx = 1", "x = 1", id="timed cell"),
        pytest.param("%%writefile a.sh\nls", "open('a.sh', 'w').write('ls')", id="file cell"),
        pytest.param("%%javascript\nalert(1)", "get_ipython().run_cell_magic('javascript', '', 'alert(1)')", id="other cell"),
        pytest.param("x?\ny = 1", "y = 1", id="help"),
        pytest.param("print 'a', b", "print('a', b)", id="Python 2 print"),
        pytest.param("exec 'a'", "exec('a')", id="Python 2 exec"),
        pytest.param("try:\n  x\nexcept E, e:\n  print e", "try:\n    x\nexcept E as e:\n    print(e)", id="Python 2 except"),
        pytest.param("x = '%s' \\\n  % y\n!ls", "x = '%s' % y\nget_ipython().system('ls')", id="a continued line"),
    ],
)
def test_spellings(source: str, python: str) -> None:
    assert spelled(source) == python
    assert parse(source).problem == ""


def test_what_can_be_read_of_broken_code_is_read_at_its_lines() -> None:
    parsed = parse("import os\nx = = 1\n\nos.system('ls')\nif y\n  z\nw = 1\n")
    assert parsed.problem.startswith("line 2")
    assert [tree.body[0].lineno for tree in parsed.trees] == [1, 4, 7]


@pytest.mark.parametrize("source", ["", "x", "match x:\n  case 1: pass", "def f(a, /, *, b): ..."])
def test_python(source: str) -> None:
    assert is_python(source)


@pytest.mark.parametrize("source", ["x = = 1", "a\0b", "x = '\ud800'", "-" * 100_000 + "1", "(" * 300])
def test_no_python(source: str) -> None:
    assert not is_python(source)
    assert parse(source).problem


@pytest.mark.parametrize("unit", ["print x ", "x = = 1\n", " ", "\n", "except a , b :", "%%bash ", "!{a}", "    x\n  y\n", "raise a , b "])
def test_hostile_sources_take_little_time(unit: str) -> None:
    start = time.thread_time()
    parse("?" + unit * (100_000 // len(unit)))
    assert time.thread_time() - start < 2
