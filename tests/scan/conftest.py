"""A small set of rules, one for each thing a rule can be, and an engine over them for each backend."""

from __future__ import annotations

from pathlib import Path

import pytest

from rune.scan.engine import Engine
from rune.scan.rule import RuleSet
from rune.scan.signatures import load_rules

RULES = Path(__file__).parent / "rules"


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    return load_rules(RULES)


@pytest.fixture(scope="session", params=["hyperscan", "re2"])
def engine(request: pytest.FixtureRequest, rules: RuleSet) -> Engine:
    return Engine(rules=rules, backend=request.param, cache=None, learned=False)
