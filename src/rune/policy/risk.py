"""One number for how much a message's findings weigh together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rune.types import Category, Finding, Severity

WEIGHTS: Mapping[Severity, float] = {
    Severity.INFO: 0.02,
    Severity.LOW: 0.15,
    Severity.MEDIUM: 0.4,
    Severity.HIGH: 0.75,
    Severity.CRITICAL: 1.0,
}
"""Risk of one certain finding."""


class Share(NamedTuple):
    """What one category adds to the risk of a message."""

    weight: float
    """Weight of the severity times the confidence."""
    finding: Finding


def risk(findings: Iterable[Finding]) -> float:
    """Return the risk of a message, 0 (nothing found) to 1 (a certain, critical finding).

    A finding weighs the weight of its severity times its confidence. Of each category only the heaviest counts, because ten signatures that
    match one sentence are one observation. Categories are independent observations: `risk = 1 - (1 - w1)(1 - w2)...`. So a further finding
    never lowers it.
    """
    safe = 1.0
    for _, share in sorted(shares(findings).items()):
        safe *= 1.0 - share.weight
    return 1.0 - safe


def shares(findings: Iterable[Finding]) -> Mapping[Category, Share]:
    """Return what each category adds to the risk: the finding of it that weighs most, the first of equals, and its weight."""
    heaviest: dict[Category, Share] = {}
    for finding in findings:
        weight = WEIGHTS[finding.severity] * _certainty(finding.confidence)
        if finding.category not in heaviest or weight > heaviest[finding.category].weight:
            heaviest[finding.category] = Share(weight, finding)
    return heaviest


def _certainty(confidence: float) -> float:
    return min(max(confidence, 0.0), 1.0) if confidence == confidence else 1.0  # noqa: PLR0124 - a detector may hand us NaN
