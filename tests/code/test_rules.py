"""The table of rules."""

from __future__ import annotations

import re

from rune.code import rules
from rune.code.rules import Rule
from rune.types import Category

TABLE = [value for value in vars(rules).values() if isinstance(value, Rule)]


def test_every_rule_has_its_own_number() -> None:
    numbers = [rule.id for rule in TABLE]
    assert len(numbers) == len(set(numbers)) > 50
    assert all(re.fullmatch(r"RUNE-CODE-\d{3}", number) for number in numbers)


def test_every_rule_says_what_to_do() -> None:
    assert all(rule.summary and rule.remediation.endswith(".") for rule in TABLE)


def test_references_are_public_names() -> None:
    named = re.compile(r"CWE-\d+|OWASP-(?:ASI|LLM)\d\d|ATLAS-AML\.T\d{4}(?:\.\d{3})?")
    assert all(named.fullmatch(reference) for rule in TABLE for reference in rule.references)


def test_only_our_own_failure_is_an_internal_error() -> None:
    assert [rule.id for rule in TABLE if rule.category is not Category.MALICIOUS_CODE] == ["RUNE-CODE-009"]
