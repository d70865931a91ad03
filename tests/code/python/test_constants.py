"""Operations on constants: computed for real, with bounded effort."""

from __future__ import annotations

import ast
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rune.code.python import constants
from rune.code.values import HOLE, UNKNOWN, Value, sequence, text


@pytest.mark.parametrize(
    ("operator", "left", "right", "result"),
    [
        (ast.Sub, 5, 3, 2), (ast.Mult, "ab", 2, "abab"), (ast.Mult, 2, b"a", b"aa"), (ast.BitXor, 5, 1, 4), (ast.Mod, 7, 4, 3),
        (ast.Pow, 2, 10, 1024), (ast.LShift, 1, 4, 16), (ast.FloorDiv, 7, 0, None), (ast.Mult, "a", 10**9, None),
        (ast.Pow, 10, 10**9, None), (ast.LShift, 1, 10**9, None), (ast.Sub, "a", 1, None), (ast.RShift, 1, -1, None),
    ],
)  # fmt: skip
def test_arithmetic(operator: type[ast.operator], left: object, right: object, result: object) -> None:
    assert constants.arithmetic(operator(), left, right) == result  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("template", "arguments", "result"),
    [
        ("%s-%d", [text("a"), Value((3,))], "a-3"),
        ("%c%c", [Value((104,)), Value((105,))], "hi"),
        ("100%%", [], "100%"),
        ("%s/x", [UNKNOWN], f"{HOLE}/x"),
    ],
)
def test_percent(template: str, arguments: list[Value], result: str) -> None:
    assert constants.percent(text(template), sequence(arguments)).text == result


def test_format() -> None:
    template = text("{0}{0}{name}{1}")
    assert constants.format_text(template, [text("a"), text("b")], {"name": text("c")}).text == "aacb"


@pytest.mark.parametrize("template", ["%1000000000d", "%*d", "%.99999f"])
def test_wide_formats_are_not_computed(template: str) -> None:
    assert constants.percent(text(template), Value((1,))).constants == ()


def test_paths() -> None:
    assert constants.path_join([text("/a"), text("b"), text("c")]).text == "/a/b/c"
    assert constants.path_join([text("a"), text("/etc")]).text == "/etc"
    assert constants.path_join([UNKNOWN, text("b")]).text == f"{HOLE}/b"
    assert constants.path_attribute(text("/a/b"), "parent").text == "/a"


def test_joined() -> None:
    assert constants.joined(text(","), sequence([text("a"), text("b")])).text == "a,b"
    assert constants.joined(Value((b"",)), sequence([Value((b"a",)), Value((b"b",))])).constants == (b"ab",)
    assert constants.joined(text(","), UNKNOWN) == UNKNOWN


def test_huge_repetitions() -> None:
    assert constants.huge(text("a"), Value((10**9,)))
    assert not constants.huge(text("a"), Value((10,)))


NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=True), st.text(max_size=5), st.binary(max_size=5), st.none(), st.booleans())
OPERATORS = st.sampled_from([ast.Add, ast.Sub, ast.Mult, ast.Pow, ast.LShift, ast.RShift, ast.Mod, ast.FloorDiv, ast.BitXor, ast.Div])


@given(OPERATORS, NUMBERS, NUMBERS)
def test_no_operation_raises_or_takes_long(operator: type[ast.operator], left: object, right: object) -> None:
    start = time.thread_time()
    constants.arithmetic(operator(), left, right)  # type: ignore[arg-type]
    constants.add(Value((left,)), Value((right,)))  # type: ignore[arg-type]
    assert time.thread_time() - start < 0.5
