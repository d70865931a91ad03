"""Rune as a user gets it: engine and policy `balanced`; what its shipped learned detector says stays out of the score.

That detector was trained on these very sources, so it is measured fold by fold, on its own (`scorers/classifier.py`).

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

LEARNED_RULES = "RUNE-ML-"
"""How the rule ids begin under which the engine reports what the learned detector saw."""


class Shipped:
    """Engine and policy; the score is the risk of what signatures and other detectors found, leaks and code left aside."""

    name = "Rune"
    about = "engine and policy `balanced`, without the learned detector"
    version = ""
    learns = False
    probability = True
    own = True

    def __init__(self) -> None:
        self._pipeline = Shield(transcript=False).pipeline

    def fit(self, samples: Sequence[Sample]) -> None:
        """Learn nothing."""

    def scores(self, samples: Sequence[Sample]) -> list[float]:
        """Return the risk of each message."""
        return [self._risk(self.verdict(each)) for each in samples]

    def alarms(self, samples: Sequence[Sample], scores: Sequence[float]) -> list[bool]:  # noqa: ARG002 - as the protocol has it
        """Return what the policy withholds, everything in force: blocked, or put to a human."""
        return [self.verdict(each).blocked for each in samples]

    def verdict(self, sample: Sample) -> Verdict:
        """Return what the default policy decides about a sample."""
        return self._pipeline.process(sample.message, delivered=False)

    def _risk(self, verdict: Verdict) -> float:
        counted = (each for each in verdict.findings if each.category not in _APART and not each.rule.startswith(LEARNED_RULES))
        return risk(counted)
