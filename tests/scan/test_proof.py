"""The canary tells a working engine from one that finds nothing. (Refused rules: `test_engine.py`.)"""

from __future__ import annotations

from rune.scan.engine import Engine
from rune.scan.proof import canary
from rune.scan.rule import RuleSet


def test_a_working_engine_finds_its_canaries(engine: Engine, rules: RuleSet) -> None:
    assert canary(rules.in_force, engine.scan)


def test_an_engine_that_finds_nothing_does_not(rules: RuleSet) -> None:
    assert not canary(rules.in_force, lambda _: ())


def test_no_rules_need_no_canary() -> None:
    assert canary((), lambda _: ())
