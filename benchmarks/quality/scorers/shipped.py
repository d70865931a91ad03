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

_APART = frozenset({Category.SECRET, Category.PII, Category.MALICIOUS_CODE})
"""What leaks and what code does are no signs of an injection; documents are full of both, and they are measured on their own."""


class Shipped:
    """Engine and policy; the score is the risk of what was found, leaks and code left aside."""

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

    def alarms(self, samples: Sequence[Sample], scores: Sequence[float]) -> list[bool]:  # noqa: ARG002 - as the protocol has it
        """Return what the policy withholds: blocks, or puts to a human."""
        return [self.verdict(each).blocked for each in samples]

    def verdict(self, sample: Sample) -> Verdict:
        """Return what the default policy decides about a sample."""
        return self._pipeline.process(sample.message, delivered=False)

    def _risk(self, verdict: Verdict) -> float:
        return risk(finding for finding in verdict.findings if finding.category not in _APART)
