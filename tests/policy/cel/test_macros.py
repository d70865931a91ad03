"""What goes through several operands or items."""

from __future__ import annotations

from typing import Any

import pytest

from rune.policy.cel.macros import MACROS, STEPS, any_or_all, mapped
from rune.policy.facts import ConditionError

T, F = (lambda _: True), (lambda _: False)


def fails(_: list[Any]) -> bool:
    raise ConditionError("no answer")


@pytest.mark.parametrize(
    ("wanted", "operands", "result"),
    [
        pytest.param(True, [F, T], True, id="or: one is true"),
        pytest.param(True, [F, F], False, id="or: none is true"),
        pytest.param(True, [fails, T], True, id="or: true beside an error"),
        pytest.param(False, [T, T], True, id="and: all are true"),
        pytest.param(False, [T, F], False, id="and: one is false"),
        pytest.param(False, [fails, F], False, id="and: false beside an error"),
    ],
)
def test_one_operand_can_decide(wanted: bool, operands: list[Any], result: bool) -> None:
    assert any_or_all(wanted, operands)([STEPS]) is result


@pytest.mark.parametrize(("wanted", "operands"), [(True, [fails, F]), (False, [T, fails])])
def test_without_a_deciding_operand_an_error_stays(wanted: bool, operands: list[Any]) -> None:
    with pytest.raises(ConditionError, match="no answer"):
        any_or_all(wanted, operands)([STEPS])


def applied(macro: str, items: list[int], *, steps: int = STEPS) -> Any:
    return MACROS[macro](lambda _: items, 2, lambda frame: frame[2] > 1)([steps, "message"])


@pytest.mark.parametrize(
    ("macro", "items", "result"),
    [
        ("all", [2, 3], True),
        ("all", [1, 2], False),
        ("all", [], True),
        ("exists", [1, 2], True),
        ("exists", [1], False),
        ("exists", [], False),
        ("exists_one", [1, 2], True),
        ("exists_one", [2, 3], False),
        ("filter", [1, 2, 3], [2, 3]),
    ],
)
def test_macros(macro: str, items: list[int], result: object) -> None:
    assert applied(macro, items) == result


def test_map_computes_every_item() -> None:
    assert mapped(lambda _: [1, 2], 1, lambda frame: frame[1] * 2)([STEPS]) == [2, 4]


@pytest.mark.parametrize("macro", MACROS)
def test_the_work_of_one_evaluation_is_bounded(macro: str) -> None:
    items = [2 if macro == "all" else 0] * 11
    assert applied(macro, items, steps=11) in (True, False, [])
    with pytest.raises(ConditionError, match="rounds of macros"):
        applied(macro, items, steps=10)
