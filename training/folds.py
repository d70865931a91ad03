"""The learned detector trained anew without some of its sources: what `make bench-quality` measures."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from benchmarks.quality.sources import Sample

from training.light import logits
from training.light import train as train_light
from training.rows import corpus, distinct, of

VERSION = "light 1"


def train(samples: Sequence[Sample]) -> Callable[[Sequence[Sample]], list[float]]:
    """Learn from these samples and the corpus; the function returned gives each sample the probability of an attack."""
    rows = distinct([*corpus(), *(of(sample) for sample in samples if sample.use == "train" and sample.group != "C")])
    model = train_light(rows)

    def score(chosen: Sequence[Sample]) -> list[float]:
        return [1 / (1 + math.exp(-min(max(value, -30.0), 30.0))) for value in logits(model, [of(sample) for sample in chosen])]

    return score
