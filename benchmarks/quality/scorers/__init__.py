"""What is measured: each scorer gives a text a number, and the harness finds the threshold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from benchmarks.quality.sources import Sample


class Scorer(Protocol):
    """A detector under measurement."""

    name: str
    about: str
    """One line for the page: what it is, version, licence."""
    version: str
    """Changes when its scores change; scores of one version are kept between runs. Empty: never kept."""
    learns: bool
    """Whether `fit` does anything; what learns is measured fold by fold."""
    probability: bool
    """Whether a score is meant as the probability of an attack, so that its calibration can be measured."""

    def fit(self, samples: Sequence[Sample]) -> None:
        """Forget everything and learn from these samples."""
        ...

    def scores(self, samples: Sequence[Sample]) -> list[float]:
        """Return a score a sample, higher for what looks more like an attack."""
        ...
