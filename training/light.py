"""Trains the light classifier: one logistic regression a channel, quantized to a byte a weight, calibrated on what it never saw."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression, SGDClassifier

from rune.scan.channel import Channel
from rune.scan.classifier.light import SHORTEST, score
from rune.scan.classifier.model import ZERO, Model, dump, load
from rune.scan.classifier.tokens import BREAK, tokens
from training.examples import Example, Sentence, examples
from training.rows import Row

BITS = 18
WITHHOLDS = frozenset({Channel.USER})
"""Channels in which the learned detector may be sure enough to withhold a text alone; in the others it only flags."""
MARGIN = 0.7
"""Log-odds that a text must be over the worst honest one to be withheld."""
NEVER = 1.01
"""A threshold that no probability reaches."""
_HOSTILE_SHARE = 0.5
"""Total weight of the hostile windows, as a share of the honest ones'."""
_FADED = 2.0
"""A window of a hostile text this far (log-odds) below the text's worst one, and below 0, hardly counts in the second round."""


def train(rows: Sequence[Row], seed: int = 1) -> Model:
    """Return a model learned from these rows, not calibrated yet: a probability of one half is where honest and hostile weigh the same."""
    found = examples(rows, seed)
    return load(dump(BITS, {channel.value: _fitted([e for e in found if e.channel == channel.value], seed) for channel in Channel}))


def logits(model: Model, rows: Sequence[Row]) -> list[float]:
    """Return the log-odds of each row; -20 where a text has no word."""
    windows = (score(tokens(row.text), model, Channel(row.channel)) for row in rows)
    return [window.logit if window else -20.0 for window in windows]


def _fitted(found: list[Example], seed: int) -> dict[str, Any]:
    features = _matrix([example.sentences for example in found])
    labels = np.array([example.label for example in found])
    weights = np.array([example.weight for example in found])
    weights[labels == 1] *= _HOSTILE_SHARE * weights[labels == 0].sum() / weights[labels == 1].sum()
    first = _regression(features, labels, weights, seed)
    weights *= _faded(first.decision_function(features), labels, [example.row for example in found])
    fitted = _regression(features, labels, weights, seed)
    scale = max(float(np.abs(fitted.coef_).max()) / 127, 1e-9)
    table = (np.clip(np.round(fitted.coef_[0] / scale), -127, 127) + ZERO).astype(np.uint8).tobytes()
    plain = {"slope": 1.0, "intercept": float(fitted.intercept_[0]), "length": 0.0, "medium": 0.5, "high": 1.1}
    return {"table": table, "scale": scale, **plain}


def _regression(features: Any, labels: Any, weights: Any, seed: int) -> Any:
    model = SGDClassifier(loss="log_loss", alpha=1e-5, max_iter=10, tol=None, average=True, random_state=seed)
    return model.fit(features, labels, sample_weight=weights)


def _faded(values: Any, labels: Any, rows: list[int]) -> Any:
    """Return how much each window still counts: long hostile texts hold harmless windows."""
    worst: dict[int, float] = {}
    for value, label, row in zip(values, labels, rows, strict=True):
        if label:
            worst[row] = max(value, worst.get(row, value))
    return np.array(
        [0.1 if label and value < min(worst[row] - _FADED, 0.0) else 1.0 for value, label, row in zip(values, labels, rows, strict=True)]
    )


def _matrix(windows: Sequence[tuple[Sentence, ...]]) -> Any:
    indexes = [_features(window) for window in windows]
    sizes = np.array([len(index) for index in indexes])
    values = np.repeat(1 / np.sqrt(np.maximum(sizes, SHORTEST)), sizes).astype(np.float32)
    edges = np.concatenate([[0], np.cumsum(sizes)])
    flat = np.fromiter(chain.from_iterable(indexes), np.int64, int(edges[-1]))
    return csr_matrix((values, flat, edges), shape=(len(windows), 1 << BITS))


def _features(window: tuple[Sentence, ...]) -> list[int]:
    stream = [BREAK, *chain.from_iterable((*sentence, BREAK) for sentence in window)]
    words = list(map(crc32, stream))
    pairs = map(crc32, stream[1:], words)
    mask = (1 << BITS) - 1
    return [*(word & mask for word in words), *(pair & mask for pair in pairs)]


def calibrated(model: Model, rows: Sequence[Row], *, medium: float = 0.01, high: float = 0.002) -> bytes:
    """Return the model file, its probabilities and thresholds fitted on rows it was not trained on.

    Args:
        model: What `train` returned.
        rows: Held-out rows of every channel, hostile and honest.
        medium: Share of honest rows that may reach medium severity.
        high: Share of honest rows that may reach high severity; none of the honest rows that look like attacks may.
    """
    return dump(BITS, {channel.value: _calibrated(model, channel, rows, medium, high) for channel in Channel})


def _calibrated(model: Model, channel: Channel, rows: Sequence[Row], medium: float, high: float) -> dict[str, Any]:
    weights = model.channels[channel.value]
    chosen = [row for row in rows if row.channel == channel.value]
    windows = [score(tokens(row.text), model, channel) for row in chosen]
    found = [(window.logit, np.log(max(window.sentences, 1)), row) for window, row in zip(windows, chosen, strict=True) if window]
    facts = np.array([[value, length] for value, length, _ in found])
    labels = np.array([row.label for _, _, row in found])
    counts = _by_source([row for _, _, row in found])
    fit = LogisticRegression(C=10.0).fit(facts, labels, sample_weight=counts)
    if fit.coef_[0][1] > 0:  # that a long text is more hostile is a property of these rows, not of attacks
        facts[:, 1] = 0.0
        fit = LogisticRegression(C=10.0).fit(facts, labels, sample_weight=counts)
    slope, length = float(fit.coef_[0][0]), -float(fit.coef_[0][1])
    intercept = slope * weights.intercept + float(fit.intercept_[0])
    chances = 1 / (1 + np.exp(-fit.decision_function(facts)))
    hard = np.array(["hard_negatives" in row.source for _, _, row in found])
    over_hard = float(chances[hard].max(initial=0.0))
    honest = chances[labels == 0]
    limits = {"medium": float(np.quantile(honest, 1 - medium)), "high": NEVER}
    if channel in WITHHOLDS:
        limits["high"] = surely(max(float(np.quantile(honest, 1 - high)), over_hard))
    return {"table": weights.table, "scale": weights.scale, "slope": slope, "intercept": intercept, "length": length, **limits}


def surely(chance: float) -> float:
    """Return a threshold with a margin over `chance`, because few honest texts that look like attacks are there to set it by."""
    return float(1 / (1 + (1 / chance - 1) * np.exp(-MARGIN)))


def _by_source(rows: list[Row]) -> Any:
    """Return weights that let each source of a label count the same."""
    counts: dict[tuple[str, int], int] = {}
    for row in rows:
        counts[row.source, row.label] = counts.get((row.source, row.label), 0) + 1
    return np.array([1000 / counts[row.source, row.label] for row in rows])
