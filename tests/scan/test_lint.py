"""A rule that works may still be refused: for what it costs every scan, or for standing in none of the lists."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rune.scan.lint import complaints, widest
from rune.scan.rule import Rule, RuleSet
from rune.scan.signatures import load_rules

LISTED = ("OWASP-ASI01", "OWASP-LLM01", "ATLAS-AML.T0051")


@pytest.fixture
def rule(rules: RuleSet) -> Rule:
    return replace(rules["RUNE-INJ-900"], references=LISTED, pattern=r"\bignore\s{1,4}all", literal=("ignore",))


def test_a_rule_as_it_should_be(rule: Rule) -> None:
    assert list(complaints(rule)) == []


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        pytest.param({"references": LISTED[1:]}, "ignore.yaml:9: `references` names no OWASP-ASI entry; add one", id="no ASI"),
        pytest.param({"references": LISTED[::2]}, "names no OWASP-LLM entry", id="no LLM"),
        pytest.param({"references": LISTED[:2]}, "names no ATLAS entry; add one, such as ATLAS-AML.T0051", id="no ATLAS"),
        pytest.param({"pattern": "all", "literal": ("all",)}, "ignore.yaml:8: `literal` is `all`; it is part of `all`", id="common word"),
        pytest.param({"pattern": "th", "literal": ("th",)}, "`literal` is `th`; it is too short", id="short"),
        pytest.param({"pattern": "잊", "literal": ("잊",)}, "`literal` is `잊`; it is too short", id="one sign"),
        pytest.param({"pattern": "ignore|drop"}, "`literal` is missing from `drop`, which the pattern matches", id="not required"),
        pytest.param({"pattern": "ignore.*all"}, "ignore.yaml:7: `pattern` has a part of any length", id="open gap"),
        pytest.param({"pattern": "ignore.{0,200}all"}, "has a gap of `200` bytes; keep gaps under 180", id="wide gap"),
        pytest.param({"pattern": r"ignore(?:\s{1,4}[a-z]{1,90}){0,20}"}, "matches up to `1886` bytes; keep it under 1200", id="wide"),
    ],
)
def test_what_is_refused(rule: Rule, fields: dict[str, object], complaint: str) -> None:
    (found,) = complaints(replace(rule, **fields))  # type: ignore[arg-type]
    assert complaint in found


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"pattern": "忽略.{0,60}指令", "literal": ("忽略",)}, id="a gap of 60 characters in another script"),
        pytest.param({"pattern": "ignore[A-Za-z0-9]{20,2000}", "mask": True}, id="a long key"),
        pytest.param({"pattern": r"nc\s-e", "literal": ("nc ",)}, id="a short word with its end"),
    ],
)
def test_what_is_accepted(rule: Rule, fields: dict[str, object]) -> None:
    assert list(complaints(replace(rule, **fields))) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in load_rules()])
def test_no_shipped_rule_is_refused(rule: Rule) -> None:
    assert list(complaints(rule)) == []


def test_the_widest_match_of_a_set(rules: RuleSet, rule: Rule) -> None:
    assert widest(RuleSet((rule, replace(rule, pattern="ignore.{0,9}", id="RUNE-INJ-902")))) == 15
    assert widest(RuleSet((replace(rule, pattern="ignore.*"),))) == 0
