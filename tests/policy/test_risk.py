"""One number for how much a message's findings weigh together."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rune.policy.risk import risk, shares
from rune.types import Category, Finding, Severity


def found(severity: str, confidence: float = 1.0, category: Category = Category.PII) -> Finding:
    return Finding("RUNE-X-001", category, Severity(severity), "", confidence)


FINDINGS = st.builds(
    Finding, st.just("RUNE-X-001"), st.sampled_from(Category), st.sampled_from(Severity), st.just(""), st.floats(0, 1)
)  # fmt: skip


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        pytest.param([], 0.0, id="nothing"),
        pytest.param([found("critical")], 1.0, id="certain and critical"),
        pytest.param([found("high")], 0.75, id="high"),
        pytest.param([found("high", 0.5)], 0.375, id="half sure"),
        pytest.param([found("low")] * 10, 0.15, id="ten of one category are one"),
        pytest.param([found("medium"), found("medium", category=Category.SECRET)], 0.64, id="two categories"),
        pytest.param([found("critical", 0.0)], 0.0, id="not sure at all"),
        pytest.param([found("critical", 7.0)], 1.0, id="surer than sure"),
        pytest.param([found("critical", -1.0)], 0.0, id="less than nothing"),
        pytest.param([found("high", math.nan)], 0.75, id="a confidence that is no number counts as sure"),
    ],
)
def test_risk(findings: list[Finding], expected: float) -> None:
    assert risk(findings) == pytest.approx(expected)


@given(st.lists(FINDINGS, max_size=8), FINDINGS)
def test_a_further_finding_never_lowers_it(findings: list[Finding], more: Finding) -> None:
    assert 0.0 <= risk(findings) <= risk([*findings, more]) <= 1.0


@given(st.lists(FINDINGS, max_size=8).flatmap(lambda findings: st.tuples(st.just(findings), st.permutations(findings))))
def test_the_order_of_findings_does_not_matter(orders: tuple[list[Finding], list[Finding]]) -> None:
    assert risk(orders[0]) == risk(orders[1])


def test_each_category_is_represented_by_the_finding_that_weighs_most() -> None:
    light = Finding("A-1", Category.JAILBREAK, Severity.LOW, "")
    heavy = Finding("A-2", Category.JAILBREAK, Severity.HIGH, "", confidence=0.8)
    other = Finding("B-1", Category.PII, Severity.MEDIUM, "")

    found = shares([light, heavy, other])

    assert {category: (share.finding.rule, round(share.weight, 2)) for category, share in found.items()} == {
        Category.JAILBREAK: ("A-2", 0.6),
        Category.PII: ("B-1", 0.4),
    }
    assert risk([light, heavy, other]) == pytest.approx(1 - 0.4 * 0.6)
