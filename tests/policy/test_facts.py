"""How a condition says that it has no answer."""

from __future__ import annotations

from rune.policy.facts import ConditionError


def test_a_place_is_counted_from_one() -> None:
    assert str(ConditionError("no field", 0)) == "no field (character 1 of the condition)"
    assert str(ConditionError("no key")) == "no key"
