"""The engine's own findings have ids, texts and references like those of rules."""

from __future__ import annotations

from rune.scan.own_rules import OWN_RULES
from rune.types import Severity, Span


def test_ids_are_unique() -> None:
    assert len({rule.id for rule in OWN_RULES}) == len(OWN_RULES)


def test_a_finding_carries_what_its_rule_states() -> None:
    finding = OWN_RULES[0].finding(Span(1, 2), chain=("html",), evidence="x", detail=", twice", severity=Severity.LOW)

    assert finding.summary == f"{OWN_RULES[0].title}, twice"
    assert (finding.rule, finding.severity, finding.chain) == (OWN_RULES[0].id, Severity.LOW, ("html",))
    assert finding.remediation
