"""What is measured: each scorer gives a text a number, and the harness finds the threshold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from benchmarks.quality.sources import Sample


class Scorer(Protocol):
    """A detector under measurement."""

    @property
    def name(self) -> str:
        """What the tables call it."""
        ...

    @property
    def about(self) -> str:
        """One line for the page: what it is, version, licence."""
        ...

    @property
    def version(self) -> str:
        """Changes when its scores change; scores of one version are kept between runs. Empty: never kept."""
        ...

    @property
    def learns(self) -> bool:
        """Whether `fit` does anything; what learns is measured fold by fold."""
        ...

    @property
    def probability(self) -> bool:
        """Whether a score is meant as the probability of an attack, so that its calibration can be measured."""
        ...

    @property
    def own(self) -> bool:
        """Whether it is a part of Rune, so that what it says together with the rest of Rune is measured too."""
        ...

    def fit(self, samples: Sequence[Sample]) -> None:
        """Forget everything and learn from these samples."""
        ...

    def scores(self, samples: Sequence[Sample]) -> list[float]:
        """Return a score a sample, higher for what looks more like an attack."""
        ...

    def alarms(self, samples: Sequence[Sample], scores: Sequence[float]) -> list[bool]:
        """Return for which samples it raises an alarm as it comes, without a threshold of ours.

        Args:
            samples: what was scored.
            scores: the scores it gave them.
        """
        ...
