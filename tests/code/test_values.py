"""Abstract values: alternatives, labels, parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rune.code.values import (
    CONSTANT_CHARS,
    CONSTANTS,
    HOLE,
    NETWORK,
    SECRET,
    UNKNOWN,
    Value,
    concatenate,
    constant,
    content_labels,
    element,
    join,
    parts,
    sequence,
    text,
    texts_within,
)


def test_alternatives_are_few_and_small() -> None:
    assert len(constant(range(100)).constants) == CONSTANTS
    assert constant(["x" * (CONSTANT_CHARS + 1), "y"]).constants == ("y",)


def test_joining_keeps_both_sides() -> None:
    joined = join(Value(("a",), SECRET, ("m",)), Value(("b",), NETWORK, ("n",)))
    assert joined == Value(("a", "b"), SECRET | NETWORK, ("m", "n"))


@pytest.mark.parametrize(("left", "right"), [(UNKNOWN, text("a")), (text("a"), UNKNOWN), (text("a"), text("a"))])
def test_joining_with_nothing_new(left: Value, right: Value) -> None:
    assert join(left, right) == text("a")


def test_concatenation_tries_every_alternative() -> None:
    assert concatenate([Value(("a", "b")), text("-"), Value((1, 2))]).texts == ("a-1", "a-2", "b-1", "b-2")


def test_an_unknown_part_leaves_a_hole() -> None:
    assert concatenate([text("https://x.io/"), UNKNOWN]).texts == (f"https://x.io/{HOLE}",)
    assert concatenate([UNKNOWN, UNKNOWN]) == UNKNOWN


def test_concatenation_is_bounded() -> None:
    many = Value(tuple("abcdefghij"))
    assert len(concatenate([many] * 50).constants) <= CONSTANTS
    assert concatenate([text("a" * 60_000)] * 3).constants == ()


def test_labels_are_found_deep_inside() -> None:
    value = sequence([Value(fields={"a": sequence([Value((), SECRET)])})])
    assert content_labels(value) == SECRET
    assert texts_within(sequence([text("a"), sequence([text("b")])])) == ["a", "b"]


def test_a_value_that_holds_itself_ends() -> None:
    fields: dict[str, Value] = {}
    fields["me"] = Value((), SECRET, (), None, fields)
    assert content_labels(Value(fields=fields)) == SECRET
    assert len(list(parts(Value(fields=fields), 10))) == 10


def test_an_element_is_any_of_the_elements() -> None:
    assert element(sequence([text("a"), text("b")])).texts == ("a", "b")
    assert element(Value((), 0, ("x",))).names == ("x[]",)


@given(st.lists(st.one_of(st.text(max_size=5), st.binary(max_size=5), st.integers(), st.none()), max_size=20))
def test_the_first_text_and_number(items: list[str | bytes | int | None]) -> None:
    value = Value(tuple(items))
    assert (value.text is None) is not any(isinstance(item, (str, bytes)) for item in items)
    assert len(value.texts) == sum(isinstance(item, (str, bytes)) for item in items)
    assert value.integer == next((item for item in items if isinstance(item, int)), None)
