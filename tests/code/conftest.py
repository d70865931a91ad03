"""Shorthand for what a report amounts to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rune.code import CodeReport, analyze
from rune.code.analysis import new_session
from rune.code.session import Session
from rune.limits import CodeLimits
from rune.types import Severity

Effect = Callable[..., str]
Rules = Callable[..., set[str]]


def effect_of(report: CodeReport) -> str:
    """Return what a policy would do: critical and high block, medium is reviewed."""
    worst = report.worst
    if worst is None or worst.rank < Severity.MEDIUM.rank:
        return "allow"
    return "block" if worst.rank > Severity.MEDIUM.rank else "review"


@pytest.fixture
def effect() -> Effect:
    """What would be done about a source."""

    def of(source: str, language: str = "python", **options: Any) -> str:
        return effect_of(analyze(source, language, **options))

    return of


@pytest.fixture
def rules() -> Rules:
    """Numbers of the rules found in a source."""

    def of(source: str, language: str = "python", **options: Any) -> set[str]:
        return {finding.rule.removeprefix("RUNE-CODE-") for finding in analyze(source, language, **options).findings}

    return of


@pytest.fixture
def session() -> Session:
    """An analysis in which nothing was read yet."""
    return new_session(CodeLimits(), ".")


@pytest.fixture
def found(session: Session) -> Callable[[], set[str]]:
    """Numbers of the rules reported to `session`."""
    return lambda: {finding.rule.removeprefix("RUNE-CODE-") for finding in session.findings}
