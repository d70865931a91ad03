"""Rune as a user gets it: engine and policy `balanced`, without anything learned from the fold.

Its rules were written with the development data at hand, all of it but `spikee` and `cyberseceval`: on the other sources these figures are
an upper bound for text that nobody has seen.
"""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.quality.sources import Sample
from rune import Shield
from rune.policy.risk import risk
from rune.types import Category, Verdict

_CONFIDENTIAL = frozenset({Category.SECRET, Category.PII})
"""What leaks is no sign of an injection; it has its own measurement."""


class Shipped:
    """Engine and policy; the score is the risk of what was found, confidential data left aside."""

    name = "shipped"
    about = "Rune as installed: engine and policy `balanced`"
    version = ""
    learns = False
    probability = True

    def __init__(self) -> None:
        self._pipeline = Shield(transcript=False).pipeline

    def fit(self, samples: Sequence[Sample]) -> None:
        """Learn nothing."""

    def scores(self, samples: Sequence[Sample]) -> list[float]:
        """Return the risk of each message."""
        return [self._risk(self.verdict(each)) for each in samples]

    def verdict(self, sample: Sample) -> Verdict:
        """Return what the default policy decides about a sample."""
        return self._pipeline.process(sample.message, delivered=False)

    def _risk(self, verdict: Verdict) -> float:
        return risk(finding for finding in verdict.findings if finding.category not in _CONFIDENTIAL)
