"""Fits how far the encoder and the light classifier are believed together, on rows that neither learned from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from rune.scan.channel import Channel
from rune.scan.classifier.classify import WINDOWS, texts
from rune.scan.classifier.encoder import CALIBRATION, MODEL, VOCABULARY, Encoder
from rune.scan.classifier.light import worst
from rune.scan.classifier.model import Model
from rune.scan.classifier.tokens import tokens
from training.light import NEVER, WITHHOLDS, surely
from training.rows import Row

ASKED = {Channel.USER: 0.12, Channel.DATA: 0.2, Channel.AGENT: 0.12}
"""Share of honest held-out texts that the encoder is asked about; the harder the channel is for the light classifier, the more."""


def write(model: Model, rows: Sequence[Row], folder: Path, *, medium: float = 0.01, high: float = 0.002) -> None:
    """Write `encoder.json`: digests of the encoder's files, and a channel its gate, weights and thresholds."""
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (MODEL, VOCABULARY)}
    encoder = Encoder(dict(digests))
    channels = {channel.value: _channel(model, encoder, channel, rows, (medium, high)) for channel in Channel}
    (folder / CALIBRATION).write_text(json.dumps({**digests, "channels": channels}, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _channel(model: Model, encoder: Encoder, channel: Channel, rows: Sequence[Row], shares: tuple[float, float]) -> dict[str, float]:
    chosen = [(row, found) for row in rows if row.channel == channel.value and (found := worst(tokens(row.text), model, channel, WINDOWS))]
    light = np.array([found[0].logit for _, found in chosen])
    labels = np.array([row.label for row, _ in chosen])
    gate = float(np.quantile(light[labels == 0], 1 - ASKED[channel]))
    asked = light >= gate
    deep = np.array(
        [
            encoder.logit(texts(row.text, tokens(row.text), found), channel) if open_ else 0.0
            for (row, found), open_ in zip(chosen, asked, strict=True)
        ]
    )
    facts = np.stack([light, deep], 1)
    weights = _by_source([row for row, _ in chosen])
    fit = LogisticRegression(C=10.0).fit(facts[asked], labels[asked], sample_weight=weights[asked])
    chances = np.where(asked, 1 / (1 + np.exp(-fit.decision_function(facts))), 0.0)
    hard = np.array(["hard_negatives" in row.source for row, _ in chosen])
    limits = [float(np.quantile(chances[labels == 0], 1 - share)) for share in shares]
    gate_chance = 1 / (1 + float(np.exp(-gate)))
    fitted = {"light": float(fit.coef_[0][0]), "encoder": float(fit.coef_[0][1]), "intercept": float(fit.intercept_[0])}
    sure = surely(max(limits[1], float(chances[hard].max(initial=0.0)))) if channel in WITHHOLDS else NEVER
    return {"gate": gate_chance, **fitted, "medium": limits[0], "high": sure}


def _by_source(rows: Sequence[Row]) -> Any:
    counts: dict[tuple[str, int], int] = {}
    for row in rows:
        counts[row.source, row.label] = counts.get((row.source, row.label), 0) + 1
    return np.array([1000 / counts[row.source, row.label] for row in rows])
