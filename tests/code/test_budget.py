"""Counting work."""

from __future__ import annotations

import pytest

from rune.code.budget import Budget, Exhausted
from rune.limits import CodeLimits


def test_nodes_end() -> None:
    budget = Budget(CodeLimits(nodes=10))
    budget.spend(10)
    with pytest.raises(Exhausted, match="nodes"):
        budget.spend()


def test_time_ends() -> None:
    budget = Budget(CodeLimits(seconds=-1))
    with pytest.raises(Exhausted, match="time"):
        budget.spend()
