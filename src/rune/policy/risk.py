"""One number for how much a message's findings weigh together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rune.types import Category, Finding, Severity

WEIGHTS: Mapping[Severity, float] = {
    Severity.INFO: 0.02,
    Severity.LOW: 0.15,
    Severity.MEDIUM: 0.4,
    Severity.HIGH: 0.75,
    Severity.CRITICAL: 1.0,
}
"""Risk of one certain finding."""


def risk(findings: Iterable[Finding]) -> float:
    """Return the risk of a message, 0 (nothing found) to 1 (a certain, critical finding).

    A finding weighs the weight of its severity times its confidence. Of each category only the heaviest counts, because ten signatures that
    match one sentence are one observation. Categories are independent observations: `risk = 1 - (1 - w1)(1 - w2)...`. So a further finding
    never lowers it.
    """
    heaviest: dict[Category, float] = {}
    for finding in findings:
        weight = WEIGHTS[finding.severity] * _certainty(finding.confidence)
        heaviest[finding.category] = max(weight, heaviest.get(finding.category, 0.0))
    safe = 1.0
    for category in sorted(heaviest):
        safe *= 1.0 - heaviest[category]
    return 1.0 - safe


def _certainty(confidence: float) -> float:
    return min(max(confidence, 0.0), 1.0) if confidence == confidence else 1.0  # noqa: PLR0124 - a detector may hand us NaN
