"""The learned detector of this package, trained anew in every fold by what trains the shipped one.

It takes part as soon as `training.folds` can be imported. That module has to offer

    VERSION: str                                                          # changes when scores change; empty: never kept
    def train(samples: Sequence[Sample]) -> Callable[[Sequence[Sample]], list[float]]

where `train` learns from the samples it is given (and from generated text that is near none of the rows left out), and the function it
returns gives each sample the probability of an attack, 0 to 1.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.quality.sources import Sample

_MODULE = "training.folds"
_NEEDS = ("numpy", "scipy", "sklearn")
"""What training needs (requirements/training.in); the column is left out where it is not installed."""


def available() -> bool:
    """Return whether the training code can be used here."""
    return all(importlib.util.find_spec(name) is not None for name in ("training", _MODULE, *_NEEDS))


class Classifier:
    """The learned detector alone."""

    name = "classifier"
    about = "the learned detector alone, trained in each fold"
    learns = True
    probability = True
    own = True

    def __init__(self) -> None:
        self._training: Any = importlib.import_module(_MODULE)
        self.version: str = self._training.VERSION
        self._scores: Callable[[Sequence[Sample]], list[float]] = lambda samples: [0.0] * len(samples)

    def fit(self, samples: Sequence[Sample]) -> None:
        """Train anew."""
        self._scores = self._training.train(samples)

    def scores(self, samples: Sequence[Sample]) -> list[float]:
        """Return the probability of an attack a sample."""
        return self._scores(samples)

    def alarms(self, samples: Sequence[Sample], scores: Sequence[float]) -> list[bool]:  # noqa: ARG002 - as the protocol has it
        """Return what is more likely an attack than not."""
        return [score >= 0.5 for score in scores]
