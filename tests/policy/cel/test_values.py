"""What the operators of conditions do to values."""

from __future__ import annotations

import math
from typing import Any

import pytest

from rune.policy.cel import values
from rune.policy.cel.syntax import LARGEST_INT
from rune.policy.facts import ConditionError

NAN = math.nan


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (1, 1, True),
        (1, 1.0, True),
        (1, 2, False),
        (True, 1, False),
        (0, False, False),
        (True, True, True),
        (None, None, True),
        (None, 0, False),
        (None, False, False),
        ("a", "a", True),
        ("1", 1, False),
        ([1, [2]], [1.0, (2,)], True),
        ([1], [1, 2], False),
        ([True], [1], False),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 1}, {"b": 1}, False),
        ({}, [], False),
        (NAN, NAN, False),
        (object(), object(), False),
    ],
)
def test_equality(left: Any, right: Any, equal: bool) -> None:
    assert values.equal(left, right) is equal


def test_equality_stops_at_a_depth() -> None:
    deep: Any = []
    for _ in range(values.COMPARED_DEPTH + 1):
        deep = [deep]
    with pytest.raises(ConditionError, match="nested deeper"):
        values.equal(deep, deep)


@pytest.mark.parametrize(
    ("left", "relation", "right", "holds"),
    [(1, "<", 2, True), (1, "<", 1.5, True), (2, ">=", 2, True), ("a", "<", "b", True), ("Z", "<", "a", True), (False, "<", True, True)],
)
def test_order(left: Any, relation: str, right: Any, holds: bool) -> None:
    assert values.ordered(relation, left, right) is holds


@pytest.mark.parametrize(("left", "right"), [(1, "1"), (True, 1), (None, None), ([1], [2]), ({}, {})])
def test_no_order(left: Any, right: Any) -> None:
    with pytest.raises(ConditionError, match="cannot compare"):
        values.ordered("<", left, right)


@pytest.mark.parametrize(
    ("item", "collection", "held"),
    [(1, [1.0], True), ("a", ("a",), True), (True, [1], False), ("k", {"k": None}, True), (1, {"1": 2}, False), ("x", [], False)],
)
def test_containment(item: Any, collection: Any, held: bool) -> None:
    assert values.contained(item, collection) is held


def test_a_string_contains_no_items() -> None:
    with pytest.raises(ConditionError, match="`in` needs a list or a map, not a string"):
        values.contained("a", "abc")


@pytest.mark.parametrize(
    ("left", "sign", "right", "result"),
    [
        (2, "+", 3, 5),
        (2, "-", 3, -1),
        (2, "*", 3, 6),
        (7, "/", 2, 3),
        (-7, "/", 2, -3),
        (7, "/", -2, -3),
        (-7, "/", -2, 3),
        (7, "%", 2, 1),
        (-7, "%", 2, -1),
        (7, "%", -2, 1),
        (1.5, "+", 1.5, 3.0),
        (1.0, "/", 4.0, 0.25),
        (1.0, "/", 0.0, math.inf),
        (-1.0, "/", 0.0, -math.inf),
        (1.0, "/", -0.0, -math.inf),
        ("a", "+", "b", "ab"),
    ],
)
def test_arithmetic(left: Any, sign: str, right: Any, result: Any) -> None:
    assert values.arithmetic(sign, left, right) == result
    assert type(values.arithmetic(sign, left, right)) is type(result)


def test_nothing_by_nothing_is_not_a_number() -> None:
    assert math.isnan(values.arithmetic("/", 0.0, 0.0))


@pytest.mark.parametrize(
    ("left", "sign", "right", "problem"),
    [
        (1, "/", 0, "division by zero"),
        (1, "%", 0, "division by zero"),
        (LARGEST_INT, "+", 1, "more than 64 bits"),
        (-LARGEST_INT - 1, "-", 1, "more than 64 bits"),
        (-LARGEST_INT - 1, "/", -1, "more than 64 bits"),
        (1.5, "%", 1.0, "whole numbers"),
        (1, "+", 1.0, "cannot join an int and a double"),
        (True, "+", True, "cannot join a truth value"),
        ("a", "-", "a", "cannot join"),
        ("a", "+", 1, "cannot join"),
        ("x" * values.JOINED_CHARS, "+", "x", "longer than"),
    ],
)
def test_arithmetic_without_an_answer(left: Any, sign: str, right: Any, problem: str) -> None:
    with pytest.raises(ConditionError, match=problem):
        values.arithmetic(sign, left, right)


@pytest.mark.parametrize(("value", "size"), [("é😀", 2), ([1, 2], 2), ({"a": 1}, 1), ("", 0), ((), 0)])
def test_size_counts_characters_items_and_keys(value: Any, size: int) -> None:
    assert values.size(value) == size


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda: values.size(1), "`size` needs"),
        (lambda: values.negated("a"), "`-` needs a number"),
        (lambda: values.negated(True), "`-` needs a number"),
        (lambda: values.item({"a": 1}, "secret"), "no key of that name"),
        (lambda: values.item({"a": 1}, "b", "b"), "no key `b`"),
        (lambda: values.item([1], 1), "no item 1 in a list of 1"),
        (lambda: values.item([1], -1), "no item -1"),
        (lambda: values.item([1], True), "has no items by"),
        (lambda: values.item("abc", 0), "a string has no items"),
        (lambda: values.item({1: 2}, 1), "has no items by"),
        (lambda: values.text(1), "needs a string, not an int"),
        (lambda: values.truth(1), "needs true or false, not an int"),
        (lambda: values.iterated(None), "needs a list or a map, not null"),
    ],
)
def test_what_has_no_answer(call: Any, problem: str) -> None:
    with pytest.raises(ConditionError, match=problem):
        call()


def test_values_come_through() -> None:
    assert values.negated(-2) == 2
    assert values.item({"a": 1}, "a") == values.item([1], 0) == 1
    assert values.text("a") == "a"
    assert values.truth(False) is False
    assert list(values.iterated((1, 2))) == [1, 2]
    assert list(values.iterated({"k": 1})) == ["k"]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("b.d", "abcde", True),
        ("^b", "abc", False),
        ("(?i)SECRET", "a secret", True),
        (r"\d{3}", "ab12", False),
        ("x", "\ud800x", True),
        ("y", "\ud800x", False),
        ("^$", "", True),
    ],
)
def test_patterns_search_anywhere(pattern: str, text: str, found: bool) -> None:
    assert values.pattern(pattern)(text) is found


@pytest.mark.parametrize("pattern", ["(", "(?=x)", r"(a)\1", "a{5000}", "\ud800"])
def test_patterns_that_re2_does_not_read(pattern: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ConditionError, match="is no RE2 regular expression"):
        values.pattern(pattern)
    assert capfd.readouterr() == ("", "")


def test_a_pattern_that_explodes_elsewhere_is_linear_here() -> None:
    assert values.pattern("(a+)+$")("a" * 100_000 + "b") is False
