"""Statements: order, branches, loops, scopes, functions, classes."""

from __future__ import annotations

import pytest

from rune.code import analyze

from ...code.conftest import Rules

DELETE = "os.system('rm -rf /')"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(f"if x:\n    {DELETE}", id="if"),
        pytest.param(f"if x:\n    pass\nelif y:\n    {DELETE}", id="elif"),
        pytest.param(f"while x:\n    {DELETE}", id="while"),
        pytest.param(f"for x in y:\n    pass\nelse:\n    {DELETE}", id="for else"),
        pytest.param(f"try:\n    x\nfinally:\n    {DELETE}", id="finally"),
        pytest.param(f"try:\n    x\nexcept E as e:\n    {DELETE}", id="except"),
        pytest.param(f"with x as y:\n    {DELETE}", id="with"),
        pytest.param(f"match x:\n    case 1:\n        pass\n    case _:\n        {DELETE}", id="match"),
        pytest.param(f"def f():\n    {DELETE}", id="function never called"),
        pytest.param(f"async def f():\n    {DELETE}", id="coroutine never awaited"),
        pytest.param(f"class A:\n    {DELETE}", id="class body"),
        pytest.param(f"class A:\n    def f(self):\n        {DELETE}", id="method never called"),
        pytest.param(f"f = lambda: {DELETE}", id="lambda never called"),
        pytest.param(f"def f():\n    def g():\n        {DELETE}\n    return g", id="inner function"),
        pytest.param(f"assert {DELETE}", id="assert"),
        pytest.param(f"raise E({DELETE})", id="raise"),
        pytest.param(f"x[{DELETE}] = 1", id="index"),
        pytest.param(f"del x[{DELETE}]", id="del"),
        pytest.param(f"def f(a={DELETE}):\n    pass\nf()", id="default"),
        pytest.param(f"x: int = {DELETE}", id="annotated"),
        pytest.param(f"x += {DELETE}", id="augmented"),
        pytest.param("print(f\"{os.system('rm -rf /')}\")", id="f-string"),
        pytest.param(f"[x for x in y if {DELETE}]", id="condition of a comprehension"),
        pytest.param(f"{{1: {DELETE}}}", id="dictionary"),
        pytest.param(f"def f():\n    yield {DELETE}", id="yield"),
        pytest.param(f"not {DELETE}", id="not"),
        pytest.param(f"x if {DELETE} else y", id="condition"),
        pytest.param(f"a < {DELETE} < b", id="comparison"),
        pytest.param(f"x[{DELETE}:]", id="slice"),
        pytest.param(f"x = *{DELETE},", id="star"),
    ],
)
def test_every_statement_is_read(source: str, rules: Rules) -> None:
    assert "047" in rules(f"import os\n{source}")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("def f(a, b):\n    os.system(b)\nf(1, 'rm -rf /')", id="position"),
        pytest.param("def f(a, *, b):\n    os.system(b)\nf(1, b='rm -rf /')", id="keyword"),
        pytest.param("def f(*a):\n    os.system(a[1])\nf(1, 'rm -rf /')", id="rest"),
        pytest.param("def f(**a):\n    os.system(a['b'])\nf(b='rm -rf /')", id="rest of the keywords"),
        pytest.param("def f(a):\n    os.system(a)\nf(*['rm -rf /'])", id="spread"),
        pytest.param("def f(a):\n    os.system(a)\nf(**{'a': 'rm -rf /'})", id="spread keywords"),
        pytest.param("def f():\n    return 'rm -rf /'\nos.system(f())", id="result"),
        pytest.param("def f():\n    global c\n    c = 'rm -rf /'\nf()\nos.system(c)", id="global"),
        pytest.param(
            "def f():\n    c = 'ls'\n    def g():\n        nonlocal c\n        c = 'rm -rf /'\n    g()\n    os.system(c)\nf()",
            id="nonlocal",
        ),
        pytest.param("def f(n):\n    return g(n)\ndef g(n):\n    return n\nos.system(f('rm -rf /'))", id="through two"),
        pytest.param("a, (b, c) = 1, (2, 'rm -rf /')\nos.system(c)", id="unpacked"),
        pytest.param("a = b = 'rm -rf /'\nos.system(b)", id="two targets"),
        pytest.param("a = {}\na['x'] = 'rm -rf /'\nos.system(a['x'])", id="entry"),
        pytest.param("class A: pass\na = A()\na.x = 'rm -rf /'\nos.system(a.x)", id="attribute"),
        pytest.param("class A:\n    c = 'rm -rf /'\nos.system(A.c)", id="class attribute"),
        pytest.param("class A:\n    @staticmethod\n    def f(c):\n        os.system(c)\nA.f('rm -rf /')", id="static method"),
        pytest.param("class A:\n    @property\n    def c(self):\n        return os.system('rm -rf /')\nA().c", id="property"),
        pytest.param("class A:\n    def __call__(self, c):\n        os.system(c)\nA()('rm -rf /')", id="callable object"),
        pytest.param("class A:\n    def __enter__(self):\n        os.system('rm -rf /')\nwith A(): pass", id="context"),
        pytest.param(
            "class B:\n  def f(self, c):\n    os.system(c)\nclass A(B):\n  def f(self, c):\n    super().f(c)\nA().f('rm -rf /')",
            id="super",
        ),
        pytest.param("import dataclasses\n@dataclasses.dataclass\nclass A:\n    c: str = 'rm -rf /'\nos.system(A().c)", id="dataclass"),
        pytest.param("x = 'ls'\nfor i in range(3):\n    os.system(x)\n    x = 'rm -rf /'", id="next round"),
        pytest.param("s = 'rm -rf /'\nt = s\ns = 'ls'\nos.system(t)", id="kept before it changed"),
        pytest.param("cmd = ['rm'] + ['-rf'] + ['/']\nimport subprocess\nsubprocess.run(cmd)", id="lists added"),
        pytest.param("import asyncio\nasync def f():\n    os.system('rm -rf /')\nasyncio.run(f())", id="coroutine"),
    ],
)
def test_values_are_followed(source: str, rules: Rules) -> None:
    assert "047" in rules(f"import os\n{source}")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("def f():\n    f()\nf()", id="function"),
        pytest.param("def f():\n    g()\ndef g():\n    f()\nf()", id="pair"),
        pytest.param("f = lambda: f()\nf()", id="lambda"),
        pytest.param("class A:\n    def __init__(self):\n        A()\nA()", id="constructor"),
        pytest.param("class A(A): pass\nA().x", id="own base"),
        pytest.param("x = []\nx.append(x)\nprint(x)", id="list in itself"),
        pytest.param("class A: pass\na = A()\na.a = a\nprint(a.a.a.a, [a])", id="object in itself"),
        pytest.param("d = {}\nd['d'] = d\nprint(d, dict(d), {**d})", id="dictionary in itself"),
    ],
)
def test_recursion_ends(source: str) -> None:
    assert analyze(source, "python").findings == ()


def test_calls_that_multiply_end_with_a_finding() -> None:
    lines = ["def f0(x): return x"] + [f"def f{i}(x):\n    f{i - 1}(x + 'a')\n    f{i - 1}(x + 'b')" for i in range(1, 16)]
    report = analyze("\n".join([*lines, "f15('')"]), "python")
    assert {finding.rule for finding in report.findings} <= {"RUNE-CODE-003"}
