"""Every way to be without an answer has a finding of its own, and the page lists it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rune.judge.rules import ENDPOINT_AT_FAULT, RULES
from rune.policy.judge import is_no_answer
from rune.scan.own_rules import OwnRule
from rune.types import Category, Severity

PAGE = (Path(__file__).parents[2] / "docs" / "judge.md").read_text(encoding="utf-8")
BY_ID = {rule.id: rule for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_is_documented(rule: OwnRule) -> None:
    assert f"`{rule.id}`" in PAGE


def test_no_two_rules_share_an_id() -> None:
    assert len(BY_ID) == len(RULES)


@pytest.mark.parametrize("rule", [rule for rule in RULES if is_no_answer(rule.finding())], ids=lambda rule: rule.id)
def test_no_answer_degrades_and_says_what_to_do(rule: OwnRule) -> None:
    assert (rule.category, rule.severity) == (Category.INTERNAL_ERROR, Severity.INFO)
    assert "local stages decided stands" in rule.remediation


def test_only_the_endpoint_can_make_the_judge_pause() -> None:
    assert sorted(ENDPOINT_AT_FAULT) == [f"RUNE-JUDGE-{number}" for number in range(101, 107)]
