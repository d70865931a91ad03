"""What a set of rules answers."""

from __future__ import annotations

import pytest

from rune.errors import RuleError
from rune.scan.rule import RuleSet
from rune.types import Direction, Kind, Message


def test_a_rule_is_found_by_its_id(rules: RuleSet) -> None:
    assert rules["RUNE-INJ-900"].title.startswith("Orders")
    with pytest.raises(KeyError, match="RUNE-INJ-999"):
        rules["RUNE-INJ-999"]


@pytest.mark.parametrize(
    ("message", "applies"),
    [
        pytest.param(Message("", kind=Kind.DOCUMENT), True, id="its kind"),
        pytest.param(Message("", direction=Direction.OUTBOUND), True, id="its direction"),
        pytest.param(Message("", kind=Kind.CHAT, direction=Direction.INBOUND), False, id="neither"),
    ],
)
def test_channels_are_kinds_or_directions(rules: RuleSet, message: Message, applies: bool) -> None:
    assert rules["RUNE-IMP-900"].applies(message) is applies


def test_a_rule_without_channels_applies_everywhere(rules: RuleSet) -> None:
    assert all(rules["RUNE-INJ-900"].applies(Message("", kind=kind, direction=direction)) for kind in Kind for direction in Direction)


def test_rules_stand_in_order_and_disabled_ones_are_not_in_force(rules: RuleSet) -> None:
    ids = [rule.id for rule in rules]

    assert ids == sorted(ids)
    assert {rule.id for rule in rules} - {rule.id for rule in rules.in_force} == {"RUNE-JB-901"}


def test_a_rule_is_switched_off(rules: RuleSet) -> None:
    off = rules.without(["RUNE-INJ-900"])

    assert not off["RUNE-INJ-900"].enabled
    assert len(off) == len(rules)
    assert {rule.id for rule in rules.in_force} - {rule.id for rule in off.in_force} == {"RUNE-INJ-900"}
    assert rules.without([]) is rules


@pytest.mark.parametrize(
    ("unknown", "hint"),
    [pytest.param("RUNE-INJ-990", "did you mean `RUNE-INJ-90", id="a slip"), pytest.param("x", "`rune rules list`", id="anything")],
)
def test_what_is_no_rule_cannot_be_switched_off(rules: RuleSet, unknown: str, hint: str) -> None:
    with pytest.raises(RuleError, match=f"no rule is called `{unknown}`; .*{hint}"):
        rules.without(["RUNE-INJ-900", unknown])


def test_a_rule_knows_where_it_says_what(rules: RuleSet) -> None:
    assert rules["RUNE-INJ-900"].at("title") == "ignore.yaml:2: `title`"
    assert rules["RUNE-INJ-900"].at("confidence") == "ignore.yaml: `confidence`"
